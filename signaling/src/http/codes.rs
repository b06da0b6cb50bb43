//! Codes that are typed at the bare address in place of a link. A link stays in a browser's history, however early it is taken out
//! of the address; a code doesn't.
//!
//! Ten characters hold 50 bits: too few to stand in a stolen database as a bare hash, or to be guessed at without an end. So what is
//! kept is keyed, and guesses are few, wherever they come from.

use crate::staff::limits::{Limit, Limited};
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use std::net::IpAddr;
use std::time::{Duration, Instant};

pub struct Codes {
    key: hmac::Key,
    /// Wrong codes from one address, so that nobody uses up alone what there is for all.
    by_address: Limit,
    /// Wrong codes in all.
    in_all: Limit,
}

impl Codes {
    /// With a thousand codes that can be typed at this moment, ten guesses a second hit one in about 3,500 years.
    pub fn new(secret: &[u8]) -> Codes {
        Codes {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
            by_address: Limit::new(20, Duration::from_secs(10), 20_000),
            in_all: Limit::new(600, Duration::from_millis(100), 1),
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

    /// Takes a try; given back when it was a right one.
    pub fn take(&self, from: IpAddr, now: Instant) -> Result<(), Limited> {
        self.by_address.take(from, now)?;
        self.in_all.take((), now).inspect_err(|_| self.by_address.give_back(from))
    }

    pub fn give_back(&self, from: IpAddr) {
        self.by_address.give_back(from);
        self.in_all.give_back(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn what_is_kept_is_not_what_a_page_sends_and_another_service_keeps_it_otherwise() {
        let sent = "7566481c24134c383217218e91711b79";
        let codes = Codes::new(&[1; 32]);
        assert_eq!(codes.kept_as(sent), Codes::new(&[1; 32]).kept_as(sent));
        assert_ne!(codes.kept_as(sent), sent);
        assert_ne!(codes.kept_as(sent), Codes::new(&[2; 32]).kept_as(sent));
        assert!(super::super::guests::is_invitation(&codes.kept_as(sent)));
    }

    #[test]
    fn guesses_are_few_from_one_address_and_in_all_and_right_codes_cost_nothing() {
        let codes = Codes::new(&[1; 32]);
        let now = Instant::now();
        let address = |number: u32| IpAddr::from(Ipv4Addr::from_bits(number));
        for _ in 0..20 {
            assert_eq!(codes.take(address(1), now), Ok(()));
        }
        assert!(codes.take(address(1), now).is_err());
        for number in 0..10_000 {
            assert_eq!(codes.take(address(2), now), Ok(()), "{number}");
            codes.give_back(address(2));
        }
        // From ever other addresses: 600 at once, and no more.
        let taken = (10..10_000).filter(|number| codes.take(address(*number), now).is_ok()).count();
        assert_eq!(taken, 600 - 20);
        assert!(codes.take(address(2), now).is_err());
        // Refused by the limit in all: none of the address's own is used up.
        assert_eq!(codes.take(address(2), now + Duration::from_secs(60)), Ok(()));
    }
}
