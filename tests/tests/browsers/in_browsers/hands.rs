//! A contact changes hands while somebody waits.

use super::screens::Inspection;
use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{LAPTOP, REFERENCE, World};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_handed_over_while_they_wait_is_let_in_by_the_colleague_and_sees_the_right_name() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let sam = world.desk(Kind::Chromium).await;
    let told = world.staff(&["add", "--name", "Kim Lee", "--email", "kim@example.org", "--role", "practitioner"]).await;
    let kim = Desk::new(Browser::open("kim", &Setup::new(Kind::Chromium, LAPTOP)).await, world.service.url());
    kim.joins_by(told.split_whitespace().next().expect("a link is printed")).await;
    kim.sees_today().await;
    let link = sam.plan().await;
    let phone = world.phone(Kind::Chromium).await;
    phone.come_to_the_door(&link, Way::Text).await;
    sam.hears_a_knock().await;

    sam.press(say("desk.hands.give")).await;
    sam.until_offered(say("desk.hands.give.yes")).await;
    look.look(&sam, "hand-over").await;
    sam.write(say("desk.hands.note"), "They like to take it slow.").await;
    sam.press(say("desk.hands.give.yes")).await;
    sam.press(say("desk.hands.undo")).await;
    sam.sees(say("desk.hands.undone")).await;
    assert!(!kim.shows(REFERENCE).await, "it was undone");

    sam.press(say("desk.hands.give")).await;
    sam.until_offered(say("desk.hands.give.yes")).await;
    sam.write(say("desk.hands.note"), "They like to take it slow.").await;
    sam.press(say("desk.hands.give.yes")).await;
    sam.sees("It is with Kim Lee now.").await;
    let began = Instant::now();
    kim.sees(REFERENCE).await;
    println!("on the colleague's desk {:?} after it went", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    kim.pick(REFERENCE).await;
    kim.sees("They like to take it slow.").await;
    look.look(&kim, "handed-over").await;
    kim.admits().await;
    phone.sees_the_conversation().await;
    phone.sees("Kim").await;
    assert!(!phone.shows("Sam").await, "{}", phone.text().await);

    // Asked back in, and out again: what stands on the desk of each.
    kim.press(say("desk.hands.ask")).await;
    kim.until_offered(say("desk.hands.ask.yes")).await;
    kim.press(say("desk.hands.ask.yes")).await;
    sam.sees(&say_with("desk.hands.short.asked", &[("name", "Kim Lee")])).await;
    kim.press(&say_with("desk.hands.take_out", &[("name", "Sam Rivers")])).await;
    sam.sees_no_more(&say_with("desk.hands.short.asked", &[("name", "Kim Lee")])).await;
    look.nothing_found(2);
    kim.ends().await;
    phone.sees_goodbye().await;
    for page in [&*sam, &*kim, &*phone] {
        page.did_nothing_wrong().await;
    }
}
