//! Trying sound and picture in the waiting room.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::network::Conditions;
use sidelight_e2e::own_network::OwnNetwork;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::{PHONE, World};
use std::time::{Duration, Instant};

/// What a check may take.
const SECONDS: Duration = Duration::from_secs(10);
const BYTES: u64 = 300_000;

/// The connections of the page that are open.
const OPEN: &str = "window.__test.connections.filter((one) => one.signalingState !== 'closed').length";

/// The practitioner's page is open and the person waits, behind a network of their own.
async fn waiting(kind: Kind, way: Way) -> (World, OwnNetwork, Desk, Phone) {
    let world = World::alone_with_known_ports().await;
    let network = OwnNetwork::new(&world, 1).await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone_of(&network.of(Setup::new(kind, PHONE))).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, way).await;
    phone.is_known_to_wait().await;
    // What a conversation needs is fetched meanwhile.
    tokio::time::sleep(Duration::from_secs(2)).await;
    (world, network, desk, phone)
}

/// All bytes that the person's network has carried, with every head.
fn carried(network: &OwnNetwork) -> u64 {
    let carried = network.access.carried();
    [carried.up, carried.down].iter().map(|way| way.datagrams.bytes + way.segments.bytes + way.lost.bytes).sum()
}

/// Presses, and waits until all is known of line and microphone; how long that took.
async fn tries(phone: &Phone, way: Way) -> Duration {
    let begun = Instant::now();
    phone.press(say(if way == Way::Video { "say.prepare.title.video" } else { "say.prepare.title.voice" })).await;
    phone
        .until_within(
            "the end of it",
            Duration::from_secs(30),
            &format!("() => document.getElementById('trial')?.innerText.includes({:?})", say("say.try.done")),
        )
        .await;
    begun.elapsed()
}

async fn a_check(kind: Kind) {
    let (_world, network, desk, phone) = waiting(kind, Way::Video).await;
    let before = carried(&network);
    let took = tries(&phone, Way::Video).await;
    let bytes = carried(&network) - before;
    println!("{kind:?}: {took:?}, {bytes} bytes: {}", phone.ask::<String>("() => document.getElementById('trial').innerText").await);
    assert!(took < SECONDS, "{took:?}");
    assert!(bytes < BYTES && bytes > 50_000, "{bytes} bytes");
    // Some browsers run no sound machinery where there is no loudspeaker; then nothing is said of what the microphone hears.
    let measured = kind == Kind::Chromium || phone.shows(say("say.try.microphone.works")).await;
    let microphone = if measured { "say.try.microphone.works" } else { "say.prepare.on" };
    for found in ["say.try.line.good", microphone, "say.try.camera.works"] {
        phone.sees(say(found)).await;
    }
    let of = |parts: &[&str]| parts.iter().map(|part| say(&format!("desk.checked.{part}"))).collect::<Vec<_>>().join(", ");
    let known = ["connection.good", if measured { "microphone.works" } else { "microphone.on" }, "camera.works"];
    desk.sees(&say_with("desk.checked", &[("found", &of(&known))])).await;
    assert_eq!(phone.ask::<u32>(&format!("() => {OPEN}")).await, 0, "its connections are closed");

    assert_eq!(phone.journal().of("sound").len(), 0, "no sound but by its own press");
    phone.press(say("say.try.play")).await;
    phone.sees(say("say.try.heard")).await;
    assert!(!phone.journal().of("sound").is_empty());
    phone.press(say("say.try.yes")).await;
    phone.sees(say("say.try.speaker.heard")).await;
    desk.sees(&say_with("desk.checked", &[("found", &of(&[&known[..], &["speaker.heard"]].concat()))])).await;
    phone.press(say("say.try.done")).await;
    phone.until_offered(say("say.prepare.title.video")).await;
    assert_eq!(phone.live_tracks().await, ["audio", "video"], "what was on stays on");

    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_10_seconds_and_300_kilobytes_tells_both_sides_that_all_is_well_in_chromium() {
    a_check(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_10_seconds_and_300_kilobytes_tells_both_sides_that_all_is_well_in_firefox() {
    a_check(Kind::Firefox).await;
}

async fn without_udp(kind: Kind) {
    let (_world, network, _desk, phone) = waiting(kind, Way::Voice).await;
    network.access.block();
    let took = tries(&phone, Way::Voice).await;
    println!("{kind:?} without UDP: {took:?}");
    assert!(took < SECONDS, "{took:?}");
    phone.sees(say("say.try.line.good")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_udp_is_blocked_the_check_goes_by_the_way_that_the_call_will_go_in_chromium() {
    without_udp(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_udp_is_blocked_the_check_goes_by_the_way_that_the_call_will_go_in_firefox() {
    without_udp(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_slow_line_the_check_advises_voice_and_takes_no_longer() {
    let (_world, network, desk, phone) = waiting(Kind::Chromium, Way::Voice).await;
    network.access.set(Conditions { kbits: Some(64), delay: Duration::from_millis(150), ..Conditions::default() });
    let before = carried(&network);
    let took = tries(&phone, Way::Voice).await;
    println!("slow line: {took:?}, {} bytes", carried(&network) - before);
    assert!(took < SECONDS, "{took:?}");
    phone.sees(say("say.try.line.poor")).await;
    desk.sees(say("desk.checked.connection.poor")).await;
}

async fn let_in(kind: Kind) {
    let (_world, _network, desk, phone) = waiting(kind, Way::Video).await;
    phone.press(say("say.prepare.title.video")).await;
    phone.until("both ends of it", &format!("() => {OPEN} === 2")).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    assert_eq!(phone.ask::<u32>(&format!("() => {OPEN}")).await, 1, "the call's connection alone is open");
    assert!(phone.ask::<bool>("() => !document.getElementById('trial')").await);
    assert_eq!(phone.live_tracks().await, ["audio", "video"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_let_in_during_a_check_is_in_the_call_as_ever_in_chromium() {
    let_in(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_let_in_during_a_check_is_in_the_call_as_ever_in_firefox() {
    let_in(Kind::Firefox).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_microphone_that_was_off_is_off_again_after_the_check_and_as_soon_as_nobody_looks() {
    let (world, _network, _desk, phone) = waiting(Kind::Chromium, Way::Voice).await;
    // After a reload nothing is on until it is pressed for.
    phone.reload().await;
    phone.sees_the_waiting_room().await;
    phone.until_offered(say("say.prepare.title.voice")).await;
    assert!(phone.live_tracks().await.is_empty());
    tries(&phone, Way::Voice).await;
    phone.sees(say("say.try.microphone.works")).await;
    assert!(phone.live_tracks().await.is_empty(), "off as soon as all is known");
    phone.press(say("say.try.done")).await;

    phone.press(say("say.prepare.title.voice")).await;
    phone.until("the microphone", "() => window.__test.live().includes('audio')").await;
    phone.open_tab(world.neutral.url()).await;
    phone.first_tab().await;
    assert!(phone.ask::<bool>("() => !document.getElementById('trial')").await, "it ended as nobody looked");
    assert!(phone.live_tracks().await.is_empty());
    assert_eq!(phone.ask::<u32>(&format!("() => {OPEN}")).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_is_stopped_by_one_press() {
    let (_world, _network, _desk, phone) = waiting(Kind::Chromium, Way::Voice).await;
    phone.press(say("say.prepare.title.voice")).await;
    phone.until("both ends of it", &format!("() => {OPEN} === 2")).await;
    phone.press(say("say.try.stop")).await;
    phone.until_offered(say("say.prepare.title.voice")).await;
    assert_eq!(phone.ask::<u32>(&format!("() => {OPEN}")).await, 0);
    assert_eq!(phone.live_tracks().await, ["audio"], "what was on stays on");
}
