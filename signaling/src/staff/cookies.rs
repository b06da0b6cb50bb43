//! The cookies of staff: the sign-in, the mark of a browser that signed in to an account before, and two that pass with a sign-in by work
//! account.
//!
//! A service user gets none.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use http::{HeaderMap, HeaderValue, header};

/// The cookie of the sign-in.
pub const SIGN_IN: &str = "sidelight";

const SCOPE: &str = "Path=/; HttpOnly; Secure; SameSite=Strict";

/// Kept while somebody is at the provider of work accounts; it comes along when they are sent back from there.
pub const LOGIN: &str = "__Host-sidelight_login";

/// Kept while a code is asked for after that.
pub const CODE: &str = "__Host-sidelight_code";

/// How long a browser is known. Longer: more people find their own limit after a long leave. Shorter: the other way round.
const KNOWN: u32 = 180 * 24 * 60 * 60;

/// A browser that signed in to an account before. It signs nobody in: it only has tries of its own.
pub struct Device {
    pub id: String,
}

impl Device {
    /// The device that this request's cookie proves for the account.
    pub fn of(headers: &HeaderMap, staff: &str, keys: &[hmac::Key], now: u32) -> Option<Device> {
        let mut parts = value(headers, &name(staff))?.split('.');
        let (id, made, tag) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || id.len() > 64 {
            return None;
        }
        let tag = HEXLOWER.decode(tag.as_bytes()).ok()?;
        let signed = signed(staff, id, made);
        keys.iter().find(|key| hmac::verify(key, &signed, &tag).is_ok())?;
        let made: u32 = made.parse().ok()?;
        (made.saturating_add(KNOWN) > now).then(|| Device { id: id.to_owned() })
    }

    pub fn cookie(&self, staff: &str, key: &hmac::Key, now: u32) -> Option<HeaderValue> {
        let tag = hmac::sign(key, &signed(staff, &self.id, &now.to_string()));
        let text = format!("{}={}.{now}.{}; Max-Age={KNOWN}; {SCOPE}", name(staff), self.id, HEXLOWER.encode(tag.as_ref()));
        HeaderValue::try_from(text).ok()
    }
}

/// One cookie for each account, so that colleagues who share a computer are each known on it.
fn name(staff: &str) -> String {
    let digest = digest(&SHA256, staff.as_bytes());
    format!("sidelight_known_{}", HEXLOWER.encode(&digest.as_ref()[..6]))
}

/// All three are without dots: ids are in hexadecimal digits.
fn signed(staff: &str, id: &str, made: &str) -> Vec<u8> {
    format!("known browser.{staff}.{id}.{made}").into_bytes()
}

pub fn sign_in_cookie(value: &str, seconds: u32) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{SIGN_IN}={value}; Max-Age={seconds}; {SCOPE}")).ok()
}

/// One of those that pass.
pub fn passing(name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    let same_site = if name == LOGIN { "Lax" } else { "Strict" };
    HeaderValue::try_from(format!("{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; Secure; SameSite={same_site}")).ok()
}

/// Takes one of them away.
pub fn expired(name: &str) -> Option<HeaderValue> {
    passing(name, "", 0)
}

/// Takes the sign-in's cookie away.
pub fn expired_sign_in() -> HeaderValue {
    HeaderValue::from_static("sidelight=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict")
}

/// The value of a cookie of this request.
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &HeaderValue) -> HeaderMap {
        let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(format!("a=b; {pair}; c=d")).unwrap())])
    }

    #[test]
    fn a_browser_is_known_for_the_account_it_signed_in_to_and_no_other() {
        let key = |byte| hmac::Key::new(hmac::HMAC_SHA256, &[byte; 32]);
        let cookie = Device { id: "d1".into() }.cookie("sam", &key(1), 1000).unwrap();
        let known =
            |cookie: &HeaderValue, staff: &str, keys: &[hmac::Key], now: u32| Device::of(&headers(cookie), staff, keys, now).is_some();
        assert!(known(&cookie, "sam", &[key(2), key(1)], 1000));
        assert!(!known(&cookie, "kim", &[key(1)], 1000));
        assert!(!known(&cookie, "sam", &[key(2)], 1000));
        assert!(!known(&cookie, "sam", &[key(1)], 1000 + KNOWN));
        // The same cookie under the name that another account's would have.
        let renamed = cookie.to_str().unwrap().replace(&name("sam"), &name("kim"));
        assert!(!known(&HeaderValue::try_from(renamed).unwrap(), "kim", &[key(1)], 1000));
        let younger = cookie.to_str().unwrap().replace(".1000.", ".9000.");
        assert!(!known(&HeaderValue::try_from(younger).unwrap(), "sam", &[key(1)], 1000));
    }
}
