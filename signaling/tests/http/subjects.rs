//! One person's rights: a copy of all that is kept of them, and being erased with everything about them.

use crate::contacts::colleague;
use crate::people::plan;
use crate::sockets::desk;
use crate::world::{Client, Folder, Running, details, now};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// A person of whom a contact is planned and noted: both ids.
async fn planned(client: &mut Client, word: &str, notes: &str) -> (String, String) {
    let person = client.post("/api/people", plan(word)).await.is(201)["id"].as_str().unwrap().to_owned();
    let mut about = details("JT-4471");
    about["about"] = json!(person);
    let contact = client.plan(about).await;
    let written = json!({ "notes": notes, "text": null, "safety": format!("safety of {word}") });
    let save = json!({ "written": written, "page": "page-1", "number": 1, "base": 0 });
    client.put(&format!("/api/contacts/{contact}/record"), save).await.is(200);
    (person, contact)
}

async fn end(client: &mut Client, contact: &str) {
    let mut at_desk = desk(client, "tab").await;
    at_desk.next("ready").await;
    at_desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "end" } })).await;
    while at_desk.next("contact").await["view"]["ended"].is_null() {}
}

fn unzipped(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let (mut file, mut text) = (zip.by_index(index).unwrap(), String::new());
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}

/// Every key as it stands in the store.
async fn wrapped(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let mut keys = SqliteConnectOptions::new().filename(folder.data().join("keys.db")).connect().await.unwrap();
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT contact, wrapped FROM data_keys").fetch_all(&mut keys).await.unwrap();
    keys.close().await.unwrap();
    rows.into_iter().collect()
}

fn is_in_files(folder: &Folder, wanted: &[u8]) -> bool {
    let files = std::fs::read_dir(folder.data()).unwrap().chain(std::fs::read_dir(folder.path()).unwrap());
    let files = files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| std::fs::read(path).unwrap()).any(|content| content.windows(wanted.len()).any(|window| window == wanted))
}

async fn audited(client: &mut Client) -> Vec<Value> {
    client.get("/api/audit").await.is(200)["entries"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_copy_holds_all_that_is_kept_of_one_person_and_of_nobody_else_with_what_is_about_safety_apart() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (person, contact) = planned(&mut sam, "tamarind", "The kettle was warm <b>").await;
    planned(&mut sam, "quince", "Somebody else's notes").await;
    let beside = json!({ "part": "interpreter", "name": "Zenobia", "invitation": crate::world::invitation() });
    sam.post(&format!("/api/contacts/{contact}/people"), beside).await.is(201);
    end(&mut sam, &contact).await;
    let address = format!("/api/people/{person}/copy");
    colleague(&folder, &running).await.send(Method::POST, &address, &[], Vec::new()).await.refused(404, "unknown_person");
    sam.get(&address).await.refused(405, "bad_method");

    let reply = sam.send(Method::POST, &address, &[], Vec::new()).await;
    assert_eq!((reply.status.as_u16(), reply.header("cache-control"), reply.header("content-type")), (200, "no-store", "application/zip"));
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"copy.zip\"");
    let files = unzipped(&reply.bytes);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["data.html", "data.json", "review-before-release/safety.html", "review-before-release/safety.json"]);
    let data: Value = serde_json::from_str(&files["data.json"]).unwrap();
    assert_eq!(data["agreed"]["reference"], "JT-4471");
    assert_eq!(
        (&data["contacts"][0]["greeting"], &data["contacts"][0]["words_while_waiting"]),
        (&json!("Persephone"), &json!("The kettle is humming"))
    );
    assert_eq!(data["records"][0]["notes"], "The kettle was warm <b>");
    let review: Value = serde_json::from_str(&files["review-before-release/safety.json"]).unwrap();
    assert_eq!(review["safety_plan"]["word"], "tamarind");
    assert_eq!(review["records"][0]["text"], "safety of tamarind");
    assert_eq!(review["contacts"][0]["others_invited"][0]["name"], "Zenobia");
    assert!(files["data.html"].contains("The kettle was warm &lt;b&gt;"));
    for safe in ["data.json", "data.html"] {
        for apart in ["tamarind", "Write at six", "Zenobia"] {
            assert!(!files[safe].contains(apart), "{apart} in {safe}");
        }
    }
    for (name, text) in &files {
        for other in ["quince", "Somebody else"] {
            assert!(!text.contains(other), "{other} in {name}");
        }
        // The ids by which somebody else could be found, too.
        assert!(!text.contains(&contact), "{name}");
    }
    let entry = &audited(&mut sam).await[0];
    assert_eq!((&entry["what"], &entry["person"]), (&json!("copy_made"), &json!(person)));
    assert!(!running.log().contains("JT-4471"));
    // Nothing of it stays here.
    assert!(!is_in_files(&folder, b"sidelight-copy-1") && !is_in_files(&folder, b"tamarind"));
}

#[tokio::test]
async fn whoever_is_erased_goes_with_everything_about_them_and_gets_receipts_that_hold() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut ada = running.member(&folder, "ada", &["administrator"]).await;
    let (person, contact) = planned(&mut sam, "tamarind", "The kettle was warm").await;
    let (other, _) = planned(&mut sam, "quince", "Another's notes").await;
    let before = wrapped(&folder).await;
    let address = format!("/api/people/{person}/erasure");
    let erase = async |client: &mut Client| client.send(Method::POST, &address, &[], Vec::new()).await;

    erase(&mut sam).await.refused(409, "has_contacts");
    end(&mut sam, &contact).await;
    let hold = json!({ "subject": person, "days": 30, "reason": "A court has asked for it" });
    ada.post("/api/holds", hold).await.is(204);
    let found = sam.get(&address).await.is(200);
    assert_eq!((found["held"].as_u64().is_some_and(|ends| ends > now()), &found["open"]), (true, &json!(0)));
    assert_eq!(found["counts"], json!({ "contact": 1, "plan": 1, "unfinished": 1 }));
    erase(&mut sam).await.refused(409, "held");
    let id = ada.get("/api/holds").await.is(200)["holds"][0]["id"].as_str().unwrap().to_owned();
    ada.send(Method::DELETE, &format!("/api/holds/{id}"), &[], Vec::new()).await.is(204);
    colleague(&folder, &running).await.send(Method::POST, &address, &[], Vec::new()).await.refused(404, "unknown_person");
    ada.send(Method::POST, &address, &[], Vec::new()).await.refused(403, "not_allowed");
    sam.get(&format!("/api/people/{person}")).await.is(200);

    let receipts = erase(&mut sam).await.is(200)["receipts"].as_array().unwrap().clone();
    let told: Vec<(&str, u64)> =
        receipts.iter().map(|one| (one["receipt"]["category"].as_str().unwrap(), one["receipt"]["count"].as_u64().unwrap())).collect();
    assert_eq!(told, [("contact", 1), ("plan", 1), ("unfinished", 1)]);
    for (index, one) in receipts.iter().enumerate() {
        let signed = one["signed"].as_str().unwrap();
        assert!(signed.contains("erased because it was asked for") && !signed.contains(&person), "{signed}");
        let file = folder.path().join(format!("receipt-{index}.txt"));
        std::fs::write(&file, signed).unwrap();
        let verify = || folder.run(&["retention", "verify", &file.display().to_string()]).status.code();
        assert_eq!(verify(), Some(0));
        std::fs::write(&file, signed.replace("how many: 1", "how many: 0")).unwrap();
        assert_eq!(verify(), Some(1), "the control: a changed one doesn't hold");
    }

    sam.get(&format!("/api/people/{person}")).await.refused(404, "unknown_person");
    erase(&mut sam).await.refused(404, "unknown_person");
    sam.get(&format!("/api/contacts/{contact}/record")).await.refused(404, "unknown_contact");
    assert_eq!(sam.get("/api/contacts?from=0&to=4000000000").await.is(200)["contacts"].as_array().unwrap().len(), 1);
    let entries = audited(&mut ada).await;
    let entry = entries.iter().find(|entry| entry["what"] == "person_erased").unwrap();
    assert!(entry["person"].as_str().is_some_and(|name| name != person), "its name leads nowhere any more");
    // What was stored of them is in no file; what was stored of the other still is, by which it is seen that this finds things.
    let after = wrapped(&folder).await;
    for gone in [&person, &contact] {
        assert!(before.contains_key(gone) && !after.contains_key(gone));
        assert!(!is_in_files(&folder, &before[gone]), "a wrapped key is left");
        assert!(!is_in_files(&folder, gone.as_bytes()), "an id is left");
    }
    assert!(is_in_files(&folder, &before[&other]) && is_in_files(&folder, other.as_bytes()), "the control");
    assert_eq!(sam.get(&format!("/api/people/{other}")).await.is(200)["plan"]["word"], "quince");
    assert!(running.stop().success());
}
