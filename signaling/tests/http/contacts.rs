//! Planning, listing, changing, links.

use crate::world::{Client, Folder, Running, details, invitation, now};
use reqwest::Method;
use serde_json::{Value, json};

async fn redeem(running: &Running, invitation: &str) -> (u16, String) {
    let reply = running.client().post("/api/redeem", json!({ "invitation": invitation })).await;
    if reply.status == 200 {
        assert!(reply.is(200)["session"].as_str().is_some_and(|session| session.split('.').count() == 3));
        return (200, String::new());
    }
    reply.problem()
}

fn finished() -> (u16, String) {
    (404, "link_finished".into())
}

pub async fn list(client: &mut Client) -> Value {
    let (from, to) = (now() - 3600, now() + 3600);
    client.get(&format!("/api/contacts?from={from}&to={to}")).await.is(200)["contacts"].clone()
}

/// A second practitioner of the same service.
pub async fn colleague(folder: &Folder, running: &Running) -> Client {
    let added = folder.run(&["staff", "add", "--name", "Kim", "--email", "kim@example.org", "--role", "practitioner"]);
    let line = String::from_utf8(added.stdout).unwrap();
    let token = line.split("#first=").nth(1).unwrap().split(' ').next().unwrap();
    let mut kim = running.client();
    let first =
        json!({"token": token, "name": "Kim", "email": "kim@example.org", "password": "ladder plum ghost mile", "practitioner": true});
    kim.post("/api/staff/first", first).await.is(200);
    kim
}

#[tokio::test]
async fn what_was_planned_is_listed_and_can_be_changed_also_after_a_power_cut() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471")).await;
    let mut later = details("A.M.");
    later["starts_at"] = json!(now() + 60);
    later["word"] = json!("  ");
    let second = sam.plan(later.clone()).await;
    let mut far = details("K-0932");
    far["starts_at"] = json!(now() + 7200);
    sam.plan(far).await;
    let mut changed = details("JT-4472");
    changed["ways"] = json!(["text"]);
    changed["when_hidden"] = json!("quiet");
    changed["rings"] = json!(true);
    changed["number"] = json!("as in the case file");
    changed["signing"] = json!(true);
    sam.put(&format!("/api/contacts/{id}"), changed.clone()).await.is(204);
    later["word"] = Value::Null;
    // Not chosen, as by a page that knows nothing of it.
    later["when_hidden"] = Value::Null;
    later["rings"] = json!(false);
    later["number"] = Value::Null;
    later["signing"] = json!(false);
    for one in [&mut changed, &mut later] {
        one["by_code"] = json!(false);
        one["early"] = Value::Null;
        one["help"] = Value::Null;
        one["about"] = Value::Null;
        one["spellings"] = json!([]);
    }
    let expected = json!([
        {"id": id, "details": changed, "link": false, "link_known": false, "ended": null},
        {"id": second, "details": later, "link": false, "link_known": false, "ended": null},
    ]);
    assert_eq!(list(&mut sam).await, expected);
    running.kill();
    let running = Running::start(&folder);
    sam.address.clone_from(&running.address);
    assert_eq!(list(&mut sam).await, expected);
}

#[tokio::test]
async fn a_link_works_until_it_is_replaced_or_revoked_and_all_dead_ones_look_alike() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471")).await;
    let link = format!("/api/contacts/{id}/invitation");
    let (old, new, third) = (invitation(), invitation(), invitation());
    assert_eq!(redeem(&running, &old).await, finished(), "never made");
    sam.put(&link, json!({ "invitation": old })).await.is(204);
    sam.put(&link, json!({ "invitation": old })).await.is(204);
    assert_eq!(list(&mut sam).await[0]["link"], true);
    sam.put(&link, json!({ "invitation": new })).await.is(204);
    assert_eq!(redeem(&running, &old).await, finished(), "replaced before anybody came");
    assert_eq!(redeem(&running, &new).await, (200, String::new()));
    sam.put(&link, json!({ "invitation": third })).await.is(204);
    assert_eq!(redeem(&running, &new).await, finished(), "replaced after somebody came");
    sam.put(&link, json!({ "invitation": new })).await.refused(422, "invitation_taken");
    sam.send(Method::DELETE, &link, &[], Vec::new()).await.is(204);
    sam.send(Method::DELETE, &link, &[], Vec::new()).await.is(204);
    assert_eq!(redeem(&running, &third).await, finished(), "revoked");
    assert_eq!(list(&mut sam).await[0]["link"], false);
}

/// The token of a link and the invitation that a browser derives from it.
const TOKEN: &str = "01234-56789-abcde-fghjk-mnpqr-s";
const INVITATION: &str = "7566481c24134c383217218e91711b79";
const OTHER_TOKEN: &str = "00000-00000-00000-00000-00000-0";
const OTHER_INVITATION: &str = "183213be8cc6892d9ea4a547c4ef809c";

#[tokio::test]
async fn a_link_is_drawn_for_its_practitioner_alone_and_marked_as_seen_for_good() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut kim = colleague(&folder, &running).await;
    let id = sam.plan(details("JT-4471")).await;
    let (link, qr) = (format!("/api/contacts/{id}/invitation"), format!("/api/contacts/{id}/qr"));
    let shown = |token: &str| json!({ "token": token });
    sam.post(&qr, shown(TOKEN)).await.refused(422, "unknown_link");
    sam.put(&link, json!({ "invitation": INVITATION })).await.is(204);
    for wrong in ["", "01234", "11234-56789-abcde-fghjk-mnpqr-s", &"0".repeat(5_000)] {
        sam.post(&qr, shown(wrong)).await.refused(422, "unknown_link");
    }
    kim.post(&qr, shown(TOKEN)).await.refused(404, "unknown_contact");
    running.client().post(&qr, shown(TOKEN)).await.refused(401, "not_signed_in");
    assert_eq!(list(&mut sam).await[0]["link_known"], false, "what was refused marks nothing");
    let drawn = sam.post(&qr, shown(TOKEN)).await.is(200);
    assert!(drawn["size"].as_u64().is_some_and(|size| size > 20) && drawn["path"].as_str().is_some_and(|path| path.starts_with('M')));
    assert_eq!(list(&mut sam).await[0]["link_known"], true);
    assert_eq!(redeem(&running, INVITATION).await, (200, String::new()), "it works as before");
    let other = sam.plan(details("K-0932")).await;
    sam.post(&format!("/api/contacts/{other}/qr"), shown(TOKEN)).await.refused(422, "unknown_link");
    assert!(!running.log().to_lowercase().contains("01234-56789"), "no log holds a link");
    let second = format!("/api/contacts/{other}");
    sam.put(&format!("{second}/invitation"), json!({ "invitation": OTHER_INVITATION })).await.is(204);
    sam.post(&format!("{second}/qr"), shown(OTHER_TOKEN)).await.is(200);
    sam.put(&format!("{second}/invitation"), json!({ "invitation": invitation() })).await.is(204);
    sam.post(&format!("{second}/qr"), shown(OTHER_TOKEN)).await.refused(422, "unknown_link");
    running.kill();
    let running = Running::start(&folder);
    sam.address.clone_from(&running.address);
    let listed = list(&mut sam).await;
    let known = |id: &str| listed.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap()["link_known"].clone();
    assert_eq!(known(&id), true, "also after a power cut");
    assert_eq!(known(&other), false, "a new link is the desk's secret again");
}

#[tokio::test]
async fn a_guesser_of_links_is_held_up_and_a_real_one_isnt_counted() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    for _ in 0..40 {
        let id = sam.plan(details("JT-4471")).await;
        let real = invitation();
        sam.put(&format!("/api/contacts/{id}/invitation"), json!({ "invitation": real })).await.is(204);
        assert_eq!(redeem(&running, &real).await, (200, String::new()));
    }
    let mut refused = 0;
    for _ in 0..60 {
        let reply = redeem(&running, &invitation()).await;
        assert!(reply == finished() || reply == (429, "too_many".into()), "{reply:?}");
        refused += usize::from(reply.0 == 429);
    }
    assert!((20..=30).contains(&refused), "{refused} of 60 refused unchecked");
}

#[tokio::test]
async fn anothers_contact_is_like_one_that_doesnt_exist_and_a_stranger_gets_nothing() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471")).await;
    let mut kim = colleague(&folder, &running).await;
    assert_eq!(list(&mut kim).await, json!([]));
    let mut stranger = running.client();
    let (one, link) = (format!("/api/contacts/{id}"), format!("/api/contacts/{id}/invitation"));
    let missing = "/api/contacts/00000000000000000000000000000000";
    let body = json!({ "invitation": invitation() });
    kim.put(missing, details("x")).await.refused(404, "unknown_contact");
    kim.put(&one, details("x")).await.refused(404, "unknown_contact");
    kim.put(&link, body.clone()).await.refused(404, "unknown_contact");
    kim.send(Method::DELETE, &link, &[], Vec::new()).await.refused(404, "unknown_contact");
    stranger.get("/api/contacts?from=0&to=1").await.refused(401, "not_signed_in");
    stranger.post("/api/contacts", json!({ "details": details("x") })).await.refused(401, "not_signed_in");
    stranger.put(&one, details("x")).await.refused(401, "not_signed_in");
    stranger.put(&link, body.clone()).await.refused(401, "not_signed_in");
    stranger.send(Method::DELETE, &link, &[], Vec::new()).await.refused(401, "not_signed_in");
    stranger.json(Method::PATCH, "/api/staff/me", json!({ "look_first": false })).await.refused(401, "not_signed_in");
    assert_eq!(list(&mut sam).await[0]["details"]["reference"], "JT-4471");
    assert_eq!(list(&mut sam).await[0]["link"], false);
}
