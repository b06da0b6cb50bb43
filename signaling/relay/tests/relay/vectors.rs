//! The test vectors of RFC 5769: a codec that gets these wrong would still agree with itself.

use std::net::SocketAddr;

use stun_types::attribute::{ErrorCode, Nonce, Software, UnknownAttributes, Username, XorMappedAddress};
use stun_types::message::{BINDING, LongTermKeyCredentials, Message, MessageClass, MessageIntegrityCredentials, ShortTermCredentials};
use stun_types::prelude::AttributeStaticType;

use crate::world::{World, udp};

const SAMPLE_REQUEST: &str = concat!(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b1",
    "51263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf",
);
const SAMPLE_IPV4_RESPONSE: &str = concat!(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599",
    "fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96",
);
const SAMPLE_IPV6_RESPONSE: &str = concat!(
    "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5",
    "bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c",
);
const SAMPLE_LONG_TERM_REQUEST: &str = concat!(
    "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f3439396b39",
    "353464364f4c33346f4c394653547679363473410014000b6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a2",
    "8ca89666",
);

fn bytes(hex: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
}

fn short_term() -> MessageIntegrityCredentials {
    ShortTermCredentials::new("VOkJxbRl1RmTxUk/WvJxBt".to_owned()).into()
}

fn long_term(password: &str) -> MessageIntegrityCredentials {
    LongTermKeyCredentials::new("マトリックス".to_owned(), password.to_owned(), "example.org".to_owned()).into()
}

#[test]
fn the_sample_request_is_read_and_its_seal_checked() {
    let bytes = bytes(SAMPLE_REQUEST);
    let message = Message::from_bytes(&bytes).unwrap();
    assert_eq!((message.class(), message.method()), (MessageClass::Request, BINDING));
    assert_eq!(message.attribute::<Software>().unwrap().software(), "STUN test client");
    assert_eq!(message.attribute::<Username>().unwrap().username(), "evtj:h6vY");
    assert!(message.validate_integrity(&short_term()).is_ok());
}

#[test]
fn the_sample_responses_are_read_and_their_seals_checked() {
    for (sample, address) in
        [(SAMPLE_IPV4_RESPONSE, "192.0.2.1:32853"), (SAMPLE_IPV6_RESPONSE, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
    {
        let bytes = bytes(sample);
        let message = Message::from_bytes(&bytes).unwrap();
        assert_eq!((message.class(), message.method()), (MessageClass::Success, BINDING));
        assert_eq!(message.attribute::<Software>().unwrap().software(), "test vector");
        let mapped = message.attribute::<XorMappedAddress>().unwrap().addr(message.transaction_id());
        assert_eq!(mapped, address.parse::<SocketAddr>().unwrap());
        assert!(message.validate_integrity(&short_term()).is_ok());
    }
}

#[test]
fn the_long_term_sample_is_read_and_its_seal_checked_with_the_right_password_only() {
    let bytes = bytes(SAMPLE_LONG_TERM_REQUEST);
    let message = Message::from_bytes(&bytes).unwrap();
    assert_eq!(message.attribute::<Nonce>().unwrap().nonce(), "f//499k954d6OL34oL9FSTvy64sA");
    assert!(message.validate_integrity(&long_term("TheMatrIX")).is_ok());
    assert!(message.validate_integrity(&long_term("TheMatrix")).is_err());
}

#[test]
fn a_sample_with_any_byte_changed_is_not_taken_for_sealed() {
    for (sample, credentials) in [
        (SAMPLE_REQUEST, short_term()),
        (SAMPLE_IPV4_RESPONSE, short_term()),
        (SAMPLE_IPV6_RESPONSE, short_term()),
        (SAMPLE_LONG_TERM_REQUEST, long_term("TheMatrIX")),
    ] {
        let good = bytes(sample);
        // The seal doesn't cover the kind and length of the FINGERPRINT behind it (RFC 8489 section 14.5).
        let unsealed = if sample == SAMPLE_LONG_TERM_REQUEST { 0..0 } else { good.len() - 8..good.len() - 4 };
        for at in (0..good.len()).filter(|at| !unsealed.contains(at)) {
            let mut changed = good.clone();
            changed[at] ^= 0x01;
            let sealed = Message::from_bytes(&changed).is_ok_and(|message| message.validate_integrity(&credentials).is_ok());
            assert!(!sealed, "byte {at}");
        }
    }
}

#[test]
fn the_relay_answers_the_samples_as_a_server_must() {
    let mut world = World::new();
    // The sample of a request is of ICE and holds PRIORITY, which a relay doesn't know and must name.
    let (to, answer) = world.send(udp(1_001), &bytes(SAMPLE_REQUEST)).unwrap();
    let answer = Message::from_bytes(&answer).unwrap();
    assert!(to == udp(1_001));
    assert_eq!(answer.attribute::<ErrorCode>().unwrap().code(), 420);
    assert!(answer.attribute::<UnknownAttributes>().unwrap().has_attribute(0x0024.into()));
    assert!(answer.has_attribute(stun_types::attribute::Fingerprint::TYPE), "asked with one, answered with one");

    let (_, answer) = world.send(udp(1_001), &bytes(SAMPLE_LONG_TERM_REQUEST)).unwrap();
    let answer = Message::from_bytes(&answer).unwrap();
    assert_eq!(answer.class(), MessageClass::Success);
    assert_eq!(answer.attribute::<XorMappedAddress>().unwrap().addr(answer.transaction_id()), udp(1_001).address);
    assert!(!answer.has_attribute(stun_types::attribute::Fingerprint::TYPE), "asked without, answered without");

    // Responses are answers to nothing we asked.
    assert!(world.send(udp(1_001), &bytes(SAMPLE_IPV4_RESPONSE)).is_none());
    assert!(world.send(udp(1_001), &bytes(SAMPLE_IPV6_RESPONSE)).is_none());
}
