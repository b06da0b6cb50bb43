//! The second step of signing in, as a practitioner adds it, uses it and loses it.

use super::screens::Inspection;
use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use sidelight_e2e::desk::{Desk, EMAIL, PASSWORD};
use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::say;
use sidelight_e2e::world::World;
use std::time::{SystemTime, UNIX_EPOCH};

/// What an authenticator app shows in so many seconds (RFC 6238).
pub(super) fn code(secret: &str, ahead: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let key = BASE32_NOPAD.decode(secret.as_bytes()).expect("is base32");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &((now + ahead) / 30).to_be_bytes());
    let from = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[from..from + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// The key that stands under the picture.
pub(super) async fn secret(desk: &Desk) -> String {
    let shown = desk.until("the key", "() => { const one = document.querySelector('.secret'); return one && one.textContent; }").await;
    shown.as_str().unwrap_or_default().replace(' ', "")
}

/// In the settings, which scroll: what has just opened is seen without looking for it.
async fn comes_into_sight(desk: &Desk) {
    let seen =
        "() => { const one = document.querySelector('.second-step'); return one && one.getBoundingClientRect().top < innerHeight - 40; }";
    desk.until("the second step is in sight", seen).await;
}

/// The backup codes that stand there.
pub(super) async fn backup(desk: &Desk) -> Vec<String> {
    desk.until("the codes", "() => document.querySelectorAll('.backup-codes li').length === 10").await;
    desk.ask("() => Array.from(document.querySelectorAll('.backup-codes li'), (one) => one.textContent)").await
}

/// Email and password; then the code is asked for.
async fn signs_in(desk: &Desk) {
    desk.write(say("desk.account.email"), EMAIL).await;
    desk.write(say("desk.account.password"), PASSWORD).await;
    desk.press(say("desk.entry.sign-in.do")).await;
    desk.sees(say("desk.entry.code")).await;
    desk.until("the code's field has the focus", "() => document.activeElement && document.activeElement.id === 'field-code'").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_step_is_added_in_the_settings_asked_for_and_turned_off_again() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let mut look = Inspection::new();
    desk.press(say("desk.settings")).await;
    desk.press(say("desk.step")).await;
    desk.sees(say("desk.step.off")).await;
    comes_into_sight(&desk).await;
    look.look(&desk, "step-off").await;
    desk.press(say("desk.step.add")).await;
    desk.write(say("desk.account.password"), "wrong wrong wrong").await;
    desk.press(say("desk.step.next")).await;
    desk.sees(say("desk.problem.password_refused")).await;
    desk.write(say("desk.account.password"), PASSWORD).await;
    desk.press(say("desk.step.next")).await;
    let secret = secret(&desk).await;
    comes_into_sight(&desk).await;
    look.look(&desk, "step-scan").await;
    desk.write(say("desk.step.code"), "12345").await;
    desk.press(say("desk.step.confirm")).await;
    desk.sees(say("desk.step.wrong.code")).await;
    let first = code(&secret, 0);
    desk.write(say("desk.step.code"), &first).await;
    desk.press(say("desk.step.confirm")).await;
    let codes = backup(&desk).await;
    assert_eq!(codes.len(), 10);
    look.look(&desk, "step-codes").await;
    desk.press(say("desk.step.kept")).await;
    desk.sees(say("desk.step.on")).await;

    desk.press(say("desk.sign_out")).await;
    desk.sees(say("desk.entry.sign-in")).await;
    signs_in(&desk).await;
    let field: Vec<String> = desk
        .ask("() => { const one = document.getElementById('field-code'); return [one.autocomplete, one.inputMode, one.labels[0].textContent]; }")
        .await;
    assert_eq!(field, ["one-time-code", "numeric", say("desk.step.code")]);
    look.look(&desk, "entry-code").await;
    desk.write(say("desk.step.code"), &first).await;
    desk.press(say("desk.entry.sign-in.do")).await;
    desk.sees(say("desk.problem.code_refused")).await;
    desk.write(say("desk.step.code"), &code(&secret, 30)).await;
    desk.press(say("desk.entry.sign-in.do")).await;
    desk.sees_today().await;

    // The phone is lost.
    desk.press(say("desk.sign_out")).await;
    desk.sees(say("desk.entry.sign-in")).await;
    signs_in(&desk).await;
    desk.press(say("desk.step.by_backup")).await;
    desk.write(say("desk.step.backup"), &codes[7].to_lowercase()).await;
    desk.press(say("desk.entry.sign-in.do")).await;
    desk.sees_today().await;
    desk.press(say("desk.settings")).await;
    desk.press(say("desk.step")).await;
    desk.press(say("desk.step.end")).await;
    desk.write(say("desk.account.password"), PASSWORD).await;
    desk.press(say("desk.step.by_backup")).await;
    desk.write(say("desk.step.backup"), &codes[2]).await;
    look.look(&desk, "step-end").await;
    desk.press(say("desk.step.end")).await;
    desk.sees(say("desk.step.off")).await;
    desk.did_nothing_wrong().await;
    look.nothing_found(5);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_must_have_a_second_step_is_led_from_the_link_to_the_code_and_to_the_desk_and_a_reset_begins_anew() {
    let world = World::with(|settings| {
        settings.set("staff.second_factor", "everybody");
    })
    .await;
    let desk = world.empty_desk().await;
    let mut look = Inspection::new();
    desk.go(&world.service.first_link().await).await;
    desk.write(say("desk.account.name"), "Sam Rivers").await;
    desk.write(say("desk.account.email"), EMAIL).await;
    desk.write(say("desk.account.password"), PASSWORD).await;
    desk.press(say("desk.entry.first.do")).await;
    secret(&desk).await;
    look.look(&desk, "entry-scan").await;
    // Loaded again in the middle of it: the password is asked for once more, and the key is another one.
    desk.reload().await;
    desk.sees(say("desk.entry.enrol.words")).await;
    look.look(&desk, "entry-enrol").await;
    desk.write(say("desk.account.password"), PASSWORD).await;
    desk.press(say("desk.step.next")).await;
    let key = secret(&desk).await;
    desk.write(say("desk.step.code"), &code(&key, 0)).await;
    desk.press(say("desk.step.confirm")).await;
    assert_eq!(backup(&desk).await.len(), 10);
    look.look(&desk, "entry-codes").await;
    desk.press(say("desk.step.kept")).await;
    desk.sees_today().await;

    let printed = world.staff(&["reset", "--email", EMAIL]).await;
    desk.press(say("desk.sign_out")).await;
    desk.sees(say("desk.entry.sign-in")).await;
    desk.go(printed.split_whitespace().next().unwrap_or_default()).await;
    desk.sees(say("desk.entry.reset.words")).await;
    look.look(&desk, "entry-reset").await;
    desk.write(say("desk.account.password"), "ladder plum ghost mile").await;
    desk.press(say("desk.entry.reset.do")).await;
    assert_ne!(secret(&desk).await, key, "the second step went with the password");
    look.nothing_found(4);
}
