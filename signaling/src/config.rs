//! The configuration: what `config/sidelight.toml` says, unless a file, the environment or a flag says otherwise.
//!
//! Whatever is wrong ends in one line that names the key, what was found and what is allowed.

mod retention;

pub use retention::Retention;

mod case_system;

pub use case_system::CaseSystem;
mod oidc;

pub use oidc::{Oidc, Rules};
mod sending;

pub use sending::{Address, EmailBy, Login, NotifyService, Sending, SmtpServer, TextBy, Webhook, notify_ids};

use crate::page_words;
use crate::planning::wall::zone;
use crate::proxies::{Network, Proxies};
use crate::telling::telling_word;
use sidelight_protocol::http::Role;
use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Value;

/// The default, with every key explained.
pub const DEFAULT: &str = include_str!("../../config/sidelight.toml");

/// How the default is named where a value comes from it.
const BUILT_IN: &str = "the default";

/// What is never repeated.
const SECRET: [&str; 6] =
    ["relay.secret", "case_system.secret", "oidc.client_secret", "sending.notify_key", "sending.smtp_password", "sending.webhook_key"];

/// The beginning of every name in the environment.
const PREFIX: &str = "SIDELIGHT_";

/// Everything that can be configured. No Debug: it holds the relay's secret.
#[derive(Clone)]
pub struct Config {
    pub web: Web,
    pub certificate: Option<Certificate>,
    pub relay: Relay,
    pub pages: Pages,
    /// Whose sign-in must have a second step.
    pub second_factor: RequiredOf,
    pub data: PathBuf,
    pub keys: Keys,
    pub audit: Audit,
    /// None: records go nowhere from here.
    pub case_system: Option<CaseSystem>,
    /// None: nobody signs in by a work account.
    pub oidc: Option<Oidc>,
    pub retention: Retention,
    pub sending: Sending,
    /// Where numbers for monitoring are served, if anywhere.
    pub metrics: Option<SocketAddr>,
    pub level: tracing::Level,
}

#[derive(Clone)]
pub struct Web {
    pub listen: SocketAddr,
    /// `scheme://host[:port]` in lower case; none: derived from the listening address.
    pub public_url: Option<String>,
    pub assets: Option<PathBuf>,
    /// Whose word on a client's address is taken.
    pub proxies: Proxies,
}

/// Where the web port's certificate comes from.
#[derive(Clone)]
pub enum Certificate {
    Files {
        certificate: PathBuf,
        key: PathBuf,
    },
    Acme(Acme),
    /// `--lan`: made here. Browsers warn of it.
    SelfSigned,
}

/// An ACME server (RFC 8555).
#[derive(Clone)]
pub struct Acme {
    pub email: Option<String>,
    pub directory: String,
    /// The root certificate of a private one.
    pub root: Option<PathBuf>,
}

#[derive(Clone)]
pub struct Relay {
    pub udp_port: u16,
    pub tcp_port: u16,
    pub advertise: Vec<String>,
    pub on_web_port: bool,
    /// For how long a page's credential opens new ways through the relay.
    pub credential: Duration,
    pub secret: String,
}

#[derive(Clone)]
pub struct Pages {
    pub number: Option<String>,
    pub neutral_page: String,
    /// Of the service user's page; none: the page's own.
    pub title: Option<String>,
    /// Of the desk's window and notices; none: the desk's own.
    pub desk_title: Option<String>,
    /// Of what goes into calendars.
    pub calendar_title: String,
    /// Nothing of these is set anywhere else.
    pub pinned: bool,
    /// Whose clocks the desk goes by; none: those of the machine it is open on.
    pub time_zone: Option<String>,
}

/// Where the keys are, beside the data folder.
#[derive(Clone, Default)]
pub struct Keys {
    pub master: MasterKey,
    /// Of the store of wrapped keys, the newest copy alone.
    pub copy: Option<PathBuf>,
}

/// Where the master key is.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub enum MasterKey {
    /// `master.key` in the data folder.
    #[default]
    InData,
    File(PathBuf),
    /// A credential that systemd hands over, by its name.
    Credential(String),
}

impl MasterKey {
    /// What it may be, for whoever wrote something else.
    pub const ALLOWED: &str = "an absolute path, credential:NAME (of letters, digits, - _ and .), or nothing";

    pub fn read(text: &str) -> Option<MasterKey> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        match text.strip_prefix("credential:") {
            Some(name) => {
                let fits = (1..=100).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.');
                fits.then(|| MasterKey::Credential(name.to_owned()))
            }
            None if text.is_empty() => Some(MasterKey::InData),
            None => absolute(text).map(MasterKey::File),
        }
    }
}

/// Of whom something is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredOf {
    Nobody,
    Administrators,
    Everybody,
}

impl RequiredOf {
    pub fn of(self, roles: &[Role]) -> bool {
        match self {
            RequiredOf::Nobody => false,
            RequiredOf::Administrators => roles.contains(&Role::Administrator),
            RequiredOf::Everybody => true,
        }
    }
}

fn absolute(text: &str) -> Option<PathBuf> {
    let path = Path::new(text);
    (path.is_absolute() && path.file_name().is_some()).then(|| path.into())
}

/// What becomes of the audit outside of this machine.
#[derive(Clone)]
pub struct Audit {
    pub anchor: Option<AnchorPlace>,
    /// The root certificate of a private one.
    pub anchor_root: Option<PathBuf>,
}

/// Where the head of the audit goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnchorPlace {
    File(PathBuf),
    Syslog,
    /// Host, port and path of an https address.
    Https {
        host: String,
        port: u16,
        path: String,
    },
}

impl AnchorPlace {
    fn read(text: &str) -> Option<AnchorPlace> {
        if text == "syslog" {
            return Some(AnchorPlace::Syslog);
        }
        if let Some(path) = text.strip_prefix("file:") {
            return absolute(path).map(AnchorPlace::File);
        }
        let rest = page(text)?.strip_prefix("https://")?.to_owned();
        let (host, path) = rest.split_once('/').unwrap_or((&rest, ""));
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port > 0)?),
            None => (host, 443),
        };
        is_host(host).then(|| AnchorPlace::Https { host: host.to_lowercase(), port, path: format!("/{path}") })
    }
}

/// What the command line says about the configuration.
#[derive(Default)]
pub struct Flags {
    pub config: Option<PathBuf>,
    pub data: Option<PathBuf>,
    pub listen: Option<String>,
    /// `--lan`: serve on this address of the local network, with a certificate made here.
    pub lan: Option<Ipv4Addr>,
}

/// The port of `--lan`, unless another one is given.
const LAN_PORT: u16 = 8443;

/// One line for the operator.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

impl fmt::Display for Wrong {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

/// A value and where it was given.
#[derive(Clone)]
enum Given {
    File(Value, String),
    /// From the environment or a flag: text that stands for any type.
    Text(String, String),
}

/// All keys with their values, the last one given.
struct Values(BTreeMap<String, Given>);

impl Config {
    /// Whether this is a service for trying out on a local network, with a certificate that was made here (`--lan`).
    pub fn on_lan(&self) -> bool {
        matches!(self.certificate, Some(Certificate::SelfSigned))
    }

    /// From the default, the file, the environment and the flags, in this order.
    pub fn read(flags: &Flags, environment: impl Iterator<Item = (String, String)>) -> Result<Config, Wrong> {
        let Some(path) = &flags.config else { return Config::from_text(None, flags, environment) };
        let named = path.display().to_string();
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| Wrong(format!("--config: found {named:?}, which can't be read ({error}); allowed: a file")))?;
        Config::from_text(Some((&text, &named)), flags, environment)
    }

    /// The same where the file's text is at hand; with it comes how the file is called.
    pub fn from_text(
        file: Option<(&str, &str)>,
        flags: &Flags,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, Wrong> {
        let mut values = Values(BTreeMap::new());
        values.add_file(DEFAULT, BUILT_IN, None)?;
        let known: Vec<String> = values.0.keys().cloned().collect();
        if let Some((text, named)) = file {
            values.add_file(text, named, Some(&known))?;
        }
        values.add_environment(environment, &known)?;
        if let Some(data) = &flags.data {
            values.0.insert("data.directory".into(), Given::Text(data.display().to_string(), "--data".into()));
        }
        if let Some(listen) = &flags.listen {
            values.0.insert("web.listen".into(), Given::Text(listen.clone(), "--listen".into()));
        }
        values.config(flags.lan)
    }
}

impl Values {
    fn add_file(&mut self, text: &str, named: &str, known: Option<&[String]>) -> Result<(), Wrong> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or("").lines().count().max(1));
            Wrong(format!(
                "{named}, line {line}: found what isn't TOML ({}); allowed: [section], then key = value",
                one_line(error.message())
            ))
        })?;
        for (section, keys) in table {
            let Value::Table(keys) = keys else {
                return Err(unknown(&section, named, known.unwrap_or_default()));
            };
            if let Some(known) = known
                && !known.iter().any(|key| key.starts_with(&format!("{section}.")))
            {
                return Err(unknown(&section, named, known));
            }
            for (key, value) in keys {
                let key = format!("{section}.{key}");
                if known.is_some_and(|known| !known.contains(&key)) {
                    return Err(unknown(&key, named, known.unwrap_or_default()));
                }
                self.0.insert(key, Given::File(value, named.into()));
            }
        }
        Ok(())
    }

    /// `SIDELIGHT_SECTION__KEY`; names without the double underscore are somebody else's.
    fn add_environment(&mut self, environment: impl Iterator<Item = (String, String)>, known: &[String]) -> Result<(), Wrong> {
        for (name, value) in environment {
            let Some((section, key)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once("__")) else { continue };
            let key = format!("{}.{}", section.to_lowercase(), key.to_lowercase());
            if !known.contains(&key) {
                return Err(unknown(&key, &name, known));
            }
            self.0.insert(key, Given::Text(value, name));
        }
        Ok(())
    }

    fn config(mut self, lan: Option<Ipv4Addr>) -> Result<Config, Wrong> {
        if let Some(address) = lan {
            self.lan(address)?;
        }
        let listen: SocketAddr = self.text("web.listen", "an address and a port, such as 127.0.0.1:8080", |text| text.parse().ok())?;
        let public = "https://HOST, http://HOST or either with :PORT, without a path, or nothing";
        let public_url = self.text("web.public_url", public, |text| if text.is_empty() { Some(None) } else { origin(text).map(Some) })?;
        let folder = "a folder that exists, or nothing";
        let assets = self.text("web.assets", folder, |text| match text {
            "" => Some(None),
            path => Path::new(path).is_dir().then(|| Some(path.into())),
        })?;
        let file = |text: &str| match text {
            "" => Some(None),
            path => Path::new(path).is_file().then(|| Some(PathBuf::from(path))),
        };
        let certificate = match lan {
            Some(_) => Some(Certificate::SelfSigned),
            None => self.certificate(public_url.as_deref(), file)?,
        };
        let secret = self.text("relay.secret", "at least 32 characters, or nothing", |text| {
            (text.is_empty() || text.chars().count() >= 32).then(|| text.to_owned())
        })?;
        let number = self.text("pages.number", page_words::NUMBER_ALLOWED, |text| {
            page_words::is_number(text).then(|| (!text.is_empty()).then(|| text.to_owned()))
        })?;
        let neutral_page = self.text("pages.neutral_page", page_words::ADDRESS_ALLOWED, page)?;
        let (title, desk_title) = (self.title("pages.title")?, self.title("pages.desk_title")?);
        let calendar_title = self.title("pages.calendar_title")?.unwrap_or_else(|| page_words::CALL.into());
        let time_zone =
            self.text("pages.time_zone", "a zone of the IANA database such as \"Europe/London\", or nothing", |text| match text {
                "" => Some(None),
                name => zone(name).map(|_| Some(name.to_owned())),
            })?;
        let pinned = self.boolean("pages.pinned")?;
        for key in ["pages.neutral_page", "pages.title", "pages.desk_title", "pages.calendar_title"] {
            self.tells_nothing(key)?;
        }
        let data: PathBuf = self.text("data.directory", "a folder", |text| (!text.is_empty()).then(|| text.into()))?;
        let keys = Keys {
            master: self.text("keys.master", MasterKey::ALLOWED, MasterKey::read)?,
            copy: self.text("keys.copy", "an absolute path of a file outside of data.directory, or nothing", |text| match text {
                "" => Some(None),
                path => absolute(path).filter(|path| !path.starts_with(&data)).map(Some),
            })?,
        };
        let anchor = "file:/PATH, syslog, https://HOST/PATH, or nothing";
        let audit = Audit {
            anchor: self.text("audit.anchor", anchor, |text| match text {
                "" => Some(None),
                place => AnchorPlace::read(place).map(Some),
            })?,
            anchor_root: self.text("audit.anchor_root", "a PEM file that exists, or nothing", file)?,
        };
        let case_system = self.case_system(file)?;
        let second_factor =
            self.text("staff.second_factor", "\"nobody\", \"administrators\", \"everybody\", or nothing", |text| match text {
                // What others can reach is in use; what they can't is being tried out.
                "" if public_url.is_some() => Some(RequiredOf::Administrators),
                "" | "nobody" => Some(RequiredOf::Nobody),
                "administrators" => Some(RequiredOf::Administrators),
                "everybody" => Some(RequiredOf::Everybody),
                _ => None,
            })?;
        let levels = "\"error\", \"warn\", \"info\", \"debug\" or \"trace\"";
        let level = self.text("log.level", levels, |text| match text {
            "error" => Some(tracing::Level::ERROR),
            "warn" => Some(tracing::Level::WARN),
            "info" => Some(tracing::Level::INFO),
            "debug" => Some(tracing::Level::DEBUG),
            "trace" => Some(tracing::Level::TRACE),
            _ => None,
        })?;
        let relay = Relay {
            udp_port: self.port("relay.udp_port")?,
            tcp_port: self.port("relay.tcp_port")?,
            advertise: self.hosts("relay.advertise")?,
            on_web_port: self.boolean("relay.on_web_port")?,
            credential: Duration::from_secs(self.number("relay.credential_seconds", 5..=86_400)?),
            secret,
        };
        let (sending, oidc) = (sending::read(&self)?, oidc::read(&self)?);
        let retention = self.retention()?;
        let metrics = self.text("metrics.listen", "an address and a port, such as 127.0.0.1:9464, or nothing", |text| match text {
            "" => Some(None),
            address => address.parse().ok().map(Some),
        })?;
        let (web, pages) = (
            Web { listen, public_url, assets, proxies: self.proxies("web.trusted_proxies")? },
            Pages { number, neutral_page, title, desk_title, calendar_title, pinned, time_zone },
        );
        Ok(Config {
            web,
            certificate,
            relay,
            pages,
            second_factor,
            data,
            keys,
            audit,
            case_system,
            oidc,
            retention,
            sending,
            metrics,
            level,
        })
    }

    fn case_system(&self, file: impl Fn(&str) -> Option<Option<PathBuf>>) -> Result<Option<CaseSystem>, Wrong> {
        let place = self.text("case_system.url", "https://HOST/PATH, or nothing", |text| match text {
            "" => Some(None),
            place => case_system::read(place).map(Some),
        })?;
        let root = self.text("case_system.root", "a PEM file that exists, or nothing", file)?;
        let secret = self.text("case_system.secret", "at least 32 characters where case_system.url is set, or nothing", |text| {
            let long = text.chars().count() >= case_system::SECRET;
            (long || (text.is_empty() && place.is_none())).then(|| text.to_owned())
        })?;
        Ok(place.map(|(host, port, path)| CaseSystem { host, port, path, secret, root }))
    }

    /// A title that an administrator chose, or none.
    fn title(&self, key: &str) -> Result<Option<String>, Wrong> {
        self.text(key, page_words::TITLE_ALLOWED, |text| page_words::is_title(text).then(|| (!text.is_empty()).then(|| text.to_owned())))
    }

    /// Nothing that a bystander could see says what it is about.
    fn tells_nothing(&self, key: &str) -> Result<(), Wrong> {
        let value = self.value(key);
        match value.as_ref().and_then(Value::as_str).and_then(|text| telling_word(text, key == "pages.desk_title")) {
            Some(word) => Err(self.wrong(key, &format!("words that tell a bystander nothing, so not \"{word}\""))),
            None => Ok(()),
        }
    }

    /// `--lan` is for trying out: what belongs to a name and a real certificate contradicts it.
    fn lan(&mut self, address: Ipv4Addr) -> Result<(), Wrong> {
        for key in ["web.public_url", "tls.certificate", "tls.key"] {
            self.text(key, "nothing, with --lan", |text| text.is_empty().then_some(()))?;
        }
        if self.boolean("tls.acme")? {
            return Err(self.wrong("tls.acme", "false, with --lan"));
        }
        if matches!(self.0.get("web.listen"), Some(Given::File(_, place)) if place == BUILT_IN) {
            let listen = SocketAddr::from((address, LAN_PORT)).to_string();
            self.0.insert("web.listen".into(), Given::Text(listen, "--lan".into()));
        }
        let reachable = "an address of this machine on the local network and a port, with --lan";
        self.text("web.listen", reachable, |text| {
            text.parse::<SocketAddr>().ok().filter(|at| !at.ip().is_loopback() && !at.ip().is_unspecified())
        })?;
        Ok(())
    }

    fn certificate(&self, public_url: Option<&str>, file: impl Fn(&str) -> Option<Option<PathBuf>>) -> Result<Option<Certificate>, Wrong> {
        let pem = "a PEM file that exists, or nothing";
        let (certificate, key) = (self.text("tls.certificate", pem, &file)?, self.text("tls.key", pem, &file)?);
        let email = self.text("tls.acme_email", "an email address, or nothing", |text| match text {
            "" => Some(None),
            email => crate::staff::is_email(email).then(|| Some(email.to_owned())),
        })?;
        let directory = self.text("tls.acme_directory", "an address that begins with https://", |text| {
            page(text).filter(|address| address.starts_with("https://"))
        })?;
        let root = self.text("tls.acme_root", pem, &file)?;
        if self.boolean("tls.acme")? {
            if certificate.is_some() || key.is_some() {
                return Err(self.wrong("tls.acme", "false, since tls.certificate and tls.key are set"));
            }
            // Its host is the name that the certificate is for.
            if !public_url.and_then(host).is_some_and(|host| host.contains('.') && host.parse::<Ipv4Addr>().is_err()) {
                return Err(self.wrong("web.public_url", "https://NAME, since tls.acme gets a certificate for that name"));
            }
            return Ok(Some(Certificate::Acme(Acme { email, directory, root })));
        }
        match (certificate, key) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(Certificate::Files { certificate, key })),
            (None, Some(_)) => Err(self.wrong("tls.certificate", "the certificate's file, since tls.key is set")),
            (Some(_), None) => Err(self.wrong("tls.key", "the key's file, since tls.certificate is set")),
        }
    }

    fn value(&self, key: &str) -> Option<Value> {
        match self.0.get(key)? {
            Given::File(value, _) => Some(value.clone()),
            Given::Text(text, _) => Some(Value::String(text.clone())),
        }
    }

    fn text<T>(&self, key: &str, allowed: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Wrong> {
        let value = self.value(key);
        value.as_ref().and_then(Value::as_str).and_then(read).ok_or_else(|| self.wrong(key, allowed))
    }

    /// The value as TOML, wherever it was given.
    fn toml(&self, key: &str) -> Option<Value> {
        match self.value(key)? {
            Value::String(text) => format!("value = {text}").parse::<toml::Table>().ok()?.remove("value"),
            value => Some(value),
        }
    }

    fn port(&self, key: &str) -> Result<u16, Wrong> {
        let port = self.toml(key).and_then(|value| value.as_integer()).and_then(|port| port.try_into().ok());
        port.ok_or_else(|| self.wrong(key, "a port from 0 to 65535"))
    }

    fn number(&self, key: &str, allowed: RangeInclusive<u64>) -> Result<u64, Wrong> {
        let number = self.toml(key).and_then(|value| value.as_integer()).and_then(|number| number.try_into().ok());
        let number = number.filter(|number| allowed.contains(number));
        number.ok_or_else(|| self.wrong(key, &format!("a number from {} to {}", allowed.start(), allowed.end())))
    }

    fn boolean(&self, key: &str) -> Result<bool, Wrong> {
        self.toml(key).and_then(|value| value.as_bool()).ok_or_else(|| self.wrong(key, "true or false"))
    }

    fn hosts(&self, key: &str) -> Result<Vec<String>, Wrong> {
        let read = |value: Value| {
            let hosts = value.as_array()?.iter().map(|host| host.as_str().filter(|host| is_host(host)).map(str::to_owned));
            hosts.collect::<Option<Vec<_>>>().filter(|hosts| hosts.len() <= 8)
        };
        let allowed = "a list of at most 8 host names or IPv4 addresses, such as [\"198.51.100.7\"]";
        self.toml(key).and_then(read).ok_or_else(|| self.wrong(key, allowed))
    }

    fn proxies(&self, key: &str) -> Result<Proxies, Wrong> {
        let read = |value: Value| {
            let networks = value.as_array()?.iter().map(|network| network.as_str()?.parse::<Network>().ok());
            networks.collect::<Option<Vec<_>>>().filter(|networks| networks.len() <= 32)
        };
        let allowed = "a list of at most 32 addresses or networks, such as [\"127.0.0.1\", \"10.0.0.0/8\"]";
        self.toml(key).and_then(read).map(Proxies::new).ok_or_else(|| self.wrong(key, allowed))
    }

    /// The one line.
    fn wrong(&self, key: &str, allowed: &str) -> Wrong {
        let (found, place) = match self.0.get(key) {
            // A secret is never repeated.
            Some(Given::File(Value::String(text), place) | Given::Text(text, place)) if SECRET.contains(&key) => {
                (format!("a value of {} characters", text.chars().count()), place.as_str())
            }
            Some(Given::File(value, place)) => (value.to_string(), place.as_str()),
            Some(Given::Text(text, place)) => (format!("{text:?}"), place.as_str()),
            None => ("nothing".into(), BUILT_IN),
        };
        Wrong(format!("{key}: found {} (in {place}); allowed: {allowed}", one_line(&found)))
    }
}

fn unknown(key: &str, named: &str, known: &[String]) -> Wrong {
    // A key in quotation marks may hold anything, a line's end too.
    let (key, named) = (one_line(&key.escape_debug().to_string()), one_line(&named.escape_debug().to_string()));
    Wrong(format!("{key}: found in {named}, but there is no such key; allowed: {}", known.join(", ")))
}

fn one_line(text: &str) -> String {
    let mut line: String = text.lines().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(200) {
        line.truncate(end);
        line.push('…');
    }
    line
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.len() <= 253 && host.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter))
}

/// `scheme://host[:port]` as browsers write an origin.
pub(crate) fn origin(text: &str) -> Option<String> {
    let text = text.strip_suffix('/').unwrap_or(text).to_lowercase();
    let (scheme, rest) = text.split_once("://")?;
    let standard = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok().filter(|port| *port > 0)?)),
        None => (rest, None),
    };
    if !is_host(host) {
        return None;
    }
    Some(match port {
        Some(port) if port != standard => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    })
}

/// The name in `https://NAME[:port]`.
pub fn host(origin: &str) -> Option<&str> {
    let rest = origin.strip_prefix("https://")?;
    Some(rest.split_once(':').map_or(rest, |(host, _)| host))
}

/// An address that can stand in a page's attribute as it is.
fn page(text: &str) -> Option<String> {
    page_words::is_address(text).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
