//! One answer for every dead link: the same in words, status and time.

use crate::sockets::desk;
use crate::world::{Client, Folder, Running, details, invitation};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn linked(sam: &mut Client) -> (String, Value) {
    let id = sam.plan(details("JT-4471")).await;
    let link = json!({ "invitation": invitation() });
    sam.put(&format!("/api/contacts/{id}/invitation"), link.clone()).await.is(204);
    (id, link)
}

/// Dead links of every kind.
async fn dead(running: &Running) -> [(&'static str, Value); 4] {
    let mut sam = running.practitioner().await;
    let (id, revoked) = linked(&mut sam).await;
    sam.send(Method::DELETE, &format!("/api/contacts/{id}/invitation"), &[], Vec::new()).await.is(204);
    let (_, left) = linked(&mut sam).await;
    let mut phone = running.client();
    let session = phone.post("/api/redeem", left.clone()).await.is(200)["session"].clone();
    phone.post("/api/leave", json!({ "session": session, "how": "end" })).await.is(204);
    let (id, ended) = linked(&mut sam).await;
    let mut at_desk = desk(&sam, "tab").await;
    at_desk.next("ready").await;
    at_desk.say(json!({"type": "in", "contact": id, "act": {"do": "end"}})).await;
    while at_desk.next("contact").await["view"]["ended"].is_null() {}
    [("unknown", json!({ "invitation": invitation() })), ("revoked", revoked), ("left", left), ("ended", ended)]
}

#[tokio::test]
async fn unknown_revoked_left_and_ended_links_are_told_apart_by_nothing() {
    let mut measured = Vec::new();
    // What else the machine does at the time is not what is measured: the quietest of a few tries counts.
    for _ in 0..3 {
        let folder = Folder::new();
        let running = Running::start(&folder);
        let links = dead(&running).await;
        let mut phone = running.client();
        let mut took = [const { Vec::new() }; 4];
        let mut answers = Vec::new();
        // In turns, and no more than one address may try.
        for _ in 0..7 {
            for ((_, link), took) in links.iter().zip(&mut took) {
                let began = Instant::now();
                let reply = phone.post("/api/redeem", link.clone()).await;
                took.push(began.elapsed());
                reply.refused(404, "link_finished");
                let mut headers: Vec<_> = reply.headers.iter().filter(|(name, _)| *name != "date").collect();
                headers.sort_by_key(|(name, _)| name.as_str());
                answers.push((format!("{headers:?}"), reply.bytes));
            }
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "they differ in more than their time");
        let medians = took.map(|mut took| {
            took.sort();
            took[took.len() / 2]
        });
        let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        let apart = most.as_secs_f64() / least.as_secs_f64() - 1.0;
        println!("{medians:?}: {:.1} per cent apart", apart * 100.0);
        assert!(*least >= Duration::from_millis(60));
        measured.push(apart);
        if apart < 0.05 {
            return;
        }
    }
    panic!("they are told apart by their time: {measured:?}");
}
