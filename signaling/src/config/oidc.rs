//! `[oidc]`: the provider by whose accounts staff sign in, and what it says of them means here.

use super::{RequiredOf, Values, Wrong, sending::Address, sending::secret};
use jsonwebtoken::Algorithm;
use secrecy::SecretString;
use sidelight_protocol::http::Role;
use std::path::PathBuf;
use toml::Value;

/// A provider of work accounts. No Debug: it holds a secret.
#[derive(Clone)]
pub struct Oidc {
    /// As it calls itself, to the letter.
    pub issuer: String,
    /// The same, taken apart.
    pub address: Address,
    pub client_id: String,
    pub client_secret: SecretString,
    /// What stands on the button; none: the page's own words.
    pub label: Option<String>,
    /// The root certificate of a private one.
    pub root: Option<PathBuf>,
    pub scopes: String,
    /// By which a token may be signed.
    pub algorithms: Vec<Algorithm>,
    pub rules: Rules,
    /// Who may still sign in by password.
    pub passwords: RequiredOf,
    /// Seconds that a sign-in lasts.
    pub lasts: u32,
}

/// What the claims of a token mean here.
#[derive(Clone, Default)]
pub struct Rules {
    /// The claim by which somebody is known the first time; none: nobody is.
    pub link: Option<String>,
    /// The claim that says that the provider has made sure of that.
    pub verified: String,
    /// Claims without which nobody comes in, with what they must be.
    pub required: Vec<(String, String)>,
    /// Where roles stand.
    pub role_claims: Vec<String>,
    /// What they are called there. None: roles are given here, and the provider isn't asked.
    pub roles: Vec<(String, Role)>,
    /// Whether somebody new may come.
    pub new_people: bool,
    /// Of somebody new where `roles` says nothing.
    pub first_role: Option<Role>,
    /// Values of `acr`, or in `amr`, by which the provider says that it asked for a second step that is as good as ours.
    pub second_factor: Vec<String>,
}

/// What a provider may sign with: with a key that others can look at, and nothing that is known to be weak.
const SAFE: [(&str, Algorithm); 4] =
    [("RS256", Algorithm::RS256), ("PS256", Algorithm::PS256), ("ES256", Algorithm::ES256), ("EdDSA", Algorithm::EdDSA)];

/// Whose accounts anybody may have.
const ANYBODYS: &str = "https://accounts.google.com";

const SECRET: &str = "8 to 300 characters, file:/PATH of a file of mode 0600 that holds them, or credential:NAME, where oidc.issuer is set";
const CLAIM: &str = "the name of a claim, or nothing";

pub(super) fn read(values: &Values) -> Result<Option<Oidc>, Wrong> {
    let issuer = values.text("oidc.issuer", "an address that begins with https://, without ? and #, or nothing", |text| match text {
        "" => Some(None),
        _ if text.contains(['?', '#']) => None,
        // Whatever is asked for there stands behind it.
        _ => Address::read(text)
            .map(|address| Some((text.to_owned(), Address { path: address.path.trim_end_matches('/').to_owned(), ..address }))),
    })?;
    let named = |key: &str, allowed: &str| {
        values.text(key, allowed, |text| {
            let fits = text.len() <= 300 && !text.chars().any(char::is_control) && (issuer.is_none() || !text.is_empty());
            fits.then(|| text.to_owned())
        })
    };
    let client_id = named("oidc.client_id", "what the provider calls this service, where oidc.issuer is set")?;
    let client_secret = values.text("oidc.client_secret", SECRET, |text| {
        let kept = secret(text, |text| (8..=300).contains(&text.len()))?;
        (kept.is_some() || issuer.is_none()).then_some(kept)
    })?;
    let label = values.title("oidc.label")?;
    values.tells_nothing("oidc.label")?;
    let root = values.text("oidc.root", "a PEM file that exists, or nothing", |text| match text {
        "" => Some(None),
        path => PathBuf::from(path).is_file().then(|| Some(path.into())),
    })?;
    let scopes = values.text("oidc.scopes", "words between spaces, openid among them", |text| {
        let plain = |letter: char| letter.is_ascii_graphic() && !"\"\\".contains(letter) || letter == ' ';
        (text.len() <= 300 && text.chars().all(plain) && text.split(' ').any(|word| word == "openid")).then(|| text.to_owned())
    })?;
    let algorithms = values.texts("oidc.algorithms", "a list of \"RS256\", \"PS256\", \"ES256\" and \"EdDSA\"", 4, |text| {
        SAFE.iter().find(|(name, _)| *name == text).map(|(_, algorithm)| *algorithm)
    })?;
    if algorithms.is_empty() {
        return Err(values.wrong("oidc.algorithms", "one of \"RS256\", \"PS256\", \"ES256\" and \"EdDSA\" at least"));
    }
    let rules = rules(values, issuer.as_ref().map(|(issuer, _)| issuer.as_str()))?;
    let passwords = values.text("oidc.passwords", "\"everybody\" or \"administrators\"", |text| match text {
        "everybody" => Some(RequiredOf::Everybody),
        "administrators" => Some(RequiredOf::Administrators),
        _ => None,
    })?;
    let hours = values.number("oidc.hours", 1..=12)?;
    let lasts = u32::try_from(hours).unwrap_or(1) * 3600;
    let (Some((issuer, address)), Some(client_secret)) = (issuer, client_secret) else { return Ok(None) };
    Ok(Some(Oidc { issuer, address, client_id, client_secret, label, root, scopes, algorithms, rules, passwords, lasts }))
}

fn rules(values: &Values, issuer: Option<&str>) -> Result<Rules, Wrong> {
    let claim = |key: &str| values.text(key, CLAIM, |text| (text.len() <= 200).then(|| text.to_owned()));
    let link = Some(claim("oidc.link_claim")?).filter(|claim| !claim.is_empty());
    let verified = claim("oidc.verified_claim")?;
    if link.is_some() && verified.is_empty() {
        return Err(values.wrong("oidc.verified_claim", "the claim that vouches for oidc.link_claim, since that is set"));
    }
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty())?;
        (text.len() <= 400).then(|| (name.to_owned(), value.to_owned()))
    };
    let required = values.texts("oidc.required_claims", "a list of at most 10 \"CLAIM=VALUE\"", 10, pair)?;
    let text = |text: &str| (1..=200).contains(&text.len()).then(|| text.to_owned());
    let role_claims = values.texts("oidc.role_claims", "a list of at most 10 claims, such as [\"realm_access.roles\"]", 10, text)?;
    let roles = values.texts("oidc.roles", "a list of at most 100 \"VALUE=ROLE\", ROLE one of the four", 100, |text| {
        let (value, role) = text.rsplit_once('=').filter(|(value, _)| !value.is_empty())?;
        (text.len() <= 400).then_some(())?;
        Some((value.to_owned(), role_of(role)?))
    })?;
    if !roles.is_empty() && role_claims.is_empty() {
        return Err(values.wrong("oidc.role_claims", "the claims that hold what oidc.roles names"));
    }
    let first_role = values.text("oidc.first_role", "\"practitioner\", \"supervisor\", \"auditor\", or nothing", |text| match text {
        "" => Some(None),
        // Nobody becomes an administrator by being new.
        "administrator" => None,
        role => role_of(role).map(Some),
    })?;
    let new_people = values.boolean("oidc.new_people")?;
    if new_people && issuer.is_some() {
        if link.is_none() {
            return Err(values.wrong("oidc.new_people", "false, since oidc.link_claim is empty: nobody is known by anything"));
        }
        if roles.is_empty() && first_role.is_none() {
            return Err(values.wrong("oidc.new_people", "false, since neither oidc.roles nor oidc.first_role gives them a role"));
        }
        if issuer == Some(ANYBODYS) && !required.iter().any(|(claim, _)| claim == "hd") {
            return Err(values.wrong("oidc.required_claims", "\"hd=YOUR.DOMAIN\", since anybody may have an account at Google"));
        }
    }
    let second_factor = values.texts("oidc.second_factor", "a list of at most 10 values of acr or amr, such as [\"mfa\"]", 10, text)?;
    Ok(Rules { link, verified, required, role_claims, roles, new_people, first_role, second_factor })
}

fn role_of(word: &str) -> Option<Role> {
    match word {
        "practitioner" => Some(Role::Practitioner),
        "supervisor" => Some(Role::Supervisor),
        "administrator" => Some(Role::Administrator),
        "auditor" => Some(Role::Auditor),
        _ => None,
    }
}

impl Values {
    /// A list of texts, each read by itself.
    fn texts<T>(&self, key: &str, allowed: &str, most: usize, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Wrong> {
        let list = |value: Value| {
            let texts = value.as_array()?.iter().map(|text| text.as_str().and_then(&read));
            texts.collect::<Option<Vec<_>>>().filter(|texts| texts.len() <= most)
        };
        self.toml(key).and_then(list).ok_or_else(|| self.wrong(key, allowed))
    }
}
