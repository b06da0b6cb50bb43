//! The silent desk: what happens there is not heard on the other side. With sound that can really be heard: what the
//! desk's loudspeaker plays, its microphone picks up.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::planted::Planted;
use sidelight_e2e::sound_card::SoundCard;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{LAPTOP, REFERENCE, World};
use std::time::Duration;

/// Samples louder than this, of 32,768, are a sound; a knock is twenty times louder.
const SOUND: u16 = 200;
const WORD: &str = "lantern";

/// A conversation by voice at a desk with loudspeaker and microphone. The phone's microphone is off, so that all that is
/// heard in the room is the desk itself. The knock was heard meanwhile: the room carries sound.
async fn talking(world: &World, card: &SoundCard) -> (Desk, Phone) {
    let desk = world.desk_of(&Setup { sound: card.environment(), ..Setup::new(Kind::Chromium, LAPTOP) }).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan_with(REFERENCE, &[(say("desk.form.word"), WORD), (say("desk.form.response"), "Ring 01632 960 002.")]).await;
    let room = card.record().await;
    phone.come_to_the_door(&link, Way::Voice).await;
    phone.press(say("say.bar.mute")).await;
    assert!(room.hears(SOUND, Duration::from_secs(10)).await, "the knock is heard: {}", room.loudest());
    desk.lets_in_and_starts().await;
    desk.until("the desk's microphone", "() => window.__test.live().includes('audio')").await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
    (desk, phone)
}

/// How loud the desk's room was in the two seconds after a text.
async fn loudest_after(desk: &Desk, phone: &Phone, card: &SoundCard, text: &str) -> u16 {
    let room = card.record().await;
    phone.says(text).await;
    desk.sees(text).await;
    let heard = room.seconds();
    while room.seconds() < heard + 2.0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    room.loudest()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_is_not_heard_on_the_other_side() {
    let card = SoundCard::start().await;
    let world = World::new().await;
    let (desk, phone) = talking(&world, &card).await;
    let without = loudest_after(&desk, &phone, &card, "I left the harbour at noon.").await;
    let with = loudest_after(&desk, &phone, &card, "I left the lantern at home.").await;
    desk.sees(say("desk.alarm.head")).await;
    println!("loudest without an alarm {without}, with one {with}");
    assert_eq!((with, without), (0, 0), "digital silence in both");
    assert!(desk.live_tracks().await.contains(&"audio".to_owned()), "the microphone was on all the time");
}

/// The control: an alarm with sound is heard.
#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_with_sound_would_be_heard() {
    let pages = Planted::pages();
    pages
        .replace(
            "desk/alarms.js",
            "import { usesAgreed }",
            "import { Knock } from \"./knock.js\";\nconst knock = new Knock();\nimport { usesAgreed }",
        )
        .replace("desk/alarms.js", "this.marked.add(", "knock.wake();\n    setTimeout(() => knock.play(), 200);\n    this.marked.add(");
    let card = SoundCard::start().await;
    let world = World::with(|settings| {
        settings.set("web.assets", &pages.path().display().to_string());
    })
    .await;
    let (desk, phone) = talking(&world, &card).await;
    let with = loudest_after(&desk, &phone, &card, "I left the lantern at home.").await;
    println!("loudest with a planted sound: {with}");
    assert!(with > SOUND, "{with}");
}
