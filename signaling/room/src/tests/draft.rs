//! The draft of a contact's record, from what its room has written down.

use super::world::{START, World, details, phone};
use crate::{Input, draft::draft};
use sidelight_protocol::{
    Answer, Company, Leaving, Way,
    desk::{Act, ContactDetails, Reason, Used},
    guest::FromGuest,
    record::{Draft, Interrupted, MAX_LINES, Outcome, SafetyDraft, SafetyState},
};

fn alex() -> String {
    "alex".into()
}

fn drafted(world: &World) -> (Draft, SafetyDraft) {
    draft(&world.room.details, &world.facts)
}

/// Times since the planned start.
fn talks(draft: &Draft) -> Vec<(u32, Option<u32>)> {
    draft.talks.iter().map(|talk| (talk.from - START, talk.until.map(|until| until - START))).collect()
}

fn breaks(draft: &Draft) -> Vec<(u32, Option<u32>, Interrupted)> {
    draft.breaks.iter().map(|one| (one.from - START, one.until.map(|until| until - START), one.why)).collect()
}

fn ways(draft: &Draft) -> Vec<(u32, Way)> {
    draft.ways_used.iter().map(|used| (used.at - START, used.way)).collect()
}

fn talking() -> World {
    let mut world = World::in_conversation();
    world.acts(1, Act::ItsThem { person: alex() });
    world
}

/// What the part without safety says, as it goes to another system.
fn plain(world: &World) -> String {
    serde_json::to_string(&drafted(world).0).unwrap()
}

#[test]
fn a_conversation_has_its_times_its_ways_and_its_messages() {
    let mut world = World::waiting();
    world.after(60);
    world.acts(1, Act::Admit { person: alex() });
    world.after(30);
    world.acts(1, Act::ItsThem { person: alex() });
    world.after(300);
    world.says(1, FromGuest::Choose { way: Way::Voice });
    for number in 0..3 {
        world.acts(1, Act::Text { person: alex(), id: format!("d{number}"), body: "x".into() });
        world.says(1, FromGuest::Ack { id: format!("d{number}"), proof: String::new() });
        // Acknowledged again, as after a line that was lost.
        world.says(1, FromGuest::Ack { id: format!("d{number}"), proof: String::new() });
    }
    world.says(1, FromGuest::Text { id: "p1".into(), body: "x".into() });
    world.acts(1, Act::Ack { person: alex(), id: "p1".into(), proof: String::new() });
    world.after(600);
    world.acts(1, Act::End {});
    let (draft, safety) = drafted(&world);
    assert_eq!(draft.outcome, Outcome::Talked);
    assert_eq!(talks(&draft), [(90, Some(990))]);
    assert_eq!(ways(&draft), [(90, Way::Video), (390, Way::Voice)]);
    assert_eq!(breaks(&draft), []);
    assert_eq!((draft.messages_ours, draft.messages_theirs), (3, 1));
    assert_eq!((draft.people[0].came, draft.ended), (Some(START), Some(START + 990)));
    assert_eq!(safety.states, []);
}

#[test]
fn texts_are_counted_within_ten_seconds_and_what_was_counted_outlives_a_kill() {
    let mut world = talking();
    world.says(1, FromGuest::Ack { id: "d1".into(), proof: String::new() });
    world.says(1, FromGuest::Ack { id: "d2".into(), proof: String::new() });
    assert_eq!(world.after(9), [""; 0], "not for each");
    assert_eq!(world.after(1), ["write alex wrote 2 and 0 @10"], "told to nobody");
    world.says(1, FromGuest::Ack { id: "d3".into(), proof: String::new() });
    world.killed(3);
    assert_eq!(drafted(&world).0.messages_ours, 2, "the control: what wasn't written down is lost");
    let mut ended = talking();
    ended.says(1, FromGuest::Ack { id: "d1".into(), proof: String::new() });
    assert!(ended.acts(1, Act::End {})[0].starts_with("write alex wrote 1 and 0 @0 + write contact ended @0"));
}

#[test]
fn a_line_that_was_lost_and_a_pause_are_interruptions() {
    let mut world = talking();
    world.after(100);
    world.goes(phone(1));
    world.after(20);
    world.phone_connects(1, "alex", "session", "tab");
    world.after(80);
    world.acts(1, Act::PutBack { person: alex() });
    world.after(100);
    world.acts(1, Act::Admit { person: alex() });
    world.acts(1, Act::ItsThem { person: alex() });
    world.after(100);
    // Away for longer than a place is kept.
    world.goes(phone(1));
    world.after(130);
    world.phone_connects(1, "alex", "session", "tab");
    world.acts(1, Act::Admit { person: alex() });
    world.acts(1, Act::ItsThem { person: alex() });
    world.after(70);
    world.goes(phone(1));
    world.after(50);
    world.acts(1, Act::End {});
    let (draft, _) = drafted(&world);
    assert_eq!(talks(&draft), [(0, Some(200)), (300, Some(400)), (530, Some(600))]);
    let line = Interrupted::Line;
    assert_eq!(breaks(&draft), [(100, Some(120), line), (200, Some(300), Interrupted::Paused), (400, Some(530), line), (600, None, line)]);
}

#[test]
fn what_became_of_it_is_told_from_what_happened() {
    let ended = |mut world: World, after: u64| {
        world.desk_opens(9, "tab");
        world.acts(9, Act::Take {});
        world.after(after);
        world.acts(9, Act::End {});
        drafted(&world).0.outcome
    };
    assert_eq!(ended(World::empty(), 60), Outcome::NoLink);
    assert_eq!(ended(World::new(), 60), Outcome::DidNotAttend);
    assert_eq!(ended(World::asked(), 60), Outcome::NoTalk);
    assert_eq!(ended(World::waiting(), 60), Outcome::NoTalk);
    assert_eq!(ended(World::in_conversation(), 60), Outcome::NoTalk, "nobody was known to be them");
    assert_eq!(ended(talking(), 60), Outcome::Talked);
    let mut early = World::empty();
    early.now -= 3_600_000;
    early.does(Input::Invite { person: alex(), replacing: false, invitee: None });
    assert_eq!(ended(early, 0), Outcome::CalledOff);
    assert_eq!(drafted(&World::waiting()).0.outcome, Outcome::Open);
    // By itself, an hour after the planned end, and when the contact ends by itself.
    let mut nobody = World::new();
    nobody.after(90 * 60);
    assert_eq!(drafted(&nobody).0.outcome, Outcome::DidNotAttend);
    nobody.after(5 * 3600);
    let (draft, _) = drafted(&nobody);
    assert_eq!((draft.outcome, draft.people[0].came, draft.ended.is_some()), (Outcome::DidNotAttend, None, true));
}

#[test]
fn a_new_link_is_the_same_person_and_whoever_came_by_the_old_one_has_come() {
    let mut world = World::waiting();
    world.does(Input::Invite { person: "alex-again".into(), replacing: true, invitee: None });
    world.acts(1, Act::End {});
    let (draft, _) = drafted(&world);
    assert_eq!((draft.people.len(), draft.people[0].came, draft.outcome), (1, Some(START), Outcome::NoTalk));
}

/// Everything about a person's safety that can happen.
fn told_of_safety() -> World {
    let mut world = talking();
    world.acts(1, Act::Ask { person: alex() });
    world.answers(1, Answer::Yes);
    world.acts(1, Act::AskWho { person: alex() });
    world.says(1, FromGuest::Company { company: Company::Adult });
    world.acts(1, Act::Alarm { person: alex(), how: Used::Typed });
    world.acts(1, Act::HandOver { person: alex() });
    world
}

#[test]
fn what_tells_of_safety_stands_in_its_own_part_and_nothing_of_it_in_the_other() {
    let mut quiet = told_of_safety();
    quiet.acts(1, Act::EndQuietly { person: alex() });
    let mut exit = told_of_safety();
    exit.says(1, FromGuest::Leave { how: Leaving::Exit });
    let mut later = told_of_safety();
    later.acts(1, Act::Ask { person: alex() });
    later.answers(1, Answer::Later);
    let mut unsafe_door = World::waiting();
    unsafe_door.acts(1, Act::Decline { person: alex(), reason: Reason::NotSafe, block: true });
    let alarm = SafetyState::Alarm;
    for (mut world, states) in [
        (quiet, vec![alarm, SafetyState::EndedQuietly]),
        (exit, vec![alarm, SafetyState::LeftByExit]),
        (later, vec![alarm, SafetyState::Later]),
        (unsafe_door, vec![]),
    ] {
        world.acts(1, Act::End {});
        let (_, safety) = drafted(&world);
        assert_eq!(safety.states, states);
        let said = serde_json::to_string(&safety).unwrap();
        let words = ["answer", "alarm", "word", "company", "who", "exit", "quiet", "later", "safe", "handed", "not_them", "asked"];
        let plain = plain(&world);
        for word in words {
            assert!(!plain.contains(word), "{word} in {plain}");
        }
        assert!(words.iter().any(|word| said.contains(word)), "the control: it is found where it stands: {said}");
        for secret in ["pineapple", "call-the-neighbour", "in-the-case-file", "mill-lane", "Alex"] {
            assert!(!plain.contains(secret) && !said.contains(secret), "{secret}");
        }
    }
    // However somebody went, the plain part says the same.
    let mut ordinary = told_of_safety();
    ordinary.says(1, FromGuest::Leave { how: Leaving::End });
    let mut exit = told_of_safety();
    exit.says(1, FromGuest::Leave { how: Leaving::Exit });
    let mut quiet = told_of_safety();
    quiet.acts(1, Act::EndQuietly { person: alex() });
    let said: Vec<String> = [ordinary, exit, quiet]
        .into_iter()
        .map(|mut world| {
            world.acts(1, Act::End {});
            plain(&world)
        })
        .collect();
    assert!(said.iter().all(|one| *one == said[0]), "{said:?}");
}

#[test]
fn a_draft_is_bounded_and_says_so() {
    let mut world = World::waiting();
    for _ in 0..MAX_LINES + 20 {
        world.acts(1, Act::Admit { person: alex() });
        world.acts(1, Act::ItsThem { person: alex() });
        world.acts(1, Act::Ask { person: alex() });
        world.answers(1, Answer::Yes);
        world.acts(1, Act::PutBack { person: alex() });
        world.after(1);
    }
    world.acts(1, Act::Alarm { person: alex(), how: Used::Heard });
    let (draft, safety) = drafted(&world);
    assert_eq!((draft.talks.len(), draft.breaks.len(), draft.more), (MAX_LINES, MAX_LINES, true));
    assert_eq!((safety.lines.len(), safety.more), (MAX_LINES, true));
    assert_eq!(safety.states, [SafetyState::Alarm], "what it came to is there however much came before");
    let fine = ContactDetails { reference: "x".into(), ..details() };
    let (draft, safety) = super::super::draft::draft(&fine, &[]);
    assert_eq!((draft.outcome, draft.more, safety.more), (Outcome::Open, false, false));
}
