//! Other programs, by tokens: what each scope opens, and that nothing else is.

use crate::people::plan;
use crate::sockets::{Socket, desk};
use crate::world::{Client, Folder, Reply, Running, details, invitation, now};
use reqwest::Method;
use serde_json::{Value, json};
use sidelight::http::ROUTES;
use sidelight::records::Records;

type Row = (&'static str, &'static str, &'static str);

/// Every scope there is, with all that was decided it opens.
const SCOPES: &[&str] = &["usage:read", "contacts:read", "records:read", "doctor:call"];
const DECIDED: &[Row] = &[
    ("usage:read", "get", "/api/usage"),
    ("contacts:read", "get", "/api/programs/contacts"),
    ("records:read", "get", "/api/programs/records"),
    ("records:read", "get", "/api/programs/records/{id}"),
    ("records:read", "post", "/api/programs/records/{id}/taken"),
    ("doctor:call", "post", "/api/programs/call"),
];

async fn made(admin: &mut Client, scope: &str) -> (String, String) {
    let body = json!({ "name": "Case system", "scopes": [scope], "days": 30 });
    let made = admin.post("/api/tokens", body).await.is(201);
    (made["id"].as_str().unwrap().to_owned(), made["token"].as_str().unwrap().to_owned())
}

async fn asks(client: &mut Client, token: &str, method: Method, path: &str, more: &[(&str, &str)]) -> Reply {
    let bearer = format!("Bearer {token}");
    let headers: Vec<(&str, &str)> = [("authorization", bearer.as_str())].into_iter().chain(more.iter().copied()).collect();
    client.send(method, path, &headers, Vec::new()).await
}

/// A program: no cookies, no origin.
fn program(running: &Running) -> Client {
    let mut client = running.client();
    client.origin = None;
    client
}

/// What was answered otherwise than these rows say.
fn wrong(rows: &[Row], answered: &[(Row, u16, String)]) -> Vec<String> {
    let right = |(row, status, code): &&(Row, u16, String)| {
        // Of what they may ask, a record that isn't released is like none.
        let of_one = row.2.contains("{id}") && (*status, code.as_str()) == (404, "unknown_record");
        if rows.contains(row) { *status == 200 || of_one } else { (*status, code.as_str()) == (403, "scope_missing") }
    };
    answered.iter().filter(|one| !right(one)).map(|(row, status, code)| format!("{row:?} {status} {code}")).collect()
}

#[tokio::test]
async fn a_token_opens_what_its_scope_says_and_no_other_address_whoever_made_it() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    // An administrator who is a practitioner too: a token must get nothing of either.
    let mut sam = running.practitioner().await;
    let contact = sam.plan(details("QX-7731")).await;
    let mut program = program(&running);
    let mut answered = Vec::new();
    for scope in SCOPES {
        let mut token = String::new();
        for (count, (method, path)) in ROUTES.iter().enumerate() {
            // One alone would be told that it asks too fast.
            if count % 40 == 0 {
                token = made(&mut sam, scope).await.1;
            }
            let address = path.replace("{id}", &contact).replace("{hash}", "0").replace("{*path}", "x.js");
            let mut address = address.replace(['{', '}'], "");
            if *path == "/api/programs/contacts" {
                address.push_str("?from=0&to=5000000");
            }
            let verb: Method = if *method == "any" { Method::GET } else { method.to_uppercase().parse().unwrap() };
            let reply = asks(&mut program, &token, verb, &address, &[]).await;
            let text = String::from_utf8_lossy(&reply.bytes).into_owned();
            assert!(!text.contains("QX-7731") && !text.contains(&contact), "{method} {path}: {text}");
            let code = serde_json::from_str::<Value>(&text).ok().and_then(|reply| reply["code"].as_str().map(str::to_owned));
            answered.push(((*scope, *method, *path), reply.status.as_u16(), code.unwrap_or_default()));
        }
    }
    assert_eq!(answered.len(), SCOPES.len() * ROUTES.len());
    assert_eq!(wrong(DECIDED, &answered), [""; 0]);
    // The control: one row more or less, and it is seen.
    let more = [DECIDED, &[("usage:read", "get", "/api/contacts")]].concat();
    assert_eq!(wrong(&more, &answered).len(), 1, "the control");
    assert_eq!(wrong(&[], &answered).len(), DECIDED.len());
    // Nor what isn't an address at all.
    let token = made(&mut sam, "usage:read").await.1;
    for path in ["/api/nowhere", "/api/usage/", "/api//usage", "/api/usage/x"] {
        asks(&mut program, &token, Method::GET, path, &[]).await.refused(403, "scope_missing");
    }
    asks(&mut program, &token, Method::GET, "/api/usage?x=1", &[]).await.is(200);
}

#[tokio::test]
async fn a_token_is_told_once_works_by_itself_alone_and_ends_at_a_press() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (id, token) = made(&mut sam, "usage:read").await;
    let rest = token.strip_prefix("sl_").unwrap();
    assert!(rest.len() == 32 && rest.bytes().all(|letter| letter.is_ascii_lowercase() || (b'2'..=b'7').contains(&letter)), "{token}");
    let mut program = program(&running);
    let counts = asks(&mut program, &token, Method::GET, "/api/usage", &[]).await.is(200);
    assert_eq!(counts, sam.get("/api/usage").await.is(200), "what the administrator sees");

    // Its own address may be named as where it comes from; a page of another site gets nothing, and a cookie beside it neither.
    asks(&mut program, &token, Method::GET, "/api/usage", &[("origin", &running.address)]).await.is(200);
    asks(&mut program, &token, Method::GET, "/api/usage", &[("origin", "https://evil.example")]).await.refused(403, "bad_origin");
    asks(&mut sam, &token, Method::GET, "/api/usage", &[]).await.refused(400, "token_and_cookie");
    asks(&mut program, "sl_x", Method::GET, "/api/usage", &[("cookie", "a=b")]).await.refused(400, "token_and_cookie");

    // Listed without itself; on the disk and in the log it isn't at all.
    let listed = sam.get("/api/tokens").await.is(200);
    let one = &listed["tokens"][0];
    assert_eq!((&one["id"], &one["scopes"], &one["who_name"]), (&json!(id), &json!(["usage:read"]), &json!("Sam")));
    assert_eq!(one["last_used"].as_u64().unwrap() % 86_400, 0);
    assert!(one["ends"].as_u64().unwrap() > now() + 29 * 86_400);
    assert!(!listed.to_string().contains(rest) && !running.log().contains(rest));
    let holds = |what: &str| {
        let files = std::fs::read_dir(folder.data()).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file());
        let contents: Vec<Vec<u8>> = files.map(|path| std::fs::read(path).unwrap()).collect();
        contents.iter().any(|bytes| bytes.windows(what.len()).any(|part| part == what.as_bytes()))
    };
    assert!(holds("Case system"), "the control: its name is there");
    assert!(!holds(rest));

    sam.send(Method::DELETE, &format!("/api/tokens/{id}"), &[], vec![]).await.is(204);
    sam.send(Method::DELETE, &format!("/api/tokens/{id}"), &[], vec![]).await.refused(404, "unknown_token");
    let revoked = asks(&mut program, &token, Method::GET, "/api/usage", &[]).await;
    let unknown = asks(&mut program, "sl_never", Method::GET, "/api/usage", &[]).await;
    revoked.refused(401, "token_refused");
    assert_eq!(revoked.bytes, unknown.bytes, "one answer");
    let audit = sam.get("/api/audit").await.is(200).to_string();
    assert!(audit.contains("api_token_made") && audit.contains("api_token_revoked"));
    let found = sam.get("/api/audit?who=case%20sys").await.is(200);
    assert_eq!(found["tokens"], json!([{ "id": id, "name": "Case system" }]), "the audit says which, though it is gone");
    assert_eq!(found["entries"].as_array().unwrap().iter().filter(|entry| entry["token"] == id.as_str()).count(), 2);
}

#[tokio::test]
async fn tokens_are_held_to_a_pace_and_guesses_keep_no_right_one_out() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (mine, other) = (made(&mut sam, "usage:read").await.1, made(&mut sam, "usage:read").await.1);
    let mut program = program(&running);
    let mut limited = None;
    for _ in 0..200 {
        let reply = asks(&mut program, &mine, Method::GET, "/api/usage", &[]).await;
        if reply.status.as_u16() == 429 {
            limited = Some(reply);
            break;
        }
    }
    let limited = limited.unwrap();
    limited.refused(429, "too_many");
    assert!(!limited.header("retry-after").is_empty());
    asks(&mut program, &other, Method::GET, "/api/usage", &[]).await.is(200);
    let mut statuses = Vec::new();
    for number in 0..60 {
        statuses.push(asks(&mut program, &format!("sl_{number}"), Method::GET, "/api/usage", &[]).await.status.as_u16());
    }
    assert!(statuses[..30].iter().all(|status| *status == 401) && statuses.contains(&429), "{statuses:?}");
    asks(&mut program, &other, Method::GET, "/api/usage", &[]).await.is(200);
}

#[tokio::test]
async fn what_makes_no_token_is_refused_by_its_code() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let body = |name: &str, scopes: Value, days: u32| json!({ "name": name, "scopes": scopes, "days": days });
    let scope = || json!(["usage:read"]);
    for (body, code) in [
        (body(" ", scope(), 1), "bad_token_name"),
        (body(&"x".repeat(61), scope(), 1), "bad_token_name"),
        (body("X", json!([]), 1), "scopes_missing"),
        (body("X", json!(["contacts:write"]), 1), "bad_body"),
        (body("X", scope(), 0), "days_out_of_range"),
        (body("X", scope(), 366), "days_out_of_range"),
    ] {
        sam.post("/api/tokens", body).await.refused(422, code);
    }
    for _ in 0..20 {
        sam.post("/api/tokens", body("X", json!(["usage:read", "usage:read"]), 365)).await.is(201);
    }
    sam.post("/api/tokens", body("X", scope(), 1)).await.refused(409, "too_many_tokens");
    assert_eq!(sam.get("/api/tokens").await.is(200)["tokens"][0]["scopes"], scope());
}

#[tokio::test]
async fn a_token_opens_nothing_once_whoever_made_it_is_gone() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut ada = running.member(&folder, "ada", &["administrator"]).await;
    let (id, token) = made(&mut ada, "records:read").await;
    let mut program = program(&running);
    asks(&mut program, &token, Method::GET, "/api/programs/records", &[]).await.is(200);
    let who = sam.get("/api/tokens").await.is(200)["tokens"][0]["who"].as_str().unwrap().to_owned();
    sam.put(&format!("/api/members/{who}/disabled"), Value::Null).await.is(204);
    asks(&mut program, &token, Method::GET, "/api/programs/records", &[]).await.refused(401, "token_refused");
    let listed = sam.get("/api/tokens").await.is(200)["tokens"][0].clone();
    assert_eq!((&listed["id"], &listed["works"], &listed["who_name"]), (&json!(id), &json!(false), &json!("ada")));
}

/// Ends it, and waits until its record is drafted.
async fn end(client: &mut Client, contact: &str, socket: &mut Socket) {
    for act in [json!({ "do": "take" }), json!({ "do": "end" })] {
        socket.say(json!({ "type": "in", "contact": contact, "act": act })).await;
    }
    while client.get("/api/records").await.is(200)["records"].as_array().unwrap().iter().all(|one| one["contact"] != *contact) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn contacts_are_told_by_whom_and_when_and_nothing_of_anybody_who_comes() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201)["id"].as_str().unwrap().to_owned();
    let mut about = details("QX-7731");
    about["about"] = json!(person);
    let one = sam.plan(about).await;
    let mut later = details("K-0932");
    later["starts_at"] = json!(now() + 7200);
    sam.plan(later).await;
    let me = sam.get("/api/staff/me").await.is(200)["id"].clone();
    let (_, token) = made(&mut sam, "contacts:read").await;
    let mut program = program(&running);
    let path = format!("/api/programs/contacts?from={}&to={}", now() - 3600, now() + 86_400);
    let reply = asks(&mut program, &token, Method::GET, &path, &[]).await;
    let text = String::from_utf8_lossy(&reply.bytes).into_owned();
    let told = reply.is(200);
    assert_eq!((told["contacts"].as_array().unwrap().len(), &told["next"]), (2, &Value::Null));
    let first = &told["contacts"][0];
    let mut keys: Vec<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["contact", "ends_at", "practitioner", "starts_at", "state", "team"], "and nothing else");
    assert_eq!((&first["practitioner"], &first["team"], &first["state"]), (&me, &Value::Null, &json!("planned")));
    // Neither what is in it, nor an id by which anything here would be found, nor by which two contacts were one person's.
    for hidden in ["QX-7731", "K-0932", "Persephone", "Balthazar", "marmalade", "tamarind", "kettle", "Sam", &one, &person] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    let again = asks(&mut program, &token, Method::GET, &path, &[]).await.is(200);
    assert_eq!(again["contacts"][0]["contact"], first["contact"], "the same each time");
    // Ended before its planned end: whoever holds the token doesn't see that it is over.
    let mut socket = desk(&sam, "tab").await;
    socket.next("ready").await;
    end(&mut sam, &one, &mut socket).await;
    assert_eq!(asks(&mut program, &token, Method::GET, &path, &[]).await.is(200)["contacts"][0]["state"], "planned");
    for bad in ["", "?from=1", "?from=2&to=2", "?from=0&to=5356801", "?from=0&to=1&after=00", "?from=0&to=1&owner=x", "?from=0&to=1&after="]
    {
        let path = format!("/api/programs/contacts{bad}");
        asks(&mut program, &token, Method::GET, &path, &[]).await.refused(422, "bad_query");
    }
    asks(&mut program, &token, Method::GET, "/api/programs/contacts?from=0&to=5356800", &[]).await.is(200);
}

#[tokio::test]
async fn a_record_is_fetched_as_it_was_released_and_never_before_nor_once_it_is_erased() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let contact = sam.plan(details("QX-7731")).await;
    let record = format!("/api/contacts/{contact}/record");
    let release = format!("{record}/release");
    sam.put(&format!("/api/contacts/{contact}/invitation"), json!({ "invitation": invitation() })).await.is(204);
    let save = json!({ "written": { "notes": "The kettle was warm", "text": null, "safety": null }, "page": "p", "number": 1, "base": 0 });
    sam.put(&record, save).await.is(200);
    let mut socket = desk(&sam, "tab").await;
    let person = socket.next("contact").await["view"]["people"][0]["id"].clone();
    for act in [json!({ "do": "take" }), json!({ "do": "alarm", "person": person, "how": "heard" })] {
        socket.say(json!({ "type": "in", "contact": contact, "act": act })).await;
    }
    let chosen = |revision: u32, safety: Value| json!({ "revision": revision, "text": "We spoke.", "safety": safety });
    sam.put(&release, chosen(1, Value::Null)).await.refused(409, "no_program");
    let (_, token) = made(&mut sam, "records:read").await;
    let (_, foreign) = made(&mut sam, "contacts:read").await;
    sam.put(&release, chosen(1, Value::Null)).await.refused(409, "contact_not_over");
    end(&mut sam, &contact, &mut socket).await;
    sam.put(&release, chosen(0, Value::Null)).await.refused(409, "record_changed");
    sam.json(Method::DELETE, &release, Value::Null).await.refused(409, "not_released");
    assert_eq!(sam.get(&record).await.is(200)["programs"], json!(["Case system"]), "its practitioner sees who could fetch it");

    let mut program = program(&running);
    let list =
        async |program: &mut Client| asks(program, &token, Method::GET, "/api/programs/records", &[]).await.is(200)["records"].clone();
    assert_eq!(list(&mut program).await, json!([]), "nothing leaves without a press");
    let released = sam.put(&release, chosen(1, Value::Null)).await.is(200);
    assert_eq!((&released["safety"], &released["fetched"]), (&json!(false), &json!([])));
    let id = list(&mut program).await[0]["record"].as_str().unwrap().to_owned();
    let path = format!("/api/programs/records/{id}");
    sam.json(Method::DELETE, &release, Value::Null).await.is(200);
    let unknown = asks(&mut program, &token, Method::GET, "/api/programs/records/0123456789abcdef", &[]).await;
    unknown.refused(404, "unknown_record");
    let back = asks(&mut program, &token, Method::GET, &path, &[]).await;
    assert_eq!((back.status.as_u16(), &back.bytes), (404, &unknown.bytes), "taken back: like none");

    sam.put(&release, chosen(1, Value::Null)).await.is(200);
    // What is written afterwards isn't in it.
    let more = json!({ "written": { "notes": "Later words", "text": null, "safety": null }, "page": "p", "number": 2, "base": 1 });
    sam.put(&record, more).await.is(200);
    asks(&mut program, &foreign, Method::GET, &path, &[]).await.refused(403, "scope_missing");
    asks(&mut program, &token, Method::POST, &format!("{path}/taken"), &[]).await.refused(404, "unknown_record");
    let reply = asks(&mut program, &token, Method::GET, &path, &[]).await;
    let text = String::from_utf8_lossy(&reply.bytes).into_owned();
    let fetched = reply.is(200);
    let copy = &fetched["copy"];
    assert_eq!((&copy["text"], &copy["notes"], &copy["safety"]), (&json!("We spoke."), &json!("The kettle was warm"), &Value::Null));
    for telling in ["alarm", "heard", "marmalade", "word", "Later words", &contact] {
        assert!(!text.contains(telling), "{telling} in {text}");
    }
    sam.json(Method::DELETE, &release, Value::Null).await.refused(409, "record_fetched");
    asks(&mut program, &token, Method::POST, &format!("{path}/taken"), &[]).await.is(204);
    let shown = sam.get(&record).await.is(200)["released"]["fetched"][0].clone();
    assert_eq!((&shown["program"], &shown["earlier"]), (&json!("Case system"), &json!(false)));
    assert!(shown["at"].is_u64() && shown["taken"].is_u64(), "{shown}");

    // Chosen this once: the control that it goes along then.
    sam.put(&release, chosen(2, json!("The word was heard."))).await.is(200);
    let with = asks(&mut program, &token, Method::GET, &path, &[]).await.is(200);
    assert_eq!(with["copy"]["safety"]["draft"]["states"], json!(["alarm"]));
    let audit = sam.get("/api/audit?what=record_fetched").await.is(200);
    assert_eq!((audit["entries"].as_array().unwrap().len(), &audit["tokens"][0]["name"]), (2, &json!("Case system")));

    // A colleague's press does nothing, and what is erased is gone for programs too.
    let mut kim = running.member(&folder, "kim", &["practitioner"]).await;
    kim.put(&release, chosen(2, Value::Null)).await.refused(404, "unknown_contact");
    assert!(!running.log().contains("kettle") && !running.log().contains("We spoke"));
    drop(running);
    erase(&folder, &id).await;
    let running = Running::start(&folder);
    program.address.clone_from(&running.address);
    asks(&mut program, &token, Method::GET, &path, &[]).await.refused(404, "unknown_record");
    assert_eq!(list(&mut program).await, json!([]));
}

/// As the sweep does when its time is over.
async fn erase(folder: &Folder, record: &str) {
    let records = Records::open(&folder.data()).await.unwrap();
    records.erase_record(record, None, None).await.unwrap();
    records.close().await;
}
