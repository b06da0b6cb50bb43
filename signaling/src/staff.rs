//! Staff: one-time links, passwords, sign-ins, and the limits that keep guessers out without keeping the real person out.

mod cookies;
pub mod members;
pub mod passwords;
mod second_factor;
mod work_account;

pub use cookies::{CODE, LOGIN, SIGN_IN as COOKIE, expired, expired_sign_in, passing, sign_in_cookie, value as cookie};
pub(crate) use second_factor::escaped;
pub use work_account::{Came, Work};

use crate::browser_kind::browser_kind;
use crate::config::{Config, RequiredOf};
use crate::error::{ENROL_FIRST, LINK_FINISHED, NOT_SIGNED_IN, Refusal, SIGN_IN_REFUSED, UNKNOWN_SIGN_IN, USE_WORK_ACCOUNT};
use crate::live::limits::{Guesses, Limit, Tries};
use crate::records::{
    FactorKeys, FirstLink, Member, NewMember, NewSignIn, Purpose, Records, RecordsError, SignIn as KeptSignIn, SignedIn, Way, sign_in_name,
};
use aws_lc_rs::digest::{SHA256, digest};
use cookies::Device;
use data_encoding::HEXLOWER;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use passwords::{Passwords, Unfit};
use sidelight_protocol::http::{First, Role, SignIn};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long a sign-in lasts. Longer: a stolen cookie serves longer. Shorter: people are asked in the middle of a day.
const SIGN_IN: u32 = 12 * 60 * 60;

/// How many sign-ins one member may have at once; the oldest ends with one more.
const SIGN_INS: u32 = 20;

/// How long a one-time link of a command works, and one for a new password: whoever gets it is on the telephone.
pub const RESET: u32 = 60 * 60;

/// And one that an administrator gives out to somebody new. Longer: one in a stolen mailbox is worth something for longer. Shorter:
/// whoever works part of the week comes too late.
pub const INVITED: u32 = 72 * 60 * 60;

/// The most keys that each limit remembers: about 1 MiB each.
pub(crate) const REMEMBERED: usize = 20_000;

pub struct Staff {
    records: Records,
    passwords: Passwords,
    devices: Vec<aws_lc_rs::hmac::Key>,
    /// Wrong passwords for one account, from browsers that never signed in to it.
    by_account: Limit,
    /// Wrong passwords from browsers that never signed in to the account, by address and in all. An office shares one address.
    strangers: Guesses,
    /// Wrong passwords from one browser that signed in to this account before: nobody else can use these up.
    by_device: Limit,
    /// One-time links that are none.
    links: Guesses,
    /// Wrong codes after the right password, for one account and browser.
    by_code: Limit,
    factor_keys: FactorKeys,
    /// Who must have a second step.
    second_factor: RequiredOf,
    /// Who may sign in by password.
    passwords_for: RequiredOf,
}

/// How long a sign-in lasts, and how somebody came in by it.
#[derive(Clone, Copy)]
struct Lasting {
    seconds: u32,
    way: Way,
}

/// By password, or by a link.
const OWN: Lasting = Lasting { seconds: SIGN_IN, way: Way::Own };

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Who {
    pub member: Member,
    /// Names the sign-in; not its cookie.
    pub sign_in: String,
    pub way: Way,
    /// When they signed in.
    pub since: u32,
}

/// A new sign-in, with the cookies to set.
pub struct Entered {
    pub member: Member,
    pub way: Way,
    pub cookies: [HeaderValue; 2],
}

impl Staff {
    pub async fn new(records: Records, config: &Config, now: u32) -> Result<Staff, RecordsError> {
        let factor_keys = records.factor_keys(now).await?;
        let keys = records.signing_keys_for(Purpose::Device, now).await?;
        let devices = keys.iter().map(|key| aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &key.secret)).collect();
        let passwords = tokio::task::spawn_blocking(Passwords::new).await.ok().flatten();
        let passwords = passwords.ok_or(RecordsError::Unusable("argon2 doesn't work here".into()))?;
        let minute = Duration::from_secs(60);
        Ok(Staff {
            records,
            passwords,
            devices,
            by_account: Limit::new(5, minute * 2, REMEMBERED),
            by_device: Limit::new(10, minute, REMEMBERED),
            // Each costs a core for tens of milliseconds. In all: more, and guessers from everywhere keep those whose browsers are known
            // waiting too; fewer, and they keep out those whose aren't for longer.
            strangers: Guesses::new("wrong passwords", Limit::new(20, minute, REMEMBERED), Limit::new(300, Duration::from_millis(200), 1)),
            links: Guesses::new(
                "one-time links that are none",
                Limit::new(20, minute, REMEMBERED),
                Limit::new(2_000, Duration::from_millis(20), 1),
            ),
            by_code: second_factor::limit(REMEMBERED),
            factor_keys,
            second_factor: config.second_factor,
            passwords_for: config.oidc.as_ref().map_or(RequiredOf::Everybody, |oidc| oidc.passwords),
        })
    }

    /// Unknown and wrong take the same work and get the same reply.
    pub async fn sign_in(&self, body: SignIn, headers: &HeaderMap, address: IpAddr, now: u32) -> Result<Entered, Refusal> {
        let SignIn { email, password, code } = body;
        if email.chars().count() > 254 || password.chars().count() > *passwords::LENGTH.end() {
            return Err(SIGN_IN_REFUSED);
        }
        let account = self.records.account(&email).await?;
        let id = account.as_ref().map_or("", |account| &account.member.id);
        let device = Device::of(headers, id, &self.devices, now).filter(|_| account.is_some());
        let folded = email.trim().to_lowercase();
        let taken = Taken::take(self, device.as_ref(), &folded, address).await?;
        // Who came by a work account has none.
        let kept = account.as_ref().map(|account| account.password.clone()).filter(|password| !password.is_empty());
        match (self.passwords.right(password, kept).await, account) {
            (Ok(true), Some(account)) => {
                taken.give_back(self).await;
                if !self.passwords_for.of(&account.member.roles) {
                    return Err(USE_WORK_ACCOUNT);
                }
                self.second_step(&account.member, code.as_deref(), device.as_ref(), now).await?;
                self.enter(account.member, device, headers, OWN, now).await
            }
            (Ok(_), _) => Err(SIGN_IN_REFUSED),
            (Err(_), _) => {
                taken.give_back(self).await;
                Err(busy())
            }
        }
    }

    /// What a one-time link is for.
    pub async fn first_link(&self, token: &str, address: IpAddr, now: u32) -> Result<FirstLink, Refusal> {
        // Looked up first: a right one passes, whatever others at the same address do.
        let Some(link) = self.records.first_link(&hash(token), now).await? else {
            self.links.take(address, Instant::now()).await?;
            return Err(LINK_FINISHED);
        };
        Ok(link)
    }

    /// Uses a one-time link: makes the member, or sets their password anew, and signs them in.
    pub async fn use_first_link(&self, body: First, headers: &HeaderMap, address: IpAddr, now: u32) -> Result<Entered, Refusal> {
        let link = self.first_link(&body.token, address, now).await?;
        let finished = |error| match error {
            RecordsError::Missing => LINK_FINISHED,
            other => members::taken(other),
        };
        if link.staff.is_some() {
            let (name, email) = (link.name.unwrap_or_default(), link.email.unwrap_or_default());
            let password = self.new_password(body.password, &name, &email).await?;
            let member = self.records.use_reset_link(&hash(&body.token), &password, now).await.map_err(finished)?;
            return self.enter(member, None, headers, OWN, now).await;
        }
        let (name, email) = (members::name(&body.name)?, members::email(&body.email)?);
        let password = self.new_password(body.password, name, email).await?;
        let mut roles = link.roles;
        if link.first && !body.practitioner {
            roles.retain(|role| *role != Role::Practitioner);
        }
        let new = NewMember { name, email, password: &password, roles: &roles, team: link.team.as_deref() };
        let member = self.records.use_first_link(&hash(&body.token), &new, now).await.map_err(finished)?;
        self.enter(member, None, headers, OWN, now).await
    }

    /// The hash to keep of a new password, which must be more than what is known of the person.
    async fn new_password(&self, password: String, name: &str, email: &str) -> Result<String, Refusal> {
        let known = format!("{name} {email} sidelight");
        let known = known.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 2);
        self.passwords.take(password, known.map(str::to_owned).collect()).await.map_err(unfit)
    }

    async fn enter(
        &self,
        member: Member,
        device: Option<Device>,
        headers: &HeaderMap,
        Lasting { seconds, way }: Lasting,
        now: u32,
    ) -> Result<Entered, Refusal> {
        let cookie = random_hex::<32>()?;
        let browser = browser_kind(headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()));
        let expires = now.saturating_add(seconds);
        let new = NewSignIn { hash: &hash(&cookie), staff: &member.id, browser: &browser, expires, way };
        self.records.new_sign_in(&new, now, SIGN_INS).await?;
        let device = match device {
            Some(device) => device,
            None => Device { id: random_hex::<16>()? },
        };
        let key = self.devices.first().ok_or_else(Refusal::not_kept)?;
        let device = device.cookie(&member.id, key, now).ok_or_else(Refusal::not_kept)?;
        let cookie = sign_in_cookie(&cookie, seconds).ok_or_else(Refusal::not_kept)?;
        Ok(Entered { member, way, cookies: [cookie, device] })
    }

    /// Who sends this request, if they may do what their roles say. Changes nothing but when the sign-in was last used.
    pub async fn who(&self, headers: &HeaderMap, now: u32) -> Result<Who, Refusal> {
        let who = self.who_at_all(headers, now).await?;
        if self.must_enrol(&who.member, who.way) { Err(ENROL_FIRST) } else { Ok(who) }
    }

    /// As [`Staff::who`], also for somebody who must add a second step first.
    pub async fn who_at_all(&self, headers: &HeaderMap, now: u32) -> Result<Who, Refusal> {
        let cookie = cookies::value(headers, cookies::SIGN_IN).ok_or(NOT_SIGNED_IN)?;
        let signed_in = self.records.signed_in(&hash(cookie), now).await?.ok_or(NOT_SIGNED_IN)?;
        if signed_in.used_long_ago(now)
            && let Err(error) = self.records.sign_in_used(&signed_in.member.id, &signed_in.sign_in, now).await
        {
            // Nobody is kept out for it.
            tracing::warn!(%error, "when a sign-in was last used can't be written down");
        }
        let SignedIn { member, sign_in, way, since, .. } = signed_in;
        Ok(Who { member, sign_in, way, since })
    }

    /// Where this person is signed in.
    pub async fn sign_ins(&self, who: &Who, now: u32) -> Result<Vec<KeptSignIn>, Refusal> {
        Ok(self.records.sign_ins(&who.member.id, now).await?)
    }

    /// Ends one of this person's own sign-ins, by its name. Somebody else's is like none.
    pub async fn end_sign_in(&self, who: &Who, sign_in: &str, now: u32) -> Result<(), Refusal> {
        if self.records.end_sign_in_of(&who.member.id, sign_in, now).await? { Ok(()) } else { Err(UNKNOWN_SIGN_IN) }
    }

    /// Ends all of this person's sign-ins but the one they ask by, and returns their names.
    pub async fn end_other_sign_ins(&self, who: &Who, now: u32) -> Result<Vec<String>, Refusal> {
        Ok(self.records.end_other_sign_ins(&who.member.id, &who.sign_in, now).await?)
    }

    /// Ends the sign-in of this request and returns its name. Fine if there is none.
    pub async fn sign_out(&self, headers: &HeaderMap, now: u32) -> Result<Option<String>, Refusal> {
        let Some(cookie) = cookies::value(headers, cookies::SIGN_IN) else { return Ok(None) };
        let hash = hash(cookie);
        self.records.end_sign_in(&hash, now).await?;
        Ok(Some(sign_in_name(&hash)))
    }
}

/// The tries that a sign-in uses up unless it succeeds.
enum Taken {
    Device(String),
    Others(String, IpAddr),
}

impl Taken {
    async fn take(staff: &Staff, device: Option<&Device>, email: &str, address: IpAddr) -> Result<Taken, Refusal> {
        let now = Instant::now();
        if let Some(device) = device {
            staff.by_device.take(&device.id, now).await?;
            return Ok(Taken::Device(device.id.clone()));
        }
        staff.strangers.take(address, now).await?;
        if let Err(full) = staff.by_account.take(email, now).await {
            // Nothing was checked, so the address hasn't guessed.
            staff.strangers.give_back(address).await;
            return Err(full.into());
        }
        Ok(Taken::Others(email.to_owned(), address))
    }

    async fn give_back(&self, staff: &Staff) {
        match self {
            Taken::Device(device) => staff.by_device.give_back(device).await,
            Taken::Others(email, address) => {
                staff.by_account.give_back(email.as_str()).await;
                staff.strangers.give_back(*address).await;
            }
        }
    }
}

fn busy() -> Refusal {
    let title = "Many people sign in just now. Try again in a few seconds.";
    Refusal { retry_after: Some(5), ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", title) }
}

fn unfit(unfit: Unfit) -> Refusal {
    match unfit {
        Unfit::TooShort => Refusal::field("password_short", "password", "A password has at least 12 characters. A few words do well."),
        Unfit::TooLong => Refusal::field("password_long", "password", "A password has at most 200 characters."),
        Unfit::Weak(why) => {
            let why = why.unwrap_or_else(|| "This is easy to guess.".into());
            Refusal::field("password_weak", "password", format!("{why} Try four words that don't belong together."))
        }
        Unfit::Busy => busy(),
    }
}

pub fn is_email(email: &str) -> bool {
    let plain = |letter: char| !letter.is_control() && !letter.is_whitespace();
    let parts = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    parts && (3..=254).contains(&email.chars().count()) && email.chars().all(plain)
}

/// Makes a one-time link and returns its token.
pub async fn new_first_link(records: &Records, link: &FirstLink, now: u32) -> Result<String, RecordsError> {
    new_link(records, link, now.saturating_add(RESET)).await
}

async fn new_link(records: &Records, link: &FirstLink, expires: u32) -> Result<String, RecordsError> {
    let token = random_hex::<16>().map_err(|_| RecordsError::Unusable("no randomness".into()))?;
    records.new_first_link(&hash(&token), link, expires).await?;
    Ok(token)
}

fn hash(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

fn random_hex<const BYTES: usize>() -> Result<String, Refusal> {
    let mut bytes = [0; BYTES];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Refusal::not_kept())?;
    Ok(HEXLOWER.encode(&bytes))
}
