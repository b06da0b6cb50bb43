//! Credentials that carry their own rights: `expiry:scope:room:peer`, with a password that only the holder of the secret
//! can compute. The form is that of TURN's REST credentials, so that coturn, given the same secret, can stand in.

use aws_lc_rs::hmac;
use data_encoding::BASE64;

use crate::Time;

/// How far a credential reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Only allocations made with this same credential, for a short while and a few bytes: to try the line before admission.
    Own,
    /// Every allocation of this scope in the same room.
    Room,
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Room => "room",
        }
    }
}

/// What a page is given. It opens the relay, so it has no Debug.
pub struct Credential {
    pub username: String,
    pub password: String,
}

/// Names longer than this aren't ours.
const LONGEST_NAME: usize = 64;

/// A username taken apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights<'a> {
    /// Seconds since 1970; new allocations only before it.
    pub expires: u64,
    pub scope: Scope,
    pub room: &'a str,
    pub peer: &'a str,
}

impl<'a> Rights<'a> {
    pub(crate) fn parse(username: &'a str) -> Option<Self> {
        let mut parts = username.splitn(4, ':');
        let expires = parts.next()?;
        // `u64::from_str` takes a leading plus: one credential would have two spellings.
        if expires.is_empty() || !expires.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let expires = expires.parse().ok()?;
        let scope = match parts.next()? {
            "own" => Scope::Own,
            "room" => Scope::Room,
            _ => return None,
        };
        let (room, peer) = (parts.next()?, parts.next()?);
        let ours = |name: &str| !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains(':');
        (ours(room) && ours(peer)).then_some(Rights { expires, scope, room, peer })
    }

    pub(crate) fn username(&self) -> String {
        format!("{}:{}:{}:{}", self.expires, self.scope.name(), self.room, self.peer)
    }

    pub(crate) fn expired(&self, now: Time) -> bool {
        now / 1_000 >= self.expires
    }
}

pub(crate) struct Passwords {
    key: hmac::Key,
}

impl Passwords {
    pub(crate) fn new(secret: &[u8]) -> Self {
        // SHA-1, because that is what coturn computes; nobody can forge an HMAC-SHA-1 either.
        Passwords { key: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret) }
    }

    pub(crate) fn of(&self, username: &str) -> String {
        BASE64.encode(hmac::sign(&self.key, username.as_bytes()).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_says_its_rights_and_nothing_else_is_taken() {
        let rights = Rights { expires: 12, scope: Scope::Own, room: "r", peer: "p" };
        assert_eq!(rights.username(), "12:own:r:p");
        assert!(Rights::parse("12:own:r:p") == Some(rights));
        assert!(Rights::parse("12:room:r:p") == Some(Rights { scope: Scope::Room, ..rights }));
        let long = "x".repeat(65);
        for wrong in [
            "",
            ":",
            "12",
            "12:own",
            "12:own:r",
            "12:own:r:",
            "12:own::p",
            "12:all:r:p",
            "12:Own:r:p",
            "+12:own:r:p",
            "-1:own:r:p",
            " 12:own:r:p",
            "1e3:own:r:p",
            ":own:r:p",
            "12:own:r:p:q",
            "99999999999999999999999:own:r:p",
            &format!("12:own:{long}:p"),
            &format!("12:own:r:{long}"),
        ] {
            assert!(Rights::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_the_one_coturn_would_compute() {
        // printf '1700000000:room:r:p' | openssl dgst -sha1 -hmac secret -binary | base64
        assert_eq!(Passwords::new(b"secret").of("1700000000:room:r:p"), OPENSSL);
    }

    const OPENSSL: &str = "nXmzicLRM1zMlMZBjV5EqO8wY48=";
}
