//! Codes that are typed at the bare address in place of a link. A link stays in a browser's history, however early it is taken out
//! of the address; a code doesn't.
//!
//! Ten characters hold 50 bits: too few to stand in a stolen database as a bare hash, or to be guessed at without an end. So what is
//! kept is keyed, and guesses are few, wherever they come from.

use crate::live::limits::{Guesses, Limit};
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use std::time::Duration;

pub struct Codes {
    key: hmac::Key,
    /// Wrong codes. Unlike a link, a right one doesn't pass where they are used up: else 50 bits could be guessed at without an end.
    pub guesses: Guesses,
}

impl Codes {
    /// With a thousand codes that can be typed at this moment, ten guesses a second hit one in about 3,500 years.
    pub fn new(secret: &[u8]) -> Codes {
        Codes {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
            guesses: Guesses::new(
                "wrong codes",
                Limit::new(20, Duration::from_secs(10), 20_000),
                Limit::new(600, Duration::from_millis(100), 1),
            ),
        }
    }

    /// Under what id the invitation of a code is kept, from the one that its page derives.
    fn kept_as(&self, invitation: &str) -> String {
        let tag = hmac::sign(&self.key, invitation.as_bytes());
        HEXLOWER.encode(tag.as_ref().get(..16).unwrap_or_default())
    }

    /// Under what id an invitation is kept: that of a link under the one that its page derives.
    pub fn id_of(&self, invitation: String, typed: bool) -> String {
        if typed { self.kept_as(&invitation) } else { invitation }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Instant;

    #[test]
    fn what_is_kept_is_not_what_a_page_sends_and_another_service_keeps_it_otherwise() {
        let sent = "7566481c24134c383217218e91711b79";
        let codes = Codes::new(&[1; 32]);
        assert_eq!(codes.kept_as(sent), Codes::new(&[1; 32]).kept_as(sent));
        assert_ne!(codes.kept_as(sent), sent);
        assert_ne!(codes.kept_as(sent), Codes::new(&[2; 32]).kept_as(sent));
        assert!(super::super::guests::is_invitation(&codes.kept_as(sent)));
    }

    #[tokio::test]
    async fn guesses_are_few_from_one_address_and_in_all_and_right_codes_cost_nothing() {
        let codes = Codes::new(&[1; 32]).guesses;
        let now = Instant::now();
        let address = |number: u32| IpAddr::from(Ipv4Addr::from_bits(number));
        for _ in 0..20 {
            assert_eq!(codes.take(address(1), now).await, Ok(()));
        }
        assert!(codes.take(address(1), now).await.is_err());
        for number in 0..10_000 {
            assert_eq!(codes.take(address(2), now).await, Ok(()), "{number}");
            codes.give_back(address(2)).await;
        }
        // From ever other addresses: 600 at once, and no more.
        let mut taken = 0;
        for number in 10..10_000 {
            taken += usize::from(codes.take(address(number), now).await.is_ok());
        }
        assert_eq!(taken, 600 - 20);
        assert!(codes.take(address(2), now).await.is_err());
        // Refused by the limit in all: none of the address's own is used up.
        assert_eq!(codes.take(address(2), now + Duration::from_secs(60)).await, Ok(()));
    }
}
