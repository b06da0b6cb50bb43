//! The service user's session token: a JWT that says which person of which contact a browser is.
//!
//! One algorithm (HS256), a key id for rotation, every claim required. Whatever is wrong with a token, the answer is the same.
//! A token alone opens nothing: the room also knows which session has the person's place.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretSlice};
use serde::{Deserialize, Serialize};

/// How long a token is good for. Longer: a phone that is found later holds a token for longer. Shorter: who opens the link in
/// the morning for the afternoon must press "Continue" again.
const VALID: u32 = 12 * 3600;

/// How old a token may be before it is renewed over the socket.
pub const RENEW: u32 = 3600;

/// Two clocks of one service may differ by this, in seconds.
const LEEWAY: u64 = 5;

const AUDIENCE: &str = "sidelight session";

/// The shortest secret of a key, in bytes: that of the hash.
const MIN_SECRET: usize = 32;

/// The longest token that is looked at.
const MAX_TOKEN: usize = sidelight_room::bounds::MAX_SESSION;

/// A signing key with its id. At least 32 bytes.
pub struct Key {
    pub id: String,
    pub secret: SecretSlice<u8>,
}

/// Issues and reads session tokens.
pub struct Tokens {
    signing: EncodingKey,
    signing_id: String,
    accepted: Vec<(String, DecodingKey)>,
    validation: Validation,
}

/// Whose token it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    pub contact: String,
    pub person: String,
    pub session: String,
}

/// The token isn't valid; nobody learns why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotValid;

/// No key, a key too short, no randomness, or signing doesn't work here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKeys;

/// All required: a missing one, or one of another type (a number as a string), makes the token invalid.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    aud: String,
    sub: String,
    contact: String,
    jti: String,
    iat: u32,
    exp: u32,
}

impl Tokens {
    /// The first key signs; all are accepted. Signs once, so that a broken set-up shows at start and not at the first link.
    pub fn new(keys: Vec<Key>) -> Result<Tokens, BadKeys> {
        if keys.iter().any(|key| key.secret.expose_secret().len() < MIN_SECRET) {
            return Err(BadKeys);
        }
        let first = keys.first().ok_or(BadKeys)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        // Judged against the time that is given, below: so it can be tested, and no clock is read twice.
        validation.validate_exp = false;
        let tokens = Tokens {
            signing: EncodingKey::from_secret(first.secret.expose_secret()),
            signing_id: first.id.clone(),
            accepted: keys.iter().map(|key| (key.id.clone(), DecodingKey::from_secret(key.secret.expose_secret()))).collect(),
            validation,
        };
        let probe = Session { contact: "probe".into(), person: "probe".into(), session: "probe".into() };
        let token = tokens.issue(&probe, 1)?;
        tokens.read(&token, 1).map_err(|NotValid| BadKeys)?;
        Ok(tokens)
    }

    /// A new random session id.
    pub fn new_session(&self) -> Result<String, BadKeys> {
        crate::random::id().ok_or(BadKeys)
    }

    /// A token for the session, valid for 12 hours from `now` (seconds since 1970).
    pub fn issue(&self, session: &Session, now: u32) -> Result<String, BadKeys> {
        let claims = Claims {
            aud: AUDIENCE.into(),
            sub: session.person.clone(),
            contact: session.contact.clone(),
            jti: session.session.clone(),
            iat: now,
            exp: now.saturating_add(VALID),
        };
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(self.signing_id.clone());
        jsonwebtoken::encode(&header, &claims, &self.signing).map_err(|_| BadKeys)
    }

    /// Whose token it is, if it is valid now.
    pub fn read(&self, token: &str, now: u32) -> Result<Session, NotValid> {
        self.claims(token, now).map(session)
    }

    /// As [`Tokens::read`]; and a token to keep in place of this one, if it is time for that.
    pub fn read_and_renew(&self, token: &str, now: u32) -> Result<(Session, Option<String>), NotValid> {
        let claims = self.claims(token, now)?;
        let old = now >= claims.iat.saturating_add(RENEW);
        let session = session(claims);
        let renewed = if old { self.issue(&session, now).ok() } else { None };
        Ok((session, renewed))
    }

    fn claims(&self, token: &str, now: u32) -> Result<Claims, NotValid> {
        if token.len() > MAX_TOKEN {
            return Err(NotValid);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| NotValid)?;
        let id = header.kid.ok_or(NotValid)?;
        let (_, key) = self.accepted.iter().find(|(known, _)| *known == id).ok_or(NotValid)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &self.validation).map_err(|_| NotValid)?.claims;
        if u64::from(now) >= u64::from(claims.exp) + LEEWAY {
            return Err(NotValid);
        }
        Ok(claims)
    }
}

fn session(claims: Claims) -> Session {
    Session { contact: claims.contact, person: claims.sub, session: claims.jti }
}

#[cfg(test)]
mod tests;
