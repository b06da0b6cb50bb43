//! `data-use`: what a minute of talking takes on the wire, each way, with everything that goes along: heads, RTCP, STUN, the page's
//! socket. Counted on the phone's line, where a person pays for it. Beside a call as a browser makes it by itself, over the same
//! relay and the same line in the same minutes.

use crate::attempt::attempt;
use crate::row::{Figures, Row};
use crate::talk::{Pair, Talk};
use serde_json::json;
use sidelight_e2e::browser::Browser;
use sidelight_e2e::phone::Way;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(420);
const SETTLED: Duration = Duration::from_secs(12);
const MINUTE: Duration = Duration::from_secs(60);

pub async fn measure(figures: &mut Figures) {
    for pair in Pair::asked() {
        for (way, what) in [(Way::Voice, "voice"), (Way::Video, "video")] {
            let name = format!("{what}, {}", pair.name());
            if let Err(why) = attempt(PATIENCE, once(&pair, way, &name, figures)).await {
                figures.lacks(&name, &why);
            }
        }
    }
}

/// kbit/s from the phone and to it.
#[derive(Clone, Copy)]
struct Rate {
    up: f64,
    down: f64,
}

impl Rate {
    fn worst(self) -> f64 {
        self.up.max(self.down)
    }

    /// Megabytes in half an hour, both ways together.
    fn half_an_hour(self) -> f64 {
        (self.up + self.down) * 1800.0 / 8000.0
    }
}

/// Bytes of UDP that went through the phone's line, both ways: all of the media, with its heads.
fn datagrams(talk: &Talk) -> f64 {
    let carried = talk.network.access.carried();
    (carried.up.datagrams.bytes + carried.down.datagrams.bytes) as f64
}

/// Bytes that the phone's page counts by the product's own meter, since this was asked first.
async fn metered(talk: &Talk) -> f64 {
    talk.phone.ask(METER).await
}

const METER: &str = r"async () => {
    const url = performance.getEntriesByType('resource').map((one) => one.name).find((one) => /call\/meter[^/]*js/.test(one));
    const { Meter } = await import(url);
    const meter = (window.__meter = window.__meter || new Meter());
    const open = window.__test.connections.filter((one) => one.connectionState !== 'closed').pop();
    meter.take(open, await open.getStats());
    return meter.used;
}";

/// Packets of the voice that the phone and the desk have sent.
async fn sent(talk: &Talk) -> [f64; 2] {
    [talk.phone.ask(SENT).await, talk.desk.ask(SENT).await]
}

const SENT: &str = r"async () => {
    const open = window.__test.connections.filter((one) => one.connectionState !== 'closed').pop();
    let packets = 0;
    for (const one of (await open.getStats()).values()) if (one.type === 'outbound-rtp' && one.kind === 'audio') packets += one.packetsSent;
    return packets;
}";

async fn rate(talk: &Talk, time: Duration) -> Rate {
    let before = talk.network.access.carried();
    tokio::time::sleep(time).await;
    let now = talk.network.access.carried();
    let kbits = |now: u64, before: u64| (now - before) as f64 * 8.0 / 1000.0 / time.as_secs_f64();
    let (up, down) = (now.up.carried().bytes, now.down.carried().bytes);
    Rate { up: kbits(up, before.up.carried().bytes), down: kbits(down, before.down.carried().bytes) }
}

async fn once(pair: &Pair, way: Way, name: &str, figures: &mut Figures) {
    let talk = Talk::begin(pair, way, None).await;
    tokio::time::sleep(SETTLED).await;
    let (told, passed) = (metered(&talk).await, datagrams(&talk));
    let ours = rate(&talk, MINUTE).await;
    let off = (metered(&talk).await - told) / (datagrams(&talk) - passed) - 1.0;
    println!("  {name}: {:.1} kbit/s from the phone, {:.1} to it; the page counts {:+.1} %", ours.up, ours.down, 100.0 * off);
    figures.say(Row::at_most(format!("what the page counts, off by, {name}"), 100.0 * off.abs(), 5.0, "%"));
    let mut spoken = None;
    if way == Way::Voice {
        loud(&talk.phone, true).await;
        loud(&talk.desk, false).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let first = rate(&talk, MINUTE / 2).await;
        loud(&talk.phone, false).await;
        loud(&talk.desk, true).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let second = rate(&talk, MINUTE / 2).await;
        loud(&talk.desk, false).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let before = sent(&talk).await;
        let silence = rate(&talk, MINUTE / 2).await;
        let [phone, desk] = sent(&talk).await.map(|now| now / (MINUTE / 2).as_secs_f64());
        let [up, down] = [silence.up, silence.down];
        let [phone, desk] = [phone - before[0] / 30.0, desk - before[1] / 30.0];
        println!("  {name}, silence: {up:.1} kbit/s from the phone in {phone:.1} packets/s, {down:.1} to it in {desk:.1}");
        spoken = Some((Rate { up: (first.up + second.up) / 2.0, down: (first.down + second.down) / 2.0 }, silence));
        loud(&talk.phone, true).await;
        loud(&talk.desk, true).await;
    }
    let plain = plain_call(&talk, way).await;
    println!("  {name}: as a browser makes it by itself {:.1} kbit/s from the phone, {:.1} to it", plain.up, plain.down);
    const PEER: &str = "a browser's own call:";
    match spoken {
        Some((turns, silence)) => {
            figures.say(Row::at_most(format!("speaking, worse way, {name}"), ours.worst(), 22.0, "kbit/s").beside(PEER, plain.worst()));
            let share = (ours.up / plain.up).max(ours.down / plain.down);
            figures.say(Row::at_most(format!("speaking, share of a browser's own call, {name}"), 100.0 * share, 40.0, "%"));
            figures.say(Row::at_most(format!("silence, worse way, {name}"), silence.worst(), 4.0, "kbit/s"));
            figures.say(Row::at_most(format!("half an hour, one at a time, {name}"), turns.half_an_hour(), 6.0, "MB"));
        }
        None => {
            figures.say(Row::at_most(format!("half an hour, {name}"), ours.half_an_hour(), 50.0, "MB").beside(PEER, plain.half_an_hour()))
        }
    }
}

/// Whether somebody speaks there; the room is heard in any case.
async fn loud(page: &Browser, speaks: bool) {
    page.ask::<()>(&format!("() => {{ window.__loudness.gain.value = {}; }}", u8::from(speaks))).await;
}

/// In place of the product's connections a plain one, with nothing set but that it goes by the relay.
async fn plain_call(talk: &Talk, way: Way) -> Rate {
    let video = way == Way::Video;
    let offer: String = talk.desk.ask(&format!("() => ({PLAIN})({video}, null)")).await;
    let answer: String = talk.phone.ask(&format!("() => ({PLAIN})({video}, {})", json!(offer))).await;
    talk.desk.ask::<()>(&format!("() => window.__plain.setRemoteDescription({{ type: 'answer', sdp: {} }})", json!(answer))).await;
    for page in [&*talk.desk, &*talk.phone] {
        page.until("the plain call", "() => window.__plain.connectionState === 'connected'").await;
    }
    tokio::time::sleep(SETTLED * 2).await;
    rate(talk, MINUTE / 2).await
}

/// An offer without another's, the answer to it with. Candidates are in it.
const PLAIN: &str = "async (video, offer) => {
    const [ours] = window.__test.connections.filter((one) => one.connectionState !== 'closed').slice(-1);
    const configuration = ours.getConfiguration();
    // The test's own class would point it to the proxies once more.
    const Plain = Object.getPrototypeOf(window.RTCPeerConnection);
    for (const one of window.__test.connections) one.close();
    const plain = (window.__plain = new Plain(configuration));
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
    stream.getTracks().forEach((track) => plain.addTrack(track, stream));
    const played = new Audio();
    plain.ontrack = ({ streams }) => { played.srcObject = streams[0]; played.play().catch(() => {}); };
    if (offer) await plain.setRemoteDescription({ type: 'offer', sdp: offer });
    await plain.setLocalDescription();
    const gathered = new Promise((done) => { plain.onicegatheringstatechange = () => plain.iceGatheringState === 'complete' && done(); });
    await Promise.race([gathered, new Promise((done) => setTimeout(done, 4000))]);
    return plain.localDescription.sdp;
}";
