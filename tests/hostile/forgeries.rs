//! Forged session tokens: whatever is wrong with one, it is answered like every other. `every_forgery_is_refused_alike` tries besides
//! what only the holder of a key could forge.

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings};
use sidelight_e2e::visitor::{Dice, Port, Practitioner, hello};
use std::net::Ipv4Addr;

const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A genuine token, taken apart.
struct Token {
    header: Value,
    claims: Value,
    whole: String,
    signature: String,
}

fn encoded(part: &Value) -> String {
    BASE64URL_NOPAD.encode(part.to_string().as_bytes())
}

impl Token {
    fn read(whole: &str) -> Token {
        let parts: Vec<&str> = whole.split('.').collect();
        let read = |part: &str| serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).expect("is base64")).expect("is JSON");
        Token { header: read(parts[0]), claims: read(parts[1]), whole: whole.to_owned(), signature: parts[2].to_owned() }
    }

    /// With another header and other claims under the signature that it has.
    fn with(&self, header: &Value, claims: &Value) -> String {
        format!("{}.{}.{}", encoded(header), encoded(claims), self.signature)
    }

    /// The same, signed with a key that anybody could think of.
    fn signed(&self, header: &Value, claims: &Value, key: &[u8]) -> String {
        let signed = format!("{}.{}", encoded(header), encoded(claims));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes());
        format!("{signed}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
    }

    fn header(&self, name: &str, value: Value) -> Value {
        let mut header = self.header.clone();
        header[name] = value;
        header
    }

    fn claims(&self, name: &str, value: Option<Value>) -> Value {
        let mut claims = self.claims.clone();
        let fields = claims.as_object_mut().expect("is an object");
        match value {
            Some(value) => fields.insert(name.into(), value),
            None => fields.remove(name),
        };
        claims
    }
}

/// Forgeries of a token, with what they are; `other` is a genuine one of another contact.
fn forgeries(token: &Token, other: &Token) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |what: &str, forged: String| all.push((what.to_owned(), forged));
    for algorithm in ["none", "NONE", "None", "RS256", "ES256", "HS384", "HS512", "EdDSA", ""] {
        let header = token.header("alg", json!(algorithm));
        add(&format!("algorithm {algorithm:?}"), token.with(&header, &token.claims));
        add(&format!("algorithm {algorithm:?} without a signature"), format!("{}.{}.", encoded(&header), encoded(&token.claims)));
        // What is public of a key, or is none, as the secret of HS256.
        add(&format!("algorithm {algorithm:?} under its key id"), token.signed(&header, &token.claims, kid(token).as_bytes()));
    }
    for key in ["", "secret", &kid(token), &"0".repeat(32)] {
        add(
            &format!("signed with {key:?}"),
            token.signed(&token.header, &token.claims, if key.is_empty() { &[0; 32] } else { key.as_bytes() }),
        );
    }
    for id in [json!("none"), json!("../../dev/null"), json!("' or 1=1 --"), json!(""), json!(0), Value::Null] {
        add(&format!("key id {id}"), token.with(&token.header("kid", id), &token.claims));
    }
    let later = token.claims["exp"].as_u64().expect("is a number") + 3_600;
    for (name, value) in [
        ("exp", Some(json!(later))),
        ("exp", Some(json!(later.to_string()))),
        ("exp", None),
        ("aud", Some(json!("sidelight staff"))),
        ("aud", None),
        ("contact", Some(other.claims["contact"].clone())),
        ("sub", Some(other.claims["sub"].clone())),
        ("jti", Some(other.claims["jti"].clone())),
    ] {
        add(&format!("{name} {value:?}"), token.with(&token.header, &token.claims(name, value)));
    }
    add("another contact's claims under this signature", token.with(&token.header, &other.claims));
    add(
        "this token under another's signature",
        format!("{}.{}", token.whole.rsplit_once('.').expect("has three parts").0, other.signature),
    );
    for cut in [1, 2, 20, token.signature.len(), token.signature.len() + 1, token.whole.len() - 1] {
        add(&format!("{cut} letters cut off"), token.whole[..token.whole.len() - cut].to_owned());
    }
    add("first letter cut off", token.whole[1..].to_owned());
    let swapped = |letter: char| if letter.is_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
    let (body, signature) = token.whole.rsplit_once('.').expect("has three parts");
    add("signature in the other case", format!("{body}.{}", signature.chars().map(swapped).collect::<String>()));
    add("all in the other case", token.whole.chars().map(swapped).collect());
    add("in capitals", token.whole.to_uppercase());
    for (what, forged) in
        [("padded", format!("{}=", token.whole)), ("a space", format!(" {}", token.whole)), ("twice", format!("{0}.{0}", token.whole))]
    {
        add(what, forged);
    }
    all
}

fn kid(token: &Token) -> String {
    token.header["kid"].as_str().expect("names its key").to_owned()
}

/// What the service says to whoever brings this token, until it closes.
async fn told(port: &Port, token: &str) -> Vec<String> {
    let mut socket = port.socket(HERE, "/ws/guest", "").await.expect("opens");
    socket.say(hello(token)).await;
    socket.rest().await
}

#[tokio::test]
async fn every_forged_session_gets_the_same_reply() {
    let data = Folder::new("forgeries");
    let service = Service::start(&Settings::new(data.path(), "http://127.0.0.1:9/weather")).await;
    let port = Port::of(&service);
    let sam = Practitioner::first(&service, &port).await;
    let mut dice = Dice(1);
    let mut tokens = Vec::new();
    let mut visitor = port.visitor(HERE).await.expect("it listens");
    for _ in 0..2 {
        let (_, link) = sam.plan(&mut dice, 0, false).await;
        let reply = visitor.redeem(&link, false, "").await.expect("it answers");
        tokens.push(Token::read(reply.json()["session"].as_str().expect("is let in")));
    }
    let (other, token) = (tokens.pop().expect("two"), tokens.pop().expect("two"));
    let forgeries = forgeries(&token, &other);
    let mut replies: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    let mut left: Vec<(u16, Vec<String>, Vec<u8>)> = Vec::new();
    for (what, forged) in &forgeries {
        let told = told(&port, forged).await;
        match replies.iter_mut().find(|(reply, _)| *reply == told) {
            Some((_, whose)) => whose.push(what),
            None => replies.push((told, vec![what])),
        }
        let reply = visitor.ask("POST", "/api/leave", "", &json!({ "session": forged, "how": "exit" })).await.expect("it answers");
        let reply = (reply.status, reply.head, reply.body);
        if !left.contains(&reply) {
            left.push(reply);
        }
    }
    println!("{} forgeries: {:?}", forgeries.len(), replies.first());
    assert_eq!(replies.len(), 1, "they are told different things: {replies:?}");
    assert!(replies[0].0.iter().any(|said| said.contains("no_session")), "{replies:?}");
    assert_eq!(left.len(), 1, "leaving with one tells what it is worth: {left:?}");
    // The control: what they were made from is let in, and is told its view.
    let mut socket = port.socket(HERE, "/ws/guest", "").await.expect("opens");
    socket.say(hello(&token.whole)).await;
    assert!(socket.next("view").await.is_some());
    let genuine = visitor.ask("POST", "/api/leave", "", &json!({ "session": token.whole, "how": "exit" })).await.expect("it answers");
    assert!(!left.contains(&(genuine.status, genuine.head, genuine.body)), "and leaving with it is another matter");
}
