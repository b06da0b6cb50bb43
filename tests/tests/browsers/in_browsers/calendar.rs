//! Planned by keyboard, again and again, moved, called off, and seen by day and week.

use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{LAPTOP, PHONE, World};
use std::time::{Duration, Instant};
use thirtyfour::Key;

/// Key actions beyond typing the reference and the number, planning and sending together; and how long it may take.
const MOST_KEYS: usize = 12;
const MOST: Duration = Duration::from_secs(20);

/// Presses keys one by one and counts them.
async fn keys(desk: &Desk, pressed: &mut usize, keys: &str) {
    for key in keys.chars() {
        desk.key(key.to_string()).await;
        *pressed += 1;
    }
}

pub(super) async fn is_sound(page: &Browser, name: &str) {
    for size in [PHONE, LAPTOP] {
        page.resize(size).await;
        assert_eq!(page.axe().await, [""; 0], "{name} at {size:?}");
        assert!(!page.ask::<bool>("() => document.documentElement.scrollWidth > innerWidth").await, "{name}: wider than the window");
        let Some(folder) = std::env::var_os("SIDELIGHT_PICTURES") else { continue };
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(folder);
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        std::fs::write(folder.join(format!("{name}-{}.png", size.0)), page.picture().await).expect("the picture can be written");
    }
}

/// Puts a value into a field as its own picker does.
async fn picks(desk: &Desk, field: &str, value: &str) {
    desk.ask::<()>(&format!(
        "() => {{ const field = document.getElementById('field-{field}'); field.value = '{value}';
          field.dispatchEvent(new Event('change', {{ bubbles: true }})); }}"
    ))
    .await;
}

/// From the desk to a contact at half past two in a week, with its link made: `p`, `.`, `n`, the reference, Tab, the time, Enter.
async fn plans_by_keyboard(desk: &Desk) -> String {
    let (started, mut pressed) = (Instant::now(), 0);
    desk.ask::<()>("() => document.activeElement && document.activeElement.blur()").await;
    keys(desk, &mut pressed, "p").await;
    desk.sees(say("desk.calendar.empty")).await;
    keys(desk, &mut pressed, ".").await;
    desk.sees(say("desk.calendar.empty")).await;
    keys(desk, &mut pressed, "n").await;
    desk.until("the field of the reference", "() => document.activeElement.id === 'field-reference'").await;
    desk.key("JT-4471").await;
    desk.key(Key::Tab).await;
    assert_eq!(desk.ask::<String>("() => document.activeElement.id").await, "field-time", "the next thing is the time");
    keys(desk, &mut pressed, "1430").await;
    desk.key(Key::Enter).await;
    pressed += 2;
    let link = desk.link().await;
    let took = started.elapsed();
    assert!(pressed <= MOST_KEYS && took <= MOST, "{pressed} key actions in {took:?}");
    println!("  planned by keyboard: {pressed} key actions, {took:?}");
    link
}

#[tokio::test(flavor = "multi_thread")]
async fn planned_by_keyboard_moved_and_called_off_in_chromium() {
    let world = World::alone().await;
    let desk = world.desk(Kind::Chromium).await;
    let link = plans_by_keyboard(&desk).await;
    is_sound(&desk, "desk-planned").await;

    // Moved by a day: it stands there, and its link is the same.
    let day: String = desk
        .ask("() => { const at = new Date(); at.setDate(at.getDate() + 8); return at.getFullYear() + '-' + String(at.getMonth() + 1).padStart(2, '0') + '-' + String(at.getDate()).padStart(2, '0'); }")
        .await;
    desk.press(say("desk.planned.move")).await;
    picks(&desk, "date", &day).await;
    picks(&desk, "time", "15:00").await;
    is_sound(&desk, "desk-moving").await;
    desk.press(say("desk.planned.move.yes")).await;
    desk.sees(say("desk.planned.moved.one")).await;
    assert_eq!(desk.link().await, link);

    // Called off, and at once it isn't; then it is, and there are words to send.
    desk.press(say("desk.planned.off")).await;
    desk.press(say("desk.planned.off.yes")).await;
    desk.press(say("desk.planned.off.undo")).await;
    desk.sees(say("desk.planned.off.undone")).await;
    desk.press(say("desk.planned.off")).await;
    is_sound(&desk, "desk-calling-off").await;
    desk.press(say("desk.planned.off.yes")).await;
    desk.sees(say("desk.planned.off.words")).await;
    desk.sees(say("desk.state.cancelled")).await;
    is_sound(&desk, "desk-called-off").await;
    let phone = world.phone(Kind::Chromium).await;
    phone.go(&link).await;
    phone.press(say("join.hello.go")).await;
    phone.sees(say("join.finished.title")).await;

    // Six weeks, from the week in view; the first stands in it with a way to the others.
    desk.press(say("desk.calendar.back")).await;
    desk.key("n").await;
    desk.write(say("desk.form.reference"), "K-0932").await;
    picks(&desk, "every", "week").await;
    desk.until("how many", "() => { const times = document.getElementById('field-times'); return times.offsetParent && times; }").await;
    is_sound(&desk, "desk-repeat").await;
    desk.press(say("desk.form.save_new")).await;
    desk.until("all of them", "() => document.querySelector('.notice').textContent.startsWith('6 ')").await;
    desk.press(say("desk.planned.off")).await;
    desk.press(say("desk.planned.scope.after")).await;
    desk.press(say("desk.planned.off.yes")).await;
    desk.until("all called off", "() => document.querySelector('.notice').textContent.startsWith('6 ')").await;
    desk.press(say("desk.calendar.back")).await;
    desk.until("both in the week", "() => document.querySelectorAll('.slots .card').length === 2").await;
    is_sound(&desk, "desk-week").await;
    desk.key("y").await;
    desk.until("one day", "() => document.querySelector('.days.day')").await;
    is_sound(&desk, "desk-day").await;
    desk.did_nothing_wrong().await;
}
