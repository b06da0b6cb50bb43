//! What a token that is to be believed says of somebody, by the rules of the configuration.

use crate::config::Rules;
use serde_json::{Map, Value};
use sidelight_protocol::http::Role;

pub type Claims = Map<String, Value>;

/// Somebody, as their provider knows them. No Debug: it holds a name.
#[derive(Clone)]
pub struct Person {
    /// What the provider never gives to anybody else.
    pub subject: String,
    /// By which they are known the first time: the provider has made sure of it.
    pub email: Option<String>,
    pub name: Option<String>,
    /// None: roles are given here.
    pub roles: Option<Vec<Role>>,
    /// The provider asked for a second step that counts here.
    pub twice: bool,
}

/// Why nobody can be made of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is no subject, or an impossible one.
    Subject,
    /// A claim that everybody must have isn't there, or is another.
    Required,
    /// The roles are too many for the token, so nothing is known of them (Entra ID).
    Overage,
}

/// The longest subject (OpenID Connect Core, section 2), in bytes.
const SUBJECT: usize = 255;

/// So many values of a claim are looked at. More: a token that holds them doesn't arrive anyway.
const VALUES: usize = 1000;

/// The subject of a token.
pub fn subject(claims: &Claims) -> Option<&str> {
    let subject = claims.get("sub")?.as_str()?;
    ((1..=SUBJECT).contains(&subject.len()) && subject.is_ascii()).then_some(subject)
}

pub fn person(claims: &Claims, rules: &Rules) -> Result<Person, Unfit> {
    let subject = subject(claims).ok_or(Unfit::Subject)?.to_owned();
    let has = |(claim, value): &(String, String)| at(claims, claim).is_some_and(|found| texts(found).contains(&value.as_str()));
    if !rules.required.iter().all(has) {
        return Err(Unfit::Required);
    }
    let verified = at(claims, &rules.verified).is_some_and(says_yes);
    let link = rules.link.as_deref().filter(|_| verified).and_then(|claim| at(claims, claim));
    // Letters that become others in lower case (the sign for Kelvin) would be another's.
    let email = link.and_then(Value::as_str).filter(|email| email.is_ascii()).map(str::to_owned);
    let name = claims.get("name").and_then(Value::as_str).map(|name| name.chars().take(80).collect());
    let strong = |found: &Value| texts(found).iter().any(|text| rules.second_factor.iter().any(|counts| counts == text));
    let twice = ["acr", "amr"].into_iter().filter_map(|claim| claims.get(claim)).any(strong);
    Ok(Person { subject, email, name, roles: roles(claims, rules)?, twice })
}

fn roles(claims: &Claims, rules: &Rules) -> Result<Option<Vec<Role>>, Unfit> {
    if rules.roles.is_empty() {
        return Ok(None);
    }
    let elsewhere = claims.get("_claim_names").and_then(Value::as_object);
    let mut roles = Vec::new();
    for claim in &rules.role_claims {
        if elsewhere.is_some_and(|elsewhere| elsewhere.contains_key(claim)) {
            return Err(Unfit::Overage);
        }
        let values = at(claims, claim).map(texts).unwrap_or_default();
        roles.extend(rules.roles.iter().filter(|(value, _)| values.contains(&value.as_str())).map(|(_, role)| *role));
    }
    roles.sort_unstable();
    roles.dedup();
    Ok(Some(roles))
}

/// What stands at a path such as `resource_access.sidelight.roles`. Names may hold full stops themselves: the longest name counts.
fn at<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return None;
    }
    if let Some(found) = claims.get(path) {
        return Some(found);
    }
    path.rmatch_indices('.').find_map(|(stop, _)| {
        let (name, rest) = (path.get(..stop)?, path.get(stop + 1..)?);
        at(claims.get(name)?.as_object()?, rest)
    })
}

/// The texts of a claim that has one or several.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().take(VALUES).filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => vec![],
    }
}

/// Providers write it as a boolean, as a word or as a number (Entra ID's `xms_edov`).
fn says_yes(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || value.as_str().is_some_and(|text| text == "true" || text == "1") || value.as_u64() == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Administrator, Auditor, Practitioner, Supervisor};
    use serde_json::json;

    fn rules(role_claims: &[&str], roles: &[(&str, Role)]) -> Rules {
        Rules {
            link: Some("email".into()),
            verified: "email_verified".into(),
            role_claims: role_claims.iter().map(|claim| (*claim).into()).collect(),
            roles: roles.iter().map(|(value, role)| ((*value).into(), *role)).collect(),
            second_factor: vec!["mfa".into(), "gold".into()],
            ..Rules::default()
        }
    }

    fn of(claims: Value, rules: &Rules) -> Result<Person, Unfit> {
        person(claims.as_object().unwrap(), rules)
    }

    fn read(claims: Value, rules: &Rules) -> Person {
        of(claims, rules).unwrap_or_else(|unfit| panic!("{unfit:?}"))
    }

    /// As Entra ID writes them (version 2): app roles by their values, groups by their ids, and no `email_verified`.
    #[test]
    fn tokens_of_entra_id() {
        let token = json!({
            "aud": "6cb04018-a3f5-46a7-b995-940c78f5aef3", "iss": "https://login.microsoftonline.com/t/v2.0", "iat": 1, "exp": 2, "nbf": 1,
            "name": "Sam Rivers", "oid": "690222be", "preferred_username": "sam@council.example", "sub": "HKZpfaHyWadeOouYlitjrI-KffTm222X5",
            "tid": "fa15d692", "ver": "2.0", "email": "sam@council.example", "xms_edov": true,
            "roles": ["Contact.Practitioner", "Elsewhere"], "groups": ["9b1c1a52-6f3e-4b2c-8a67-0c0a1f6d2e11"], "amr": ["pwd", "mfa"]
        });
        let by_roles = rules(&["roles"], &[("Contact.Practitioner", Practitioner), ("Contact.Administrator", Administrator)]);
        let sam = read(token.clone(), &Rules { verified: "xms_edov".into(), ..by_roles.clone() });
        assert_eq!((sam.roles, sam.twice, sam.name.as_deref()), (Some(vec![Practitioner]), true, Some("Sam Rivers")));
        assert_eq!((sam.email.as_deref(), sam.subject.as_str()), (Some("sam@council.example"), "HKZpfaHyWadeOouYlitjrI-KffTm222X5"));
        // What Entra ID doesn't say that it has checked, counts for nothing.
        assert_eq!(read(token.clone(), &by_roles).email, None);
        let by_groups = rules(&["groups", "roles"], &[("9b1c1a52-6f3e-4b2c-8a67-0c0a1f6d2e11", Auditor), ("Elsewhere", Supervisor)]);
        assert_eq!(read(token.clone(), &by_groups).roles, Some(vec![Supervisor, Auditor]));
        // Too many groups for a token: that says nothing of their roles, and not that they have none.
        let mut many = token;
        many.as_object_mut().unwrap().remove("groups");
        many["_claim_names"] = json!({ "groups": "src1" });
        assert_eq!(of(many.clone(), &by_groups).err(), Some(Unfit::Overage));
        assert_eq!(read(many, &by_roles).roles, Some(vec![Practitioner]));
    }

    /// As Google writes them: no roles; a domain of a Workspace, which private accounts don't have.
    #[test]
    fn tokens_of_google() {
        let token = json!({
            "iss": "https://accounts.google.com", "azp": "1.apps.googleusercontent.com", "aud": "1.apps.googleusercontent.com",
            "sub": "10769150350006150715113082367", "hd": "council.example", "email": "sam@council.example", "email_verified": true,
            "name": "Sam Rivers", "given_name": "Sam", "family_name": "Rivers", "iat": 1, "exp": 2
        });
        let rules = Rules { required: vec![("hd".into(), "council.example".into())], ..rules(&[], &[]) };
        let sam = read(token.clone(), &rules);
        assert_eq!((sam.roles, sam.twice, sam.email.as_deref()), (None, false, Some("sam@council.example")));
        let with = |claim: &str, value: Value| {
            let mut token = token.clone();
            token[claim] = value;
            token
        };
        for other in [Value::Null, json!("elsewhere.example"), json!("council.example.evil.org"), json!(true), json!({})] {
            assert_eq!(of(with("hd", other.clone()), &rules).err(), Some(Unfit::Required), "{other}");
        }
        for (said, counts) in
            [(json!(true), true), (json!("true"), true), (json!(false), false), (json!("false"), false), (json!(0), false)]
        {
            assert_eq!(read(with("email_verified", said.clone()), &rules).email.is_some(), counts, "{said}");
        }
        assert!(read(with("email_verified", Value::Null), &rules).email.is_none());
        assert!(read(with("email", json!("\u{212a}im@council.example")), &rules).email.is_none(), "lower case makes kim of it");
    }

    /// As Keycloak writes them: roles of the realm and of each client, nested; the name of a client may hold full stops.
    #[test]
    fn tokens_of_keycloak() {
        let token = json!({
            "iss": "https://login.example.org/realms/council", "aud": "sidelight", "azp": "sidelight", "typ": "ID", "acr": "gold",
            "sub": "f:8c5e:sam", "sid": "1d5a", "email_verified": true, "email": "sam@council.example", "preferred_username": "sam",
            "realm_access": { "roles": ["offline_access", "supervisors"] },
            "resource_access": { "account": { "roles": ["manage-account"] }, "call.example.org": { "roles": ["talks"] } }
        });
        let map = [("supervisors", Supervisor), ("talks", Practitioner), ("manage-account", Administrator)];
        let roles = |claims: &[&str]| read(token.clone(), &rules(claims, &map)).roles.unwrap();
        assert_eq!(roles(&["realm_access.roles"]), [Supervisor]);
        assert_eq!(roles(&["resource_access.call.example.org.roles"]), [Practitioner]);
        assert_eq!(roles(&["realm_access.roles", "resource_access.call.example.org.roles"]), [Practitioner, Supervisor]);
        assert_eq!(roles(&["resource_access.roles", "realm_access", "groups", "sub.roles", ".", "realm_access..roles"]), []);
        assert!(read(token.clone(), &rules(&[], &map)).twice);
        assert!(!read(token, &Rules { second_factor: vec![], ..rules(&[], &map) }).twice, "nothing counts unless it is named");
    }

    #[test]
    fn nobody_without_a_subject_is_somebody() {
        for subject in [Value::Null, json!(""), json!(7), json!("ä"), json!("x".repeat(256))] {
            assert_eq!(of(json!({ "sub": subject }), &rules(&[], &[])).err(), Some(Unfit::Subject), "{subject}");
        }
        assert!(of(json!({ "sub": "x".repeat(255) }), &rules(&[], &[])).is_ok());
    }
}
