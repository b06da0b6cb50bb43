//! Who tries links and codes must not learn which of them once were somebody's: one reply for all, after the same time.

use crate::long;
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings};
use sidelight_e2e::visitor::{Dice, Port, Practitioner};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Who asks at once, each from ever other addresses.
const VISITORS: u64 = 12;

/// Codes are few in all (600 at once): so each service is asked for so many rounds of every kind, and then there is another.
const ROUNDS: u64 = 180;

/// What is asked for: its name, the invitation's id, whether it was typed.
type Kind = (&'static str, String, bool);

/// Dead links and codes of every kind; the last is the control, alive and answered as early as it can be.
async fn kinds(service: &Service, port: &Port) -> Vec<Kind> {
    let sam = Practitioner::first(service, port).await;
    let mut dice = Dice(std::process::id().into());
    let mut kinds = vec![("unknown link", dice.invitation(), false)];
    for (name, by_code) in [("revoked link", false), ("revoked code", true)] {
        let (contact, invitation) = sam.plan(&mut dice, 0, by_code).await;
        sam.revoke(&contact).await;
        kinds.push((name, invitation, by_code));
    }
    for (name, by_code) in [("ended link", false), ("ended code", true)] {
        let (contact, invitation) = sam.plan(&mut dice, 0, by_code).await;
        sam.end(&contact).await;
        kinds.push((name, invitation, by_code));
    }
    kinds.push(("a code before its window", sam.plan(&mut dice, 3 * 3600, true).await.1, true));
    kinds.push(("a code typed as a link", sam.plan(&mut dice, 0, true).await.1, false));
    kinds.push(("control: a link before its window", sam.plan(&mut dice, 3 * 3600, false).await.1, false));
    kinds
}

#[derive(Default)]
struct Heard {
    took: Vec<Duration>,
    replies: Vec<(u16, Vec<String>, Vec<u8>)>,
}

/// Asks for every kind in turns, each time from another address.
async fn ask(port: Port, kinds: Arc<Vec<Kind>>, rounds: u64, seed: u64, heard: Arc<Vec<Mutex<Heard>>>) {
    let mut dice = Dice(seed << 40);
    for round in 0..rounds {
        let mut visitor = port.visitor(dice.address()).await.expect("it listens");
        for turn in 0..kinds.len() {
            // Each visitor at another kind, so that a moment in which the machine is busy falls on all of them.
            let number = (turn + (round + seed) as usize) % kinds.len();
            let (_, invitation, typed) = &kinds[number];
            let began = Instant::now();
            let reply = visitor.redeem(invitation, *typed, "").await.expect("it answers");
            let took = began.elapsed();
            let mut heard = heard[number].lock().expect("nobody panics with it");
            heard.took.push(took);
            let reply = (reply.status, reply.head, reply.body);
            if !heard.replies.contains(&reply) {
                heard.replies.push(reply);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_dead_link_and_code_gets_one_reply_after_one_time() {
    let wanted: u64 = if long() { 10_000 } else { 600 };
    let mut took: Vec<(&str, Vec<Duration>)> = Vec::new();
    let mut replies = Vec::new();
    let mut asked = 0;
    while asked < wanted {
        let data = Folder::new("dead-links");
        let service = Service::start(&Settings::new(data.path(), "http://127.0.0.1:9/weather")).await;
        let port = Port::of(&service);
        let kinds = Arc::new(kinds(&service, &port).await);
        let rounds = ROUNDS.min((wanted - asked).div_ceil(kinds.len() as u64 - 1)).div_ceil(VISITORS);
        let heard: Arc<Vec<_>> = Arc::new(kinds.iter().map(|_| Mutex::default()).collect());
        let asking = (0..VISITORS).map(|seed| tokio::spawn(ask(port.clone(), kinds.clone(), rounds, asked + seed, heard.clone())));
        for one in asking.collect::<Vec<_>>() {
            one.await.expect("asks to the end");
        }
        for (number, (kind, heard)) in kinds.iter().zip(heard.iter()).enumerate() {
            let mut heard = heard.lock().expect("nobody panics with it");
            if took.len() <= number {
                took.push((kind.0, Vec::new()));
            }
            took[number].1.append(&mut heard.took);
            if number + 1 < kinds.len() {
                replies.append(&mut heard.replies);
            }
        }
        asked += rounds * VISITORS * (kinds.len() as u64 - 1);
    }
    replies.dedup();
    assert_eq!(replies.len(), 1, "they differ in more than their time: {replies:?}");
    assert_eq!(replies[0].0, 404);
    let mut medians: Vec<(&str, Duration)> = Vec::new();
    for (name, mut took) in took {
        took.sort();
        medians.push((name, took[took.len() / 2]));
    }
    let control = medians.pop().expect("is the last");
    let (least, most) = (medians.iter().map(|m| m.1).min().expect("some"), medians.iter().map(|m| m.1).max().expect("some"));
    let apart = |other: Duration| other.as_secs_f64().max(least.as_secs_f64()) / other.as_secs_f64().min(least.as_secs_f64()) - 1.0;
    println!(
        "{asked} requests: {medians:?}, {:.2} per cent apart; {control:?}, {:.0} per cent",
        apart(most) * 100.0,
        apart(control.1) * 100.0
    );
    assert!(apart(most) < 0.05, "told apart by their time: {medians:?}");
    assert!(apart(control.1) > 0.05, "the control: what is answered early is found: {control:?}");
}
