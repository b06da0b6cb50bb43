//! Staying together by a poor network: the phone's own, in front of everything it reaches.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, RelayChoice, Setup};
use sidelight_e2e::network::Conditions;
use sidelight_e2e::own_network::OwnNetwork;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::say;
use sidelight_e2e::world::{PHONE, World};
use std::time::{Duration, Instant};

/// What the page shows.
const SHOWN: &str = "document.body.innerText";

/// How soon both hear each other again once the network can carry it.
const SOON: Duration = Duration::from_secs(3);

/// A voice call with the phone behind a network of its own, by whichever of the relay's ways was first.
async fn call(kind: Kind) -> (World, OwnNetwork, Desk, Phone) {
    call_by(kind, Way::Voice, None).await
}

/// A call with the phone behind a network of its own.
async fn call_by(kind: Kind, way: Way, relay: Option<RelayChoice>) -> (World, OwnNetwork, Desk, Phone) {
    let world = World::alone_with_known_ports().await;
    let network = OwnNetwork::new(&world, 1).await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone_of(&network.of(Setup { relay, ..Setup::new(kind, PHONE) })).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, way).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
    assert!(network.web.carried_in_all().0 > 0, "page and socket go by this network");
    (world, network, desk, phone)
}

/// How long it takes until both hear each other again, at most a minute; nobody presses anything.
async fn heard_again(desk: &Desk, phone: &Phone) -> Duration {
    let begun = Instant::now();
    let minute = Duration::from_secs(60);
    tokio::join!(desk.receives_within(minute, 5, 0), phone.receives_within(minute, 5, 0));
    begun.elapsed()
}

async fn an_outage(kind: Kind) {
    let (_world, network, desk, phone) = call(kind).await;
    network.access.set(Conditions::outage());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(phone.arrives_in(Duration::from_millis(19_500)).await, (0, 0), "the control: media too goes by this network");
    network.access.set(Conditions::default());
    let took = heard_again(&desk, &phone).await;
    assert!(took < SOON, "it took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_hear_each_other_again_within_3_seconds_of_an_outage_of_20_seconds_in_chromium() {
    an_outage(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_hear_each_other_again_within_3_seconds_of_an_outage_of_20_seconds_in_firefox() {
    an_outage(Kind::Firefox).await;
}

async fn a_new_address(kind: Kind) {
    let over_udp = RelayChoice { transport: Some("udp"), ..RelayChoice::default() };
    let (_world, network, desk, phone) = call_by(kind, Way::Voice, Some(over_udp)).await;
    network.relay.rebind();
    let begun = Instant::now();
    // What was under way has come.
    tokio::time::sleep(Duration::from_millis(200)).await;
    heard_again(&desk, &phone).await;
    let took = begun.elapsed();
    println!("{kind:?}: {took:?}");
    assert!(took < SOON, "it took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_hear_each_other_again_within_3_seconds_of_a_new_address_in_chromium() {
    a_new_address(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_hear_each_other_again_within_3_seconds_of_a_new_address_in_firefox() {
    a_new_address(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_line_shrinks_the_picture_gives_way_to_the_voice() {
    let (_world, network, desk, phone) = call_by(Kind::Chromium, Way::Video, None).await;
    let wide = Conditions { kbits: Some(1_000), delay: Duration::from_millis(50), ..Conditions::default() };
    network.access.set(wide);
    phone.receives(100, 30).await;
    desk.receives(100, 30).await;
    network.access.set(Conditions { kbits: Some(40), ..wide });
    // Where even the voice suffers, that is said first.
    let off = ["say.call.picture_off", "say.call.picture_still", "say.call.poor"].map(say);
    let off = format!("() => {off:?}.some((one) => {SHOWN}.includes(one))");
    phone.until("word that the picture is off", &off).await;
    phone.until("no picture", "() => document.getElementById('picture').hidden").await;
    phone.receives(20, 0).await;
    desk.receives(20, 0).await;
    assert_eq!(phone.live_tracks().await, ["audio", "video"], "the camera is its person's to switch off");
}
