//! The same time on the wall again and again; and what is moved together.

use super::wall::{Moment, NoMoment, at, shown};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use sidelight_protocol::planning::Every;

/// The most contacts that are planned at one go: half a year of weeks. More: one slip fills two years of somebody's days; fewer: they are
/// planned anew in the middle of the work.
pub const MOST: u8 = 26;

/// A day on which it can't be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unplannable {
    pub day: Date,
    pub why: NoMoment,
}

/// All the moments, the given one first. `times` in all, at least two and at most [`MOST`]; none where it is something else.
pub fn repeated(first: u32, zone: &TimeZone, every: Every, times: u8) -> Option<Result<Vec<Moment>, Unplannable>> {
    if !(2..=MOST).contains(&times) {
        return None;
    }
    let wall = shown(first, zone);
    let mut moments = vec![Moment { seconds: first, twice: false }];
    for number in 1..times {
        let day = nth(wall.date(), every, number)?;
        match at(day.to_datetime(wall.time()), zone) {
            Ok(moment) => moments.push(moment),
            Err(why) => return Some(Err(Unplannable { day, why })),
        }
    }
    Some(Ok(moments))
}

/// The day of the contact with this number; the first has 0.
fn nth(first: Date, every: Every, number: u8) -> Option<Date> {
    let number = i32::from(number);
    match every {
        Every::Week => first.checked_add((number).weeks()).ok(),
        Every::TwoWeeks => first.checked_add((2 * number).weeks()).ok(),
        Every::FourWeeks => first.checked_add((4 * number).weeks()).ok(),
        Every::Month => {
            // "The second Tuesday". What is a fifth one is the last: not every month has five.
            let which = (first.day() - 1) / 7 + 1;
            let month = first.first_of_month().checked_add(number.months()).ok()?;
            month.nth_weekday_of_month(if which > 4 { -1 } else { which }, first.weekday()).ok()
        }
    }
}

/// What is moved along with one that goes from `from` to `to`: each by as much on the wall as that one, so that one which had a time of
/// its own stays as far away from the others as it was.
pub fn moved_along(others: &[u32], from: u32, to: u32, zone: &TimeZone) -> Result<Vec<Moment>, Unplannable> {
    let by = shown(to, zone).duration_since(shown(from, zone));
    let moved = |seconds: &u32| {
        let before: DateTime = shown(*seconds, zone);
        let wall = before.checked_add(by).map_err(|_| Unplannable { day: before.date(), why: NoMoment::OutOfRange })?;
        at(wall, zone).map_err(|why| Unplannable { day: wall.date(), why })
    };
    others.iter().map(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::super::wall;
    use super::*;
    use proptest::prelude::*;

    fn london() -> TimeZone {
        wall::zone("Europe/London").unwrap()
    }

    fn seconds(wall: &str) -> u32 {
        at(wall.parse().unwrap(), &london()).unwrap().seconds
    }

    fn on_the_wall(first: &str, every: Every, times: u8) -> Vec<String> {
        let moments = repeated(seconds(first), &london(), every, times).unwrap().unwrap();
        moments.iter().map(|moment| shown(moment.seconds, &london()).strftime("%a %F %R").to_string()).collect()
    }

    #[test]
    fn ten_o_clock_stays_ten_o_clock_when_the_clocks_change() {
        let autumn = on_the_wall("2026-10-13T10:00", Every::Week, 4);
        assert_eq!(autumn, ["Tue 2026-10-13 10:00", "Tue 2026-10-20 10:00", "Tue 2026-10-27 10:00", "Tue 2026-11-03 10:00"]);
        let spring = on_the_wall("2027-03-16T10:00", Every::TwoWeeks, 3);
        assert_eq!(spring, ["Tue 2027-03-16 10:00", "Tue 2027-03-30 10:00", "Tue 2027-04-13 10:00"]);
        // And so it isn't as many seconds from one to the next.
        let moments = repeated(seconds("2026-10-20T10:00"), &london(), Every::Week, 2).unwrap().unwrap();
        assert_eq!(moments[1].seconds - moments[0].seconds, 7 * 86_400 + 3_600);
    }

    #[test]
    fn every_four_weeks_is_another_thing_than_every_month() {
        let weeks = on_the_wall("2026-12-08T14:30", Every::FourWeeks, 3);
        assert_eq!(weeks, ["Tue 2026-12-08 14:30", "Tue 2027-01-05 14:30", "Tue 2027-02-02 14:30"]);
        let months = on_the_wall("2026-12-08T14:30", Every::Month, 3);
        assert_eq!(months, ["Tue 2026-12-08 14:30", "Tue 2027-01-12 14:30", "Tue 2027-02-09 14:30"]);
    }

    #[test]
    fn a_fifth_weekday_is_the_last_of_each_month() {
        let months = on_the_wall("2026-09-29T09:00", Every::Month, 5);
        let last = ["Tue 2026-09-29 09:00", "Tue 2026-10-27 09:00", "Tue 2026-11-24 09:00", "Tue 2026-12-29 09:00", "Tue 2027-01-26 09:00"];
        assert_eq!(months, last);
    }

    #[test]
    fn a_repeat_into_the_hour_that_is_skipped_names_the_day() {
        let refused = repeated(seconds("2026-03-15T01:30"), &london(), Every::TwoWeeks, 3).unwrap();
        assert_eq!(refused, Err(Unplannable { day: "2026-03-29".parse().unwrap(), why: NoMoment::Skipped }));
        let twice = repeated(seconds("2026-10-18T01:30"), &london(), Every::Week, 3).unwrap().unwrap();
        assert_eq!(twice.iter().map(|moment| moment.twice).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn as_often_as_is_allowed_and_no_more() {
        let often = |times| repeated(seconds("2026-11-24T10:00"), &london(), Every::Week, times).map(|all| all.unwrap().len());
        assert_eq!((often(0), often(1), often(2), often(26), often(27)), (None, None, Some(2), Some(26), None));
    }

    #[test]
    fn what_is_moved_along_keeps_its_distance_on_the_wall_across_a_change_of_clocks() {
        let others = [seconds("2026-10-20T10:00"), seconds("2026-10-27T12:15")];
        let moved = moved_along(&others, seconds("2026-10-13T10:00"), seconds("2026-10-14T11:00"), &london()).unwrap();
        let at = |moment: &Moment| moment.seconds;
        assert_eq!(moved.iter().map(at).collect::<Vec<_>>(), [seconds("2026-10-21T11:00"), seconds("2026-10-28T13:15")]);
        let skipped = moved_along(&[seconds("2027-03-21T01:30")], seconds("2027-03-14T01:30"), seconds("2027-03-21T01:30"), &london());
        assert_eq!(skipped, Err(Unplannable { day: "2027-03-28".parse().unwrap(), why: NoMoment::Skipped }));
    }

    fn every() -> impl Strategy<Value = Every> {
        prop::sample::select(&[Every::Week, Every::TwoWeeks, Every::FourWeeks, Every::Month][..])
    }

    proptest! {
        // From 2026 to 2036, in minutes.
        #[test]
        fn whenever_it_begins_the_clock_on_the_wall_and_the_weekday_stay(
            minutes in 29_450_000_u32..34_700_000, every in every(), times in 2_u8..=MOST, name in prop::sample::select(
                &["Europe/London", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "UTC"][..],
            ),
        ) {
            let zone = wall::zone(name).unwrap();
            let first = shown(minutes * 60, &zone);
            match repeated(minutes * 60, &zone, every, times).unwrap() {
                Ok(moments) => {
                    prop_assert_eq!(moments.len(), usize::from(times));
                    for pair in moments.windows(2) {
                        let [one, next] = [pair[0].seconds, pair[1].seconds].map(|at| shown(at, &zone));
                        prop_assert_eq!((next.time(), next.weekday()), (first.time(), first.weekday()));
                        let days = next.date().duration_since(one.date()).as_hours() / 24;
                        let apart: &[i64] = match every {
                            Every::Week => &[7],
                            Every::TwoWeeks => &[14],
                            Every::FourWeeks => &[28],
                            Every::Month => &[28, 35],
                        };
                        prop_assert!(apart.contains(&days));
                    }
                }
                // Only where no clock shows that time on that day.
                Err(Unplannable { day, why }) => {
                    prop_assert_eq!(why, NoMoment::Skipped);
                    prop_assert_eq!(at(day.to_datetime(first.time()), &zone), Err(NoMoment::Skipped));
                }
            }
        }

        #[test]
        fn moving_there_and_back_changes_nothing(minutes in 29_450_000_u32..34_700_000, by in -20_000_i64..20_000, other in 0_u32..200_000) {
            let zone = wall::zone("Europe/London").unwrap();
            let from = minutes * 60;
            let to = u32::try_from(i64::from(from) + by * 60).unwrap();
            let others = [from + other * 60];
            if let Ok(there) = moved_along(&others, from, to, &zone) {
                let there: Vec<u32> = there.iter().map(|moment| moment.seconds).collect();
                if let Ok(back) = moved_along(&there, to, from, &zone) {
                    prop_assert_eq!(shown(back[0].seconds, &zone), shown(others[0], &zone));
                }
            }
        }
    }
}
