//! Other programs, by tokens: what each scope opens, and that nothing else is.

use crate::world::{Client, Folder, Reply, Running, details, now};
use reqwest::Method;
use serde_json::{Value, json};
use sidelight::http::ROUTES;

type Row = (&'static str, &'static str, &'static str);

/// Every scope there is, with all that was decided it opens.
const SCOPES: &[&str] = &["usage:read"];
const DECIDED: &[Row] = &[("usage:read", "get", "/api/usage")];

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
        if rows.contains(row) { *status == 200 } else { (*status, code.as_str()) == (403, "scope_missing") }
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
            let address = address.replace(['{', '}'], "");
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
    assert_eq!(wrong(&more, &answered).len(), 1);
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
        (body("X", json!(["contacts:read"]), 1), "bad_body"),
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
