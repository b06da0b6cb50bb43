//! The numbers for a monitoring system.

use crate::sockets::{desk, guest, redeemed};
use crate::world::{Folder, Running};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

fn with_metrics(folder: &Folder) -> (Running, String) {
    let running = Running::start_with(folder, |command| {
        command.env("SIDELIGHT_METRICS__LISTEN", "127.0.0.1:0");
    });
    let log = running.log();
    let at = log.split("numbers for monitoring at ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let at = at.unwrap_or_else(|| panic!("{log}")).to_owned();
    (running, at)
}

async fn told(at: &str) -> String {
    let reply = reqwest::Client::builder().no_proxy().build().unwrap().get(at).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    assert!(reply.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    reply.text().await.unwrap()
}

fn value(text: &str, name: &str) -> Option<i64> {
    text.lines().find_map(|line| line.strip_prefix(&format!("{name} "))?.parse().ok())
}

async fn until(at: &str, name: &str, wanted: i64) -> String {
    let began = Instant::now();
    loop {
        let text = told(at).await;
        if value(&text, name) == Some(wanted) {
            return text;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "{name} isn't {wanted}:\n{text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn they_follow_a_contact_and_name_nobody() {
    let folder = Folder::new();
    let (running, at) = with_metrics(&folder);
    let mut sam = running.practitioner().await;
    let before = told(&at).await;
    assert_eq!((value(&before, "sidelight_sockets"), value(&before, "sidelight_people_waiting")), (Some(0), Some(0)));
    assert_eq!(value(&before, "sidelight_records_ready"), Some(1));
    assert!(value(&before, "sidelight_resident_memory_bytes").unwrap() > 1_000_000);
    let (contact, session) = redeemed(&running, &mut sam).await;
    let mut page = desk(&sam, "tab-1").await;
    page.next("ready").await;
    let mut phone = guest(&running.client(), &session, "tab-2").await;
    phone.stage("view", "asked").await;
    phone.say(serde_json::json!({"type": "answer", "answer": "yes"})).await;
    phone.say(serde_json::json!({"type": "choose", "way": "text"})).await;
    phone.say(serde_json::json!({"type": "knock"})).await;
    let text = until(&at, "sidelight_people_waiting", 1).await;
    assert_eq!(value(&text, "sidelight_ways_chosen_total{way=\"text\"}"), Some(1));
    assert_eq!((value(&text, "sidelight_sockets"), value(&text, "sidelight_desk_pages")), (Some(2), Some(1)));
    for secret in [contact.as_str(), "Sam", "sam@example.org", "127.0.0.1", "tab-2"] {
        assert!(!text.contains(secret), "{secret} in:\n{text}");
    }
    drop(phone);
    drop(page);
    until(&at, "sidelight_sockets", 0).await;
    // Labels are words of ours, and each name is explained.
    let labels: BTreeSet<&str> = text.lines().filter_map(|line| line.split_once('{')?.1.split('=').next()).collect();
    assert_eq!(labels, BTreeSet::from(["event", "version", "way"]));
    let explained = std::fs::read_to_string("../docs/monitoring.md").unwrap();
    for name in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()) {
        assert!(explained.contains(&format!("`{name}")), "{name} isn't in docs/monitoring.md");
    }
    // Nowhere else: the web port doesn't know them.
    assert_eq!(running.client().get("/metrics").await.status, 404);
    assert!(running.stop().success());
}

#[tokio::test]
async fn without_an_address_there_are_none() {
    let folder = Folder::new();
    assert!(!Running::start(&folder).log().contains("numbers for monitoring"));
}
