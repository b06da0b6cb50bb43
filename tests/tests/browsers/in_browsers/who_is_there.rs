//! "Who is with you?": the desk asks by a press, the phone answers by one, and nothing of the answer stays there or travels visibly.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::say;
use sidelight_e2e::world::World;

const ANSWERS: [&str; 5] = ["join.who.me", "join.who.u2", "join.who.ch", "join.who.ad", "join.who.no"];

/// All that the page is and keeps.
const KEPT: &str = "() => JSON.stringify([document.documentElement.outerHTML, document.title, document.cookie, history.state, \
    Object.entries(localStorage), Object.entries(sessionStorage)])";

const STORED: &str = "() => JSON.stringify([document.cookie, history.state, Object.entries(localStorage), Object.entries(sessionStorage)])";

/// How long each message was, from an event of the journal on; beats come by the clock.
fn lengths(phone: &Phone, from: usize) -> Vec<(String, usize)> {
    let events = phone.journal().events();
    let messages = events.iter().skip(from).filter(|event| event.kind == "sent" || event.kind == "received");
    messages.filter(|event| event.message()["type"] != "beat").map(|event| (event.kind.clone(), event.text("text").len())).collect()
}

/// The desk asks, the phone answers: what went over the line for it, and what the phone's page is when "Thank you." has gone.
async fn answers(desk: &Desk, phone: &Phone, answer: &str, shown: &str) -> (Vec<(String, usize)>, String) {
    let from = phone.journal().events().len();
    desk.press(say("desk.ask_who")).await;
    phone.sees(say("join.who")).await;
    for one in ANSWERS {
        phone.until_offered(say(one)).await;
    }
    phone.press(say(answer)).await;
    phone.sees(say("join.later.title")).await;
    assert!(!phone.shows(say("join.who")).await, "the question goes with the press");
    desk.sees(say(shown)).await;
    phone.sees_no_more(say("join.later.title")).await;
    (lengths(phone, from), phone.ask::<String>(KEPT).await)
}

async fn asked_and_answered(kind: Kind, other: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock().await;
    answers(&desk, &phone, "join.who.no", "desk.who.no").await;
    desk.admits().await;
    desk.knows_them().await;
    phone.sees_the_conversation().await;
    let before = phone.ask::<String>(STORED).await;
    let alone = answers(&desk, &phone, "join.who.me", "desk.who.me").await;
    let adult = answers(&desk, &phone, "join.who.ad", "desk.who.ad").await;
    assert_eq!(alone.0, adult.0, "as many messages, each as long");
    assert!(alone.0.iter().any(|(kind, _)| kind == "sent"), "{:?}", alone.0);
    assert!(alone.1 == adult.1, "nothing in the page or kept by it tells one answer from the other");
    // The control: the answers to the private question do differ in length.
    let mut control = Vec::new();
    for answer in ["join.check.yes", "join.check.type"] {
        let from = phone.journal().events().len();
        desk.press(say("desk.ask")).await;
        phone.press(say(answer)).await;
        phone.sees_no_more(say("join.check.title")).await;
        control.push(lengths(&phone, from).into_iter().filter(|(kind, _)| kind == "sent").collect::<Vec<_>>());
    }
    assert_ne!(control[0], control[1], "the comparison finds a difference where there is one");

    phone.reload().await;
    phone.sees_the_conversation().await;
    let text = phone.text().await;
    for one in ANSWERS.into_iter().chain(["join.who", "join.later.title"]) {
        assert!(!text.contains(say(one)), "{text}");
    }
    assert_eq!(phone.ask::<String>(STORED).await, before, "nothing of it is stored");
    assert!(phone.journal().of("sound").is_empty(), "it makes no sound");
    desk.sees(say("desk.what.said_who.ad")).await;

    // Asked, and taken back.
    desk.press(say("desk.ask_who")).await;
    phone.until_offered(say("join.who.me")).await;
    let small = "() => [...document.querySelectorAll('[data-who]')].map((one) => one.getBoundingClientRect())\
        .filter((at) => at.height < 44 || at.width < 44).length";
    assert_eq!(phone.ask::<u32>(small).await, 0, "answers that a finger finds");
    assert!(phone.offers(say("join.leave")).await, "the way out is where it was");
    desk.press(say("desk.who.take_back")).await;
    phone.sees_no_more(say("join.who")).await;
    assert!(!phone.shows(say("join.later.title")).await, "nobody is thanked for what they didn't say");

    // The desk can't talk now, and then another kind of browser has the place.
    desk.puts_back().await;
    desk.declines().await;
    phone.sees(say("join.declined.title")).await;
    let stranger = world.phone(other).await;
    stranger.open(&link).await;
    stranger.sees(say("join.check.title")).await;
    desk.sees(say("desk.another.words")).await;
    phone.did_nothing_wrong().await;
    desk.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_is_asked_by_a_press_and_nothing_of_the_answer_stays_on_the_phone() {
    asked_and_answered(Kind::Chromium, Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_leaves_nothing_in_firefox_either() {
    asked_and_answered(Kind::Firefox, Kind::Chromium).await;
}
