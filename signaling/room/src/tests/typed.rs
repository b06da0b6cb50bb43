//! Keeping what is typed: said before anything is typed, asked of everybody in private, once; and a no is as silent as silence.

use super::world::{World, phone};
use crate::{Effect, Input, typed::Typed};
use sidelight_protocol::{
    Answer, Leaving, MayKeep, Way,
    desk::{Act, Invitee, Part, ToDesk},
    guest::FromGuest,
};

fn alex() -> String {
    "alex".into()
}

fn text(person: &str) -> Act {
    Act::Text { person: person.into(), id: "d1".into(), body: "sealed".into() }
}

fn keep(agreed: bool) -> FromGuest {
    FromGuest::Keep { keep: if agreed { MayKeep::Yes } else { MayKeep::Not } }
}

/// Alex is in conversation, told that what is typed may be kept, and was written to.
fn typing() -> World {
    let mut world = World::in_conversation();
    world.does(Input::KeepTyped { on: true });
    world.acts(1, text("alex"));
    world
}

fn asked() -> World {
    let mut world = typing();
    world.does(Input::AskToKeep);
    world
}

/// An interpreter on phone 2 waits, and was written to.
fn with_interpreter(mut world: World) -> World {
    let invitee = Some(Invitee { part: Part::Interpreter, name: "Kim".into() });
    world.does(Input::Invite { person: "kim".into(), replacing: false, invitee });
    world.presses_continue("kim", "kims-session");
    world.phone_connects(2, "kim", "kims-session", "kims-tab");
    world.says(2, FromGuest::Choose { way: Way::Text });
    world.says(2, FromGuest::Knock {});
    world.acts(1, text("kim"));
    world
}

#[test]
fn everybody_is_told_before_they_type_and_asked_at_the_end() {
    let mut world = World::in_conversation();
    assert_eq!(
        world.does(Input::KeepTyped { on: true }),
        [
            "write contact keeps what is typed @0",
            "changed",
            "phone1 sees in @0 e0, desk here, may be kept",
            "desk1 sees [here, keeps] alex in e0 @0, said yes, video",
        ]
    );
    assert_eq!(world.does(Input::KeepTyped { on: true }), ["changed"], "switching it on twice is once");
    world.acts(1, text("alex"));
    assert_eq!(
        world.does(Input::AskToKeep),
        [
            "write alex asked to keep @0",
            "changed",
            "phone1 sees in @0 e0, desk here, asked to keep",
            "desk1 sees [here, all asked] alex in e0 @0, said yes, video",
        ]
    );
    assert_eq!(
        world.says(1, keep(true)),
        [
            "write alex said yes to keeping @0",
            "phone1 sees in @0 e0, desk here",
            "desk1 sees [here, all agreed] alex in e0 @0, said yes, video",
        ]
    );
    let agreed = Typed::agreement(&world.facts).expect("everybody agreed");
    assert_eq!(agreed.by.keys().collect::<Vec<_>>(), ["alex"]);
}

#[test]
fn it_is_not_switched_on_once_anything_was_typed_by_either_side() {
    let mut world = World::waiting();
    world.acts(1, text("alex"));
    assert_eq!(world.does(Input::KeepTyped { on: true }), ["not changed: typed already"]);
    let mut world = World::waiting();
    world.says(1, FromGuest::Text { id: "g1".into(), body: "sealed".into() });
    assert_eq!(world.does(Input::KeepTyped { on: true }), ["not changed: typed already"]);
    // Nor after a restart, of what had arrived.
    world.acts(1, Act::Ack { person: alex(), id: "g1".into(), proof: String::new() });
    world.after(10);
    world.killed(3);
    assert!(world.does(Input::KeepTyped { on: true }).contains(&"not changed: typed already".to_owned()));
}

#[test]
fn a_no_is_on_the_desk_like_silence_and_only_when_the_time_is_over() {
    let desks = |effects: Vec<Effect>| {
        let told = |effect: &Effect| matches!(effect, Effect::TellDesk { message: ToDesk::Contact { .. }, .. });
        effects.iter().filter(|effect| told(effect)).map(super::world::describe).collect::<Vec<_>>()
    };
    let not_agreed = ["desk1 sees [here, not agreed] alex in e0 @0, said yes, video"];
    for says_no in [true, false] {
        let mut world = asked();
        if says_no {
            let said = world.handle(Input::FromGuest { conn: phone(1), message: keep(false) });
            assert_eq!(desks(said), [""; 0], "a no is nothing to the desk");
        }
        world.now += 179_000;
        assert_eq!(desks(world.handle(Input::Deadline)), [""; 0]);
        assert_eq!(world.room.deadline(), Some(world.now + 1_000), "the same moment, whatever was said");
        world.now += 1_000;
        assert_eq!(desks(world.handle(Input::Deadline)), not_agreed);
        assert!(Typed::agreement(&world.facts).is_none());
    }
}

#[test]
fn the_phone_is_told_the_same_whatever_was_pressed() {
    let told = |agreed: bool| {
        let mut world = asked();
        let effects = world.handle(Input::FromGuest { conn: phone(1), message: keep(agreed) });
        let phones = effects.iter().filter(|effect| matches!(effect, Effect::TellGuest { .. })).map(super::world::describe);
        (phones.collect::<Vec<_>>(), serde_json::to_string(&keep(agreed)).unwrap().len())
    };
    assert_eq!(told(true), told(false), "and what is sent is as long");
    assert_eq!(told(true).0.len(), 1);
}

#[test]
fn one_no_is_enough_and_nobody_learns_whose() {
    for (alex, kim) in [(true, false), (false, true), (false, false)] {
        let mut world = with_interpreter(typing());
        assert_eq!(world.does(Input::AskToKeep)[0], "write alex asked to keep @0 + write kim asked to keep @0");
        let seen = [world.says(1, keep(alex)), world.says(2, keep(kim))].concat();
        assert!(!seen.iter().any(|line| line.starts_with("desk1")), "{seen:?}");
        assert!(world.after(180).iter().any(|line| line.starts_with("desk1 sees [here, not agreed]")));
        assert!(Typed::agreement(&world.facts).is_none());
    }
    let mut world = with_interpreter(typing());
    world.does(Input::AskToKeep);
    assert!(!world.says(1, keep(true)).iter().any(|line| line.starts_with("desk1")), "not before all have said so");
    assert!(world.says(2, keep(true)).iter().any(|line| line.starts_with("desk1 sees [here, all agreed]")));
    let agreed = Typed::agreement(&world.facts).expect("everybody agreed");
    let parts: Vec<_> = agreed.by.iter().map(|(id, (part, _))| (id.as_str(), *part)).collect();
    assert_eq!(parts, [("alex", None), ("kim", Some(Part::Interpreter))]);
}

#[test]
fn leaving_and_the_exit_and_not_now_and_ending_are_a_no() {
    type Goes = fn(&mut World) -> Vec<String>;
    let ways: [(&str, Goes); 5] = [
        ("goodbye", |world| world.says(1, FromGuest::Leave { how: Leaving::End })),
        ("exit", |world| world.says(1, FromGuest::Leave { how: Leaving::Exit })),
        ("silence", |world| world.after(180)),
        ("ended", |world| world.acts(1, Act::End {})),
        ("ended quietly", |world| world.acts(1, Act::EndQuietly { person: "alex".into() })),
    ];
    for (what, goes) in ways {
        let mut world = asked();
        goes(&mut world);
        assert!(Typed::agreement(&world.facts).is_none(), "{what}");
        world.says(1, keep(true));
        assert!(Typed::agreement(&world.facts).is_none(), "{what}: too late");
    }
    // The control.
    let mut world = asked();
    world.says(1, keep(true));
    world.says(1, FromGuest::Leave { how: Leaving::End });
    assert!(Typed::agreement(&world.facts).is_some());
}

#[test]
fn only_the_first_answer_counts_and_one_that_comes_unasked_is_nobodys() {
    let mut world = asked();
    world.says(1, keep(false));
    assert_eq!(world.says(1, keep(true)), Vec::<String>::new());
    assert!(Typed::agreement(&world.facts).is_none());
    assert_eq!(typing().says(1, keep(true)), Vec::<String>::new());
    assert_eq!(World::asked().says(1, keep(true)), Vec::<String>::new());
}

#[test]
fn it_is_asked_once_and_only_where_all_who_were_in_the_text_are_there() {
    let mut world = asked();
    assert_eq!(world.does(Input::AskToKeep), ["not changed: not now"]);
    let mut world = World::in_conversation();
    world.does(Input::KeepTyped { on: true });
    assert_eq!(world.does(Input::AskToKeep), ["not changed: not now"], "nothing was typed");
    let mut world = World::in_conversation();
    world.acts(1, text("alex"));
    assert_eq!(world.does(Input::AskToKeep), ["not changed: not now"], "nobody was told");
    let mut world = with_interpreter(typing());
    world.goes(phone(2));
    assert_eq!(world.does(Input::AskToKeep), ["not changed: not all here"]);
    let mut world = typing();
    world.acts(1, Act::End {});
    assert_eq!(world.does(Input::AskToKeep), ["not changed: ended"]);
    assert_eq!(World::new().does(Input::AskToKeep), ["not changed: not now"]);
}

#[test]
fn a_safety_question_comes_first_on_the_phone_and_is_never_held_up() {
    let mut world = typing();
    world.acts(1, Act::Ask { person: alex() });
    assert_eq!(world.does(Input::AskToKeep), ["not changed: not now"], "no second question before them");
    world.answers(1, Answer::Yes);
    world.does(Input::AskToKeep);
    let seen = world.acts(1, Act::AskWho { person: alex() });
    assert_eq!(seen[1], "phone1 sees in @0 e0, desk here, asked who, may be kept");
    let seen = world.says(1, FromGuest::Company { company: sidelight_protocol::Company::OnlyMe });
    assert_eq!(seen[1], "phone1 sees in @0 e0, desk here, asked to keep");
    let seen = world.acts(1, Act::Ask { person: alex() });
    assert_eq!(seen[1], "phone1 sees in @0 e0, desk here, asked again, may be kept");
    world.answers(1, Answer::Later);
    assert!(Typed::agreement(&world.facts).is_none(), "who can't talk now has not agreed");
}

#[test]
fn switched_off_again_takes_back_the_question_and_what_was_agreed() {
    let mut world = asked();
    world.says(1, keep(true));
    assert_eq!(world.does(Input::KeepTyped { on: false })[0], "write contact keeps nothing typed @0");
    assert!(Typed::agreement(&world.facts).is_none());
    assert_eq!(world.does(Input::KeepTyped { on: true }), ["not changed: not now"], "nor is it asked a second time");
    let mut world = asked();
    assert_eq!(world.does(Input::KeepTyped { on: false })[2], "phone1 sees in @0 e0, desk here");
}

#[test]
fn it_stands_again_after_a_restart_and_so_does_the_answer() {
    let mut world = asked();
    world.killed(3);
    world.desk_opens(1, "desk-tab");
    let seen = world.phone_connects(3, "alex", "session", "tab");
    assert!(seen.iter().any(|line| line.starts_with("phone3 sees") && line.ends_with("asked to keep")), "{seen:?}");
    world.says(3, keep(true));
    world.killed(3);
    let seen = world.desk_opens(1, "desk-tab");
    assert!(seen.concat().contains("all agreed"), "{seen:?}");
}

#[test]
fn another_browser_neither_sees_it_nor_answers() {
    let mut world = typing();
    world.presses_continue_in("alex", "other", "Firefox on Linux");
    world.phone_connects(2, "alex", "other", "other-tab");
    let seen = world.does(Input::AskToKeep);
    assert!(!seen.iter().any(|line| line.starts_with("phone2")), "{seen:?}");
    assert_eq!(world.says(2, keep(true)), ["phone2 refused: not_now"]);
    world.acts(1, Act::Move { person: alex() });
    assert!(Typed::agreement(&world.facts).is_none(), "whoever is given the place has agreed to nothing");
    assert_eq!(world.says(2, keep(true)), Vec::<String>::new());
}
