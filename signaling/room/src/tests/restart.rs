//! Killing the service loses nothing that anybody was told, and gives nobody a right they hadn't.

use super::world::{START, World, desk, details, phone};
use crate::{Fact, Happened, Relayed, Room};
use sidelight_protocol::{
    Answer,
    desk::{Act, PersonStage},
};

#[test]
fn after_a_kill_a_waiting_person_has_their_place() {
    let mut world = World::waiting();
    world.killed(1);
    assert_eq!(world.phone_connects(2, "alex", "session", "tab"), ["welcome phone2", "phone2 sees waiting @0"]);
    assert_eq!(
        world.desk_opens(2, "desk-tab"),
        ["phone2 sees waiting @0, desk here", "desk2 sees [here] alex waiting @0, said yes, video"]
    );
}

#[test]
fn after_a_kill_a_conversation_starts_one_new_connection_whoever_comes_first() {
    let mut world = World::in_conversation();
    world.killed(1);
    assert_eq!(
        world.phone_connects(2, "alex", "session", "tab"),
        ["write alex reconnected e1 @1", "welcome phone2", "relay for phone2 with alex: e1 guest", "phone2 sees in @0 e1",]
    );
    assert_eq!(
        world.desk_opens(2, "desk-tab"),
        ["relay for desk2 with alex: e1 desk", "phone2 sees in @0 e1, desk here", "desk2 sees [here] alex in e1 @0, said yes, video"]
    );
    world.killed(1);
    assert_eq!(
        world.desk_opens(3, "desk-tab"),
        ["write alex reconnected e2 @2", "relay for desk3 with alex: e2 desk", "desk3 sees [here] alex in e2 @0, said yes, video, lost @1"]
    );
    assert_eq!(
        world.phone_connects(3, "alex", "session", "tab"),
        [
            "welcome phone3",
            "relay for phone3 with alex: e2 guest",
            "phone3 sees in @0 e2, desk here",
            "desk3 sees [here] alex in e2 @0, said yes, video"
        ]
    );
}

#[test]
fn after_a_kill_the_page_that_held_the_conversation_gets_it_back_though_another_came_first() {
    let mut world = World::in_conversation();
    world.desk_opens(2, "second-desk");
    world.killed(1);
    world.phone_connects(2, "alex", "session", "tab");
    world.desk_opens(3, "second-desk");
    assert_eq!(world.desk_opens(4, "desk-tab").last().unwrap(), "desk4 sees [here] alex in e2 @0, said yes, video");
}

#[test]
fn a_downtime_of_two_minutes_makes_them_wait_again() {
    let mut world = World::in_conversation();
    world.killed(120);
    assert_eq!(
        world.phone_connects(2, "alex", "session", "tab"),
        ["write alex lost @0 + write alex waits again @120 + write alex back @120", "welcome phone2", "phone2 sees waiting @120"]
    );
}

#[test]
fn epochs_rise_even_if_the_clock_was_put_back_between() {
    let mut world = World::in_conversation();
    world.acts(1, Act::PutBack { person: "alex".into() });
    world.now += 1_000_000;
    assert_eq!(world.acts(1, Act::Admit { person: "alex".into() })[0], "write alex admitted e1000 @1000");
    world.now -= 999_000;
    let now = world.now;
    world.killed(0);
    world.now = now;
    assert_eq!(world.phone_connects(2, "alex", "session", "tab")[0], "write alex reconnected e1001 @1");
}

#[test]
fn facts_that_fit_no_stage_let_nobody_in() {
    let fact = |what| Fact { at: START, person: Some("alex".into()), what };
    let admitted = || Happened::Admitted { epoch: 7, desk: None };
    for facts in [
        vec![fact(admitted())],
        vec![fact(Happened::Invited { invitee: None }), fact(admitted())],
        vec![
            fact(Happened::Invited { invitee: None }),
            fact(Happened::Opened { session: "s".into(), browser: None, claim: None, another: false }),
            fact(admitted()),
        ],
        vec![
            fact(Happened::Invited { invitee: None }),
            fact(Happened::Opened { session: "s".into(), browser: None, claim: None, another: false }),
            fact(Happened::Knocked),
            fact(Happened::Chose { way: sidelight_protocol::Way::Video }),
            fact(admitted()),
        ],
        vec![
            fact(Happened::Invited { invitee: None }),
            fact(Happened::Opened { session: "s".into(), browser: None, claim: None, another: false }),
            fact(Happened::Answered { answer: Answer::Later }),
            fact(Happened::Knocked),
            fact(admitted()),
        ],
    ] {
        let mut room = Room::restore("contact", details(), Relayed::default(), &facts, 0);
        room.handle(u64::from(START) * 1000, crate::Input::DeskConnect { conn: desk(1), tab: "tab".into() });
        let inside = room.contact_view(desk(1)).people.iter().any(|person| matches!(person.stage, PersonStage::In { .. }));
        assert!(!inside);
    }
}

#[test]
fn facts_keep_their_spelling() {
    // What is stored today must be understood tomorrow: change these only by adding.
    let mut world = World::in_conversation();
    world.acts(1, Act::ItsThem { person: "alex".into() });
    world.goes(phone(1));
    world.after(120);
    let spelled: Vec<String> = world.facts.iter().map(|fact| serde_json::to_string(fact).unwrap()).collect();
    assert_eq!(
        spelled,
        [
            r#"{"at":1800000000,"person":"alex","fact":"invited"}"#,
            r#"{"at":1800000000,"person":"alex","fact":"opened","session":"session","browser":"Chrome on Android","claim":"claim-of-session"}"#,
            r#"{"at":1800000000,"person":"alex","fact":"came"}"#,
            r#"{"at":1800000000,"person":"alex","fact":"answered","answer":"yes"}"#,
            r#"{"at":1800000000,"person":"alex","fact":"chose","way":"video"}"#,
            r#"{"at":1800000000,"person":"alex","fact":"knocked"}"#,
            r#"{"at":1800000000,"person":"alex","fact":"admitted","epoch":1800000000,"desk":"desk-tab"}"#,
            r#"{"at":1800000000,"person":"alex","fact":"its_them"}"#,
            r#"{"at":1800000000,"person":"alex","fact":"lost"}"#,
            r#"{"at":1800000120,"person":"alex","fact":"waits_again"}"#,
        ]
    );
    for (fact, spelled) in world.facts.iter().zip(&spelled) {
        assert!(serde_json::from_str::<Fact>(spelled).is_ok_and(|read| read == *fact), "{spelled}");
    }
}
