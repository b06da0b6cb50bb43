//! A person's safety plan: agreed on the desk, held to when a link is given.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{LAPTOP, PHONE, World};

/// Every hour of every day, so that the test holds at whatever hour it runs.
const ALWAYS: &str = "() => { for (const one of document.querySelectorAll('[name=days-0]')) one.click(); }";

async fn a_plan_is_held_to(kind: Kind) {
    let world = World::alone().await;
    let desk = world.desk(kind).await;
    desk.press(say("desk.safety.people")).await;
    desk.sees(say("desk.safety.people.none")).await;
    desk.press(say("desk.safety.new")).await;
    desk.write(say("desk.form.reference"), "JT-4471").await;
    desk.write(say("desk.form.word"), "tamarind").await;
    // A word without what to do is told where it is, and nothing typed is lost.
    desk.press(say("desk.form.save")).await;
    desk.sees(say("desk.form.wrong.response")).await;
    desk.write(say("desk.form.response"), "Write at six.").await;
    desk.write(say("desk.safety.if_other"), "Say that it was a wrong number.").await;
    desk.press(say("desk.channel.text")).await;
    for size in [PHONE, LAPTOP] {
        desk.resize(size).await;
        assert_eq!(desk.axe().await, [""; 0]);
        assert!(!desk.ask::<bool>("() => document.documentElement.scrollWidth > innerWidth").await, "wider than the window");
        keep_picture(&desk, "desk-plan", size).await;
    }
    desk.press(say("desk.form.save")).await;
    desk.until_offered("JT-4471").await;

    // No hours are agreed yet: a contact can be planned, and its link isn't given.
    desk.press(say("desk.new")).await;
    desk.write(say("desk.form.reference"), "A-1").await;
    desk.ask::<()>(
        "() => { const about = document.querySelector('#field-about'); about.selectedIndex = 1;
          about.dispatchEvent(new Event('change', { bubbles: true })); }",
    )
    .await;
    desk.until("the word as agreed with them", "() => document.querySelector('#field-word').closest('.field').hidden").await;
    desk.press(say("desk.form.save_new")).await;
    desk.sees(say("desk.unsafe.no_hours")).await;
    desk.sees("tamarind").await;
    desk.sees("Say that it was a wrong number.").await;
    desk.sees(say("desk.safety.now.none")).await;
    passes_over_a_refusal(&desk).await;

    desk.press(say("desk.safety.people")).await;
    desk.press("JT-4471").await;
    desk.until("the form of the plan", "() => document.querySelector('[name=days-0]')").await;
    desk.ask::<()>(ALWAYS).await;
    desk.ask::<()>(
        "() => { document.querySelector('#field-from-0').value = '00:00'; document.querySelector('#field-until-0').value = '00:00'; }",
    )
    .await;
    desk.press(say("desk.form.save")).await;
    desk.until_offered("JT-4471").await;
    desk.press("A-1").await;
    desk.press(say("desk.link.copy")).await;
    desk.sees_no_more(say("desk.unsafe.no_hours")).await;
    desk.did_nothing_wrong().await;
}

/// As an administrator, for the contact that is open: allowed with a reason, seen beside it, given, and taken back.
async fn passes_over_a_refusal(desk: &Desk) {
    let label = say("desk.override.number");
    let number: String = desk
        .ask(&format!(
            "() => [...document.querySelectorAll('dt')].find((one) => one.textContent === {label:?}).nextElementSibling.textContent"
        ))
        .await;
    desk.press(say("desk.safety.people")).await;
    desk.ask::<()>("() => { document.querySelector('details.override').open = true; }").await;
    desk.write(label, "4711").await;
    desk.press(say("desk.override.do")).await;
    desk.sees(say("desk.override.wrong.number")).await;
    desk.write(label, &number).await;
    desk.press(say("desk.override.do")).await;
    desk.sees(say("desk.override.wrong.why")).await;
    desk.write(say("desk.override.why"), "They asked for it by phone").await;
    for size in [PHONE, LAPTOP] {
        desk.resize(size).await;
        assert_eq!(desk.axe().await, [""; 0]);
        keep_picture(desk, "desk-override", size).await;
    }
    desk.press(say("desk.override.do")).await;
    desk.sees(say("desk.override.done")).await;
    desk.press("A-1").await;
    desk.sees("They asked for it by phone").await;
    desk.press(say("desk.link.copy")).await;
    desk.sees_no_more(say("desk.unsafe.no_hours")).await;
    desk.press(say("desk.safety.people")).await;
    desk.ask::<()>("() => { document.querySelector('details.override').open = true; }").await;
    desk.write(label, &number).await;
    desk.press(say("desk.override.withdraw")).await;
    desk.sees(say("desk.override.withdrawn")).await;
    desk.press("A-1").await;
    desk.press(say("desk.link.copy")).await;
    desk.sees(say("desk.unsafe.no_hours")).await;
    desk.sees_no_more("They asked for it by phone").await;
}

async fn keep_picture(desk: &Desk, name: &str, size: (u32, u32)) {
    let Some(folder) = std::env::var_os("SIDELIGHT_PICTURES") else { return };
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(folder);
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    std::fs::write(folder.join(format!("{name}-{}.png", size.0)), desk.picture().await).expect("the picture can be written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_held_to_when_a_link_is_given_in_chromium() {
    a_plan_is_held_to(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_held_to_when_a_link_is_given_in_firefox() {
    a_plan_is_held_to(Kind::Firefox).await;
}
