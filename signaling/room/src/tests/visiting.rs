//! Those who take part in another's contact.

use super::world::{World, desk};
use crate::visiting::goes_by;
use crate::{Input, Visitor};
use sidelight_protocol::desk::Act;
use sidelight_protocol::hands::TakesPart;

fn alex() -> String {
    "alex".into()
}

fn lee_opens(world: &mut World) -> Vec<String> {
    let visitor = Visitor { staff: "lee".into(), goes_by: Some("Lee".into()), part: TakesPart::Asked };
    world.does(Input::VisitorConnect { conn: desk(2), tab: "lees-tab".into(), visitor })
}

fn is_with(world: &World) -> Option<String> {
    world.room.guest_view("alex").and_then(|view| view.practitioner)
}

#[test]
fn a_page_that_a_visitor_only_opens_takes_no_conversation_and_nobody_is_with_them() {
    let mut world = World::in_conversation();
    world.goes(desk(1));
    lee_opens(&mut world);
    assert_eq!(is_with(&world).as_deref(), Some("Sam"));
    assert_eq!(world.room.visitor(), None);
    world.acts(2, Act::Take {});
    assert_eq!(is_with(&world).as_deref(), Some("Lee"), "the control: by a press");
}

#[test]
fn what_a_visitor_has_because_nobody_else_was_there_is_the_practitioners_when_they_come() {
    let mut world = World::waiting();
    world.goes(desk(1));
    lee_opens(&mut world);
    assert_eq!(is_with(&world).as_deref(), Some("Sam"));
    world.desk_opens(3, "desk-tab-2");
    world.acts(3, Act::Admit { person: alex() });
    assert_eq!(is_with(&world).as_deref(), Some("Sam"));
}

#[test]
fn whoever_loses_it_is_out_with_the_relay_and_the_person_waits_again_wherever_their_page_is() {
    for away in [false, true] {
        let mut world = World::waiting();
        lee_opens(&mut world);
        world.acts(2, Act::Take {});
        world.acts(2, Act::Admit { person: alex() });
        if away {
            world.goes(desk(2));
        }
        let told = world.does(Input::NotTheirs { staff: Some("lee".into()) });
        assert!(told.iter().any(|line| line.starts_with("write alex put back")), "{told:?}");
        assert_eq!(told.iter().filter(|line| line.contains("cut") || line.contains("revoke")).count(), 2, "{told:?}");
        assert!(!told.iter().any(|line| line.starts_with("desk2")), "no more views: {told:?}");
        assert!(!world.room.is_talking());
        assert_eq!(is_with(&world).as_deref(), Some("Sam"));
    }
}

#[test]
fn somebody_elses_conversation_stays_when_a_visitor_goes() {
    let mut world = World::in_conversation();
    lee_opens(&mut world);
    world.does(Input::NotTheirs { staff: Some("lee".into()) });
    assert!(world.room.is_talking());
    world.does(Input::NotTheirs { staff: None });
    assert!(!world.room.is_talking(), "the control: its practitioner's own");
}

#[test]
fn somebody_goes_by_their_first_name_and_by_none_where_that_is_a_title() {
    assert_eq!(goes_by("Kim Lee").as_deref(), Some("Kim"));
    assert_eq!(goes_by("  Zoë  ").as_deref(), Some("Zoë"));
    for none in ["Dr. Lee", "MRS Lee", "", "  "] {
        assert_eq!(goes_by(none), None, "{none}");
    }
}
