//! How long is enough.

use crate::keeping::*;

const HOUR: u32 = 3600;
const DAY: u32 = 24 * HOUR;

fn chosen(periods: &[(Category, u32)]) -> Choice {
    Choice { periods: periods.iter().copied().collect(), ..Choice::default() }
}

fn policy(hours: u32, days: u32) -> Policy {
    let choice = chosen(&[(Category::Contact, hours), (Category::Unhandled, days)]);
    Policy::new(&Installed::default(), Some(&choice), None, 0)
}

#[test]
fn the_table_has_each_category_once_and_its_defaults_lie_in_its_bounds() {
    for (number, rule) in RULES.iter().enumerate() {
        assert!(rule.least <= rule.default && rule.default <= rule.most, "{rule:?}");
        assert!(RULES[..number].iter().all(|other| other.category != rule.category && other.key() != rule.key()), "{rule:?}");
        assert_eq!(of(rule.category), *rule);
        assert_eq!(Policy::new(&Installed::default(), None, None, 0).period(rule.category), rule.default, "{rule:?}");
    }
    // A new category that is forgotten in the table doesn't compile here.
    let all = |category| match category {
        Category::Reach | Category::Contact | Category::Unhandled | Category::Plan | Category::Record => 5,
        Category::Unfinished | Category::Transcript | Category::Delivery | Category::Audit | Category::Receipts => 5,
    };
    assert_eq!(RULES.len(), all(Category::Reach) + all(Category::Audit));
    let defaults: Vec<String> = RULES.iter().map(|rule| format!("{}={}", rule.key(), rule.default)).collect();
    assert_eq!(
        defaults.join(" "),
        "reach_hours=1 contact_hours=24 unhandled_days=30 plan_days=90 record_days=7 unfinished_days=30 transcript_days=0 \
         delivery_days=30 audit_days=365 receipts_days=1095"
    );
}

#[test]
fn a_contact_is_over_a_day_after_its_end_or_thirty_while_something_waits_and_never_before_it_ends() {
    let policy = policy(24, 30);
    let end = 10_000_000;
    let table = [
        (end + DAY - 1, Some(end), false, false),
        (end + DAY, Some(end), false, true),
        (end + DAY, Some(end), true, false),
        (end + 30 * DAY - 1, Some(end), true, false),
        (end + 30 * DAY, Some(end), true, true),
        (u32::MAX, None, false, false),
        (u32::MAX, None, true, false),
        // A clock that was set back, and times that can't be.
        (end - DAY, Some(end), false, false),
        (0, Some(0), false, false),
        (u32::MAX, Some(u32::MAX), false, false),
        (u32::MAX, Some(u32::MAX - HOUR), true, false),
    ];
    for (now, ended, unhandled, over) in table {
        assert_eq!(policy.is_over(now, ended, unhandled), over, "{now} {ended:?} {unhandled}");
    }
}

#[test]
fn what_waits_is_never_erased_before_what_is_handled() {
    let policy = policy(720, 1);
    assert!(!policy.is_over(DAY * 29, Some(0), true) && policy.is_over(DAY * 30, Some(0), true));
    assert!(!policy.is_over(DAY * 29, Some(0), false) && policy.is_over(DAY * 30, Some(0), false));
}

#[test]
fn nobody_goes_beyond_what_is_pinned_nor_does_what_was_chosen_before_it_was() {
    let mut installed = Installed::default();
    assert!(installed.set(Category::Contact, 24, (12, 48)));
    for (start, bounds) in [(24, (25, 48)), (49, (12, 48)), (24, (0, 48)), (24, (12, 721)), (24, (48, 12))] {
        assert!(!installed.set(Category::Contact, start, bounds), "{start} {bounds:?}");
    }
    let periods = |hours| Periods::from([(Category::Contact, hours)]);
    let refused: Vec<bool> = [11, 12, 48, 49].map(|hours| installed.refuses(&periods(hours), false).is_some()).into();
    assert_eq!(refused, [true, false, false, true]);
    for (hours, holds) in [(1, 12), (12, 12), (30, 30), (720, 48)] {
        let choice = Choice { periods: periods(hours), ..Choice::default() };
        for policy in [Policy::new(&installed, Some(&choice), None, 0), Policy::new(&installed, None, Some(&choice), 0)] {
            assert_eq!(policy.period(Category::Contact), holds, "{hours}");
        }
    }
}

#[test]
fn a_team_has_its_own_period_where_it_chose_one_and_no_say_in_what_belongs_to_nobody() {
    let organisation = chosen(&[(Category::Contact, 48), (Category::Plan, 30)]);
    let team = chosen(&[(Category::Contact, 4), (Category::Audit, 30)]);
    let installed = Installed::default();
    let policies = Policies {
        organisation: Policy::new(&installed, Some(&organisation), None, 0),
        teams: [("north".to_owned(), Policy::new(&installed, Some(&organisation), Some(&team), 0))].into(),
    };
    let of = |team, category| policies.of(team).period(category);
    assert_eq!((of(Some("north"), Category::Contact), of(Some("south"), Category::Contact), of(None, Category::Contact)), (4, 48, 48));
    assert_eq!((of(Some("north"), Category::Plan), of(Some("north"), Category::Audit)), (30, 365));
    assert_eq!(installed.refuses(&team.periods, true), Some(Category::Audit));
    // Nothing of anybody is asked for that is younger than the shortest period.
    assert_eq!(policies.latest_cutoff(Category::Contact, DAY), Some(DAY - 4 * HOUR));
    assert_eq!(policies.latest_cutoff(Category::Plan, DAY), None);
}

#[test]
fn a_shorter_period_holds_from_its_night_on_and_a_longer_one_at_once() {
    let at = |from, before, after, now| {
        let periods = |hours| Periods::from([(Category::Contact, hours)]);
        let choice = Choice { periods: periods(after), before: periods(before), at: 100, from };
        Policy::new(&Installed::default(), Some(&choice), None, now).period(Category::Contact)
    };
    assert_eq!((at(200, 48, 12, 199), at(200, 48, 12, 200)), (48, 12));
    assert_eq!((at(200, 12, 48, 100), at(200, 12, 48, 200)), (48, 48));
    let choice = chosen(&[(Category::Plan, 30)]);
    assert_eq!(choice.changed(), [Category::Plan]);
    // Nothing was chosen before: what the configuration says held until then.
    let fresh = Choice { from: 200, ..choice };
    let days = |now| Policy::new(&Installed::default(), Some(&fresh), None, now).period(Category::Plan);
    assert_eq!((days(199), days(200)), (90, 30));
}
