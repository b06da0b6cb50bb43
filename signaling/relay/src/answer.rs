//! Building what the relay says itself: responses, and Data indications.

use std::net::SocketAddr;

use stun_types::attribute::{AttributeType, ErrorCode, Fingerprint, UnknownAttributes};
use stun_types::message::{Message, MessageClass, MessageType, MessageWrite, MessageWriteExt, MessageWriteVec};
use stun_types::prelude::{AttributeStaticType, AttributeWrite};

use crate::frames::MAGIC_COOKIE;
use crate::proof::Proof;

/// Why a request is refused, by its number in RFC 8489 and RFC 8656.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    BadRequest,
    Unauthorized,
    Forbidden,
    UnknownAttribute,
    AllocationMismatch,
    StaleNonce,
    AddressFamilyNotSupported,
    WrongCredentials,
    UnsupportedTransport,
    PeerAddressFamilyMismatch,
    AllocationQuotaReached,
    InsufficientCapacity,
}

impl Refusal {
    fn code_and_reason(self) -> (u16, &'static str) {
        match self {
            Refusal::BadRequest => (400, "Bad Request"),
            Refusal::Unauthorized => (401, "Unauthorized"),
            Refusal::Forbidden => (403, "Forbidden"),
            Refusal::UnknownAttribute => (420, "Unknown Attribute"),
            Refusal::AllocationMismatch => (437, "Allocation Mismatch"),
            Refusal::StaleNonce => (438, "Stale Nonce"),
            Refusal::AddressFamilyNotSupported => (440, "Address Family not Supported"),
            Refusal::WrongCredentials => (441, "Wrong Credentials"),
            Refusal::UnsupportedTransport => (442, "Unsupported Transport Protocol"),
            Refusal::PeerAddressFamilyMismatch => (443, "Peer Address Family Mismatch"),
            Refusal::AllocationQuotaReached => (486, "Allocation Quota Reached"),
            Refusal::InsufficientCapacity => (508, "Insufficient Capacity"),
        }
    }
}

/// A success, sealed with the credential if the request was.
pub(crate) fn success(request: &Message<'_>, attributes: &[&dyn AttributeWrite], proof: Option<&Proof>) -> Option<Vec<u8>> {
    let builder = begin(request, MessageClass::Success);
    finish(request, builder, attributes, proof)
}

/// An error. `unknown` names the attributes of [`Refusal::UnknownAttribute`].
pub(crate) fn refusal(
    request: &Message<'_>,
    refusal: Refusal,
    unknown: &[AttributeType],
    attributes: &[&dyn AttributeWrite],
    proof: Option<&Proof>,
) -> Option<Vec<u8>> {
    let mut builder = begin(request, MessageClass::Error);
    let (code, reason) = refusal.code_and_reason();
    builder.add_attribute(&ErrorCode::new(code, reason).ok()?).ok()?;
    if !unknown.is_empty() {
        builder.add_attribute(&UnknownAttributes::new(unknown)).ok()?;
    }
    finish(request, builder, attributes, proof)
}

fn begin(request: &Message<'_>, class: MessageClass) -> MessageWriteVec {
    // Not `builder_success`, which panics unless it is given a request.
    let kind = MessageType::from_class_method(class, request.method());
    Message::builder(kind, request.transaction_id(), MessageWriteVec::with_capacity(160))
}

fn finish(
    request: &Message<'_>,
    mut builder: MessageWriteVec,
    attributes: &[&dyn AttributeWrite],
    proof: Option<&Proof>,
) -> Option<Vec<u8>> {
    for attribute in attributes {
        builder.add_attribute(*attribute).ok()?;
    }
    if let Some(proof) = proof {
        builder.add_message_integrity(&proof.credentials, proof.algorithm).ok()?;
    }
    if request.has_attribute(Fingerprint::TYPE) {
        builder.add_fingerprint().ok()?;
    }
    Some(builder.finish())
}

/// Writes a Data indication (RFC 8656 section 11.4) over what the buffer holds.
pub(crate) fn data_indication(buffer: &mut Vec<u8>, transaction: u128, from: SocketAddr, data: &[u8]) -> Option<()> {
    let SocketAddr::V4(from) = from else { return None };
    let padding = crate::padding(data.len());
    let length = u16::try_from(12 + 4 + data.len() + padding).ok()?;
    buffer.clear();
    buffer.extend_from_slice(&[0x00, 0x17]);
    buffer.extend_from_slice(&length.to_be_bytes());
    buffer.extend_from_slice(&MAGIC_COOKIE);
    buffer.extend_from_slice(&transaction.to_be_bytes()[4..]);
    // XOR-PEER-ADDRESS, IPv4.
    buffer.extend_from_slice(&[0x00, 0x12, 0x00, 0x08, 0x00, 0x01]);
    let [c0, c1, ..] = MAGIC_COOKIE;
    buffer.extend_from_slice(&(from.port() ^ u16::from_be_bytes([c0, c1])).to_be_bytes());
    buffer.extend(from.ip().octets().iter().zip(MAGIC_COOKIE).map(|(byte, cookie)| byte ^ cookie));
    // DATA.
    buffer.extend_from_slice(&[0x00, 0x13]);
    buffer.extend_from_slice(&u16::try_from(data.len()).ok()?.to_be_bytes());
    buffer.extend_from_slice(data);
    buffer.resize(buffer.len() + padding, 0);
    Some(())
}
