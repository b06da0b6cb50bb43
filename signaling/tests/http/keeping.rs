//! Keeping and erasing, by the service as it runs.

use crate::contacts::list;
use crate::sockets::desk;
use crate::world::{Client, Folder, Running, details, invitation, now};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::time::{Duration, Instant};

pub async fn records(folder: &Folder) -> SqliteConnection {
    SqliteConnectOptions::new().filename(folder.data().join("records.db")).connect().await.unwrap()
}

/// Waits until there are so many contacts in the list of the last and the next hour.
async fn until(client: &mut Client, count: usize) {
    let began = Instant::now();
    while list(client).await.as_array().unwrap().len() != count {
        assert!(began.elapsed() < Duration::from_secs(10), "still not {count}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_day_after_its_end_a_contact_is_gone_and_the_log_tells_only_how_many() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (over, waits, other) = (sam.plan(details("over")).await, sam.plan(details("waits")).await, sam.plan(details("other")).await);
    let link = json!({ "invitation": invitation() });
    sam.put(&format!("/api/contacts/{over}/invitation"), link.clone()).await.is(204);
    let mut at_desk = desk(&sam, "tab").await;
    at_desk.next("ready").await;
    for id in [&over, &waits] {
        at_desk.say(json!({"type": "in", "contact": id, "act": {"do": "end"}})).await;
        while at_desk.next("contact").await["view"]["ended"].is_null() {}
    }
    running.kill();
    // A day later.
    let mut rows = records(&folder).await;
    sqlx::query("UPDATE contacts SET ended = ended - 86400").execute(&mut rows).await.unwrap();
    sqlx::query("UPDATE contacts SET unhandled = 1 WHERE id = $1").bind(&waits).execute(&mut rows).await.unwrap();
    rows.close().await.unwrap();
    let running = Running::start(&folder);
    sam.address.clone_from(&running.address);
    until(&mut sam, 2).await;
    let left: Vec<String> = list(&mut sam).await.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().into()).collect();
    assert!(left.contains(&waits) && left.contains(&other), "{left:?}");
    running.client().post("/api/redeem", link).await.refused(404, "link_finished");
    // It is told when the sweep is over, files and all.
    let began = Instant::now();
    let mut log = running.log();
    while !log.contains("contacts were ended or erased") && began.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        log = running.log();
    }
    assert!(log.contains("contacts were ended or erased woken=0 erased=1 plans=0 records=0 audit=0 left=0"), "{log}");
    assert!(running.stop().success());
    for entry in std::fs::read_dir(folder.data()).unwrap() {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!content.windows(over.len()).any(|window| window == over.as_bytes()), "its id is left");
    }
    for secret in [over.as_str(), &waits, "sam@"] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

#[tokio::test]
async fn a_contact_that_nobody_looks_at_ends_by_itself_while_the_service_runs() {
    let folder = Folder::new();
    let running = Running::start_with(&folder, |command| {
        command.env("SIDELIGHT_RETENTION__SWEEP_SECONDS", "1");
    });
    let mut sam = running.practitioner().await;
    let mut past = details("JT-4471");
    past["starts_at"] = json!(now() - 5 * 3600);
    let id = sam.plan(past).await;
    let began = Instant::now();
    loop {
        let listed = sam.get(&format!("/api/contacts?from={}&to={}", now() - 6 * 3600, now())).await.is(200);
        assert_eq!(listed["contacts"][0]["id"], id.as_str());
        if listed["contacts"][0]["ended"].is_u64() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "it never ended");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn the_service_says_that_it_lives_while_it_runs_and_as_it_stops() {
    let folder = Folder::new();
    let alive = async || {
        let mut rows = records(&folder).await;
        let at: Option<i64> = sqlx::query_scalar("SELECT at FROM marks_of_life").fetch_optional(&mut rows).await.unwrap();
        rows.close().await.unwrap();
        at.map(|at| u64::try_from(at).unwrap())
    };
    let begin = now();
    let running = Running::start(&folder);
    let began = Instant::now();
    let first = loop {
        if let Some(at) = alive().await {
            break at;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "it never says so");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(first >= begin);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let before = now();
    assert!(running.stop().success());
    assert!(alive().await.unwrap() >= before, "it didn't say so as it stopped");
}
