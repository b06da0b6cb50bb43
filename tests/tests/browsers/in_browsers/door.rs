//! The door: who comes in, who doesn't, and who keeps their place.

use sidelight_e2e::desk::{Desk, EMAIL, PASSWORD};
use sidelight_e2e::driver::{Camera, Kind, Setup};
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::say;
use sidelight_e2e::world::{GREETING, PHONE, PRACTITIONER, World};

async fn at_the_door(world: &World, way: Way) -> (Desk, Phone, String) {
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, way).await;
    (desk, phone, link)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_declined_is_told_so_and_may_ask_afresh_with_the_same_link() {
    let world = World::new().await;
    let (desk, phone, link) = at_the_door(&world, Way::Video).await;
    desk.hears_a_knock().await;
    desk.declines().await;
    phone.sees(say("join.declined.title")).await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    desk.sees(say("desk.after.declined")).await;

    phone.open(&link).await;
    phone.sees(say("join.check.title")).await;
    phone.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_later_the_session_is_over_and_the_answer_is_never_shown_again() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.open(&link).await;
    phone.press(say("join.check.later")).await;
    phone.sees(say("join.later.text")).await;
    desk.sees("Said").await;
    phone.reload().await;
    phone.until("a page without the answer", "() => document.readyState === 'complete'").await;
    assert!(!phone.shows(say("join.later.text")).await);

    phone.open(&link).await;
    phone.sees(say("join.check.title")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_put_back_waits_without_media_or_the_conversations_text_and_can_be_let_in_again() {
    let world = World::new().await;
    let (desk, phone, _) = at_the_door(&world, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.says("Said inside.").await;
    phone.sees("Said inside.").await;

    desk.puts_back().await;
    phone.sees_the_waiting_room().await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    assert!(!phone.shows("Said inside.").await);
    desk.until("an end to the practitioner's tracks", "() => window.__test.live().length === 0").await;
    desk.until_offered(say("desk.admit")).await;

    // Messages at the door go on.
    desk.says("One moment, please.").await;
    phone.sees("One moment, please.").await;

    // Let in again: what was switched off stays off until it is pressed.
    desk.admits().await;
    phone.sees_the_conversation().await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    desk.knows_them().await;
    phone.receives(20, 5).await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    phone.press(say("say.bar.unmute")).await;
    desk.receives(20, 0).await;
    phone.press(say("say.bar.camera_on")).await;
    desk.receives(20, 5).await;
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_the_waiting_room_keeps_the_place_and_switches_nothing_on() {
    let world = World::new().await;
    let (desk, phone, _) = at_the_door(&world, Way::Video).await;
    phone.is_known_to_wait().await;
    phone.reload().await;
    phone.is_known_to_wait().await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    desk.hears_a_knock().await;
    desk.says("Still here?").await;
    phone.sees("Still here?").await;
    let questions = phone.journal().received().iter().filter(|message| message["view"]["stage"]["name"] == "asked").count();
    assert_eq!(questions, 1, "the question was asked once: nothing was started again");
}

async fn a_reload_while_talking_resumes(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(kind).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;

    // The phone's page: it hears and sees again, its own microphone and camera stay off until pressed.
    phone.reload().await;
    phone.sees_the_conversation().await;
    phone.receives(20, 5).await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    desk.sees(say("desk.theirs.microphone_off")).await;
    phone.press(say("say.bar.unmute")).await;
    phone.press(say("say.bar.camera_on")).await;
    desk.receives(20, 5).await;

    // The desk's page: likewise.
    desk.reload().await;
    desk.sees(say("desk.talk.fresh")).await;
    desk.receives(20, 5).await;
    assert_eq!(desk.live_tracks().await, [""; 0]);
    desk.press(say("desk.talk.unmute")).await;
    desk.press(say("desk.talk.camera_start")).await;
    phone.receives(20, 5).await;
    phone.says("Still here.").await;
    desk.sees("Still here.").await;
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_while_talking_resumes_in_chromium() {
    a_reload_while_talking_resumes(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_while_talking_resumes_in_firefox() {
    a_reload_while_talking_resumes(Kind::Firefox).await;
}

async fn a_refused_camera_is_no_dead_end(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone_of(&Setup { camera: Camera::Refused, ..Setup::new(kind, PHONE) }).await;
    phone.refuse_camera(world.service.url()).await;
    let link = desk.plan().await;
    phone.open(&link).await;
    phone.press(say("join.check.yes")).await;
    phone.press(say("join.how.video")).await;
    phone.sees(say("say.trouble.refused.both")).await;
    phone.sees(say(if kind == Kind::Chromium { "say.allow.chrome" } else { "say.allow.firefox" })).await;
    phone.press(say("say.prepare.without.both")).await;
    phone.sees_the_waiting_room().await;
    desk.hears_a_knock().await;
    desk.sees(say("desk.wants.text")).await;
    desk.admits().await;
    desk.press(say("desk.look.its_them")).await;
    phone.sees_the_conversation().await;
    phone.says("My camera is blocked.").await;
    desk.sees("My camera is blocked.").await;
    phone.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_camera_is_no_dead_end_in_chromium() {
    a_refused_camera_is_no_dead_end(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_camera_is_no_dead_end_in_firefox() {
    a_refused_camera_is_no_dead_end(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_link_is_finished_also_for_who_waits() {
    let world = World::new().await;
    let (desk, phone, link) = at_the_door(&world, Way::Video).await;
    desk.hears_a_knock().await;
    desk.press(say("desk.link.revoke")).await;
    desk.press(say("desk.link.revoke.yes")).await;
    phone.sees(say("join.finished.title")).await;
    phone.sees(sidelight_e2e::NUMBER).await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    assert!(!phone.shows(PRACTITIONER).await && !phone.shows(GREETING).await);
    phone.open(&link).await;
    phone.sees(say("join.finished.title")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_link_makes_the_old_one_worthless() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let old = desk.plan().await;
    let new = desk.makes_a_new_link(&old).await;
    phone.open(&old).await;
    phone.sees(say("join.finished.title")).await;
    phone.open(&new).await;
    phone.sees(say("join.check.title")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_names_nobody_and_works_before_any_script() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let link = desk.plan().await;
    let page = reqwest::get(&link).await.expect("answers").text().await.expect("is text");
    for telling in [PRACTITIONER, GREETING, "Sidelight", sidelight_e2e::world::REFERENCE] {
        assert!(!page.contains(telling), "{telling} stands in the page");
    }
    assert!(page.contains(&format!("href=\"{}\"", world.neutral.url())), "“Leave this page” is a plain link");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_knock_cannot_be_missed_and_makes_no_sound_while_the_microphone_is_on() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let first = desk.plan().await;
    let second = desk.plan_as("K-0932").await;
    phone.come_to_the_door(&first, Way::Voice).await;
    desk.until("amber", "() => document.querySelector('.card.tone-waiting')").await;
    desk.until("a count in the tab's title", "() => document.title.startsWith('(1)')").await;
    assert!(!desk.title().await.contains(GREETING));
    let sounds = desk.journal().of("sound").len();
    assert!(sounds > 0, "a knock sounds");

    // Now the practitioner talks: the next knock is seen only.
    desk.lets_in_and_starts().await;
    phone.receives(10, 0).await;
    let before = desk.journal().of("sound").len();
    let other = world.phone(Kind::Chromium).await;
    other.come_to_the_door(&second, Way::Text).await;
    desk.until("amber", "() => document.querySelector('.card.tone-waiting')").await;
    desk.until("a count in the tab's title", "() => document.title.startsWith('(1)')").await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await; // time in which a sound would come
    assert_eq!(desk.journal().of("sound").len(), before, "the other side would hear it");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_out() {
    let world = World::new().await;
    let desk = world.desk(Kind::Firefox).await;
    desk.press(say("desk.sign_out")).await;
    desk.until_offered(say("desk.entry.sign-in.do")).await;
    desk.reload().await;
    desk.write(say("desk.account.email"), EMAIL).await;
    desk.write(say("desk.account.password"), "not the password").await;
    desk.press(say("desk.entry.sign-in.do")).await;
    desk.sees(say("desk.problem.sign_in_refused")).await;
    desk.write(say("desk.account.password"), PASSWORD).await;
    desk.press(say("desk.entry.sign-in.do")).await;
    desk.sees_today().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_what_other_pages_of_the_desk_can_do() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    desk.plan().await;
    let first = desk.driver().window().await.expect("has a tab");
    let second = desk.driver().new_tab().await.expect("opens a tab");
    desk.driver().switch_to_window(second).await.expect("goes there");
    desk.driver().goto(format!("{}/desk", world.service.url())).await.expect("opens the desk");
    desk.press(say("desk.sign_out")).await;
    desk.driver().switch_to_window(first).await.expect("goes back");
    desk.sees(say("desk.line.over.no_session")).await;
}
