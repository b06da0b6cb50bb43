//! Bad input: each has its own stable code, and none has an effect.

use crate::world::{Folder, Running, details, invitation, now};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn each_field_of_a_contact_out_of_its_bounds_is_named() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471")).await;
    let long = |length: usize| json!("é".repeat(length));
    let table = [
        ("reference", json!(""), "reference_missing"),
        ("reference", long(61), "reference_long"),
        ("reference", json!("a\u{7}b"), "bad_characters"),
        ("greeting", long(41), "greeting_long"),
        ("practitioner", long(41), "practitioner_long"),
        ("waiting_words", long(201), "waiting_words_long"),
        ("word", long(41), "word_long"),
        ("word", json!("one\ntwo"), "bad_characters"),
        ("response", long(401), "response_long"),
        ("minutes", json!(4), "minutes_out_of_range"),
        ("minutes", json!(241), "minutes_out_of_range"),
        ("starts_at", json!(now() - 90_000), "starts_at_out_of_range"),
        ("starts_at", json!(u32::MAX), "starts_at_out_of_range"),
        ("ways", json!([]), "ways_bad"),
        ("ways", json!(["text", "text"]), "ways_bad"),
    ];
    for (field, value, code) in table {
        let mut bad = details("JT-4471");
        bad[field] = value;
        let planned = sam.post("/api/contacts", json!({ "details": bad })).await;
        planned.refused(422, code);
        assert_eq!(planned.is(422)["field"], field);
        sam.put(&format!("/api/contacts/{id}"), bad).await.refused(422, code);
    }
    let wrong = [
        ("minutes", json!("30")),
        ("minutes", json!(-1)),
        ("minutes", json!(1e99)),
        ("starts_at", json!(4_294_967_296u64)),
        ("ways", json!(["smoke"])),
        ("when_hidden", json!("loud")),
        ("rings", json!("yes")),
        ("number", json!(5)),
        ("reference", Value::Null),
        ("recording", json!(true)),
    ];
    for (field, value) in wrong {
        let mut bad = details("JT-4471");
        bad[field] = value;
        sam.post("/api/contacts", json!({ "details": bad })).await.refused(422, "bad_body");
    }
    let listed = sam.get(&format!("/api/contacts?from={}&to={}", now() - 3600, u32::MAX)).await.is(200);
    assert_eq!(listed["contacts"].as_array().unwrap().len(), 1, "a refused one was kept");
}

#[tokio::test]
async fn whatever_is_sent_anywhere_is_answered_with_its_problem() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471")).await;
    let link = format!("/api/contacts/{id}/invitation");
    let json = [("content-type", "application/json")];
    let huge = format!("{{\"invitation\":\"{}\"}}", "0".repeat(40_000));
    let deep = "[".repeat(20_000);
    let twice = format!("{{\"invitation\":\"{}\",\"invitation\":\"{}\"}}", invitation(), invitation());
    let post = Method::POST;
    type Row<'a> = (Method, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);
    let table: Vec<Row<'_>> = vec![
        (post.clone(), "/api/redeem", &json, "{}", 422, "bad_body"),
        (post.clone(), "/api/redeem", &json, "{\"invitation\":7}", 422, "bad_body"),
        (post.clone(), "/api/redeem", &json, "{\"invitation\":\"x\",\"more\":1}", 422, "bad_body"),
        (post.clone(), "/api/redeem", &json, "{\"invitation\":\"x\"}", 422, "bad_invitation"),
        (post.clone(), "/api/redeem", &json, "{\"invitation\":\"0123456789ABCDEF0123456789ABCDEF\"}", 422, "bad_invitation"),
        (post.clone(), "/api/redeem", &json, &twice, 422, "bad_body"),
        (post.clone(), "/api/redeem", &json, "{", 400, "bad_json"),
        (post.clone(), "/api/redeem", &json, "", 400, "bad_json"),
        (post.clone(), "/api/redeem", &json, "\u{0}", 400, "bad_json"),
        (post.clone(), "/api/redeem", &json, &deep, 422, "bad_body"),
        (post.clone(), "/api/redeem", &json, &huge, 413, "too_large"),
        (post.clone(), "/api/redeem", &[], "{}", 415, "bad_content_type"),
        (post.clone(), "/api/redeem", &[("content-type", "text/plain")], "{}", 415, "bad_content_type"),
        (post.clone(), "/api/redeem", &[("content-type", "application/json-seq")], "{}", 415, "bad_content_type"),
        (post.clone(), "/api/leave", &json, "{}", 422, "bad_body"),
        (post.clone(), "/api/leave", &[("content-type", "application/x-www-form-urlencoded")], "a=b", 415, "bad_content_type"),
        (post.clone(), "/api/leave", &json, "{\"session\":\"x\",\"how\":\"flying\"}", 422, "bad_body"),
        (post.clone(), "/api/staff/first-link", &json, "{\"token\":\"x\"}", 404, "link_finished"),
        (post.clone(), "/api/staff/sign-in", &json, "{\"email\":\"x\"}", 422, "bad_body"),
        (post.clone(), "/api/staff/sign-in", &json, "{\"email\":\"\",\"password\":\"\"}", 401, "sign_in_refused"),
        (Method::PATCH, "/api/staff/me", &json, "{\"look_first\":\"yes\"}", 422, "bad_body"),
        (Method::PATCH, "/api/staff/me", &json, "{\"roles\":[]}", 422, "bad_body"),
        (Method::DELETE, "/api/staff/sessions/x", &[], "", 404, "unknown_sign_in"),
        (Method::DELETE, "/api/staff/sessions/%ff", &[], "", 400, "bad_path"),
        (Method::PUT, &link, &json, "{\"invitation\":\"x\"}", 422, "bad_invitation"),
        (Method::GET, "/api/contacts", &[], "", 422, "bad_query"),
        (Method::GET, "/api/contacts?from=1&to=1", &[], "", 422, "bad_query"),
        (Method::GET, "/api/contacts?from=-1&to=1", &[], "", 422, "bad_query"),
        (Method::GET, "/api/contacts?from=0&to=1&all=1", &[], "", 422, "bad_query"),
        (Method::PUT, "/api/contacts/%00", &json, "{}", 422, "bad_body"),
        (Method::PUT, "/api/contacts/%ff", &json, "{}", 400, "bad_path"),
        (Method::GET, "/api/nothing", &[], "", 404, "not_found"),
        (Method::GET, "/assets/x/../../Cargo.toml", &[], "", 404, "not_found"),
        (Method::GET, "/assets/x/%2e%2e/%2e%2e/Cargo.toml", &[], "", 404, "not_found"),
        (Method::GET, "/assets/x/join/index.html", &[], "", 404, "not_found"),
        (Method::GET, "/assets/x/%ff", &[], "", 400, "bad_path"),
        (Method::GET, "/favicon.ico", &[], "", 404, "not_found"),
        (Method::GET, "/api/redeem", &[], "", 405, "bad_method"),
        (Method::DELETE, "/", &[], "", 405, "bad_method"),
        (Method::OPTIONS, "/api/redeem", &[], "", 405, "bad_method"),
        (Method::TRACE, "/", &[], "", 405, "bad_method"),
        (post.clone(), "/ws/guest", &[], "", 426, "not_a_socket"),
    ];
    for (method, path, headers, body, status, code) in table {
        let reply = sam.send(method.clone(), path, headers, body.as_bytes().to_vec()).await;
        assert_eq!(reply.problem(), (status, code.to_owned()), "{method} {path} {}", &body[..body.len().min(60)]);
    }
    // Whatever a session is worth, leaving is answered alike; a beacon can't name its content type.
    for headers in [json, [("content-type", "text/plain;charset=UTF-8")]] {
        let body = b"{\"session\":\"forged\",\"how\":\"exit\"}".to_vec();
        assert_eq!(sam.send(Method::POST, "/api/leave", &headers, body).await.status, 204);
    }
    sam.get("/readyz").await;
    assert!(!running.log().contains("ERROR"), "{}", running.log());
}

#[tokio::test]
async fn what_comes_from_another_page_is_refused_before_it_is_looked_at() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let localhost = running.address.replace("127.0.0.1", "localhost");
    let other_port = running.address.rsplit_once(':').unwrap().0.to_owned();
    let table = [
        (Some(running.address.clone()), true),
        (Some(localhost), true),
        (None, false),
        (Some("null".into()), false),
        (Some("https://evil.example".into()), false),
        (Some(format!("{}.evil.example", running.address)), false),
        (Some(other_port), false),
        (Some(running.address.replace("http", "https")), false),
    ];
    for (origin, ours) in table {
        sam.origin.clone_from(&origin);
        let replies = [
            sam.post("/api/contacts", json!({ "details": details("x") })).await,
            sam.put("/api/contacts/x", json!({})).await,
            sam.json(Method::PATCH, "/api/staff/me", json!({ "look_first": true })).await,
            sam.send(Method::DELETE, "/api/contacts/x/invitation", &[], Vec::new()).await,
            sam.post("/api/redeem", json!({})).await,
        ];
        for reply in replies {
            let refused = reply.status == 403 && reply.problem() == (403, "bad_origin".into());
            assert_eq!(!refused, ours, "{origin:?}: {} gave {}", reply.what, reply.status);
        }
        let socket = ("origin", origin.as_deref().unwrap_or(""));
        let socket = if origin.is_some() { vec![socket] } else { vec![] };
        for path in ["/ws/guest", "/ws/desk"] {
            let reply = sam.send(Method::GET, path, &socket, Vec::new()).await;
            let expected = if ours { (426, "not_a_socket") } else { (403, "bad_origin") };
            assert_eq!(reply.problem(), (expected.0, expected.1.to_owned()), "{origin:?} {path}");
        }
    }
}
