//! A code typed at the bare address, in place of a link.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{REFERENCE, World};

/// Plans a contact in which a code is typed; the code, as it stands on the desk.
pub async fn a_code(desk: &Desk) -> String {
    desk.press(say("desk.new")).await;
    desk.write(say("desk.form.reference"), REFERENCE).await;
    desk.press(say("desk.form.by_code")).await;
    desk.press(say("desk.form.save_new")).await;
    desk.link().await
}

async fn opens_the_door(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let code = a_code(&desk).await;
    assert_eq!(code.len(), "ABCDE-FGHJK".len(), "{code}");
    assert!(!desk.offers(say("desk.qr")).await, "there is no link to be drawn");

    let phone = world.phone(kind).await;
    phone.go(world.service.url()).await;
    phone.sees(say("join.bare.text")).await;
    let entries = "() => history.length";
    let before: u32 = phone.ask(entries).await;
    // One letter wrong: it is said, and the field is the place to go on.
    let wrong = if code.ends_with('0') { code.replace('0', "1") } else { format!("{}0", &code[..code.len() - 1]) };
    phone.write(say("join.bare.code"), &wrong).await;
    phone.press(say("join.hello.go")).await;
    phone.sees(say("say.hello.wrong")).await;
    assert_eq!(phone.focused().await, say("join.bare.code"));
    // As somebody types who was told it by voice.
    phone.write(say("join.bare.code"), &code.to_lowercase().replace('-', " ")).await;
    phone.key("\u{e007}").await;
    phone.sees(say("join.check.title")).await;
    assert_eq!(phone.ask::<String>("() => document.getElementById('typed').value").await, "");
    assert_eq!(phone.ask::<u32>(entries).await, before);
    let (address, place) = (phone.address().await, world.service.url());
    assert_eq!(address.trim_end_matches('/'), place.trim_end_matches('/'));
    // Their place is theirs after a reload as well.
    phone.press(say("join.check.type")).await;
    phone.sees_the_waiting_room().await;
    phone.reload().await;
    phone.sees_the_waiting_room().await;
    desk.hears_a_knock().await;
    desk.admits().await;
    phone.sees_the_conversation().await;
    desk.ends().await;
    phone.sees_goodbye().await;
    // Typed again afterwards it is like one that never was.
    phone.go(place).await;
    phone.sees(say("join.bare.text")).await;
    phone.write(say("join.bare.code"), &code).await;
    phone.press(say("join.hello.go")).await;
    phone.sees(say("say.hello.wrong")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_typed_at_the_bare_address_opens_the_door_in_chromium() {
    opens_the_door(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_typed_at_the_bare_address_opens_the_door_in_firefox() {
    opens_the_door(Kind::Firefox).await;
}
