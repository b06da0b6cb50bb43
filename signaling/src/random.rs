//! Ids that nobody can guess.

use data_encoding::HEXLOWER;

/// 128 random bits in hexadecimal digits. None where the machine gives no randomness.
pub fn id() -> Option<String> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(HEXLOWER.encode(&bytes))
}
