//! The private question, asked again in the conversation by one press.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::say;
use sidelight_e2e::world::World;

async fn talking(world: &World, phone: Kind) -> (Desk, Phone) {
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(phone).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Voice).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
    (desk, phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_again_the_conversation_goes_on_beneath_and_yes_is_a_hint() {
    let world = World::new().await;
    let (desk, phone) = talking(&world, Kind::Firefox).await;
    desk.press(say("desk.ask")).await;
    phone.sees(say("join.check.title")).await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
    phone.press(say("join.check.yes")).await;
    desk.sees(say("desk.answer.yes")).await;
    phone.sees_no_more(say("join.check.title")).await;
    phone.receives(20, 0).await;

    // Asked once more, "Later" ends it.
    desk.press(say("desk.ask")).await;
    phone.sees(say("join.check.title")).await;
    phone.press(say("join.check.later")).await;
    phone.sees(say("join.later.text")).await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    desk.sees(say("desk.open.later")).await;
    phone.did_nothing_wrong().await;
    desk.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_again_who_would_rather_type_goes_on_by_text() {
    let world = World::new().await;
    let (desk, phone) = talking(&world, Kind::Chromium).await;
    desk.press(say("desk.ask")).await;
    phone.press(say("join.check.type")).await;
    desk.sees(say("desk.answer.type")).await;
    phone.until("the microphone off", "() => window.__test.live().length === 0").await;
    phone.says("Better like this.").await;
    desk.sees("Better like this.").await;
    desk.says("Of course.").await;
    phone.sees("Of course.").await;
}
