//! One-time links, passwords, sign-ins and their limits.

use crate::world::{Client, Folder, PASSWORD, Reply, Running};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn sign_in(client: &mut Client, email: &str, password: &str) -> Reply {
    client.post("/api/staff/sign-in", json!({ "email": email, "password": password })).await
}

#[tokio::test]
async fn a_one_time_link_makes_one_person_with_a_good_password() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut client = running.client();
    let token = running.first.clone().unwrap();
    let body = |change: fn(&mut Value)| {
        let mut body = json!({"token": token, "name": "Sam", "email": "sam@example.org", "password": PASSWORD, "practitioner": false});
        change(&mut body);
        body
    };
    type Row = (fn(&mut Value), &'static str, &'static str);
    let table: [Row; 9] = [
        (|b| b["name"] = json!(" "), "bad_name", "name"),
        (|b| b["name"] = json!("x".repeat(81)), "bad_name", "name"),
        (|b| b["name"] = json!("a\u{0}b"), "bad_name", "name"),
        (|b| b["email"] = json!("sam"), "bad_email", "email"),
        (|b| b["email"] = json!(format!("{}@example.org", "x".repeat(243))), "bad_email", "email"),
        (|b| b["password"] = json!("kettle fog"), "password_short", "password"),
        (|b| b["password"] = json!("x".repeat(201)), "password_long", "password"),
        (|b| b["password"] = json!("password1234"), "password_weak", "password"),
        (|b| b["password"] = json!("exampleexample"), "password_weak", "password"),
    ];
    for (change, code, field) in table {
        let reply = client.post("/api/staff/first", body(change)).await;
        reply.refused(422, code);
        assert_eq!(reply.is(422)["field"], field, "{code}");
    }
    client.post("/api/staff/first", body(|b| b["token"] = json!("0".repeat(32)))).await.refused(404, "link_finished");
    assert!(client.cookies.is_empty());
    let me = client.post("/api/staff/first", body(|_| {})).await.is(200);
    assert_eq!((&me["roles"], &me["look_first"], &me["email"]), (&json!(["administrator"]), &json!(true), &json!("sam@example.org")));
    assert_eq!(client.get("/api/staff/me").await.is(200), me);
    running.client().post("/api/staff/first", body(|_| {})).await.refused(404, "link_finished");
    // An administrator who isn't a practitioner has no contacts.
    client.get("/api/contacts?from=0&to=1").await.refused(403, "not_allowed");
}

#[tokio::test]
async fn signing_in_and_out_sets_and_takes_a_cookie_that_scripts_and_other_sites_dont_get() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let first = running.practitioner().await;
    let mut sam = running.client();
    let reply = sign_in(&mut sam, " SAM@example.org ", PASSWORD).await;
    let me = reply.is(200);
    let cookies: Vec<&str> = reply.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        for part in ["; Path=/", "; HttpOnly", "; Secure", "; SameSite=Strict"] {
            assert!(cookie.contains(part), "{part} is missing");
        }
    }
    assert_ne!(first.cookies["sidelight"], sam.cookies["sidelight"]);
    let changed = sam.json(Method::PATCH, "/api/staff/me", json!({ "look_first": false })).await.is(200);
    assert_eq!((&changed["look_first"], &changed["id"]), (&json!(false), &me["id"]));
    let stolen = sam.clone();
    sam.post("/api/staff/sign-out", Value::Null).await.is(204);
    assert!(!sam.cookies.contains_key("sidelight"));
    stolen.clone().get("/api/staff/me").await.refused(401, "not_signed_in");
    sam.post("/api/staff/sign-out", Value::Null).await.is(204);
    first.clone().get("/api/staff/me").await.is(200);
    let mut forged = running.client();
    forged.cookies.insert("sidelight".into(), "0".repeat(64));
    forged.get("/api/staff/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn a_guesser_is_held_up_and_the_real_person_is_not() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    sam.post("/api/staff/sign-out", Value::Null).await.is(204);
    let mut guesser = running.client();
    for guess in 0..5 {
        sign_in(&mut guesser, "sam@example.org", &format!("guess number {guess}")).await.refused(401, "sign_in_refused");
    }
    // From here on not even the right password is looked at.
    let limited = sign_in(&mut guesser, "Sam@Example.org", PASSWORD).await;
    limited.refused(429, "too_many");
    let wait = limited.is(429)["retry_after"].as_u64().unwrap();
    assert!((1..=121).contains(&wait) && limited.header("retry-after") == wait.to_string(), "{wait}");
    // The browser that signed in before isn't touched by that, and has a limit of its own.
    assert_eq!(sam.cookies.len(), 1, "only the mark of a known browser is left");
    sign_in(&mut sam, "sam@example.org", PASSWORD).await.is(200);
    for _ in 0..10 {
        sign_in(&mut sam, "sam@example.org", "wrong wrong wrong").await.refused(401, "sign_in_refused");
    }
    sign_in(&mut sam, "sam@example.org", PASSWORD).await.refused(429, "too_many");
    // Its mark is of no use for another account.
    sign_in(&mut sam, "kim@example.org", PASSWORD).await.refused(401, "sign_in_refused");
    // One address with many names runs into the limit of the address.
    let mut refused = 0;
    for guess in 0..30 {
        let reply = sign_in(&mut guesser, &format!("nobody{guess}@example.org"), PASSWORD).await;
        refused += usize::from(reply.problem() == (429, "too_many".into()));
    }
    assert!((10..=16).contains(&refused), "{refused} of 30 refused unchecked");
}

#[tokio::test]
async fn unknown_and_wrong_get_the_same_reply_after_the_same_work() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    running.practitioner().await;
    let mut took = [Vec::new(), Vec::new()];
    for _ in 0..4 {
        for (index, email) in ["sam@example.org", "nobody@example.org"].into_iter().enumerate() {
            let began = Instant::now();
            let reply = sign_in(&mut running.client(), email, "wrong wrong wrong").await;
            took[index].push(began.elapsed());
            reply.refused(401, "sign_in_refused");
            assert!(reply.headers.get("set-cookie").is_none());
        }
    }
    for took in &mut took {
        took.sort();
    }
    // Both did the work of a password; an unknown name that is answered at once would be some hundred times faster.
    let (known, unknown) = (took[0][0], took[1][0]);
    assert!(unknown > known / 3 && known > unknown / 3, "known {known:?}, unknown {unknown:?}");
    assert!(unknown > Duration::from_millis(4), "{unknown:?}");
}
