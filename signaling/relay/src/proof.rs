//! Long-term credentials (RFC 8489 section 9.2), checked without a memory of who asked before.

use stun_types::attribute::{MessageIntegrity, MessageIntegritySha256, Nonce, Realm, Username};
use stun_types::message::{IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageIntegrityCredentials};
use stun_types::prelude::AttributeStaticType;

use crate::credential::{Passwords, Rights};
use crate::nonce::Nonces;
use crate::{Client, Time};

/// A request that was made with a valid credential, and what its answer is sealed with.
pub(crate) struct Proof {
    pub username: String,
    pub credentials: MessageIntegrityCredentials,
    pub algorithm: IntegrityAlgorithm,
}

/// Why a request proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unproven {
    /// 401: no credential, or a wrong one. The two look the same, so that nobody can probe for valid names.
    Unauthorized,
    /// 400: a seal without the parts it needs.
    BadRequest,
    /// 438: come back with the nonce in the answer.
    StaleNonce,
}

/// Checks a request. Whether the rights suffice, or were revoked, is for the caller to say.
pub(crate) fn check(
    now: Time,
    client: Client,
    request: &Message<'_>,
    realm: &str,
    nonces: &Nonces,
    passwords: &Passwords,
) -> Result<Proof, Unproven> {
    if !request.has_attribute(MessageIntegrity::TYPE) && !request.has_attribute(MessageIntegritySha256::TYPE) {
        return Err(Unproven::Unauthorized);
    }
    let (Ok(username), Ok(_), Ok(nonce)) = (request.attribute::<Username>(), request.attribute::<Realm>(), request.attribute::<Nonce>())
    else {
        return Err(Unproven::BadRequest);
    };
    if !nonces.is_fresh(nonce.nonce(), now, client) {
        return Err(Unproven::StaleNonce);
    }
    let username = username.username();
    if Rights::parse(username).is_none() {
        return Err(Unproven::Unauthorized);
    }
    let key = LongTermKeyCredentials::new(username.to_owned(), passwords.of(username), realm.to_owned());
    let credentials = MessageIntegrityCredentials::LongTerm(key);
    match request.validate_integrity(&credentials) {
        Ok(algorithm) => Ok(Proof { username: username.to_owned(), credentials, algorithm }),
        Err(_) => Err(Unproven::Unauthorized),
    }
}
