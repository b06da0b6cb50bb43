//! From "Continue" to the waiting room, and what the practitioner may do at the door.

use super::world::World;
use sidelight_protocol::{
    Answer, Leaving, Way,
    desk::{Act, Reason},
    guest::FromGuest,
};

fn alex() -> String {
    "alex".into()
}

#[test]
fn the_question_comes_first_then_the_way_then_the_waiting_room() {
    let mut world = World::new();
    assert_eq!(world.desk_opens(1, "desk-tab"), ["desk1 sees [here] alex not opened @0"]);
    assert_eq!(world.presses_continue("alex", "session"), ["write alex opened session @0", "redeemed", "desk1 sees [here] alex opened @0"]);
    assert_eq!(
        world.phone_connects(1, "alex", "session", "tab"),
        ["write alex came @0", "welcome phone1", "phone1 sees asked", "desk1 sees [here] alex asked @0"]
    );
    assert_eq!(
        world.answers(1, Answer::Yes),
        ["write alex answered yes @0", "phone1 sees choosing", "desk1 sees [here] alex choosing @0, said yes"]
    );
    assert_eq!(
        world.says(1, FromGuest::Choose { way: Way::Voice }),
        ["write alex chose voice @0", "phone1 sees preparing voice", "desk1 sees [here] alex choosing @0, said yes, voice"]
    );
    assert_eq!(
        world.says(1, FromGuest::Knock {}),
        ["write alex knocked @0", "phone1 sees waiting @0, desk here", "desk1 sees [here] alex waiting @0, said yes, voice"]
    );
}

#[test]
fn who_would_rather_type_is_not_asked_for_a_way() {
    let mut world = World::asked();
    assert_eq!(
        world.answers(1, Answer::Type),
        ["write alex answered type @0", "phone1 sees preparing text", "desk1 sees [here] alex choosing @0, said type, text"]
    );
    assert_eq!(
        world.says(1, FromGuest::Knock {}),
        ["write alex knocked @0", "phone1 sees waiting @0, desk here", "desk1 sees [here] alex waiting @0, said type, text"]
    );
}

#[test]
fn later_ends_the_session_and_the_link_asks_afresh() {
    let mut world = World::asked();
    assert_eq!(
        world.answers(1, Answer::Later),
        [
            "write alex answered later @0",
            "phone1 sees over: later",
            "desk1 sees [here !later of alex @0] alex later @0, said later",
            "close phone1: over"
        ]
    );
    assert_eq!(
        world.presses_continue("alex", "another-session"),
        ["write alex opened another-session @0", "redeemed", "desk1 sees [here !later of alex @0] alex opened @0"]
    );
    assert_eq!(world.phone_connects(2, "alex", "session", "tab"), ["close phone2: no_session"]);
    assert_eq!(
        world.phone_connects(3, "alex", "another-session", "tab"),
        ["write alex came @0", "welcome phone3", "phone3 sees asked", "desk1 sees [here !later of alex @0] alex asked @0"]
    );
}

#[test]
fn no_step_of_the_way_to_the_waiting_room_can_be_skipped_or_repeated() {
    let knock = || FromGuest::Knock {};
    let choose = || FromGuest::Choose { way: Way::Video };
    let refused = ["phone1 refused: not_now"];
    let mut world = World::asked();
    assert_eq!(world.says(1, knock()), refused);
    assert_eq!(world.says(1, choose()), refused);
    assert_eq!(world.acts(1, Act::Admit { person: alex() }), ["desk1 refused: not_now"]);
    world.answers(1, Answer::Yes);
    assert_eq!(world.says(1, knock()), refused);
    assert_eq!(world.answers(1, Answer::Later), refused);
    assert_eq!(world.acts(1, Act::Admit { person: alex() }), ["desk1 refused: not_now"]);
    world.says(1, choose());
    assert_eq!(world.answers(1, Answer::Yes), refused);
    assert_eq!(world.acts(1, Act::Admit { person: alex() }), ["desk1 refused: not_now"]);
    world.says(1, knock());
    assert_eq!(world.says(1, knock()), refused);
    assert_eq!(world.answers(1, Answer::Yes), refused);
}

#[test]
fn the_way_can_be_changed_at_any_time_and_only_to_one_that_is_offered() {
    let mut world = World::waiting();
    let mut details = super::world::details();
    details.ways = vec![Way::Voice];
    world.does(crate::Input::DetailsChanged { details });
    assert_eq!(world.says(1, FromGuest::Choose { way: Way::Video }), ["phone1 refused: not_now"]);
    assert_eq!(world.says(1, FromGuest::Choose { way: Way::Voice })[0], "write alex chose voice @0");
    // Typing is always possible.
    assert_eq!(world.says(1, FromGuest::Choose { way: Way::Text })[0], "write alex chose text @0");
    assert_eq!(world.says(1, FromGuest::Choose { way: Way::Text }), Vec::<String>::new());
}

#[test]
fn admitting_gives_both_sides_the_relay_before_the_view_that_needs_it() {
    let mut world = World::waiting();
    world.now += 5_000;
    assert_eq!(
        world.acts(1, Act::Admit { person: alex() }),
        [
            "write alex admitted e5 @5",
            "relay for phone1 with alex: e5 guest",
            "relay for desk1 with alex: e5 desk",
            "phone1 sees in @5 e5, desk here",
            "desk1 sees [here] alex in e5 @5, said yes, video",
        ]
    );
}

#[test]
fn one_person_is_in_conversation_at_a_time_and_others_wait_without_learning_of_it() {
    let mut world = World::waiting().and_robin_waits();
    assert_eq!(
        world.acts(1, Act::Admit { person: alex() }),
        [
            "write alex admitted e0 @0",
            "relay for phone1 with alex: e0 guest",
            "relay for desk1 with alex: e0 desk",
            "phone1 sees in @0 e0, desk here",
            "desk1 sees [here] alex in e0 @0, said yes, video; robin waiting @0, said type, text",
        ]
    );
    assert_eq!(world.acts(1, Act::Admit { person: "robin".into() }), ["desk1 refused: busy"]);
    world.acts(1, Act::PutBack { person: alex() });
    assert_eq!(
        world.acts(1, Act::Admit { person: "robin".into() }),
        [
            "write robin admitted e1 @0",
            "relay for phone2 with robin: e1 guest",
            "relay for desk1 with robin: e1 desk",
            "phone2 sees in @0 e1, desk here",
            "desk1 sees [here] alex waiting @0, said yes, video; robin in e1 @0, said type, text",
        ]
    );
}

#[test]
fn nobody_is_let_in_who_is_not_there() {
    let mut world = World::waiting();
    world.goes(super::world::phone(1));
    assert_eq!(world.acts(1, Act::Admit { person: alex() }), ["desk1 refused: not_there"]);
    assert_eq!(world.acts(1, Act::Admit { person: "nobody".into() }), ["desk1 refused: unknown"]);
}

#[test]
fn declining_ends_the_session_and_the_link_asks_afresh() {
    let mut world = World::waiting();
    assert_eq!(
        world.acts(1, Act::Decline { person: alex(), reason: Reason::NotNow, block: false }),
        [
            "write alex declined not_now @0",
            "phone1 sees over: declined",
            "desk1 sees [here] alex declined @0, said yes, video",
            "close phone1: over"
        ]
    );
    assert_eq!(world.acts(1, Act::Decline { person: alex(), reason: Reason::NotNow, block: false }), ["desk1 refused: not_now"]);
    assert_eq!(
        world.presses_continue("alex", "another-session"),
        ["write alex opened another-session @0", "redeemed", "desk1 sees [here] alex opened @0"]
    );
}

#[test]
fn leaving_works_from_every_stage_and_finishes_the_link() {
    let steps =
        [None, Some(FromGuest::Answer { answer: Answer::Yes }), Some(FromGuest::Choose { way: Way::Video }), Some(FromGuest::Knock {})];
    for stop in 0..=steps.len() {
        for how in [Leaving::End, Leaving::Exit] {
            let mut world = World::asked();
            for step in steps.iter().take(stop).flatten() {
                world.says(1, step.clone());
            }
            if stop == steps.len() {
                world.acts(1, Act::Admit { person: alex() });
            }
            let effects = world.says(1, FromGuest::Leave { how });
            let by = if how == Leaving::End { "end" } else { "exit" };
            assert_eq!(effects[0], format!("write alex left by {by} @0"));
            assert_eq!(effects.iter().filter(|effect| effect.starts_with("phone1")).collect::<Vec<_>>(), ["phone1 sees over: left"]);
            assert_eq!(effects.last().map(String::as_str), Some("close phone1: over"));
            assert_eq!(world.presses_continue("alex", "another-session"), ["link finished"]);
            assert_eq!(world.phone_connects(2, "alex", "session", "tab"), ["close phone2: no_session"]);
        }
    }
}

#[test]
fn leaving_the_conversation_cuts_the_relay_for_both_sides() {
    let mut world = World::in_conversation();
    assert_eq!(
        world.says(1, FromGuest::Leave { how: Leaving::Exit }),
        [
            "write alex left by exit @0",
            "cut e0 guest",
            "cut e0 desk",
            "phone1 sees over: left",
            "desk1 sees [here, no link !exit of alex @0] alex left by the exit @0, said yes, video",
            "close phone1: over",
        ]
    );
}

#[test]
fn a_stranger_is_refused_whatever_they_say() {
    let mut world = World::waiting();
    assert_eq!(world.says(9, FromGuest::Knock {}), ["phone9 refused: unknown"]);
    assert_eq!(world.says(9, FromGuest::Text { id: "t1".into(), body: "hello".into() }), ["phone9 refused: unknown about t1"]);
    assert_eq!(world.acts(9, Act::Admit { person: alex() }), ["desk9 refused: unknown"]);
    assert_eq!(world.acts(9, Act::End {}), ["desk9 refused: unknown"]);
    assert_eq!(world.goes(super::world::phone(9)), Vec::<String>::new());
}
