//! What a browser keeps while it is at the provider, and while a code is asked for: cookies that we signed, each worth something for ten
//! minutes and once.

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use sidelight_protocol::http::Role;

/// How long somebody may take at the provider, in seconds. Longer: a cookie that somebody copied serves longer. Shorter: whoever looks
/// for their telephone there begins anew.
pub const LASTS: u32 = 600;

/// A sign-in that has begun.
pub struct Login {
    secret: [u8; 32],
    /// When.
    made: u32,
}

impl Login {
    pub fn new(now: u32) -> Option<Login> {
        let mut secret = [0; 32];
        aws_lc_rs::rand::fill(&mut secret).ok()?;
        Some(Login { secret, made: now })
    }

    /// What comes back with the browser. Nobody who sees it learns what else follows from the secret.
    pub fn state(&self) -> String {
        self.derived("state")
    }

    /// What stands in the token.
    pub fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// What shows the provider that who brings its code is who asked for it (PKCE, RFC 7636).
    pub fn verifier(&self) -> String {
        self.derived("verifier")
    }

    pub fn challenge(&self) -> String {
        BASE64URL_NOPAD.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.verifier().as_bytes()).as_ref())
    }

    fn derived(&self, what: &str) -> String {
        BASE64URL_NOPAD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.secret), what.as_bytes()).as_ref())
    }

    pub fn cookie(&self, key: &hmac::Key) -> String {
        sealed(key, "login", &Kept { secret: self.secret, made: self.made })
    }

    /// The one that a cookie keeps, unless it is over.
    pub fn of(cookie: &str, key: &hmac::Key, now: u32) -> Option<Login> {
        let Kept { secret, made } = opened(key, "login", cookie)?;
        (now < made.saturating_add(LASTS)).then_some(Login { secret, made })
    }

    pub fn ends(&self) -> u32 {
        self.made.saturating_add(LASTS)
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    secret: [u8; 32],
    made: u32,
}

/// Somebody whose provider vouches for them, and of whom a code is asked as well.
#[derive(Clone, Serialize, Deserialize)]
pub struct Ticket {
    pub staff: String,
    pub subject: String,
    /// To be taken over when they are in.
    pub roles: Option<Vec<Role>>,
    pub made: u32,
    /// Nobody has another of the same.
    pub id: String,
}

impl Ticket {
    pub fn cookie(&self, key: &hmac::Key) -> String {
        sealed(key, "code", self)
    }

    pub fn of(cookie: &str, key: &hmac::Key, now: u32) -> Option<Ticket> {
        opened::<Ticket>(key, "code", cookie).filter(|ticket| now < ticket.made.saturating_add(LASTS))
    }

    pub fn ends(&self) -> u32 {
        self.made.saturating_add(LASTS)
    }
}

/// Of what it is goes into the tag, so that one kind of cookie is never taken for another.
fn sealed<T: Serialize>(key: &hmac::Key, what: &str, value: &T) -> String {
    let body = BASE64URL_NOPAD.encode(&serde_json::to_vec(value).unwrap_or_default());
    let tag = hmac::sign(key, format!("{what}.{body}").as_bytes());
    format!("{body}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
}

fn opened<T: for<'a> Deserialize<'a>>(key: &hmac::Key, what: &str, cookie: &str) -> Option<T> {
    let (body, tag) = cookie.split_once('.').filter(|_| cookie.len() <= 2000)?;
    let tag = BASE64URL_NOPAD.decode(tag.as_bytes()).ok()?;
    hmac::verify(key, format!("{what}.{body}").as_bytes(), &tag).ok()?;
    serde_json::from_slice(&BASE64URL_NOPAD.decode(body.as_bytes()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &[byte; 32])
    }

    #[test]
    fn a_cookie_keeps_its_sign_in_for_ten_minutes_and_no_other_is_taken() {
        let login = Login::new(1000).unwrap();
        let cookie = login.cookie(&key(1));
        let kept = |cookie: &str, by: u8, now: u32| Login::of(cookie, &key(by), now).map(|kept| kept.state());
        assert_eq!(kept(&cookie, 1, 1599), Some(login.state()));
        assert_eq!((kept(&cookie, 1, 1600), kept(&cookie, 2, 1000)), (None, None));
        let ticket = Ticket { staff: "sam".into(), subject: "s".into(), roles: None, made: 1000, id: "1".into() };
        assert!(Ticket::of(&ticket.cookie(&key(1)), &key(1), 1599).is_some());
        assert!(Ticket::of(&ticket.cookie(&key(1)), &key(1), 1600).is_none());
        assert!(kept(&ticket.cookie(&key(1)), 1, 1000).is_none() && Ticket::of(&cookie, &key(1), 1000).is_none());
        let (body, tag) = cookie.split_once('.').unwrap();
        let later = serde_json::to_vec(&Kept { secret: login.secret, made: 5000 }).unwrap();
        for wrong in [format!("{}.{tag}", BASE64URL_NOPAD.encode(&later)), body.to_owned(), String::new(), format!("{body}.")] {
            assert_eq!(kept(&wrong, 1, 1000), None);
        }
    }

    #[test]
    fn what_a_sign_in_gives_out_is_different_each_time_and_tells_nothing_of_the_rest() {
        let (one, two) = (Login::new(1000).unwrap(), Login::new(1000).unwrap());
        let mut all = vec![one.state(), one.nonce(), one.verifier(), one.challenge(), two.state(), two.nonce(), two.verifier()];
        assert!(all.iter().all(|text| text.len() == 43));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 7);
    }
}
