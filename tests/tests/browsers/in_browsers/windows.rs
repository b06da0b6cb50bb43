//! When a link opens: from 30 minutes before its time, and never again once it is dead.

use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{GREETING, PRACTITIONER, World};

/// A link of the right form that nobody made.
const NOBODYS: &str = "00000-00000-00000-00000-000000";

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_early_is_told_when_and_loses_nothing() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let early = desk.plan_at("In an hour", 60).await;
    let early_words = say("say.hello.early").split(". ").next().expect("has words");
    phone.open(&early).await;
    phone.sees(early_words).await;
    assert!(!phone.shows(PRACTITIONER).await && !phone.shows(GREETING).await, "before its time a link names nobody");
    desk.sees(say("desk.state.not_opened")).await;

    // A link for later today opens half an hour before.
    let soon = desk.plan_at("Soon", 29).await;
    phone.open(&soon).await;
    phone.sees(say("join.check.title")).await;
    phone.did_nothing_wrong().await;
}

/// Wrong, revoked, replaced and ended: nobody can tell from the page which it is.
#[tokio::test(flavor = "multi_thread")]
async fn every_dead_link_shows_the_same_page() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let revoked = desk.plan_as("Revoked").await;
    desk.press(say("desk.link.revoke")).await;
    desk.press(say("desk.link.revoke.yes")).await;
    let replaced = desk.plan_as("Replaced").await;
    desk.makes_a_new_link(&replaced).await;
    let ended = desk.plan_as("Ended").await;
    phone.come_to_the_door(&ended, sidelight_e2e::phone::Way::Text).await;
    desk.hears_a_knock_of("Ended").await;
    desk.admits().await;
    desk.knows_them().await;
    desk.ends().await;
    phone.sees_goodbye().await;
    let wrong = format!("{}/#{NOBODYS}", world.service.url());

    let mut pages = Vec::new();
    for link in [&wrong, &revoked, &replaced, &ended] {
        phone.open(link).await;
        phone.sees(say("join.finished.title")).await;
        phone.sees(sidelight_e2e::NUMBER).await;
        assert!(!phone.address().await.contains('#'));
        let page: String = phone.ask("() => document.title + document.body.innerText + document.body.outerHTML").await;
        pages.push(page);
    }
    for (page, what) in pages.iter().zip(["wrong", "revoked", "replaced", "ended"]) {
        assert!(*page == pages[0], "{what} shows another page than a wrong one");
        assert!(!page.contains(PRACTITIONER) && !page.contains(GREETING), "{what}");
    }
}
