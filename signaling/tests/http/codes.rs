//! Codes typed at the bare address: they open what a link opens, in their window alone, and are guessed at in vain.

use crate::sockets::desk;
use crate::world::{Client, Folder, Running, details, invitation, now};
use reqwest::Method;
use serde_json::{Value, json};

/// A contact of this start, and a code for it as the desk's page and the phone's send it.
async fn coded(sam: &mut Client, starts_at: u64) -> (String, Value) {
    let mut planned = details("JT-4471");
    (planned["by_code"], planned["starts_at"]) = (json!(true), json!(starts_at));
    let id = sam.plan(planned).await;
    let code = json!({ "invitation": invitation(), "typed": true });
    sam.put(&format!("/api/contacts/{id}/invitation"), code.clone()).await.is(204);
    (id, code)
}

#[tokio::test]
async fn a_code_opens_what_a_link_opens_until_it_is_revoked() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (id, code) = coded(&mut sam, now()).await;
    let mut phone = running.client();
    assert!(phone.post("/api/redeem", code.clone()).await.is(200)["session"].is_string());
    // One is never taken for the other, whatever hashes alike.
    phone.post("/api/redeem", json!({ "invitation": code["invitation"] })).await.refused(404, "link_finished");
    let other = sam.plan(details("KM-1")).await;
    let link = json!({ "invitation": invitation() });
    sam.put(&format!("/api/contacts/{other}/invitation"), link.clone()).await.is(204);
    phone.post("/api/redeem", json!({ "invitation": link["invitation"], "typed": true })).await.refused(404, "link_finished");
    phone.post("/api/redeem", link).await.is(200);
    sam.send(Method::DELETE, &format!("/api/contacts/{id}/invitation"), &[], Vec::new()).await.is(204);
    phone.post("/api/redeem", code).await.refused(404, "link_finished");
}

#[tokio::test]
async fn before_its_window_and_after_the_end_a_code_is_like_one_that_never_was() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (_, early) = coded(&mut sam, now() + 3 * 3600).await;
    let (id, over) = coded(&mut sam, now()).await;
    let mut at_desk = desk(&sam, "tab").await;
    at_desk.next("ready").await;
    at_desk.say(json!({"type": "in", "contact": id, "act": {"do": "end"}})).await;
    while at_desk.next("contact").await["view"]["ended"].is_null() {}
    let mut phone = running.client();
    let unknown = json!({ "invitation": invitation(), "typed": true });
    let mut answers = Vec::new();
    for code in [unknown, early, over] {
        let reply = phone.post("/api/redeem", code).await;
        reply.refused(404, "link_finished");
        answers.push(reply.bytes);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    // The control: of a link it is told that it is early.
    let mut later = details("later");
    later["starts_at"] = json!(now() + 3 * 3600);
    let id = sam.plan(later).await;
    let link = json!({ "invitation": invitation() });
    sam.put(&format!("/api/contacts/{id}/invitation"), link.clone()).await.is(204);
    phone.post("/api/redeem", link).await.refused(403, "too_early");
}

#[tokio::test]
async fn where_a_code_was_agreed_no_link_is_made() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (id, _) = coded(&mut sam, now()).await;
    let link = json!({ "invitation": invitation() });
    sam.put(&format!("/api/contacts/{id}/invitation"), link.clone()).await.refused(409, "code_agreed");
    running.client().post("/api/redeem", link).await.refused(404, "link_finished");
}

#[tokio::test]
async fn twenty_wrong_codes_from_one_address_are_enough_and_links_go_on_opening() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (_, code) = coded(&mut sam, now()).await;
    let mut phone = running.client();
    let pressed = json!({ "invitation": code["invitation"], "typed": true, "claim": "the-same" });
    for _ in 0..30 {
        phone.post("/api/redeem", pressed.clone()).await.is(200);
    }
    for _ in 0..20 {
        phone.post("/api/redeem", json!({ "invitation": invitation(), "typed": true })).await.refused(404, "link_finished");
    }
    let limited = phone.post("/api/redeem", json!({ "invitation": invitation(), "typed": true })).await;
    limited.refused(429, "too_many");
    assert!((1..=11).contains(&limited.header("retry-after").parse::<u32>().unwrap()));
    let other = sam.plan(details("KM-1")).await;
    let link = json!({ "invitation": invitation() });
    sam.put(&format!("/api/contacts/{other}/invitation"), link.clone()).await.is(204);
    phone.post("/api/redeem", link).await.is(200);
}

#[tokio::test]
async fn what_the_page_sends_of_a_code_stands_nowhere_on_disk() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (_, code) = coded(&mut sam, now()).await;
    let other = sam.plan(details("KM-1")).await;
    let link = json!({ "invitation": invitation() });
    sam.put(&format!("/api/contacts/{other}/invitation"), link.clone()).await.is(204);
    assert!(running.stop().success());
    let found = |text: &Value| {
        let text = text.as_str().unwrap().as_bytes();
        let files = std::fs::read_dir(folder.data()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap_or_default());
        files.into_iter().any(|file| file.windows(text.len()).any(|window| window == text))
    };
    assert!(found(&link["invitation"]), "the control: of a link, of 128 bits, the hash is kept");
    assert!(!found(&code["invitation"]));
}
