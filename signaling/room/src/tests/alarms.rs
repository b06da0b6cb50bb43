//! Who has an alarm before them: a minute in which nobody touches it, handing it over, taking it.

use super::world::World;
use crate::{Input, alarm::UNTOUCHED};
use sidelight_protocol::{
    Answer,
    desk::{Act, Matter, Used},
};

fn alex() -> String {
    "alex".into()
}

fn alarmed() -> World {
    let mut world = World::in_conversation();
    world.acts(1, Act::Alarm { person: alex(), how: Used::Typed });
    world
}

fn take(by: &str) -> Input {
    Input::TakeAlarm { person: alex(), by: by.into() }
}

const ALEX: &str = "alex in e0 @0, said yes, video";

#[test]
fn an_alarm_that_nobody_touches_for_a_minute_goes_to_the_supervisors_and_no_phone_learns_of_it() {
    let mut world = alarmed();
    assert_eq!(world.room.deadline(), Some(world.now + UNTOUCHED));
    assert_eq!(world.after(59), Vec::<String>::new());
    assert_eq!(
        world.after(1),
        [
            "write alex alarm went over @60",
            &format!("desk1 sees [here !alarm of alex @0, gone over @60] {ALEX}"),
            "supervisors see [case-4711 alex @0: call-the-neighbour, gone over @60]",
        ]
    );
    assert_eq!(world.after(60), Vec::<String>::new(), "it goes over once");
}

#[test]
fn a_desk_that_is_closed_or_a_contact_that_is_over_stops_nothing() {
    let mut world = alarmed();
    world.goes(super::world::desk(1));
    world.says(1, sidelight_protocol::guest::FromGuest::Leave { how: sidelight_protocol::Leaving::End });
    assert!(world.room.in_use(), "the timer runs though nobody is there");
    assert_eq!(world.after(60)[0], "write alex alarm went over @60");
    assert!(!world.room.in_use());

    let mut world = alarmed();
    world.acts(1, Act::End {});
    assert_eq!(world.room.deadline(), Some(world.now + UNTOUCHED));
    assert_eq!(world.after(60)[0], "write alex alarm went over @60");
    assert_eq!(world.room.deadline(), None);
}

#[test]
fn after_a_restart_it_goes_over_when_it_would_have_or_at_once_if_that_is_past() {
    let mut world = alarmed();
    world.killed(20);
    assert!(!world.after(39).iter().any(|told| told.contains("went over")));
    assert!(world.after(1).iter().any(|told| told.contains("alarm went over @60")));
    let mut world = alarmed();
    world.killed(3_600);
    assert!(world.after(0)[0].contains("alarm went over @3600"));
}

#[test]
fn each_step_says_that_somebody_is_at_it_and_so_does_handled() {
    let steps = [
        Act::AtIt { person: alex() },
        Act::PutBack { person: alex() },
        Act::EndQuietly { person: alex() },
        Act::Handled { person: alex(), matter: Matter::Alarm },
    ];
    for step in steps {
        let mut world = alarmed();
        world.acts(1, step);
        assert!(!world.after(600).iter().any(|told| told.contains("went over")), "{:?}", world.history());
    }
    // What is done in any conversation isn't.
    let mut world = alarmed();
    world.acts(1, Act::ItsThem { person: alex() });
    world.acts(1, Act::Text { person: alex(), id: "t".into(), body: "x".into() });
    assert_eq!(world.after(60)[0], "write alex alarm went over @60");
}

#[test]
fn a_step_for_another_or_without_an_alarm_touches_nothing() {
    let mut world = World::in_conversation();
    for act in [Act::AtIt { person: alex() }, Act::HandOver { person: alex() }, Act::HandOver { person: "nobody".into() }] {
        assert_eq!(world.acts(1, act), ["desk1 refused: not_now"]);
    }
    assert_eq!(world.does(take("Kim")), ["not changed: no alarm"]);
    let mut world = alarmed();
    assert_eq!(world.does(take("Kim")), ["not changed: no alarm"], "what wasn't handed over is nobody's to take");
}

#[test]
fn handed_over_by_a_press_it_is_there_at_once_and_who_takes_it_first_has_it() {
    let mut world = alarmed();
    assert_eq!(
        world.acts(1, Act::HandOver { person: alex() }),
        [
            "write alex alarm handed over @0",
            &format!("desk1 sees [here !alarm of alex @0, at it, handed over @0] {ALEX}"),
            "supervisors see [case-4711 alex @0: call-the-neighbour, handed over @0]",
        ]
    );
    assert_eq!(world.acts(1, Act::HandOver { person: alex() }), Vec::<String>::new(), "once");
    world.now += 5_000;
    assert_eq!(
        world.does(take("Kim")),
        [
            "write alex alarm taken by Kim @5",
            "changed",
            &format!("desk1 sees [here !alarm of alex @0, at it, handed over @0, taken by Kim @5] {ALEX}"),
            "supervisors see [case-4711 alex @0: call-the-neighbour, handed over @0, taken by Kim @5]",
        ]
    );
    assert_eq!(world.does(take("Lee")), ["changed"], "Kim has it");
    let handled = world.acts(1, Act::Handled { person: alex(), matter: Matter::Alarm });
    assert_eq!(handled.last().unwrap(), "supervisors see []");
    // The next one begins anew.
    world.acts(1, Act::Alarm { person: alex(), how: Used::Heard });
    assert_eq!(world.after(60)[0], "write alex alarm went over @65");
}

#[test]
fn after_a_restart_supervisors_have_before_them_what_they_had() {
    let mut world = alarmed();
    world.acts(1, Act::HandOver { person: alex() });
    world.does(take("Kim"));
    let before = world.room.handed();
    world.killed(3);
    assert!(!before.is_empty() && world.room.handed() == before);
    world.desk_opens(1, "desk-tab");
    let handled = world.acts(1, Act::Handled { person: alex(), matter: Matter::Alarm });
    assert_eq!(handled.last().unwrap(), "supervisors see []", "also where nothing else was said since");
}

#[test]
fn what_is_not_an_alarm_goes_to_nobody() {
    let mut world = World::asked();
    world.answers(1, Answer::Later);
    assert!(world.room.open().iter().any(|open| open.matter == Matter::Later));
    assert_eq!(world.acts(1, Act::HandOver { person: alex() }), ["desk1 refused: not_now"]);
    world.after(600);
    assert!(world.room.handed().is_empty());
}
