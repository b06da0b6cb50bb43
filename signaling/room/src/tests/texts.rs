//! Text, at the door and in conversation: the body is opaque, nothing is kept.

use super::world::{World, desk, phone};
use sidelight_protocol::{Answer, desk::Act, guest::FromGuest};

fn text(id: &str) -> FromGuest {
    FromGuest::Text { id: id.into(), body: "sealed".into() }
}

fn to_alex(id: &str) -> Act {
    Act::Text { person: "alex".into(), id: id.into(), body: "running late".into() }
}

fn ack_to_alex(id: &str) -> Act {
    Act::Ack { person: "alex".into(), id: id.into(), proof: String::new() }
}

#[test]
fn texts_and_their_acknowledgements_pass_both_ways_at_the_door_and_in_conversation() {
    for mut world in [World::waiting(), World::in_conversation()] {
        assert_eq!(world.says(1, text("g1")), ["desk1 reads g1 of alex: sealed"]);
        assert_eq!(world.acts(1, ack_to_alex("g1")), ["phone1 learns that g1 arrived"]);
        assert_eq!(world.acts(1, to_alex("d1")), ["phone1 reads d1: running late"]);
        assert_eq!(world.says(1, FromGuest::Ack { id: "d1".into(), proof: String::new() }), ["desk1 learns that d1 arrived at alex"]);
    }
}

#[test]
fn texts_before_the_waiting_room_and_after_the_end_are_refused() {
    let mut world = World::asked();
    assert_eq!(world.says(1, text("g1")), ["phone1 refused: not_now about g1"]);
    assert_eq!(world.acts(1, to_alex("d1")), ["desk1 refused: not_now about d1"]);
    assert_eq!(world.says(1, FromGuest::Ack { id: "d1".into(), proof: String::new() }), ["phone1 refused: not_now"]);
    world.answers(1, Answer::Yes);
    assert_eq!(world.says(1, text("g1")), ["phone1 refused: not_now about g1"]);
    let mut world = World::in_conversation();
    world.acts(1, Act::End {});
    assert_eq!(world.acts(1, to_alex("d1")), ["desk1 refused: not_now about d1"]);
}

#[test]
fn a_text_with_nobody_there_is_refused_so_that_it_is_kept_and_sent_again() {
    let mut world = World::waiting();
    world.goes(desk(1));
    assert_eq!(world.says(1, text("g1")), ["phone1 refused: not_there about g1"]);
    world.desk_opens(2, "desk-tab");
    world.goes(phone(1));
    assert_eq!(world.acts(2, to_alex("d1")), ["desk2 refused: not_there about d1"]);
    // An acknowledgement with nobody there is not refused: its text will come again.
    assert_eq!(world.acts(2, ack_to_alex("g1")), Vec::<String>::new());
}

#[test]
fn texts_go_to_the_page_that_holds_the_conversation_only() {
    let mut world = World::waiting();
    world.desk_opens(2, "second-desk");
    assert_eq!(world.says(1, text("g1")), ["desk1 reads g1 of alex: sealed"]);
    assert_eq!(world.acts(2, ack_to_alex("g1")), ["desk2 refused: held_elsewhere"]);
    assert_eq!(world.acts(2, to_alex("d1")), ["desk2 refused: held_elsewhere about d1"]);
    world.acts(2, Act::Take {});
    assert_eq!(world.says(1, text("g2")), ["desk2 reads g2 of alex: sealed"]);
}

#[test]
fn a_text_to_one_who_waits_is_told_to_nobody_else() {
    let mut world = World::in_conversation().and_robin_waits();
    let to_robin = Act::Text { person: "robin".into(), id: "d1".into(), body: "soon".into() };
    assert_eq!(world.acts(1, to_robin), ["phone2 reads d1: soon"]);
    assert_eq!(world.says(2, text("r1")), ["desk1 reads r1 of robin: sealed"]);
    let to_nobody = Act::Text { person: "nobody".into(), id: "d2".into(), body: "soon".into() };
    assert_eq!(world.acts(1, to_nobody), ["desk1 refused: unknown about d2"]);
}

#[test]
fn texts_at_the_door_go_on_after_being_put_back() {
    let mut world = World::in_conversation();
    world.acts(1, Act::PutBack { person: "alex".into() });
    assert_eq!(world.says(1, text("g1")), ["desk1 reads g1 of alex: sealed"]);
    assert_eq!(world.acts(1, to_alex("d1")), ["phone1 reads d1: running late"]);
}

#[test]
fn no_text_is_written_down() {
    let mut world = World::in_conversation();
    let before = world.history();
    world.says(1, text("g1"));
    world.acts(1, to_alex("d1"));
    assert_eq!(world.history(), before);
}
