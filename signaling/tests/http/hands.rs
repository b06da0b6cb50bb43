//! A contact in other hands, by requests and sockets: handed over while somebody waits, a colleague asked in, a leaver covered for.

use crate::sockets::{Socket, desk, guest, redeemed};
use crate::world::{Client, Folder, Running, details};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn id_of(sam: &mut Client, name: &str) -> String {
    let members = sam.get("/api/members").await.is(200)["members"].clone();
    members.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn into_team(sam: &mut Client, name: &str, roles: &[&str], team: &str) {
    let id = id_of(sam, name).await;
    sam.put(&format!("/api/members/{id}"), json!({ "roles": roles, "team": team })).await.is(204);
}

/// They wait; the service user's socket.
async fn waits(running: &Running, session: &str) -> Socket {
    let mut phone = guest(&running.client(), session, "phone").await;
    phone.stage("view", "asked").await;
    phone.say(json!({"type": "answer", "answer": "yes"})).await;
    phone.say(json!({"type": "choose", "way": "text"})).await;
    phone.say(json!({"type": "knock"})).await;
    phone.stage("view", "waiting").await;
    phone
}

fn act(contact: &str, act: Value) -> Value {
    json!({ "type": "in", "contact": contact, "act": act })
}

/// The next view with this name in it.
async fn named(phone: &mut Socket, stage: &str, name: &str) -> Duration {
    let began = Instant::now();
    loop {
        let view = phone.stage("view", stage).await;
        if view["practitioner"] == name {
            return began.elapsed();
        }
    }
}

#[tokio::test]
async fn a_contact_that_is_handed_over_while_they_wait_is_the_colleagues_at_once_and_the_link_goes_on() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let kim = running.member(&folder, "Kim", &["practitioner"]).await;
    let kims = id_of(&mut sam, "Kim").await;
    let (contact, session) = redeemed(&running, &mut sam).await;
    let mut phone = waits(&running, &session).await;
    let (mut sams, mut other) = (desk(&sam, "sams").await, desk(&kim, "kims").await);
    sams.next("ready").await;
    other.next("ready").await;
    let path = format!("/api/contacts/{contact}/hand-over");
    sam.post(&path, json!({ "to": "nobody" })).await.refused(409, "colleague_gone");

    let began = Instant::now();
    let went = sam.post(&path, json!({ "to": kims, "note": "They like it slow" })).await.is(200);
    assert_eq!(went["contacts"], json!([contact]));
    assert_eq!(sams.next("gone").await["contact"], contact);
    let view = other.next("contact").await["view"].clone();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!((&view["hands"]["given"]["by"], &view["hands"]["given"]["note"]), (&json!("Sam"), &json!("They like it slow")));
    assert_eq!((&view["hands"]["owner"], &view["part"]), (&json!("Kim"), &Value::Null));
    named(&mut phone, "waiting", "Kim").await;
    // Nothing of it is Sam's any more, on the page that was open and by request.
    sams.say(act(&contact, json!({ "do": "take" }))).await;
    assert_eq!(sams.next("refused").await["code"], "unknown");
    sam.post(&path, json!({ "to": kims })).await.refused(404, "unknown_contact");
    // And Kim lets them in.
    let person = view["people"][0]["id"].clone();
    other.say(act(&contact, json!({ "do": "admit", "person": person }))).await;
    assert_eq!(phone.stage("view", "in").await["practitioner"], "Kim");
    // Not while they talk.
    let mut kim = kim;
    let sams_id = id_of(&mut sam, "Sam").await;
    kim.post(&path, json!({ "to": sams_id })).await.refused(409, "in_conversation");
    other.say(act(&contact, json!({ "do": "put_back", "person": person }))).await;
    phone.stage("view", "waiting").await;
    kim.post(&path, json!({ "to": sams_id })).await.is(200);
    named(&mut phone, "waiting", "Sam").await;
}

#[tokio::test]
async fn a_person_with_a_plan_goes_whole_with_all_their_contacts_and_records() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut kim = running.member(&folder, "Kim", &["practitioner"]).await;
    let kims = id_of(&mut sam, "Kim").await;
    let person = sam.post("/api/people", crate::people::plan("tamarind")).await.is(201)["id"].as_str().unwrap().to_owned();
    let mut about = details("QX-1");
    about["about"] = json!(person);
    let first = sam.plan(about.clone()).await;
    let second = sam.plan(about).await;
    let alone = sam.plan(details("ZZ-1")).await;
    let note = json!({ "written": { "notes": "Their words", "text": null, "safety": null }, "page": "p", "number": 1, "base": 0 });
    sam.put(&format!("/api/contacts/{second}/record"), note).await.is(200);
    let went = sam.post(&format!("/api/contacts/{first}/hand-over"), json!({ "to": kims })).await.is(200);
    assert_eq!(went["contacts"].as_array().unwrap().len(), 2);
    assert_eq!(kim.get(&format!("/api/people/{person}")).await.is(200)["plan"]["word"], "tamarind");
    assert_eq!(kim.get(&format!("/api/contacts/{second}/record")).await.is(200)["written"]["notes"], "Their words");
    sam.get(&format!("/api/people/{person}")).await.refused(404, "unknown_person");
    sam.get(&format!("/api/contacts/{second}/record")).await.refused(404, "unknown_contact");
    let left = sam.get("/api/contacts?from=0&to=4000000000").await.is(200);
    assert_eq!((left["contacts"].as_array().unwrap().len(), &left["contacts"][0]["id"]), (1, &json!(alone)));
}

#[tokio::test]
async fn who_is_asked_in_talks_under_their_own_name_and_is_out_within_a_second_of_being_taken_out() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut lee = running.member(&folder, "Lee", &["practitioner"]).await;
    let lees = id_of(&mut sam, "Lee").await;
    let (contact, session) = redeemed(&running, &mut sam).await;
    let mut phone = waits(&running, &session).await;
    let (mut sams, mut theirs) = (desk(&sam, "sams").await, desk(&lee, "lees").await);
    sams.next("ready").await;
    theirs.next("ready").await;
    let asked = format!("/api/contacts/{contact}/asked/{lees}");
    sam.put(&asked, Value::Null).await.is(204);
    let view = theirs.next("contact").await["view"].clone();
    assert_eq!((&view["part"], &view["hands"]["owner"]), (&json!("asked"), &json!("Sam")));
    let person = view["people"][0]["id"].clone();
    // They may talk, and manage nothing.
    lee.post(&format!("/api/contacts/{contact}/cancel"), json!({ "and_after": false })).await.refused(404, "unknown_contact");
    theirs.say(act(&contact, json!({ "do": "take" }))).await;
    theirs.say(act(&contact, json!({ "do": "admit", "person": person }))).await;
    assert_eq!(phone.stage("view", "in").await["practitioner"], "Lee");
    let began = Instant::now();
    sam.send(Method::DELETE, &asked, &[], vec![]).await.is(204);
    assert_eq!(theirs.next("gone").await["contact"], contact);
    named(&mut phone, "waiting", "Balthazar").await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    theirs.say(act(&contact, json!({ "do": "admit", "person": person }))).await;
    assert_eq!(theirs.next("refused").await["code"], "unknown");
    // The one whose it is carries on.
    sams.say(act(&contact, json!({ "do": "take" }))).await;
    sams.say(act(&contact, json!({ "do": "admit", "person": person }))).await;
    assert_eq!(phone.stage("view", "in").await["practitioner"], "Balthazar");
}

#[tokio::test]
async fn a_supervisor_covers_for_somebody_who_has_left_hands_it_on_and_loses_it_with_the_team() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut gone = running.member(&folder, "Gone", &["practitioner"]).await;
    let mut ada = running.member(&folder, "Ada", &["supervisor"]).await;
    let mut kim = running.member(&folder, "Kim", &["practitioner"]).await;
    let team = |name: &str| json!({ "name": name });
    let north = sam.post("/api/teams", team("North")).await.is(201)["id"].as_str().unwrap().to_owned();
    let south = sam.post("/api/teams", team("South")).await.is(201)["id"].as_str().unwrap().to_owned();
    into_team(&mut sam, "Gone", &["practitioner"], &north).await;
    into_team(&mut sam, "Ada", &["supervisor"], &north).await;
    let (first, second) = (gone.plan(details("QX-1")).await, gone.plan(details("QX-2")).await);
    let leaver = id_of(&mut sam, "Gone").await;
    sam.put(&format!("/api/members/{leaver}/disabled"), Value::Null).await.is(204);
    let cover = |contact: &str| format!("/api/contacts/{contact}/cover");
    let mut page = desk(&ada, "adas").await;
    page.next("ready").await;
    // An administrator doesn't get at it.
    sam.put(&cover(&first), json!({ "reason": "They have left us", "hours": 4 })).await.refused(404, "unknown_contact");
    ada.put(&cover(&first), json!({ "reason": "too short", "hours": 4 })).await.refused(422, "reason_short");
    ada.put(&cover(&first), json!({ "reason": "They have left us", "hours": 25 })).await.refused(422, "hours_out_of_range");
    for contact in [&first, &second] {
        ada.put(&cover(contact), json!({ "reason": "They have left us", "hours": 4 })).await.is(204);
        assert_eq!(page.next("contact").await["view"]["part"], "covering");
    }
    let list = ada.get("/api/team/contacts?from=0&to=4000000000").await.is(200);
    assert!(list["contacts"].as_array().unwrap().iter().all(|one| one["covered"]["mine"] == true), "{list}");
    let kims = id_of(&mut sam, "Kim").await;
    ada.post(&format!("/api/contacts/{first}/hand-over"), json!({ "to": kims })).await.is(200);
    assert_eq!(page.next("gone").await["contact"], first);
    kim.get(&format!("/api/contacts/{first}/record")).await.is(200);
    // Nobody tells the room of the team: it looks by itself.
    let began = Instant::now();
    into_team(&mut sam, "Ada", &["supervisor"], &south).await;
    assert_eq!(page.next("gone").await["contact"], second);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    ada.get(&format!("/api/contacts/{second}/record")).await.refused(404, "unknown_contact");
}
