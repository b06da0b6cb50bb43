//! Safety plans: whose they are, where they hold, what they refuse.

use crate::contacts::{colleague, list};
use crate::world::{Folder, Running, details, invitation, now};
use reqwest::Method;
use serde_json::{Value, json};

pub fn plan(word: &str) -> Value {
    json!({
        "reference": "JT-4471",
        "channels": ["text"],
        "hours": [{ "days": [0, 1, 2, 3, 4, 5, 6], "from": 0, "until": 1440 }],
        "zone": "Europe/Dublin",
        "number": null,
        "word": word,
        "spellings": [],
        "response": "Write at six",
        "proves_us": null,
        "proves_them": null,
        "proves_them_answer": null,
        "if_other": null,
        "if_drops": null,
        "if_exit": null,
        "when_hidden": null,
        "signing": false,
    })
}

fn refusal(person: &Value, channel: &str) -> Value {
    let channels = person["channels"].as_array().unwrap();
    channels.iter().find(|one| one["channel"] == channel).unwrap()["refused"].clone()
}

#[tokio::test]
async fn a_plan_holds_in_contacts_with_its_person_and_another_practitioner_never_sees_it() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201);
    let id = person["id"].as_str().unwrap().to_owned();
    let mut about = details("JT-4471");
    about["about"] = json!(id);
    let contact = sam.plan(about.clone()).await;
    let listed = list(&mut sam).await;
    assert_eq!(listed[0]["details"]["word"], "tamarind");
    sam.put(&format!("/api/people/{id}"), plan("quince")).await.is(200);
    assert_eq!(list(&mut sam).await[0]["details"]["word"], "quince");
    let path = format!("/api/people/{id}");
    sam.json(Method::DELETE, &path, json!({})).await.refused(409, "has_contacts");

    let mut kim = colleague(&folder, &running).await;
    assert_eq!(kim.get("/api/people").await.is(200)["people"], json!([]));
    kim.get(&path).await.refused(404, "unknown_person");
    kim.put(&path, plan("theirs")).await.refused(404, "unknown_person");
    kim.json(Method::DELETE, &path, json!({})).await.refused(404, "unknown_person");
    kim.post("/api/contacts", json!({ "details": about })).await.refused(404, "unknown_person");

    // Without her, the contact has nothing of the plan, and the plan can go.
    sam.put(&format!("/api/contacts/{contact}"), details("JT-4471")).await.is(204);
    sam.json(Method::DELETE, &path, json!({})).await.is(204);
    sam.get(&path).await.refused(404, "unknown_person");
    assert_eq!(list(&mut sam).await[0]["details"]["about"], Value::Null);
}

#[tokio::test]
async fn what_the_plan_does_not_mark_is_refused_with_the_reason() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201);
    assert_eq!(refusal(&person, "text"), Value::Null);
    for channel in ["system_text", "email", "calendar", "voice"] {
        assert_eq!(refusal(&person, channel), "channel");
    }
    let path = format!("/api/people/{}", person["id"].as_str().unwrap());
    let mut changed = plan("tamarind");
    changed["hours"] = json!([]);
    assert_eq!(refusal(&sam.put(&path, changed.clone()).await.is(200), "text"), "no_hours");
    changed["channels"] = json!([]);
    sam.put(&path, changed).await.is(200);
    assert_eq!(refusal(&sam.get(&path).await.is(200), "text"), "no_channels");
    sam.post("/api/people", json!({ "reference": "x" })).await.refused(422, "bad_body");
    let mut bad = plan("tamarind");
    bad["zone"] = json!("Europe/Nowhere");
    sam.post("/api/people", bad).await.refused(422, "zone_unknown");
}

#[tokio::test]
async fn where_help_would_go_has_a_request_of_its_own_and_stays_with_its_contact() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201);
    let mut about = details("JT-4471");
    about["about"] = person["id"].clone();
    about["help"] = json!("said by a form");
    let contact = sam.plan(about.clone()).await;
    let path = format!("/api/contacts/{contact}/help");
    assert_eq!(list(&mut sam).await[0]["details"]["help"], Value::Null, "only its own request says it");
    let most = "\u{e9}".repeat(200);
    sam.put(&path, json!({ "help": most })).await.is(204);
    sam.put(&path, json!({ "help": format!("{most}x") })).await.refused(422, "help_long");
    sam.put(&path, json!({ "help": "one\ntwo" })).await.refused(422, "bad_characters");
    sam.put(&path, json!({ "help": null, "more": 1 })).await.refused(422, "bad_body");
    about["help"] = Value::Null;
    sam.put(&format!("/api/contacts/{contact}"), about).await.is(204);
    assert_eq!(list(&mut sam).await[0]["details"]["help"], most, "and no form takes it back");
    let person = sam.get(&format!("/api/people/{}", person["id"].as_str().unwrap())).await.is(200);
    assert!(!person.to_string().contains(&most), "nothing of it goes into their plan");
    sam.put(&path, json!({ "help": " " })).await.is(204);
    assert_eq!(list(&mut sam).await[0]["details"]["help"], Value::Null);
    let mut kim = colleague(&folder, &running).await;
    kim.put(&path, json!({ "help": "elsewhere" })).await.refused(404, "unknown_contact");
}

#[tokio::test]
async fn who_is_early_is_told_the_time_only_where_the_plan_says_so() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut agreed = plan("tamarind");
    for (early, told) in [(Value::Null, false), (json!("not_told"), false), (json!("told"), true)] {
        agreed["early"] = early;
        let person = sam.post("/api/people", agreed.clone()).await.is(201);
        let mut later = details("JT-4471");
        later["about"] = person["id"].clone();
        later["starts_at"] = json!(later["starts_at"].as_u64().unwrap() + 7200);
        let contact = sam.plan(later.clone()).await;
        let link = json!({ "invitation": invitation() });
        sam.put(&format!("/api/contacts/{contact}/invitation"), link.clone()).await.is(204);
        let refused = running.client().post("/api/redeem", link).await.is(403);
        assert_eq!(refused["code"], "too_early");
        assert_eq!(refused.get("starts_at"), told.then_some(&later["starts_at"]));
    }
    agreed["early"] = json!("perhaps");
    sam.post("/api/people", agreed).await.refused(422, "bad_body");
}

#[tokio::test]
async fn what_goes_with_the_link_is_bounded_and_tells_nothing() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut agreed = plan("tamarind");
    let most = "\u{e9}".repeat(120);
    for (words, code) in
        [(format!("{most}x"), "wording_long"), ("one\ntwo".into(), "bad_characters"), ("The Council rang".into(), "wording_telling")]
    {
        agreed["wording"] = json!(words);
        sam.post("/api/people", agreed.clone()).await.refused(422, code);
    }
    agreed["wording"] = json!(most);
    assert_eq!(sam.post("/api/people", agreed.clone()).await.is(201)["plan"]["wording"], most);
    agreed["wording"] = json!(" ");
    assert_eq!(sam.post("/api/people", agreed).await.is(201)["plan"]["wording"], Value::Null);
}

#[tokio::test]
async fn an_administrator_lets_one_channel_through_for_a_while_with_a_reason_and_the_audit_has_both() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    // Administrator and practitioner; and a practitioner alone.
    let mut sam = running.practitioner().await;
    let mut kim = colleague(&folder, &running).await;
    let person = kim.post("/api/people", plan("tamarind")).await.is(201);
    let id = person["id"].as_str().unwrap().to_owned();
    assert_eq!((refusal(&person, "email"), person["allowed"].clone()), (json!("channel"), Value::Null));
    let path = format!("/api/people/{id}/override");
    let good = |channel: &str, minutes: u32| json!({ "channel": channel, "minutes": minutes, "reason": "They asked for it by phone" });

    kim.post(&path, good("email", 60)).await.refused(403, "not_allowed");
    sam.post(&path, good("voice", 60)).await.refused(422, "channel_rings");
    for minutes in [4, 1441] {
        sam.post(&path, good("email", minutes)).await.refused(422, "minutes_out_of_range");
    }
    for (reason, code) in [(" too short ".to_owned(), "reason_short"), ("x".repeat(401), "reason_long")] {
        sam.post(&path, json!({ "channel": "email", "minutes": 60, "reason": reason })).await.refused(422, code);
    }
    sam.post("/api/people/0123/override", good("email", 60)).await.refused(404, "unknown_person");
    assert_eq!(sam.get("/api/audit").await.is(200)["entries"], json!([]), "what was refused isn't in it");

    let before = now();
    sam.post(&path, good("email", 60)).await.is(204);
    let now_so = kim.get(&format!("/api/people/{id}")).await.is(200);
    assert_eq!((refusal(&now_so, "email"), refusal(&now_so, "calendar")), (Value::Null, json!("channel")), "that one and no other");
    assert_eq!(now_so["allowed"]["reason"], "They asked for it by phone");
    let until = now_so["allowed"]["until"].as_u64().unwrap();
    assert!((before + 3600..=now() + 3600).contains(&until));
    // The administrator, who doesn't keep the plan, still can't see it.
    sam.get(&format!("/api/people/{id}")).await.refused(404, "unknown_person");
    // A change of the plan leaves it; taken back, the plan alone counts.
    let changed = kim.put(&format!("/api/people/{id}"), plan("quince")).await.is(200);
    assert_eq!(refusal(&changed, "email"), Value::Null);
    for _ in 0..2 {
        sam.json(Method::DELETE, &path, json!({})).await.is(204);
    }
    assert_eq!(refusal(&kim.get(&format!("/api/people/{id}")).await.is(200), "email"), json!("channel"));
    let audit = sam.get("/api/audit").await.is(200)["entries"].clone();
    let told = audit.as_array().unwrap().iter().map(|entry| (entry["what"].clone(), entry["person"].clone(), entry["reason"].clone()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [(json!("override_withdrawn"), json!(id), Value::Null), (json!("override_given"), json!(id), json!("They asked for it by phone")),]
    );
}
