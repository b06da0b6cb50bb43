//! `[sending]`: who passes messages on, and with which keys.

use super::{MasterKey, Values, Wrong, absolute, is_host, page};
use crate::telling::telling_word;
use secrecy::SecretString;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// The ways by which the service sends. No Debug: it holds keys.
#[derive(Clone)]
pub struct Sending {
    pub text: Option<TextBy>,
    pub email: Option<EmailBy>,
    /// What every text message begins with.
    pub prefix: String,
    /// The root certificate of private servers.
    pub root: Option<PathBuf>,
}

#[derive(Clone)]
pub enum TextBy {
    Notify(NotifyService),
    Webhook(Webhook),
}

#[derive(Clone)]
pub enum EmailBy {
    Notify(NotifyService),
    Smtp(SmtpServer),
}

/// GOV.UK Notify, with the template for one kind of message.
#[derive(Clone)]
pub struct NotifyService {
    pub address: Address,
    /// Ends with the service's id and the secret.
    pub key: SecretString,
    pub template: String,
}

#[derive(Clone)]
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    /// TLS from the first byte; else by STARTTLS, and never without.
    pub implicit: bool,
    pub login: Option<Login>,
    pub from: String,
}

#[derive(Clone)]
pub struct Login {
    pub user: String,
    pub password: SecretString,
}

#[derive(Clone)]
pub struct Webhook {
    pub address: Address,
    pub key: SecretString,
}

/// Where a server is. Without TLS only on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub tls: bool,
    pub host: String,
    pub port: u16,
    /// Empty, or from the first / on.
    pub path: String,
}

impl Address {
    const ALLOWED: &str = "an address that begins with https://, or with http://127.0.0.1 or http://localhost, or nothing";

    pub fn read(text: &str) -> Option<Address> {
        let (scheme, rest) = page(text).as_deref()?.split_once("://").map(|(scheme, rest)| (scheme.to_owned(), rest.to_owned()))?;
        let tls = scheme == "https";
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port > 0)?),
            None => (host, if tls { 443 } else { 80 }),
        };
        let here = ["127.0.0.1", "localhost"].contains(&host);
        (is_host(host) && (tls || here)).then(|| Address { tls, host: host.to_lowercase(), port, path: path.to_owned() })
    }
}

const KEY_OF_NOTIFY: &str = "a key of Notify, which ends with two ids, file:/PATH of a file of mode 0600 that holds it, or nothing";
const PASSWORD: &str = "1 to 300 characters, file:/PATH of a file of mode 0600 that holds them, or nothing";
const KEY_OF_WEBHOOK: &str = "at least 32 characters, file:/PATH of a file of mode 0600 that holds them, or nothing";

pub(super) fn read(values: &Values) -> Result<Sending, Wrong> {
    let text = values.text("sending.text", "\"notify\", \"webhook\", or nothing", |text| one_of(text, &["", "notify", "webhook"]))?;
    let email = values.text("sending.email", "\"notify\", \"smtp\", or nothing", |text| one_of(text, &["", "notify", "smtp"]))?;
    let prefix = values.text("sending.prefix", "at most 30 letters of a text message, without a line's end, or nothing", |text| {
        let fits = text.chars().count() <= 30 && !text.chars().any(char::is_control);
        (fits && sidelight_room::gsm7::places(text).is_ok()).then(|| text.to_owned())
    })?;
    values.tells_nothing("sending.prefix")?;
    let address = |key| values.text(key, Address::ALLOWED, |text| if text.is_empty() { Some(None) } else { Address::read(text).map(Some) });
    let (notify_url, webhook_url) = (address("sending.notify_url")?, address("sending.webhook_url")?);
    // What is asked for there stands behind it.
    let notify_url = notify_url.map(|url| Address { path: url.path.trim_end_matches('/').to_owned(), ..url });
    let notify_key = values.text("sending.notify_key", KEY_OF_NOTIFY, |text| secret(text, is_notify_key))?;
    let template = |key| values.text(key, "the id of a template, such as 01234567-89ab-cdef-0123-456789abcdef, or nothing", is_template);
    let (text_template, email_template) = (template("sending.notify_text_template")?, template("sending.notify_email_template")?);
    let from = values.text("sending.from", "an email address of ASCII letters, or nothing", |text| match text {
        "" => Some(None),
        email => (crate::staff::is_email(email) && email.is_ascii()).then(|| Some(email.to_owned())),
    })?;
    let name = from.as_deref().and_then(|from| from.split('@').next()).unwrap_or_default();
    if let Some(word) = telling_word(name, false) {
        return Err(values.wrong("sending.from", &format!("a name before the @ that tells a bystander nothing, so not \"{word}\"")));
    }
    let server = values.text("sending.smtp_server", "HOST:PORT, or nothing", |text| match text {
        "" => Some(None),
        server => {
            let (host, port) = server.rsplit_once(':')?;
            let port: u16 = port.parse().ok().filter(|port| *port > 0)?;
            is_host(host).then(|| Some((host.to_owned(), port)))
        }
    })?;
    let implicit =
        values.text("sending.smtp_tls", "\"starttls\" or \"implicit\"", |text| one_of(text, &["starttls", "implicit"]))? == "implicit";
    let user =
        values.text("sending.smtp_user", "at most 300 characters, or nothing", |text| (text.len() <= 300).then(|| text.to_owned()))?;
    let password = values.text("sending.smtp_password", PASSWORD, |text| secret(text, |text| text.len() <= 300))?;
    let webhook_key = values.text("sending.webhook_key", KEY_OF_WEBHOOK, |text| secret(text, |text| (32..=300).contains(&text.len())))?;
    let root = values.text("sending.root", "a PEM file that exists, or nothing", |text| match text {
        "" => Some(None),
        path => PathBuf::from(path).is_file().then(|| Some(path.into())),
    })?;

    // What a way needs and isn't there is named by its own key.
    let needs = |key: &str, way: &str| values.wrong(key, &format!("what {way} needs, since [sending] names it"));
    let notify = |template: Option<String>, key: &str| {
        Ok(NotifyService {
            address: notify_url.clone().ok_or_else(|| needs("sending.notify_url", "Notify"))?,
            key: notify_key.clone().ok_or_else(|| needs("sending.notify_key", "Notify"))?,
            template: template.ok_or_else(|| needs(key, "Notify"))?,
        })
    };
    let text = match text {
        "notify" => Some(TextBy::Notify(notify(text_template, "sending.notify_text_template")?)),
        "webhook" => Some(TextBy::Webhook(Webhook {
            address: webhook_url.ok_or_else(|| needs("sending.webhook_url", "the webhook"))?,
            key: webhook_key.ok_or_else(|| needs("sending.webhook_key", "the webhook"))?,
        })),
        _ => None,
    };
    let email = match email {
        "notify" => Some(EmailBy::Notify(notify(email_template, "sending.notify_email_template")?)),
        "smtp" => {
            let (host, port) = server.ok_or_else(|| needs("sending.smtp_server", "email by SMTP"))?;
            let login = match (user.is_empty(), password) {
                (true, None) => None,
                (false, Some(password)) => Some(Login { user, password }),
                (true, Some(_)) => return Err(needs("sending.smtp_user", "a password")),
                (false, None) => return Err(needs("sending.smtp_password", "a name to sign in with")),
            };
            let from = from.ok_or_else(|| needs("sending.from", "email by SMTP"))?;
            Some(EmailBy::Smtp(SmtpServer { host, port, implicit, login, from }))
        }
        _ => None,
    };
    Ok(Sending { text, email, prefix, root })
}

fn one_of(text: &str, allowed: &[&'static str]) -> Option<&'static str> {
    allowed.iter().find(|one| **one == text).copied()
}

/// Rights on the file that nobody may have; systemd lets the service read a credential by an access list, which shows among the group's.
const OTHERS: u32 = 0o077;
const OTHERS_ON_CREDENTIAL: u32 = 0o037;

/// As it stands there, as it stands in a file that is its owner's alone, or as systemd hands it over.
pub(super) fn secret(text: &str, fits: impl Fn(&str) -> bool) -> Option<Option<SecretString>> {
    let (path, others) = if let Some(path) = text.strip_prefix("file:") {
        (absolute(path)?, OTHERS)
    } else if let Some(MasterKey::Credential(name)) = text.starts_with("credential:").then(|| MasterKey::read(text)).flatten() {
        (PathBuf::from(std::env::var_os("CREDENTIALS_DIRECTORY")?).join(name), OTHERS_ON_CREDENTIAL)
    } else {
        return if text.is_empty() { Some(None) } else { fits(text).then(|| Some(text.into())) };
    };
    let own = std::fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= 1000 && file.mode() & others == 0);
    let held = own.then(|| std::fs::read_to_string(&path).ok()).flatten()?;
    let held = held.trim();
    (!held.is_empty() && fits(held)).then(|| Some(held.into()))
}

/// `name-SERVICE-SECRET`, the last two ids.
fn is_notify_key(key: &str) -> bool {
    key.len() <= 300 && key.is_ascii() && notify_ids(key).is_some()
}

/// The service's id and the secret in a key of Notify.
pub fn notify_ids(key: &str) -> Option<(&str, &str)> {
    let (rest, secret) = key.split_at_checked(key.len().checked_sub(36)?)?;
    let rest = rest.strip_suffix('-')?;
    let (_, service) = rest.split_at_checked(rest.len().checked_sub(36)?)?;
    (is_uuid(service) && is_uuid(secret)).then_some((service, secret))
}

fn is_template(text: &str) -> Option<Option<String>> {
    if text.is_empty() { Some(None) } else { is_uuid(text).then(|| Some(text.to_owned())) }
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    lengths && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
