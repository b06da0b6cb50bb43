//! "Who is with you?": who may ask it, when, and who learns what was said.

use super::world::{World, phone};
use crate::{Effect, Input};
use sidelight_protocol::{
    Answer, Company, Leaving,
    desk::{Act, ToDesk},
    guest::FromGuest,
};

const ALL: [Company; 5] = [Company::OnlyMe, Company::SmallChild, Company::Child, Company::Adult, Company::NotSaid];

fn alex() -> String {
    "alex".into()
}

fn ask() -> Act {
    Act::AskWho { person: alex() }
}

fn take_back() -> Act {
    Act::TakeBackWho { person: alex() }
}

fn with(company: Company) -> FromGuest {
    FromGuest::Company { company }
}

#[test]
fn it_is_asked_by_a_press_and_the_answer_is_the_desks_alone() {
    let mut world = World::in_conversation();
    assert_eq!(
        world.acts(1, ask()),
        [
            "write alex asked who @0",
            "phone1 sees in @0 e0, desk here, asked who",
            "desk1 sees [here] alex in e0 @0, said yes, video, asked who @0",
        ]
    );
    assert_eq!(world.acts(1, ask()), Vec::<String>::new(), "asking twice is asking once");
    assert_eq!(
        world.says(1, with(Company::Adult)),
        ["write alex said who ad @0", "phone1 sees in @0 e0, desk here", "desk1 sees [here] alex in e0 @0, said yes, video, with ad"]
    );
    assert_eq!(world.says(1, with(Company::OnlyMe)), ["phone1 refused: not_now"], "once asked, once answered");
}

#[test]
fn nothing_unlocks_whatever_is_said_and_the_phone_is_told_the_same() {
    let told = |company: Company, mut world: World| {
        world.acts(1, ask());
        let effects = world.handle(Input::FromGuest { conn: phone(1), message: with(company) });
        let to_phone: Vec<String> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Record(_) | Effect::TellDesk { message: ToDesk::Contact { .. }, .. } => None,
                Effect::TellGuest { message, .. } => Some(serde_json::to_string(message).expect("is serializable")),
                other => Some(super::world::describe(other)),
            })
            .collect();
        (to_phone, serde_json::to_string(&with(company)).expect("is serializable").len())
    };
    for world in [World::waiting, World::in_conversation] {
        let first = told(ALL[0], world());
        assert_eq!(first.0.len(), 1, "{first:?}");
        for company in ALL {
            assert_eq!(told(company, world()), first, "{company:?}: what is sent is as long, what is told the same");
        }
    }
}

#[test]
fn it_is_not_asked_before_the_waiting_room_nor_of_who_has_gone() {
    let mut world = World::asked();
    assert_eq!(world.acts(1, ask()), ["desk1 refused: not_now"]);
    assert_eq!(world.says(1, with(Company::OnlyMe)), ["phone1 refused: not_now"]);
    let mut world = World::waiting();
    world.says(1, FromGuest::Leave { how: Leaving::End });
    assert_eq!(world.acts(1, ask()), ["desk1 refused: not_now"]);
    assert_eq!(world.acts(1, Act::AskWho { person: "nobody".into() }), ["desk1 refused: unknown"]);
}

#[test]
fn one_question_stands_at_a_time_so_that_no_finger_meets_another_one() {
    let mut world = World::waiting();
    world.acts(1, Act::Ask { person: alex() });
    assert_eq!(world.acts(1, ask()), ["desk1 refused: not_now"]);
    world.answers(1, Answer::Yes);
    world.acts(1, ask());
    assert_eq!(world.acts(1, Act::Ask { person: alex() }), ["desk1 refused: not_now"]);
    assert_eq!(
        world.acts(1, take_back()),
        ["write alex took back who @0", "phone1 sees waiting @0, desk here", "desk1 sees [here] alex waiting @0, said yes, video"]
    );
    assert_eq!(world.acts(1, take_back()), Vec::<String>::new());
    assert_eq!(world.acts(1, ask()), ["desk1 refused: too_fast"]);
    assert_eq!(world.acts(1, Act::Ask { person: alex() }), ["desk1 refused: too_fast"]);
    world.now += 3_000;
    assert_eq!(world.acts(1, Act::Ask { person: alex() })[0], "write alex asked again @3");
}

#[test]
fn an_answer_that_was_on_its_way_when_it_was_taken_back_still_counts() {
    let mut world = World::waiting();
    world.acts(1, ask());
    world.acts(1, take_back());
    assert_eq!(
        world.says(1, with(Company::Child)),
        ["write alex said who ch @0", "desk1 sees [here] alex waiting @0, said yes, video, with ch"]
    );
}

#[test]
fn left_alone_it_goes_by_itself_and_the_desk_is_told_so() {
    let mut world = World::waiting();
    world.acts(1, ask());
    assert_eq!(world.room.deadline(), Some(world.now + 300_000));
    world.now += 299_000;
    assert_eq!(world.does(Input::Deadline), Vec::<String>::new());
    world.now += 1_000;
    assert_eq!(
        world.does(Input::Deadline),
        [
            "write alex who unanswered @300",
            "phone1 sees waiting @0, desk here",
            "desk1 sees [here] alex waiting @0, said yes, video, who unanswered @0",
        ]
    );
    assert_eq!(world.acts(1, ask())[0], "write alex asked who @300");
}

#[test]
fn it_stands_again_after_a_restart_and_so_does_the_answer() {
    let mut world = World::waiting();
    world.acts(1, ask());
    world.killed(3);
    world.desk_opens(1, "desk-tab");
    let seen = world.phone_connects(2, "alex", "session", "tab");
    assert!(seen.iter().any(|line| line.starts_with("phone2 sees waiting @0, desk here, asked who")), "{seen:?}");
    world.says(2, with(Company::NotSaid));
    world.killed(3);
    let seen = world.desk_opens(1, "desk-tab");
    assert!(seen.concat().contains(", with no"), "{seen:?}");
}

#[test]
fn another_browser_neither_sees_the_question_nor_answers_it() {
    let mut world = World::waiting();
    world.presses_continue_in("alex", "other", "Firefox on Linux");
    world.phone_connects(2, "alex", "other", "other-tab");
    let asked = world.acts(1, ask());
    assert!(!asked.iter().any(|line| line.starts_with("phone2")), "{asked:?}");
    assert_eq!(world.says(2, with(Company::OnlyMe)), ["phone2 refused: not_now"]);
    let said = world.says(1, with(Company::Adult));
    assert!(!said.iter().any(|line| line.starts_with("phone2")), "{said:?}");
    // Whoever is given the place has said nothing yet, and isn't asked what the other was asked.
    world.acts(1, ask());
    let moved = world.acts(1, Act::Move { person: alex() });
    assert!(moved.contains(&"desk1 sees [here] alex asked @0".to_owned()), "{moved:?}");
    assert_eq!(world.says(2, with(Company::OnlyMe)), ["phone2 refused: not_now"]);
}
