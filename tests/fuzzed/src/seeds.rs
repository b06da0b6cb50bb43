//! Where each fuzzer begins: what honest pages send, so that it doesn't have to guess its way to the door. Written to `fuzz/seeds`
//! by a test, and compared with what is committed.

use crate::bytes::Bytes;
use crate::room::{ACTS, FROM_GUEST, act_of, message};
use serde_json::{Value, json};

pub struct Seed {
    pub target: &'static str,
    pub name: String,
    pub bytes: Vec<u8>,
}

pub fn all() -> Vec<Seed> {
    let mut seeds = Vec::new();
    let mut add = |target: &'static str, name: &str, bytes: Vec<u8>| seeds.push(Seed { target, name: name.to_owned(), bytes });
    add("relay", "conversation", relay_conversation());
    add("relay", "trial", relay_trial());
    add("relay", "strangers", relay_strangers());
    add("relay", "sealed", relay_sealed());
    add("stream", "frames", [&[6][..], &binding(), &[0x40, 0, 0, 5], b"media\0\0\0", &binding()].concat());
    add("stream", "web", [&[3][..], b"GET / HTTP/1.1\r\n\r\n"].concat());
    for (name, text) in messages() {
        add("messages", &name, text.into_bytes());
    }
    add("signals", "offer-firefox", [&[0][..], FIREFOX.as_bytes()].concat());
    add("signals", "answer-chromium", [&[1][..], CHROMIUM.as_bytes()].concat());
    for (name, line) in [("chromium", CANDIDATE_CHROMIUM), ("firefox", CANDIDATE_FIREFOX), ("host", CANDIDATE_HOST)] {
        add("signals", &format!("candidate-{name}"), [&[2, 1, 1, b'0', 1, 0][..], line.as_bytes()].concat());
    }
    add("room", "conversation", room_conversation());
    add("room", "two-people", room_two_people());
    #[cfg(feature = "service")]
    {
        add("tokens", "genuine", [&[0][..], crate::tokens::GENUINE.as_bytes()].concat());
        add("tokens", "signed", token(&json!({ "alg": "HS256", "typ": "JWT", "kid": "new" }), 0));
        add("tokens", "signed-before", token(&json!({ "alg": "HS256", "typ": "JWT", "kid": "old" }), 1));
        add("configuration", "default", configuration("PATH", "x", sidelight::config::DEFAULT));
        add("configuration", "environment", configuration("RELAY__ADVERTISE", "[\"192.0.2.2\", \"call.example.org\"]", ""));
        add("configuration", "acme", configuration("E2E", "1", "[web]\npublic_url = \"https://call.example.org\"\n[tls]\nacme = true"));
        add(
            "configuration",
            "wrong",
            configuration("PAGES__TITLE", "Your safety call", "[relay]\nadvertise = [\"a b\"]\nudp_port = 65536"),
        );
    }
    seeds
}

fn binding() -> Vec<u8> {
    [&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42][..], &[7; 12]].concat()
}

/// Steps of `relay::play`: what, who and the rest.
fn steps(steps: &[&[u8]]) -> Vec<u8> {
    steps.concat()
}

fn relay_conversation() -> Vec<u8> {
    steps(&[
        &[4, 0],
        &[4, 1],
        &[5, 0, 1],
        &[5, 1, 0],
        &[7, 0, 1, 5, b'h', b'e', b'l', b'l', b'o'],
        &[6, 0, 1, 0x40, 0],
        &[6, 1, 0, 0x40, 1],
        &[8, 0, 0x40, 0, 0, 5, b'm', b'e', b'd', b'i', b'a'],
        &[10, 0, 0, 100],
        &[8, 1, 0x40, 1, 0, 5, b'm', b'e', b'd', b'i', b'a'],
        &[9, 0, 2, 88],
        // The other client of the same peer, by a stream; then everything of theirs is revoked, and granted again.
        &[4, 4],
        &[11, 0],
        &[12, 0],
        &[4, 0],
        &[9, 0, 0, 0],
        &[13, 4],
    ])
}

fn relay_trial() -> Vec<u8> {
    steps(&[
        &[4, 3],
        &[4, 7],
        &[5, 3, 7],
        &[5, 7, 3],
        &[7, 3, 7, 3, 1, 2, 3],
        &[4, 0],
        &[5, 3, 0],
        &[5, 0, 3],
        &[7, 3, 0, 3, 1, 2, 3],
        &[10, 0, 1, 45],
        &[7, 3, 7, 3, 1, 2, 3],
    ])
}

fn relay_strangers() -> Vec<u8> {
    let binding = binding();
    let length = [0, 20];
    steps(&[&[0, 2], &length, &binding, &[1, 5], &length, &binding, &[0, 2, 0, 4, 0x40, 0, 0, 0]])
}

fn relay_sealed() -> Vec<u8> {
    steps(&[
        // Allocate with REQUESTED-TRANSPORT and EVEN-PORT; Refresh with LIFETIME; a permission for a fixed address.
        &[2, 0, 1, 2, 0, 0x19, 4, 17, 0, 0, 0, 0, 0x18, 1, 0x80],
        &[2, 0, 2, 1, 0, 0x0D, 4, 0, 0, 2, 88],
        &[2, 0, 3, 1, 0, 0x12, 8, 0, 1, 0x12, 0x34, 0xEA, 0x12, 0xD5, 0x43],
        &[2, 0, 4, 2, 0, 0x0C, 4, 0x40, 0, 0, 0, 0, 0x12, 8, 0, 1, 0x12, 0x34, 0xEA, 0x12, 0xD5, 0x43],
        &[3, 1, 0, 24, 1, 1, 1, 0, 0x19, 4, 17, 0, 0, 0],
    ])
}

/// Each message that a page can send, once.
fn messages() -> Vec<(String, String)> {
    let text = |value: &Value| value.to_string();
    let mut all = Vec::new();
    for number in 0..FROM_GUEST {
        let value = serde_json::to_value(message(number, &mut Bytes::new(&[]))).unwrap_or_default();
        all.push((format!("guest-{}", value["type"].as_str().unwrap_or_default()), text(&value)));
    }
    for number in 0..ACTS {
        let act = serde_json::to_value(act_of(number, &mut Bytes::new(&[]))).unwrap_or_default();
        let name = format!("desk-{}", act["do"].as_str().unwrap_or_default());
        all.push((name, text(&json!({ "type": "in", "contact": "contact", "act": act }))));
    }
    for (name, value) in [
        ("desk-hello", json!({ "type": "hello", "protocol": sidelight_protocol::PROTOCOL, "tab": "tab" })),
        ("desk-beat", json!({ "type": "beat" })),
        ("desk-duty", json!({ "type": "duty", "on": true })),
        ("desk-have", json!({ "type": "have", "contact": "contact", "person": "person" })),
    ] {
        all.push((name.to_owned(), text(&value)));
    }
    let candidate = json!({ "kind": "candidate", "candidate": CANDIDATE_CHROMIUM, "mid": "0", "line": 0 });
    all.push(("guest-candidate".into(), text(&json!({ "type": "signal", "epoch": 1, "signal": candidate }))));
    let pace = json!({ "kind": "pace", "sends": "voice_least", "most": "large", "unseen": true });
    all.push(("guest-pace".into(), text(&json!({ "type": "signal", "epoch": 1, "signal": pace }))));
    all
}

/// Steps of `room::play`. Messages and acts are numbered as there.
fn room_conversation() -> Vec<u8> {
    steps(&[
        // The desk opens, "Continue" is pressed, the page comes, answers, chooses and knocks.
        &[3, 0],
        &[1, 0, 0, 0],
        &[2, 0, 0, 0],
        &[4, 0, 1, 0],
        &[4, 0, 2, 0],
        &[4, 0, 6],
        &[4, 0, 0],
        // Admitted from the desk; a signal and a text; "It's them"; quiet; lost and back; killed.
        &[7, 0, 1, 0],
        &[7, 0, 14, 0],
        &[4, 0, 8, 0],
        &[7, 0, 17, 0, 0],
        &[7, 0, 18, 0, 0, 1, 3, 0, 0, 0],
        &[7, 0, 7, 0, 0],
        &[10, 1, 0],
        &[11, 0, 0],
        &[10, 0, 40],
        &[2, 0, 0, 0],
        &[7, 0, 13, 0],
        &[13, 5],
        &[15, 3],
    ])
}

fn room_two_people() -> Vec<u8> {
    steps(&[
        &[0, 1, 0],
        &[1, 1, 1, 1],
        &[2, 1, 1, 1],
        &[4, 0, 1, 1],
        &[4, 0, 0],
        // Another browser on the same link, and the place is moved there; then it ends quietly.
        &[1, 1, 2, 2],
        &[2, 1, 2, 2],
        &[3, 0],
        &[7, 0, 6, 1],
        &[4, 0, 1, 1],
        &[4, 0, 0],
        &[7, 0, 4, 1],
        &[4, 0, 3, 0],
        &[7, 0, 12, 1],
        &[7, 0, 11, 1],
        &[14, 7, 3, 30],
        &[12, 1, 2, 1],
        &[7, 0, 20, 0],
        &[15, 3],
    ])
}

#[cfg(feature = "service")]
fn token(header: &Value, key: u8) -> Vec<u8> {
    let claims = json!({
        "aud": "sidelight session", "sub": "person", "contact": "contact", "jti": "session", "iat": 1_800_000_000, "exp": 1_800_000_060,
    });
    let header = header.to_string();
    let length = u16::try_from(header.len()).unwrap_or_default().to_be_bytes();
    [&[1, key][..], &length, header.as_bytes(), claims.to_string().as_bytes()].concat()
}

#[cfg(feature = "service")]
fn configuration(name: &str, value: &str, file: &str) -> Vec<u8> {
    let short = |text: &str| [&[u8::try_from(text.len()).unwrap_or_default()][..], text.as_bytes()].concat();
    [&[8][..], &short(name), &short(value), file.as_bytes()].concat()
}

const CANDIDATE_CHROMIUM: &str = "candidate:842163049 1 udp 41885439 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 0 generation 0 ufrag aB+/ network-id 3 network-cost 10";
const CANDIDATE_FIREFOX: &str = "candidate:1 1 UDP 92216831 203.0.113.9 50000 typ relay raddr 192.168.1.7 rport 51234";
const CANDIDATE_HOST: &str = "candidate:0 1 UDP 2122252543 6ba7b810-9dad-11d1-80b4-00c04fd430c8.local 41234 typ host";

/// Abridged from what it was seen to write after gathering, an address wherever one can stand.
const FIREFOX: &str = "v=0\r\n\
o=mozilla...THIS_IS_SDPARTA-99.0 4611686018427387904 1 IN IP4 192.168.1.7\r\n\
s=-\r\n\
c=IN IP6 fe80::1\r\n\
t=0 0\r\n\
a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2\r\n\
a=group:BUNDLE 0 1 2\r\n\
a=ice-options:trickle\r\n\
a=msid-semantic:WMS *\r\n\
m=audio 50000 UDP/TLS/RTP/SAVPF 109 9\r\n\
c=IN IP4 192.168.1.7\r\n\
a=candidate:0 1 UDP 2122252543 192.168.1.7 41234 typ host\r\n\
a=candidate:1 1 UDP 1686052607 198.51.100.7 41234 typ srflx raddr 192.168.1.7 rport 41234\r\n\
a=candidate:2 1 UDP 92216831 203.0.113.9 50000 typ relay raddr 198.51.100.7 rport 41234\r\n\
a=rtcp:50001 IN IP4 192.168.1.7\r\n\
a=sendrecv\r\n\
a=end-of-candidates\r\n\
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\r\n\
a=ice-pwd:f5fe12a5f5ab6b6e6a2ff2b1fa7ee0b5\r\n\
a=ice-ufrag:1c8ba2a1\r\n\
a=mid:0\r\n\
a=msid:{0b5f5a1c-3b1c-4b0e-8d2c-8a3b1d3c5e7f} {5e7f0b5f-5a1c-4b1c-8b0e-2c8a3b1d3c5e}\r\n\
a=rtcp-mux\r\n\
a=rtpmap:109 opus/48000/2\r\n\
a=setup:actpass\r\n\
a=ssrc:1235 cname:alex@192.168.1.7\r\n\
m=video 0 UDP/TLS/RTP/SAVPF 120\r\n\
b=TIAS:300000\r\n\
m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n\
a=sctp-port:5000\r\n\
a=max-message-size:1073741823\r\n";

const CHROMIUM: &str = "v=0\r\n\
o=- 3546563435634 2 IN IP4 127.0.0.1\r\n\
s=-\r\n\
t=0 0\r\n\
a=group:BUNDLE 0\r\n\
a=extmap-allow-mixed\r\n\
a=msid-semantic: WMS stream\r\n\
m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n\
c=IN IP4 0.0.0.0\r\n\
a=rtcp:9 IN IP4 0.0.0.0\r\n\
a=ice-ufrag:aB+/\r\n\
a=ice-pwd:asd88fgpdd777uzjYhagZg\r\n\
a=ice-options:trickle renomination\r\n\
a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2\r\n\
a=setup:active\r\n\
a=mid:0\r\n\
a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n\
a=recvonly\r\n\
a=rtcp-mux\r\n\
a=rtcp-rsize\r\n\
a=rtpmap:96 VP8/90000\r\n\
a=rtcp-fb:96 nack pli\r\n\
a=fmtp:97 apt=96\r\n\
a=ssrc-group:FID 1 2\r\n\
a=ssrc:1 msid:stream 6b1d4f7e-1f0a-4c3a-9a63-3f2b1f0f1f0a\r\n";
