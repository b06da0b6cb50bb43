//! Another browser on the same link: it waits, the desk knows, and the place moves by one press of the practitioner.

use super::world::{World, phone};
use crate::Input;
use sidelight_protocol::{
    Answer, Devices, Leaving, Way,
    desk::{Act, Reason},
    guest::FromGuest,
};

/// Alex waits on phone 1; another browser on phone 2 has opened the link and is there.
fn another(mut world: World) -> World {
    world.presses_continue_in("alex", "other", "Firefox on Linux");
    world.phone_connects(2, "alex", "other", "other-tab");
    world
}

fn the_move() -> Act {
    Act::Move { person: "alex".into() }
}

#[test]
fn another_browser_waits_and_the_desk_is_told_of_its_kind() {
    let mut world = World::waiting();
    assert_eq!(
        world.presses_continue_in("alex", "other", "Firefox on Linux"),
        [
            "write alex other browser other of another kind @0",
            "redeemed",
            "desk1 sees [here] alex waiting @0, said yes, video, other browser @0 of another kind",
        ]
    );
    assert_eq!(
        world.phone_connects(2, "alex", "other", "other-tab"),
        [
            "welcome phone2",
            "phone2 sees told",
            "desk1 sees [here] alex waiting @0, said yes, video, other browser @0 of another kind there",
        ]
    );
    let mut world = World::waiting();
    assert_eq!(world.presses_continue("alex", "other")[0], "write alex other browser other of the same kind @0");
}

#[test]
fn another_browser_gets_nothing_of_the_room() {
    let mut world = another(World::in_conversation());
    let nothing = ["phone2 refused: not_now"];
    assert_eq!(world.answers(2, Answer::Yes), nothing);
    assert_eq!(world.says(2, FromGuest::Knock {}), nothing);
    assert_eq!(world.says(2, FromGuest::Ack { id: "d".into(), proof: String::new() }), nothing);
    assert_eq!(world.says(2, FromGuest::Text { id: "t".into(), body: "x".into() }), ["phone2 refused: not_now about t"]);
    assert_eq!(world.says(2, FromGuest::Devices { devices: Devices::default() }), Vec::<String>::new());
    assert_eq!(world.acts(1, Act::Text { person: "alex".into(), id: "d".into(), body: "hello".into() }), ["phone1 reads d: hello"]);
    assert_eq!(world.acts(1, Act::Ask { person: "alex".into() }).iter().filter(|line| line.starts_with("phone2")).count(), 0);
}

#[test]
fn one_press_moves_the_place_and_the_new_page_begins_with_the_question() {
    let mut world = another(World::in_conversation());
    assert_eq!(
        world.acts(1, the_move()),
        [
            "write alex moved @0",
            "cut e0 guest",
            "cut e0 desk",
            "phone1 sees over: moved",
            "phone2 sees asked",
            "desk1 sees [here] alex asked @0",
            "close phone1: over",
        ]
    );
    assert_eq!(world.phone_connects(3, "alex", "session", "tab"), ["close phone3: no_session"]);
    assert_eq!(world.answers(2, Answer::Yes)[0], "write alex answered yes @0");
}

#[test]
fn a_place_moves_only_to_a_page_that_is_there() {
    let mut world = World::waiting();
    assert_eq!(world.acts(1, the_move()), ["desk1 refused: not_now"]);
    world.presses_continue("alex", "other");
    assert_eq!(world.acts(1, the_move()), ["desk1 refused: not_there"]);
}

#[test]
fn a_third_browser_pushes_nobody_out() {
    let mut world = another(World::waiting());
    world.now += 15_000;
    assert_eq!(world.presses_continue("alex", "third"), ["place taken"]);
    world.goes(phone(2));
    assert_eq!(world.presses_continue("alex", "third")[0], "write alex other browser third of the same kind @15");
    assert_eq!(world.phone_connects(3, "alex", "other", "tab"), ["close phone3: no_session"]);
}

#[test]
fn who_has_the_link_can_not_fill_the_disk_with_it() {
    let mut world = World::waiting();
    let mut written = 0;
    for at in 0..100 {
        world.now += 16_000;
        let pressed = world.presses_continue("alex", &format!("other-{at}"));
        written += usize::from(pressed[0].starts_with("write"));
    }
    assert_eq!(written, 20);
}

#[test]
fn another_browser_that_leaves_takes_neither_place_nor_link_with_it() {
    let mut world = another(World::waiting());
    assert_eq!(
        world.says(2, FromGuest::Leave { how: Leaving::Exit }),
        ["write alex other browser left @0", "desk1 sees [here] alex waiting @0, said yes, video", "close phone2: over"]
    );
    let mut world = another(World::waiting());
    let leave = Input::LeaveByRequest { person: "alex".into(), session: "other".into(), how: Leaving::Exit };
    assert_eq!(world.does(leave)[0], "write alex other browser left @0");
}

#[test]
fn when_the_person_leaves_the_other_browser_has_a_finished_link() {
    let mut world = another(World::waiting());
    assert_eq!(
        world.says(1, FromGuest::Leave { how: Leaving::Exit }),
        [
            "write alex left by exit @0",
            "phone1 sees over: left",
            "phone2 sees over: finished",
            "desk1 sees [here, no link !exit of alex @0] alex left by the exit @0, said yes, video",
            "close phone1: over",
            "close phone2: over",
        ]
    );
}

#[test]
fn another_browser_is_known_again_after_a_restart() {
    let mut world = another(World::waiting());
    world.killed(3);
    world.desk_opens(2, "desk-tab");
    world.phone_connects(3, "alex", "session", "tab");
    assert_eq!(world.phone_connects(4, "alex", "other", "other-tab")[1], "phone4 sees told");
    assert_eq!(world.acts(2, the_move())[0], "write alex moved @3");
}

/// Alex answered "Later", or was told that now is no time: the place is free, and the link asks afresh.
fn free() -> [World; 2] {
    let mut later = World::asked();
    later.answers(1, Answer::Later);
    let mut declined = World::waiting();
    declined.acts(1, Act::Decline { person: "alex".into(), reason: Reason::NotNow, block: false });
    [later, declined]
}

#[test]
fn who_opens_the_link_when_the_place_is_free_is_told_of_where_it_is_another_browser() {
    for mut world in free() {
        let opened = world.presses_continue_in("alex", "other", "Firefox on Linux");
        assert_eq!(opened[0], "write alex opened other by another kind @0");
        assert!(opened[2].contains(" alex opened @0, another kind @0"), "{opened:?}");
        // It stands until the practitioner knows who it is.
        world.phone_connects(2, "alex", "other", "tab");
        world.answers(2, Answer::Yes);
        world.says(2, FromGuest::Choose { way: Way::Voice });
        assert!(world.says(2, FromGuest::Knock {})[2].contains("another kind @0"));
        world.killed(3);
        let seen = world.desk_opens(1, "desk-tab");
        assert!(seen.concat().contains("another kind @0"), "{seen:?}");
        world.phone_connects(3, "alex", "other", "tab");
        world.acts(1, Act::Admit { person: "alex".into() });
        let them = world.acts(1, Act::ItsThem { person: "alex".into() });
        assert!(!them.concat().contains("another kind"), "{them:?}");
    }
}

#[test]
fn the_same_kind_of_browser_may_be_the_same_phone_and_is_not_told_of_as_another() {
    for mut world in free() {
        let opened = world.presses_continue("alex", "again");
        assert_eq!(opened[0], "write alex opened again @0");
        assert!(!opened.concat().contains("another kind"), "{opened:?}");
    }
}
