//! The service is killed and started again: nobody loses their place, nobody has to press anything.

use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::say;
use sidelight_e2e::world::{REFERENCE, World};
use std::time::{Duration, Instant};

/// From the moment the service is there again until sound and picture arrive on both sides.
const MEDIA_AGAIN: Duration = Duration::from_secs(5);

/// How many times the service is killed in one call.
fn kills() -> u32 {
    if std::env::var_os("SIDELIGHT_LONG").is_some() { 20 } else { 1 }
}

fn presses(phone: &Phone) -> usize {
    phone.journal().of("press").len()
}

async fn killed_while_talking(kind: Kind) {
    let mut world = World::to_be_started_again().await;
    let desk = world.desk(kind).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    let pressed = (presses(&phone), desk.journal().of("press").len());

    for _ in 0..kills() {
        world.service.kill().await;
        // The relay went with the service; what its last packets hold is played out in a moment.
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(phone.arrives_in(Duration::from_millis(500)).await, (0, 0), "nothing can arrive without it");
        world.start_again().await;
        let ready = Instant::now();
        tokio::join!(phone.receives_within(MEDIA_AGAIN, 10, 3), desk.receives_within(MEDIA_AGAIN, 10, 3));
        println!("{kind:?}: media again {:.1} s after the service was", ready.elapsed().as_secs_f32());
        assert!(ready.elapsed() < MEDIA_AGAIN, "{:?}", ready.elapsed());
        assert_eq!((presses(&phone), desk.journal().of("press").len()), pressed, "nobody had to press anything");
        phone.sees_the_conversation().await;
    }

    // It is the conversation that it was: by the relay alone, with text, and with a goodbye.
    for browser in [&*desk, &*phone] {
        let media = browser.media().await;
        assert!(media.iter().filter(|one| one.state == "connected").all(|one| one.by_relay_alone()), "{media:?}");
    }
    phone.says("Here again.").await;
    desk.sees("Here again.").await;
    desk.ends().await;
    phone.sees_goodbye().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_talking_sound_and_picture_are_back_within_5_s_in_chromium() {
    killed_while_talking(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_talking_sound_and_picture_are_back_within_5_s_in_firefox() {
    killed_while_talking(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_somebody_waits_place_answer_and_list_are_there_again() {
    let mut world = World::to_be_started_again().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Firefox).await;
    desk.plan_as("K-0932").await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Voice).await;
    desk.hears_a_knock().await;
    desk.sees(say("desk.answer.yes")).await;
    phone.is_known_to_wait().await;
    let welcomes = |journal: &sidelight_e2e::journal::Journal| journal.received().iter().filter(|one| one["type"] == "welcome").count();
    let before = (welcomes(phone.journal()), welcomes(desk.journal()));
    let pressed = presses(&phone);

    world.service.kill().await;
    world.start_again().await;
    let start = Instant::now();
    while welcomes(phone.journal()) == before.0 || welcomes(desk.journal()) == before.1 {
        if start.elapsed() > MEDIA_AGAIN {
            phone.fail("the pages didn't come back by themselves").await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    phone.is_known_to_wait().await;
    assert_eq!(presses(&phone), pressed);
    let questions = phone.journal().received().iter().filter(|message| message["view"]["stage"]["name"] == "asked").count();
    assert_eq!(questions, 1, "nothing is asked twice");
    for words in [REFERENCE, "K-0932", say("desk.answer.yes"), say("desk.wants.voice")] {
        desk.sees(words).await;
    }
    // A page that is loaded only now knows it too: it isn't the old pages' memory.
    desk.reload().await;
    desk.hears_a_knock().await;
    for words in [REFERENCE, "K-0932", say("desk.answer.yes"), say("desk.wants.voice")] {
        desk.sees(words).await;
    }
    desk.admits().await;
    desk.knows_them().await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_while_the_service_is_away_arrives_once_and_in_order() {
    let mut world = World::to_be_started_again().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.lets_in_and_starts().await;
    phone.says("Before.").await;
    desk.sees("Before.").await;

    world.service.kill().await;
    for number in 1..=3 {
        phone.says(&format!("Phone {number}.")).await;
        desk.says(&format!("Desk {number}.")).await;
    }
    phone.sees(say("say.text.waiting")).await;
    world.start_again().await;
    for number in 1..=3 {
        desk.sees(&format!("Phone {number}.")).await;
        phone.sees(&format!("Desk {number}.")).await;
    }
    phone.sees_no_more(say("say.text.waiting")).await;
    desk.sees_no_more(say("desk.texts.waiting")).await;
    // Sent once more after everything is there: had anything been doubled, it would stand before this.
    phone.says("Phone 4.").await;
    desk.sees("Phone 4.").await;
    for (browser, what) in [(&*desk, "Phone"), (&*phone, "Desk")] {
        let text = browser.text().await;
        let places: Vec<usize> = (1..=3).map(|number| text.find(&format!("{what} {number}.")).unwrap_or(usize::MAX)).collect();
        assert!(places.is_sorted(), "{}: {text}", browser.name);
        for number in 1..=3 {
            assert_eq!(text.matches(&format!("{what} {number}.")).count(), 1, "{}: {text}", browser.name);
        }
    }
}
