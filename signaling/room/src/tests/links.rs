//! Links: who has a person's place, and when a link is worth nothing.

use super::world::{World, phone};
use crate::Input;
use sidelight_protocol::{Answer, Leaving, desk::Act};

fn revoke(person: Option<&str>) -> Input {
    Input::Revoke { person: person.map(str::to_owned) }
}

#[test]
fn the_first_browser_has_the_place() {
    let mut world = World::waiting();
    assert_eq!(world.phone_connects(2, "alex", "invented", "tab"), ["close phone2: no_session"]);
    assert_eq!(world.presses_continue("alex", "session"), ["redeemed"]);
}

#[test]
fn a_claim_whose_page_never_came_may_be_taken_after_15_seconds() {
    let mut world = World::new();
    world.presses_continue("alex", "lost-reply");
    world.now += 15_000;
    assert_eq!(world.presses_continue("alex", "second"), ["write alex opened second @15", "redeemed"]);
    assert_eq!(world.phone_connects(1, "alex", "lost-reply", "tab"), ["close phone1: no_session"]);
    world.phone_connects(2, "alex", "second", "tab");
    world.now += 15_000;
    assert_eq!(
        world.presses_continue("alex", "third"),
        ["write alex other browser third of the same kind @30", "redeemed"],
        "from then on a later press is another browser's"
    );
}

#[test]
fn pressing_continue_again_after_a_lost_reply_is_no_other_browser() {
    let mut world = World::new();
    let press = |world: &mut World, session: &str, claim: &str| {
        let (session, claim) = (session.to_owned(), Some(claim.to_owned()));
        world.does(Input::Redeem { person: "alex".into(), session, browser: None, claim })
    };
    press(&mut world, "lost-reply", "this-press");
    assert_eq!(press(&mut world, "second", "this-press"), ["write alex opened second @0", "redeemed"]);
    assert_eq!(press(&mut world, "third", "another-press"), ["write alex other browser third of another kind @0", "redeemed"]);
    world.phone_connects(1, "alex", "second", "tab");
    assert_eq!(press(&mut world, "fourth", "this-press"), ["place taken"], "once the page came, the place is its own");
}

#[test]
fn a_link_that_was_never_there_is_like_one_that_is_finished() {
    let mut world = World::new();
    assert_eq!(world.presses_continue("nobody", "session"), ["link finished"]);
    world.does(revoke(Some("alex")));
    assert_eq!(world.presses_continue("alex", "session"), ["link finished"]);
}

#[test]
fn revoking_a_link_ends_the_session_that_came_by_it() {
    let mut world = World::in_conversation();
    assert_eq!(
        world.does(revoke(Some("alex"))),
        [
            "write alex revoked @0",
            "changed",
            "cut e0 guest",
            "cut e0 desk",
            "phone1 sees over: finished",
            "desk1 sees [here, no link] alex revoked @0, said yes, video",
            "close phone1: over",
        ]
    );
    assert_eq!(world.does(revoke(Some("alex"))), ["changed"]);
    assert_eq!(world.phone_connects(2, "alex", "session", "tab"), ["close phone2: no_session"]);
}

#[test]
fn a_new_link_makes_every_older_one_worthless() {
    let mut world = World::waiting();
    assert_eq!(
        world.does(Input::Invite { person: "alex-again".into(), replacing: true, invitee: None }),
        [
            "write alex revoked @0 + write alex-again invited @0",
            "changed",
            "phone1 sees over: finished",
            "desk1 sees [here] alex revoked @0, said yes, video; alex-again not opened @0",
            "close phone1: over",
        ]
    );
    assert_eq!(world.presses_continue("alex", "session"), ["link finished"]);
    assert_eq!(world.presses_continue("alex-again", "new")[1], "redeemed");
}

#[test]
fn a_link_that_was_replaced_unopened_is_no_person_on_the_desk() {
    let mut world = World::new();
    world.desk_opens(1, "desk-tab");
    assert_eq!(
        world.does(Input::Invite { person: "second".into(), replacing: true, invitee: None }),
        ["write alex revoked @0 + write second invited @0", "changed", "desk1 sees [here] second not opened @0"]
    );
    assert_eq!(world.does(revoke(None)), ["write second revoked @0", "changed", "desk1 sees [here, no link]"]);
}

#[test]
fn a_link_that_the_service_has_seen_is_marked_until_it_is_replaced() {
    let mut world = World::new();
    world.desk_opens(1, "desk-tab");
    let shown = || Input::LinkShown { person: "alex".into() };
    assert_eq!(world.does(shown()), ["write alex link known @0", "changed", "desk1 sees [here, link known] alex not opened @0"]);
    assert_eq!(world.does(shown()), ["changed"], "seen twice is seen");
    assert_eq!(
        world.does(Input::Invite { person: "second".into(), replacing: true, invitee: None })[2..],
        ["desk1 sees [here] second not opened @0"],
        "the new one is the desk's secret again"
    );
    assert_eq!(world.does(shown()), ["not changed: no link"]);
    assert_eq!(world.does(Input::LinkShown { person: "nobody".into() }), ["not changed: no link"]);
}

#[test]
fn people_are_bounded() {
    let mut world = World::empty();
    for number in 0..12 {
        let invited = world.does(Input::Invite { person: format!("p{number}"), replacing: false, invitee: None });
        assert_eq!(invited, [format!("write p{number} invited @0"), "changed".into()]);
    }
    assert_eq!(world.does(Input::Invite { person: "p12".into(), replacing: false, invitee: None }), ["not changed: too many"]);
    for number in 13..100 {
        assert_eq!(world.does(Input::Invite { person: format!("p{number}"), replacing: true, invitee: None }).last().unwrap(), "changed");
        assert!(world.room.people().len() <= 40);
    }
    world.desk_opens(1, "tab");
    world.acts(1, Act::End {});
    assert_eq!(world.does(Input::Invite { person: "late".into(), replacing: true, invitee: None }), ["not changed: ended"]);
}

#[test]
fn leaving_without_a_socket_needs_the_session_that_has_the_place() {
    let leave = |session: &str| Input::LeaveByRequest { person: "alex".into(), session: session.into(), how: Leaving::Exit };
    let mut world = World::in_conversation();
    assert_eq!(world.does(leave("another")), Vec::<String>::new());
    world.goes(phone(1));
    assert_eq!(
        world.does(leave("session")),
        [
            "write alex left by exit @0",
            "cut e0 guest",
            "cut e0 desk",
            "desk1 sees [here, no link !exit of alex @0] alex left by the exit @0, said yes, video"
        ]
    );
    assert_eq!(world.does(leave("session")), Vec::<String>::new());
}

#[test]
fn after_later_the_old_session_can_neither_leave_nor_come_back_as_if_nothing_was() {
    let mut world = World::asked();
    world.answers(1, Answer::Later);
    let leave = Input::LeaveByRequest { person: "alex".into(), session: "session".into(), how: Leaving::End };
    assert_eq!(world.does(leave), Vec::<String>::new());
    assert_eq!(world.phone_connects(2, "alex", "session", "tab"), ["welcome phone2", "phone2 sees over: later", "close phone2: over"]);
}

#[test]
fn a_hostile_page_can_not_fill_the_disk() {
    use sidelight_protocol::{Way, guest::FromGuest};
    let mut world = World::waiting();
    for _ in 0..5_000 {
        world.says(1, FromGuest::Choose { way: Way::Text });
        world.says(1, FromGuest::Choose { way: Way::Video });
    }
    assert_eq!(world.facts.len(), 4_000);
    assert_eq!(world.says(1, FromGuest::Choose { way: Way::Text }), ["phone1 refused: too_fast"]);
    assert_eq!(world.phone_connects(2, "alex", "session", "tab"), ["close phone2: misbehaved"]);
    // What the practitioner does, and leaving, still count.
    assert_eq!(world.acts(1, Act::Admit { person: "alex".into() })[0], "write alex admitted e0 @0");
    assert_eq!(world.says(1, FromGuest::Leave { how: Leaving::End })[0], "write alex left by end @0");
}

#[test]
fn what_is_called_off_has_ended_and_its_links_are_as_dead_as_any() {
    let mut world = World::new();
    assert_eq!(world.does(Input::Cancel), ["write contact called off @0 + write contact ended @0", "changed"]);
    assert_eq!(world.presses_continue("alex", "session"), ["link finished"]);
    assert_eq!(world.does(Input::Cancel), ["not changed: ended"]);
    assert_eq!(world.does(Input::Invite { person: "kim".into(), replacing: true, invitee: None }), ["not changed: ended"]);
}

#[test]
fn nobody_at_the_door_or_in_conversation_is_put_out_by_calling_off() {
    let mut world = World::waiting();
    assert_eq!(world.does(Input::Cancel), ["not changed: somebody there"]);
    let mut world = World::in_conversation();
    assert_eq!(world.does(Input::Cancel), ["not changed: somebody there"]);
}
