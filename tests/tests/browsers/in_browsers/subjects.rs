//! A person's own rights: a copy of all that is kept of them, and erasing it, from the desk.

use super::screens::Inspection;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{REFERENCE, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_given_and_everything_is_erased_after_a_second_press_with_receipts() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let desk = world.desk(Kind::Chromium).await;
    desk.press(say("desk.safety.people")).await;
    desk.press(say("desk.safety.new")).await;
    desk.write(say("desk.form.reference"), REFERENCE).await;
    desk.press(say("desk.form.save")).await;
    desk.press(REFERENCE).await;
    // What the page hands to the browser, as it does.
    desk.ask::<()>(
        "() => { const make = URL.createObjectURL; window.__given = [];
          URL.createObjectURL = (file) => { window.__given.push(file); return make(file); }; }",
    )
    .await;
    desk.press(say("desk.subject.copy")).await;
    desk.sees(say("desk.subject.copied.review")).await;
    let zip: String = desk
        .ask("async () => { const bytes = new Uint8Array(await window.__given[0].arrayBuffer()); return String.fromCharCode(...bytes.slice(0, 2)); }")
        .await;
    assert_eq!(zip, "PK", "a ZIP");
    look.look(&desk, "subject-copy").await;
    desk.press(say("desk.subject.erase")).await;
    desk.sees(say("desk.subject.sure")).await;
    look.look(&desk, "subject-erase").await;
    desk.press(say("desk.subject.keep")).await;
    desk.sees_no_more(say("desk.subject.sure")).await;
    desk.press(say("desk.subject.erase")).await;
    desk.sees(say("desk.subject.sure")).await;
    desk.press(say("desk.subject.erase.yes")).await;
    desk.sees(say("desk.subject.erased.hint")).await;
    assert!(!desk.shows(REFERENCE).await, "they are gone");
    look.look(&desk, "subject-erased").await;
    desk.press(say("desk.subject.erased.close")).await;
    desk.sees(say("desk.safety.people.none")).await;
    look.nothing_found(3);
    desk.did_nothing_wrong().await;
}
