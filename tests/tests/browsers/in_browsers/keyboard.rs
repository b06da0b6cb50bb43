//! By keyboard alone: Tab, Enter, Space and typing.

use sidelight_e2e::browser::Browser;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::say;
use sidelight_e2e::world::World;
use thirtyfour::Key;

/// Tabs to what has this name, and presses a key on it.
pub(super) async fn goes_to_and_presses(page: &Browser, name: &str, key: Key) {
    page.until_offered(name).await;
    // A Firefox without a screen takes the focus from the window while the page holds the microphone, and with it what
    // Enter and Space would do.
    if !page.ask::<bool>("() => document.hasFocus()").await {
        page.first_tab().await;
        page.until("the focus", "() => document.hasFocus()").await;
    }
    for _ in 0..60 {
        if page.focused().await.starts_with(name) {
            page.key(key).await;
            return;
        }
        page.key(Key::Tab).await;
    }
    page.fail(&format!("“{name}” isn't reached by Tab; the focus is on “{}”", page.focused().await)).await;
}

async fn from_the_link_to_the_goodbye(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.go(&link).await;
    goes_to_and_presses(&phone, say("join.hello.go"), Key::Enter).await;
    goes_to_and_presses(&phone, say("join.check.yes"), Key::Space).await;
    goes_to_and_presses(&phone, say("join.how.voice"), Key::Enter).await;
    goes_to_and_presses(&phone, say("join.prepare.works"), Key::Space).await;
    phone.sees_the_waiting_room().await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 0).await;
    goes_to_and_presses(&phone, say("join.room.type"), Key::Enter).await;
    for _ in 0..10 {
        if phone.focused().await == say("join.room.write") {
            break;
        }
        phone.key(Key::Tab).await;
    }
    phone.key("By keyboard.").await;
    phone.key(Key::Enter).await;
    desk.sees("By keyboard.").await;
    goes_to_and_presses(&phone, say("say.bar.mute"), Key::Space).await;
    phone.sees(say("say.call.muted")).await;
    desk.sees(say("desk.theirs.microphone_off")).await;
    goes_to_and_presses(&phone, say("join.room.end"), Key::Enter).await;
    phone.sees(say("join.room.sure")).await;
    goes_to_and_presses(&phone, say("join.room.end"), Key::Enter).await;
    phone.sees_goodbye().await;
    let presses = phone.journal().of("press");
    assert!(presses.iter().any(|press| press.text("key") == "Tab"), "keys were used");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone_from_the_link_to_the_goodbye_in_chromium() {
    from_the_link_to_the_goodbye(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_alone_from_the_link_to_the_goodbye_in_firefox() {
    from_the_link_to_the_goodbye(Kind::Firefox).await;
}
