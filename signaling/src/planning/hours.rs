//! Which minute of somebody's week a moment is, and whether it is one that was agreed.

use super::wall::{shown, zone};
use jiff::civil::Date;
use sidelight_protocol::plan::SafetyPlan;
use sidelight_room::hours::Local;
use sidelight_room::sending::{WeekMinute, within};

/// A day as it is written everywhere, such as `2026-12-24`, and no other way: so days compare as text.
pub fn is_day(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day.year() > 0 && day.to_string() == text)
}

/// None where nobody knows the zone.
pub fn local(name: &str, seconds: u32) -> Option<Local> {
    Some(Local { date: shown(seconds, &zone(name)?).date().to_string(), at: week_minute(name, seconds)? })
}

/// None where nobody knows the zone.
pub fn week_minute(name: &str, seconds: u32) -> Option<WeekMinute> {
    let there = shown(seconds, &zone(name)?);
    let day = u8::try_from(there.weekday().to_monday_zero_offset()).ok()?;
    Some(WeekMinute { day, minute: u16::try_from(there.hour()).ok()? * 60 + u16::try_from(there.minute()).ok()? })
}

/// Hours were agreed, and this isn't one of them. A contact then isn't refused, since nothing is sent by planning; it is said.
pub fn is_outside(plan: &SafetyPlan, seconds: u32) -> bool {
    !plan.hours.is_empty() && !week_minute(&plan.zone, seconds).is_some_and(|at| within(plan, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_protocol::hours::{OwnHours, WorkSpan};
    use sidelight_protocol::plan::SafeHours;
    use sidelight_room::hours::outside;

    #[test]
    fn the_hour_is_the_one_by_the_clocks_where_they_live_in_summer_and_in_winter() {
        // 2026-07-06 and 2026-12-07, both Mondays, 08:30 UTC.
        let (july, december) = (1_783_326_600, 1_796_632_200);
        let at = |zone, now| week_minute(zone, now).map(|at| (at.day, at.minute));
        assert_eq!(at("Europe/Dublin", july), Some((0, 9 * 60 + 30)));
        assert_eq!(at("Europe/Dublin", december), Some((0, 8 * 60 + 30)));
        assert_eq!(at("Pacific/Auckland", july), Some((0, 20 * 60 + 30)));
        assert_eq!(at("America/Los_Angeles", july), Some((0, 60 + 30)));
        assert_eq!(at("Asia/Kathmandu", december), Some((0, 14 * 60 + 15)));
        assert_eq!(at("Europe/Nowhere", july), None);
        assert_eq!(at("", july), None);
    }

    #[test]
    fn a_time_is_outside_only_where_hours_were_agreed() {
        let july = 1_783_326_600;
        let hours = |from, until| vec![SafeHours { days: vec![0], from, until }];
        let plan = |hours| SafetyPlan { hours, zone: "Europe/Dublin".into(), ..SafetyPlan::default() };
        assert!(!is_outside(&plan(vec![]), july));
        assert!(!is_outside(&plan(hours(9 * 60 + 30, 10 * 60)), july));
        assert!(is_outside(&plan(hours(8 * 60 + 30, 9 * 60 + 30)), july), "by UTC it would be inside");
        assert!(is_outside(&SafetyPlan { zone: "Europe/Nowhere".into(), ..plan(hours(0, 1440)) }, july), "nobody knows");
    }

    #[test]
    fn own_hours_go_by_the_wall_when_the_clocks_change() {
        let utc = |text: &str| u32::try_from(text.parse::<jiff::Timestamp>().unwrap().as_second()).unwrap();
        let spans = |day, from, until| vec![WorkSpan { day, from, until }];
        let cases = [
            // Friday in winter, the Monday after in summer: nine on the wall both times.
            (4, 540, 1020, "2026-03-27T08:59Z", true),
            (4, 540, 1020, "2026-03-27T09:00Z", false),
            (0, 540, 1020, "2026-03-30T07:59Z", true),
            (0, 540, 1020, "2026-03-30T08:00Z", false),
            (0, 540, 1020, "2026-03-30T16:00Z", true),
            // The hour that is skipped isn't there; the one after it is what it is.
            (6, 60, 120, "2026-03-29T00:59Z", true),
            (6, 60, 120, "2026-03-29T01:00Z", true),
            (6, 120, 180, "2026-03-29T01:00Z", false),
            // The hour that comes twice is worked twice.
            (6, 90, 105, "2026-10-25T00:30Z", false),
            (6, 90, 105, "2026-10-25T01:30Z", false),
            (6, 90, 105, "2026-10-25T02:30Z", true),
        ];
        for (day, from, until, when, wanted) in cases {
            let own = OwnHours { spans: spans(day, from, until), zone: "Europe/London".into(), ..OwnHours::default() };
            assert_eq!(outside(&own, local(&own.zone, utc(when)).as_ref()), wanted, "{when}");
        }
        assert_eq!(local("Europe/London", utc("2026-07-05T23:30Z")).unwrap().date, "2026-07-06", "already tomorrow there");
        assert!(local("Europe/Nowhere", 0).is_none());
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        assert!(is_day("2026-12-24") && is_day("2028-02-29"));
        for none in ["", "2026-02-29", "2026-12-24T10:00", "20261224", "2026-1-2", "-000001-01-01", "24.12.2026"] {
            assert!(!is_day(none), "{none}");
        }
    }
}
