//! Every reply that any test of this crate gets under `/api` is held to the OpenAPI document: its status, its kind, and its code.

use serde_json::Value;
use std::sync::OnceLock;

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(sidelight::http::document)
}

/// A reply as far as the document says something of it.
pub struct Replied<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub status: u16,
    pub kind: &'a str,
    pub bytes: &'a [u8],
}

/// The operation that answers, fixed parts of an address before changing ones. None: there is none.
fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let path: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == path.len() && parts.iter().zip(&path).all(|(part, given)| part.starts_with('{') || part == given)
    };
    let all = document["paths"].as_object().unwrap().iter().filter(|(template, _)| fits(template));
    let nearest = all.min_by_key(|(template, _)| template.matches('{').count())?;
    let method = method.to_lowercase();
    nearest.1.get(if method == "head" { "get" } else { &method })
}

/// What the document doesn't say of it.
fn undocumented(document: &Value, replied: &Replied<'_>) -> Option<String> {
    let Replied { method, path, status, kind, bytes } = *replied;
    // Another method, or no such address: neither is an operation.
    let operation = operation(document, method, path).filter(|_| path.starts_with("/api/"))?;
    let missing = |what: &str| Some(format!("{method} {path}: {what} isn't in the document"));
    let reply = &operation["responses"][status.to_string()];
    if reply.is_null() {
        return missing(&format!("{status} {}", String::from_utf8_lossy(bytes)));
    }
    if bytes.is_empty() {
        return if reply["content"].is_null() || method == "HEAD" { None } else { missing("an empty body") };
    }
    let kind = kind.split(';').next().unwrap_or_default();
    let content = &reply["content"][kind];
    if content.is_null() {
        return missing(kind);
    }
    if kind != "application/problem+json" {
        return None;
    }
    let problem: Value = serde_json::from_slice(bytes).unwrap();
    let codes = content["schema"]["allOf"][1]["properties"]["code"]["enum"].as_array().unwrap();
    if codes.contains(&problem["code"]) { None } else { missing(&format!("{status} {}", problem["code"])) }
}

pub fn check(replied: &Replied<'_>) {
    assert_eq!(undocumented(document(), replied), None);
}

#[test]
fn a_reply_that_the_document_does_not_say_is_found() {
    let problem = br#"{"status":404,"code":"unknown_contact","title":"x."}"#;
    let replied = |status, kind, bytes| Replied { method: "PUT", path: "/api/contacts/x/help?y=1", status, kind, bytes };
    let told = "application/problem+json";
    let found = |replied| undocumented(document(), &replied).is_some();
    assert!(!found(replied(404, told, problem.as_slice())) && !found(replied(204, "", b"")));
    assert!(found(replied(404, "application/json", problem.as_slice())), "another kind");
    assert!(found(replied(409, told, problem.as_slice())), "another status of that code");
    assert!(found(replied(200, "", b"")) && found(replied(204, "text/plain", b"x")), "another success, or more of it");
    let mut fewer = document().clone();
    fewer["paths"]["/api/contacts/{id}/help"]["put"]["responses"].as_object_mut().unwrap().remove("404");
    assert!(undocumented(&fewer, &replied(404, told, problem.as_slice())).is_some(), "the control: one status less");
}
