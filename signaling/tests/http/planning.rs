//! Contacts planned again and again, moved, called off; and as a calendar file.

use crate::people::plan;
use crate::world::{Client, Folder, Running, details, invitation, now};
use serde_json::{Value, json};

/// When the clocks change next but for the coming month, and a moment on a weekday four weeks before it: the first of a series that crosses it.
fn before_the_clocks_change() -> (u64, u64) {
    // The last Sundays of March and October in London, 01:00 UTC.
    let changes = [1_806_195_600, 1_824_944_400, 1_837_645_200, 1_856_394_000, 1_869_094_800, 1_887_843_600, 1_901_149_200];
    let change = changes.into_iter().find(|change| *change > now() + 30 * 86_400).unwrap();
    (change, change - 26 * 86_400 + 8 * 3_600)
}

async fn all(client: &mut Client) -> Vec<Value> {
    client.get("/api/contacts?from=0&to=4000000000").await.is(200)["contacts"].as_array().unwrap().clone()
}

fn starts(contacts: &[Value]) -> Vec<u64> {
    contacts.iter().map(|one| one["details"]["starts_at"].as_u64().unwrap()).collect()
}

async fn series(sam: &mut Client, starts_at: u64, times: u8, about: &Value) -> Vec<Value> {
    let mut first = details("JT-4471");
    first["starts_at"] = json!(starts_at);
    first["about"] = about.clone();
    let repeat = json!({ "every": "week", "times": times, "zone": "Europe/London" });
    let made = sam.post("/api/contacts", json!({ "details": first, "repeat": repeat })).await.is(201);
    assert_eq!(made["id"], made["repeated"][0]["id"]);
    made["repeated"].as_array().unwrap().clone()
}

fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

#[tokio::test]
async fn a_repeated_contact_is_contacts_of_their_own_at_the_same_time_on_the_wall() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (change, first) = before_the_clocks_change();
    let made = series(&mut sam, first, 5, &Value::Null).await;
    let planned = all(&mut sam).await;
    let starts = starts(&planned);
    let steps: Vec<u64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let week = 7 * 86_400;
    let crossing = steps.iter().filter(|step| **step != week).collect::<Vec<_>>();
    assert!(starts[0] < change && starts[4] > change, "the clocks change in between");
    assert!(matches!(crossing[..], [step] if step.abs_diff(week) == 3_600), "{steps:?}");
    assert!(planned.iter().all(|one| one["series"] == planned[0]["series"] && one["series"].is_string()));
    // Each has a way in of its own, which has nothing to do with the others'.
    sam.put(&format!("/api/contacts/{}/invitation", id(&made[1])), json!({ "invitation": invitation() })).await.is(204);
    let links: Vec<bool> = all(&mut sam).await.iter().map(|one| one["link"].as_bool().unwrap()).collect();
    assert_eq!(links, [false, true, false, false, false]);
    for (body, code) in [
        (json!({ "every": "week", "times": 27, "zone": "Europe/London" }), "times_out_of_range"),
        (json!({ "every": "week", "times": 1, "zone": "Europe/London" }), "times_out_of_range"),
        (json!({ "every": "week", "times": 2, "zone": "Europe/Nowhere" }), "zone_unknown"),
    ] {
        sam.post("/api/contacts", json!({ "details": details("K"), "repeat": body })).await.refused(422, code);
    }
    let mut night = details("K");
    // A week before a Sunday in March, at half past one: a week later no clock shows that.
    let march = [1_806_195_600, 1_837_645_200, 1_869_094_800, 1_901_149_200].into_iter().find(|march| *march > now() + 8 * 86_400).unwrap();
    night["starts_at"] = json!(march - week + 1_800);
    let repeat = json!({ "every": "week", "times": 2, "zone": "Europe/London" });
    sam.post("/api/contacts", json!({ "details": night, "repeat": repeat })).await.refused(409, "clocks_skip");
    assert_eq!(all(&mut sam).await.len(), 5, "what is refused is planned at no time");
}

#[tokio::test]
async fn this_and_those_after_are_moved_and_called_off_and_those_before_stay() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let first = now() + 86_400;
    let made = series(&mut sam, first, 4, &Value::Null).await;
    let before = starts(&all(&mut sam).await);
    let move_to = |at: u64, and_after: bool| json!({ "starts_at": at, "zone": "UTC", "and_after": and_after });
    sam.put(&format!("/api/contacts/{}/time", id(&made[0])), move_to(before[0] + 60, false)).await.is(200);
    let moved = sam.put(&format!("/api/contacts/{}/time", id(&made[1])), move_to(before[1] + 7_200, true)).await.is(200);
    assert_eq!(moved["contacts"].as_array().unwrap().len(), 3);
    let after = starts(&all(&mut sam).await);
    assert_eq!(after, [before[0] + 60, before[1] + 7_200, before[2] + 7_200, before[3] + 7_200]);
    // Beyond what can be planned: none of them is moved.
    let far = now() + 731 * 86_400;
    sam.put(&format!("/api/contacts/{}/time", id(&made[2])), move_to(far, true)).await.refused(422, "starts_at_out_of_range");
    assert_eq!(starts(&all(&mut sam).await), after);

    let link = invitation();
    sam.put(&format!("/api/contacts/{}/invitation", id(&made[2])), json!({ "invitation": link })).await.is(204);
    // The control: it is worth something, if not yet.
    assert_eq!(running.client().post("/api/redeem", json!({ "invitation": link })).await.problem(), (403, "too_early".into()));
    let off = sam.post(&format!("/api/contacts/{}/cancel", id(&made[2])), json!({ "and_after": true })).await.is(200);
    assert_eq!(off["contacts"], json!([id(&made[2]), id(&made[3])]));
    let planned = all(&mut sam).await;
    let called_off: Vec<bool> = planned.iter().map(|one| one["cancelled"].is_number() && one["ended"].is_number()).collect();
    assert_eq!(called_off, [false, false, true, true]);
    // Its link is as dead as any, and so is the contact.
    let dead = running.client().post("/api/redeem", json!({ "invitation": link })).await.problem();
    let unknown = running.client().post("/api/redeem", json!({ "invitation": invitation() })).await.problem();
    assert_eq!((dead.0, &dead.1), (404, &"link_finished".to_owned()));
    assert_eq!(dead, unknown);
    sam.post(&format!("/api/contacts/{}/cancel", id(&made[2])), json!({ "and_after": false })).await.refused(409, "contact_ended");
    sam.put(&format!("/api/contacts/{}/time", id(&made[2])), move_to(first, false)).await.refused(409, "contact_ended");
}

#[tokio::test]
async fn a_calendar_file_keeps_its_name_counts_its_editions_and_says_nothing_of_anybody() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut planned = details("JT-4471");
    planned["starts_at"] = json!(now() + 86_400);
    let contact = sam.plan(planned).await;
    let path = format!("/api/contacts/{contact}/calendar");
    let line = |file: &str, name: &str| {
        file.split("\r\n").find_map(|line| line.strip_prefix(&format!("{name}:")).map(str::to_owned)).unwrap_or_default()
    };
    let fetched = async |sam: &mut Client, path: &str| {
        let reply = sam.get(path).await;
        assert_eq!(reply.status.as_u16(), 200);
        assert!(reply.header("content-type").starts_with("text/calendar; charset=utf-8"));
        assert_eq!(reply.header("cache-control"), "no-store");
        String::from_utf8(reply.bytes.to_vec()).unwrap()
    };
    let first = fetched(&mut sam, &path).await;
    assert_eq!((line(&first, "SEQUENCE"), line(&first, "SUMMARY"), line(&first, "METHOD")), ("0".into(), "Call".into(), "PUBLISH".into()));
    for telling in ["JT-4471", "Persephone", "Balthazar", "marmalade", "kettle", "idelight", contact.as_str(), "http"] {
        assert!(!first.contains(telling), "{telling}");
    }
    let named = fetched(&mut sam, &format!("{path}?reference=true")).await;
    assert_eq!(line(&named, "SUMMARY"), "Call: JT-4471");
    let invited = fetched(&mut sam, &format!("{path}?whose=invited")).await;
    assert_eq!(line(&invited, "SUMMARY"), "Call");
    assert_ne!(line(&invited, "UID"), line(&first, "UID"));
    sam.put(&format!("/api/contacts/{contact}/time"), json!({ "starts_at": now() + 90_000, "zone": "UTC", "and_after": false }))
        .await
        .is(200);
    let moved = fetched(&mut sam, &path).await;
    assert_eq!((line(&moved, "UID"), line(&moved, "SEQUENCE")), (line(&first, "UID"), "1".into()));
    assert_ne!(line(&moved, "DTSTART"), line(&first, "DTSTART"));
    let week = fetched(&mut sam, &format!("/api/calendar?from=0&to={}", now() + 7 * 86_400)).await;
    assert_eq!(line(&week, "UID"), line(&first, "UID"));
    sam.post(&format!("/api/contacts/{contact}/cancel"), json!({ "and_after": false })).await.is(200);
    let off = fetched(&mut sam, &path).await;
    assert_eq!((line(&off, "METHOD"), line(&off, "STATUS"), line(&off, "SEQUENCE")), ("CANCEL".into(), "CANCELLED".into(), "2".into()));
}

#[tokio::test]
async fn the_invited_get_a_calendar_file_only_where_their_plan_has_it_and_at_its_hours() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let person = sam.post("/api/people", plan("tamarind")).await.is(201);
    let made = series(&mut sam, now() + 86_400, 2, &person["id"]).await;
    assert!(made.iter().all(|one| one["outside"] == false));
    let path = format!("/api/contacts/{}/calendar", id(&made[0]));
    let theirs = format!("{path}?whose=invited");
    sam.get(&theirs).await.refused(409, "unsafe_channel");
    assert_eq!(sam.get(&path).await.status.as_u16(), 200, "their own calendar is the practitioner's matter");
    let changed = |channels: Value, hours: Value| {
        let mut plan = plan("tamarind");
        plan["channels"] = channels;
        plan["hours"] = hours;
        plan
    };
    let address = format!("/api/people/{}", id(&person));
    let always = json!([{ "days": [0, 1, 2, 3, 4, 5, 6], "from": 0, "until": 1440 }]);
    sam.put(&address, changed(json!(["calendar"]), always)).await.is(200);
    assert_eq!(sam.get(&theirs).await.status.as_u16(), 200);
    // At all hours but the one in which it begins: their phone would tell of it then.
    let minute = now().next_multiple_of(60) / 60 % 1440;
    let elsewhere =
        json!([{ "days": [0, 1, 2, 3, 4, 5, 6], "from": 0, "until": 1 }, { "days": [0, 1, 2, 3, 4, 5, 6], "from": 1439, "until": 1440 }]);
    if (3..1437).contains(&minute) {
        sam.put(&address, changed(json!(["calendar"]), elsewhere)).await.is(200);
        sam.get(&theirs).await.refused(409, "unsafe_hour");
        let time = format!("/api/contacts/{}/time", id(&made[0]));
        let moved = sam.put(&time, json!({ "starts_at": now() + 90_000, "zone": "UTC", "and_after": true })).await.is(200);
        assert!(moved["contacts"].as_array().unwrap().iter().all(|one| one["outside"] == true));
    }
    sam.put(&address, changed(json!([]), json!([]))).await.is(200);
    sam.get(&theirs).await.refused(409, "unsafe_no_channels");
}
