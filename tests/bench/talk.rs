//! A conversation to measure: someone speaks at both ends, the phone is behind a network of its own, and each page notes what it
//! hears and sees, five times a second, by the counters of what arrives.

use serde::Deserialize;
use serde_json::json;
use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, RelayChoice, Setup};
use sidelight_e2e::own_network::OwnNetwork;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::sound_card::SoundCard;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{LAPTOP, PHONE, World};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Who talks with whom, and how.
#[derive(Clone, Debug)]
pub struct Pair {
    pub desk: Kind,
    pub phone: Kind,
}

impl Pair {
    /// Each browser as sender and as receiver.
    pub const ALL: [Pair; 3] = [
        Pair { desk: Kind::Chromium, phone: Kind::Chromium },
        Pair { desk: Kind::Chromium, phone: Kind::Firefox },
        Pair { desk: Kind::Firefox, phone: Kind::Chromium },
    ];

    pub fn name(&self) -> String {
        format!("desk {:?}, phone {:?}", self.desk, self.phone)
    }

    /// Those that were asked for by `SIDELIGHT_PAIR`, such as `chromium-firefox` (desk, phone); all if none was.
    pub fn asked() -> Vec<Pair> {
        let asked = std::env::var("SIDELIGHT_PAIR").unwrap_or_default();
        let named = |pair: &Pair| format!("{:?}-{:?}", pair.desk, pair.phone).to_lowercase();
        Pair::ALL.into_iter().filter(|pair| asked.is_empty() || named(pair) == asked).collect()
    }
}

/// The conversation, until it is dropped.
pub struct Talk {
    pub network: OwnNetwork,
    pub desk: Desk,
    pub phone: Phone,
    world: World,
    _card: SoundCard,
}

/// What a page had received at a moment, in all of its connections together, since it began.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Heard {
    /// Milliseconds since 1970, on the machine's clock.
    pub at: f64,
    /// Samples played, and those among them that had to be made up (W3C: `totalSamplesReceived`, `concealedSamples`).
    pub played: f64,
    pub made_up: f64,
    pub packets: f64,
    /// Pictures decoded.
    pub frames: f64,
    /// Seconds in which the picture stood still though it should move.
    pub frozen: f64,
    /// Whether the page shows the words for a picture that is off, and for one that may be tried again.
    pub off: bool,
    pub offered: bool,
}

impl Talk {
    /// Both are in the conversation, and hear each other.
    pub async fn begin(pair: &Pair, way: Way, relay: Option<RelayChoice>) -> Talk {
        let world = World::alone_with_known_ports().await;
        let network = OwnNetwork::new(&world, 1).await;
        let card = SoundCard::start().await;
        // Chromium has a loudspeaker of its own making where there is none.
        let of = |kind: Kind, size| Setup {
            talks: true,
            sound: if kind == Kind::Firefox { card.environment() } else { vec![] },
            ..Setup::new(kind, size)
        };
        let desk = world.desk_of(&of(pair.desk, LAPTOP)).await;
        let phone = world.phone_of(&network.of(Setup { relay, ..of(pair.phone, PHONE) })).await;
        let link = desk.plan().await;
        phone.come_to_the_door(&link, way).await;
        desk.lets_in_and_starts().await;
        phone.receives(20, 0).await;
        desk.receives(20, 0).await;
        let words = json!({ "off": say("say.call.picture_off"), "offered": say("say.call.try_picture") });
        let listen = LISTEN.replace("WORDS", &words.to_string());
        for page in [&*desk, &*phone] {
            page.ask::<()>(&listen).await;
            if is_traced() {
                page.ask::<()>(TRACE).await;
            }
        }
        Talk { network, desk, phone, world, _card: card }
    }

    /// The service is killed and started again.
    pub async fn start_again(&mut self) {
        self.world.service.kill().await;
        self.world.start_again().await;
    }

    /// What each side heard in a time, from now on: the desk, the phone.
    pub async fn hear(&self, time: Duration) -> [Vec<Heard>; 2] {
        let since = now();
        tokio::time::sleep(time).await;
        [self.heard(&self.desk, since).await, self.heard(&self.phone, since).await]
    }

    /// Where `SIDELIGHT_TRACE` is set, prints what both ladders read and planned since a moment.
    pub async fn show_trace(&self, since: f64) {
        if !is_traced() {
            return;
        }
        for (name, page) in [("desk", &*self.desk), ("phone", &*self.phone)] {
            let traced: String = page.ask(&format!("() => ({TRACED})({since})")).await;
            println!("{name}\n{traced}");
        }
    }

    /// What a page noted since then.
    pub async fn heard(&self, page: &Browser, since: f64) -> Vec<Heard> {
        page.ask(&format!("() => window.__heard.filter((one) => one.at >= {since})")).await
    }
}

/// Watching costs a look at each connection more, so that nobody is watched who isn't asked after.
fn is_traced() -> bool {
    std::env::var_os("SIDELIGHT_TRACE").is_some()
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// The share of what was played that had to be made up.
pub fn made_up(heard: &[Heard]) -> f64 {
    let (Some(first), Some(last)) = (heard.first(), heard.last()) else { return f64::NAN };
    (last.made_up - first.made_up) / (last.played - first.played).max(1.0)
}

/// Seconds after `since` from which the voice stays clean: no second after that has more than 5 % made up. None if it never is.
pub fn clean_after(heard: &[Heard], since: f64) -> Option<f64> {
    const SECOND: usize = 5;
    let unclean = heard.windows(SECOND + 1).rev().find(|second| made_up(second) > 0.05);
    let at = unclean.map_or(since, |second| second[SECOND].at);
    let last = heard.last().map_or(since, |one| one.at);
    (last - at > 5000.0).then_some((at - since).max(0.0) / 1000.0)
}

/// Notes what arrives, for as long as the page lives; at most ten minutes of it.
const LISTEN: &str = "() => {
    const heard = (window.__heard = []);
    const seen = new Map();
    const words = WORDS;
    const look = async () => {
        const open = window.__test.connections.filter((one) => one.connectionState !== 'closed');
        await Promise.all(open.map(async (one) => {
            const counted = { played: 0, made_up: 0, packets: 0, frames: 0, frozen: 0 };
            const stats = await Promise.race([one.getStats(), new Promise((done) => setTimeout(done, 150, null))]);
            if (!stats) return;
            stats.forEach((stat) => {
                if (stat.type !== 'inbound-rtp') return;
                if (stat.kind === 'audio') {
                    counted.played += stat.totalSamplesReceived || 0;
                    counted.made_up += stat.concealedSamples || 0;
                    counted.packets += stat.packetsReceived || 0;
                } else {
                    counted.frames += stat.framesDecoded || 0;
                    counted.frozen += stat.totalFreezesDuration || 0;
                }
            });
            seen.set(one, counted);
        }));
        const all = { at: performance.timeOrigin + performance.now(), played: 0, made_up: 0, packets: 0, frames: 0, frozen: 0 };
        for (const counted of seen.values()) for (const name of Object.keys(counted)) all[name] += counted[name];
        const text = document.body.innerText;
        all.off = text.includes(words.off);
        all.offered = text.includes(words.offered);
        heard.push(all);
        if (heard.length > 3000) heard.shift();
    };
    setInterval(look, 200);
}";

/// Notes what the ladder reads and what it plans, beside what is sent: modules are one for the whole page, so its own is found and
/// watched. For whoever asks why a figure is what it is.
const TRACE: &str = r"async () => {
    const traced = (window.__traced = []);
    const url = performance.getEntriesByType('resource').map((one) => one.name).find((one) => /call\/ladder[^/]*js/.test(one));
    const { Ladder } = await import(url);
    const { read } = Ladder.prototype;
    Ladder.prototype.read = function (reading) {
        const plan = read.call(this, reading);
        const entry = Object.assign({}, reading, { at: performance.timeOrigin + performance.now(), plan, asked: this._asked });
        traced.push(entry);
        if (traced.length > 1000) traced.shift();
        const open = window.__test.connections.filter((one) => one.connectionState !== 'closed').pop();
        if (open) open.getStats().then((stats) => stats.forEach((one) => {
            if (one.type === 'outbound-rtp') entry[one.kind] = one.packetsSent + (one.retransmittedPacketsSent ? '+' + one.retransmittedPacketsSent : '');
        }));
        return plan;
    };
}";

/// What was noted since a moment, a line for each reading.
const TRACED: &str = r"(since) => window.__traced.filter((one) => one.at >= since).map((one) => {
    const told = ['rate', 'roundTrip', 'lostOut', 'lostIn', 'concealed', 'frozen'].map((name) => name + ' ' + (typeof one[name] === 'number' ? Math.round(one[name] * 100) / 100 : '-'));
    const { rung, voice, picture, ask, says } = one.plan;
    const planned = [rung, voice.bitrate + '/' + voice.redundancy, picture ? picture.bitrate : '-', 'ask ' + ask, 'asked ' + one.asked, says || '-'];
    return [((one.at - since) / 1000).toFixed(1), ...told, one.limit, ...planned, 'sent ' + one.audio, one.video].join('  ');
}).join('\n')";
