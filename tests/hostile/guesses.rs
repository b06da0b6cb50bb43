//! Guessing at links and codes, from many addresses and through a proxy that is believed.

use crate::long;
use serde_json::json;
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings};
use sidelight_e2e::visitor::{Dice, Port, Practitioner, joins, p99};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Where the proxy of the tests asks from.
const PROXY: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 99);

/// Guessers at once. An answer to a dead link takes 60 ms, so that these make at most three thousand guesses a second.
const GUESSERS: u64 = 200;

/// Guesses by one connection, which has one address.
const OF_ONE: u64 = 25;

async fn behind_a_proxy() -> (Service, Port, Folder) {
    let data = Folder::new("guesses");
    let mut settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
    settings.set("web.trusted_proxies", &format!("[\"{PROXY}\"]"));
    let service = Service::start(&settings).await;
    let port = Port::of(&service);
    (service, port, data)
}

#[derive(Default)]
struct Told {
    guesses: AtomicU64,
    hits: AtomicU64,
    finished: AtomicU64,
    limited: AtomicU64,
}

impl Told {
    fn count(&self, status: u16) {
        self.guesses.fetch_add(1, Ordering::Relaxed);
        match status {
            200 => &self.hits,
            404 => &self.finished,
            429 => &self.limited,
            other => panic!("a guess was answered with {other}"),
        }
        .fetch_add(1, Ordering::Relaxed);
    }
}

/// One guesser: half of its guesses are links and half codes, half come straight and half through the proxy.
async fn guess(port: Port, seed: u64, count: u64, told: Arc<Told>) {
    let mut dice = Dice(seed);
    let mut left = count;
    while left > 0 {
        let by_proxy = dice.roll().is_multiple_of(2);
        let from = if by_proxy { PROXY } else { dice.address() };
        let mut visitor = port.visitor(from).await.expect("a guesser is let in as well");
        for _ in 0..OF_ONE.min(left) {
            let more = if by_proxy { format!("x-forwarded-for: 198.51.100.7, {}\r\n", dice.address()) } else { String::new() };
            let reply = visitor.redeem(&dice.invitation(), dice.roll().is_multiple_of(2), &more).await.expect("guesses are answered");
            told.count(reply.status);
        }
        left = left.saturating_sub(OF_ONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_million_guesses_from_everywhere_hit_nothing_and_hold_nobody_up() {
    let count: u64 = if long() { 1_000_000 } else { 20_000 };
    let (service, port, _data) = behind_a_proxy().await;
    let sam = Practitioner::first(&service, &port).await;
    let mut dice = Dice(1);
    let mut codes = Vec::new();
    for _ in 0..10 {
        codes.push(sam.plan(&mut dice, 0, true).await.1);
    }
    let mut links = sam.links(if long() { 120 } else { 40 }).await;
    let kept = links.pop().expect("there are some");
    let before = service.memory().expect("it runs");
    let (told, over) = (Arc::new(Told::default()), Arc::new(AtomicBool::new(false)));
    let pace = Duration::from_millis(if long() { 3_000 } else { 150 });
    let joining = tokio::spawn(joins(port.clone(), links, pace, over.clone()));
    let guessers: Vec<_> =
        (0..GUESSERS).map(|number| tokio::spawn(guess(port.clone(), number << 32 | 77, count / GUESSERS, told.clone()))).collect();
    let start = std::time::Instant::now();
    for guesser in guessers {
        guesser.await.expect("guesses to the end");
    }
    let lasted = start.elapsed();
    over.store(true, Ordering::Relaxed);
    let mut took = joining.await.expect("joins to the end");
    let after = service.memory().expect("it still runs");
    let [guesses, hits, finished, limited] =
        [&told.guesses, &told.hits, &told.finished, &told.limited].map(|count| count.load(Ordering::Relaxed));
    println!(
        "{guesses} guesses in {lasted:?}: {hits} hits, {finished} finished, {limited} limited; {} joins, p99 {:?}; {} kB more",
        took.len(),
        p99(&mut took),
        after.saturating_sub(before) / 1024
    );
    assert_eq!((guesses, hits), (count, 0));
    assert!(finished > 0 && limited > 0);
    assert!(took.len() >= 10 && p99(&mut took) < Duration::from_secs(1));
    // The control: what would have been a hit is counted as one, a link at once and a code where the limit lets it be looked at.
    let control = Told::default();
    let mut visitor = port.visitor(dice.address()).await.expect("it listens");
    control.count(visitor.redeem(&kept, false, "").await.expect("it answers").status);
    assert_eq!(control.hits.load(Ordering::Relaxed), 1);
    let within = std::time::Instant::now();
    while control.hits.load(Ordering::Relaxed) < 2 {
        assert!(within.elapsed() < Duration::from_secs(5), "a right code is kept out for long after the flood");
        control.count(visitor.redeem(&codes[0], true, "").await.expect("it answers").status);
    }
}

/// Wrong links from one client until it is limited; how many were answered otherwise.
async fn until_limited(port: &Port, from: Ipv4Addr, more: impl Fn(&mut Dice) -> String) -> usize {
    let mut dice = Dice(3);
    let mut visitor = port.visitor(from).await.expect("it listens");
    for number in 0..60 {
        let more = more(&mut dice);
        match visitor.redeem(&dice.invitation(), false, &more).await.expect("it answers").status {
            404 => {}
            429 => return number,
            other => panic!("answered with {other}"),
        }
    }
    60
}

#[tokio::test]
async fn a_right_link_passes_while_its_address_is_limited_and_a_proxy_is_believed_only_if_it_is_ours() {
    let (service, port, _data) = behind_a_proxy().await;
    let sam = Practitioner::first(&service, &port).await;
    let (_, link) = sam.plan(&mut Dice(1), 0, false).await;
    let hostel = Ipv4Addr::new(127, 9, 9, 9);
    let answered = until_limited(&port, hostel, |_| String::new()).await;
    assert!((30..36).contains(&answered), "{answered}");
    let status = async |from, more: String, invitation: &str| {
        let mut visitor = port.visitor(from).await.expect("it listens");
        visitor.redeem(invitation, false, &more).await.expect("it answers").status
    };
    let wrong = Dice(4).invitation();
    assert_eq!(status(hostel, String::new(), &wrong).await, 429);
    assert_eq!(status(hostel, String::new(), &link).await, 200, "who has a link passes");
    assert_eq!(status(Ipv4Addr::new(127, 9, 9, 10), String::new(), &wrong).await, 404, "others aren't touched");

    // A header from anybody else changes nothing: one client, whatever it says.
    let liar = Ipv4Addr::new(127, 9, 9, 11);
    let says_another = |dice: &mut Dice| format!("x-forwarded-for: {}\r\nforwarded: for={}\r\n", dice.address(), dice.address());
    let answered = until_limited(&port, liar, says_another).await;
    assert!((30..36).contains(&answered), "{answered}");
    // The control: the same header from our proxy names so many clients.
    assert_eq!(until_limited(&port, PROXY, |dice| format!("x-forwarded-for: {}\r\n", dice.address())).await, 60);
    // Through the proxy, one client is one, whatever it puts before what the proxy adds, and the others behind it aren't touched.
    let through = |dice: &mut Dice| format!("x-forwarded-for: {}, 203.0.113.5\r\n", dice.address());
    let answered = until_limited(&port, PROXY, through).await;
    assert!((30..36).contains(&answered), "{answered}");
    assert_eq!(status(PROXY, "x-forwarded-for: 203.0.113.5\r\n".into(), &link).await, 200);
    assert_eq!(status(PROXY, "x-forwarded-for: 203.0.113.6\r\n".into(), &wrong).await, 404);
    // Two addresses of one IPv6 customer.
    let customer = |dice: &mut Dice| format!("x-forwarded-for: 2001:db8:1:2::{:x}\r\n", dice.roll() & 0xFFFF);
    let answered = until_limited(&port, PROXY, customer).await;
    assert!((30..36).contains(&answered), "{answered}");
    assert_eq!(status(PROXY, "x-forwarded-for: 2001:db8:1:3::1\r\n".into(), &wrong).await, 404);
}

#[tokio::test]
async fn cookies_of_nobody_are_limited_and_whoever_is_signed_in_or_signs_in_passes() {
    let (service, port, _data) = behind_a_proxy().await;
    let sam = Practitioner::first(&service, &port).await;
    let office = Ipv4Addr::new(127, 9, 9, 12);
    let mut visitor = port.visitor(office).await.expect("it listens");
    let mut dice = Dice(5);
    let mut limited = 0;
    for _ in 0..90 {
        let cookie = format!("cookie: sidelight={}{}\r\n", dice.invitation(), dice.invitation());
        let reply = visitor.ask("GET", "/api/staff/me", &cookie, &serde_json::Value::Null).await.expect("it answers");
        assert!(matches!(reply.status, 401 | 429), "{}", reply.status);
        limited += usize::from(reply.status == 429);
    }
    assert!((5..=30).contains(&limited), "{limited} of 90");
    let mine = format!("cookie: {}\r\n", sam.cookie);
    assert_eq!(visitor.ask("GET", "/api/staff/me", &mine, &serde_json::Value::Null).await.expect("it answers").status, 200);
    assert_eq!(visitor.ask("GET", "/api/staff/me", "", &serde_json::Value::Null).await.expect("it answers").status, 401);
    let right = json!({ "email": "sam@example.org", "password": "quiet harbour lantern 42" });
    assert_eq!(visitor.ask("POST", "/api/staff/sign-in", "", &right).await.expect("it answers").status, 200);
}
