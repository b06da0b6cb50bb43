//! A call outlasts the credentials that it began with: whoever talks is given fresh ones in time, so that a new way to the
//! relay can be found at any moment. What the browser has for the way in use is then long over.

use sidelight_e2e::browser::Browser;
use sidelight_e2e::coturn::Transport;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::Way;
use sidelight_e2e::talker::{Credential, Talker};
use sidelight_e2e::world::World;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The relay's UDP address, and the credentials that the page was given, in order.
fn given(browser: &Browser) -> (SocketAddr, Vec<Credential>) {
    let messages: Vec<_> = browser.journal().received().into_iter().filter(|message| message["type"] == "relay").collect();
    let url = messages[0]["access"]["urls"][0].as_str().expect("an address");
    let relay = url.trim_start_matches("turn:").split('?').next().and_then(|address| address.parse().ok()).expect("UDP comes first");
    let text = |one: &serde_json::Value| one.as_str().expect("is there").to_owned();
    let credential = |one: &serde_json::Value| Credential { username: text(&one["username"]), password: text(&one["credential"]) };
    (relay, messages.iter().map(|message| credential(&message["access"])).collect())
}

fn expires(credential: &Credential) -> u64 {
    credential.username.split(':').next().and_then(|seconds| seconds.parse().ok()).expect("begins with its expiry")
}

async fn opens(relay: SocketAddr, credential: &Credential) -> Result<SocketAddr, u16> {
    Talker::new(relay, Transport::Udp, credential).await.allocate().await
}

/// What names the way in use on this side: the port of its allocation in the relay.
async fn way(browser: &Browser) -> Option<u16> {
    browser.media().await.first().and_then(|one| one.local_port)
}

/// Talks for so long with credentials that are over after so many seconds; restarts ICE when about two thirds are over.
async fn a_call_outlasts_its_credentials(kinds: (Kind, Kind)) {
    let (seconds, length) = if std::env::var_os("SIDELIGHT_LONG").is_some() { (60, 300) } else { (6, 18) };
    let length = Duration::from_secs(length);
    let world = World::with(|settings| {
        settings.set("relay.credential_seconds", &seconds.to_string());
    })
    .await;
    let desk = world.desk(kinds.0).await;
    let phone = world.phone(kinds.1).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.lets_in_and_starts().await;
    let start = Instant::now();
    let both_receive_until = async |moment: Duration| {
        loop {
            tokio::join!(desk.receives(20, 5), phone.receives(20, 5));
            if start.elapsed() >= moment {
                break;
            }
        }
    };
    both_receive_until(length * 2 / 3).await;

    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let mut ways = Vec::new();
    for browser in [&*desk, &*phone] {
        let (relay, credentials) = given(browser);
        let (first, last) = (&credentials[0], credentials.last().expect("at least one"));
        assert!(expires(first) < now, "{}: what it began with is over", browser.name);
        assert_eq!(opens(relay, first).await, Err(401), "{}: and opens nothing", browser.name);
        assert!(opens(relay, last).await.is_ok(), "{}: what it was given last does", browser.name);
        let way = way(browser).await;
        assert!(way.is_some(), "{}: it is by the relay", browser.name);
        ways.push(way);
    }
    desk.ask::<()>("() => { const all = window.__test.connections; all[all.length - 1].restartIce(); }").await;
    for (browser, old) in [&*desk, &*phone].into_iter().zip(&ways) {
        let restarted = Instant::now();
        loop {
            let new = way(browser).await;
            if new.is_some() && new != *old {
                break;
            }
            if restarted.elapsed() > Duration::from_secs(15) {
                browser.fail("no new way was found").await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    // Until then the old way carried on. Now it is the new one.
    both_receive_until(length).await;
    for browser in [&*desk, &*phone] {
        let media = browser.media().await;
        assert!(media.len() == 1 && media[0].state == "connected" && media[0].by_relay_alone(), "{}: {media:?}", browser.name);
        assert_eq!(browser.journal().of("connection").len(), 1, "{}: it is the same connection", browser.name);
        let made_by = given(browser).1.len();
        println!("{} ({:?}): {made_by} credentials in {:.0} s", browser.name, browser.kind, start.elapsed().as_secs_f32());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_outlasts_its_credentials_and_finds_a_new_way_from_chromium_to_firefox() {
    a_call_outlasts_its_credentials((Kind::Chromium, Kind::Firefox)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_outlasts_its_credentials_and_finds_a_new_way_from_firefox_to_chromium() {
    a_call_outlasts_its_credentials((Kind::Firefox, Kind::Chromium)).await;
}
