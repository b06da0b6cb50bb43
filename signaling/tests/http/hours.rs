//! A practitioner's own working hours: theirs alone, checked, kept.

use crate::world::{Folder, Running};
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
