//! Pages that go and come back: lost, back, another tab, another page of the desk.

use super::world::{World, desk, phone};
use sidelight_protocol::{Devices, desk::Act, guest::FromGuest};

fn alex() -> String {
    "alex".into()
}

#[test]
fn a_reload_while_waiting_keeps_the_place_and_leaves_no_line() {
    let mut world = World::waiting();
    world.now += 60_000;
    assert_eq!(world.goes(phone(1)), ["desk1 sees [here] alex waiting @0, said yes, video, lost @60"]);
    world.now += 1_000;
    assert_eq!(
        world.phone_connects(2, "alex", "session", "new-tab"),
        ["welcome phone2", "phone2 sees waiting @0, desk here", "desk1 sees [here] alex waiting @0, said yes, video"]
    );
}

#[test]
fn a_loss_is_shown_at_once_and_written_down_when_it_lasts() {
    let mut world = World::waiting();
    world.goes(phone(1));
    assert_eq!(world.room.deadline(), Some(world.now + 3_000));
    assert_eq!(world.after(3), ["write alex lost @0", "desk1 sees [here] alex waiting @0, said yes, video, lost @0"]);
}

#[test]
fn the_view_of_a_loss_does_not_change_when_it_is_written_down() {
    let mut world = World::waiting();
    let before = world.goes(phone(1));
    let after = world.after(3);
    assert_eq!(before, ["desk1 sees [here] alex waiting @0, said yes, video, lost @0"]);
    // The same people; the history has a new line, which is why the view is sent.
    assert_eq!(after[1..], before);
    assert_eq!(
        world.phone_connects(2, "alex", "session", "tab"),
        ["write alex back @3", "welcome phone2", "phone2 sees waiting @0, desk here", "desk1 sees [here] alex waiting @0, said yes, video"]
    );
}

#[test]
fn the_same_tab_back_within_two_minutes_resumes_the_same_connection() {
    let mut world = World::in_conversation();
    world.goes(phone(1));
    world.after(3);
    world.now += 116_999;
    assert_eq!(
        world.phone_connects(2, "alex", "session", "tab"),
        [
            "write alex back @119",
            "welcome phone2",
            "relay for phone2 with alex: e0 guest",
            "phone2 sees in @0 e0, desk here",
            "desk1 sees [here] alex in e0 @0, said yes, video",
        ]
    );
}

#[test]
fn who_is_away_for_two_minutes_waits_again() {
    let mut world = World::in_conversation();
    world.goes(phone(1));
    world.after(3);
    assert_eq!(world.room.deadline(), Some(world.now + 117_000));
    assert_eq!(
        world.after(117),
        ["write alex waits again @120", "cut e0 guest", "cut e0 desk", "desk1 sees [here] alex waiting @120, said yes, video, lost @0"]
    );
    assert_eq!(
        world.phone_connects(2, "alex", "session", "tab"),
        [
            "write alex back @120",
            "welcome phone2",
            "phone2 sees waiting @120, desk here",
            "desk1 sees [here] alex waiting @120, said yes, video"
        ]
    );
}

#[test]
fn who_comes_back_late_waits_even_if_the_timer_is_later_still() {
    let mut world = World::in_conversation();
    world.goes(phone(1));
    world.now += 120_000;
    assert_eq!(
        world.phone_connects(2, "alex", "session", "tab"),
        [
            "write alex lost @0 + write alex waits again @120 + write alex back @120",
            "cut e0 guest",
            "cut e0 desk",
            "welcome phone2",
            "phone2 sees waiting @120, desk here",
            "desk1 sees [here] alex waiting @120, said yes, video",
        ]
    );
}

#[test]
fn a_reload_in_conversation_starts_a_new_connection_with_everything_off() {
    let mut world = World::in_conversation();
    world.says(1, FromGuest::Devices { devices: Devices { microphone: true, camera: true, picture: true } });
    world.goes(phone(1));
    world.now += 1_000;
    assert_eq!(
        world.phone_connects(2, "alex", "session", "new-tab"),
        [
            "write alex reconnected e1 @1",
            "cut e0 guest",
            "cut e0 desk",
            "welcome phone2",
            "relay for phone2 with alex: e1 guest",
            "relay for desk1 with alex: e1 desk",
            "phone2 sees in @0 e1, desk here",
            "desk1 sees [here] alex in e1 @0, said yes, video",
        ]
    );
}

#[test]
fn a_second_tab_of_the_same_session_takes_over_and_the_old_one_is_told() {
    let mut world = World::waiting();
    assert_eq!(
        world.phone_connects(2, "alex", "session", "second-tab"),
        ["welcome phone2", "phone2 sees waiting @0, desk here", "close phone1: other_tab"]
    );
    assert_eq!(world.says(1, FromGuest::Knock {}), ["phone1 refused: unknown"]);
    // The old socket's end is no loss of the new page.
    assert_eq!(world.goes(phone(1)), Vec::<String>::new());
}

#[test]
fn the_first_page_of_the_desk_holds_the_conversation_and_take_moves_it() {
    let mut world = World::in_conversation();
    assert_eq!(world.desk_opens(2, "second-desk"), ["desk2 sees [elsewhere] alex in e0 @0, said yes, video"]);
    assert_eq!(world.acts(2, Act::PutBack { person: alex() }), ["desk2 refused: held_elsewhere"]);
    assert_eq!(
        world.acts(2, Act::Take {}),
        [
            "write alex reconnected e1 @0",
            "cut e0 guest",
            "cut e0 desk",
            "relay for phone1 with alex: e1 guest",
            "relay for desk2 with alex: e1 desk",
            "phone1 sees in @0 e1, desk here",
            "desk1 sees [elsewhere] alex in e1 @0, said yes, video",
            "desk2 sees [here] alex in e1 @0, said yes, video",
        ]
    );
    assert_eq!(world.acts(1, Act::End {}), ["desk1 refused: held_elsewhere"]);
}

#[test]
fn a_desk_that_is_lost_comes_back_to_the_same_connection() {
    let mut world = World::in_conversation();
    world.acts(1, Act::Devices { devices: Devices { microphone: true, camera: false, picture: true } });
    assert_eq!(world.goes(desk(1)), ["phone1 sees in @0 e0, microphone on"]);
    assert_eq!(
        world.desk_opens(2, "desk-tab"),
        [
            "relay for desk2 with alex: e0 desk",
            "phone1 sees in @0 e0, desk here, microphone on",
            "desk2 sees [here] alex in e0 @0, said yes, video"
        ]
    );
}

#[test]
fn a_desk_that_is_loaded_anew_starts_a_new_connection_with_everything_off() {
    let mut world = World::in_conversation();
    world.acts(1, Act::Devices { devices: Devices { microphone: true, camera: false, picture: true } });
    world.goes(desk(1));
    assert_eq!(
        world.desk_opens(2, "desk-tab-2"),
        [
            "write alex reconnected e1 @0",
            "cut e0 guest",
            "cut e0 desk",
            "relay for phone1 with alex: e1 guest",
            "relay for desk2 with alex: e1 desk",
            "phone1 sees in @0 e1, desk here",
            "desk2 sees [here] alex in e1 @0, said yes, video",
        ]
    );
}

#[test]
fn without_a_conversation_another_open_page_of_the_desk_is_as_good() {
    let mut world = World::waiting();
    world.desk_opens(2, "second-desk");
    assert_eq!(world.goes(desk(1)), ["desk2 sees [here] alex waiting @0, said yes, video"]);
}

#[test]
fn a_conversation_whose_page_is_lost_goes_to_no_other_by_itself_but_by_a_press() {
    let mut world = World::in_conversation();
    world.desk_opens(2, "second-desk");
    assert_eq!(world.goes(desk(1)), ["phone1 sees in @0 e0", "desk2 sees [nowhere] alex in e0 @0, said yes, video"]);
    assert_eq!(world.acts(2, Act::Devices { devices: Devices::default() }), ["desk2 refused: held_elsewhere"]);
    assert_eq!(
        world.acts(2, Act::ItsThem { person: alex() }),
        [
            "write alex reconnected e1 @0 + write alex is them @0",
            "cut e0 guest",
            "cut e0 desk",
            "relay for phone1 with alex: e1 guest",
            "relay for desk2 with alex: e1 desk",
            "phone1 sees in @0 e1, desk here, started",
            "desk2 sees [here] alex in e1 started @0, said yes, video",
        ]
    );
}

#[test]
fn a_press_that_both_takes_the_conversation_and_puts_back_leaves_nobody_the_relay() {
    let mut world = World::in_conversation();
    world.desk_opens(2, "second-desk");
    world.goes(desk(1));
    assert_eq!(
        world.acts(2, Act::PutBack { person: alex() }),
        [
            "write alex reconnected e1 @0 + write alex put back @0",
            "cut e0 guest",
            "cut e0 desk",
            "cut e1 guest",
            "cut e1 desk",
            "phone1 sees waiting @0, desk here",
            "desk2 sees [here] alex waiting @0, said yes, video",
        ]
    );
}

#[test]
fn a_page_that_came_while_the_holder_was_away_gives_it_back() {
    let mut world = World::in_conversation();
    world.goes(desk(1));
    world.desk_opens(2, "second-desk");
    assert_eq!(
        world.desk_opens(3, "desk-tab"),
        [
            "write alex reconnected e2 @0",
            "cut e1 guest",
            "cut e1 desk",
            "relay for phone1 with alex: e2 guest",
            "relay for desk3 with alex: e2 desk",
            "phone1 sees in @0 e2, desk here",
            "desk2 sees [elsewhere] alex in e2 @0, said yes, video",
            "desk3 sees [here] alex in e2 @0, said yes, video",
        ]
    );
    // Unless something was pressed there.
    world.goes(desk(3));
    world.acts(2, Act::Take {});
    assert_eq!(world.desk_opens(4, "desk-tab"), ["desk4 sees [elsewhere] alex in e3 @0, said yes, video"]);
}

#[test]
fn pages_of_the_desk_are_bounded() {
    let mut world = World::new();
    for number in 1..=8 {
        world.desk_opens(number, &format!("tab{number}"));
    }
    assert_eq!(world.desk_opens(9, "tab9"), ["close desk9: misbehaved"]);
    assert_eq!(world.desk_opens(10, "tab1"), ["desk10 sees [here] alex not opened @0", "close desk1: other_tab"]);
}
