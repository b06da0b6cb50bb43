//! "We will ring you instead": only where it was agreed, only by a press, and written down.

use super::world::{World, details};
use crate::{Conn, Input};
use sidelight_protocol::{
    Answer, Way,
    desk::{Act, ContactDetails},
    guest::{FromGuest, GuestView},
};

fn ring() -> Act {
    Act::Ring { person: "alex".into() }
}

/// Alex may be rung, or not.
fn agreed(mut world: World, rings: bool) -> World {
    world.does(Input::DetailsChanged { details: ContactDetails { rings, ..details() } });
    world
}

fn view(world: &World) -> GuestView {
    world.room.guest_view("alex").expect("alex is here")
}

#[test]
fn where_it_was_agreed_ringing_is_written_down_and_their_page_says_so() {
    for world in [World::waiting(), World::in_conversation()] {
        let mut world = agreed(world, true);
        let told = world.acts(1, ring());
        assert_eq!(told[0], "write alex rung @0");
        assert!(told.iter().any(|told| told.starts_with("phone1 sees") && told.contains("being rung")), "{told:?}");
        assert!(told.iter().any(|told| told.starts_with("desk1 sees") && told.contains("rung @0")), "{told:?}");
        assert!(serde_json::to_string(&world.room.contact_view(Conn(1_001)).history).unwrap().contains("\"rung\""));
    }
}

/// The control is the test above.
#[test]
fn where_it_was_not_agreed_nobody_is_rung_and_no_page_says_so() {
    for world in [World::waiting(), World::in_conversation()] {
        let mut world = agreed(world, false);
        let before = world.history();
        assert_eq!(world.acts(1, ring()), ["desk1 refused: not_now"]);
        assert_eq!(world.history(), before);
        assert!(!view(&world).rings && !view(&world).ringing);
    }
}

#[test]
fn nobody_is_rung_who_is_not_inside() {
    let mut world = agreed(World::asked(), true);
    assert_eq!(world.acts(1, ring()), ["desk1 refused: not_now"]);
    assert_eq!(world.acts(1, Act::Ring { person: "robin".into() }), ["desk1 refused: unknown"]);
    let mut world = agreed(World::in_conversation(), true);
    world.acts(1, Act::End {});
    assert_eq!(world.acts(1, ring()), ["desk1 refused: not_now"]);
}

#[test]
fn before_the_waiting_room_no_phone_can_learn_that_it_may_be_rung_or_that_they_sign() {
    let mut world = World::asked();
    world.does(Input::DetailsChanged { details: ContactDetails { rings: true, signing: true, ..details() } });
    let told = |world: &World| (view(world).rings, view(world).signing);
    assert_eq!(told(&world), (false, false));
    for message in [FromGuest::Answer { answer: Answer::Yes }, FromGuest::Choose { way: Way::Voice }] {
        world.says(1, message);
        assert_eq!(told(&world), (false, false));
    }
    world.says(1, FromGuest::Knock {});
    assert_eq!(told(&world), (true, true));
    world.acts(1, Act::Admit { person: "alex".into() });
    assert_eq!(told(&world), (true, true), "known beforehand, since it is said when there is no line");
}

#[test]
fn their_page_says_so_for_two_minutes_and_ringing_that_goes_on_is_one_fact() {
    let mut world = agreed(World::in_conversation(), true);
    world.acts(1, ring());
    assert_eq!(world.after(119), [""; 0]);
    assert_eq!(world.acts(1, ring()), [""; 0]);
    assert!(view(&world).ringing);
    assert_eq!(world.room.deadline(), Some(world.now + 1_000));
    assert_eq!(world.after(1), ["phone1 sees in @0 e0, desk here"]);
    assert!(!view(&world).ringing);
    assert_eq!(world.acts(1, ring())[0], "write alex rung @120");
}

#[test]
fn somebody_without_a_line_can_be_rung_and_reads_it_when_they_are_back() {
    let mut world = agreed(World::in_conversation(), true);
    world.goes(super::world::phone(1));
    world.after(30);
    assert_eq!(world.acts(1, ring())[0], "write alex rung @30");
    world.killed(5);
    world.desk_opens(2, "desk-tab");
    let told = world.phone_connects(2, "alex", "session", "tab");
    assert!(told.iter().any(|told| told.starts_with("phone2 sees") && told.contains("being rung")), "{told:?}");
}

#[test]
fn when_it_is_agreed_no_more_their_page_says_so_no_more() {
    let mut world = agreed(World::in_conversation(), true);
    world.acts(1, ring());
    assert!(view(&world).ringing);
    let world = agreed(world, false);
    assert!(!view(&world).ringing && !view(&world).rings);
}

#[test]
fn another_browser_that_is_given_the_place_is_not_the_one_that_was_rung() {
    let mut world = agreed(World::in_conversation(), true);
    world.acts(1, ring());
    world.presses_continue("alex", "another");
    world.phone_connects(2, "alex", "another", "another-tab");
    world.acts(1, Act::Move { person: "alex".into() });
    for message in [FromGuest::Answer { answer: Answer::Type }, FromGuest::Knock {}] {
        world.says(2, message);
    }
    assert!(view(&world).rings && !view(&world).ringing);
}
