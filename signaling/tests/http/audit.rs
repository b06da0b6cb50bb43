//! The audit: who may read it, and what stands in it.

use crate::contacts::colleague;
use crate::world::{Folder, Running};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn the_audit_is_for_administrators_and_auditors_to_read_and_for_nobody_to_change() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    running.client().get("/api/audit").await.refused(401, "not_signed_in");
    let mut sam = running.practitioner().await;
    assert_eq!(sam.get("/api/audit").await.is(200), json!({ "entries": [], "staff": [], "tokens": [], "anchor": null }));
    assert_eq!(sam.get("/api/audit?before=7").await.is(200), json!({ "entries": [], "staff": [], "tokens": [], "anchor": null }));
    for bad in ["?before=", "?before=x", "?before=-1", "?after=1", "?what=nothing", "?who=", "?who=%20", "?from=x"] {
        sam.get(&format!("/api/audit{bad}")).await.refused(422, "bad_query");
    }
    let mut kim = colleague(&folder, &running).await;
    kim.get("/api/audit").await.refused(403, "not_allowed");
    let mut olu = running.member(&folder, "olu", &["auditor"]).await;
    assert_eq!(olu.get("/api/audit").await.is(200)["entries"], json!([]));
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        sam.json(method, "/api/audit", json!({})).await.refused(405, "bad_method");
    }
}

#[tokio::test]
async fn where_the_head_of_the_audit_cant_get_out_administrators_and_the_log_are_told_and_the_service_goes_on() {
    let folder = Folder::new();
    let place = folder.path().join("elsewhere/heads");
    let running = Running::start_with(&folder, |command| {
        command.env("SIDELIGHT_AUDIT__ANCHOR", format!("file:{}", place.display()));
    });
    let mut sam = running.practitioner().await;
    let began = std::time::Instant::now();
    while sam.get("/api/audit").await.is(200)["anchor"] != json!({ "entry": null, "at": null, "failing": true }) {
        assert!(began.elapsed().as_secs() < 10, "not told");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    sam.plan(crate::world::details("JT-4471")).await;
    let log = running.log();
    assert!(log.contains("the audit's head can't be sent out (audit.anchor); it is tried again in 10 seconds"), "{log}");
}

#[tokio::test]
async fn a_supervisor_is_made_by_the_command_line_and_reads_neither_the_audit_nor_anybodys_plans() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    running.practitioner().await;
    let added = folder.run(&["staff", "add", "--name", "Lee", "--email", "lee@example.org", "--role", "supervisor"]);
    let line = String::from_utf8(added.stdout).unwrap();
    let token = line.strip_prefix(&format!("{}/desk#first=", running.address)).unwrap().strip_suffix(" (valid for one hour)\n").unwrap();
    let mut lee = running.client();
    let first =
        json!({"token": token, "name": "Lee", "email": "lee@example.org", "password": "ladder plum ghost mile", "practitioner": true});
    assert_eq!(lee.post("/api/staff/first", first).await.is(200)["roles"], json!(["supervisor"]));
    lee.get("/api/audit").await.refused(403, "not_allowed");
    lee.get("/api/people").await.refused(403, "not_allowed");
    lee.get("/api/contacts?from=0&to=1").await.refused(403, "not_allowed");
}
