//! How long things are kept: chosen, previewed, taken back, swept, and proved.

use crate::contacts::list;
use crate::keeping::records;
use crate::people::plan;
use crate::sockets::desk;
use crate::world::{Client, Folder, Running, details, now};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Connection;

const WHY: &str = "Agreed with the data protection officer";

fn period<'a>(keeping: &'a Value, category: &str) -> &'a Value {
    keeping["categories"].as_array().unwrap().iter().find(|one| one["category"] == category).unwrap()
}

async fn ended(client: &mut Client, reference: &str) -> String {
    let id = client.plan(details(reference)).await;
    let mut at_desk = desk(client, "tab").await;
    at_desk.next("ready").await;
    at_desk.say(json!({"type": "in", "contact": id, "act": {"do": "end"}})).await;
    while at_desk.next("contact").await["view"]["ended"].is_null() {}
    id
}

/// What a command of the same program says, and how it ends.
fn command(folder: &Folder, arguments: &[&str]) -> (i32, String) {
    let output = folder.run(arguments);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn a_change_shows_what_it_deletes_needs_a_reason_waits_for_the_night_and_can_be_taken_back() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut ada = running.member(&folder, "ada", &["administrator"]).await;
    ended(&mut sam, "JT-4471").await;
    let twelve = json!({ "periods": { "contact": 12 } });
    let before = ada.get("/api/retention").await.is(200);
    let contact = period(&before, "contact");
    assert_eq!(
        (&contact["period"], &contact["least"], &contact["most"], &contact["unit"]),
        (&json!(24), &json!(1), &json!(720), &json!("hours"))
    );
    assert_eq!((&before["last_change"], &contact["kept"]), (&Value::Null, &json!(1)));

    let preview = ada.post("/api/retention/preview", twelve.clone()).await.is(200);
    let at = preview["at"].as_u64().unwrap();
    assert!(at > now() && at < now() + 26 * 3600, "{preview}");
    let line = &preview["lines"][0];
    // By the night it is more than twelve hours old, or it isn't.
    let due = u64::from(at >= now() + 12 * 3600);
    let due_anyway = u64::from(at >= now() + 24 * 3600);
    assert_eq!((&line["category"], &line["period"], line["count"].as_u64().unwrap()), (&json!("contact"), &json!(12), due));
    assert_eq!(line["more"].as_u64().unwrap(), due - due_anyway);
    assert_eq!(ada.get("/api/retention").await.is(200)["last_change"], Value::Null, "a preview changes nothing");

    ada.put("/api/retention", twelve.clone()).await.refused(422, "reason_short");
    for hours in [0, 721] {
        ada.put("/api/retention", json!({ "periods": { "contact": hours }, "reason": WHY })).await.refused(422, "period_out_of_bounds");
    }
    ada.put("/api/retention", json!({ "periods": { "contact": 24 }, "reason": WHY })).await.refused(422, "nothing_changed");
    ada.put("/api/retention", json!({ "periods": { "everything": 1 }, "reason": WHY })).await.refused(422, "bad_body");
    ada.get("/api/retention?team=north").await.refused(404, "unknown_team");
    let after = ada.put("/api/retention", json!({ "periods": { "contact": 12 }, "reason": WHY })).await.is(200);
    let contact = period(&after, "contact");
    assert_eq!((&contact["period"], &contact["soon"], after["changes_at"].as_u64()), (&json!(24), &json!(12), Some(at)));
    let change = &after["last_change"];
    assert_eq!((&change["reason"], &change["periods"], &change["can_be_undone"]), (&json!(WHY), &json!({ "contact": 12 }), &json!(true)));
    let audit = ada.get("/api/audit").await.is(200);
    assert_eq!(audit["entries"][0]["what"], "setting_changed");

    let back = ada.send(Method::DELETE, "/api/retention", &[], Vec::new()).await.is(200);
    assert_eq!((&period(&back, "contact")["soon"], &back["changes_at"]), (&Value::Null, &Value::Null));
    ada.send(Method::DELETE, "/api/retention", &[], Vec::new()).await.refused(409, "cant_be_undone");
    assert_eq!(list(&mut sam).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_the_command_line_previews_it_erases_and_its_receipt_holds_and_a_running_service_is_left_to_itself() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let over = ended(&mut sam, "JT-4471").await;
    assert_eq!(command(&folder, &["retention", "preview"]), (0, "Nothing is to be erased now.\n".into()));
    let (status, line) = command(&folder, &["retention", "run"]);
    assert!(
        status == 1 && line.starts_with("retention run: ") && line.contains("serves from it already") && line.lines().count() == 1,
        "{line}"
    );
    assert!(running.stop().success());
    let mut rows = records(&folder).await;
    sqlx::query("UPDATE contacts SET ended = ended - 86400").execute(&mut rows).await.unwrap();
    rows.close().await.unwrap();
    assert_eq!(command(&folder, &["retention", "preview"]), (0, "To be erased now: 1 contacts (kept for 24 hours).\n".into()));
    assert_eq!(command(&folder, &["retention", "run"]), (0, "Erased: 1 contacts, 0 safety plans, 0 audit entries.\n".into()));
    assert_eq!(command(&folder, &["retention", "run"]), (0, "Erased: 0 contacts, 0 safety plans, 0 audit entries.\n".into()));
    for entry in std::fs::read_dir(folder.data()).unwrap() {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!content.windows(over.len()).any(|window| window == over.as_bytes()), "its id is left");
    }

    let running = Running::start(&folder);
    let mut ada = running.member(&folder, "ada", &["administrator"]).await;
    let keeping = ada.get("/api/retention").await.is(200);
    let receipt = &keeping["receipts"][0];
    assert_eq!(
        (&receipt["number"], &receipt["category"], &receipt["count"], &receipt["period"]),
        (&json!(1), &json!("contact"), &json!(1), &json!(24))
    );
    let file = ada.get("/api/retention/receipts/1").await;
    assert!(file.header("content-disposition").starts_with("attachment"));
    let text = String::from_utf8(file.bytes.to_vec()).unwrap();
    assert!(!text.contains(&over) && !text.contains("JT-4471"), "{text}");
    ada.get("/api/retention/receipts/2").await.refused(404, "unknown_receipt");
    ada.get("/api/retention/receipts/x").await.refused(404, "unknown_receipt");
    let kept = folder.data().parent().unwrap().join(format!("receipt-{}.txt", std::process::id()));
    std::fs::write(&kept, &text).unwrap();
    let named = kept.display().to_string();
    let (status, line) = command(&folder, &["retention", "verify", &named]);
    assert_eq!((status, line.as_str()), (0, "The receipt holds: number 1, 1 contacts with all that happened in them (contact).\n"));
    std::fs::write(&kept, text.replace("how many: 1", "how many: 0")).unwrap();
    let (status, line) = command(&folder, &["retention", "verify", &named]);
    assert!(status == 1 && line.contains("something in it was changed") && line.lines().count() == 1, "{line}");
    std::fs::remove_file(&kept).unwrap();
    assert_eq!(command(&folder, &["retention", "verify", &named]).0, 2);
}

#[tokio::test]
async fn what_an_administrator_holds_its_practitioner_is_told_of_and_cant_erase_until_it_is_let_go() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut ada = running.member(&folder, "ada", &["administrator"]).await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201)["id"].as_str().unwrap().to_owned();
    let address = format!("/api/people/{person}");
    let hold = |days: u32, reason: &str| json!({ "subject": person, "days": days, "reason": reason });
    ada.post("/api/holds", hold(0, WHY)).await.refused(422, "days_out_of_range");
    ada.post("/api/holds", hold(731, WHY)).await.refused(422, "days_out_of_range");
    ada.post("/api/holds", hold(30, "short")).await.refused(422, "reason_short");
    ada.post("/api/holds", json!({ "subject": "0".repeat(32), "days": 30, "reason": WHY })).await.refused(404, "unknown_subject");
    assert_eq!(sam.get("/api/holds/mine").await.is(200), json!({ "held": [] }));
    ada.post("/api/holds", hold(30, WHY)).await.is(204);
    let mine = sam.get("/api/holds/mine").await.is(200);
    assert_eq!((&mine["held"][0]["subject"], mine["held"].as_array().unwrap().len()), (&json!(person), 1));
    assert!(!mine.to_string().contains(WHY), "why is not said");
    sam.send(Method::DELETE, &address, &[], Vec::new()).await.refused(409, "held");
    assert_eq!(sam.get(&address).await.is(200)["plan"]["word"], "tamarind");
    let listed = ada.get("/api/holds").await.is(200)["holds"][0].clone();
    assert_eq!((&listed["reason"], &listed["of_person"], &listed["name"]), (&json!(WHY), &json!(true), &json!("ada")));
    assert!(!listed.to_string().contains("tamarind"));
    let one = format!("/api/holds/{}", listed["id"].as_str().unwrap());
    ada.send(Method::DELETE, &one, &[], Vec::new()).await.is(204);
    ada.send(Method::DELETE, &one, &[], Vec::new()).await.refused(404, "unknown_hold");
    sam.send(Method::DELETE, &address, &[], Vec::new()).await.is(204);
    let audit = ada.get("/api/audit").await.is(200);
    let told: Vec<&str> = audit["entries"].as_array().unwrap().iter().filter_map(|entry| entry["what"].as_str()).take(2).collect();
    assert_eq!(told, ["hold_released", "hold_placed"]);
}
