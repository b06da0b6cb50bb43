//! Windows: from when to when a link can be opened, who never came, who waits long, and when a contact is over by itself.

use super::world::{START, World, details, phone};
use crate::Input;
use sidelight_protocol::{
    Answer,
    desk::{Act, ContactDetails},
    plan::Early,
};

const MINUTE: u64 = 60_000;

/// Alex is invited so many minutes before the start.
fn before(minutes: u64) -> World {
    let mut world = World::empty();
    world.now -= minutes * MINUTE;
    world.does(Input::Invite { person: "alex".into(), replacing: false, invitee: None });
    world
}

#[test]
fn a_link_can_be_opened_from_half_an_hour_before_the_start() {
    let mut world = before(31);
    assert_eq!(world.presses_continue("alex", "session"), ["too early, starts @0"]);
    world.now += MINUTE;
    assert_eq!(world.presses_continue("alex", "session"), ["write alex opened session @-1800", "redeemed"]);
}

#[test]
fn who_is_early_is_not_told_the_time_where_the_plan_says_so() {
    let mut world = before(31);
    world.does(Input::DetailsChanged { details: ContactDetails { early: Some(Early::NotTold), ..details() } });
    assert_eq!(world.presses_continue("alex", "session"), ["too early"]);
    world.now += MINUTE;
    world.presses_continue("alex", "session");
    assert_eq!(world.room.guest_view("alex").map(|view| view.starts_at), Some(0), "nor by the view of their place");
    world.does(Input::DetailsChanged { details: ContactDetails { early: Some(Early::Told), ..details() } });
    assert_eq!(world.room.guest_view("alex").map(|view| view.starts_at), Some(START));
}

#[test]
fn a_link_can_be_opened_until_an_hour_after_the_planned_end() {
    let mut world = World::new();
    world.now += 90 * MINUTE - 1;
    assert_eq!(world.presses_continue("alex", "session"), ["write alex opened session @5399", "redeemed"]);

    let mut world = World::new();
    world.now += 90 * MINUTE;
    assert_eq!(world.presses_continue("alex", "session"), ["write alex did not attend @5400", "link finished"]);
}

#[test]
fn a_held_place_stays_open_after_the_window() {
    let mut world = World::waiting();
    world.now += 100 * MINUTE;
    assert_eq!(world.presses_continue("alex", "session")[0], "redeemed", "whose place it is may press again");
    world.goes(phone(1));
    assert_eq!(world.phone_connects(2, "alex", "session", "tab")[0], "welcome phone2");
    world.acts(1, Act::Ask { person: "alex".into() });
    world.answers(2, Answer::Later);
    assert_eq!(world.presses_continue("alex", "afresh"), ["link finished"], "but nobody can take it anew");
}

#[test]
fn who_never_opened_the_link_did_not_attend() {
    let mut world = World::new();
    world.desk_opens(1, "desk-tab");
    assert_eq!(world.room.deadline(), Some(world.now + 90 * MINUTE));
    assert_eq!(
        world.after(90 * 60),
        ["write alex did not attend @5400", "desk1 sees [here] alex did not attend @0"],
        "said once, when the link can't be opened any more"
    );
    assert_eq!(world.after(60), Vec::<String>::new());
}

#[test]
fn a_contact_that_is_moved_to_a_later_time_can_be_attended_after_all() {
    let mut world = World::new();
    world.desk_opens(1, "desk-tab");
    world.after(90 * 60);
    let later = ContactDetails { starts_at: START + 90 * 60, ..details() };
    assert_eq!(world.does(Input::DetailsChanged { details: later }), ["changed", "desk1 sees [here] alex not opened @0"]);
    assert_eq!(world.presses_continue("alex", "session")[0], "write alex opened session @5400");
}

#[test]
fn a_link_made_too_late_to_be_opened_is_not_made() {
    let mut world = World::empty();
    world.now += 90 * MINUTE;
    assert_eq!(world.does(Input::Invite { person: "alex".into(), replacing: true, invitee: None }), ["not changed: too late"]);
}

#[test]
fn who_has_waited_ten_minutes_past_the_time_is_told_so() {
    let mut world = World::waiting();
    assert_eq!(world.room.deadline(), Some(world.now + 10 * MINUTE));
    assert_eq!(world.after(10 * 60), ["phone1 sees waiting @0, desk here, late"]);
    assert_eq!(world.after(60), Vec::<String>::new());

    // Who comes late waits as long as anybody before they are told.
    let mut world = World::asked();
    world.now += 20 * MINUTE;
    world.answers(1, Answer::Type);
    world.says(1, sidelight_protocol::guest::FromGuest::Knock {});
    assert_eq!(world.after(10 * 60 - 1), Vec::<String>::new());
    assert_eq!(world.after(1), ["phone1 sees waiting @1200, desk here, late"]);
}

#[test]
fn a_contact_that_was_never_opened_ends_by_itself_as_well() {
    let mut world = World::new();
    world.after(90 * 60);
    assert_eq!(world.after(3 * 3600), ["write contact ended @16200"]);
    assert_eq!(world.presses_continue("alex", "session"), ["link finished"]);
}
