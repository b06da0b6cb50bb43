//! Keeping what was typed: said before, asked at the end, the same on the phone whatever is pressed; kept, read and deleted at the desk.

use super::screens::Inspection;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::say;
use sidelight_e2e::world::{LAPTOP, PHONE, World};

/// By the administrator that the first member of staff is, too.
const ALLOWED: &str = "async () => (await fetch('/api/retention', { method: 'PUT', headers: { 'content-type': 'application/json' }, \
    body: JSON.stringify({ periods: { transcript: 7 }, reason: 'The council decided so' }) })).status";

const STORED: &str = "() => JSON.stringify([document.cookie, history.state, Object.entries(localStorage), Object.entries(sessionStorage)])";

const SMALL: &str = "() => [...document.querySelectorAll('#keep button')].map((one) => one.getBoundingClientRect())\
    .filter((at) => at.height < 44 || at.width < 44).length";

/// How long each message of the phone was, from an event of the journal on; beats come by the clock.
fn lengths(phone: &Phone, from: usize) -> Vec<(String, usize)> {
    let events = phone.journal().events();
    let messages = events.iter().skip(from).filter(|event| event.kind == "sent" || event.kind == "received");
    messages.filter(|event| event.message()["type"] != "beat").map(|event| (event.kind.clone(), event.text("text").len())).collect()
}

async fn talking(desk: &Desk, phone: &Phone, reference: &str) {
    let link = desk.plan_as(reference).await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock_of(reference).await;
    desk.admits().await;
    desk.knows_them().await;
    phone.sees_the_conversation().await;
}

/// From what is said beforehand to the question before them.
async fn asked(desk: &Desk, phone: &Phone) {
    assert!(!phone.shows(say("join.keep.may")).await);
    desk.press(say("desk.typed.on")).await;
    phone.sees(say("join.keep.may")).await;
    desk.says("The kettle is humming").await;
    phone.sees("The kettle is humming").await;
    phone.says("And the window is open").await;
    desk.sees("And the window is open").await;
    desk.sees(say("desk.texts.delivered")).await;
    desk.press(say("desk.typed.ask")).await;
    phone.until_offered(say("join.keep.yes")).await;
    phone.until_offered(say("join.keep.no")).await;
}

/// What went over the line for an answer, and what the page keeps when "Thank you." has gone.
async fn answers(phone: &Phone, answer: &str) -> (Vec<(String, usize)>, String) {
    let from = phone.journal().events().len();
    phone.press(say(answer)).await;
    phone.sees(say("join.later.title")).await;
    assert!(!phone.shows(say("join.keep")).await, "the question goes with the press");
    phone.sees_no_more(say("join.later.title")).await;
    assert!(!phone.shows(say("join.keep.may")).await, "what is typed now isn't kept");
    (lengths(phone, from), phone.ask::<String>(STORED).await)
}

async fn kept(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let mut look = Inspection::new();
    assert_eq!(desk.ask::<u32>(ALLOWED).await, 200);

    let phone = world.phone(kind).await;
    talking(&desk, &phone, "JT-4471").await;
    asked(&desk, &phone).await;
    phone.resize(PHONE).await;
    desk.resize(LAPTOP).await;
    assert_eq!(phone.ask::<u32>(SMALL).await, 0, "answers that a finger finds");
    assert!(phone.offers(say("join.leave")).await, "the way out is where it was");
    // Firefox's driver doesn't show a page as a dark screen would.
    let shown = matches!(kind, Kind::Chromium);
    if shown {
        look.look(&phone, "asked whether it may be kept").await;
    }
    look.look(&desk, "asked whether it may be kept, at the desk").await;
    // A question about their safety comes first, and this one after it.
    desk.press(say("desk.ask")).await;
    phone.until_offered(say("join.check.later")).await;
    assert!(!phone.shows(say("join.keep")).await, "two questions at once");
    phone.press(say("join.check.type")).await;
    phone.until_offered(say("join.keep.yes")).await;
    let yes = answers(&phone, "join.keep.yes").await;
    desk.sees(say("desk.typed.kept")).await;
    desk.says("This comes later").await;
    phone.sees("This comes later").await;
    desk.ends().await;
    desk.press(say("desk.record.write_up")).await;
    desk.until_offered(say("desk.typed.delete")).await;
    let text = desk.text().await;
    assert!(text.contains("The kettle is humming") && text.contains("And the window is open"), "{text}");
    assert!(!text.contains("This comes later"), "kept though it was typed after they had agreed");
    look.look(&desk, "record with what was typed").await;
    look.nothing_found(2 + u32::from(shown));
    let record = desk.ask::<String>("() => document.getElementById('record-text').value").await;
    assert!(!record.contains("kettle"), "it is in the record itself");
    desk.press(say("desk.typed.delete")).await;
    desk.press(say("desk.typed.delete.yes")).await;
    desk.sees_no_more("The kettle is humming").await;
    phone.did_nothing_wrong().await;

    // And a no: on the line and in the browser it is like a yes, and the desk hears nothing of it.
    let other = world.phone(kind).await;
    talking(&desk, &other, "JT-4472").await;
    asked(&desk, &other).await;
    desk.press(say("desk.ask")).await;
    other.press(say("join.check.type")).await;
    other.until_offered(say("join.keep.no")).await;
    let no = answers(&other, "join.keep.no").await;
    assert_eq!(yes.0, no.0, "as many messages, each as long");
    assert!(yes.0.iter().any(|(kind, _)| kind == "sent"), "the control: something was sent");
    assert!(desk.shows(say("desk.typed.asked")).await && !desk.shows(say("desk.typed.refused")).await, "the desk learns of a no at once");
    other.leaves().await;
    desk.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_kept_by_everybodys_yes_and_a_no_looks_like_a_yes_in_chromium() {
    kept(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_kept_by_everybodys_yes_and_a_no_looks_like_a_yes_in_firefox() {
    kept(Kind::Firefox).await;
}
