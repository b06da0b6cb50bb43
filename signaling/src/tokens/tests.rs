//! Forged tokens, each refused like every other.

use super::*;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

const NOW: u32 = 1_800_000_000;

fn key(id: &str, fill: u8) -> Key {
    Key { id: id.into(), secret: vec![fill; 32].into() }
}

fn tokens() -> Tokens {
    Tokens::new(vec![key("new", 1), key("old", 2)]).unwrap()
}

fn session() -> Session {
    Session { contact: "contact".into(), person: "person".into(), session: "session".into() }
}

fn claims() -> Value {
    json!({ "aud": AUDIENCE, "sub": "person", "contact": "contact", "jti": "session", "iat": NOW, "exp": NOW + 60 })
}

/// A token with any header and any claims, rightly signed.
fn forged(header: &Value, claims: &Value, secret: u8, algorithm: Algorithm) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &EncodingKey::from_secret(&[secret; 32]), algorithm).unwrap();
    format!("{signed}.{signature}")
}

fn with(mut claims: Value, name: &str, value: Option<Value>) -> Value {
    let fields = claims.as_object_mut().unwrap();
    match value {
        Some(value) => fields.insert(name.into(), value),
        None => fields.remove(name),
    };
    claims
}

#[test]
fn a_token_says_whose_it_is_until_it_expires() {
    let tokens = tokens();
    let token = tokens.issue(&session(), NOW).unwrap();
    assert!(tokens.read(&token, NOW) == Ok(session()));
    assert!(tokens.read(&token, NOW + VALID) == Ok(session()));
    assert!(tokens.read(&token, NOW + VALID + 5) == Err(NotValid));
}

#[test]
fn a_token_of_the_key_before_is_still_good_and_one_of_a_key_long_gone_is_not() {
    let before = Tokens::new(vec![key("old", 2), key("older", 3)]).unwrap();
    assert!(tokens().read(&before.issue(&session(), NOW).unwrap(), NOW) == Ok(session()));
    let long_gone = Tokens::new(vec![key("older", 3)]).unwrap();
    assert!(tokens().read(&long_gone.issue(&session(), NOW).unwrap(), NOW) == Err(NotValid));
}

#[test]
fn a_token_is_renewed_after_an_hour() {
    let tokens = tokens();
    let token = tokens.issue(&session(), NOW).unwrap();
    assert!(matches!(tokens.read_and_renew(&token, NOW + RENEW - 1), Ok((_, None))));
    let Ok((_, Some(renewed))) = tokens.read_and_renew(&token, NOW + RENEW) else { panic!("not renewed") };
    assert!(tokens.read(&renewed, NOW + RENEW + VALID) == Ok(session()));
}

#[test]
fn every_forgery_is_refused_alike() {
    let tokens = tokens();
    let good = json!({ "alg": "HS256", "typ": "JWT", "kid": "new" });
    // The control: what the forgeries are made from is accepted.
    assert!(tokens.read(&forged(&good, &claims(), 1, Algorithm::HS256), NOW) == Ok(session()));

    let header = |name: &str, value: Option<Value>| with(good.clone(), name, value);
    let claim = |name: &str, value: Option<Value>| forged(&good, &with(claims(), name, value), 1, Algorithm::HS256);
    let unsigned = |header: &Value| {
        let token = forged(header, &claims(), 1, Algorithm::HS256);
        format!("{}.", token.rsplit_once('.').unwrap().0)
    };
    let mut forgeries = vec![
        ("no algorithm", unsigned(&header("alg", Some(json!("none"))))),
        ("no algorithm, in capitals", unsigned(&header("alg", Some(json!("NONE"))))),
        ("no signature", unsigned(&good)),
        ("another algorithm", forged(&header("alg", Some(json!("HS512"))), &claims(), 1, Algorithm::HS512)),
        ("another algorithm of that length", forged(&header("alg", Some(json!("HS384"))), &claims(), 1, Algorithm::HS384)),
        ("one algorithm said, another used", forged(&good, &claims(), 1, Algorithm::HS512)),
        ("public-key algorithm", forged(&header("alg", Some(json!("RS256"))), &claims(), 1, Algorithm::HS256)),
        ("no key id", forged(&header("kid", None), &claims(), 1, Algorithm::HS256)),
        ("unknown key id", forged(&header("kid", Some(json!("none"))), &claims(), 1, Algorithm::HS256)),
        ("another key's id", forged(&header("kid", Some(json!("old"))), &claims(), 1, Algorithm::HS256)),
        ("another key", forged(&good, &claims(), 9, Algorithm::HS256)),
        ("expired", claim("exp", Some(json!(NOW - 6)))),
        ("expiry as a string", claim("exp", Some(json!((NOW + 60).to_string())))),
        ("expiry as a fraction", claim("exp", Some(json!(f64::from(NOW) + 60.5)))),
        ("expiry beyond all bounds", claim("exp", Some(json!(u64::MAX)))),
        ("expiry negative", claim("exp", Some(json!(-1)))),
        ("expiry null", claim("exp", Some(Value::Null))),
        ("another audience", claim("aud", Some(json!("sidelight staff")))),
        ("audience as a list", claim("aud", Some(json!([AUDIENCE])))),
        ("one claim more", claim("role", Some(json!("administrator")))),
        ("not a token", "hello".into()),
        ("empty", String::new()),
        ("too long", "a".repeat(100_000)),
    ];
    for name in ["aud", "sub", "contact", "jti", "iat", "exp"] {
        forgeries.push((name, claim(name, None)));
        forgeries.push((name, claim(name, Some(Value::Null))));
    }
    // The last character of a signature carries two bits only: change one that counts.
    let genuine = tokens.issue(&session(), NOW).unwrap();
    let mut bent = genuine.clone().into_bytes();
    let at = genuine.rfind('.').unwrap() + 1;
    bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
    forgeries.push(("bent signature", String::from_utf8(bent).unwrap()));
    for (what, token) in forgeries {
        assert!(tokens.read(&token, NOW) == Err(NotValid), "{what}");
    }
}

#[test]
fn keys_are_long_enough_and_there_is_one() {
    assert!(Tokens::new(Vec::new()).is_err());
    assert!(Tokens::new(vec![Key { id: "short".into(), secret: vec![1; 31].into() }]).is_err());
    assert_ne!(tokens().new_session(), tokens().new_session());
}
