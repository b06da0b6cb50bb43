//! Whole conversations, from the link to the goodbye.

use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{GREETING, PRACTITIONER, World};

/// Packets of sound and pictures that show that media flows; a second or two of it.
const SOUND: u64 = 25;
const PICTURES: u64 = 8;

async fn a_conversation(desk: Kind, phone: Kind, way: Way) {
    let world = World::new().await;
    let desk = world.desk(desk).await;
    let phone = world.phone(phone).await;
    let link = desk.plan().await;

    // The link, the private question, the way to talk, the waiting room.
    phone.come_to_the_door(&link, way).await;
    assert!(!phone.address().await.contains('#'), "the link is taken out of the address");
    phone.is_known_to_wait().await;

    // At the door: the answer and the way as the practitioner sees them, and a message each way.
    desk.hears_a_knock().await;
    desk.sees(say(if way == Way::Text { "desk.answer.type" } else { "desk.answer.yes" })).await;
    let chosen = match way {
        Way::Video => "desk.wants.video",
        Way::Voice => "desk.wants.voice",
        Way::Text => "desk.wants.text",
    };
    desk.sees(say(chosen)).await;
    desk.press(say("desk.late")).await;
    phone.sees(say("desk.late.words")).await;
    phone.says("No problem at all.").await;
    desk.sees("No problem at all.").await;

    // Look first: the person is seen and heard, the practitioner isn't.
    desk.admits().await;
    phone.sees_the_conversation().await;
    let (sound, pictures) = match way {
        Way::Video => (SOUND, PICTURES),
        Way::Voice => (SOUND, 0),
        Way::Text => (0, 0),
    };
    if way != Way::Text {
        desk.receives(sound, pictures).await;
        let early = phone.media().await;
        assert!(early.iter().all(|one| one.audio_packets == 0 && one.frames == 0), "before “It's them”: {early:?}");
        assert_eq!(desk.live_tracks().await, [""; 0], "nor is the practitioner's camera on");
    }

    // "It's them": sound and picture both ways, by the relay alone.
    desk.knows_them().await;
    if way != Way::Text {
        phone.receives(sound, pictures).await;
        desk.receives(sound, pictures).await;
        for browser in [&*desk, &*phone] {
            let media = browser.media().await;
            let open: Vec<_> = media.iter().filter(|one| one.state == "connected").collect();
            assert_eq!(open.len(), 1, "{}: {media:?}", browser.name);
            assert!(open[0].by_relay_alone(), "{}: {media:?}", browser.name);
        }
    } else {
        assert!(phone.journal().of("asked-for-media").is_empty(), "typing asks for no camera");
    }

    // Text in the conversation.
    desk.says("Can you read this?").await;
    phone.sees("Can you read this?").await;
    phone.says("Yes, I can.").await;
    desk.sees("Yes, I can.").await;
    desk.sees(say("desk.texts.delivered")).await;

    // Goodbye, from either side by turns.
    if way == Way::Voice {
        phone.ends().await;
    } else {
        desk.ends().await;
    }
    phone.sees_goodbye().await;
    assert_eq!(phone.live_tracks().await, [""; 0]);
    desk.until("an end to the practitioner's tracks", "() => window.__test.live().length === 0").await;
    assert!(!phone.shows("Can you read this?").await, "nothing typed stays on the phone");
    assert_eq!(phone.ask::<(u32, u32)>("() => [localStorage.length, sessionStorage.length]").await, (0, 0), "nor anything stored");
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;

    // The link is finished now.
    phone.open(&link).await;
    phone.sees(say("join.finished.title")).await;
    phone.sees(sidelight_e2e::NUMBER).await;
}

macro_rules! conversations {
    ($($name:ident: $desk:ident, $phone:ident, $way:ident;)+) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            a_conversation(Kind::$desk, Kind::$phone, Way::$way).await;
        }
    )+ };
}

conversations! {
    by_video_in_chromium: Chromium, Chromium, Video;
    by_voice_in_chromium: Chromium, Chromium, Voice;
    by_text_in_chromium: Chromium, Chromium, Text;
    by_video_in_firefox: Firefox, Firefox, Video;
    by_voice_in_firefox: Firefox, Firefox, Voice;
    by_text_in_firefox: Firefox, Firefox, Text;
    by_video_from_a_chromium_desk_to_a_firefox_phone: Chromium, Firefox, Video;
    by_video_from_a_firefox_desk_to_a_chromium_phone: Firefox, Chromium, Video;
    by_voice_from_a_chromium_desk_to_a_firefox_phone: Chromium, Firefox, Voice;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_goodbye_page_turns_into_the_neutral_page_after_20_seconds() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Text).await;
    phone.ends().await;
    phone.sees_goodbye().await;
    let start = std::time::Instant::now();
    phone.until_within("the neutral page", std::time::Duration::from_secs(25), "() => location.pathname === '/weather'").await;
    assert!((18.0..23.0).contains(&start.elapsed().as_secs_f32()), "{:?}", start.elapsed());
    phone.driver().back().await.expect("goes back");
    assert!(!phone.shows(PRACTITIONER).await && !phone.shows(GREETING).await, "going back tells nothing");
}

/// At most four presses from the link to the waiting room by voice (the browser's own question not counted).
#[tokio::test(flavor = "multi_thread")]
async fn four_presses_lead_from_the_link_to_the_waiting_room_by_voice() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Voice).await;
    let presses = phone.journal().of("press");
    let on: Vec<&str> = presses.iter().map(|press| press.text("on")).collect();
    assert!(presses.len() <= 4, "{on:?}");
}
