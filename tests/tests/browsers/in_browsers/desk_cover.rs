//! The desk under its cover: nobody's name stands on the screen, and the other side notices nothing.

use sidelight_e2e::beside::{Noticed, noticed};
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::planted::Planted;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{GREETING, PHONE, World};

const WORD: &str = "lantern";
const TEXT: &str = "I left the lantern at home.";
/// How long the other side is watched.
const SECONDS: u32 = 5;
/// The key above Tab.
const KEY: &str = "`";

/// A conversation by video, and what somebody beside the phone notices while the desk is covered, or while nothing is done.
async fn watched(world: &World, desk: &Desk, reference: &str, cover: bool) -> (Noticed, Phone) {
    let link = desk.plan_with(reference, &[(say("desk.form.word"), WORD), (say("desk.form.response"), "Ring 01632 960 002.")]).await;
    let phone = world.phone_of(&Setup { still: true, ..Setup::new(Kind::Chromium, PHONE) }).await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.hears_a_knock_of(reference).await;
    desk.admits().await;
    desk.sees(say("desk.look.first_words")).await;
    desk.knows_them().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    let seen = noticed(&phone, &world.network().web, SECONDS, async || {
        if cover {
            desk.key(KEY).await;
        }
    })
    .await;
    (seen, phone)
}

/// What whoever comes in reads: a word and two buttons.
async fn stays_told(desk: &Desk, reference: &str) {
    desk.sees(say("desk.cover.title")).await;
    assert_eq!(desk.title().await, say("desk.cover.title"));
    let shown = desk.text().await;
    assert!(!shown.contains(reference) && !shown.contains(GREETING) && !shown.contains("Sidelight"), "{shown}");
    assert!(shown.len() < 60, "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_covered_desk_shows_nobody_and_changes_nothing_on_the_other_side() {
    let world = World::alone_behind_a_network(|_| {}).await;
    let desk = world.desk(Kind::Chromium).await;
    let (without, phone) = watched(&world, &desk, "A-1", false).await;
    desk.ends().await;
    phone.sees_goodbye().await;
    let (with, phone) = watched(&world, &desk, "A-2", true).await;
    assert_eq!(with.differences(&without), [""; 0]);

    stays_told(&desk, "A-2").await;
    phone.press(say("join.room.type")).await;
    phone.says(TEXT).await;
    desk.sees(say("desk.cover.someone")).await;
    for telling in [TEXT, say("desk.alarm.head"), "A-2", GREETING, WORD] {
        assert!(!desk.shows(telling).await, "{telling}");
    }
    assert_eq!(desk.ask::<String>("() => document.getElementById('say').textContent").await, "", "nor is it read out");
    // Typing on, as somebody does who hasn't looked up: only the same key shows the desk again.
    desk.key("m e ").await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    assert_eq!(desk.live_tracks().await, ["audio", "video"]);
    desk.key(KEY).await;
    desk.sees(say("desk.alarm.head")).await;
    desk.sees(TEXT).await;
    assert!(!desk.offers(say("desk.cover.back")).await);
}

/// The control: a cover that turned the microphone off would be noticed.
#[tokio::test(flavor = "multi_thread")]
async fn a_cover_that_turned_the_microphone_off_would_be_noticed() {
    let pages = Planted::pages();
    pages.replace(
        "desk/desk.js",
        "    keepCovered(covered);\n",
        "    keepCovered(covered);\n    this.conversation.devices.setMicrophone(!covered);\n",
    );
    let world = World::alone_behind_a_network(|settings| {
        settings.set("web.assets", &pages.path().display().to_string());
    })
    .await;
    let desk = world.desk(Kind::Chromium).await;
    let (without, phone) = watched(&world, &desk, "A-1", false).await;
    desk.ends().await;
    phone.sees_goodbye().await;
    let (with, _phone) = watched(&world, &desk, "A-2", true).await;
    let differences = with.differences(&without);
    assert!(!differences.is_empty());
    println!("{differences:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_loaded_again_is_as_covered_as_it_was() {
    let world = World::new().await;
    let desk = world.desk(Kind::Firefox).await;
    desk.plan_as("A-1").await;
    desk.key(KEY).await;
    stays_told(&desk, "A-1").await;
    desk.ask::<()>("() => { setTimeout(() => location.reload(), 50); }").await;
    desk.until("the desk, loaded again", "() => performance.getEntriesByType('navigation')[0].type === 'reload' && document.getElementById('cover') && !document.getElementById('cover').hidden").await;
    stays_told(&desk, "A-1").await;
    desk.press(say("desk.cover.back")).await;
    desk.sees("A-1").await;
}
