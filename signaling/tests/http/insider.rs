//! Insiders: every address of the service, asked by everybody who might, generated from the router's own list. A new one has no row
//! here, and so fails until it is decided who may.

use crate::people::plan;
use crate::sockets::desk;
use crate::world::{Client, Folder, PASSWORD, Running, details, invitation, now};
use reqwest::Method;
use serde_json::{Value, json};
use sidelight::http::ROUTES;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    /// Anybody: nothing of anybody is in it, or what is in its body is the key.
    Anybody,
    /// Whoever is signed in, and what they get or change is their own.
    SignedIn,
    /// Practitioners, their own alone: whatever is of others isn't in it.
    Practitioners,
    /// The practitioner whose contact or person it is, or the member whose sign-in it is. To others it is like none.
    Owner(&'static str),
    /// Administrators.
    Administrators,
    /// A WebSocket: who may is said in band.
    InBand,
}

use May::{Administrators, Anybody, InBand, Owner, Practitioners, SignedIn};

const DECIDED: &[(&str, &str, May)] = &[
    ("get", "/", Anybody),
    ("get", "/desk", Anybody),
    ("get", "/admin", Anybody),
    ("get", "/assets/{hash}/{*path}", Anybody),
    ("get", "/healthz", Anybody),
    ("get", "/readyz", Anybody),
    ("post", "/api/redeem", Anybody),
    ("post", "/api/leave", Anybody),
    ("post", "/api/staff/first-link", Anybody),
    ("post", "/api/staff/first", Anybody),
    ("post", "/api/staff/sign-in", Anybody),
    ("post", "/api/staff/sign-out", Anybody),
    ("get", "/api/staff/me", SignedIn),
    ("patch", "/api/staff/me", SignedIn),
    ("get", "/api/staff/second-factor", SignedIn),
    ("post", "/api/staff/second-factor", SignedIn),
    ("put", "/api/staff/second-factor", SignedIn),
    ("delete", "/api/staff/second-factor", SignedIn),
    ("get", "/api/staff/sessions", SignedIn),
    ("delete", "/api/staff/sessions", SignedIn),
    ("delete", "/api/staff/sessions/{id}", Owner("unknown_sign_in")),
    ("get", "/api/contacts", Practitioners),
    ("post", "/api/contacts", Practitioners),
    ("put", "/api/contacts/{id}", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/time", Owner("unknown_contact")),
    ("post", "/api/contacts/{id}/cancel", Owner("unknown_contact")),
    ("get", "/api/contacts/{id}/calendar", Owner("unknown_contact")),
    ("get", "/api/calendar", Practitioners),
    ("put", "/api/contacts/{id}/help", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/invitation", Owner("unknown_contact")),
    ("delete", "/api/contacts/{id}/invitation", Owner("unknown_contact")),
    ("post", "/api/contacts/{id}/people", Owner("unknown_contact")),
    ("delete", "/api/contacts/{id}/people/{person}", Owner("unknown_contact")),
    ("post", "/api/contacts/{id}/qr", Owner("unknown_contact")),
    ("get", "/api/contacts/{id}/record", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/record", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/record/copied", Owner("unknown_contact")),
    ("delete", "/api/contacts/{id}/record/copied", Owner("unknown_contact")),
    ("post", "/api/contacts/{id}/record/send", Owner("unknown_contact")),
    ("post", "/api/contacts/{id}/record/send/arrived", Owner("unknown_contact")),
    ("get", "/api/records", Practitioners),
    ("get", "/api/contacts/{id}/messages", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/messages/{message}", Owner("unknown_contact")),
    ("delete", "/api/contacts/{id}/messages/{message}", Owner("unknown_contact")),
    ("get", "/api/wordings", Administrators),
    ("put", "/api/wordings", Administrators),
    ("get", "/api/audit", Administrators),
    ("get", "/api/holds", Administrators),
    ("post", "/api/holds", Administrators),
    ("get", "/api/holds/mine", Practitioners),
    ("delete", "/api/holds/{id}", Administrators),
    ("get", "/api/retention", Administrators),
    ("put", "/api/retention", Administrators),
    ("delete", "/api/retention", Administrators),
    ("post", "/api/retention/preview", Administrators),
    ("get", "/api/retention/receipts/{number}", Administrators),
    ("get", "/api/people", Practitioners),
    ("post", "/api/people", Practitioners),
    ("get", "/api/people/{id}", Owner("unknown_person")),
    ("put", "/api/people/{id}", Owner("unknown_person")),
    ("delete", "/api/people/{id}", Owner("unknown_person")),
    ("post", "/api/people/{id}/override", Administrators),
    ("delete", "/api/people/{id}/override", Administrators),
    ("any", "/ws/guest", InBand),
    ("any", "/ws/desk", InBand),
];

/// What stands in one list and not in the other.
fn undecided(routes: &[(&str, &str)]) -> Vec<String> {
    let named = |(method, path): (&str, &str)| format!("{method} {path}");
    let decided: Vec<String> = DECIDED.iter().map(|(method, path, _)| named((method, path))).collect();
    let routed: Vec<String> = routes.iter().map(|route| named(*route)).collect();
    let only = |these: &[String], those: &[String]| these.iter().filter(|one| !those.contains(one)).cloned().collect::<Vec<_>>();
    [only(&routed, &decided), only(&decided, &routed)].concat()
}

#[test]
fn every_address_of_the_router_is_decided_on_and_one_more_would_not_be() {
    assert_eq!(undecided(ROUTES), [""; 0]);
    let more = [ROUTES, &[("get", "/api/everything")]].concat();
    assert_eq!(undecided(&more), ["get /api/everything"], "it can fail");
}

const TOKEN: &str = "0123456789abcdefghjkmnpqrs";

/// What Sam has, and what is asked for.
struct Theirs {
    contact: String,
    person: String,
    session: String,
}

impl Theirs {
    fn address(&self, path: &str) -> String {
        let id = match path.split('/').nth(2) {
            Some("contacts") => &self.contact,
            Some("people") => &self.person,
            _ => &self.session,
        };
        let path = path
            .replace("{message}", &invitation())
            .replace("{number}", "0")
            .replace("{id}", id)
            .replace("{hash}", "0")
            .replace("{*path}", "x.js");
        if path == "/api/contacts" || path == "/api/calendar" { format!("{path}?from=0&to=4000000000") } else { path }
    }

    /// A body that would be taken of whoever may.
    fn body(method: &str, path: &str) -> Value {
        match (method, path) {
            ("post", "/api/redeem") => json!({ "invitation": invitation() }),
            ("post", "/api/leave") => json!({ "session": "none", "how": "end" }),
            ("post", "/api/staff/first-link") => json!({ "token": "0".repeat(32) }),
            ("post", "/api/staff/first") => {
                json!({ "token": "0".repeat(32), "name": "X", "email": "x@y", "password": PASSWORD, "practitioner": true })
            }
            ("post", "/api/staff/sign-in") => json!({ "email": "x@y", "password": PASSWORD }),
            ("patch", "/api/staff/me") => json!({ "look_first": true }),
            ("post", "/api/staff/second-factor") => json!({ "password": "wrong wrong wrong" }),
            ("put", "/api/staff/second-factor") => json!({ "code": "000000" }),
            ("delete", "/api/staff/second-factor") => json!({ "password": "wrong wrong wrong", "code": "000000" }),
            ("post", "/api/contacts") => json!({ "details": details("K-0932") }),
            ("put", "/api/contacts/{id}") => details("K-0932"),
            ("put", "/api/contacts/{id}/time") => json!({ "starts_at": now() + 60, "zone": "Europe/London", "and_after": false }),
            ("post", "/api/contacts/{id}/cancel") => json!({ "and_after": true }),
            ("put", "/api/contacts/{id}/help") => json!({ "help": "Nowhere" }),
            ("put", "/api/contacts/{id}/invitation") => json!({ "invitation": invitation() }),
            ("post", "/api/contacts/{id}/people") => json!({ "invitation": invitation(), "part": "interpreter", "name": "Ana" }),
            ("post", "/api/contacts/{id}/qr") => json!({ "token": TOKEN }),
            ("put", "/api/contacts/{id}/record") => {
                json!({ "written": { "notes": "x", "text": null, "safety": null }, "page": "p", "number": 1, "base": 0 })
            }
            ("post", "/api/contacts/{id}/record/send") => json!({ "revision": 0, "text": "x", "safety": null }),
            ("post", "/api/contacts/{id}/record/send/arrived") => json!({ "arrived": true }),
            ("put", "/api/contacts/{id}/messages/{message}") => {
                json!({ "channel": "email", "to": "kim@example.org", "saying": { "say": "link", "token": TOKEN, "wording": 0 } })
            }
            ("put", "/api/wordings") => {
                let wordings = json!({ "sender": "", "subject": "Our call", "texts": ["For our call:"], "reminder": "Soon." });
                json!({ "wordings": wordings, "reason": "As the staff asked" })
            }
            ("post", "/api/holds") => json!({ "subject": "0", "days": 30, "reason": "A court has asked for it" }),
            ("put", "/api/retention") => json!({ "periods": { "contact": 48 }, "reason": "The council decided so" }),
            ("post", "/api/retention/preview") => json!({ "periods": { "contact": 48 } }),
            ("post", "/api/people") | ("put", "/api/people/{id}") => plan("quince"),
            ("post", "/api/people/{id}/override") => json!({ "channel": "email", "minutes": 60, "reason": "They asked for it" }),
            _ => Value::Null,
        }
    }

    async fn asked(&self, client: &mut Client, method: &str, path: &str) -> (u16, String, String) {
        let body = Theirs::body(method, path);
        let verb = if method == "any" { Method::GET } else { method.to_uppercase().parse().unwrap() };
        let origin = client.address.clone();
        // As a page of ours would: without an origin the answer says only that.
        let headers = [("origin", origin.as_str())];
        let reply = if body.is_null() {
            client.send(verb, &self.address(path), if method == "any" { &headers } else { &[] }, Vec::new()).await
        } else {
            client.json(verb, &self.address(path), body).await
        };
        let text = String::from_utf8_lossy(&reply.bytes).into_owned();
        let code = serde_json::from_str::<Value>(&text).ok().and_then(|reply| reply["code"].as_str().map(str::to_owned));
        (reply.status.as_u16(), code.unwrap_or_default(), text)
    }
}

/// What somebody must be answered: status and code; none: whatever it is, they weren't kept out.
fn due(may: May, roles: &[&str]) -> Option<(u16, &'static str)> {
    let signed_in = !roles.is_empty();
    let needs = |role: &str| match (signed_in, roles.contains(&role)) {
        (false, _) => Some((401, "not_signed_in")),
        (true, false) => Some((403, "not_allowed")),
        (true, true) => None,
    };
    match may {
        Anybody => None,
        InBand => Some((426, "not_a_socket")),
        SignedIn => (!signed_in).then_some((401, "not_signed_in")),
        Practitioners => needs("practitioner"),
        Administrators => needs("administrator"),
        // A sign-in is anybody's own.
        Owner("unknown_sign_in") => Some(if signed_in { (404, "unknown_sign_in") } else { (401, "not_signed_in") }),
        Owner(unknown) => needs("practitioner").or(Some((404, unknown))),
    }
}

#[tokio::test]
async fn nobody_gets_by_any_address_what_is_not_theirs() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201)["id"].as_str().unwrap().to_owned();
    let contact = sam.plan(details("JT-4471")).await;
    let session = sam.get("/api/staff/sessions").await.is(200)["sessions"][0]["id"].as_str().unwrap().to_owned();
    let theirs = Theirs { contact, person, session };
    let actors: [(&str, &[&str]); 4] = [("", &[]), ("kim", &["practitioner"]), ("lee", &["supervisor"]), ("ada", &["administrator"])];
    let mut asked = 0;
    for (name, roles) in actors {
        let mut client = if roles.is_empty() { running.client() } else { running.member(&folder, name, roles).await };
        for (method, path, may) in DECIDED {
            // Their own sign-out, last.
            if *path == "/api/staff/sign-out" {
                continue;
            }
            let (status, code, text) = theirs.asked(&mut client, method, path).await;
            let whom = format!("{method} {path} by {roles:?}: {status} {text}");
            match due(*may, roles) {
                Some(due) => assert_eq!((status, code.as_str()), due, "{whom}"),
                None => assert!(!["not_signed_in", "not_allowed", "bad_origin", "bad_body"].contains(&code.as_str()), "{whom}"),
            }
            for secret in [&theirs.contact, &theirs.person, "tamarind", "marmalade", "Persephone", &theirs.session] {
                assert!(!text.contains(secret), "{secret} in {whom}");
            }
            asked += 1;
        }
        let mut socket = desk(&client, "tab").await;
        if roles.is_empty() {
            assert_eq!(socket.next("bye").await["reason"], "no_session");
            continue;
        }
        socket.next("ready").await;
        socket.say(json!({ "type": "in", "contact": theirs.contact, "act": { "do": "take" } })).await;
        assert_eq!(socket.next("refused").await["code"], "unknown", "{roles:?}");
    }
    assert_eq!(asked, 4 * (ROUTES.len() - 1));
    // Nothing was changed by all of that; and the control: whoever they belong to is kept out of none of them.
    let listed = sam.get("/api/contacts?from=0&to=4000000000").await.is(200);
    assert_eq!((listed["contacts"].as_array().unwrap().len(), &listed["contacts"][0]["details"]["reference"]), (1, &json!("JT-4471")));
    assert_eq!((&listed["contacts"][0]["link"], &listed["contacts"][0]["details"]["help"]), (&json!(false), &Value::Null));
    assert_eq!(sam.get(&theirs.address("/api/people/{id}")).await.is(200)["plan"]["word"], "tamarind");
    assert_eq!(desk(&sam, "tab").await.next("contact").await["view"]["id"], theirs.contact);
    let mut order: Vec<_> = DECIDED.iter().filter(|(_, _, may)| !matches!(may, Anybody | InBand | SignedIn)).collect();
    // What takes something away comes after what needs it, the sign-in last.
    order.sort_by_key(|(method, path, _)| (*method == "delete", path.starts_with("/api/staff"), std::cmp::Reverse(path.len())));
    for (method, path, _) in order {
        let (status, code, text) = theirs.asked(&mut sam, method, path).await;
        let kept_out = [401, 403].contains(&status)
            || code.starts_with("unknown_")
                && !["unknown_link", "unknown_receipt", "unknown_hold", "unknown_subject"].contains(&code.as_str());
        assert!(!kept_out, "{method} {path} by whose it is: {status} {text}");
    }
}
