//! Where a member of staff is signed in, and ending it from elsewhere.

use crate::contacts::colleague;
use crate::sockets::desk;
use crate::world::{Client, Folder, PASSWORD, Running};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

async fn list(client: &mut Client) -> Vec<Value> {
    client.get("/api/staff/sessions").await.is(200)["sessions"].as_array().unwrap().clone()
}

async fn end(client: &mut Client, session: &Value) -> crate::world::Reply {
    let id = session["id"].as_str().unwrap();
    client.send(Method::DELETE, &format!("/api/staff/sessions/{id}"), &[], Vec::new()).await
}

/// Signed in from another browser.
async fn elsewhere(running: &Running, browser: &str) -> Client {
    let mut client = running.client();
    let body = json!({"email": "sam@example.org", "password": PASSWORD}).to_string();
    let headers = [("content-type", "application/json"), ("user-agent", browser)];
    client.send(Method::POST, "/api/staff/sign-in", &headers, body.into_bytes()).await.is(200);
    client
}

#[tokio::test]
async fn a_sign_in_is_listed_by_its_kind_of_browser_and_ended_from_elsewhere_with_its_sockets() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut lost = elsewhere(&running, FIREFOX).await;
    let odd = elsewhere(&running, "<script>\"Firefox/1</script> (Linux; somebody's name)").await;
    let mut kim = colleague(&folder, &running).await;

    let sessions = list(&mut sam).await;
    assert_eq!(sessions.len(), 3);
    let browsers: Vec<&str> = sessions.iter().map(|session| session["browser"].as_str().unwrap()).collect();
    assert_eq!(browsers.iter().filter(|browser| **browser == "Firefox on Linux").count(), 2, "{browsers:?}");
    assert_eq!(browsers.iter().filter(|browser| **browser == "Another browser").count(), 1, "{browsers:?}");
    assert_eq!(sessions.iter().filter(|session| session["here"] == true).count(), 1);
    for session in &sessions {
        let (since, used) = (session["since"].as_u64().unwrap(), session["last_used"].as_u64().unwrap());
        assert!(since <= used && used <= crate::world::now() && used + 60 > crate::world::now());
    }
    let mine = list(&mut lost).await.into_iter().find(|session| session["here"] == true).unwrap();
    // Another's, one that never was, and what is no name at all are alike.
    end(&mut kim, &mine).await.refused(404, "unknown_sign_in");
    end(&mut sam, &json!({"id": "0".repeat(32)})).await.refused(404, "unknown_sign_in");
    end(&mut sam, &json!({"id": "x"})).await.refused(404, "unknown_sign_in");
    end(&mut running.client(), &mine).await.refused(401, "not_signed_in");
    running.client().get("/api/staff/sessions").await.refused(401, "not_signed_in");
    lost.get("/api/staff/me").await.is(200);

    let (mut theirs, mut own) = (desk(&lost, "tab-1").await, desk(&sam, "tab-2").await);
    theirs.next("ready").await;
    own.next("ready").await;
    let began = Instant::now();
    assert_eq!(end(&mut sam, &mine).await.status, 204);
    assert_eq!(theirs.next("bye").await["reason"], "no_session");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    lost.get("/api/staff/me").await.refused(401, "not_signed_in");
    assert_eq!(desk(&lost, "tab-1").await.next("bye").await["reason"], "no_session");
    end(&mut sam, &mine).await.refused(404, "unknown_sign_in");
    odd.clone().get("/api/staff/me").await.is(200);

    // This one too, which takes its cookie away.
    let here = list(&mut sam).await.into_iter().find(|session| session["here"] == true).unwrap();
    let stolen = sam.clone();
    assert_eq!(end(&mut sam, &here).await.status, 204);
    assert_eq!(own.next("bye").await["reason"], "no_session");
    assert!(!sam.cookies.contains_key("sidelight"));
    stolen.clone().get("/api/staff/me").await.refused(401, "not_signed_in");
    let log = running.log();
    for secret in [mine["id"].as_str().unwrap(), "Firefox", "somebody"] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}
