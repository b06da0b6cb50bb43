//! The camera's lamp: own tracks are stopped within 300 ms, every clone with them.

use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::say;
use sidelight_e2e::world::World;

/// Milliseconds from the press to the last track's end.
const PROMISED: f64 = 300.0;

async fn talking(world: &World, kind: Kind) -> (Desk, Phone) {
    let desk = world.desk(kind).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    (desk, phone)
}

/// Waits until all tracks of a kind (or all) that the page ever had have ended, and measures from the press.
async fn ended_after_the_press(pressed_in: &Browser, button: &str, watched: &Browser, media: &str) -> f64 {
    let start = std::time::Instant::now();
    loop {
        let events = watched.journal().events();
        let of_kind = |event: &&sidelight_e2e::journal::Event| media.is_empty() || event.text("media") == media;
        let made: Vec<String> =
            events.iter().filter(|event| event.kind == "track").filter(of_kind).map(|event| event.text("id").to_owned()).collect();
        let ends: Vec<_> = events.iter().filter(|event| event.kind == "track-ended").filter(of_kind).collect();
        assert!(!made.is_empty(), "{} had tracks", watched.name);
        if made.iter().all(|id| ends.iter().any(|end| end.text("id") == id)) {
            let first_ends = made.iter().filter_map(|id| ends.iter().find(|end| end.text("id") == id));
            let last = first_ends.map(|end| end.at).fold(0.0, f64::max);
            let press = pressed_in.journal().of("press").iter().rev().find(|press| press.text("on").contains(button)).map(|press| press.at);
            return last - press.unwrap_or_else(|| panic!("“{button}” was pressed in {}", pressed_in.name));
        }
        if start.elapsed() > sidelight_e2e::browser::PATIENCE {
            watched.fail(&format!("{} of {} tracks ended after “{button}”", ends.len(), made.len())).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

fn promised(what: &str, took: f64) {
    println!("{what}: {took:.0} ms");
    assert!((-5.0..=PROMISED).contains(&took), "{what}: {took:.0} ms");
}

async fn the_lamp_goes_out(kind: Kind) {
    // Switching the camera off, and being put back.
    {
        let world = World::alone().await;
        let (desk, phone) = talking(&world, kind).await;
        phone.press(say("say.bar.camera_off")).await;
        promised("camera off", ended_after_the_press(&phone, say("say.bar.camera_off"), &phone, "video").await);
        assert_eq!(phone.live_tracks().await, ["audio"], "the microphone stays");
        desk.press(say("desk.talk.camera_stop")).await;
        promised("camera off at the desk", ended_after_the_press(&desk, say("desk.talk.camera_stop"), &desk, "video").await);
        desk.puts_back().await;
        promised("put back", ended_after_the_press(&desk, say("desk.talk.put_back"), &phone, "").await);
        promised("put back at the desk", ended_after_the_press(&desk, say("desk.talk.put_back"), &desk, "").await);
    }
    // The end by the practitioner.
    {
        let world = World::alone().await;
        let (desk, phone) = talking(&world, kind).await;
        desk.ends().await;
        promised("ended", ended_after_the_press(&desk, say("desk.talk.end.yes"), &phone, "").await);
        promised("ended at the desk", ended_after_the_press(&desk, say("desk.talk.end.yes"), &desk, "").await);
    }
    // "Leave this page": the page is gone in the same moment, so what is true then is written down as it goes.
    {
        let world = World::alone().await;
        let (desk, phone) = talking(&world, kind).await;
        let watching = phone
            .ask::<bool>(
                "() => {
                    const note = (name, value) => localStorage.setItem(name, String(value));
                    addEventListener('click', () => note('pressed', Date.now()), true);
                    addEventListener('pagehide', () => { note('gone', Date.now()); note('live', window.__test.live().length); });
                    return window.__test.live().length === 2;
                }",
            )
            .await;
        assert!(watching, "camera and microphone are on before");
        phone.leaves().await;
        phone.until("the neutral page", "() => location.pathname === '/weather'").await;
        desk.until("the practitioner's own tracks to end", "() => window.__test.live().length === 0").await;
        desk.sees(say("desk.open.exit")).await;
        assert_eq!(phone.address().await, world.neutral.url());
        phone.go(&format!("{}/healthz", world.service.url())).await;
        let noted: Vec<f64> =
            phone.ask("() => ['pressed', 'gone', 'live'].map((name) => Number(localStorage.getItem(name) || 'NaN'))").await;
        assert_eq!(noted[2], 0.0, "tracks that lived as the page went");
        promised("left", noted[1] - noted[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lamp_goes_out_within_300_ms_in_chromium() {
    the_lamp_goes_out(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lamp_goes_out_within_300_ms_in_firefox() {
    the_lamp_goes_out(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn end_call_on_the_phone_puts_out_the_lamp_within_300_ms() {
    let world = World::alone().await;
    let (desk, phone) = talking(&world, Kind::Chromium).await;
    phone.ends().await;
    promised("end call", ended_after_the_press(&phone, say("join.room.end"), &phone, "").await);
    phone.sees_goodbye().await;
    desk.until("the practitioner's own tracks to end", "() => window.__test.live().length === 0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn voice_only_is_one_press_and_back_another() {
    let world = World::new().await;
    let (desk, phone) = talking(&world, Kind::Chromium).await;
    desk.press(say("desk.talk.voice_only.do")).await;
    desk.until("the practitioner's camera off", "() => !window.__test.live().includes('video')").await;
    phone.until("the person's camera off", "() => !window.__test.live().includes('video')").await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
    let before: u64 = phone.media().await.iter().map(|one| one.frames).sum();
    phone.receives(20, 0).await;
    let after: u64 = phone.media().await.iter().map(|one| one.frames).sum();
    assert!(after <= before + 2, "pictures go on: {before} to {after}");

    desk.press(say("desk.talk.video_again")).await;
    phone.receives(20, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mute_is_one_press_and_is_heard_as_silence() {
    let world = World::new().await;
    let (desk, phone) = talking(&world, Kind::Chromium).await;
    phone.press(say("say.bar.mute")).await;
    desk.sees(say("desk.theirs.microphone_off")).await;
    phone.sees(say("say.call.muted")).await;
    phone.press(say("say.bar.unmute")).await;
    desk.sees_no_more(say("desk.theirs.microphone_off")).await;
    desk.receives(20, 0).await;
}
