//! A practitioner's own working hours, and whether a moment lies outside of them.

use crate::sending::WeekMinute;
use sidelight_protocol::hours::{OwnHours, WorkSpan};

/// Spans of one day, at most. More: a form that nobody fills in. Fewer: a day with two breaks can't be said.
pub const MOST_SPANS: usize = 3;
/// Times away, at most. More: a list that nobody reads. Fewer: a year's leave doesn't fit.
pub const MOST_AWAY: usize = 20;

/// A moment by the clocks that the hours go by.
pub struct Local {
    /// As `2026-12-24`, so that dates compare as text.
    pub date: String,
    pub at: WeekMinute,
}

/// Why spans are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is no such day.
    Day,
    /// It ends before it begins, or after midnight: a night is two spans.
    Times,
    /// More than [`MOST_SPANS`] on one day.
    Many,
    /// Two of one day share a minute.
    Overlap,
}

pub fn unfit(spans: &[WorkSpan]) -> Option<Unfit> {
    let of_day = |day| spans.iter().filter(move |span| span.day == day);
    let meets = |one: &WorkSpan| of_day(one.day).filter(|other| one.from < other.until && other.from < one.until).count() > 1;
    let wrong = |one: &WorkSpan| match one {
        WorkSpan { day, .. } if *day > 6 => Some(Unfit::Day),
        WorkSpan { from, until, .. } if from >= until || *until > 1440 => Some(Unfit::Times),
        WorkSpan { day, .. } if of_day(*day).count() > MOST_SPANS => Some(Unfit::Many),
        one => meets(one).then_some(Unfit::Overlap),
    };
    spans.iter().find_map(wrong)
}

/// No spans are all hours. `local`: none where nobody knows what time it is there; then nothing is said to be outside.
pub fn outside(own: &OwnHours, local: Option<&Local>) -> bool {
    let Some(Local { date, at }) = local else { return false };
    let away = own.away.iter().any(|away| away.from <= *date && *date <= away.to);
    let works = |span: &WorkSpan| span.day == at.day && (span.from..span.until).contains(&at.minute);
    away || !(own.spans.is_empty() || own.spans.iter().any(works))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_protocol::hours::AwayDays;

    fn own(spans: &[(u8, u16, u16)], away: &[(&str, &str)]) -> OwnHours {
        let spans = spans.iter().map(|(day, from, until)| WorkSpan { day: *day, from: *from, until: *until });
        let away = away.iter().map(|(from, to)| AwayDays { from: (*from).into(), to: (*to).into() });
        OwnHours { spans: spans.collect(), away: away.collect(), zone: "Europe/London".into() }
    }

    fn at(date: &str, day: u8, minute: u16) -> Local {
        Local { date: date.into(), at: WeekMinute { day, minute } }
    }

    #[test]
    fn every_minute_of_a_week_is_inside_exactly_where_it_was_marked() {
        let spans = [(0, 540, 720), (0, 780, 1020), (4, 0, 60), (6, 1320, 1440)];
        let hours = own(&spans, &[]);
        for day in 0..7 {
            for minute in 0..1440 {
                let marked = spans.iter().any(|(on, from, until)| *on == day && *from <= minute && minute < *until);
                assert_eq!(outside(&hours, Some(&at("2026-11-23", day, minute))), !marked, "{day} {minute}");
            }
        }
    }

    #[test]
    fn without_hours_it_is_always_within_them_but_on_days_away_and_where_nobody_knows_the_time() {
        let free = own(&[], &[("2026-12-24", "2027-01-03")]);
        let days = ["2026-12-23", "2026-12-24", "2026-12-31", "2027-01-01", "2027-01-03", "2027-01-04"];
        let away = days.map(|day| outside(&free, Some(&at(day, 3, 600))));
        assert_eq!(away, [false, true, true, true, true, false]);
        assert!(outside(&own(&[(3, 540, 720)], &[("2026-12-24", "2026-12-24")]), Some(&at("2026-12-24", 3, 600))), "away counts first");
        assert!(!outside(&own(&[(3, 540, 720)], &[]), None));
    }

    #[test]
    fn spans_that_are_none_are_refused_with_the_reason() {
        let refused = |spans: &[(u8, u16, u16)]| unfit(&own(spans, &[]).spans);
        assert_eq!(refused(&[]), None);
        assert_eq!(refused(&[(0, 0, 1440), (6, 540, 541)]), None);
        assert_eq!(refused(&[(0, 540, 720), (0, 720, 800)]), None, "one begins as the other ends");
        assert_eq!(refused(&[(7, 540, 720)]), Some(Unfit::Day));
        for (from, until) in [(720, 720), (720, 540), (540, 1441)] {
            assert_eq!(refused(&[(0, from, until)]), Some(Unfit::Times));
        }
        assert_eq!(refused(&[(1, 1, 2), (1, 3, 4), (1, 5, 6), (1, 7, 8)]), Some(Unfit::Many));
        assert_eq!(refused(&[(1, 540, 720), (1, 719, 800)]), Some(Unfit::Overlap));
        assert_eq!(refused(&[(1, 540, 720), (1, 540, 720)]), Some(Unfit::Overlap));
    }
}
