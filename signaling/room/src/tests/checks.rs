//! Trying sound and picture while waiting: for whom, how often, and who hears how it went.

use super::world::{World, phone};
use sidelight_protocol::{Checked, CheckedCamera, CheckedConnection, CheckedMicrophone, CheckedSpeaker, desk::Act, guest::FromGuest};

fn went(connection: CheckedConnection) -> FromGuest {
    let (microphone, camera, speaker) = (CheckedMicrophone::Silent, CheckedCamera::Off, CheckedSpeaker::NotTried);
    FromGuest::Checked { checked: Checked { connection, microphone, camera, speaker } }
}

#[test]
fn who_waits_may_try_their_own_line_and_nobody_else_learns_of_it() {
    let mut world = World::waiting().and_robin_waits();
    assert_eq!(world.says(1, FromGuest::Check {}), ["relay for phone1 alone"]);
    assert_eq!(world.says(2, FromGuest::Check {}), ["relay for phone2 alone"]);
}

#[test]
fn nobody_tries_their_line_before_the_waiting_room_nor_in_conversation() {
    let mut world = World::new();
    world.presses_continue("alex", "session");
    world.phone_connects(1, "alex", "session", "tab");
    assert_eq!(world.says(1, FromGuest::Check {}), ["phone1 refused: not_now"]);
    assert_eq!(world.says(1, went(CheckedConnection::Good)), ["phone1 refused: not_now"]);
    let mut world = World::in_conversation();
    assert_eq!(world.says(1, FromGuest::Check {}), ["phone1 refused: not_now"]);
}

#[test]
fn another_browser_of_the_link_tries_nothing() {
    let mut world = World::waiting();
    world.presses_continue_in("alex", "another", "Firefox on Linux");
    world.phone_connects(2, "alex", "another", "another-tab");
    assert_eq!(world.says(2, FromGuest::Check {}), ["phone2 refused: not_now"]);
    assert_eq!(world.says(2, went(CheckedConnection::Good)), ["phone2 refused: not_now"]);
}

#[test]
fn trying_is_for_four_times_a_minute() {
    let mut world = World::waiting();
    for _ in 0..4 {
        assert_eq!(world.says(1, FromGuest::Check {}), ["relay for phone1 alone"]);
    }
    assert_eq!(world.says(1, FromGuest::Check {}), ["phone1 refused: too_fast"]);
    // Nor by coming again.
    world.goes(phone(1));
    world.phone_connects(3, "alex", "session", "another-tab");
    assert_eq!(world.says(3, FromGuest::Check {}), ["phone3 refused: too_fast"]);
    world.after(60);
    assert_eq!(world.says(3, FromGuest::Check {}), ["relay for phone3 alone"]);
}

#[test]
fn the_desk_sees_how_it_went_the_last_time_and_nothing_of_it_is_written_down() {
    let mut world = World::waiting();
    let before = world.history();
    assert_eq!(
        world.says(1, went(CheckedConnection::Poor)),
        ["desk1 sees [here] alex waiting @0, said yes, video, checked poor silent off not_tried"]
    );
    world.now += 1_999;
    assert_eq!(world.says(1, went(CheckedConnection::Good)), ["phone1 refused: too_fast"]);
    world.now += 1;
    assert_eq!(
        world.says(1, went(CheckedConnection::Good)),
        ["desk1 sees [here] alex waiting @0, said yes, video, checked good silent off not_tried"]
    );
    assert_eq!(world.history(), before);
    world.acts(1, Act::Admit { person: "alex".into() });
    world.now += 2_000;
    let inside = world.says(1, went(CheckedConnection::None));
    assert_eq!(inside.len(), 1, "what was under way as they were let in still comes: {inside:?}");
    assert!(inside[0].contains("checked none silent off not_tried"), "{inside:?}");
}

#[test]
fn how_it_went_goes_with_the_visit() {
    let mut world = World::waiting();
    world.says(1, went(CheckedConnection::Poor));
    world.presses_continue_in("alex", "another", "Firefox on Linux");
    world.phone_connects(2, "alex", "another", "another-tab");
    let moved = world.acts(1, Act::Move { person: "alex".into() });
    assert!(!moved.join(" ").contains("checked"), "it was about the other browser: {moved:?}");
    let mut world = World::waiting();
    world.says(1, went(CheckedConnection::Poor));
    let ended = world.acts(1, Act::End {});
    assert!(!ended.join(" ").contains("checked"), "{ended:?}");
}
