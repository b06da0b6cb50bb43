//! A person who is suddenly away: lost without a word, or only in the background.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::say;
use sidelight_e2e::world::World;
use std::time::{Duration, Instant};

/// From the moment nothing comes from the phone any more until the desk says so.
const TOLD: Duration = Duration::from_secs(10);

/// Somebody at the door, and the desk knows.
async fn waiting(world: &World) -> (Desk, Phone) {
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock().await;
    (desk, phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_without_explanation_shows_within_10_s_what_to_do() {
    let world = World::new().await;
    let (desk, phone) = waiting(&world).await;
    // As a phone without a network: nothing comes from it, and nothing closes.
    phone.stop();
    let start = Instant::now();
    let words = say("desk.state.lost").rsplit("}. ").next().expect("has words");
    desk.sees(words).await;
    println!("the loss shows after {:.1} s", start.elapsed().as_secs_f32());
    assert!(start.elapsed() <= TOLD, "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_the_background_is_a_state_of_its_own() {
    let world = World::new().await;
    let (desk, phone) = waiting(&world).await;
    phone.open_tab(world.neutral.url()).await;
    desk.sees(say("desk.state.hidden")).await;
    // The phone freezes the page in the background, as a locked one does: no loss without explanation.
    phone.stop();
    let words = say("desk.state.away").rsplit("; ").next().expect("has words");
    desk.sees(words).await;
    let lost = say("desk.state.lost").rsplit("}. ").next().expect("has words");
    assert!(!desk.shows(lost).await);
    phone.go_on();
    phone.first_tab().await;
    phone.sees_the_waiting_room().await;
    desk.sees_no_more(words).await;
    desk.sees_no_more(say("desk.state.hidden")).await;
}
