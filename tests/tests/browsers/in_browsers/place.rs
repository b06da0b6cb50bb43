//! One place for each link: another tab takes it over, another browser waits until the practitioner moves it.

use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{GREETING, PRACTITIONER, World};

/// Milliseconds from "Continue" in the other browser until the desk shows it.
const SHOWN: f64 = 1000.0;

async fn another_tab_takes_over(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Voice).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 0).await;
    let presses = phone.journal().of("press").len();

    phone.open_tab(&link).await;
    phone.sees_the_conversation().await;
    phone.receives(20, 0).await;
    assert_eq!(phone.journal().of("press").len(), presses, "without a press");
    phone.says("From the other tab.").await;
    desk.sees("From the other tab.").await;
    assert!(!desk.shows(say("desk.other")).await, "it is the same browser");
    // What the old tab shows is read last: looking at a tab brings it to the front.
    phone.first_tab().await;
    phone.sees(say("join.elsewhere.title")).await;
    assert_eq!(phone.live_tracks().await, [""; 0]);

    // And back, by a press.
    phone.press(say("join.elsewhere.here")).await;
    phone.sees_the_conversation().await;
    phone.receives(20, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tab_takes_over_and_the_old_one_says_so_in_chromium() {
    another_tab_takes_over(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tab_takes_over_and_the_old_one_says_so_in_firefox() {
    another_tab_takes_over(Kind::Firefox).await;
}

/// The other browser is told nothing, the desk is told within a second, and one press moves the place.
async fn another_browser_waits_until_the_place_is_moved(other: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Voice).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 0).await;

    let another = world.phone(other).await;
    desk.notes_when(say("desk.other")).await;
    another.open(&link).await;
    another.sees(say("join.told.title")).await;
    let press = another.journal().of("press").last().map(|press| press.at).expect("“Continue” was pressed");
    let took = desk.noted().await - press;
    println!("{other:?}: on the desk after {took:.0} ms");
    assert!(took <= SHOWN, "{took:.0} ms");
    let words = if other == Kind::Chromium { "desk.other.same" } else { "desk.other.different" };
    desk.sees(say(words).rsplit("}. ").next().expect("has words")).await;
    for telling in [PRACTITIONER, GREETING] {
        assert!(!another.shows(telling).await, "{telling}");
    }
    assert!(another.journal().received().iter().all(|message| message["type"] != "relay" && message["type"] != "signal"));
    // Meanwhile the conversation goes on, and its page knows nothing of it.
    phone.receives(20, 0).await;
    desk.says("Between us.").await;
    phone.sees("Between us.").await;
    assert!(!another.shows("Between us.").await);

    desk.press(say("desk.other.move")).await;
    phone.sees(say("join.moved.title")).await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    assert!(!phone.shows("Between us.").await);
    // It begins at the private question, as everybody does.
    another.sees(say("join.check.title")).await;
    another.press(say("join.check.type")).await;
    another.sees_the_waiting_room().await;
    assert!(!another.shows("Between us.").await);
    desk.lets_in_and_starts().await;
    another.sees_the_conversation().await;
    another.says("It is me.").await;
    desk.sees("It is me.").await;
    phone.reload().await;
    phone
        .until("a page that gives nothing back", "() => document.readyState === 'complete' && document.body.innerText.trim() !== ''")
        .await;
    assert!(!phone.shows(PRACTITIONER).await && !phone.shows("It is me.").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_browser_of_the_same_kind_waits_until_the_place_is_moved() {
    another_browser_waits_until_the_place_is_moved(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_browser_of_a_different_kind_waits_until_the_place_is_moved() {
    another_browser_waits_until_the_place_is_moved(Kind::Firefox).await;
}
