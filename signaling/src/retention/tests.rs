//! The rule by itself. What it does to files is shown in `records/erasure/tests.rs`, what people see of it in `live/tests`.

use super::*;

const HOUR: u32 = 3600;
const DAY: u32 = 24 * HOUR;

fn policy(hours: u64, days: u64) -> Policy {
    Policy::new(Duration::from_secs(hours * 3600), Duration::from_secs(days * 24 * 3600), Duration::from_secs(90 * 86_400))
}

#[test]
fn a_contact_is_over_a_day_after_its_end_or_thirty_while_something_waits_and_never_before_it_ends() {
    let policy = policy(24, 30);
    let end = 1_000_000;
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
        // What is asked of the records is the same rule.
        let asked = ended.zip(policy.ended_by(now)).is_some_and(|(ended, (handled, any))| (!unhandled && ended <= handled) || ended <= any);
        assert_eq!(asked && policy.is_over(now, ended, unhandled), over, "{now} {ended:?} {unhandled} isn't asked for");
    }
}

#[test]
fn what_waits_is_never_erased_before_what_is_handled() {
    let policy = policy(720, 1);
    assert!(!policy.is_over(DAY * 29, Some(0), true) && policy.is_over(DAY * 30, Some(0), true));
    assert!(!policy.is_over(DAY * 29, Some(0), false) && policy.is_over(DAY * 30, Some(0), false));
}
