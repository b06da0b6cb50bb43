//! The relay: it carries calls in both browsers over every transport, and nothing goes past it.

use sidelight_e2e::addresses::telling;
use sidelight_e2e::browser::Browser;
use sidelight_e2e::driver::{Kind, RelayChoice, Setup};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::network::{Access, UdpProxy, has_client_hello};
use sidelight_e2e::phone::Way;
use sidelight_e2e::ports::{free_port, own_address};
use sidelight_e2e::words::say;
use sidelight_e2e::world::{LAPTOP, PHONE, World};
use std::net::SocketAddr;

fn signals(messages: &[serde_json::Value]) -> Vec<serde_json::Value> {
    messages
        .iter()
        .filter(|message| message["type"] == "signal")
        .map(|message| if message["act"].is_object() { message["act"]["signal"].clone() } else { message["signal"].clone() })
        .collect()
}

fn sent_signals(browser: &Browser) -> Vec<serde_json::Value> {
    let sent = browser.journal().sent();
    let of_the_desk = sent.iter().filter(|message| message["act"]["do"] == "signal").map(|message| message["act"]["signal"].clone());
    of_the_desk.chain(signals(&sent)).collect()
}

async fn nothing_goes_past_the_relay(desk: Kind, phone: Kind) {
    let world = World::new().await;
    let desk = world.desk(desk).await;
    let phone = world.phone(phone).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;

    for browser in [&*desk, &*phone] {
        let received = signals(&browser.journal().received());
        assert!(received.iter().any(|signal| signal["sdp"].is_string()), "{} received a description", browser.name);
        assert!(
            received.iter().any(|signal| signal.to_string().contains("typ relay")),
            "{} received a relay candidate: {received:?}",
            browser.name
        );
        let found: Vec<String> = received.iter().flat_map(telling).collect();
        assert_eq!(found, [""; 0], "{} learnt of the other side", browser.name);
        for connection in browser.journal().of("connection") {
            assert_eq!(connection.text("policy"), "relay", "{}", browser.name);
        }
        let media = browser.media().await;
        assert!(media.iter().filter(|one| one.state == "connected").all(|one| one.by_relay_alone()));
        // The control: what was sent did hold something that the service had to take out, in Firefox at least.
        if browser.kind == Kind::Firefox {
            assert!(
                sent_signals(browser).iter().any(|signal| !telling(signal).is_empty()),
                "the search finds addresses where there are some"
            );
        }
    }
    // Nor does any other message to one side hold an address of the other: only the relay's own, to reach it by.
    for browser in [&*desk, &*phone] {
        for message in browser.journal().received() {
            if message["type"] != "relay" && message["type"] != "signal" {
                let text = message.to_string();
                assert!(!text.contains("127.0.0.1") && !text.contains(&own_address().to_string()), "{}: {text}", browser.name);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_past_the_relay_from_firefox_to_chromium() {
    nothing_goes_past_the_relay(Kind::Chromium, Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_past_the_relay_from_chromium_to_firefox() {
    nothing_goes_past_the_relay(Kind::Firefox, Kind::Chromium).await;
}

/// How many calls in a row: each allocates anew.
fn calls() -> u32 {
    if std::env::var_os("SIDELIGHT_LONG").is_some() { 30 } else { 3 }
}

/// `transport`: `udp`, or `tcp` or `tls` on the web port.
async fn calls_go_through(kind: Kind, transport: &'static str, ordinary: bool) {
    let certificate = Folder::new("tls");
    let any_certificate = transport == "tls";
    let world = World::with(|settings| {
        if any_certificate {
            settings.under_tls(certificate.path());
        }
    })
    .await;
    let web = world.service.url().rsplit(':').next().and_then(|port| port.parse().ok());
    let relay = match transport {
        "udp" => Some(RelayChoice { transport: Some("udp"), ..RelayChoice::default() }),
        _ => Some(RelayChoice { transport: Some("tcp"), port: web, at: None }),
    };
    let desk = world.desk_of(&Setup { relay: relay.clone(), ordinary, any_certificate, ..Setup::new(kind, LAPTOP) }).await;
    let phone = world.phone_of(&Setup { relay, ordinary, any_certificate, ..Setup::new(kind, PHONE) }).await;
    for call in 1..=calls() {
        let reference = format!("Call {call}.");
        let link = desk.plan_as(&reference).await;
        phone.come_to_the_door(&link, Way::Video).await;
        desk.hears_a_knock_of(&reference).await;
        desk.admits().await;
        desk.knows_them().await;
        phone.receives(20, 5).await;
        desk.receives(20, 5).await;
        for browser in [&*desk, &*phone] {
            let media = browser.media().await;
            let used: Vec<_> = media.iter().filter(|one| one.state == "connected").filter_map(|one| one.transport.as_deref()).collect();
            assert_eq!(used, [transport], "{}: {media:?}", browser.name);
        }
        desk.ends().await;
        phone.sees_goodbye().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_calls_in_chromium_over_udp() {
    calls_go_through(Kind::Chromium, "udp", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_calls_in_chromium_over_tcp_on_the_web_port() {
    calls_go_through(Kind::Chromium, "tcp", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_calls_in_chromium_over_tls_on_the_web_port() {
    calls_go_through(Kind::Chromium, "tls", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_calls_in_firefox_over_udp() {
    calls_go_through(Kind::Firefox, "udp", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_calls_in_firefox_over_tcp_on_the_web_port() {
    calls_go_through(Kind::Firefox, "tcp", false).await;
}

/// Firefox as people have it takes no relay on 127.0.0.1; the relay is on the machine's own address too.
#[tokio::test(flavor = "multi_thread")]
async fn calls_in_an_ordinary_firefox() {
    calls_go_through(Kind::Firefox, "udp", true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_comes_up_though_the_first_client_hello_is_lost() {
    let address = own_address();
    let port = free_port();
    let world = World::with(|settings| {
        settings.set("relay.udp_port", &port.to_string());
    })
    .await;
    let proxy = UdpProxy::start(SocketAddr::new(address, port), &Access::new(1)).await;
    proxy.lose_the_first(has_client_hello);
    let relay = Some(RelayChoice { transport: Some("udp"), port: None, at: Some(proxy.address().to_string()) });
    let desk = world.desk_of(&Setup { relay: relay.clone(), ..Setup::new(Kind::Chromium, LAPTOP) }).await;
    let phone = world.phone_of(&Setup { relay, ..Setup::new(Kind::Chromium, PHONE) }).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Voice).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
    assert_eq!(proxy.picked(), 1, "the first ClientHello was lost on the way");
    phone.says("I hear you.").await;
    desk.sees("I hear you.").await;
    desk.press(say("desk.talk.mute")).await;
}
