//! People beside the service user, and one at a time: who is on hold, what of it anybody learns, and what stays the service user's.

use super::world::{RELAY_CANDIDATE, RELAY_CANDIDATE_CLEAN, START, World};
use crate::Input;
use sidelight_protocol::{
    Devices, Leaving, Signal, Way,
    desk::{Act, Invitee, Part, Used},
    guest::FromGuest,
};

fn invite(person: &str, part: Part) -> Input {
    Input::Invite { person: person.into(), replacing: false, invitee: Some(Invitee { part, name: "Ana".into() }) }
}

/// Ana, an interpreter, waits on phone 2; she was asked nothing.
fn and_ana_waits(mut world: World) -> World {
    world.does(invite("ana", Part::Interpreter));
    world.presses_continue("ana", "anas-session");
    world.phone_connects(2, "ana", "anas-session", "anas-tab");
    world.says(2, FromGuest::Choose { way: Way::Voice });
    world.says(2, FromGuest::Knock {});
    world
}

fn act(act: impl FnOnce(String) -> Act, person: &str) -> Act {
    act(person.to_owned())
}

fn admit(person: &str) -> Act {
    act(|person| Act::Admit { person }, person)
}

fn hold(person: &str) -> Act {
    act(|person| Act::PutOnHold { person }, person)
}

fn of<'a>(lines: &'a [String], page: &str) -> Vec<&'a str> {
    lines.iter().filter(|line| line.contains(page)).map(String::as_str).collect()
}

#[test]
fn an_interpreter_comes_by_their_own_link_and_is_asked_no_private_question() {
    let mut world = World::waiting();
    assert_eq!(
        world.does(invite("ana", Part::Interpreter)),
        ["write ana invited as interpreter Ana @0", "changed", "desk1 sees [here] alex waiting @0, said yes, video; ana not opened @0"]
    );
    assert_eq!(world.presses_continue("ana", "anas-session")[0], "write ana opened anas-session @0");
    // A reply that got lost is asked for again, as at anybody's door.
    assert_eq!(world.presses_continue("ana", "anas-session"), ["redeemed"]);
    let came = world.phone_connects(2, "ana", "anas-session", "anas-tab");
    assert_eq!(of(&came, "phone2"), ["welcome phone2", "phone2 sees choosing"]);
    assert_eq!(of(&came, "phone1"), Vec::<&str>::new());
    world.says(2, FromGuest::Choose { way: Way::Voice });
    let knocked = world.says(2, FromGuest::Knock {});
    assert_eq!(of(&knocked, "phone2"), ["phone2 sees waiting @0, desk here, heard out of sight"]);
}

#[test]
fn what_is_the_service_users_alone_is_told_to_nobody_beside_them() {
    let mut world = and_ana_waits(World::waiting());
    let mut details = world.room.details.clone();
    (details.rings, details.signing) = (true, true);
    details.early = Some(sidelight_protocol::plan::Early::NotTold);
    world.does(Input::DetailsChanged { details });
    let (alex, ana) = (world.room.guest_view("alex").unwrap(), world.room.guest_view("ana").unwrap());
    assert!(alex.greeting.is_some() && alex.waiting_words.is_some() && alex.rings && alex.signing && alex.starts_at == 0);
    assert!(ana.greeting.is_none() && ana.waiting_words.is_none() && !ana.rings && ana.starts_at == START);
    // Who interprets must see hands move; who doesn't needn't know that anybody signs.
    assert!(ana.signing);
    world.does(invite("ben", Part::Advocate));
    world.presses_continue("ben", "bens-session");
    world.phone_connects(3, "ben", "bens-session", "bens-tab");
    world.says(3, FromGuest::Choose { way: Way::Voice });
    world.says(3, FromGuest::Knock {});
    assert!(!world.room.guest_view("ben").unwrap().signing);
}

#[test]
fn the_plans_own_acts_are_refused_for_everybody_else() {
    let mut world = and_ana_waits(World::in_conversation());
    let person = || "ana".to_owned();
    for refused in [
        Act::Alarm { person: person(), how: Used::Typed },
        Act::EndQuietly { person: person() },
        Act::Ask { person: person() },
        Act::AskWho { person: person() },
        Act::Ring { person: person() },
    ] {
        assert_eq!(world.acts(1, refused), ["desk1 refused: not_now"]);
    }
    // Leaving by the exit is theirs too, and nothing to be handled.
    world.says(2, FromGuest::Leave { how: Leaving::Exit });
    assert!(world.room.open().is_empty());
    world.says(1, FromGuest::Leave { how: Leaving::Exit });
    assert_eq!(world.room.open().len(), 1);
}

#[test]
fn five_beside_and_no_more_and_each_link_is_revoked_by_itself() {
    let mut world = World::waiting();
    for number in 0..5 {
        assert_eq!(world.does(invite(&format!("p{number}"), Part::Supporter))[1], "changed");
    }
    assert_eq!(world.does(invite("p5", Part::Colleague)), ["not changed: too many"]);
    assert_eq!(world.does(Input::Revoke { person: Some("p2".into()) })[0], "write p2 revoked @0");
    assert_eq!(world.presses_continue("p2", "s")[0], "link finished");
    assert_eq!(world.presses_continue("p3", "s")[1], "redeemed");
    assert_eq!(world.does(invite("p5", Part::Colleague))[1], "changed");
    // A new link of the service user's, or none, leaves theirs as they are; and theirs leave the service user's.
    let replaced = world.does(Input::Invite { person: "alex-again".into(), replacing: true, invitee: None });
    assert_eq!(replaced[0], "write alex revoked @0 + write alex-again invited @0");
    assert_eq!(world.does(Input::Revoke { person: None })[0], "write alex-again revoked @0");
    assert!(!world.room.has_link());
    assert_eq!(world.presses_continue("p4", "s4")[1], "redeemed");
}

#[test]
fn a_second_one_is_let_in_only_after_the_first_is_on_hold_and_what_stops_stops_both_ways() {
    let mut world = and_ana_waits(World::in_conversation());
    world.acts(1, act(|person| Act::ItsThem { person }, "alex"));
    world.says(1, FromGuest::Devices { devices: Devices { microphone: true, camera: true, picture: true } });
    world.acts(1, Act::Devices { devices: Devices { microphone: true, camera: true, picture: true } });
    assert_eq!(world.acts(1, admit("ana")), ["desk1 refused: busy"]);
    world.now += 5_000;
    let held = world.acts(1, hold("alex"));
    assert_eq!(held[..3], ["write alex put on hold @5", "cut e0 guest", "cut e0 desk"]);
    assert_eq!(of(&held, "phone1"), ["phone1 sees waiting on hold @5, desk here"]);
    assert_eq!(of(&held, "phone2"), Vec::<&str>::new());
    world.now += 1_000;
    let turn = world.acts(1, admit("ana"));
    // Nothing of what was on for Alex is told to Ana: it is on for nobody now.
    assert_eq!(of(&turn, "phone2 sees"), ["phone2 sees in @6 e6, desk here, heard out of sight"]);
    assert_eq!(of(&turn, "phone1"), Vec::<&str>::new());
    assert_eq!(world.acts(1, admit("alex")), ["desk1 refused: busy"]);
}

#[test]
fn whoever_is_on_hold_gets_no_signals_and_sends_none_and_is_still_written_with() {
    let mut world = and_ana_waits(World::in_conversation());
    world.now += 5_000;
    world.acts(1, hold("alex"));
    world.now += 1_000;
    world.acts(1, admit("ana"));
    let candidate = |text: &str| Signal::Candidate { candidate: text.into(), mid: None, line: None };
    for epoch in [START, START + 6] {
        let said = world.says(1, FromGuest::Signal { epoch, signal: candidate(RELAY_CANDIDATE) });
        assert_eq!(said, ["phone1 refused: not_now"]);
        let sent = world.acts(1, Act::Signal { person: "alex".into(), epoch, signal: candidate(RELAY_CANDIDATE) });
        assert_eq!(sent, ["desk1 refused: not_now"]);
    }
    let sent = world.acts(1, Act::Signal { person: "ana".into(), epoch: START + 6, signal: candidate(RELAY_CANDIDATE) });
    assert_eq!(sent.len(), 1);
    assert!(sent[0].starts_with("phone2") && sent[0].contains(RELAY_CANDIDATE_CLEAN), "{sent:?}");
    for refused in [act(|person| Act::ItsThem { person }, "alex"), act(|person| Act::PutBack { person }, "alex"), hold("alex")] {
        assert_eq!(world.acts(1, refused), ["desk1 refused: not_now"]);
    }
    let text = |person: &str| Act::Text { person: person.into(), id: "d".into(), body: "one moment".into() };
    assert_eq!(world.acts(1, text("alex")), ["phone1 reads d: one moment"]);
    assert_eq!(world.acts(1, text("ana")), ["phone2 reads d: one moment"]);
    assert_eq!(world.says(1, FromGuest::Text { id: "g".into(), body: "ok".into() }), ["desk1 reads g of alex: ok"]);
}

#[test]
fn one_press_takes_an_interpreter_back_as_they_were_and_the_service_user_is_looked_at_first_again() {
    let mut world = and_ana_waits(World::waiting());
    world.acts(1, admit("ana"));
    world.acts(1, act(|person| Act::ItsThem { person }, "ana"));
    world.acts(1, hold("ana"));
    world.now += 1_000;
    assert!(of(&world.acts(1, admit("ana")), "phone2 sees")[0].contains("started"));
    let mut world = World::in_conversation();
    world.acts(1, act(|person| Act::ItsThem { person }, "alex"));
    world.now += 5_000;
    world.acts(1, hold("alex"));
    world.killed(0);
    world.desk_opens(1, "desk-tab");
    world.phone_connects(1, "alex", "session", "tab");
    world.now += 2_000;
    let back = world.acts(1, admit("alex"));
    assert_eq!(of(&back, "phone1 sees"), ["phone1 sees in @7 e7, desk here"], "their phone may be in other hands");
    // As whoever was put back.
    world.acts(1, act(|person| Act::PutBack { person }, "alex"));
    world.now += 1_000;
    assert_eq!(of(&world.acts(1, admit("alex")), "phone1 sees"), ["phone1 sees in @8 e8, desk here"]);
}

#[test]
fn away_for_too_long_while_on_hold_they_wait_like_anybody() {
    let mut world = World::in_conversation();
    world.acts(1, act(|person| Act::ItsThem { person }, "alex"));
    world.acts(1, hold("alex"));
    world.goes(super::world::phone(1));
    assert_eq!(world.after(3)[0], "write alex lost @0");
    assert_eq!(world.after(117)[0], "write alex waits again @120");
    world.phone_connects(3, "alex", "session", "tab");
    let back = world.acts(1, admit("alex"));
    assert_eq!(of(&back, "phone3 sees"), ["phone3 sees in @120 e120, desk here"]);
}
