//! A date and a time as the clock on a wall shows them, and the moment that is meant.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The longest name of a zone that is looked up.
const LONGEST: usize = 60;

/// The moment of a time on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Since 1970.
    pub seconds: u32,
    /// The clocks show this time twice in that night: it is the first of the two.
    pub twice: bool,
}

/// Why a time on the wall is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMoment {
    /// The clocks go from before it to after it: nobody would come at the time that was meant.
    Skipped,
    /// Before 1970, or later than is ever planned.
    OutOfRange,
}

/// A zone by its name in the IANA database.
pub fn zone(name: &str) -> Option<TimeZone> {
    // "UTC" is one; an offset or a rule of one's own is none.
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    TimeZone::get(name).ok()
}

/// The moment that is meant.
pub fn at(wall: DateTime, zone: &TimeZone) -> Result<Moment, NoMoment> {
    let meant = zone.to_ambiguous_timestamp(wall);
    let twice = match meant.offset() {
        AmbiguousOffset::Unambiguous { .. } => false,
        AmbiguousOffset::Fold { .. } => true,
        AmbiguousOffset::Gap { .. } => return Err(NoMoment::Skipped),
    };
    let moment = meant.earlier().map_err(|_| NoMoment::OutOfRange)?;
    let seconds = u32::try_from(moment.as_second()).map_err(|_| NoMoment::OutOfRange)?;
    Ok(Moment { seconds, twice })
}

/// What the clock on the wall shows then.
pub fn shown(seconds: u32, zone: &TimeZone) -> DateTime {
    Timestamp::from_second(i64::from(seconds)).map_or(DateTime::constant(1970, 1, 1, 0, 0, 0, 0), |moment| zone.to_datetime(moment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn london() -> TimeZone {
        zone("Europe/London").unwrap()
    }

    fn meant(wall: &str, zone: &TimeZone) -> Result<Moment, NoMoment> {
        at(wall.parse().unwrap(), zone)
    }

    fn utc(text: &str) -> u32 {
        u32::try_from(text.parse::<Timestamp>().unwrap().as_second()).unwrap()
    }

    #[test]
    fn the_hour_that_the_clocks_skip_in_spring_is_no_time() {
        for (day, next) in [("2026-03-29", "2026-03-29T01:00Z"), ("2027-03-28", "2027-03-28T01:00Z")] {
            assert_eq!(meant(&format!("{day}T00:59"), &london()).unwrap().seconds, utc(next) - 60);
            for skipped in ["01:00", "01:30", "01:59"] {
                assert_eq!(meant(&format!("{day}T{skipped}"), &london()), Err(NoMoment::Skipped));
            }
            assert_eq!(meant(&format!("{day}T02:00"), &london()).unwrap().seconds, utc(next));
        }
        // Elsewhere at another hour, or another day.
        assert_eq!(meant("2026-03-29T02:30", &zone("Europe/Warsaw").unwrap()), Err(NoMoment::Skipped));
        assert_eq!(meant("2027-03-14T02:30", &zone("America/New_York").unwrap()), Err(NoMoment::Skipped));
        assert!(meant("2026-03-29T01:30", &zone("UTC").unwrap()).is_ok());
    }

    #[test]
    fn the_hour_that_comes_twice_in_autumn_is_the_first_and_said_to_be_so() {
        for (wall, first) in [("2026-10-25T01:30", "2026-10-25T00:30Z"), ("2027-10-31T01:30", "2027-10-31T00:30Z")] {
            assert_eq!(meant(wall, &london()), Ok(Moment { seconds: utc(first), twice: true }));
            // Both look the same on the wall.
            assert_eq!(shown(utc(first), &london()), shown(utc(first) + 3600, &london()));
        }
        assert_eq!(meant("2026-10-25T02:00", &london()), Ok(Moment { seconds: utc("2026-10-25T02:00Z"), twice: false }));
    }

    #[test]
    fn what_is_no_zone_of_the_database_is_none() {
        for name in ["", "Europe/Nowhere", "../../etc/passwd", "+01:00", "GMT0BST", &"x".repeat(61)] {
            assert!(zone(name).is_none(), "{name}");
        }
        assert!(zone("Europe/London").is_some());
    }

    #[test]
    fn before_1970_and_beyond_what_can_be_kept_is_no_moment() {
        assert_eq!(meant("1969-12-31T23:00", &london()), Err(NoMoment::OutOfRange));
        assert_eq!(meant("2200-01-01T00:00", &london()), Err(NoMoment::OutOfRange));
    }

    proptest! {
        #[test]
        fn a_moment_there_and_back_is_the_same_but_for_the_second_hour_of_two(seconds in 0_u32.., name in prop::sample::select(
            &["Europe/London", "Europe/Dublin", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"][..],
        )) {
            let zone = zone(name).unwrap();
            let back = at(shown(seconds, &zone), &zone).unwrap();
            prop_assert!(back.seconds <= seconds);
            if back.twice {
                prop_assert_eq!(shown(back.seconds, &zone), shown(seconds, &zone));
            } else {
                prop_assert_eq!(back.seconds, seconds);
            }
        }
    }
}
