//! Nonces that need no memory: the time they were made at, sealed together with the client they were made for. So ten
//! million strangers who only ask for one cost no byte.

use aws_lc_rs::{constant_time, hmac};
use data_encoding::HEXLOWER;

use crate::{Client, Time};

/// Bytes of time and of seal in a nonce.
const TIME: usize = 8;
const SEAL: usize = 12;

pub(crate) struct Nonces {
    key: hmac::Key,
    lifetime: Time,
}

impl Nonces {
    pub(crate) fn new(seed: &[u8], lifetime: Time) -> Self {
        Nonces { key: hmac::Key::new(hmac::HMAC_SHA256, seed), lifetime }
    }

    pub(crate) fn make(&self, now: Time, client: Client) -> String {
        let mut nonce = [0; TIME + SEAL];
        nonce[..TIME].copy_from_slice(&now.to_be_bytes());
        nonce[TIME..].copy_from_slice(&self.seal(now, client));
        HEXLOWER.encode(&nonce)
    }

    /// Whether this is a nonce of ours, for this client, and young enough.
    pub(crate) fn is_fresh(&self, nonce: &str, now: Time, client: Client) -> bool {
        let Ok(bytes) = HEXLOWER.decode(nonce.as_bytes()) else { return false };
        let Some((time, seal)) = bytes.split_first_chunk::<TIME>() else { return false };
        let made = Time::from_be_bytes(*time);
        constant_time::verify_slices_are_equal(&self.seal(made, client), seal).is_ok() && made <= now && now - made < self.lifetime
    }

    fn seal(&self, made: Time, client: Client) -> [u8; SEAL] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(b"nonce");
        context.update(&made.to_be_bytes());
        context.update(&client.fingerprint());
        let tag = context.sign();
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&tag.as_ref()[..SEAL]);
        seal
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Via;

    fn client(port: u16) -> Client {
        Client { via: Via::Udp(0), address: ([192, 0, 2, 1], port).into() }
    }

    #[test]
    fn a_nonce_is_taken_from_the_client_it_was_made_for_until_it_is_too_old() {
        let nonces = Nonces::new(b"seed", 1_000);
        let nonce = nonces.make(5_000, client(1));
        assert!(nonces.is_fresh(&nonce, 5_000, client(1)));
        assert!(nonces.is_fresh(&nonce, 5_999, client(1)));
        assert!(!nonces.is_fresh(&nonce, 6_000, client(1)), "too old");
        assert!(!nonces.is_fresh(&nonce, 4_999, client(1)), "from the future");
        assert!(!nonces.is_fresh(&nonce, 5_000, client(2)), "another port");
        let stream = Client { via: Via::Stream(0), ..client(1) };
        assert!(!nonces.is_fresh(&nonce, 5_000, stream), "another transport");
        assert!(!Nonces::new(b"other", 1_000).is_fresh(&nonce, 5_000, client(1)), "another server");
    }

    #[test]
    fn an_invented_nonce_is_not_taken() {
        let nonces = Nonces::new(b"seed", 1_000);
        let made = nonces.make(5_000, client(1));
        for nonce in ["", "0", "zz", &"0".repeat(40), &"0".repeat(400), &made[..38], &format!("{made}00"), &made.to_uppercase()] {
            assert!(!nonces.is_fresh(nonce, 5_000, client(1)), "{nonce}");
        }
    }
}
