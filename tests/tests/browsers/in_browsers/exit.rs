//! "Leave this page": it works at once, in the waiting room and in the call, also where the network has stopped.

use serde::Deserialize;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, RelayChoice, Setup};
use sidelight_e2e::guest_line;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::planted::Planted;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{GREETING, PHONE, PRACTITIONER, World};
use std::time::{Duration, Instant};
use thirtyfour::Key;

/// Milliseconds from the press until nothing of the page is on the screen, until camera and microphone are off, and until
/// the browser keeps nothing of the place.
const COVERED: f64 = 100.0;
const STOPPED: f64 = 300.0;
const FORGOTTEN: f64 = 300.0;

/// Follows the page frame by frame from the press on. It cannot be asked while the next one is awaited, and is gone
/// afterwards: so it writes down what is true, where the test finds it.
const WATCH: &str = r"() => {
  const seen = { pressed: null, covered: null, stopped: null, forgotten: null, gone: null, live: window.__test.live().length, kept: [] };
  const now = () => performance.timeOrigin + performance.now();
  const look = (at) => {
    const shown = [document.body, ...document.body.querySelectorAll('*')].some((one) => one.getClientRects().length > 0);
    if (seen.covered === null && !shown) seen.covered = at;
    seen.live = window.__test.live().length;
    if (seen.stopped === null && seen.live === 0) seen.stopped = at;
    seen.kept = Object.keys(localStorage).filter((key) => key !== 'seen').concat(Object.keys(sessionStorage));
    if (seen.forgotten === null && seen.kept.length === 0) seen.forgotten = at;
    localStorage.setItem('seen', JSON.stringify(seen));
  };
  const frame = () => {
    // A message comes after the frame has been drawn.
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => look(now());
    port1.postMessage(null);
    if (now() - seen.pressed < 1500) requestAnimationFrame(frame);
  };
  let shifts = 0;
  const pressed = (event) => {
    if (seen.pressed !== null || (event.type === 'keydown' && (event.key !== 'Shift' || ++shifts < 3))) return;
    seen.pressed = now();
    requestAnimationFrame(frame);
  };
  addEventListener('click', pressed, true);
  addEventListener('keydown', pressed, true);
  addEventListener('pagehide', () => {
    seen.gone = now();
    look(seen.gone);
  });
  localStorage.setItem('seen', JSON.stringify(seen));
  return seen.live;
}";

/// What the page saw of its own leaving, in milliseconds on the machine's clock.
#[derive(Debug, Deserialize)]
struct Seen {
    pressed: Option<f64>,
    covered: Option<f64>,
    stopped: Option<f64>,
    /// Measured, since the service may end the place as well, later, and the page then forgets it.
    forgotten: Option<f64>,
    /// When the next page took its place.
    gone: Option<f64>,
    /// Tracks that lived when it last looked.
    live: u32,
    /// What the browser keeps besides what this test wrote.
    kept: Vec<String>,
}

impl Seen {
    /// What the page wrote down, read from another page of the same service.
    async fn written_by(phone: &Phone, service: &str) -> Seen {
        phone.go(&format!("{service}/healthz")).await;
        phone.until("the next page", "() => location.pathname === '/healthz'").await;
        let seen = phone.ask("() => JSON.parse(localStorage.getItem('seen'))").await;
        phone.ask::<()>("() => localStorage.removeItem('seen')").await;
        seen
    }

    /// What was promised and didn't come about.
    fn broken_promises(&self) -> Vec<&'static str> {
        let pressed = self.pressed.expect("the press was seen");
        // A page that is gone shows nothing, and its tracks are gone with it; but they have to be stopped before.
        let covered = self.covered.or(self.gone).map(|at| at - pressed);
        let stopped = self.stopped.map(|at| at - pressed);
        let forgotten = self.forgotten.map(|at| at - pressed);
        let gone = self.gone.map(|at| at - pressed);
        println!("covered after {covered:?} ms, stopped after {stopped:?} ms, forgotten after {forgotten:?} ms, gone after {gone:?} ms");
        let mut broken = Vec::new();
        if !covered.is_some_and(|took| took <= COVERED) {
            broken.push("cover");
        }
        if !stopped.is_some_and(|took| took <= STOPPED) || self.live > 0 {
            broken.push("tracks");
        }
        if !forgotten.is_some_and(|took| took <= FORGOTTEN) || !self.kept.is_empty() {
            broken.push("token");
        }
        broken
    }
}

/// How the person leaves.
#[derive(Clone, Copy)]
enum Exit {
    Press,
    ShiftThreeTimes,
}

/// A phone that reaches everything, media too, by the network that the test can freeze.
async fn phone_on_the_network(world: &World, kind: Kind) -> Phone {
    let relay = Some(RelayChoice { transport: Some("tcp"), port: Some(world.network().port()), at: None });
    world.phone_of(&Setup { relay, waits_for_pages: false, ..Setup::new(kind, PHONE) }).await
}

/// Somebody comes with a new link and waits, or talks, with camera and microphone on, and leaves.
struct Case {
    reference: &'static str,
    talks: bool,
    exit: Exit,
}

const CASES: [Case; 4] = [
    Case { reference: "Online, waiting", talks: false, exit: Exit::ShiftThreeTimes },
    Case { reference: "Online, talking", talks: true, exit: Exit::Press },
    Case { reference: "Frozen, waiting", talks: false, exit: Exit::Press },
    Case { reference: "Frozen, talking", talks: true, exit: Exit::ShiftThreeTimes },
];

impl Case {
    /// The link.
    async fn comes(&self, desk: &Desk, phone: &Phone) -> String {
        let link = desk.plan_as(self.reference).await;
        phone.come_to_the_door(&link, Way::Video).await;
        if self.talks {
            desk.hears_a_knock_of(self.reference).await;
            desk.admits().await;
            desk.knows_them().await;
            phone.receives(20, 5).await;
        }
        phone.until("camera and microphone on", "() => window.__test.live().length === 2").await;
        assert_eq!(phone.ask::<Vec<String>>("() => Object.keys(localStorage)").await, ["page"], "what the phone keeps of the place");
        assert_eq!(phone.ask::<u32>(WATCH).await, 2);
        link
    }

    async fn leaves(&self, phone: &Phone) {
        match self.exit {
            Exit::Press => phone.leaves().await,
            Exit::ShiftThreeTimes => {
                let mut keys = phone.driver().action_chain();
                for _ in 0..3 {
                    keys = keys.key_down(Key::Shift).key_up(Key::Shift);
                }
                keys.perform().await.expect("types");
            }
        }
    }

    async fn leaves_online(&self, world: &World, desk: &Desk, phone: &Phone) -> Seen {
        let link = self.comes(desk, phone).await;
        self.leaves(phone).await;
        phone.until("the neutral page", "() => location.pathname === '/weather'").await;
        desk.pick(self.reference).await;
        desk.sees(say("desk.open.exit")).await;
        let seen = Seen::written_by(phone, world.service.url()).await;
        let session = session_of(phone);
        assert!(guest_line::is_worthless(world.service.url(), &session).await, "the session opens nothing any more");
        phone.open(&link).await;
        phone.sees(say("join.finished.title")).await;
        seen
    }

    /// While nothing passes, not even the neutral page.
    async fn leaves_frozen(&self, world: &World, desk: &Desk, phone: &Phone) -> Seen {
        self.comes(desk, phone).await;
        world.network().freeze();
        self.leaves(phone).await;
        // Long enough for a page to break every promise. It can't be asked: browsers' drivers wait for the next page.
        tokio::time::sleep(Duration::from_millis(1700)).await;
        world.network().thaw();
        phone.until("the neutral page", "() => location.pathname === '/weather'").await;
        Seen::written_by(phone, world.service.url()).await
    }
}

/// The session that the phone's page said hello with.
fn session_of(phone: &Phone) -> String {
    let sent = phone.journal().sent();
    let last = sent.iter().rev().find_map(|message| message["session"].as_str());
    last.expect("the page said hello").to_owned()
}

async fn leaving_works_at_once(kind: Kind) {
    let world = World::alone_behind_a_network(|_| {}).await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = phone_on_the_network(&world, kind).await;
    for case in &CASES {
        let frozen = case.reference.starts_with("Frozen");
        let seen = if frozen { case.leaves_frozen(&world, &desk, &phone).await } else { case.leaves_online(&world, &desk, &phone).await };
        assert_eq!(seen.broken_promises(), [""; 0], "{}: {seen:?}", case.reference);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_works_at_once_also_with_the_network_frozen_in_chromium() {
    leaving_works_at_once(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_works_at_once_also_with_the_network_frozen_in_firefox() {
    leaving_works_at_once(Kind::Firefox).await;
}

/// The control: pages that neither cover themselves nor stop anything nor forget are found out.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_leaves_badly_is_found_out() {
    let pages = Planted::pages();
    pages
        .replace("join/first.js", "document.documentElement.className = \"left\";", "")
        .replace("join/first.js", "document.dispatchEvent(new Event(\"leaving\"));", "")
        .replace("join/first.js", "localStorage.removeItem(\"page\");", "");
    let world = World::alone_behind_a_network(|settings| {
        settings.set("web.assets", &pages.path().display().to_string());
    })
    .await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = phone_on_the_network(&world, Kind::Chromium).await;
    let seen = CASES[3].leaves_frozen(&world, &desk, &phone).await;
    assert_eq!(seen.broken_promises(), ["cover", "tracks", "token"], "{seen:?}");
}

/// Whoever takes the phone and goes back finds nothing: neither where the page was left nor where it was open before.
async fn going_back_shows_nothing(kind: Kind) {
    let world = World::new().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    // Messages, the page, another page, and the page once more: two entries of the history were it.
    phone.go(world.neutral.url()).await;
    phone.come_to_the_door(&link, Way::Voice).await;
    phone.go(world.neutral.url()).await;
    phone.go(&link).await;
    phone.sees_the_waiting_room().await;
    desk.lets_in_and_starts().await;
    phone.sees_the_conversation().await;
    desk.says("Only for Jo.").await;
    phone.sees("Only for Jo.").await;
    phone.leaves().await;
    phone.until("the neutral page", "() => location.pathname === '/weather'").await;

    for step in 1..=3 {
        let _nothing_before = phone.driver().back().await;
        phone.until("a page", "() => document.readyState === 'complete' && document.body.innerText.trim() !== ''").await;
        // What a page brought back from the browser's memory would do by itself, it does in this time.
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(600) {
            for telling in [PRACTITIONER, GREETING, "Only for Jo."] {
                assert!(!phone.shows(telling).await, "{step} steps back: “{telling}”");
            }
            let inside = "() => ['waiting', 'call', 'talk', 'check'].some((id) => { const one = document.getElementById(id); return one && !one.hidden; })";
            assert!(!phone.ask::<bool>(inside).await, "{step} steps back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(!phone.address().await.contains('#'));
    }
    assert_eq!(phone.live_tracks().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_after_leaving_shows_nothing_in_chromium() {
    going_back_shows_nothing(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_after_leaving_shows_nothing_in_firefox() {
    going_back_shows_nothing(Kind::Firefox).await;
}
