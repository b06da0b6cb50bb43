//! Which addresses stand in a signal. None of them may lead to a person: the relay's invented ones and nothing else.

use serde_json::Value;

/// Where relayed addresses come from; nobody ever sends to them.
pub const INVENTED: &str = "203.0.113.";

/// What gives an address away in a signal as it reached a page: each is named as it stands there.
pub fn telling(signal: &Value) -> Vec<String> {
    let text = signal["sdp"].as_str().or_else(|| signal["candidate"].as_str()).unwrap_or_default();
    text.lines().flat_map(telling_line).collect()
}

fn telling_line(line: &str) -> Vec<String> {
    let line = line.trim();
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut found = Vec::new();
    if line.starts_with("a=candidate:") || line.starts_with("candidate:") {
        if words.iter().position(|word| *word == "typ").and_then(|at| words.get(at + 1)) != Some(&"relay") {
            found.push(format!("not of the relay: {line}"));
        }
        let related = words.iter().position(|word| *word == "raddr").and_then(|at| words.get(at + 1));
        let port = words.iter().position(|word| *word == "rport").and_then(|at| words.get(at + 1));
        if related.is_some_and(|address| !blank(address)) || port.is_some_and(|port| !matches!(*port, "0" | "9")) {
            found.push(format!("related address: {line}"));
        }
        if !words.get(4).is_some_and(|address| address.starts_with(INVENTED)) {
            found.push(format!("address: {line}"));
        }
    } else if let Some(address) =
        line.strip_prefix("c=").or_else(|| line.strip_prefix("o=")).map(|rest| rest.split_whitespace().last().unwrap_or_default())
    {
        if !blank(address) && !address.starts_with(INVENTED) {
            found.push(format!("address: {line}"));
        }
    } else if line.starts_with("a=rtcp:") {
        if words.last().is_some_and(|address| words.len() > 1 && !blank(address) && !address.starts_with(INVENTED)) {
            found.push(format!("address: {line}"));
        }
    } else {
        // No other line has reason to hold one.
        found.extend(words.iter().filter(|word| is_address(word)).map(|word| format!("address: {word} in {line}")));
    }
    found
}

fn blank(address: &str) -> bool {
    matches!(address, "0.0.0.0" | "::")
}

fn is_address(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != ':');
    inner.ends_with(".local") || inner.parse::<std::net::IpAddr>().is_ok_and(|address| !address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::telling;
    use serde_json::json;

    #[test]
    fn every_form_of_a_phones_address_is_found() {
        for line in [
            "candidate:1 1 udp 2 192.0.2.2 5000 typ host",
            "candidate:1 1 udp 2 203.0.113.7 5000 typ relay raddr 192.0.2.2 rport 0",
            "candidate:1 1 udp 2 203.0.113.7 5000 typ relay raddr 0.0.0.0 rport 5000",
            "candidate:1 1 udp 2 1b9c.local 5000 typ relay raddr 0.0.0.0 rport 0",
            "candidate:1 1 udp 2 203.0.113.7 5000 typ srflx raddr 0.0.0.0 rport 0",
        ] {
            assert!(!telling(&json!({ "candidate": line })).is_empty(), "{line}");
        }
        for line in [
            "c=IN IP4 192.0.2.2",
            "o=- 1 2 IN IP4 127.0.0.1",
            "o=- 1 2 IN IP6 fe80::1",
            "a=rtcp:9 IN IP4 192.0.2.2",
            "a=x 192.0.2.2",
            "a=x 1b9c.local",
        ] {
            assert!(!telling(&json!({ "sdp": format!("v=0\r\n{line}\r\n") })).is_empty(), "{line}");
        }
    }

    #[test]
    fn the_relays_invented_addresses_tell_nothing() {
        let sdp = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\nc=IN IP4 203.0.113.9\r\na=rtcp:9 IN IP4 0.0.0.0\r\na=rtpmap:111 opus/48000/2\r\n\
                   a=candidate:1 1 udp 2 203.0.113.7 5000 typ relay raddr 0.0.0.0 rport 0 generation 0\r\na=fingerprint:sha-256 AB:CD\r\n";
        assert_eq!(telling(&json!({ "sdp": sdp })), [""; 0]);
    }
}
