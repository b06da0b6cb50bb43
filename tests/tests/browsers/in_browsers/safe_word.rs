//! The agreed word: the desk is told, and nothing whatever changes on the service user's side.

use sidelight_e2e::beside::{Noticed, noticed};
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::Way;
use sidelight_e2e::planted::Planted;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{PHONE, World};

/// Words of the same length; the first stands in the text, the second doesn't.
const WORD: &str = "lantern";
const ANOTHER: &str = "harbour";
const RESPONSE: &str = "Ring 01632 960 002.";
const TEXT: &str = "I left the lantern at home.";
/// How long the other side is watched.
const SECONDS: u32 = 5;
/// Milliseconds from the press of "Send" until the desk shows the alert.
const ALERTED: f64 = 1000.0;

/// A conversation by video in which the word is agreed, and what somebody beside the phone notices when the text is typed.
async fn typed(world: &World, desk: &Desk, kind: Kind, reference: &str, word: &str) -> Noticed {
    let link = desk.plan_with(reference, &[(say("desk.form.word"), word), (say("desk.form.response"), RESPONSE)]).await;
    let phone = world.phone_of(&Setup { still: true, ..Setup::new(kind, PHONE) }).await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.hears_a_knock_of(reference).await;
    desk.admits().await;
    desk.knows_them().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    phone.press(say("join.room.type")).await;
    phone.write(say("join.room.write"), TEXT).await;
    desk.notes_when(say("desk.alarm.head")).await;
    let seen = noticed(&phone, &world.network().web, SECONDS, async || phone.press(say("join.room.send")).await).await;
    desk.sees(TEXT).await;
    if word == WORD {
        let sent = phone.journal().of("press").last().map(|press| press.at).expect("“Send” was pressed");
        let took = desk.noted().await - sent;
        println!("the alert after {took:.0} ms");
        assert!(took <= ALERTED, "{took:.0} ms");
        // What was agreed stands in it, the word itself doesn't.
        desk.sees(RESPONSE).await;
    } else {
        assert!(!desk.shows(say("desk.alarm.head")).await, "another word raises nothing");
    }
    desk.ends().await;
    phone.sees_goodbye().await;
    seen
}

async fn nothing_shows_on_their_side(kind: Kind) {
    let world = World::alone_behind_a_network(|_| {}).await;
    let desk = world.desk(Kind::Chromium).await;
    let without = typed(&world, &desk, kind, "A-1", ANOTHER).await;
    let with = typed(&world, &desk, kind, "A-2", WORD).await;
    assert_eq!(with.differences(&without), [""; 0]);
    // What is equal is something: the text was seen going out and being delivered.
    assert!(with.states.len() >= 2 && with.states.iter().any(|state| state.contains(TEXT)));
    assert!(with.deeds.iter().any(|deed| deed.starts_with("sent") && deed.contains("text")), "{:?}", with.deeds);
    assert!(with.wire.0 > 50 && with.wire.1 > 50, "{:?}", with.wire);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agreed_word_changes_nothing_on_their_side_in_chromium() {
    nothing_shows_on_their_side(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agreed_word_changes_nothing_on_their_side_in_firefox() {
    nothing_shows_on_their_side(Kind::Firefox).await;
}

/// The control: one class more on the page of the second person, and the comparison finds it.
#[tokio::test(flavor = "multi_thread")]
async fn a_single_class_more_is_found() {
    let pages = Planted::pages();
    let world = World::alone_behind_a_network(|settings| {
        settings.set("web.assets", &pages.path().display().to_string());
    })
    .await;
    let desk = world.desk(Kind::Chromium).await;
    let without = typed(&world, &desk, Kind::Chromium, "A-1", ANOTHER).await;
    pages.append(
        "join/main.js",
        "\ndocument.getElementById('write').addEventListener('submit', () => document.body.classList.add('seen'));\n",
    );
    let with = typed(&world, &desk, Kind::Chromium, "A-2", WORD).await;
    let differences = with.differences(&without);
    assert!(differences.iter().any(|one| one.starts_with("state") && one.contains("seen")), "{differences:?}");
}
