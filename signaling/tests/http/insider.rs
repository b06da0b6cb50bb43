//! Insiders: every address of the service, asked in every role, from the own team and from a foreign one, generated from the router's own
//! list. A new one has no row here, and so fails until it is decided who may.

use crate::people::plan;
use crate::sockets::desk;
use crate::world::{Client, Folder, PASSWORD, Running, details, invitation, now};
use reqwest::Method;
use serde_json::{Value, json};
use sidelight::http::ROUTES;
use std::collections::BTreeSet;

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    /// Anybody: nothing of anybody is in it, or what is in its body is the key.
    Anybody,
    /// Whoever is signed in, and what they get or change is their own.
    SignedIn,
    /// Practitioners, their own alone: whatever is of others isn't in it.
    Practitioners,
    /// The practitioner whose contact or person it is, and whoever takes part as far as [`OPENS`] and [`ALONE`] say; or the member whose sign-in it is. To others it is like none.
    Owner(&'static str),
    /// Whoever has a desk, and nothing of any contact is in it.
    Desk,
    /// The supervisors of its practitioner's team. To others it is like none.
    Team(&'static str),
    /// Supervisors, their own team's alone: whatever is of others isn't in it.
    Supervisors,
    /// Auditors and administrators.
    Auditors,
    /// Administrators.
    Administrators,
    /// Other programs alone, by a token (`programs.rs`): nobody of staff, in whatever role.
    AProgram,
    /// A WebSocket: who may is said in band.
    InBand,
}

use May::{AProgram, Administrators, Anybody, Auditors, Desk, InBand, Owner, Practitioners, SignedIn, Supervisors, Team};

const DECIDED: &[(&str, &str, May)] = &[
    ("get", "/", Anybody),
    ("get", "/desk", Anybody),
    ("get", "/admin", Anybody),
    ("get", "/assets/{hash}/{*path}", Anybody),
    ("get", "/healthz", Anybody),
    ("get", "/readyz", Anybody),
    ("get", "/api/openapi.json", Anybody),
    ("post", "/api/redeem", Anybody),
    ("post", "/api/leave", Anybody),
    ("post", "/api/staff/first-link", Anybody),
    ("post", "/api/staff/first", Anybody),
    ("post", "/api/staff/sign-in", Anybody),
    ("get", "/api/staff/work-account", Anybody),
    ("post", "/api/staff/work-account", Anybody),
    ("post", "/api/staff/work-account/code", Anybody),
    ("post", "/api/staff/work-account/ended", Anybody),
    ("get", "/sign-in/back", Anybody),
    ("post", "/api/staff/sign-out", Anybody),
    ("get", "/api/staff/me", SignedIn),
    ("patch", "/api/staff/me", SignedIn),
    ("get", "/api/staff/second-factor", SignedIn),
    ("post", "/api/staff/second-factor", SignedIn),
    ("put", "/api/staff/second-factor", SignedIn),
    ("delete", "/api/staff/second-factor", SignedIn),
    ("post", "/api/staff/second-factor/codes", SignedIn),
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
    ("put", "/api/contacts/{id}/record/release", Owner("unknown_contact")),
    ("delete", "/api/contacts/{id}/record/release", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/typed", Owner("unknown_contact")),
    ("post", "/api/contacts/{id}/typed/ask", Owner("unknown_contact")),
    ("get", "/api/contacts/{id}/transcript", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/transcript", Owner("unknown_contact")),
    ("delete", "/api/contacts/{id}/transcript", Owner("unknown_contact")),
    ("post", "/api/contacts/{id}/hand-over", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/asked/{staff}", Owner("unknown_contact")),
    ("delete", "/api/contacts/{id}/asked/{staff}", Owner("unknown_contact")),
    ("get", "/api/colleagues", Desk),
    ("get", "/api/records", Practitioners),
    ("get", "/api/contacts/{id}/messages", Owner("unknown_contact")),
    ("put", "/api/contacts/{id}/messages/{message}", Owner("unknown_contact")),
    ("delete", "/api/contacts/{id}/messages/{message}", Owner("unknown_contact")),
    ("get", "/api/hours", Practitioners),
    ("put", "/api/hours", Practitioners),
    ("get", "/api/wordings", Administrators),
    ("put", "/api/wordings", Administrators),
    ("get", "/api/pages", Administrators),
    ("put", "/api/pages", Administrators),
    ("delete", "/api/pages", Administrators),
    ("get", "/api/pages/preview", Administrators),
    ("get", "/api/holds", Administrators),
    ("post", "/api/holds", Administrators),
    ("get", "/api/holds/mine", Practitioners),
    ("delete", "/api/holds/{id}", Administrators),
    ("get", "/api/retention", Auditors),
    ("put", "/api/retention", Administrators),
    ("delete", "/api/retention", Administrators),
    ("post", "/api/retention/preview", Administrators),
    ("get", "/api/retention/receipts/{number}", Auditors),
    ("get", "/api/team/contacts", Supervisors),
    ("get", "/api/audit", Auditors),
    ("get", "/api/audit/chain", Auditors),
    ("get", "/api/members", Administrators),
    ("post", "/api/members", Administrators),
    ("post", "/api/members/import", Administrators),
    ("put", "/api/members/{id}", Administrators),
    ("put", "/api/members/{id}/disabled", Administrators),
    ("delete", "/api/members/{id}/disabled", Administrators),
    ("post", "/api/members/{id}/reset", Administrators),
    ("delete", "/api/invited/{id}", Administrators),
    ("post", "/api/teams", Administrators),
    ("put", "/api/teams/{id}", Administrators),
    ("delete", "/api/teams/{id}", Administrators),
    ("get", "/api/usage", Administrators),
    ("get", "/api/tokens", Administrators),
    ("post", "/api/tokens", Administrators),
    ("delete", "/api/tokens/{id}", Administrators),
    ("get", "/api/programs/contacts", AProgram),
    ("get", "/api/programs/records", AProgram),
    ("get", "/api/programs/records/{id}", AProgram),
    ("post", "/api/programs/records/{id}/taken", AProgram),
    ("post", "/api/programs/call", AProgram),
    ("get", "/api/people", Practitioners),
    ("post", "/api/people", Practitioners),
    ("get", "/api/people/{id}", Owner("unknown_person")),
    ("put", "/api/people/{id}", Owner("unknown_person")),
    ("delete", "/api/people/{id}", Owner("unknown_person")),
    ("post", "/api/people/{id}/copy", Owner("unknown_person")),
    ("get", "/api/people/{id}/erasure", Owner("unknown_person")),
    ("post", "/api/people/{id}/erasure", Owner("unknown_person")),
    ("post", "/api/people/{id}/override", Administrators),
    ("delete", "/api/people/{id}/override", Administrators),
    // What is begun by the one is ended by the other: they stay together, at the end.
    ("put", "/api/contacts/{id}/cover", Team("unknown_contact")),
    ("delete", "/api/contacts/{id}/cover", Team("unknown_contact")),
    ("any", "/ws/guest", InBand),
    ("any", "/ws/desk", InBand),
];

/// What needs no more of somebody who takes part than that they may open it.
const OPENS: &[(&str, &str)] = &[("put", "/api/contacts/{id}/help"), ("get", "/api/people/{id}")];

/// What is nobody's who takes part, whatever they may do besides.
const ALONE: &[(&str, &str)] = &[
    ("delete", "/api/people/{id}"),
    ("post", "/api/people/{id}/copy"),
    ("get", "/api/people/{id}/erasure"),
    ("post", "/api/people/{id}/erasure"),
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

/// What Sam has, and what is asked for; and what administrators may do away with.
struct Theirs {
    contact: String,
    person: String,
    session: String,
    member: String,
    team: String,
    invited: String,
}

impl Theirs {
    fn address(&self, path: &str) -> String {
        let id = match path.split('/').nth(2) {
            Some("contacts") => &self.contact,
            Some("people") => &self.person,
            Some("members") => &self.member,
            Some("teams") => &self.team,
            Some("invited") => &self.invited,
            _ => &self.session,
        };
        let path = path
            .replace("{message}", &invitation())
            .replace("{number}", "0")
            .replace("{staff}", &self.member)
            .replace("{id}", id)
            .replace("{hash}", "0")
            .replace("{*path}", "x.js");
        if ["/api/contacts", "/api/calendar", "/api/team/contacts"].contains(&path.as_str()) {
            format!("{path}?from=0&to=4000000000")
        } else if path == "/api/colleagues" {
            format!("{path}?what=ask&search=a")
        } else {
            path
        }
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
            ("post", "/api/staff/work-account/code") => json!({ "code": "000000" }),
            ("patch", "/api/staff/me") => json!({ "look_first": true }),
            ("post", "/api/staff/second-factor") => json!({ "password": "wrong wrong wrong" }),
            ("put", "/api/staff/second-factor") => json!({ "code": "000000" }),
            ("delete", "/api/staff/second-factor") => json!({ "password": "wrong wrong wrong", "code": "000000" }),
            ("post", "/api/staff/second-factor/codes") => json!({ "password": "wrong wrong wrong", "code": "000000" }),
            ("post", "/api/members") => json!({ "name": "X", "email": "x@example.org", "roles": ["auditor"] }),
            ("post", "/api/members/import") => json!({ "csv": "X,y@example.org,auditor", "now": false }),
            ("put", "/api/members/{id}") => json!({ "roles": ["auditor"] }),
            ("post", "/api/teams") | ("put", "/api/teams/{id}") => json!({ "name": "Elsewhere" }),
            ("post", "/api/contacts") => json!({ "details": details("K-0932") }),
            ("put", "/api/contacts/{id}") => details("K-0932"),
            ("put", "/api/contacts/{id}/time") => json!({ "starts_at": now() + 60, "zone": "Europe/London", "and_after": false }),
            ("post", "/api/contacts/{id}/cancel") => json!({ "and_after": true }),
            ("put", "/api/contacts/{id}/help") => json!({ "help": "Nowhere" }),
            ("put", "/api/contacts/{id}/invitation") => json!({ "invitation": invitation() }),
            ("post", "/api/contacts/{id}/people") => json!({ "invitation": invitation(), "part": "interpreter", "name": "Ana" }),
            ("post", "/api/contacts/{id}/qr") => json!({ "token": TOKEN }),
            ("put", "/api/contacts/{id}/typed") => json!({ "on": true }),
            ("put", "/api/contacts/{id}/transcript") => json!({ "lines": [] }),
            ("post", "/api/contacts/{id}/hand-over") => json!({ "to": "nobody", "note": "Please" }),
            ("put", "/api/contacts/{id}/cover") => json!({ "reason": "They have fallen ill today", "hours": 8 }),
            ("put", "/api/contacts/{id}/record") => {
                json!({ "written": { "notes": "x", "text": null, "safety": null }, "page": "p", "number": 1, "base": 0 })
            }
            ("post", "/api/contacts/{id}/record/send") | ("put", "/api/contacts/{id}/record/release") => {
                json!({ "revision": 0, "text": "x", "safety": null })
            }
            ("post", "/api/contacts/{id}/record/send/arrived") => json!({ "arrived": true }),
            ("put", "/api/contacts/{id}/messages/{message}") => {
                json!({ "channel": "email", "to": "kim@example.org", "saying": { "say": "link", "token": TOKEN, "wording": 0 } })
            }
            ("put", "/api/hours") => json!({ "spans": [], "away": [], "zone": "" }),
            ("put", "/api/wordings") => {
                let wordings = json!({ "sender": "", "subject": "Our call", "texts": ["For our call:"], "reminder": "Soon." });
                json!({ "wordings": wordings, "reason": "As the staff asked" })
            }
            ("put", "/api/pages") => {
                let words = json!({ "title": "", "desk_title": "", "calendar_title": "Call", "neutral_page": "https://weather.example/",
                    "number": "01632 960 002", "outside": [] });
                json!({ "words": words, "reason": "The line has moved" })
            }
            ("post", "/api/tokens") => json!({ "name": "Case system", "scopes": ["usage:read"], "days": 30 }),
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
fn due(may: May, roles: &[&str], team: Option<&str>) -> Option<(u16, &'static str)> {
    let signed_in = !roles.is_empty();
    let any = |wanted: &[&str]| match (signed_in, wanted.iter().any(|role| roles.contains(role))) {
        (false, _) => Some((401, "not_signed_in")),
        (true, false) => Some((403, "not_allowed")),
        (true, true) => None,
    };
    let needs = |role: &str| any(&[role]);
    match may {
        Anybody => None,
        InBand => Some((426, "not_a_socket")),
        AProgram => Some((401, "token_missing")),
        SignedIn => (!signed_in).then_some((401, "not_signed_in")),
        Practitioners => needs("practitioner"),
        Supervisors => needs("supervisor"),
        Auditors => any(&["auditor", "administrator"]),
        Administrators => needs("administrator"),
        // A sign-in is anybody's own.
        Owner("unknown_sign_in") => Some(if signed_in { (404, "unknown_sign_in") } else { (401, "not_signed_in") }),
        Desk => any(&["practitioner", "supervisor"]),
        // Sam's team.
        Team(_) if roles.contains(&"supervisor") && team == Some("north") => None,
        Owner(unknown) | Team(unknown) => any(&["practitioner", "supervisor"]).or(Some((404, unknown))),
    }
}

/// Everybody who asks: each role, in Sam's team and in another; somebody in none; somebody with every role in another team; a stranger.
fn actors() -> Vec<(String, Vec<&'static str>, Option<&'static str>)> {
    let roles = ["practitioner", "supervisor", "administrator", "auditor"];
    let mut all = vec![("nobody".to_owned(), vec![], None), ("kim".to_owned(), vec!["practitioner", "supervisor"], None)];
    for team in ["north", "south"] {
        all.extend(roles.iter().map(|role| (format!("{role}.{team}"), vec![*role], Some(team))));
    }
    all.push(("all.south".to_owned(), roles.to_vec(), Some("south")));
    all
}

async fn new_team(sam: &mut Client, name: &str) -> String {
    sam.post("/api/teams", json!({ "name": name })).await.is(201)["id"].as_str().unwrap().to_owned()
}

/// Somebody to do away with, in each of the ways there are.
async fn new_spares(sam: &mut Client, theirs: &mut Theirs) {
    let count = now() % 1_000_000;
    let email = format!("spare{count}@example.org");
    sam.post("/api/members", json!({ "name": "Spare", "email": email, "roles": ["auditor"] })).await.is(201);
    let listed = sam.get("/api/members").await.is(200);
    theirs.invited = listed["invited"].as_array().unwrap().iter().find(|one| one["email"] == email).unwrap()["id"].as_str().unwrap().into();
    theirs.team = new_team(sam, &format!("Spare {count}")).await;
}

async fn id_of(sam: &mut Client, email: &str) -> String {
    let members = sam.get("/api/members").await.is(200)["members"].clone();
    members.as_array().unwrap().iter().find(|one| one["email"] == email).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn move_to(sam: &mut Client, email: &str, roles: &[&str], team: &str) {
    let id = id_of(sam, email).await;
    sam.put(&format!("/api/members/{id}"), json!({ "roles": roles, "team": team })).await.is(204);
}

#[tokio::test]
async fn nobody_gets_by_any_address_what_is_not_theirs() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201)["id"].as_str().unwrap().to_owned();
    let contact = sam.plan(details("QX-7731")).await;
    let session = sam.get("/api/staff/sessions").await.is(200)["sessions"][0]["id"].as_str().unwrap().to_owned();
    running.member(&folder, "victim", &["practitioner"]).await;
    let member = id_of(&mut sam, "victim@example.org").await;
    let (north, south) = (new_team(&mut sam, "North").await, new_team(&mut sam, "South").await);
    move_to(&mut sam, "sam@example.org", &["practitioner", "administrator"], &north).await;
    let mut theirs = Theirs { contact, person, session, member, team: String::new(), invited: String::new() };
    new_spares(&mut sam, &mut theirs).await;
    let (mut asked, mut let_in, mut kept_out) = (0, BTreeSet::new(), BTreeSet::new());
    for (name, roles, team) in actors() {
        let mut client = if roles.is_empty() { running.client() } else { running.member(&folder, &name, &roles).await };
        if let Some(team) = team {
            move_to(&mut sam, &format!("{name}@example.org"), &roles, if team == "north" { &north } else { &south }).await;
        }
        for (method, path, may) in DECIDED {
            // Their own sign-out, last.
            if *path == "/api/staff/sign-out" {
                continue;
            }
            let (status, code, text) = theirs.asked(&mut client, method, path).await;
            let whom = format!("{method} {path} by {name} {roles:?}: {status} {text}");
            match due(*may, &roles, team) {
                Some(due) => {
                    assert_eq!((status, code.as_str()), due, "{whom}");
                    kept_out.insert((method, path));
                }
                None => {
                    assert!(!["not_signed_in", "not_allowed", "bad_origin", "bad_body"].contains(&code.as_str()), "{whom}");
                    let_in.insert((method, path));
                }
            }
            // That it is, a supervisor of Sam's team may see, and nothing else of it.
            let sees = *may == Supervisors && roles.contains(&"supervisor") && team == Some("north");
            assert!(!sees || text.contains(&theirs.contact), "the control: {whom}");
            // The audit names what was covered, and whom an administrator let be written to, by numbers that open nothing.
            let reads = *may == Auditors && due(*may, &roles, team).is_none();
            let numbers = [(&theirs.contact, sees || reads), (&theirs.person, reads)];
            let hidden = numbers.into_iter().filter(|(_, shown)| !shown).map(|(number, _)| number.as_str());
            let others = ["tamarind", "marmalade", "Persephone", "QX-7731", &theirs.session];
            for secret in others.into_iter().chain(hidden) {
                assert!(!text.contains(secret), "{secret} in {whom}");
            }
            asked += 1;
        }
        let mut socket = desk(&client, "tab").await;
        if !roles.contains(&"practitioner") && !roles.contains(&"supervisor") {
            assert_eq!(socket.next("bye").await["reason"], "no_session", "{roles:?}");
            continue;
        }
        socket.next("ready").await;
        socket.say(json!({ "type": "in", "contact": theirs.contact, "act": { "do": "take" } })).await;
        assert_eq!(socket.next("refused").await["code"], "unknown", "{roles:?}");
    }
    assert_eq!(asked, actors().len() * (ROUTES.len() - 1));
    // Whatever isn't anybody's kept somebody out, and whatever isn't one person's let somebody in: no row says the same to all.
    for (method, path, may) in DECIDED.iter().filter(|(_, path, _)| *path != "/api/staff/sign-out") {
        let cell = (method, path);
        assert_eq!(kept_out.contains(&cell), *may != Anybody, "{method} {path}");
        assert_eq!(let_in.contains(&cell), !matches!(may, Owner(_) | AProgram | InBand), "{method} {path}");
    }
    // Nothing was changed by all of that; and the control: whoever they belong to is kept out of none of them.
    let listed = sam.get("/api/contacts?from=0&to=4000000000").await.is(200);
    assert_eq!((listed["contacts"].as_array().unwrap().len(), &listed["contacts"][0]["details"]["reference"]), (1, &json!("QX-7731")));
    assert_eq!((&listed["contacts"][0]["link"], &listed["contacts"][0]["details"]["help"]), (&json!(false), &Value::Null));
    assert_eq!(sam.get(&theirs.address("/api/people/{id}")).await.is(200)["plan"]["word"], "tamarind");
    assert_eq!(desk(&sam, "tab").await.next("contact").await["view"]["id"], theirs.contact);
    new_spares(&mut sam, &mut theirs).await;
    let mut order: Vec<_> =
        DECIDED.iter().filter(|(_, _, may)| !matches!(may, Anybody | AProgram | InBand | SignedIn | Supervisors | Team(_))).collect();
    // Takes away what those that follow need; `subjects.rs` does it by whose it is.
    order.retain(|(method, path, _)| (*method, *path) != ("post", "/api/people/{id}/erasure"));
    // What takes something away comes after what needs it, the sign-in last.
    order.sort_by_key(|(method, path, _)| (*method == "delete", path.starts_with("/api/staff"), std::cmp::Reverse(path.len())));
    for (method, path, _) in order {
        let (status, code, text) = theirs.asked(&mut sam, method, path).await;
        let kept_out = [401, 403].contains(&status)
            || code.starts_with("unknown_")
                && !["unknown_link", "unknown_receipt", "unknown_hold", "unknown_subject", "unknown_token"].contains(&code.as_str());
        assert!(!kept_out, "{method} {path} by whose it is: {status} {text}");
    }
}

/// Somebody who takes part in Sam's contact, or did.
struct Taker {
    client: Client,
    id: String,
    name: &'static str,
    /// What they may do by it.
    opens: bool,
    manages: bool,
}

async fn taker(running: &Running, folder: &Folder, sam: &mut Client, name: &'static str, role: &str, team: &str) -> Taker {
    let client = running.member(folder, name, &[role]).await;
    move_to(sam, &format!("{name}@example.org"), &[role], team).await;
    let id = id_of(sam, &format!("{name}@example.org")).await;
    Taker { client, id, name, opens: false, manages: false }
}

#[tokio::test]
async fn whoever_takes_part_gets_as_far_as_their_part_goes_and_no_further_once_it_is_over() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201)["id"].as_str().unwrap().to_owned();
    let mut planned = details("QX-7731");
    planned["about"] = json!(person);
    let contact = sam.plan(planned).await;
    let other = sam.plan(details("ZZ-1")).await;
    let (north, south) = (new_team(&mut sam, "North").await, new_team(&mut sam, "South").await);
    move_to(&mut sam, "sam@example.org", &["practitioner", "administrator"], &north).await;
    let asked_at = |taker: &Taker| format!("/api/contacts/{contact}/asked/{}", taker.id);
    let cover = format!("/api/contacts/{contact}/cover");
    let ill = || json!({ "reason": "They have fallen ill today", "hours": 1 });

    let mut asked = taker(&running, &folder, &mut sam, "asked", "practitioner", &south).await;
    let revoked = taker(&running, &folder, &mut sam, "revoked", "practitioner", &north).await;
    let mut left = taker(&running, &folder, &mut sam, "left", "supervisor", &north).await;
    let mut gave_back = taker(&running, &folder, &mut sam, "gaveback", "supervisor", &north).await;
    let mut elsewhere = taker(&running, &folder, &mut sam, "elsewhere", "supervisor", &south).await;
    let mut covering = taker(&running, &folder, &mut sam, "covering", "supervisor", &north).await;
    for one in [&asked, &revoked] {
        sam.put(&asked_at(one), Value::Null).await.is(204);
    }
    sam.send(Method::DELETE, &asked_at(&revoked), &[], vec![]).await.is(204);
    for one in [&mut left, &mut gave_back, &mut covering] {
        one.client.put(&cover, ill()).await.is(204);
    }
    elsewhere.client.put(&cover, ill()).await.refused(404, "unknown_contact");
    gave_back.client.send(Method::DELETE, &cover, &[], vec![]).await.is(204);
    move_to(&mut sam, "left@example.org", &["supervisor"], &south).await;
    asked.opens = true;
    (covering.opens, covering.manages) = (true, true);

    let member = sam.get("/api/staff/me").await.is(200)["name"].as_str().map(str::to_owned);
    assert!(member.is_some());
    let theirs =
        Theirs { contact, person, session: String::new(), member: revoked.id.clone(), team: String::new(), invited: String::new() };
    let rows: Vec<_> = DECIDED.iter().filter(|(.., may)| matches!(may, Owner("unknown_contact" | "unknown_person"))).collect();
    // Whoever may do most comes last: a contact that they have called off is nobody's to open any more.
    for taker in [revoked, left, gave_back, elsewhere, asked, covering].iter_mut() {
        let mut sorted = rows.clone();
        sorted.sort_by_key(|(method, path, _)| (!path.starts_with("/api/people"), path.ends_with("/cancel"), *method == "delete"));
        for (method, path, _) in sorted {
            let cell = (*method, *path);
            let may = !ALONE.contains(&cell) && (taker.manages || taker.opens && OPENS.contains(&cell));
            let (status, code, text) = theirs.asked(&mut taker.client, method, path).await;
            let kept_out = status == 404 && ["unknown_contact", "unknown_person"].contains(&code.as_str());
            assert!(![401, 403, 500].contains(&status), "{method} {path} by {}: {status} {text}", taker.name);
            assert_eq!(kept_out, !may, "{method} {path} by {}: {status} {text}", taker.name);
            assert!(may || !text.contains("QX-7731") && !text.contains("tamarind"), "{method} {path} by {}: {text}", taker.name);
        }
        // Another contact of Sam's is nothing to any of them.
        let another = format!("/api/contacts/{other}/help");
        taker.client.put(&another, json!({ "help": "Nowhere" })).await.refused(404, "unknown_contact");
    }
    let told = sam.get("/api/audit?what=cover_begun").await.is(200);
    assert_eq!(told["entries"].as_array().unwrap().len(), 3);
    assert_eq!(told["entries"][0]["reason"], "They have fallen ill today");
}
