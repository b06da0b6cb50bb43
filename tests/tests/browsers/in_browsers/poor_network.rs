//! Staying together by a poor network: the phone's own, in front of everything it reaches.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::network::Conditions;
use sidelight_e2e::own_network::OwnNetwork;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::world::{PHONE, World};
use std::time::{Duration, Instant};

/// How soon both hear each other again once the network can carry it.
const SOON: Duration = Duration::from_secs(3);

/// A voice call with the phone behind a network of its own, by whichever of the relay's ways was first.
async fn call(kind: Kind) -> (World, OwnNetwork, Desk, Phone) {
    let world = World::alone_with_known_ports().await;
    let network = OwnNetwork::new(&world, 1).await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone_of(&network.of(Setup::new(kind, PHONE))).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Voice).await;
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
