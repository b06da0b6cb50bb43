//! Notes beside the conversation, and the record after the goodbye: written up in a minute, and nothing of it on the phone.

use super::screens::Inspection;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{REFERENCE, World};
use std::time::{Duration, Instant};

const NOTE: &str = "The boiler is mended";
const MORE: &str = "The boiler is mended, the window isn't";

/// From the goodbye to a record that is done with.
const FINISHED: Duration = Duration::from_secs(60);

/// Frames that reached the phone, but for those that come by the clock.
fn told(phone: &Phone) -> usize {
    phone.journal().received().iter().filter(|frame| frame["type"] != "beat").count()
}

async fn talking(world: &World, kind: Kind) -> (Desk, Phone) {
    let desk = world.desk(kind).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.lets_in_and_starts().await;
    phone.sees_the_conversation().await;
    (desk, phone)
}

/// What stands in the field of the notes.
async fn notes(desk: &Desk) -> String {
    desk.ask::<String>("() => document.querySelector('[data-record=notes]').value").await
}

async fn notes_survive(kind: Kind) {
    let mut world = World::to_be_started_again().await;
    let (desk, phone) = talking(&world, kind).await;
    desk.says("Hello").await;
    phone.sees("Hello").await;
    desk.sees(say("desk.texts.delivered")).await;
    let before = (told(&phone), phone.text().await);

    desk.until("the notes", "() => { const field = document.querySelector('[data-record=notes]'); return field && !field.disabled; }")
        .await;
    desk.write(say("desk.record.notes"), NOTE).await;
    desk.sees(say("desk.record.state.unsaved")).await;
    desk.sees(say("desk.record.state.saved")).await;
    assert_eq!((told(&phone), phone.text().await), before, "typing notes reaches the phone");

    // The service is killed; what is typed meanwhile isn't said to be saved, and is saved when it is back.
    world.service.kill().await;
    desk.write(say("desk.record.notes"), MORE).await;
    desk.sees(say("desk.record.state.failed")).await;
    world.start_again().await;
    desk.sees(say("desk.record.state.saved")).await;
    assert_eq!(notes(&desk).await, MORE);

    // Killed again right after that, and the page loaded anew.
    world.service.kill().await;
    world.start_again().await;
    desk.reload().await;
    desk.pick(REFERENCE).await;
    desk.until(
        "the notes again",
        &format!("() => {{ const field = document.querySelector('[data-record=notes]'); return field && field.value === \"{MORE}\"; }}"),
    )
    .await;
    // And the last words before a page goes away.
    desk.write(say("desk.record.notes"), NOTE).await;
    desk.reload().await;
    desk.pick(REFERENCE).await;
    desk.until(
        "the last words",
        &format!("() => {{ const field = document.querySelector('[data-record=notes]'); return field && field.value === \"{NOTE}\"; }}"),
    )
    .await;
    let held = phone.ask::<String>("() => document.documentElement.outerHTML").await;
    assert!(!held.contains("boiler") && held.contains("Hello"), "the notes are on the phone, or nothing is looked into");
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_survive_kills_and_reloads_and_reach_no_phone_in_chromium() {
    notes_survive(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_survive_kills_and_reloads_and_reach_no_phone_in_firefox() {
    notes_survive(Kind::Firefox).await;
}

/// What was put on the clipboard last.
async fn copied(desk: &Desk) -> String {
    desk.until("what was copied", "() => window.copied").await.as_str().unwrap_or_default().to_owned()
}

fn presses(desk: &Desk) -> usize {
    desk.journal().of("press").len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_finished_within_a_minute_of_the_goodbye_and_copied_with_three_presses_at_most() {
    let world = World::new().await;
    let (desk, phone) = talking(&world, Kind::Chromium).await;
    let mut look = Inspection::new();
    desk.ask::<()>(
        "() => { Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } }); }",
    )
    .await;
    desk.says("Hello").await;
    phone.sees("Hello").await;
    phone.says("Hello you").await;
    desk.sees("Hello you").await;
    desk.until("the notes", "() => { const field = document.querySelector('[data-record=notes]'); return field && !field.disabled; }")
        .await;
    desk.write(say("desk.record.notes"), NOTE).await;
    desk.sees(say("desk.record.state.saved")).await;
    look.look(&desk, "notes").await;

    desk.ends().await;
    let (goodbye, before) = (Instant::now(), presses(&desk));
    desk.press(say("desk.record.write_up")).await;
    desk.until_offered(say("desk.record.copy")).await;
    desk.until("the words of an ended contact", "() => document.querySelector('#record-text').value.includes('Ended at')").await;
    desk.press(say("desk.record.copy")).await;
    let text = copied(&desk).await;
    let pressed = presses(&desk) - before;
    desk.press(say("desk.record.copied")).await;
    desk.until_offered(say("desk.record.undo")).await;
    let took = goodbye.elapsed();
    println!("finished {:.1} s after the goodbye, copied with {pressed} presses", took.as_secs_f32());
    assert!(pressed <= 3 && took < FINISHED, "{pressed} presses, {took:?}");

    let messages = say_with("desk.record.messages", &[("ours", "1"), ("theirs", "1")]);
    for words in [REFERENCE, say("desk.record.outcome.talked"), &messages, NOTE] {
        assert!(text.contains(words), "{words} isn't in {text}");
    }
    // The private answer is known, and stays here unless it is ticked, each time.
    let answered = say("desk.what.answered.type");
    assert!(!text.contains(answered) && !text.contains(say("desk.record.safety")), "{text}");
    let ticked = "() => document.getElementById('record-with-safety').checked";
    desk.press(say("desk.record.with_safety")).await;
    desk.press(say("desk.record.copy")).await;
    desk.sees(say("desk.record.copied_out.safety")).await;
    assert!(copied(&desk).await.contains(answered), "the control: it goes along where it is ticked");
    assert!(!desk.ask::<bool>(ticked).await, "ticked for once");
    desk.press(say("desk.record.copy")).await;
    desk.sees(say("desk.record.copied_out")).await;
    assert!(!copied(&desk).await.contains(answered));

    // It says when it is gone, and that can be undone.
    assert!(desk.text().await.contains("This record is deleted on"));
    desk.press(say("desk.record.undo")).await;
    desk.until_offered(say("desk.record.copied")).await;
    desk.sees(&say_with("desk.record.unfinished.one", &[])).await;
    look.look(&desk, "record").await;
    look.nothing_found(2);

    // What is changed is what is copied, also by another page later.
    desk.write(say("desk.record.text"), "We spoke about the boiler.").await;
    desk.sees(say("desk.record.state.saved")).await;
    desk.reload().await;
    desk.press(&say_with("desk.record.write_up_of", &[("reference", REFERENCE)])).await;
    desk.until(
        "the changed words",
        "() => { const field = document.querySelector('#record-text'); return field && field.value.startsWith('We spoke'); }",
    )
    .await;
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;
}

/// Everything by the keyboard alone, from the list to the record that is done with.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_finished_by_the_keyboard_and_one_of_nobody_says_that_they_did_not_attend() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    desk.plan_at(REFERENCE, -5).await;
    // Over without anybody having come.
    desk.ask::<()>(
        "() => new Promise((done) => { const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws/desk');
            socket.onmessage = ({ data }) => { const message = JSON.parse(data);
              if (message.type === 'contact' && !socket.ending) { socket.ending = true;
                const act = (act) => socket.send(JSON.stringify({ type: 'in', contact: message.view.id, act }));
                act({ do: 'take' }); act({ do: 'end' }); }
              if (message.type === 'contact' && message.view.ended) { socket.close(); done(); } };
            socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', protocol: 3, tab: 'other' })); })",
    )
    .await;
    desk.sees(say("desk.record.outcome.did_not_attend")).await;
    desk.until_offered(say("desk.record.write_up")).await;
    let tabs = async |name: &str| {
        for _ in 0..60 {
            if desk.focused().await.starts_with(name) {
                return;
            }
            desk.key("\u{e004}").await;
        }
        panic!("{name} isn't reached by Tab");
    };
    tabs(say("desk.record.write_up")).await;
    desk.key("\u{e007}").await;
    desk.until_offered(say("desk.record.copy")).await;
    tabs(say("desk.record.text")).await;
    tabs(say("desk.record.copied")).await;
    desk.key("\u{e007}").await;
    desk.until_offered(say("desk.record.undo")).await;
    desk.did_nothing_wrong().await;
}
