//! Quiet mode: the person reads and answers by taps. Nothing is heard on either side, and one press brings the sound back.

use serde::Deserialize;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::planted::Planted;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{PRACTITIONER, REFERENCE, World};
use std::time::Duration;

/// Milliseconds from the press until nothing is heard or sent of the room.
const PROMISED: f64 = 300.0;

/// Notes what is true when the press has been dealt with, and what was true when the page first sent anything after it.
const WATCH: &str = r"() => {
  const sound = document.getElementById('sound');
  const true_now = () => ({
    silent: sound.paused && !sound.srcObject,
    live: window.__test.live().sort(),
    dim: document.documentElement.hasAttribute('data-quiet'),
  });
  window.__quiet = { pressed: null, sent: null, connections: window.__test.connections.length };
  const send = WebSocket.prototype.send;
  let began = 0;
  WebSocket.prototype.send = function (text) {
    if (began && !window.__quiet.sent && /devices|page/.test(text)) window.__quiet.sent = true_now();
    return send.call(this, text);
  };
  addEventListener('click', () => { began = performance.now(); }, true);
  addEventListener('click', (event) => {
    if (window.__quiet.sent) window.__quiet.pressed = Object.assign(true_now(), { took: performance.now() - event.timeStamp });
  });
}";

/// Whether anything of the page sounds.
const HEARD: &str = "() => [...document.querySelectorAll('audio, video')].some((one) => !one.paused && !one.muted && !!one.srcObject)";
const DARK: &str = "() => document.documentElement.hasAttribute('data-quiet')";

#[derive(Debug, Deserialize)]
struct Noted {
    pressed: State,
    sent: State,
    connections: usize,
}

#[derive(Debug, Deserialize)]
struct State {
    silent: bool,
    live: Vec<String>,
    dim: bool,
    #[serde(default)]
    took: f64,
}

impl Noted {
    /// What was promised and didn't come about, when the press was dealt with and when the first word of it went out.
    fn broken_promises(&self) -> Vec<&'static str> {
        println!("quiet after {:.0} ms", self.pressed.took);
        let both = |kept: fn(&State) -> bool| kept(&self.pressed) && kept(&self.sent);
        let promises = [
            ("in time", self.pressed.took <= PROMISED),
            ("speaker", both(|one| one.silent)),
            ("microphone", both(|one| one.live == ["video"])),
            ("dim", both(|one| one.dim)),
        ];
        promises.into_iter().filter(|(_, kept)| !kept).map(|(what, _)| what).collect()
    }
}

/// A conversation by video, and quiet mode pressed for.
async fn goes_quiet(world: &World, kind: Kind) -> (Desk, Phone, Noted) {
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    let agreed = [(say("desk.form.word"), "lantern"), (say("desk.form.response"), "Ring her sister, then 999.")];
    let link = desk.plan_with(REFERENCE, &agreed).await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    phone.until("sound", HEARD).await;
    phone.press(say("say.bar.more")).await;
    phone.ask::<()>(WATCH).await;
    phone.press(say("say.quiet.do")).await;
    phone.until("what the page noted", "() => window.__quiet.pressed").await;
    let noted = phone.ask("() => window.__quiet").await;
    (desk, phone, noted)
}

async fn reads_and_taps(kind: Kind) {
    let world = World::alone().await;
    let (desk, phone, noted) = goes_quiet(&world, kind).await;
    assert_eq!(noted.broken_promises(), [""; 0], "{noted:?}");
    phone.sees(say("say.call.quiet")).await;
    desk.sees(say("desk.talk.quiet")).await;
    desk.sees(say("desk.state.quiet")).await;
    desk.sees(say("desk.talk.you.quiet.seen")).await;
    // What was on its way has arrived: nothing of the room is sent any more.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (sound, _) = desk.arrives_in(Duration::from_secs(2)).await;
    assert_eq!(sound, 0, "packets of sound");
    // The picture goes on over the same connection. On a busy machine it may be off for a minute, for the line's sake.
    desk.receives_within(Duration::from_secs(90), 0, 3).await;
    assert_eq!(phone.ask::<usize>("() => window.__test.connections.length").await, noted.connections);

    desk.says("Are you warm enough?").await;
    phone.sees("Are you warm enough?").await;
    phone.press(say("say.quiet.yes")).await;
    let answered = "() => [...document.querySelectorAll('.lines .theirs .body')].some((one) => one.textContent === 'Yes')";
    desk.until("the answer, as a text", answered).await;
    let sent = phone.journal().sent();
    let tapped = sent.iter().rev().find(|message| message["type"] == "text").expect("a text was sent");
    let fields: Vec<&String> = tapped.as_object().expect("is an object").keys().collect();
    assert_eq!(fields, ["type", "id", "body"], "nothing in it says that it was a tap");
    phone.press(say("say.quiet.type")).await;
    assert_eq!(phone.focused().await, say("join.room.write"));
    assert!(!phone.ask::<bool>(HEARD).await);

    // Loaded anew it is as quiet, and nothing of it sounds when the connection is there again; nor by "Carry on", since this
    // contact is covered out of sight besides.
    phone.reload().await;
    phone.press(say("join.covered.go")).await;
    phone.until_offered(say("say.quiet.wait")).await;
    phone.until("the conversation again", "() => window.__test.connections.some((one) => one.connectionState === 'connected')").await;
    phone.until("the picture", "async () => (await window.__test.media()).some((one) => one.frames > 5)").await;
    assert!(phone.ask::<bool>(DARK).await && !phone.ask::<bool>(HEARD).await);
    assert_eq!(phone.live_tracks().await, [""; 0]);
    assert!(!phone.offers(say("say.bar.unmute")).await, "the microphone isn't offered");
    desk.sees(say("desk.talk.quiet")).await;

    // The agreed word works as ever.
    phone.says("Is the lantern still there?").await;
    desk.sees(say("desk.alarm.head")).await;

    phone.press(say("say.quiet.off")).await;
    phone.until("sound", HEARD).await;
    assert!(!phone.ask::<bool>(DARK).await);
    assert_eq!(phone.live_tracks().await, [""; 0], "the microphone stays off");
    desk.sees_no_more(say("desk.talk.quiet")).await;
    phone.press(say("say.bar.unmute")).await;
    desk.receives(20, 0).await;
    assert_eq!(desk.live_tracks().await, ["audio", "video"], "nothing changed at the desk by itself");
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_phone_reads_taps_and_makes_no_sound_in_chromium() {
    reads_and_taps(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_phone_reads_taps_and_makes_no_sound_in_firefox() {
    reads_and_taps(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_and_waits_can_be_quiet_too_and_leaving_keeps_nothing_of_it() {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(Kind::Chromium).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock().await;
    phone.press(say("say.bar.more")).await;
    phone.press(say("say.quiet.do")).await;
    phone.until_offered(say("say.quiet.no")).await;
    desk.sees(say("desk.state.quiet")).await;
    desk.lets_in_and_starts().await;
    phone.sees_the_conversation().await;
    phone.press(say("say.quiet.no")).await;
    desk.sees(say("desk.talk.quiet")).await;
    assert!(phone.shows(PRACTITIONER).await && phone.ask::<bool>(DARK).await);
    phone.ends().await;
    phone.sees_goodbye().await;
    assert_eq!(phone.ask::<Vec<String>>("() => Object.keys(localStorage).concat(Object.keys(sessionStorage))").await, [""; 0]);
    phone.did_nothing_wrong().await;
}

/// The control: a page that only looks quiet is found out.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_only_looks_quiet_is_found_out() {
    let pages = Planted::pages();
    pages.replace("join/main.js", "state.quiet ? null : stream", "stream").replace(
        "join/quiet.js",
        "if (own && (own.microphoneOn || own.audio)) own.dropMicrophone();",
        "",
    );
    let world = World::with(|settings| {
        settings.set("web.assets", &pages.path().display().to_string());
    })
    .await;
    let (_desk, _phone, noted) = goes_quiet(&world, Kind::Chromium).await;
    assert_eq!(noted.broken_promises(), ["speaker", "microphone"], "{noted:?}");
}
