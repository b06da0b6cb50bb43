//! The check again, the alarm, blocking, and what waits to be handled.

use super::world::World;
use sidelight_protocol::{
    Answer, Leaving,
    desk::{Act, Matter, Reason, Used},
    guest::FromGuest,
};

fn alex() -> String {
    "alex".into()
}

fn ask() -> Act {
    Act::Ask { person: alex() }
}

fn alarm(how: Used) -> Act {
    Act::Alarm { person: alex(), how }
}

fn handled(matter: Matter) -> Act {
    Act::Handled { person: alex(), matter }
}

#[test]
fn the_question_can_be_asked_again_and_the_answer_is_the_desks_alone() {
    let mut world = World::in_conversation();
    assert_eq!(
        world.acts(1, ask()),
        [
            "write alex asked again @0",
            "phone1 sees in @0 e0, desk here, asked again",
            "desk1 sees [here] alex in e0 @0, said yes, video, asked again @0",
        ]
    );
    assert_eq!(world.acts(1, ask()), Vec::<String>::new(), "asking twice is asking once");
    assert_eq!(
        world.answers(1, Answer::Yes),
        ["write alex answered yes @0", "phone1 sees in @0 e0, desk here", "desk1 sees [here] alex in e0 @0, said yes, video"]
    );
    assert_eq!(world.answers(1, Answer::Yes), ["phone1 refused: not_now"]);
}

#[test]
fn yes_unlocks_nothing() {
    let mut world = World::waiting();
    world.acts(1, ask());
    assert_eq!(
        world.answers(1, Answer::Yes),
        ["write alex answered yes @0", "phone1 sees waiting @0, desk here", "desk1 sees [here] alex waiting @0, said yes, video"]
    );
}

#[test]
fn later_in_the_conversation_ends_the_session_at_once() {
    let mut world = World::in_conversation();
    world.acts(1, ask());
    assert_eq!(
        world.answers(1, Answer::Later),
        [
            "write alex answered later @0",
            "cut e0 guest",
            "cut e0 desk",
            "phone1 sees over: later",
            "desk1 sees [here !later of alex @0] alex later @0, said later, video",
            "close phone1: over",
        ]
    );
    assert_eq!(world.presses_continue("alex", "again")[0], "write alex opened again @0");
}

#[test]
fn i_would_rather_type_makes_it_a_typed_conversation() {
    let mut world = World::in_conversation();
    world.acts(1, ask());
    assert_eq!(
        world.answers(1, Answer::Type),
        ["write alex answered type @0", "phone1 sees in @0 e0, desk here", "desk1 sees [here] alex in e0 @0, said type, text"]
    );
}

#[test]
fn who_is_not_at_the_door_is_not_asked_again() {
    let mut world = World::asked();
    assert_eq!(world.acts(1, ask()), ["desk1 refused: not_now"]);
}

#[test]
fn an_alarm_is_told_to_the_desk_and_to_nobody_else() {
    for mut world in [World::waiting(), World::in_conversation()] {
        let told = world.acts(1, alarm(Used::Typed));
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[0], "write alex alarm typed @0");
        assert!(told[1].starts_with("desk1 sees [here !alarm of alex @0] alex "), "{told:?}");
        assert_eq!(world.acts(1, alarm(Used::Heard)), Vec::<String>::new(), "the same alarm until it is handled");
        assert_eq!(world.acts(1, handled(Matter::Alarm))[0], "write alex handled alarm @0");
        assert_eq!(world.acts(1, alarm(Used::Heard))[0], "write alex alarm heard @0");
    }
}

#[test]
fn an_alarm_works_from_every_state_and_every_page_of_the_desk() {
    let mut world = World::new();
    world.desk_opens(1, "desk-tab");
    world.desk_opens(2, "other-tab");
    assert_eq!(world.acts(2, alarm(Used::Heard))[0], "write alex alarm heard @0");
    assert_eq!(world.acts(1, Act::Admit { person: alex() }), ["desk1 refused: not_now"], "and takes the conversation from nobody");
    let mut world = World::in_conversation();
    world.acts(1, Act::End {});
    assert_eq!(world.acts(1, alarm(Used::Typed))[0], "write alex alarm typed @0");
    assert_eq!(world.acts(1, Act::Alarm { person: "nobody".into(), how: Used::Heard }), ["desk1 refused: unknown"]);
}

#[test]
fn what_is_open_stays_open_until_it_is_handled_also_after_the_end_and_a_restart() {
    let mut world = World::in_conversation();
    world.acts(1, alarm(Used::Heard));
    world.says(1, FromGuest::Leave { how: Leaving::Exit });
    world.acts(1, Act::End {});
    let open = |world: &World| world.room.open().iter().map(|open| open.matter).collect::<Vec<_>>();
    assert_eq!(open(&world), [Matter::Alarm, Matter::Exit]);
    world.killed(3);
    assert_eq!(open(&world), [Matter::Alarm, Matter::Exit]);
    world.desk_opens(1, "desk-tab");
    assert_eq!(
        world.acts(1, handled(Matter::Exit)),
        ["write alex handled exit @3", "desk1 sees [here, no link !alarm of alex @0] ended @0 alex left by the exit @0, said yes, video"]
    );
    world.acts(1, handled(Matter::Alarm));
    assert_eq!(open(&world), []);
    assert_eq!(world.acts(1, handled(Matter::Alarm)), Vec::<String>::new());
}

#[test]
fn an_ordinary_end_leaves_nothing_open() {
    let mut world = World::in_conversation();
    world.says(1, FromGuest::Leave { how: Leaving::End });
    world.acts(1, Act::End {});
    assert!(world.room.open().is_empty());
}

#[test]
fn who_is_blocked_has_a_worthless_link() {
    let mut world = World::waiting();
    assert_eq!(
        world.acts(1, Act::Decline { person: alex(), reason: Reason::NotThem, block: true }),
        [
            "write alex declined not_them @0 + write alex revoked @0",
            "phone1 sees over: finished",
            "desk1 sees [here, no link] alex revoked @0, said yes, video",
            "close phone1: over",
        ]
    );
    assert_eq!(world.presses_continue("alex", "again"), ["link finished"]);
    assert_eq!(world.phone_connects(2, "alex", "session", "tab"), ["close phone2: no_session"]);
}
