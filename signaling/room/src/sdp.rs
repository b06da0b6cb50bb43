//! A session description, line by line: known lines are written anew without addresses, unknown ones are left out.

use crate::signal::{BadSignal, Relayed, candidate, number};

/// Lines at most; browsers write 100 to 250 for a voice and a video section.
const MAX_LINES: usize = 1_000;

/// The longest line. `fmtp` lines of browsers have up to 300 bytes.
const MAX_LINE: usize = 1_024;

/// Attributes that pass as they are, unless an address is found in them. All that Chromium, Firefox and Safari write for
/// voice, video and data, except those with addresses, which have their own rules below.
const PASSED: &[&str] = &[
    "bundle-only",
    "content",
    "end-of-candidates",
    "extmap",
    "extmap-allow-mixed",
    "fmtp",
    "framerate",
    "group",
    "ice-options",
    "ice-pwd",
    "ice-ufrag",
    "imageattr",
    "inactive",
    "max-message-size",
    "maxptime",
    "mid",
    "msid",
    "msid-semantic",
    "ptime",
    "recvonly",
    "rid",
    "rtcp-fb",
    "rtcp-mux",
    "rtcp-mux-only",
    "rtcp-rsize",
    "rtpmap",
    "sctp-port",
    "sendonly",
    "sendrecv",
    "setup",
    "simulcast",
    "ssrc",
    "ssrc-group",
    "tls-id",
];

/// The description without any address but the relay's.
pub(crate) fn clean(sdp: &str, relayed: &Relayed) -> Result<String, BadSignal> {
    let mut out = String::with_capacity(sdp.len());
    let text = sdp.strip_suffix("\r\n").or_else(|| sdp.strip_suffix('\n')).unwrap_or(sdp);
    let mut version = false;
    for (count, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        // A lone carriage return or another control character could end the line for one reader and not for another.
        if count >= MAX_LINES || line.len() > MAX_LINE || !line.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(BadSignal);
        }
        let Some((kind, value)) = line.split_once('=').filter(|(kind, _)| kind.len() == 1) else { return Err(BadSignal) };
        // A description begins with its version, and has one.
        if (count == 0) != (kind == "v") {
            return Err(BadSignal);
        }
        version = true;
        if let Some(kept) = kept(kind, value, relayed)? {
            out.push_str(&kept);
            out.push_str("\r\n");
        }
    }
    if version { Ok(out) } else { Err(BadSignal) }
}

fn kept(kind: &str, value: &str, relayed: &Relayed) -> Result<Option<String>, BadSignal> {
    Ok(match kind {
        "v" => Some("v=0".to_owned()),
        "o" => Some(origin(value)?),
        "s" => Some("s=-".to_owned()),
        "t" => Some("t=0 0".to_owned()),
        "c" => Some("c=IN IP4 0.0.0.0".to_owned()),
        "m" => Some(media(value)?),
        "b" => bandwidth(value),
        "a" => attribute(value, relayed),
        // Titles, mail addresses, telephone numbers, keys: nothing of ours.
        _ => None,
    })
}

/// Who made the description, and which it is: the numbers matter, the name and the address don't.
fn origin(value: &str) -> Result<String, BadSignal> {
    let mut words = value.split(' ').skip(1);
    let mut digits = || words.next().filter(|word| (1..=20).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit()));
    let (session, version) = (digits().ok_or(BadSignal)?, digits().ok_or(BadSignal)?);
    Ok(format!("o=- {session} {version} IN IP4 0.0.0.0"))
}

/// A section: its port is an address's port and goes; 0 says that the section is off.
fn media(value: &str) -> Result<String, BadSignal> {
    let words: Vec<&str> = value.split(' ').collect();
    let [kind, port, protocol, formats @ ..] = words.as_slice() else { return Err(BadSignal) };
    if !["audio", "video", "application"].contains(kind) || formats.is_empty() {
        return Err(BadSignal);
    }
    let port = if number(port, 65_535).ok_or(BadSignal)? == 0 { 0 } else { 9 };
    let plain = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'/' || byte == b'-');
    if !plain(protocol) || !formats.iter().all(plain) {
        return Err(BadSignal);
    }
    Ok(format!("m={kind} {port} {protocol} {}", formats.join(" ")))
}

fn bandwidth(value: &str) -> Option<String> {
    let (kind, amount) = value.split_once(':')?;
    (["AS", "TIAS", "CT", "RS", "RR"].contains(&kind) && number(amount, u32::MAX).is_some()).then(|| format!("b={value}"))
}

fn attribute(value: &str, relayed: &Relayed) -> Option<String> {
    let (name, rest) = match value.split_once(':') {
        Some((name, rest)) => (name, Some(rest)),
        None => (value, None),
    };
    match (name, rest) {
        ("candidate", Some(rest)) => Some(format!("a=candidate:{}", candidate(rest, relayed)?)),
        ("rtcp", Some(_)) => Some("a=rtcp:9 IN IP4 0.0.0.0".to_owned()),
        ("fingerprint", Some(rest)) => is_fingerprint(rest).then(|| format!("a={value}")),
        (name, rest) if PASSED.contains(&name) => (!rest.is_some_and(names_a_place)).then(|| format!("a={value}")),
        _ => None,
    }
}

/// An address of either family, or a phone's mDNS name, anywhere in the value, also within a longer word. Nothing that browsers
/// write here has four numbers with dots between, nor two colons in one run of hexadecimal digits, except fingerprints.
pub(crate) fn names_a_place(value: &str) -> bool {
    let dotted = |digits: &str| digits.split('.').collect::<Vec<_>>().windows(4).any(|four| four.iter().all(|part| !part.is_empty()));
    value.to_ascii_lowercase().contains(".local")
        || value.split(|part: char| !(part.is_ascii_digit() || part == '.')).any(dotted)
        || value.split(|part: char| !(part.is_ascii_hexdigit() || part == ':' || part == '.')).any(|word| word.matches(':').count() >= 2)
}

/// The name of a hash function and the hash, in pairs of hexadecimal digits.
fn is_fingerprint(value: &str) -> bool {
    value.split_once(' ').is_some_and(|(function, hash)| {
        let pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        function.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && (19..=64).contains(&hash.split(':').count())
            && hash.split(':').all(pair)
    })
}
