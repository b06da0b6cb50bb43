//! Ending quietly: whatever comes by the person's link or sessions afterwards is heard by nobody and answered by nothing.

use super::world::{World, phone};
use sidelight_protocol::{
    Answer, Code, Devices, Leaving, Way,
    desk::{Act, Matter, Reason, Used},
    guest::FromGuest,
};

fn quietly() -> Act {
    Act::EndQuietly { person: "alex".into() }
}

/// All that a page can say.
fn everything() -> Vec<FromGuest> {
    vec![
        FromGuest::Hello { protocol: 1, session: "session".into(), tab: "tab".into() },
        FromGuest::Beat {},
        FromGuest::Answer { answer: Answer::Yes },
        FromGuest::Answer { answer: Answer::Later },
        FromGuest::Choose { way: Way::Text },
        FromGuest::Knock {},
        FromGuest::Devices { devices: Devices { microphone: true, camera: true, picture: true } },
        FromGuest::Page { hidden: true, covered: true, quiet: false },
        FromGuest::Check {},
        FromGuest::Text { id: "t".into(), body: "pineapple".into() },
        FromGuest::Ack { id: "t".into(), proof: String::new() },
        FromGuest::Leave { how: Leaving::Exit },
    ]
}

/// Whatever is tried, by whichever way in, nobody is told anything and nothing is written down.
fn nothing_works(world: &mut World, sessions: &[&str]) {
    let facts = world.facts.len();
    // What was on its way from a page that was there when it was ended.
    for message in everything().into_iter().filter(|_| world.room.silenced.contains(&phone(1))).collect::<Vec<_>>() {
        assert_eq!(world.says(1, message), Vec::<String>::new());
    }
    for (at, session) in sessions.iter().enumerate() {
        let conn = 20 + at as u64;
        assert_eq!(world.phone_connects(conn, "alex", session, "tab"), [format!("silence for phone{conn}")]);
        assert_eq!(world.phone_connects(conn, "alex", session, "tab"), Vec::<String>::new());
        for message in everything() {
            assert_eq!(world.says(conn, message), Vec::<String>::new());
        }
        assert_eq!(world.goes(phone(conn)), Vec::<String>::new());
        world.does(crate::Input::LeaveByRequest { person: "alex".into(), session: (*session).into(), how: Leaving::Exit });
    }
    assert_eq!(world.presses_continue("alex", "session"), ["no answer"]);
    assert_eq!(world.presses_continue("alex", "one-more"), ["no answer"]);
    assert_eq!(world.facts.len(), facts, "nothing that they do is a fact");
}

#[test]
fn ending_quietly_takes_the_relay_and_tells_the_desk_alone() {
    let mut world = World::in_conversation();
    assert_eq!(
        world.acts(1, quietly()),
        [
            "write alex ended quietly @0",
            "silence for phone1",
            "cut e0 guest",
            "cut e0 desk",
            "desk1 sees [here, no link] alex ended quietly @0, said yes, video",
        ]
    );
    assert_eq!(world.acts(1, quietly()), Vec::<String>::new(), "twice is once");
    nothing_works(&mut world, &["session"]);
}

#[test]
fn it_works_from_every_state_that_has_a_living_link_and_holds_in_each() {
    let later = || {
        let mut world = World::asked();
        world.answers(1, Answer::Later);
        world
    };
    let declined = || {
        let mut world = World::waiting();
        world.acts(1, Act::Decline { person: "alex".into(), reason: Reason::NotNow, block: false });
        world
    };
    let lost = || {
        let mut world = World::in_conversation();
        world.goes(phone(1));
        world.after(10);
        world
    };
    let not_opened = || {
        let mut world = World::new();
        world.desk_opens(1, "desk-tab");
        world
    };
    for mut world in [not_opened(), World::asked(), World::waiting(), World::in_conversation(), later(), declined(), lost()] {
        let at = (world.now / 1000) as i64 - i64::from(super::world::START);
        let told = world.acts(1, quietly());
        assert_eq!(told[0], format!("write alex ended quietly @{at}"));
        let desk_or_silence =
            |line: &&String| line.starts_with("silence for phone1") || line.starts_with("cut ") || line.starts_with("desk1 sees");
        assert!(told[1..].iter().all(|line| desk_or_silence(&line)), "{told:?}");
        nothing_works(&mut world, &["session"]);
        world.killed(3);
        world.desk_opens(1, "desk-tab");
        nothing_works(&mut world, &["session"]);
    }
}

#[test]
fn who_was_told_how_it_ended_cannot_be_ended_quietly() {
    let mut left = World::in_conversation();
    left.says(1, FromGuest::Leave { how: Leaving::End });
    let mut ended = World::in_conversation();
    ended.acts(1, Act::End {});
    for mut world in [left, ended] {
        assert_eq!(world.acts(1, quietly()), ["desk1 refused: not_now"]);
    }
    assert_eq!(World::in_conversation().acts(1, Act::EndQuietly { person: "nobody".into() }), ["desk1 refused: unknown"]);
}

#[test]
fn it_works_from_a_page_of_the_desk_that_does_not_hold_the_conversation() {
    let mut world = World::in_conversation();
    world.desk_opens(2, "other-tab");
    assert_eq!(world.acts(2, quietly())[0], "write alex ended quietly @0");
}

#[test]
fn another_browser_of_theirs_meets_the_same_silence() {
    let mut world = World::in_conversation();
    world.presses_continue_in("alex", "other-session", "Firefox on Linux");
    world.phone_connects(2, "alex", "other-session", "other-tab");
    let told = world.acts(1, quietly());
    assert_eq!(told[1..3], ["silence for phone1", "silence for phone2"], "{told:?}");
    nothing_works(&mut world, &["session", "other-session"]);
}

#[test]
fn no_text_number_ring_or_reminder_reaches_them_afterwards() {
    let mut world = World::in_conversation();
    world.room.details.rings = true;
    world.acts(1, quietly());
    let person = || "alex".to_owned();
    let acts = [
        (Act::Text { person: person(), id: "d".into(), body: "hello?".into() }, Code::NotNow),
        (Act::Ring { person: person() }, Code::NotNow),
        (Act::Ask { person: person() }, Code::NotNow),
        (Act::Admit { person: person() }, Code::NotNow),
        (Act::PutBack { person: person() }, Code::NotNow),
        (Act::Move { person: person() }, Code::NotNow),
    ];
    for (act, code) in acts {
        let code = serde_json::to_string(&code).expect("is serializable");
        let told = world.acts(1, act);
        assert!(told.len() == 1 && told[0].starts_with(&format!("desk1 refused: {}", code.trim_matches('"'))), "{told:?}");
    }
}

#[test]
fn the_alarm_stays_open_until_it_is_handled() {
    let mut world = World::in_conversation();
    world.acts(1, Act::Alarm { person: "alex".into(), how: Used::Typed });
    world.acts(1, quietly());
    assert_eq!(world.room.open().len(), 1);
    world.acts(1, Act::Handled { person: "alex".into(), matter: Matter::Alarm });
    assert!(world.room.open().is_empty());
}

#[test]
fn ending_the_contact_or_making_a_new_link_breaks_no_silence() {
    let mut world = World::in_conversation();
    world.acts(1, quietly());
    world.does(crate::Input::Invite { person: "alex-again".into(), replacing: true, invitee: None });
    nothing_works(&mut world, &["session"]);
    assert_eq!(
        world.acts(1, Act::End {}),
        ["write contact ended @0", "desk1 sees [here, no link] ended @0 alex ended quietly @0, said yes, video; alex-again not opened @0"]
    );
    nothing_works(&mut world, &["session"]);
}

#[test]
fn others_of_the_contact_notice_nothing() {
    let mut world = World::in_conversation().and_robin_waits();
    let told = world.acts(1, quietly());
    assert!(!told.iter().any(|line| line.contains("phone2")), "{told:?}");
    assert_eq!(world.says(2, FromGuest::Text { id: "t".into(), body: "hello".into() }), ["desk1 reads t of robin: hello"]);
}

#[test]
fn the_silence_ends_where_the_links_end_and_then_the_link_is_as_dead_as_any() {
    let end = 30 * 60 + 4 * 3600;
    let mut world = World::in_conversation();
    world.acts(1, quietly());
    world.after(end - 1);
    nothing_works(&mut world, &["session"]);
    world.after(1);
    assert_eq!(world.presses_continue("alex", "session"), ["link finished"]);
    assert_eq!(world.phone_connects(30, "alex", "session", "tab"), ["close phone30: no_session"]);

    let mut world = World::in_conversation();
    world.after(end - 60);
    world.acts(1, quietly());
    world.after(3599);
    nothing_works(&mut world, &["session"]);
    world.after(1);
    assert_eq!(world.presses_continue("alex", "session"), ["link finished"]);
}
