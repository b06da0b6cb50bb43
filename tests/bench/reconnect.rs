//! `reconnect`: how long it takes after each kind of trouble until both hear each other again, without a press by anyone.

use crate::attempt::attempt;
use crate::row::{Figures, Row};
use crate::talk::{Heard, Pair, Talk, now};
use sidelight_e2e::driver::RelayChoice;
use sidelight_e2e::network::Conditions;
use sidelight_e2e::phone::Way;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(200);

/// The longest that is waited for.
const LONGEST: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    Outage(u64),
    NewAddress,
    NoUdp,
    Restart,
}

impl Trouble {
    const ALL: [Trouble; 5] = [Trouble::Outage(20), Trouble::Outage(110), Trouble::NewAddress, Trouble::NoUdp, Trouble::Restart];

    fn name(self) -> String {
        match self {
            Trouble::Outage(seconds) => format!("outage of {seconds} s"),
            Trouble::NewAddress => "new address of the phone".to_owned(),
            Trouble::NoUdp => "UDP blocked in the middle".to_owned(),
            Trouble::Restart => "service killed and started".to_owned(),
        }
    }

    /// What is promised.
    fn most(self) -> Option<f64> {
        matches!(self, Trouble::Outage(_) | Trouble::NewAddress).then_some(3.0)
    }
}

pub async fn measure(figures: &mut Figures) {
    for pair in Pair::asked() {
        for trouble in Trouble::ALL {
            if std::env::var("SIDELIGHT_TROUBLE").is_ok_and(|only| !trouble.name().contains(&only)) {
                continue;
            }
            let name = format!("{}: media again, {}", trouble.name(), pair.name());
            match attempt(PATIENCE, once(&pair, trouble)).await {
                Ok(took) => {
                    println!("  {name}: {took:.2} s");
                    figures.say(match trouble.most() {
                        Some(most) => Row::at_most(name, took, most, "s"),
                        None => Row::told(name, took, "s"),
                    });
                }
                Err(why) => figures.lacks(&name, &why),
            }
        }
    }
}

/// Seconds from when the network could carry it until both hear each other.
async fn once(pair: &Pair, trouble: Trouble) -> f64 {
    let udp = RelayChoice { transport: Some("udp"), ..RelayChoice::default() };
    let mut talk = Talk::begin(pair, Way::Voice, (trouble == Trouble::NewAddress).then_some(udp)).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    for page in [&*talk.desk, &*talk.phone] {
        page.ask::<()>(LOG).await;
    }
    let since = match trouble {
        Trouble::Outage(seconds) => {
            talk.network.access.set(Conditions::outage());
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            talk.network.access.set(Conditions::default());
            now()
        }
        Trouble::NewAddress => {
            talk.network.relay.rebind();
            now()
        }
        Trouble::NoUdp => {
            talk.network.access.block();
            now()
        }
        Trouble::Restart => {
            talk.start_again().await;
            now()
        }
    };
    let heard = talk.hear(LONGEST).await;
    // What was under way arrives in the first moments, whatever happened.
    let again = |heard: &[Heard]| {
        let flowing = heard.iter().filter(|one| one.at > since + 200.0).collect::<Vec<_>>();
        let first = flowing.windows(4).find(|some| some.windows(2).all(|two| two[1].packets > two[0].packets));
        first.map_or(f64::INFINITY, |some| (some[1].at - since) / 1000.0)
    };
    let [desk, phone] = [again(&heard[0]), again(&heard[1])];
    if desk.max(phone).is_infinite() {
        for (name, page) in [("desk", &*talk.desk), ("phone", &*talk.phone)] {
            println!("  {name}: {desk:.1} and {phone:.1} s; {}", page.ask::<String>(STATES).await);
        }
    }
    desk.max(phone)
}

/// What became of a page's connections, where nothing is heard any more.
const STATES: &str = r"async () => {
    const told = [];
    for (const one of window.__test.connections) {
        told.push([one.connectionState, one.iceConnectionState, one.iceGatheringState, one.signalingState]);
        if (one.connectionState === 'closed') continue;
        for (const { sender, currentDirection } of one.getTransceivers()) {
            const { track } = sender;
            told.push([currentDirection, track && [track.kind, track.enabled, track.muted, track.readyState], sender.getParameters().encodings]);
        }
        for (let look = 0; look < 2; look += 1) {
            for (const stat of (await one.getStats()).values()) {
                const { type, kind, packetsSent, packetsReceived, state, nominated, selected, bytesSent, bytesReceived } = stat;
                if (type === 'outbound-rtp' || type === 'inbound-rtp') told.push([type, kind, packetsSent, packetsReceived]);
                if (type === 'candidate-pair' && (nominated || selected || state === 'succeeded')) told.push([type, state, nominated, selected, bytesSent, bytesReceived]);
            }
            await new Promise((done) => setTimeout(done, 2000));
        }
    }
    return JSON.stringify(told) + ' LOG ' + JSON.stringify(window.__log);
}";

const LOG: &str = r"() => {
    const log = (window.__log = []);
    const begin = performance.now();
    const say = (...what) => log.push([Math.round(performance.now() - begin), ...what].join(' '));
    const one = window.__test.connections.filter((one) => one.connectionState !== 'closed').pop();
    for (const name of ['restartIce', 'setLocalDescription', 'setRemoteDescription']) {
        const real = one[name].bind(one);
        one[name] = (...args) => { say(name, args[0] && args[0].type, ((args[0] && args[0].sdp || '').match(/ice-ufrag:(\S+)/) || [])[1], one.signalingState); return real(...args); };
    }
    one.addEventListener('iceconnectionstatechange', () => say('ice', one.iceConnectionState));
    one.addEventListener('connectionstatechange', () => say('connection', one.connectionState));
}";
