//! Any text as a session description or a candidate. In what is passed on there is no address but the relay's, in none of its
//! spellings, and passing it on once more changes nothing.

use crate::bytes::Bytes;
use sidelight_protocol::Signal;
use sidelight_room::{Relayed, signal};
use std::net::{Ipv4Addr, Ipv6Addr};

/// The first byte says what kind of signal it is.
pub fn clean(data: &[u8]) {
    let mut input = Bytes::new(data);
    let kind = input.byte() % 3;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let signal = match kind {
        0 => Signal::Offer { sdp: text(input.rest()), bound: "tag".into() },
        1 => Signal::Answer { sdp: text(input.rest()), bound: "tag".into() },
        _ => {
            let mid = input.flag().then(|| text(input.short()));
            let line = input.flag().then(|| u32::from(input.byte()));
            Signal::Candidate { candidate: text(input.rest()), mid, line }
        }
    };
    let relayed = Relayed::default();
    let Ok(Some(clean)) = signal::clean(signal.clone(), &relayed) else { return };
    let clean = clean.into_signal();
    assert_tells_no_address(&clean);
    assert!(std::mem::discriminant(&clean) == std::mem::discriminant(&signal), "one kind of signal became another");
    match signal::clean(clean.clone(), &relayed) {
        Ok(Some(again)) => assert!(again.into_signal() == clean, "cleaned again it is another"),
        _ => panic!("cleaned, it isn't taken again"),
    }
}

/// No address but the relay's, nor a name that stands for one.
pub fn assert_tells_no_address(signal: &Signal) {
    match signal {
        Signal::Offer { sdp, bound } | Signal::Answer { sdp, bound } => {
            assert!(!tells(bound), "an address in: {bound}");
            assert!(sdp.split_inclusive('\n').all(|line| line.ends_with("\r\n")), "a line that ends otherwise");
            for line in sdp.lines().filter(|line| !line.starts_with("a=fingerprint:")) {
                assert!(!tells(line.split_once(':').map_or(line, |(_, value)| value)), "an address in: {line}");
            }
        }
        Signal::Candidate { candidate, mid, line: _ } => {
            assert!(!tells(candidate), "an address in: {candidate}");
            assert!(!mid.as_deref().is_some_and(tells), "an address in: {mid:?}");
        }
        Signal::Pace { .. } => {}
    }
}

/// Looks for them otherwise than the filter does: wherever in the text one could be read.
fn tells(text: &str) -> bool {
    text.bytes().any(|byte| !(byte == b' ' || byte.is_ascii_graphic()))
        || text.to_ascii_lowercase().contains(".local")
        || text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.')).any(dotted)
        || text.split(|letter: char| !(letter.is_ascii_hexdigit() || letter == ':' || letter == '.')).any(colons)
}

/// Four numbers with dots between, wherever in a longer row of them, that aren't one of the relay's addresses or none.
fn dotted(digits: &str) -> bool {
    let parts: Vec<&str> = digits.split('.').collect();
    parts.windows(4).any(|four| {
        let numbers: Option<Vec<u8>> = four.iter().map(|part| part.parse().ok()).collect();
        let Some([a, b, c, d]) = numbers.as_deref() else { return false };
        let address = Ipv4Addr::new(*a, *b, *c, *d);
        address != Ipv4Addr::UNSPECIFIED && !Relayed::default().contains(address)
    })
}

fn colons(run: &str) -> bool {
    let most = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".len();
    run.matches(':').count() >= 2
        && (0..run.len()).any(|from| (from + 2..=run.len().min(from + most)).any(|to| run[from..to].parse::<Ipv6Addr>().is_ok()))
}
