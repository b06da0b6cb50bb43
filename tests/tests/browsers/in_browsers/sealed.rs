//! Somebody stands between two pages: a service that isn't honest. Whatever it swaps, no media are shown and nothing is read, or the
//! two words differ.

use super::codes::a_code;
use sidelight_e2e::driver::{Kind, Route, Setup};
use sidelight_e2e::in_between::{Honest, SwapsFingerprints, SwapsKeys, Tampers, in_between};
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::sealing::link_secret;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{PHONE, World};
use std::time::Duration;

/// A phone whose way to the service leads through somebody.
async fn phone_behind(world: &World, kind: Kind, tampers: impl Tampers) -> Phone {
    let through = in_between(world.service.url(), tampers).await;
    world.phone_of(&Setup { routes: vec![Route { port: world.web_port(), through }], ..Setup::new(kind, PHONE) }).await
}

/// The secret of the link, as only whoever has the link can have it.
fn secret_of(link: &str) -> String {
    let token = link.rsplit('#').next().expect("a link has a token").replace('-', "").to_uppercase();
    link_secret(&token)
}

async fn swapped_fingerprints_are_refused(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = phone_behind(&world, kind, SwapsFingerprints).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.hears_a_knock().await;
    desk.sees(say("desk.sealed.link")).await;
    desk.admits().await;
    phone.sees(say("say.call.refused")).await;
    desk.sees(say("desk.sealed.refused")).await;
    for browser in [&*desk, &*phone] {
        assert_eq!(browser.arrives_in(Duration::from_secs(2)).await, (0, 0), "{}", browser.name);
    }
    // Nor is anything typed taken any more.
    phone.says("Can you read this?").await;
    phone.sees(say("say.text.waiting")).await;
    assert!(!desk.shows("Can you read this?").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_fingerprints_are_refused_in_chromium() {
    swapped_fingerprints_are_refused(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_fingerprints_are_refused_in_firefox() {
    swapped_fingerprints_are_refused(Kind::Firefox).await;
}

/// The control: by the same way, with nothing swapped.
#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_swapped_on_the_way_they_see_and_read_each_other() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = phone_behind(&world, Kind::Chromium, Honest).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    desk.sees(say("desk.sealed.link")).await;
    phone.says("I can read this.").await;
    desk.sees("I can read this.").await;
    phone.sees(say("say.sealed.checked")).await;
    // A page that is loaded anew says that what was typed is gone, and what follows is read.
    phone.reload().await;
    phone.sees_the_conversation().await;
    phone.says("And this.").await;
    desk.sees("And this.").await;
    phone.sees(say("join.room.gone")).await;
    assert!(!phone.shows("I can read this.").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_keys_are_refused_where_the_desk_made_the_link() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let swaps = SwapsKeys::new(None);
    let read = swaps.read.clone();
    let phone = phone_behind(&world, Kind::Chromium, swaps).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.hears_a_knock().await;
    desk.sees(say("desk.sealed.refused")).await;
    desk.admits().await;
    phone.sees_the_conversation().await;
    for browser in [&*desk, &*phone] {
        assert_eq!(browser.arrives_in(Duration::from_secs(2)).await, (0, 0), "{}", browser.name);
    }
    assert!(!phone.shows(say("say.sealed.checked")).await, "the phone takes nobody for checked");
    assert_eq!(*read.lock().unwrap(), [""; 0], "nothing was typed to be read");
}

/// The control: who has the link itself can read along, so that what the test above looks at can come out otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn who_swaps_keys_and_has_the_link_is_not_found_out() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let link = desk.plan().await;
    let swaps = SwapsKeys::new(Some(&secret_of(&link)));
    let read = swaps.read.clone();
    let phone = phone_behind(&world, Kind::Chromium, swaps).await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock().await;
    desk.sees(say("desk.sealed.link")).await;
    phone.says("Hello there").await;
    phone.until("the text is sent", &format!("() => document.body.innerText.includes('{}')", say("say.text.sent"))).await;
    assert_eq!(*read.lock().unwrap(), ["Hello there"]);
}

/// The two words on the desk and on the phone, where no link was shared.
async fn words_of(kind: Kind, tampers: impl Tampers) -> (String, String, World, sidelight_e2e::desk::Desk, Phone) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = phone_behind(&world, kind, tampers).await;
    let code = a_code(&desk).await;
    phone.go(world.service.url()).await;
    phone.write(say("join.bare.code"), &code).await;
    phone.press(say("join.hello.go")).await;
    phone.sees(say("join.check.title")).await;
    phone.press(say("join.check.type")).await;
    phone.sees_the_waiting_room().await;
    desk.hears_a_knock().await;
    desk.sees(say("desk.sealed.unchecked")).await;
    desk.press(say("desk.sealed.compare")).await;
    phone.press(say("say.bar.more")).await;
    let pair = "() => { const found = /[a-z]+-[a-z]+, [a-z]+-[a-z]+/.exec(document.body.innerText); return found && found[0]; }";
    let (at_desk, at_phone) = (desk.until("two words", pair).await, phone.until("two words", pair).await);
    (at_desk.as_str().unwrap().to_owned(), at_phone.as_str().unwrap().to_owned(), world, desk, phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_link_was_shared_the_words_tell_of_swapped_keys_in_chromium() {
    let (desk, phone, ..) = words_of(Kind::Chromium, SwapsKeys::new(None)).await;
    assert_ne!(desk, phone);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_link_was_shared_and_nothing_is_swapped_the_words_are_the_same_in_firefox() {
    let (at_desk, at_phone, _world, desk, phone) = words_of(Kind::Firefox, Honest).await;
    assert_eq!(at_desk, at_phone);
    desk.press(say("desk.sealed.same")).await;
    desk.sees(say("desk.sealed.words")).await;
    phone.says("Hello there").await;
    desk.sees("Hello there").await;
}
