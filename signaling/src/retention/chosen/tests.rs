//! What a choice means before it is saved, and what taking it back means.

use super::*;
use sidelight_room::keeping::Category;

const NOW: u32 = 1_783_326_600; // 2026-07-06 08:30 UTC

fn periods(hours: u32) -> Periods {
    Periods::from([(Category::Contact, hours)])
}

fn north() -> Teams {
    Teams([("kim".to_owned(), "north".to_owned()), ("lee".to_owned(), "south".to_owned())].into())
}

#[test]
fn the_coming_night_is_two_oclock_by_the_clocks_here_and_an_hour_ahead_at_least() {
    let at = |zone: &str, now| {
        let zone = TimeZone::get(zone).unwrap();
        jiff::Timestamp::from_second(i64::from(coming_night(now, zone))).unwrap().to_string()
    };
    assert_eq!(at("UTC", NOW), "2026-07-07T02:00:00Z");
    assert_eq!(at("Europe/Dublin", NOW), "2026-07-07T01:00:00Z");
    // 00:30, 01:00 and 01:01 in the night.
    let midnight = NOW - 8 * 3600 - 1800;
    assert_eq!(at("UTC", midnight + 1800), "2026-07-06T02:00:00Z");
    assert_eq!(at("UTC", midnight + 3600), "2026-07-06T02:00:00Z");
    assert_eq!(at("UTC", midnight + 3660), "2026-07-07T02:00:00Z");
    // The clocks jump over it in spring: 2026-03-29 01:00 becomes 02:00 in Dublin, 02:00 becomes 03:00 in Berlin.
    assert_eq!(at("Europe/Berlin", 1_774_735_200), "2026-03-29T01:00:00Z");
}

#[test]
fn what_isnt_named_stays_as_it_is_and_each_choice_knows_what_held_before_it() {
    let installed = Installed::default();
    let none = Chosen::new(None, BTreeMap::new(), north());
    let first = none.choose(&installed, None, periods(12), NOW);
    assert_eq!((&first.periods, &first.before, first.at), (&periods(12), &periods(24), NOW));
    assert!(first.from > NOW + AHEAD);
    let held = none.with(None, first.clone());
    let plan = Periods::from([(Category::Plan, 30)]);
    // Before the night: the longer one holds still.
    let second = held.choose(&installed, None, plan.clone(), NOW + 60);
    assert_eq!(second.before[&Category::Contact], 24);
    assert_eq!((second.periods[&Category::Contact], second.periods[&Category::Plan]), (12, 30));
    let after = held.choose(&installed, None, plan, first.from);
    assert_eq!((after.before[&Category::Contact], after.changed()), (12, vec![Category::Plan]));
    let back = held.undo(&installed, None, NOW + 60).unwrap();
    assert_eq!((back.periods, back.before), (periods(24), periods(24)));
    let none = Chosen::new(None, BTreeMap::new(), north());
    assert!(none.undo(&installed, None, NOW).is_none());
}

#[test]
fn a_team_is_kept_by_its_own_choice_and_everybody_else_by_everybodys() {
    let installed = Installed::default();
    let chosen = Chosen::new(Some(Choice { periods: periods(48), ..Choice::default() }), BTreeMap::new(), north());
    assert!(chosen.knows(None) && chosen.knows(Some("north")) && !chosen.knows(Some("west")));
    assert_eq!((setting(None).as_str(), setting(Some("north")).as_str()), ("retention", "retention.north"));
    let own = chosen.choose(&installed, Some("north"), periods(4), NOW);
    assert_eq!(own.before, periods(48));
    let due = chosen.with(Some("north"), own.clone()).due(&installed, own.from);
    let since = own.from - 5 * 3600;
    let tally = |owner| due.tally(Category::Contact, owner, since).map(|tally| tally.period);
    assert_eq!((tally("kim"), tally("lee"), tally("nobody")), (Some(4), None, None));
    assert_eq!(due.tally(Category::Contact, "lee", own.from - 48 * 3600).map(|tally| tally.period), Some(48));
    // The control: before the night nothing of it holds.
    let chosen = Chosen::new(None, [("north".to_owned(), own.clone())].into(), north());
    assert!(chosen.due(&installed, own.from - 1).tally(Category::Contact, "kim", since).is_none());
}
