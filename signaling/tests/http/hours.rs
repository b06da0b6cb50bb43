//! A practitioner's own working hours: theirs alone, checked, kept; and who is given the numbers outside of them.

use crate::sockets::desk;
use crate::world::{Client, Folder, Running, details, invitation, now};
use reqwest::Method;
use serde_json::{Value, json};

fn hours(spans: &Value, away: &Value, zone: &str) -> Value {
    json!({ "spans": spans, "away": away, "zone": zone })
}

const ZONE: &str = "Europe/Dublin";

#[tokio::test]
async fn own_hours_are_each_practitioners_own_and_outlast_a_restart() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let mut kim = running.member(&folder, "kim", &["practitioner", "supervisor"]).await;
    let none = hours(&json!([]), &json!([]), "");
    assert_eq!(sam.get("/api/hours").await.is(200), json!({ "hours": none, "outside": false }), "always, until they say otherwise");

    // What is over isn't kept; what goes on now says that they aren't there.
    let spans = json!([{ "day": 0, "from": 540, "until": 720 }, { "day": 0, "from": 780, "until": 1020 }]);
    let (over, now) = (json!({ "from": "2001-01-01", "to": "2001-01-09" }), json!({ "from": "2001-01-01", "to": "9000-01-01" }));
    let set = sam.put("/api/hours", hours(&spans, &json!([over, now]), ZONE)).await.is(200);
    let kept = json!({ "hours": hours(&spans, &json!([now]), ZONE), "outside": true });
    assert_eq!(set, kept);
    assert_eq!(sam.get("/api/hours").await.is(200), kept);
    assert_eq!(kim.get("/api/hours").await.is(200)["hours"], none, "a supervisor's own, not anybody else's");
    let entries = sam.get("/api/audit").await.is(200);
    assert!(!entries.to_string().contains("setting_changed"), "no administrator reads of it: {entries}");

    assert_eq!(sam.put("/api/hours", none.clone()).await.is(200)["outside"], false);
    assert_eq!(sam.put("/api/hours", kept["hours"].clone()).await.is(200), kept);
    assert!(running.stop().success());
    let running = Running::start_with(&folder, |service| {
        service.env("SIDELIGHT_PAGES__TIME_ZONE", "Asia/Kathmandu");
    });
    let mut again = running.client();
    again.cookies = sam.cookies;
    let read = again.get("/api/hours").await.is(200);
    assert_eq!((&read["hours"]["spans"], &read["hours"]["zone"]), (&spans, &json!("Asia/Kathmandu")), "by the organisation's clocks");
}

#[tokio::test]
async fn hours_that_are_none_are_refused_and_nothing_is_kept_of_them() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let span = |day: u32, from: u32, until: u32| json!({ "day": day, "from": from, "until": until });
    let many: Vec<_> = (0..4).map(|hour| span(2, hour * 60, hour * 60 + 30)).collect();
    let refused = [
        (json!([span(7, 540, 720)]), "hours_day"),
        (json!([span(0, 720, 540)]), "hours_times"),
        (json!([span(0, 540, 1441)]), "hours_times"),
        (json!(many), "hours_many"),
        (json!([span(0, 540, 720), span(0, 600, 780)]), "hours_overlap"),
    ];
    for (spans, code) in refused {
        sam.put("/api/hours", hours(&spans, &json!([]), ZONE)).await.refused(422, code);
    }
    let away = |from: &str, to: &str| json!([{ "from": from, "to": to }]);
    for wrong in [away("2999-01-02", "2999-01-01"), away("2999-02-29", "2999-03-01"), away("soon", "2999-03-01")] {
        sam.put("/api/hours", hours(&json!([]), &wrong, ZONE)).await.refused(422, "away_days");
    }
    let often: Vec<_> = (0..21).map(|_| away("2999-01-01", "2999-01-01")[0].clone()).collect();
    sam.put("/api/hours", hours(&json!([]), &json!(often), ZONE)).await.refused(422, "away_many");
    for zone in ["", "Europe/Nowhere", "+01:00"] {
        sam.put("/api/hours", hours(&json!([span(0, 540, 720)]), &json!([]), zone)).await.refused(422, "zone_unknown");
    }
    assert_eq!(sam.get("/api/hours").await.is(200)["hours"], hours(&json!([]), &json!([]), ""));
    sam.put("/api/hours", hours(&json!([span(0, 540, 720)]), &json!([]), ZONE)).await.is(200);
}

/// What can be rung outside of their hours. No other body or page of these tests has it.
const NIGHT: &str = "01632 960 955";

/// A contact so many hours from now, and its link, or code, as a phone sends it.
async fn planned(sam: &mut Client, hours: u64, by_code: bool) -> (String, Value) {
    let mut planned = details("JT-4471");
    (planned["starts_at"], planned["by_code"]) = (json!(now() + hours * 3600), json!(by_code));
    let id = sam.plan(planned).await;
    let link = json!({ "invitation": invitation(), "typed": by_code });
    sam.put(&format!("/api/contacts/{id}/invitation"), link.clone()).await.is(204);
    (id, link)
}

/// Away today, or not.
async fn away(sam: &mut Client, is_away: bool) {
    let always = json!([{ "from": "2001-01-01", "to": "9000-01-01" }]);
    let away = if is_away { always } else { json!([]) };
    assert_eq!(sam.put("/api/hours", hours(&json!([]), &away, ZONE)).await.is(200)["outside"], is_away);
}

#[tokio::test]
async fn out_of_hours_numbers_come_after_continue_on_a_living_link_that_is_early_and_nowhere_else() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let night = json!({ "label": "Evenings", "number": NIGHT, "answered": "5 pm to midnight" });
    let mut words = sam.get("/api/pages").await.is(200)["words"].clone();
    words["outside"] = json!([night]);
    sam.put("/api/pages", json!({ "words": words, "reason": "Agreed with the night team" })).await.is(200);
    let (_, early) = planned(&mut sam, 30, false).await;
    let (_, code) = planned(&mut sam, 30, true).await;
    let (blocked, revoked) = planned(&mut sam, 30, false).await;
    sam.send(Method::DELETE, &format!("/api/contacts/{blocked}/invitation"), &[], Vec::new()).await.is(204);
    let (over, ended) = planned(&mut sam, 0, false).await;
    let mut at_desk = desk(&sam, "tab").await;
    at_desk.next("ready").await;
    at_desk.say(json!({ "type": "in", "contact": over, "act": { "do": "end" } })).await;
    while at_desk.next("contact").await["view"]["ended"].is_null() {}
    let (_, now_on) = planned(&mut sam, 0, false).await;
    let mut phone = running.client();

    away(&mut sam, false).await;
    let within = phone.post("/api/redeem", early.clone()).await;
    within.refused(403, "too_early");
    assert_eq!(within.is(403).get("ring"), None, "within their hours");

    // With their desk open: nobody gets through to it before the time.
    away(&mut sam, true).await;
    let outside = phone.post("/api/redeem", early.clone()).await;
    outside.refused(403, "too_early");
    assert_eq!(outside.is(403)["ring"], json!([night]), "the control: a living link, outside of them");

    // A page before "Continue", or a preview of the message; wrong links, dead ones, codes; and one whose time has come.
    let unknown = json!({ "invitation": invitation() });
    let mut others = vec![phone.get("/").await];
    for dead in [code, revoked, ended, unknown] {
        let reply = phone.post("/api/redeem", dead).await;
        reply.refused(404, "link_finished");
        others.push(reply);
    }
    others.push(phone.post("/api/redeem", now_on).await);
    others[5].is(200);
    for reply in &others {
        let text = String::from_utf8_lossy(&reply.bytes);
        assert!(!text.contains(NIGHT) && !text.contains("\"ring\":"), "{}: {text}", reply.what);
    }
    assert!(String::from_utf8_lossy(&outside.bytes).contains(NIGHT), "the control: it would be found");

    // Where none are set, the number of every page stands in; where there is none of it, it is said all the same.
    words["outside"] = json!([]);
    sam.put("/api/pages", json!({ "words": words, "reason": "The night team has moved" })).await.is(200);
    assert_eq!(phone.post("/api/redeem", early.clone()).await.is(403)["ring"], json!([]));
    words["number"] = json!("01632 960 001");
    sam.put("/api/pages", json!({ "words": words, "reason": "The line has moved" })).await.is(200);
    let stands_in = json!([{ "label": "", "number": "01632 960 001", "answered": "" }]);
    assert_eq!(phone.post("/api/redeem", early).await.is(403)["ring"], stands_in);
}
