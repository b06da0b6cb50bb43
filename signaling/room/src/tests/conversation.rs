//! Look first, put back, end, and the end that comes by itself.

use super::world::{START, World, phone};
use sidelight_protocol::{Devices, desk::Act, guest::FromGuest};

fn alex() -> String {
    "alex".into()
}

#[test]
fn its_them_is_pressed_once_and_both_sides_see_it() {
    let mut world = World::in_conversation();
    assert_eq!(
        world.acts(1, Act::ItsThem { person: alex() }),
        ["write alex is them @0", "phone1 sees in @0 e0, desk here, started", "desk1 sees [here] alex in e0 started @0, said yes, video"]
    );
    assert_eq!(world.acts(1, Act::ItsThem { person: alex() }), ["desk1 refused: not_now"]);
}

#[test]
fn each_side_sees_what_the_other_has_switched_on() {
    let mut world = World::in_conversation();
    let camera = Devices { microphone: false, camera: true, picture: true };
    assert_eq!(world.says(1, FromGuest::Devices { devices: camera }), ["desk1 sees [here] alex in e0 @0, said yes, video, camera on"]);
    let microphone = Devices { microphone: true, camera: false, picture: true };
    assert_eq!(world.acts(1, Act::Devices { devices: microphone }), ["phone1 sees in @0 e0, desk here, microphone on"]);
    let voice_only = Devices { picture: false, ..camera };
    assert_eq!(
        world.says(1, FromGuest::Devices { devices: voice_only }),
        ["desk1 sees [here] alex in e0 @0, said yes, video, camera on, no picture"]
    );
    world.says(1, FromGuest::Devices { devices: camera });
    assert_eq!(
        world.says(1, FromGuest::Page { hidden: true, covered: false, quiet: false }),
        ["desk1 sees [here] alex in e0 @0, said yes, video, camera on, hidden"]
    );
}

#[test]
fn the_desk_knows_that_a_page_is_covered_until_carry_on_is_pressed_there() {
    let mut world = World::in_conversation();
    let away = world.says(1, FromGuest::Page { hidden: true, covered: true, quiet: false });
    assert_eq!(away, ["desk1 sees [here] alex in e0 @0, said yes, video, hidden, covered"]);
    let back = world.says(1, FromGuest::Page { hidden: false, covered: true, quiet: false });
    assert_eq!(back, ["desk1 sees [here] alex in e0 @0, said yes, video, covered"]);
    let on = world.says(1, FromGuest::Page { hidden: false, covered: false, quiet: false });
    assert_eq!(on, ["desk1 sees [here] alex in e0 @0, said yes, video"]);
    // A page that was loaded anew says for itself what it is.
    world.says(1, FromGuest::Page { hidden: true, covered: true, quiet: false });
    let anew = world.phone_connects(2, "alex", "session", "another tab");
    assert!(anew.iter().any(|line| line.starts_with("desk1 sees")) && !anew.concat().contains("covered"), "{anew:?}");
}

#[test]
fn the_desk_knows_that_they_read_and_is_told_anew_by_a_page_that_was_loaded_again() {
    let mut world = World::in_conversation();
    let quiet = FromGuest::Page { hidden: false, covered: false, quiet: true };
    assert_eq!(world.says(1, quiet.clone()), ["desk1 sees [here] alex in e0 @0, said yes, video, quiet"]);
    let away = world.says(1, FromGuest::Page { hidden: true, covered: true, quiet: true });
    assert_eq!(away, ["desk1 sees [here] alex in e0 @0, said yes, video, hidden, covered, quiet"]);
    let anew = world.phone_connects(2, "alex", "session", "another tab");
    assert!(!anew.concat().contains("quiet"), "{anew:?}");
    assert!(world.says(2, quiet).concat().ends_with(", quiet"));
    let loud = world.says(2, FromGuest::Page { hidden: false, covered: false, quiet: false });
    assert!(!loud.is_empty() && !loud.concat().contains("quiet"), "{loud:?}");
}

#[test]
fn being_put_back_cuts_the_relay_at_once_and_they_wait_again() {
    let mut world = World::in_conversation();
    world.says(1, FromGuest::Devices { devices: Devices { microphone: true, camera: true, picture: true } });
    world.now += 60_000;
    assert_eq!(
        world.acts(1, Act::PutBack { person: alex() }),
        [
            "write alex put back @60",
            "cut e0 guest",
            "cut e0 desk",
            "phone1 sees waiting @60, desk here",
            "desk1 sees [here] alex waiting @60, said yes, video",
        ]
    );
    assert_eq!(world.acts(1, Act::PutBack { person: alex() }), ["desk1 refused: not_now"]);
    assert_eq!(
        world.acts(1, Act::Admit { person: alex() }),
        [
            "write alex admitted e60 @60",
            "relay for phone1 with alex: e60 guest",
            "relay for desk1 with alex: e60 desk",
            "phone1 sees in @60 e60, desk here",
            "desk1 sees [here] alex in e60 @60, said yes, video",
        ]
    );
}

#[test]
fn an_end_beyond_healing_has_both_begin_a_new_epoch_once() {
    let mut world = World::in_conversation();
    world.now += 1_000;
    let reconnect = |epoch| Act::Reconnect { person: alex(), epoch };
    let first = START;
    assert_eq!(
        world.acts(1, reconnect(first)),
        [
            "write alex reconnected e1 @1",
            "cut e0 guest",
            "cut e0 desk",
            "relay for phone1 with alex: e1 guest",
            "relay for desk1 with alex: e1 desk",
            "phone1 sees in @0 e1, desk here",
            "desk1 sees [here] alex in e1 @0, said yes, video",
        ]
    );
    assert_eq!(world.acts(1, reconnect(first)), Vec::<String>::new(), "said again because nobody answered");
    world.acts(1, Act::PutBack { person: alex() });
    assert_eq!(world.acts(1, reconnect(first)), ["desk1 refused: not_now"]);
}

#[test]
fn each_admission_has_a_greater_epoch_even_within_a_second() {
    let mut world = World::in_conversation();
    for epoch in 1..5 {
        world.acts(1, Act::PutBack { person: alex() });
        assert_eq!(world.acts(1, Act::Admit { person: alex() })[0], format!("write alex admitted e{epoch} @0"));
    }
}

#[test]
fn ending_ends_it_for_all_and_finishes_every_link() {
    let mut world = World::in_conversation().and_robin_waits();
    assert_eq!(
        world.acts(1, Act::End {}),
        [
            "write contact ended @0",
            "cut e0 guest",
            "cut e0 desk",
            "phone1 sees over: ended",
            "phone2 sees over: ended",
            "desk1 sees [here, no link] ended @0 alex ended @0, said yes, video; robin ended @0, said type, text",
            "close phone1: over",
            "close phone2: over",
        ]
    );
    assert_eq!(world.presses_continue("alex", "session"), ["link finished"]);
    assert_eq!(world.acts(1, Act::Take {}), ["desk1 refused: not_now"]);
    assert_eq!(world.room.deadline(), None);
}

#[test]
fn who_was_away_when_it_ended_is_told_so_for_two_minutes_and_then_nothing() {
    let mut world = World::waiting();
    world.goes(phone(1));
    world.acts(1, Act::End {});
    world.now += 120_000;
    assert_eq!(world.phone_connects(2, "alex", "session", "tab"), ["welcome phone2", "phone2 sees over: ended", "close phone2: over"]);
    world.now += 1_000;
    assert_eq!(world.phone_connects(3, "alex", "session", "tab"), ["close phone3: no_session"]);
}

#[test]
fn a_contact_ends_by_itself_four_hours_after_its_planned_end() {
    let mut world = World::in_conversation();
    let end = (4 * 60 + 30) * 60;
    assert_eq!(world.after(end - 1), Vec::<String>::new());
    assert_eq!(
        world.after(1),
        [
            "write contact ended @16200",
            "cut e0 guest",
            "cut e0 desk",
            "phone1 sees over: ended",
            "desk1 sees [here, no link] ended @16200 alex ended @16200, said yes, video",
            "close phone1: over",
        ]
    );
}

#[test]
fn what_is_due_is_done_before_anything_else_however_late_the_timer() {
    let mut world = World::waiting();
    world.now += 5 * 3_600_000;
    assert_eq!(
        world.acts(1, Act::Admit { person: alex() }),
        [
            "write contact ended @18000",
            "phone1 sees over: ended",
            "desk1 sees [here, no link] ended @18000 alex ended @18000, said yes, video",
            "desk1 refused: not_now",
            "close phone1: over",
        ]
    );
}
