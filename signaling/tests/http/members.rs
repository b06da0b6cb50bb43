//! `sidelight staff` beside a service that runs: what it does holds there within a second.

use crate::sockets::desk;
use crate::world::{Client, Folder, PASSWORD, Running, token_in};
use serde_json::json;
use std::time::{Duration, Instant};

const EMAIL: &str = "kim@example.org";

async fn sign_in(running: &Running, password: &str) -> (Client, u16) {
    let mut client = running.client();
    let reply = client.post("/api/staff/sign-in", json!({ "email": EMAIL, "password": password })).await;
    (client, reply.status.as_u16())
}

/// What the command says, if it succeeds.
fn staff(folder: &Folder, arguments: &[&str]) -> String {
    let output = folder.run(&[&["staff"], arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn words(client: &mut Client) -> Vec<String> {
    let audit = client.get("/api/audit").await.is(200)["entries"].clone();
    audit.as_array().unwrap().iter().rev().map(|entry| entry["what"].as_str().unwrap().to_owned()).collect()
}

/// Runs the command and sees how long after it the page of this person is told goodbye.
async fn closes(folder: &Folder, client: &Client, arguments: &[&str]) {
    let mut open = desk(client, "tab").await;
    open.next("ready").await;
    staff(folder, arguments);
    let began = Instant::now();
    assert_eq!(open.next("bye").await["reason"], "no_session", "{arguments:?}");
    assert!(began.elapsed() < Duration::from_secs(1), "{arguments:?}: {:?}", began.elapsed());
    client.clone().get("/api/staff/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn whoever_is_disabled_or_gets_other_roles_is_signed_out_at_once_and_others_are_not() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut others = desk(&sam, "tab").await;
    others.next("ready").await;
    let kim = running.member(&folder, "kim", &["practitioner", "supervisor"]).await;
    assert!(staff(&folder, &["list"]).contains("kim\tkim@example.org\tpractitioner, supervisor\tpassword only\tlast used "));

    closes(&folder, &kim, &["roles", "--email", EMAIL, "--role", "practitioner"]).await;
    let (kim, status) = sign_in(&running, PASSWORD).await;
    assert_eq!((status, kim.clone().get("/api/staff/me").await.is(200)["roles"].clone()), (200, json!(["practitioner"])));

    closes(&folder, &kim, &["disable", "--email", " KIM@example.org"]).await;
    staff(&folder, &["disable", "--email", EMAIL]);
    assert!(staff(&folder, &["list"]).contains("\tdisabled since "));
    assert_eq!(sign_in(&running, PASSWORD).await.1, 401);
    let reset = folder.run(&["staff", "reset", "--email", EMAIL]);
    assert_eq!((reset.status.code(), String::from_utf8_lossy(&reset.stderr).lines().count()), (Some(1), 1));
    staff(&folder, &["enable", "--email", EMAIL]);
    let (kim, status) = sign_in(&running, PASSWORD).await;
    assert_eq!(status, 200);
    // Whoever came back is let in, though they were put out a moment ago.
    desk(&kim, "tab").await.next("ready").await;
    others.say(json!({ "type": "duty", "on": false })).await;
    assert_eq!(others.next("refused").await["code"], "not_now", "another's page goes on");
    let nobody = folder.run(&["staff", "disable", "--email", "nobody@example.org"]);
    assert_eq!((nobody.status.code(), String::from_utf8_lossy(&nobody.stderr).lines().count()), (Some(1), 1));
    assert_eq!(words(&mut sam).await, ["roles_changed", "staff_disabled", "staff_enabled"]);
}

#[tokio::test]
async fn a_reset_sets_another_password_takes_the_second_step_away_and_signs_out_everywhere() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let kim = running.member(&folder, "kim", &["practitioner"]).await;
    let reset = || token_in(&folder.run(&["staff", "reset", "--email", EMAIL]));
    let (first, token) = (reset(), reset());
    let mut client = running.client();
    client.post("/api/staff/first-link", json!({ "token": first })).await.refused(404, "link_finished");
    let about = client.post("/api/staff/first-link", json!({ "token": token })).await.is(200);
    assert_eq!(about, json!({ "name": "kim", "email": EMAIL, "roles": ["practitioner"], "reset": true }));
    // Until it is used, nothing has changed.
    kim.clone().get("/api/staff/me").await.is(200);
    let mut open = desk(&kim, "tab").await;
    open.next("ready").await;
    let with = |password: &str| json!({ "token": token, "name": "X", "email": "x@y", "password": password, "practitioner": true });
    client.post("/api/staff/first", with("short")).await.refused(422, "password_short");
    let me = client.post("/api/staff/first", with("ladder plum ghost mile")).await.is(200);
    assert_eq!((&me["name"], &me["email"], &me["roles"]), (&json!("kim"), &json!(EMAIL), &json!(["practitioner"])));
    let began = Instant::now();
    assert_eq!(open.next("bye").await["reason"], "no_session");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    kim.clone().get("/api/staff/me").await.refused(401, "not_signed_in");
    desk(&client, "tab").await.next("ready").await;
    assert_eq!((sign_in(&running, PASSWORD).await.1, sign_in(&running, "ladder plum ghost mile").await.1), (401, 200));
    client.post("/api/staff/first", with("ladder plum ghost mile")).await.refused(404, "link_finished");
    // Given out, and then the member is disabled: worth nothing.
    let token = reset();
    staff(&folder, &["disable", "--email", EMAIL]);
    running.client().post("/api/staff/first-link", json!({ "token": token })).await.refused(404, "link_finished");
    let given = "reset_given";
    assert_eq!(words(&mut sam).await, [given, given, "password_reset", given, "staff_disabled"]);
    assert!(!running.log().contains(&token));
}

#[tokio::test]
async fn all_other_sign_ins_end_at_one_press() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    running.practitioner().await;
    let mut kim = running.member(&folder, "kim", &["practitioner"]).await;
    let (lost, _) = sign_in(&running, PASSWORD).await;
    let (mut own, mut theirs) = (desk(&kim, "tab").await, desk(&lost, "tab-2").await);
    own.next("ready").await;
    theirs.next("ready").await;
    kim.send(reqwest::Method::DELETE, "/api/staff/sessions", &[], Vec::new()).await.is(204);
    assert_eq!(theirs.next("bye").await["reason"], "no_session");
    lost.clone().get("/api/staff/me").await.refused(401, "not_signed_in");
    let left = kim.get("/api/staff/sessions").await.is(200)["sessions"].clone();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["here"]), (1, &json!(true)));
}
