//! The second step of signing in: codes of an authenticator (TOTP, RFC 6238: SHA-1, six digits, 30 seconds, as every such app has
//! it), and ten codes that each stand in for it once.
//!
//! A code is looked at only after the right password. So whoever doesn't know the password can use up nobody's tries.

use super::cookies::Device;
use super::{Limit, Staff, Who, hash};
use crate::error::{
    CODE_NEEDED, CODE_REFUSED, PASSWORD_REFUSED, Refusal, SECOND_FACTOR_OFF, SECOND_FACTOR_ON, SIGN_IN_AGAIN, SIGN_IN_REFUSED,
};
use crate::live::limits::Tries;
use crate::qr;
use crate::records::{Member, RecordsError, Way};
use data_encoding::BASE32_NOPAD;
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::{AuthenticatorSecret, EndSecondFactor, QrCode, RecoveryCodes, SecondFactor};
use sidelight_protocol::rights::RenewCodes;
use std::time::{Duration, Instant};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

/// For so many seconds a sign-in by a work account stands for a password. Longer: whoever finds a desk open makes it theirs. Shorter: who
/// looks for their telephone signs in once more.
const JUST_NOW: u32 = 600;

/// Bytes of a secret: those of SHA-1.
const SECRET: usize = 20;

/// Codes that stand in for the authenticator, and bytes of each: too many to be found from their hashes.
const STAND_INS: usize = 10;
const STAND_IN: usize = 10;

/// Letters and digits that nobody takes for others, 32 of them (Crockford's).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The longest that is looked at.
const LONGEST: usize = 40;

/// Wrong codes by one browser that knows the password. Whoever has a stolen one gets 149 tries a day, of which each hits with 3 in
/// a million, and the audit has them all. More: they get more. Fewer: a mistyping person waits.
pub(super) fn limit(remembered: usize) -> Limit {
    Limit::new(5, Duration::from_secs(600), remembered)
}

fn totp(secret: &[u8]) -> Option<Totp> {
    // One step of 30 seconds early or late is taken, for clocks that are wrong.
    Builder::new().with_secret(secret.to_vec()).with_skew(1).build().ok()
}

/// What somebody typed: without the spaces and hyphens that make it readable.
fn plain(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect()
}

/// The hash of a code that stands in. None: it can't be one.
fn stand_in(plain: &str) -> Option<Vec<u8>> {
    let letters: String = plain.to_uppercase().chars().map(|letter| if letter == 'O' { '0' } else { letter }).collect();
    let letters = letters.replace(['I', 'L'], "1");
    let fits = letters.len() == STAND_IN * 8 / 5 && letters.bytes().all(|letter| LETTERS.contains(&letter));
    fits.then(|| hash(&letters))
}

/// A code that stands in, as it is shown, and its hash.
fn new_stand_in() -> Result<(String, Vec<u8>), Refusal> {
    let mut bytes = Zeroizing::new([0; STAND_IN]);
    aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| Refusal::not_kept())?;
    let bits = bytes.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let letters = (0..STAND_IN * 8 / 5).rev().filter_map(|at| LETTERS.get((bits >> (5 * at) & 31) as usize));
    let letters: String = letters.map(|letter| char::from(*letter)).collect();
    let hash = hash(&letters);
    let groups: Vec<String> = letters.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    Ok((groups.join("-"), hash))
}

fn new_stand_ins() -> Result<(Vec<String>, Vec<Vec<u8>>), Refusal> {
    let made = (0..STAND_INS).map(|_| new_stand_in()).collect::<Result<Vec<_>, _>>()?;
    Ok(made.into_iter().unzip())
}

/// What an authenticator reads from the picture (the de-facto form of `otpauth`).
fn address(issuer: &str, email: &str, secret: &str) -> String {
    let (issuer, email) = (escaped(issuer), escaped(email));
    format!("otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}")
}

pub fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl Staff {
    /// Whether somebody with these roles must have a second step.
    fn required(&self, member: &Member) -> bool {
        self.second_factor.of(&member.roles)
    }

    /// They have none and must: until then nothing else is for them. Whose provider asked for one that counts here has one.
    pub fn must_enrol(&self, member: &Member, way: Way) -> bool {
        self.required(member) && !member.second_factor && way != Way::WorkTwice
    }

    /// They came by a work account just now, which stands for the password that they may not have.
    pub fn came_by_work_account(way: Way, since: u32, now: u32) -> bool {
        way != Way::Own && now < since.saturating_add(JUST_NOW)
    }

    /// After the right password: the code, where one is asked for.
    pub(super) async fn second_step(&self, member: &Member, code: Option<&str>, device: Option<&Device>, now: u32) -> Result<(), Refusal> {
        if !member.second_factor {
            return Ok(());
        }
        let code = code.filter(|code| !code.trim().is_empty()).ok_or(CODE_NEEDED)?;
        let key = (&member.id, device.map_or("", |device| &device.id));
        self.by_code.take(key, Instant::now()).await?;
        if self.is_right(member, code, now).await? {
            self.by_code.give_back(key).await;
            return Ok(());
        }
        self.records.audit(now, member.id.as_str(), Audited::SecondFactorRefused).await?;
        Err(CODE_REFUSED)
    }

    /// Whether this code is right, of which it is used up.
    async fn is_right(&self, member: &Member, code: &str, now: u32) -> Result<bool, Refusal> {
        let code = plain(code);
        if code.len() > LONGEST {
            return Ok(false);
        }
        if let Some(hash) = stand_in(&code) {
            return Ok(self.records.spend_recovery_code(&member.id, &hash, now).await?);
        }
        let Some(factor) = self.records.factor(&self.factor_keys, &member.id).await?.filter(|factor| factor.confirmed) else {
            return Ok(false);
        };
        match totp(&factor.secret).and_then(|totp| totp.check(&code, now.into())) {
            Some(step) => Ok(self.records.spend_step(&member.id, i64::try_from(step).unwrap_or(i64::MAX)).await?),
            None => Ok(false),
        }
    }

    pub async fn second_factor(&self, who: &Who, now: u32) -> Result<SecondFactor, Refusal> {
        let codes_left = self.records.recovery_codes_left(&who.member.id).await?;
        let password = !Staff::came_by_work_account(who.way, who.since, now);
        Ok(SecondFactor { on: who.member.second_factor, required: self.required(&who.member), codes_left, password })
    }

    /// Makes a secret for their authenticator, which calls this `issuer`. With the password: whoever finds a desk open must not make it theirs.
    pub async fn begin_second_factor(&self, who: &Who, password: String, issuer: &str, now: u32) -> Result<AuthenticatorSecret, Refusal> {
        self.knows_password(who, password, now).await?;
        let mut secret = Zeroizing::new([0; SECRET]);
        aws_lc_rs::rand::fill(secret.as_mut()).map_err(|_| Refusal::not_kept())?;
        let kept = self.records.new_factor(&self.factor_keys, &who.member.id, secret.as_ref(), now).await;
        kept.map_err(|error| if matches!(error, RecordsError::Taken) { SECOND_FACTOR_ON } else { error.into() })?;
        let secret = BASE32_NOPAD.encode(secret.as_ref());
        let drawn = qr::drawn(&address(issuer, &who.member.email, &secret)).ok_or_else(Refusal::not_kept)?;
        Ok(AuthenticatorSecret { secret, qr: QrCode { size: drawn.size, path: drawn.path } })
    }

    /// A code of the new secret: from now on codes are asked for. Returns what stands in, and the other sign-ins, which have ended.
    pub async fn confirm_second_factor(&self, who: &Who, code: &str, now: u32) -> Result<(RecoveryCodes, Vec<String>), Refusal> {
        let refused = || Refusal::field(CODE_REFUSED.code, "code", CODE_REFUSED.title);
        let key = (&who.member.id, who.sign_in.as_str());
        self.by_code.take(key, Instant::now()).await?;
        let factor = self.records.factor(&self.factor_keys, &who.member.id).await?.filter(|factor| !factor.confirmed);
        let step = factor.and_then(|factor| totp(&factor.secret)?.check(&plain(code), now.into())).ok_or_else(refused)?;
        let (codes, hashes) = new_stand_ins()?;
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let confirmed = self.records.confirm_factor(&who.member.id, step, &hashes, &who.sign_in, now).await;
        let ended = confirmed.map_err(|error| if matches!(error, RecordsError::Missing) { refused() } else { error.into() })?;
        self.by_code.give_back(key).await;
        Ok((RecoveryCodes { codes }, ended))
    }

    /// No code is asked for any more, or, where it must be, of another authenticator.
    pub async fn end_second_factor(&self, who: &Who, body: EndSecondFactor, now: u32) -> Result<(), Refusal> {
        self.proves(who, body.password, &body.code, now).await?;
        Ok(self.records.drop_factor(&who.member.id, now).await?)
    }

    /// New codes that stand in for the authenticator, in place of those before.
    pub async fn renew_stand_ins(&self, who: &Who, body: RenewCodes, now: u32) -> Result<RecoveryCodes, Refusal> {
        if !who.member.second_factor {
            return Err(SECOND_FACTOR_OFF);
        }
        self.proves(who, body.password, &body.code, now).await?;
        let (codes, hashes) = new_stand_ins()?;
        let renewed = self.records.renew_recovery_codes(&who.member.id, &hashes, now).await;
        renewed.map_err(|error| if matches!(error, RecordsError::Missing) { SECOND_FACTOR_OFF } else { error.into() })?;
        Ok(RecoveryCodes { codes })
    }

    /// Whoever is signed in says their password once more, and a code where they have a second step.
    async fn proves(&self, who: &Who, password: String, code: &str, now: u32) -> Result<(), Refusal> {
        self.knows_password(who, password, now).await?;
        let key = (&who.member.id, who.sign_in.as_str());
        self.by_code.take(key, Instant::now()).await?;
        if who.member.second_factor && !self.is_right(&who.member, code, now).await? {
            self.records.audit(now, who.member.id.as_str(), Audited::SecondFactorRefused).await?;
            return Err(Refusal::field(CODE_REFUSED.code, "code", CODE_REFUSED.title));
        }
        self.by_code.give_back(key).await;
        Ok(())
    }

    /// Whoever is signed in says their password once more, unless a work account has just vouched for them. Limited by the sign-in, so
    /// that nobody else is.
    async fn knows_password(&self, who: &Who, password: String, now: u32) -> Result<(), Refusal> {
        if Staff::came_by_work_account(who.way, who.since, now) {
            return Ok(());
        }
        self.by_device.take(&who.sign_in, Instant::now()).await?;
        let account = self.records.account(&who.member.email).await?.ok_or(SIGN_IN_REFUSED)?;
        let short = password.chars().count() <= *super::passwords::LENGTH.end();
        let kept = Some(account.password).filter(|password| !password.is_empty());
        if kept.is_none() {
            return Err(SIGN_IN_AGAIN);
        }
        let right = if short { self.passwords.right(password, kept).await } else { Ok(false) };
        if right.map_err(|_| super::busy())? {
            self.by_device.give_back(&who.sign_in).await;
            return Ok(());
        }
        Err(PASSWORD_REFUSED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard_one_step_early_or_late_and_no_more() {
        // RFC 6238, appendix B, of which the last six digits are these.
        let totp = totp(b"12345678901234567890").unwrap();
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            let step = time / 30;
            assert_eq!(totp.check(code, time), Some(step));
            assert_eq!((totp.check(code, (step + 1) * 30 + 29), totp.check(code, (step - 1) * 30)), (Some(step), Some(step)));
            let earlier = ((step - 1) * 30).checked_sub(1).and_then(|time| totp.check(code, time));
            assert_eq!((totp.check(code, (step + 2) * 30), earlier), (None, None), "{code}");
        }
        for wrong in ["", "28708", "2870820", "+87082", "28708a", "２８７０８２"] {
            assert_eq!(totp.check(wrong, 59), None, "{wrong}");
        }
    }

    #[test]
    fn what_stands_in_is_read_however_it_is_typed_and_no_code_of_an_authenticator_is_taken_for_it() {
        let (shown, hash) = new_stand_in().unwrap();
        assert_eq!((shown.len(), shown.matches('-').count()), (19, 3));
        assert_eq!(stand_in(&plain(&shown)), Some(hash.clone()));
        assert_eq!(stand_in(&plain(&format!(" {} ", shown.to_lowercase().replace('-', " ")))), Some(hash.clone()));
        assert_eq!(stand_in(&plain(&shown.replace('0', "o").replace('1', "l"))), Some(hash));
        assert_ne!(new_stand_in().unwrap().0, shown);
        assert!(stand_in("123456").is_none() && stand_in(&"U".repeat(16)).is_none() && stand_in("").is_none());
    }

    #[test]
    fn an_authenticator_is_told_whose_it_is_in_one_address() {
        assert_eq!(
            address("Side light", "o'hara+x@example.org", "ABC"),
            "otpauth://totp/Side%20light:o%27hara%2Bx%40example.org?secret=ABC&issuer=Side%20light"
        );
    }
}
