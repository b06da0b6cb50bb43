//! The service user's session token: a JWT that says which person of which contact a browser is.

use secrecy::SecretSlice;

/// A signing key with its id. At least 32 bytes.
pub struct Key {
    pub id: String,
    pub secret: SecretSlice<u8>,
}

/// Issues and reads session tokens.
pub struct Tokens {
    _keys: Vec<Key>,
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

/// No key, a key too short, or signing doesn't work here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKeys;

impl Tokens {
    /// The first key signs; all are accepted. Signs once, so that a broken set-up shows at start and not at the first link.
    pub fn new(keys: Vec<Key>) -> Result<Tokens, BadKeys> {
        if keys.is_empty() {
            return Err(BadKeys);
        }
        Ok(Tokens { _keys: keys })
    }

    /// A new random session id.
    pub fn new_session(&self) -> Result<String, BadKeys> {
        Err(BadKeys)
    }

    /// A token for the session, valid for 12 hours from `now` (seconds since 1970).
    pub fn issue(&self, session: &Session, now: u32) -> Result<String, BadKeys> {
        let _ = (session, now);
        Err(BadKeys)
    }

    /// Whose token it is, if it is valid now.
    pub fn read(&self, token: &str, now: u32) -> Result<Session, NotValid> {
        let _ = (token, now);
        Err(NotValid)
    }
}
