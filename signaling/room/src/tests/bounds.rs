//! Every field is bounded.

use crate::bounds::{of_desk, of_guest};
use sidelight_protocol::{
    MAX_BODY, MAX_ID, MAX_SDP, Signal,
    desk::{Act, FromDesk},
    guest::FromGuest,
};

fn text(id: &str, body: usize) -> FromGuest {
    FromGuest::Text { id: id.into(), body: "x".repeat(body) }
}

#[test]
fn ids_are_short_and_plain() {
    assert!(of_guest(&text(&"a".repeat(MAX_ID), 1)));
    for bad in ["", "a b", "a\n", "é", "../x", "\0", &"a".repeat(MAX_ID + 1)] {
        assert!(!of_guest(&text(bad, 1)), "{bad:?}");
        assert!(!of_guest(&FromGuest::Ack { id: bad.into(), proof: String::new() }));
        assert!(!of_guest(&FromGuest::Hello { protocol: 1, session: "s".into(), tab: bad.into() }));
        assert!(!of_desk(&FromDesk::Hello { protocol: 1, tab: bad.into() }));
        assert!(!of_desk(&FromDesk::In { contact: bad.into(), act: Act::Take {} }));
        assert!(!of_desk(&FromDesk::In { contact: "c".into(), act: Act::Admit { person: bad.into() } }));
    }
}

#[test]
fn bodies_descriptions_and_sessions_are_bounded() {
    assert!(of_guest(&text("t", MAX_BODY)) && !of_guest(&text("t", MAX_BODY + 1)) && !of_guest(&text("t", 0)));
    let offer = |size| FromGuest::Signal { epoch: 1, signal: Signal::Offer { sdp: "x".repeat(size), bound: String::new() } };
    assert!(of_guest(&offer(MAX_SDP)) && !of_guest(&offer(MAX_SDP + 1)));
    let hello = |session: &str| FromGuest::Hello { protocol: 1, session: session.into(), tab: "t".into() };
    assert!(of_guest(&hello("a.b.c")) && !of_guest(&hello("")) && !of_guest(&hello(&"x".repeat(1025))) && !of_guest(&hello("é")));
}
