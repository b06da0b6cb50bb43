//! What each side sees, whole.

use super::world::{World, desk, details};
use crate::{Effect, Input};
use sidelight_protocol::{
    Answer, Way, WhenHidden,
    desk::{Act, ContactDetails, Reason, ToDesk},
    guest::FromGuest,
};

#[test]
fn a_phone_sees_its_own_place_and_nothing_else() {
    let world = World::waiting();
    let view = serde_json::to_value(world.room.guest_view("alex").expect("alex is here")).unwrap();
    assert_eq!(
        view,
        serde_json::json!({
            "greeting": "Alex",
            "practitioner": "Sam",
            "starts_at": 1_800_000_000,
            "minutes": 30,
            "ways": ["video", "voice", "text"],
            "waiting_words": "Make yourself a cup of tea.",
            "way": "video",
            "asked": false,
            "who_asked": false,
            "kept": "no",
            "when_hidden": "quiet",
            "rings": false,
            "ringing": false,
            "signing": false,
            "stage": { "name": "waiting", "since": 1_800_000_000, "desk": true, "late": false, "on_hold": false },
        })
    );
}

#[test]
fn a_phone_that_was_not_opened_sees_nothing() {
    assert!(World::new().room.guest_view("alex").is_none());
    assert!(World::new().room.guest_view("nobody").is_none());
}

/// Two contacts that differ only in what a phone must not know: nothing that phones are told differs.
#[test]
fn a_phone_is_told_the_same_whatever_the_reference_the_word_the_response_and_the_others() {
    let told = |world: &mut World, input: Input| -> Vec<String> {
        let effects = world.handle(input);
        let phones = effects.iter().filter(|effect| match effect {
            Effect::TellGuest { .. } | Effect::Welcome { .. } => true,
            Effect::Close { conn, .. } | Effect::Grant { conn, .. } | Effect::GrantCheck { conn } => conn.0 < 1_000,
            Effect::Record(_)
            | Effect::Redeemed(_)
            | Effect::Changed(_)
            | Effect::Revoke { .. }
            | Effect::TellDesk { .. }
            | Effect::TellSupervisors { .. } => false,
            Effect::Silence { conn } => conn.0 < 1_000,
        });
        phones.map(super::world::describe).collect()
    };
    let steps = |with_robin: bool| {
        let mut world = World::new();
        if with_robin {
            let mut other = details();
            other.reference = "somebody else".into();
            other.word = None;
            other.response = Some("another response".into());
            other.number = None;
            world.does(Input::DetailsChanged { details: other });
        }
        world.desk_opens(1, "desk-tab");
        world.presses_continue("alex", "session");
        if with_robin {
            world = world.and_robin_waits();
        }
        let alex = || "alex".to_owned();
        let from = |message| Input::FromGuest { conn: super::world::phone(1), message };
        let act = |act| Input::FromDesk { conn: desk(1), act };
        let inputs = [
            Input::GuestConnect { conn: super::world::phone(1), person: alex(), session: "session".into(), tab: "tab".into() },
            from(FromGuest::Answer { answer: Answer::Yes }),
            from(FromGuest::Choose { way: Way::Text }),
            from(FromGuest::Knock {}),
            act(Act::Text { person: alex(), id: "d1".into(), body: "soon".into() }),
            act(Act::Admit { person: alex() }),
            act(Act::ItsThem { person: alex() }),
            act(Act::PutBack { person: alex() }),
            act(Act::Decline { person: alex(), reason: Reason::NotNow, block: false }),
        ];
        inputs.into_iter().map(|input| told(&mut world, input)).collect::<Vec<_>>()
    };
    assert_eq!(steps(false), steps(true));
}

#[test]
fn the_answer_is_in_the_desks_view_and_in_no_view_of_the_phone() {
    for answer in [Answer::Yes, Answer::Type] {
        let mut world = World::asked();
        let effects = world.handle(Input::FromGuest { conn: super::world::phone(1), message: FromGuest::Answer { answer } });
        let mut desks = 0;
        for effect in &effects {
            match effect {
                Effect::TellGuest { message, .. } => assert!(!serde_json::to_string(message).unwrap().contains("answer")),
                Effect::TellDesk { message: ToDesk::Contact { view }, .. } => {
                    desks += 1;
                    assert!(view.people[0].answer == Some(answer));
                }
                _ => {}
            }
        }
        assert_eq!(desks, 1);
    }
}

fn out_of_sight(word: Option<&str>, response: Option<&str>, chosen: Option<WhenHidden>) -> WhenHidden {
    let mut world = World::waiting();
    let (word, response) = (word.map(str::to_owned), response.map(str::to_owned));
    world.does(Input::DetailsChanged { details: ContactDetails { word, response, when_hidden: chosen, ..details() } });
    world.room.guest_view("alex").expect("alex is here").when_hidden
}

#[test]
fn out_of_sight_a_page_is_quiet_where_a_word_or_a_plan_is_agreed_and_elsewhere_the_voice_goes_on() {
    assert_eq!(out_of_sight(None, None, None), WhenHidden::Voice);
    assert_eq!(out_of_sight(Some("mango"), None, None), WhenHidden::Quiet);
    assert_eq!(out_of_sight(None, Some("Ring at six."), None), WhenHidden::Quiet);
}

/// So what a page does out of sight is no proof of a word.
#[test]
fn what_the_practitioner_chose_holds_whether_a_word_is_agreed_or_not() {
    for chosen in [WhenHidden::Voice, WhenHidden::Quiet] {
        assert_eq!(out_of_sight(None, None, Some(chosen)), chosen);
        assert_eq!(out_of_sight(Some("mango"), Some("Ring at six."), Some(chosen)), chosen);
    }
}

#[test]
fn before_the_waiting_room_no_phone_can_learn_what_it_will_do_out_of_sight() {
    let mut world = World::asked();
    let told = |world: &World| world.room.guest_view("alex").expect("alex is here").when_hidden;
    assert_eq!(told(&world), WhenHidden::Voice);
    for message in [FromGuest::Answer { answer: Answer::Yes }, FromGuest::Choose { way: Way::Voice }] {
        world.says(1, message);
        assert_eq!(told(&world), WhenHidden::Voice);
    }
    world.says(1, FromGuest::Knock {});
    assert_eq!(told(&world), WhenHidden::Quiet);
}

#[test]
fn what_was_planned_reaches_every_page_when_it_changes() {
    let mut world = World::waiting();
    let mut details = details();
    details.practitioner = Some("Kim".into());
    assert_eq!(
        world.does(Input::DetailsChanged { details: details.clone() }),
        ["changed", "phone1 sees waiting @0, desk here", "desk1 sees [here] alex waiting @0, said yes, video"]
    );
    // What phones don't see doesn't reach them.
    details.word = Some("mango".into());
    assert_eq!(world.does(Input::DetailsChanged { details }), ["changed", "desk1 sees [here] alex waiting @0, said yes, video"]);
}

#[test]
fn the_history_is_in_order_and_bounded() {
    let mut world = World::in_conversation();
    let history = world.room.contact_view(desk(1)).history;
    let told: Vec<String> = history.iter().map(|line| serde_json::to_string(&line.what).unwrap()).collect();
    assert_eq!(
        told,
        [
            r#"{"what":"invited"}"#,
            r#"{"what":"opened"}"#,
            r#"{"what":"answered","answer":"yes"}"#,
            r#"{"what":"chose","way":"video"}"#,
            r#"{"what":"knocked"}"#,
            r#"{"what":"admitted"}"#,
        ]
    );
    for _ in 0..200 {
        world.acts(1, Act::PutBack { person: "alex".into() });
        world.acts(1, Act::Admit { person: "alex".into() });
    }
    let history = world.room.contact_view(desk(1)).history;
    assert_eq!(history.len(), 100);
    assert!(history.last().is_some_and(|line| line.what == sidelight_protocol::desk::What::Admitted));
}
