//! Signalling: who may send it when, and what is left of it.

use super::world::{RELAY_CANDIDATE, RELAY_CANDIDATE_CLEAN, START, World, desk, phone};
use crate::{
    Relayed,
    signal::{BadSignal, clean},
};
use sidelight_protocol::{Rung, Signal, desk::Act, guest::FromGuest};

fn candidate(line: &str) -> Signal {
    Signal::Candidate { candidate: line.into(), mid: Some("0".into()), line: Some(0) }
}

fn from_phone(epoch: u32) -> FromGuest {
    FromGuest::Signal { epoch: START + epoch, signal: candidate(RELAY_CANDIDATE) }
}

fn from_desk(epoch: u32) -> Act {
    Act::Signal { person: "alex".into(), epoch: START + epoch, signal: candidate(RELAY_CANDIDATE) }
}

#[test]
fn signals_pass_both_ways_in_conversation_without_the_phones_address() {
    let mut world = World::in_conversation();
    assert_eq!(world.says(1, from_phone(0)), [format!("desk1 gets e0 of alex <{RELAY_CANDIDATE_CLEAN}>")]);
    assert_eq!(world.acts(1, from_desk(0)), [format!("phone1 gets e0 <{RELAY_CANDIDATE_CLEAN}>")]);
}

#[test]
fn both_sides_can_make_offers_and_answers() {
    let sdp = "v=0\r\no=- 1 2 IN IP4 192.168.1.7\r\ns=-\r\nt=0 0\r\n";
    let blank = "v=0\\r\\no=- 1 2 IN IP4 0.0.0.0\\r\\ns=-\\r\\nt=0 0\\r\\n";
    for (kind, signal) in [
        ("offer", Signal::Offer { sdp: sdp.into(), bound: String::new() }),
        ("answer", Signal::Answer { sdp: sdp.into(), bound: String::new() }),
    ] {
        let mut world = World::in_conversation();
        assert_eq!(
            world.says(1, FromGuest::Signal { epoch: START, signal: signal.clone() }),
            [format!("desk1 gets e0 of alex {kind} \"{blank}\"")]
        );
        assert_eq!(
            world.acts(1, Act::Signal { person: "alex".into(), epoch: START, signal }),
            [format!("phone1 gets e0 {kind} \"{blank}\"")]
        );
    }
}

#[test]
fn before_both_are_in_no_signal_passes() {
    for mut world in [World::asked(), World::waiting()] {
        assert_eq!(world.says(1, from_phone(0)), ["phone1 refused: not_now"]);
        assert_eq!(world.acts(1, from_desk(0)), ["desk1 refused: not_now"]);
    }
    let mut world = World::in_conversation().and_robin_waits();
    assert_eq!(world.says(2, from_phone(0)), ["phone2 refused: not_now"]);
    let to_robin = Act::Signal { person: "robin".into(), epoch: START, signal: candidate(RELAY_CANDIDATE) };
    assert_eq!(world.acts(1, to_robin), ["desk1 refused: not_now"]);
}

#[test]
fn being_put_back_stops_signals_at_once_and_a_late_one_does_not_land_in_the_next_conversation() {
    let mut world = World::in_conversation();
    world.acts(1, Act::PutBack { person: "alex".into() });
    assert_eq!(world.says(1, from_phone(0)), ["phone1 refused: not_now"]);
    assert_eq!(world.acts(1, from_desk(0)), ["desk1 refused: not_now"]);
    world.acts(1, Act::Admit { person: "alex".into() });
    assert_eq!(world.says(1, from_phone(0)), ["phone1 refused: old_epoch"]);
    assert_eq!(world.acts(1, from_desk(0)), ["desk1 refused: old_epoch"]);
    assert_eq!(world.says(1, from_phone(1)), [format!("desk1 gets e1 of alex <{RELAY_CANDIDATE_CLEAN}>")]);
}

#[test]
fn a_signal_with_nobody_there_is_refused() {
    let mut world = World::in_conversation();
    world.goes(phone(1));
    assert_eq!(world.acts(1, from_desk(0)), ["desk1 refused: not_there"]);
    let mut world = World::in_conversation();
    world.goes(desk(1));
    assert_eq!(world.says(1, from_phone(0)), ["phone1 refused: not_there"]);
}

#[test]
fn a_signal_that_is_none_is_refused_and_one_of_another_kind_of_candidate_is_dropped() {
    let mut world = World::in_conversation();
    let bad = FromGuest::Signal { epoch: START, signal: Signal::Offer { sdp: "hello".into(), bound: String::new() } };
    assert_eq!(world.says(1, bad), ["phone1 refused: bad_message"]);
    let host = FromGuest::Signal { epoch: START, signal: candidate("candidate:1 1 udp 1 192.168.1.7 5000 typ host") };
    assert_eq!(world.says(1, host), Vec::<String>::new());
}

#[test]
fn what_a_network_bears_is_told_to_who_is_in_the_conversation() {
    let mut world = World::in_conversation();
    let pace = || Signal::Pace { sends: Rung::Voice, most: Rung::Small, unseen: true, unheard: false, again: true };
    assert_eq!(
        world.says(1, FromGuest::Signal { epoch: START, signal: pace() }),
        ["desk1 gets e0 of alex sends Voice, most Small, unseen, again"]
    );
    assert_eq!(world.says(1, FromGuest::Signal { epoch: START + 1, signal: pace() }), ["phone1 refused: old_epoch"]);
}

fn cleaned(line: &str) -> Option<String> {
    match clean(candidate(line), &Relayed::default()) {
        Ok(Some(kept)) => match kept.into_signal() {
            Signal::Candidate { candidate, .. } => Some(candidate),
            Signal::Offer { .. } | Signal::Answer { .. } | Signal::Pace { .. } => None,
        },
        Ok(None) => None,
        Err(BadSignal) => Some("refused".into()),
    }
}

#[test]
fn only_the_relays_candidates_pass() {
    let relay = "203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 9";
    for (given, kept) in [
        // As Chromium writes it, and as Firefox does.
        (
            "candidate:842163049 1 udp 41885439 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 0 generation 0 ufrag aB+/ network-id 3 network-cost 10",
            Some(format!("candidate:842163049 1 udp 41885439 {relay} generation 0 ufrag aB+/ network-cost 10")),
        ),
        (
            "candidate:1 1 UDP 92216831 203.0.113.9 50000 typ relay raddr 192.168.1.7 rport 51234",
            Some(format!("candidate:1 1 UDP 92216831 {relay}")),
        ),
        ("candidate:1 1 UDP 1 203.0.113.9 50000 typ relay", Some(format!("candidate:1 1 UDP 1 {relay}"))),
        // The end of candidates.
        ("", Some(String::new())),
        // Other kinds.
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ host", None),
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ srflx raddr 192.168.1.7 rport 5", None),
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ prflx raddr 192.168.1.7 rport 5", None),
        ("candidate:1 1 tcp 1 203.0.113.9 9 typ relay tcptype active", None),
        // Relay candidates of elsewhere, in every spelling.
        ("candidate:1 1 udp 1 198.51.100.7 50000 typ relay", None),
        ("candidate:1 1 udp 1 203.0.114.9 50000 typ relay", None),
        ("candidate:1 1 udp 1 ::ffff:203.0.113.9 50000 typ relay", None),
        ("candidate:1 1 udp 1 2001:db8::1 50000 typ relay", None),
        ("candidate:1 1 udp 1 3405803785 50000 typ relay", None),
        ("candidate:1 1 udp 1 203.0.113.09 50000 typ relay", None),
        ("candidate:1 1 udp 1 0xcb.0.113.9 50000 typ relay", None),
        ("candidate:1 1 udp 1 6ba7b810-9dad-11d1-80b4-00c04fd430c8.local 50000 typ relay", None),
        ("candidate:1 1 udp 1 example.org 50000 typ relay", None),
        // Tricks with words and lines.
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ relay typ host", Some(format!("candidate:1 1 udp 1 {relay}"))),
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ relay x-addr 192.168.1.7", Some(format!("candidate:1 1 udp 1 {relay}"))),
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ relay ufrag 192.168.1.7", Some(format!("candidate:1 1 udp 1 {relay}"))),
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ relay raddr", None),
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ relay\r\na=candidate:1 1 udp 1 192.168.1.7 5 typ host", None),
        ("candidate:1 1 udp 1 203.0.113.9 50000 typ relay\u{2028}", None),
        ("candidate:1 1 udp 1 203.0.113.9 0 typ relay", None),
        ("candidate:1 1 udp 1 203.0.113.9 65536 typ relay", None),
        ("candidate:1 999 udp 1 203.0.113.9 50000 typ relay", None),
        ("candidate:1  1 udp 1 203.0.113.9 50000 typ relay", None),
        ("candidate:192.168.1.7 1 udp 1 203.0.113.9 50000 typ relay", None),
        ("a=candidate:1 1 udp 1 203.0.113.9 50000 typ relay", Some("refused".into())),
        ("hello", Some("refused".into())),
    ] {
        assert_eq!(cleaned(given), kept, "{given:?}");
    }
}

/// Found by a fuzzer: the name of a section was looked at letter by letter only.
#[test]
fn a_section_is_not_called_by_an_address() {
    let of =
        |mid: &str| clean(Signal::Candidate { candidate: RELAY_CANDIDATE.into(), mid: Some(mid.into()), line: None }, &Relayed::default());
    assert!(of("audio-0.1").is_ok());
    for mid in ["192.168.1.7", "a192.168.1.7", "1.192.168.1.7", "me.local", "192.168.001.007"] {
        assert!(of(mid).is_err(), "{mid}");
        let described = described(&format!("v=0\r\na=mid:{mid}\r\n"));
        assert_eq!(described.as_deref(), Some("v=0\r\n"), "{mid}");
    }
}

/// Abridged from what Firefox was seen to write after gathering, with every place where an address can stand filled in.
const FULL: &str = "v=0\r\n\
o=mozilla...THIS_IS_SDPARTA-99.0 4611686018427387904 1 IN IP4 192.168.1.7\r\n\
s=call of 192.168.1.7\r\n\
i=192.168.1.7\r\n\
u=http://192.168.1.7/\r\n\
c=IN IP6 fe80::1\r\n\
t=0 0\r\n\
a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2\r\n\
a=group:BUNDLE 0\r\n\
a=ice-options:trickle\r\n\
a=msid-semantic:WMS *\r\n\
m=audio 50000 UDP/TLS/RTP/SAVPF 109 9\r\n\
c=IN IP4 192.168.1.7\r\n\
b=AS:30\r\n\
a=candidate:0 1 UDP 2122252543 192.168.1.7 41234 typ host\r\n\
a=candidate:1 1 UDP 1686052607 198.51.100.7 41234 typ srflx raddr 192.168.1.7 rport 41234\r\n\
a=candidate:2 1 UDP 92216831 203.0.113.9 50000 typ relay raddr 198.51.100.7 rport 41234\r\n\
a=candidate:3 1 UDP 92216831 6ba7b810-9dad-11d1-80b4-00c04fd430c8.local 50000 typ host\r\n\
a=rtcp:50001 IN IP4 192.168.1.7\r\n\
a=sendrecv\r\n\
a=end-of-candidates\r\n\
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n\
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\r\n\
a=ice-pwd:f5fe12a5f5ab6b6e6a2ff2b1fa7ee0b5\r\n\
a=ice-ufrag:1c8ba2a1\r\n\
a=mid:0\r\n\
a=msid:{0b5f5a1c-3b1c-4b0e-8d2c-8a3b1d3c5e7f} {5e7f0b5f-5a1c-4b1c-8b0e-2c8a3b1d3c5e}\r\n\
a=rtcp-mux\r\n\
a=rtpmap:109 opus/48000/2\r\n\
a=setup:actpass\r\n\
a=ssrc:1234 cname:{a1c3b1c4-b0e8-4d2c-8a3b-1d3c5e7f0b5f}\r\n\
a=ssrc:1235 cname:alex@192.168.1.7\r\n\
a=ssrc:1236 cname:alex@[2001:db8::7]:80\r\n\
a=x-my-address:192.168.1.7\r\n\
a=remote-candidates:1 192.168.1.7 5000\r\n\
m=video 0 UDP/TLS/RTP/SAVPF 120\r\n";

const CLEAN: &str = "v=0\r\n\
o=- 4611686018427387904 1 IN IP4 0.0.0.0\r\n\
s=-\r\n\
c=IN IP4 0.0.0.0\r\n\
t=0 0\r\n\
a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2\r\n\
a=group:BUNDLE 0\r\n\
a=ice-options:trickle\r\n\
a=msid-semantic:WMS *\r\n\
m=audio 9 UDP/TLS/RTP/SAVPF 109 9\r\n\
c=IN IP4 0.0.0.0\r\n\
b=AS:30\r\n\
a=candidate:2 1 UDP 92216831 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 9\r\n\
a=rtcp:9 IN IP4 0.0.0.0\r\n\
a=sendrecv\r\n\
a=end-of-candidates\r\n\
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n\
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1\r\n\
a=ice-pwd:f5fe12a5f5ab6b6e6a2ff2b1fa7ee0b5\r\n\
a=ice-ufrag:1c8ba2a1\r\n\
a=mid:0\r\n\
a=msid:{0b5f5a1c-3b1c-4b0e-8d2c-8a3b1d3c5e7f} {5e7f0b5f-5a1c-4b1c-8b0e-2c8a3b1d3c5e}\r\n\
a=rtcp-mux\r\n\
a=rtpmap:109 opus/48000/2\r\n\
a=setup:actpass\r\n\
a=ssrc:1234 cname:{a1c3b1c4-b0e8-4d2c-8a3b-1d3c5e7f0b5f}\r\n\
m=video 0 UDP/TLS/RTP/SAVPF 120\r\n";

fn described(sdp: &str) -> Option<String> {
    match clean(Signal::Offer { sdp: sdp.into(), bound: String::new() }, &Relayed::default()).ok()??.into_signal() {
        Signal::Offer { sdp, .. } => Some(sdp),
        Signal::Answer { .. } | Signal::Candidate { .. } | Signal::Pace { .. } => None,
    }
}

#[test]
fn a_description_keeps_everything_but_addresses() {
    assert_eq!(described(FULL).as_deref(), Some(CLEAN));
    // Clean is clean: nothing more is taken away by a second pass. Bare line feeds are understood as well.
    assert_eq!(described(CLEAN).as_deref(), Some(CLEAN));
    assert_eq!(described(&FULL.replace("\r\n", "\n")).as_deref(), Some(CLEAN));
}

#[test]
fn tricks_with_lines_are_refused() {
    for bad in [
        "",
        "hello",
        "o=- 1 1 IN IP4 0.0.0.0\r\nv=0\r\n",
        "v=0\r\nv=0\r\n",
        "v=0\r\n\r\na=mid:0\r\n",
        "v=0\r\na=mid:0\ra=candidate:1 1 udp 1 192.168.1.7 5 typ host\r\n",
        "v=0\r\na=mid:0\0\r\n",
        "v=0\r\na=mid:\u{85}0\r\n",
        "v=0\r\n a=mid:0\r\n",
        "v=0\r\naa=mid:0\r\n",
        "v=0\r\no=- x 1 IN IP4 0.0.0.0\r\n",
        "v=0\r\nm=audio\r\n",
        "v=0\r\nm=audio 9/2 RTP/AVP 0 192.168.1.7\r\n",
        "v=0\r\nm=message 9 RTP/AVP 0\r\n",
        &format!("v=0\r\na=mid:{}\r\n", "0".repeat(2000)),
        &format!("v=0\r\n{}", "a=mid:0\r\n".repeat(1001)),
    ] {
        assert_eq!(described(bad), None, "{bad:?}");
    }
}

mod addresses_never_pass {
    use super::*;
    use proptest::prelude::*;

    fn place() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<[u8; 4]>()
                .prop_filter("not the relay's, not blank", |a| a[..3] != [203, 0, 113] && *a != [0; 4])
                .prop_map(|a| format!("{}.{}.{}.{}", a[0], a[1], a[2], a[3])),
            any::<[u16; 8]>().prop_map(|a| std::net::Ipv6Addr::from(a).to_string()),
            any::<[u8; 4]>().prop_map(|a| format!("::ffff:{}.{}.{}.{}", a[0] | 1, a[1], a[2], a[3])),
            "[0-9a-f]{8}\\.local",
        ]
    }

    proptest! {
        /// Wherever in a true description an address of a phone is written, it isn't in what is passed on.
        #[test]
        fn wherever_they_stand(place in place(), at in 0..FULL.len(), replace in 0usize..12, gap in prop_oneof![Just(" "), Just(":"), Just("="), Just("@"), Just("\r\n")]) {
            prop_assume!(FULL.is_char_boundary(at) && FULL.is_char_boundary((at + replace).min(FULL.len())));
            let (before, after) = (&FULL[..at], &FULL[(at + replace).min(FULL.len())..]);
            let sdp = format!("{before}{gap}{place}{gap}{after}");
            if let Some(passed) = described(&sdp) {
                prop_assert!(!passed.contains(&place), "{place} in {passed}");
            }
            if let Some(passed) = cleaned(&format!("candidate:1 1 UDP 1 203.0.113.9 50000 typ relay{gap}{place}{gap}generation 0")) {
                prop_assert!(!passed.contains(&place), "{place} in {passed}");
            }
        }

        #[test]
        fn and_nothing_panics(sdp in "\\PC{0,200}", line in "\\PC{0,100}") {
            let _ = described(&sdp);
            let _ = described(&format!("v=0\r\n{sdp}"));
            let _ = cleaned(&line);
            let _ = cleaned(&format!("candidate:{line}"));
        }
    }
}
