//! Which minute of somebody's week a moment is, and whether it is one that was agreed.

use super::wall::{shown, zone};
use sidelight_protocol::plan::SafetyPlan;
use sidelight_room::sending::{WeekMinute, within};

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
    use sidelight_protocol::plan::SafeHours;

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
}
