//! Whether a token is to be believed: who signed it, for whom, when, and for which sign-in (OpenID Connect Core, section 3.1.3.7).

use super::claims::Claims;
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::Value;

/// The longest token that is looked at, in bytes: some providers write two hundred groups into it.
const LONGEST: usize = 32 * 1024;

/// Two clocks may differ by this, in seconds.
const LEEWAY: i64 = 60;

/// How old a token may be that was asked for just now, in seconds.
const FRESH: i64 = 600;

/// Why a token isn't believed. For the log; whoever brought it learns only that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untrusted {
    Malformed,
    Algorithm,
    /// A header that must be understood, and isn't.
    Critical,
    UnknownKey,
    Signature,
    Issuer,
    Audience,
    AuthorizedParty,
    Nonce,
    Expired,
    /// Not valid yet, or issued in the future or long ago.
    Issued,
    /// Not what tells of a sign-out.
    Event,
}

/// What a token's header says of how it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub algorithm: Algorithm,
    pub kid: Option<String>,
}

/// For whom a token must be, and of whom.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
}

fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "RS256" => Some(Algorithm::RS256),
        "PS256" => Some(Algorithm::PS256),
        "ES256" => Some(Algorithm::ES256),
        "EdDSA" => Some(Algorithm::EdDSA),
        _ => None,
    }
}

/// Reads how it is signed, which nothing vouches for yet: it only chooses among our keys, and among these algorithms.
pub fn head(token: &str, allowed: &[Algorithm]) -> Result<Head, Untrusted> {
    if token.len() > LONGEST || token.split('.').count() != 3 {
        return Err(Untrusted::Malformed);
    }
    let first = token.split('.').next().unwrap_or_default();
    let header = BASE64URL_NOPAD.decode(first.as_bytes()).ok().and_then(|bytes| serde_json::from_slice::<Claims>(&bytes).ok());
    let header = header.ok_or(Untrusted::Malformed)?;
    if header.contains_key("crit") {
        return Err(Untrusted::Critical);
    }
    let algorithm = header.get("alg").and_then(Value::as_str).and_then(algorithm).filter(|named| allowed.contains(named));
    let algorithm = algorithm.ok_or(Untrusted::Algorithm)?;
    let kid = match header.get("kid") {
        None => None,
        Some(kid) => Some(kid.as_str().ok_or(Untrusted::Malformed)?.to_owned()),
    };
    Ok(Head { algorithm, kid })
}

/// The key of the set by which such a token may be signed. One without a key's name is taken where there is no choice.
pub fn choose<'a>(keys: &'a [Jwk], head: &Head) -> Option<&'a Jwk> {
    let fitting = |key: &&Jwk| fits(key, head.algorithm);
    match &head.kid {
        Some(kid) => keys.iter().filter(fitting).find(|key| key.common.key_id.as_ref() == Some(kid)),
        None => {
            let mut found = keys.iter().filter(fitting);
            found.next().filter(|_| found.next().is_none())
        }
    }
}

/// A key is for the algorithm that it was made for, and says so: so nobody has an RSA key taken for the secret of an HMAC.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::PS256) => true,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => key.curve == EllipticCurve::P256,
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => key.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    let signs = key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    kind && signs && key.common.key_algorithm.is_none_or(|named| named.to_string() == format!("{algorithm:?}"))
}

/// The claims of a token that is signed by this key.
fn signed(token: &str, head: &Head, key: &Jwk) -> Result<Claims, Untrusted> {
    let mut validation = Validation::new(head.algorithm);
    // Judged below, each with its reason, against the time that is given.
    (validation.validate_exp, validation.validate_aud) = (false, false);
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_jwk(key).map_err(|_| Untrusted::UnknownKey)?;
    decode::<Claims>(token, &key, &validation).map(|token| token.claims).map_err(|_| Untrusted::Signature)
}

/// What holds for every token of the provider.
fn common(claims: &Claims, expected: &Expected<'_>, now: u32) -> Result<(), Untrusted> {
    if claims.get("iss").and_then(Value::as_str) != Some(expected.issuer) {
        return Err(Untrusted::Issuer);
    }
    let party = claims.get("azp");
    let alone = match claims.get("aud") {
        Some(Value::String(audience)) => audience == expected.client_id,
        Some(Value::Array(all)) if all.iter().any(|one| one == expected.client_id) => all.len() == 1 || party.is_some(),
        _ => false,
    };
    if !alone {
        return Err(Untrusted::Audience);
    }
    if party.is_some_and(|party| party != expected.client_id) {
        return Err(Untrusted::AuthorizedParty);
    }
    let now = i64::from(now);
    if time(claims, "exp").is_none_or(|expires| now >= expires.saturating_add(LEEWAY)) {
        return Err(Untrusted::Expired);
    }
    let issued = time(claims, "iat").is_some_and(|at| (now - FRESH - LEEWAY..=now + LEEWAY).contains(&at));
    let begun = !claims.contains_key("nbf") || time(claims, "nbf").is_some_and(|from| from <= now + LEEWAY);
    if issued && begun { Ok(()) } else { Err(Untrusted::Issued) }
}

fn time(claims: &Claims, name: &str) -> Option<i64> {
    let value = claims.get(name)?;
    // Some providers write a fraction.
    value.as_i64().or_else(|| value.as_f64().filter(|time| time.is_finite()).map(|time| time as i64))
}

/// The claims of a token that was asked for with this nonce.
pub fn read(token: &str, head: &Head, key: &Jwk, expected: &Expected<'_>, nonce: &str, now: u32) -> Result<Claims, Untrusted> {
    let claims = signed(token, head, key)?;
    common(&claims, expected, now)?;
    if claims.get("nonce").and_then(Value::as_str) != Some(nonce) {
        return Err(Untrusted::Nonce);
    }
    Ok(claims)
}

/// The claims of a token by which the provider tells of a sign-out (OpenID Connect Back-Channel Logout 1.0, section 2.6).
pub fn read_ended(token: &str, head: &Head, key: &Jwk, expected: &Expected<'_>, now: u32) -> Result<Claims, Untrusted> {
    const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
    let claims = signed(token, head, key)?;
    common(&claims, expected, now)?;
    let told = claims.get("events").and_then(Value::as_object).and_then(|events| events.get(EVENT)).is_some_and(Value::is_object);
    if told && !claims.contains_key("nonce") { Ok(claims) } else { Err(Untrusted::Event) }
}

#[cfg(test)]
mod tests;
