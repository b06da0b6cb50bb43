//! Whether word may reach somebody by a channel at an hour: what their plan doesn't mark as safe isn't.

use sidelight_protocol::plan::{Channel, SafetyPlan, Unsafe};

/// A minute of somebody's week, by the clocks where they live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekMinute {
    /// Monday is 0.
    pub day: u8,
    /// Since midnight.
    pub minute: u16,
}

/// Why nothing may be sent, if it may not. `at`: none where nobody knows what time it is there, and that is no safe time. `allowed`:
/// the channel that an administrator lets through now; ringing never is.
pub fn refused(plan: &SafetyPlan, channel: Channel, at: Option<WeekMinute>, allowed: Option<Channel>) -> Option<Unsafe> {
    if allowed == Some(channel) && channel != Channel::Voice {
        return None;
    }
    if plan.channels.is_empty() {
        return Some(Unsafe::NoChannels);
    }
    if !plan.channels.contains(&channel) {
        return Some(Unsafe::Channel);
    }
    let Some(at) = at.filter(|_| !plan.hours.is_empty()) else { return Some(Unsafe::NoHours) };
    (!within(plan, at)).then_some(Unsafe::Hour)
}

/// Whether a minute is among the hours that were agreed.
pub fn within(plan: &SafetyPlan, at: WeekMinute) -> bool {
    plan.hours.iter().any(|hours| hours.days.contains(&at.day) && (hours.from..hours.until).contains(&at.minute))
}

/// The same for an entry in their calendar. Word goes out now, and again by itself when a phone tells of what is coming: `tells`, the
/// minutes at which it may, must be as safe.
pub fn calendar_refused(
    plan: &SafetyPlan,
    now: Option<WeekMinute>,
    tells: &[Option<WeekMinute>],
    allowed: Option<Channel>,
) -> Option<Unsafe> {
    std::iter::once(&now).chain(tells).find_map(|at| refused(plan, Channel::Calendar, *at, allowed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_protocol::plan::SafeHours;

    fn plan(channels: &[Channel], hours: &[(&[u8], u16, u16)]) -> SafetyPlan {
        let hours = hours.iter().map(|(days, from, until)| SafeHours { days: days.to_vec(), from: *from, until: *until });
        SafetyPlan {
            reference: "JT-4471".into(),
            channels: channels.to_vec(),
            hours: hours.collect(),
            zone: "Europe/Dublin".into(),
            ..SafetyPlan::default()
        }
    }

    type Rule = fn(&SafetyPlan, Channel, Option<WeekMinute>, Option<Channel>) -> Option<Unsafe>;

    /// Goes through every set of channels, every channel, whatever is let through, and every minute of a week, and tells the first that
    /// a rule gets wrong.
    fn first_wrong(rule: Rule) -> Option<String> {
        // School hours, and an evening up to midnight; each marked in a week of its own, minute by minute.
        let hours: [(&[u8], u16, u16); 3] = [(&[0, 1, 2, 3, 4], 9 * 60, 15 * 60), (&[2], 14 * 60, 16 * 60 + 1), (&[6], 22 * 60 + 30, 1440)];
        let mut safe = vec![false; 7 * 1440];
        for (days, from, until) in hours {
            for day in days {
                for minute in from..until {
                    safe[usize::from(*day) * 1440 + usize::from(minute)] = true;
                }
            }
        }
        for set in 0_u8..32 {
            let marked: Vec<Channel> =
                Channel::ALL.into_iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, one)| one).collect();
            let agreed = plan(&marked, &hours);
            for (bit, channel) in Channel::ALL.into_iter().enumerate() {
                for (index, safe) in safe.iter().enumerate() {
                    let at = WeekMinute { day: u8::try_from(index / 1440).unwrap(), minute: u16::try_from(index % 1440).unwrap() };
                    let by_plan = match (set, set & (1 << bit), safe) {
                        (0, _, _) => Some(Unsafe::NoChannels),
                        (_, 0, _) => Some(Unsafe::Channel),
                        (_, _, false) => Some(Unsafe::Hour),
                        _ => None,
                    };
                    for allowed in [None].into_iter().chain(Channel::ALL.map(Some)) {
                        let wanted = by_plan.filter(|_| channel == Channel::Voice || allowed != Some(channel));
                        let told = rule(&agreed, channel, Some(at), allowed);
                        if told != wanted {
                            return Some(format!("{channel:?} of {marked:?} at {at:?}, {allowed:?} let through: {told:?}, not {wanted:?}"));
                        }
                    }
                }
            }
        }
        None
    }

    #[test]
    fn whatever_is_not_marked_as_safe_is_refused_with_the_reason() {
        assert_eq!(first_wrong(refused), None);
    }

    #[test]
    fn control_a_rule_that_forgets_the_channel_the_day_or_the_last_minute_is_found() {
        let any_channel: Rule = |plan, _, at, allowed| refused(plan, *plan.channels.first()?, at, allowed);
        let any_day: Rule = |plan, channel, at, allowed| {
            (0..7).map(|day| refused(plan, channel, at.map(|at| WeekMinute { day, ..at }), allowed)).min_by_key(Option::is_some)?
        };
        let a_minute_more: Rule = |plan, channel, at, allowed| {
            refused(plan, channel, at.map(|at| WeekMinute { minute: at.minute.saturating_sub(1), ..at }), allowed)
        };
        let all_let_through: Rule = |plan, channel, at, allowed| refused(plan, channel, at, allowed.map(|_| channel));
        let ringing_too: Rule =
            |plan, channel, at, allowed| if allowed == Some(channel) { None } else { refused(plan, channel, at, allowed) };
        for rule in [any_channel, any_day, a_minute_more, all_let_through, ringing_too] {
            assert!(first_wrong(rule).is_some());
        }
    }

    #[test]
    fn an_entry_in_a_calendar_is_safe_only_where_it_is_now_and_whenever_a_phone_may_tell_of_it() {
        let at = |minute| Some(WeekMinute { day: 1, minute });
        let agreed = plan(&[Channel::Calendar], &[(&[1], 540, 900)]);
        let refused = |now, tells: &[_], allowed| calendar_refused(&agreed, now, tells, allowed);
        assert_eq!(refused(at(600), &[at(570), at(600)], None), None);
        assert_eq!(refused(at(600), &[at(530), at(560)], None), Some(Unsafe::Hour), "it would tell of it before the hours begin");
        assert_eq!(refused(at(600), &[at(880), at(910)], None), Some(Unsafe::Hour));
        assert_eq!(refused(at(500), &[at(570), at(600)], None), Some(Unsafe::Hour));
        assert_eq!(refused(at(600), &[None], None), Some(Unsafe::NoHours));
        assert_eq!(refused(at(500), &[at(910)], Some(Channel::Calendar)), None, "let through by an administrator");
        let texts = plan(&[Channel::Text], &[(&[1], 540, 900)]);
        assert_eq!(calendar_refused(&texts, at(600), &[at(600)], Some(Channel::Text)), Some(Unsafe::Channel), "a channel of its own");
    }

    #[test]
    fn without_hours_or_without_knowing_the_hour_nothing_is_sent() {
        let at = Some(WeekMinute { day: 0, minute: 600 });
        for channel in Channel::ALL {
            assert_eq!(refused(&plan(&Channel::ALL, &[]), channel, at, None), Some(Unsafe::NoHours));
            assert_eq!(refused(&plan(&Channel::ALL, &[(&[0, 1, 2, 3, 4, 5, 6], 0, 1440)]), channel, None, None), Some(Unsafe::NoHours));
            assert_eq!(refused(&plan(&Channel::ALL, &[(&[0, 1, 2, 3, 4, 5, 6], 0, 1440)]), channel, at, None), None);
        }
    }
}
