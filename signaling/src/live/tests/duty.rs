//! Supervisors on duty: who is, what they are shown, and what they never are.

use super::*;
use sidelight_protocol::audit::Audited;

const PLANNED: &str = "Ring marmalade's neighbour";

/// Sam's contact, with a word, in which Alex waits; and Sam's page.
async fn at_the_door(world: &World) -> (Socket, Socket) {
    let agreed = ContactDetails { word: Some("marmalade".into()), response: Some(PLANNED.into()), ..details() };
    world.records.change_contact(&world.contact, &agreed).await.unwrap();
    world.hub.details_changed(&world.contact).await.unwrap();
    world.waiting().await
}

async fn supervisor(world: &World, name: &str) -> Socket {
    let mut desk = world.desk(name, &format!("tab-of-{name}")).await;
    desk.until("ready").await;
    desk
}

async fn on_duty(world: &World, name: &str) -> Socket {
    let mut desk = supervisor(world, name).await;
    desk.say(json!({ "type": "duty", "on": true })).await;
    assert_eq!(desk.until("duty").await["on"], true);
    desk
}

fn alarm(world: &World) -> Value {
    world.act(&json!({ "do": "alarm", "person": "alex", "how": "typed" }))
}

fn hand_over(world: &World) -> Value {
    world.act(&json!({ "do": "hand_over", "person": "alex" }))
}

async fn audited(world: &World) -> Vec<(Option<String>, Audited)> {
    let entries = world.records.audit_entries(None).await.unwrap();
    entries.into_iter().rev().map(|entry| (entry.who, entry.what)).collect()
}

fn by(who: &str, what: Audited) -> (Option<String>, Audited) {
    (Some(who.into()), what)
}

#[tokio::test]
async fn an_alarm_handed_over_stands_before_the_supervisor_on_duty_at_once_without_the_word_and_who_has_it_is_said() {
    let world = World::new().await;
    let (_phone, mut sam) = at_the_door(&world).await;
    let mut kim = on_duty(&world, "supervisor-kim").await;
    assert_eq!(sam.until("duty").await, json!({ "type": "duty", "on": false, "others": true }));
    sam.say(alarm(&world)).await;
    let began = std::time::Instant::now();
    sam.say(hand_over(&world)).await;
    let told = kim.until("supervised").await;
    println!("at the supervisor after {:?}", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(1));
    let one = &told["alarms"][0];
    assert_eq!((&one["contact"], &one["alarm"]["reference"]), (&json!(world.contact), &json!("JT-4471")));
    assert_eq!(one["alarm"]["response"], "Ring …'s neighbour");
    assert!(!told.to_string().contains("marmalade"), "{told}");
    kim.say(json!({ "type": "have", "contact": world.contact, "person": "alex" })).await;
    assert_eq!(kim.until("supervised").await["alarms"][0]["alarm"]["handover"]["taken_by"], "supervisor-kim");
    loop {
        let seen = sam.until("contact").await;
        if seen["view"]["open"][0]["handover"]["taken_by"] == "supervisor-kim" {
            break;
        }
    }
    sam.say(world.act(&json!({ "do": "handled", "person": "alex", "matter": "alarm" }))).await;
    assert_eq!(kim.until("supervised").await["alarms"], json!([]));
    assert_eq!(
        audited(&world).await,
        [
            by("supervisor-kim", Audited::DutyOn),
            by("sam", Audited::AlarmRaised),
            by("sam", Audited::AlarmHandedOver),
            by("supervisor-kim", Audited::AlarmTaken),
            by("sam", Audited::Handled),
        ]
    );
}

#[tokio::test]
async fn duty_is_for_supervisors_and_goes_with_their_last_page() {
    let world = World::new().await;
    let mut sam = world.desk("sam", "desk-tab").await;
    sam.until("ready").await;
    sam.say(json!({ "type": "duty", "on": true })).await;
    assert_eq!(sam.until("refused").await["code"], "not_now");
    let kim = on_duty(&world, "supervisor-kim").await;
    let mut again = world.desk("supervisor-kim", "another-tab").await;
    assert_eq!(again.until("duty").await["on"], true, "it is the person's, on all their pages");
    assert_eq!(sam.until("duty").await["others"], true);
    drop(kim);
    again.say(json!({ "type": "duty", "on": true })).await;
    drop(again);
    assert_eq!(sam.until("duty").await, json!({ "type": "duty", "on": false, "others": false }), "nobody is there any more");
    let mut back = supervisor(&world, "supervisor-kim").await;
    back.say(json!({ "type": "duty", "on": true })).await;
    assert_eq!(back.until("duty").await["on"], true);
    back.say(json!({ "type": "duty", "on": false })).await;
    assert_eq!(back.until("duty").await["on"], false);
    let (on, off) = (by("supervisor-kim", Audited::DutyOn), by("supervisor-kim", Audited::DutyOff));
    assert_eq!(audited(&world).await, [on.clone(), off.clone(), on, off]);
}

#[tokio::test]
async fn who_is_not_on_duty_sees_no_alarm_and_who_comes_on_duty_later_does() {
    let world = World::new().await;
    let (_phone, mut sam) = at_the_door(&world).await;
    let mut kim = supervisor(&world, "supervisor-kim").await;
    sam.say(alarm(&world)).await;
    sam.say(hand_over(&world)).await;
    sam.until("contact").await;
    kim.say(json!({ "type": "have", "contact": world.contact, "person": "alex" })).await;
    assert_eq!(kim.until("refused").await["code"], "not_now");
    kim.say(json!({ "type": "duty", "on": true })).await;
    assert_eq!(kim.until("supervised").await["alarms"].as_array().unwrap().len(), 1);
    kim.say(json!({ "type": "duty", "on": false })).await;
    assert_eq!(kim.until("supervised").await["alarms"], json!([]));
    kim.say(world.act(&json!({ "do": "handled", "person": "alex", "matter": "alarm" }))).await;
    assert_eq!(kim.until("refused").await["code"], "unknown", "the contact itself stays its practitioner's");
}

#[tokio::test]
async fn after_a_restart_the_alarm_is_before_whoever_is_on_duty_then() {
    let mut world = World::new().await;
    let (_phone, mut sam) = at_the_door(&world).await;
    sam.say(alarm(&world)).await;
    sam.say(hand_over(&world)).await;
    sam.say(world.act(&json!({ "do": "end" }))).await;
    loop {
        if !sam.until("contact").await["view"]["ended"].is_null() {
            break;
        }
    }
    world.restarted().await;
    for contact in world.records.under_way("").await.unwrap() {
        world.hub.wake(&contact).await;
    }
    let mut kim = supervisor(&world, "supervisor-kim").await;
    kim.say(json!({ "type": "duty", "on": true })).await;
    assert_eq!(kim.until("supervised").await["alarms"][0]["contact"], world.contact.as_str());
}

#[tokio::test]
async fn what_cannot_be_audited_does_not_happen() {
    let world = World::new().await;
    let mut kim = supervisor(&world, "supervisor-kim").await;
    let file = world.folder.join("records.db");
    let mut by_hand = sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::query("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END").execute(&mut by_hand).await.unwrap();
    kim.say(json!({ "type": "duty", "on": true })).await;
    assert_eq!(kim.until("refused").await["code"], "not_kept");
    let mut sam = world.desk("sam", "desk-tab").await;
    assert_eq!(sam.until("duty").await["others"], false);
    sqlx::query("DROP TRIGGER full").execute(&mut by_hand).await.unwrap();
    by_hand.close().await.unwrap();
    kim.say(json!({ "type": "duty", "on": true })).await;
    assert_eq!(sam.until("duty").await["others"], true);
}
