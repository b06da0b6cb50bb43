//! The clock, for whoever stands outside the rules.

use jiff::tz::TimeZone;
use sidelight_room::sending::WeekMinute;
use std::time::{SystemTime, UNIX_EPOCH};

/// Whole seconds since 1970 UTC.
pub fn now() -> u32 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    u32::try_from(since).unwrap_or(u32::MAX)
}

/// What time it is in a zone; none where nobody knows the zone.
pub fn week_minute(zone: &str, now: u32) -> Option<WeekMinute> {
    let zone = TimeZone::get(zone).ok()?;
    let there = jiff::Timestamp::from_second(i64::from(now)).ok()?.to_zoned(zone);
    let day = u8::try_from(there.weekday().to_monday_zero_offset()).ok()?;
    Some(WeekMinute { day, minute: u16::try_from(there.hour()).ok()? * 60 + u16::try_from(there.minute()).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
