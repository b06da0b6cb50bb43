//! What somebody beside the phone, or on its line, could notice in a stretch of time: every state of the page, its
//! picture, its console, what it asks for, and the frames of its socket with their lengths, both ways.
//!
//! Two pages are compared by it, so each is opened with its clock standing still ([`crate::driver::Setup::still`]).

use crate::browser::Browser;
use crate::network::TcpProxy;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// Follows the page from now on.
const FOLLOW: &str = r"() => {
  const states = [];
  const requests = [];
  // What is random, or differs with every version of the pages, says nothing: it reads the same in both.
  const plain = (text) => text.replace(/\/assets\/[^/]+\//g, '/assets/').replace(/[0-9a-f]{24,}/g, 'random').replace(/blob:[^\s]+/g, 'blob');
  const look = () => {
    const fields = [...document.querySelectorAll('input, textarea')].map((one) => one.value + (one === document.activeElement ? ' (focus)' : ''));
    const state = plain([document.title, location.href, ...fields, document.documentElement.outerHTML].join('\n'));
    if (state !== states[states.length - 1]) states.push(state);
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  new PerformanceObserver((list) => list.getEntries().forEach((one) => requests.push(plain(one.initiatorType + ' ' + one.name)))).observe({ type: 'resource' });
  look();
  window.__beside = { states, requests };
}";

/// All of it.
#[derive(PartialEq, Eq)]
pub struct Noticed {
    /// The page's states, one after the other, fields included.
    pub states: Vec<String>,
    /// Pictures of the page, one a second.
    pub pictures: Vec<Vec<u8>>,
    pub console: Vec<String>,
    pub requests: Vec<String>,
    /// What the page did, in order: each frame of its socket with the direction and length, and everything else by name.
    pub deeds: Vec<String>,
    /// Bytes on the wire of its socket, from the phone and to it.
    pub wire: (u64, u64),
}

impl Noticed {
    /// In which ways two differ; nothing if they are equal.
    pub fn differences(&self, other: &Noticed) -> Vec<String> {
        let mut found = Vec::new();
        let mut compare = |what: &str, a: &[String], b: &[String]| {
            let at = a.iter().zip(b).position(|(a, b)| a != b).or((a.len() != b.len()).then_some(a.len().min(b.len())));
            if let Some(at) = at {
                let missing = String::from("nothing");
                let (a, b) = (a.get(at).unwrap_or(&missing), b.get(at).unwrap_or(&missing));
                found.push(format!("{what} {at}: {}", first_difference(a, b)));
            }
        };
        compare("state", &self.states, &other.states);
        compare("console", &self.console, &other.console);
        compare("request", &self.requests, &other.requests);
        compare("deed", &self.deeds, &other.deeds);
        if self.pictures != other.pictures {
            let equal = self.pictures.iter().zip(&other.pictures).filter(|(a, b)| a == b).count();
            found.push(format!("pictures: {equal} of {} are equal", self.pictures.len()));
        }
        if self.wire != other.wire {
            found.push(format!("wire: {:?} and {:?}", self.wire, other.wire));
        }
        found
    }
}

fn first_difference(a: &str, b: &str) -> String {
    let at = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| text.chars().skip(at.saturating_sub(60)).take(160).collect::<String>();
    format!("“{}” and “{}”", around(a), around(b))
}

#[derive(Deserialize)]
struct Followed {
    states: Vec<String>,
    requests: Vec<String>,
}

/// What can be noticed in the `seconds` after `act`, beginning right after a beat of the service: their number is the same
/// then, whenever it is done. `line` is the network in front of the service, and the phone the only one on it.
pub async fn noticed(phone: &Browser, line: &TcpProxy, seconds: u32, act: impl AsyncFnOnce()) -> Noticed {
    quiet(phone).await;
    phone.ask::<()>(FOLLOW).await;
    let beats = |phone: &Browser| phone.journal().received().iter().filter(|message| message["type"] == "beat").count();
    let before = beats(phone);
    while beats(phone) == before {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await; // the answer to the beat goes out
    let (deeds, console) = (phone.journal().events().len(), phone.journal().console().len());
    let wire = line.carried("/ws/guest");
    let start = Instant::now();
    act().await;
    let mut pictures = Vec::new();
    for second in 1..=seconds {
        tokio::time::sleep_until((start + Duration::from_secs(second.into())).into()).await;
        pictures.push(phone.picture().await);
    }
    let after = line.carried("/ws/guest");
    let followed: Followed = phone.ask("() => window.__beside").await;
    let deeds = phone.journal().events().split_off(deeds).into_iter().map(|event| match event.kind.as_str() {
        "sent" | "received" => format!("{} {} bytes: {}", event.kind, event.text("text").len(), event.message()["type"]),
        _ => event.kind,
    });
    Noticed {
        states: followed.states,
        pictures,
        console: phone.journal().console().split_off(console),
        requests: followed.requests,
        deeds: deeds.collect(),
        wire: (after.0 - wire.0, after.1 - wire.1),
    }
}

/// Waits until the page has done nothing but answer beats for a while: what still belongs to the start is over.
async fn quiet(phone: &Browser) {
    let deeds = || phone.journal().events().iter().filter(|event| event.message()["type"] != "beat").count();
    let start = Instant::now();
    let (mut last, mut since) = (deeds(), Instant::now());
    while since.elapsed() < Duration::from_millis(1500) {
        assert!(start.elapsed() < Duration::from_secs(20), "the page doesn't come to rest:\n{}", phone.journal().tail(20));
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = deeds();
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
}
