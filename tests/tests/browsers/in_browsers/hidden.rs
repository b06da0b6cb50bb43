//! The page out of sight (home button, lock, another app): somebody may have come into the room.

use serde::Deserialize;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::guest_line;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::planted::Planted;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{GREETING, PRACTITIONER, REFERENCE, World};
use std::time::Duration;

/// Milliseconds from the moment the page is hidden until nothing of it is heard, sent or seen.
const PROMISED: f64 = 300.0;

/// Pictures in two seconds that show nothing new: a Firefox without a camera sends its last one again once a second.
const STILL: u64 = 3;

/// Notes what is true as soon as the page has heard that it is hidden: its own listener was there before this one.
const WATCH: &str = r"() => {
  window.__hidden = null;
  document.addEventListener('visibilitychange', (event) => {
    if (!document.hidden || window.__hidden) return;
    const sound = document.getElementById('sound');
    window.__hidden = {
      silent: sound.paused && !sound.srcObject,
      live: window.__test.live().sort(),
      text: document.body.innerText,
      took: performance.now() - event.timeStamp,
    };
  });
}";

/// What can be pressed or written into, and how the loudspeaker is.
const OFFERED: &str = r"() => [...document.querySelectorAll('button, a, input, textarea, select, summary, [tabindex=\'0\']')]
  .filter((one) => one.getClientRects().length > 0).map((one) => one.firstChild.textContent)";
const HEARD: &str = "() => { const sound = document.getElementById('sound'); return !sound.paused && !sound.muted && !!sound.srcObject; }";

/// What the page was as it went out of sight.
#[derive(Debug, Deserialize)]
struct Seen {
    silent: bool,
    live: Vec<String>,
    text: String,
    took: f64,
}

impl Seen {
    /// What was promised for a quiet contact and didn't come about.
    fn broken_promises(&self) -> Vec<&'static str> {
        println!("hidden: done after {:.0} ms", self.took);
        let promises = [
            ("in time", self.took <= PROMISED),
            ("sound", self.silent),
            ("tracks", self.live.is_empty()),
            ("cover", ![PRACTITIONER, GREETING, say("join.room.end"), say("say.bar.mute")].iter().any(|one| self.text.contains(one))),
        ];
        promises.into_iter().filter(|(_, kept)| !kept).map(|(what, _)| what).collect()
    }
}

/// A conversation by video. Quiet: a word is agreed.
async fn talking(world: &World, kind: Kind, quiet: bool) -> (Desk, Phone) {
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    let agreed = [(say("desk.form.word"), "lantern"), (say("desk.form.response"), "Ring her sister, then 999.")];
    let link = desk.plan_with(REFERENCE, if quiet { &agreed } else { &[] }).await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    assert!(phone.ask::<bool>(HEARD).await);
    phone.ask::<()>(WATCH).await;
    (desk, phone)
}

/// What reaches the desk, sound and pictures, once what was on its way has arrived.
async fn sent_in_a_while(desk: &Desk) -> (u64, u64) {
    tokio::time::sleep(Duration::from_millis(500)).await;
    desk.arrives_in(Duration::from_secs(2)).await
}

/// What the page noted as it went out of sight, asked when it is in sight again.
async fn seen(phone: &Phone) -> Seen {
    phone.until("what the page noted", "() => window.__hidden").await;
    phone.ask("() => window.__hidden").await
}

/// Nothing stands on the page but a cover and the way out, and nothing runs under it.
async fn is_covered(phone: &Phone) {
    phone.sees(say("join.covered.title")).await;
    assert_eq!(phone.ask::<Vec<String>>(OFFERED).await, [say("join.leave"), say("join.covered.go")]);
    assert!(!phone.ask::<bool>(HEARD).await, "a covered page is silent");
    assert_eq!(phone.live_tracks().await, [""; 0]);
    let text = phone.text().await;
    assert!(![PRACTITIONER, GREETING, "Are you there?"].iter().any(|telling| text.contains(telling)), "{text}");
}

async fn quiet_until_carry_on(kind: Kind) {
    let world = World::alone().await;
    let (desk, phone) = talking(&world, kind, true).await;
    phone.open_tab(world.neutral.url()).await;
    desk.sees(say("desk.state.covered")).await;
    desk.sees(say("desk.talk.you.covered")).await;
    let (sound, pictures) = sent_in_a_while(&desk).await;
    assert!(sound == 0 && pictures <= STILL, "nothing of the room is sent: {sound} packets, {pictures} pictures");
    desk.says("Are you there?").await;
    // Long enough for the text to be sent, and for the page to do what it mustn't.
    tokio::time::sleep(Duration::from_millis(1500)).await;

    phone.first_tab().await;
    let seen = seen(&phone).await;
    assert_eq!(seen.broken_promises(), [""; 0], "{seen:?}");
    is_covered(&phone).await;
    desk.sees(say("desk.state.covered.back")).await;
    // Loaded anew, as by a phone that throws pages away, it is covered as it was.
    phone.reload().await;
    is_covered(&phone).await;
    desk.sees(say("desk.state.covered.back")).await;
    phone.until("a connection under the cover", "() => window.__test.connections.some((one) => one.connectionState === 'connected')").await;
    is_covered(&phone).await;
    assert!(!phone.journal().sent().iter().any(|message| message["type"] == "ack"), "what nobody has read isn't acknowledged");

    phone.press(say("join.covered.go")).await;
    phone.sees_the_conversation().await;
    phone.sees("Are you there?").await;
    phone.until("sound", HEARD).await;
    phone.receives(20, 5).await;
    assert_eq!(phone.live_tracks().await, [""; 0], "what was off stays off until it is pressed for");
    desk.sees_no_more(say("desk.talk.you.covered")).await;
    phone.press(say("say.bar.unmute")).await;
    desk.receives(20, 0).await;
    phone.press(say("say.bar.camera_on")).await;
    desk.receives(20, 5).await;
    assert_eq!(desk.live_tracks().await, ["audio", "video"], "nothing changed at the desk by itself");
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_sight_a_quiet_contact_is_silent_unheard_and_covered_until_carry_on_is_pressed_in_chromium() {
    quiet_until_carry_on(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_sight_a_quiet_contact_is_silent_unheard_and_covered_until_carry_on_is_pressed_in_firefox() {
    quiet_until_carry_on(Kind::Firefox).await;
}

/// Also the control of the test above: the same look finds sound that goes on.
async fn the_voice_goes_on(kind: Kind) {
    let world = World::alone().await;
    let (desk, phone) = talking(&world, kind, false).await;
    phone.open_tab(world.neutral.url()).await;
    desk.sees(say("desk.state.hidden")).await;
    desk.receives(20, 0).await;
    let (sound, pictures) = sent_in_a_while(&desk).await;
    // A voice that says nothing makes five packets in this time.
    assert!(sound > 3 && pictures <= STILL, "the camera is off: {sound} packets, {pictures} pictures");

    phone.first_tab().await;
    let seen = seen(&phone).await;
    assert_eq!(
        (seen.broken_promises(), seen.live.as_slice()),
        (vec!["sound", "tracks", "cover"], ["audio".to_owned()].as_slice()),
        "{seen:?}"
    );
    assert!(phone.ask::<bool>(HEARD).await, "and is heard all the time");
    phone.sees(say("say.trouble.dark")).await;
    desk.sees_no_more(say("desk.state.hidden")).await;
    phone.press(say("say.bar.camera_on")).await;
    phone.sees_no_more(say("say.trouble.dark")).await;
    desk.receives(20, 5).await;
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_sight_the_voice_goes_on_elsewhere_and_the_camera_goes_off_in_chromium() {
    the_voice_goes_on(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_sight_the_voice_goes_on_elsewhere_and_the_camera_goes_off_in_firefox() {
    the_voice_goes_on(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_covered_page_can_be_left_and_keeps_nothing() {
    let world = World::new().await;
    let (desk, phone) = talking(&world, Kind::Chromium, true).await;
    // Another page in the same tab is out of sight too.
    phone.go(world.neutral.url()).await;
    phone.driver().back().await.expect("goes back");
    is_covered(&phone).await;
    phone.leaves().await;
    phone.until("the neutral page", "() => location.pathname === '/weather'").await;
    desk.sees(say("desk.open.exit")).await;
    phone.go(&format!("{}/healthz", world.service.url())).await;
    assert_eq!(phone.ask::<Vec<String>>("() => Object.keys(localStorage).concat(Object.keys(sessionStorage))").await, [""; 0]);
    let sent = phone.journal().sent();
    let session = sent.iter().rev().find_map(|message| message["session"].as_str()).expect("the page said hello").to_owned();
    assert!(guest_line::is_worthless(world.service.url(), &session).await);
}

/// The control: a page that goes on as if somebody looked is found out.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stays_heard_and_seen_out_of_sight_is_found_out() {
    let pages = Planted::pages();
    pages.replace("join/main.js", "cover.outOfSight()", "false").replace("join/cover.js", "if (hidden) this.outOfSight();", "");
    let world = World::with(|settings| {
        settings.set("web.assets", &pages.path().display().to_string());
    })
    .await;
    let (_desk, phone) = talking(&world, Kind::Chromium, true).await;
    phone.open_tab(world.neutral.url()).await;
    phone.first_tab().await;
    let seen = seen(&phone).await;
    assert_eq!(seen.broken_promises(), ["sound", "tracks", "cover"], "{seen:?}");
}
