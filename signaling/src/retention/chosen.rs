//! What administrators chose, and what becomes of a choice before and after it is saved.

use super::due::Due;
use crate::records::{Change, Records, Result, Teams};
use jiff::tz::TimeZone;
use sidelight_protocol::audit::Audited;
use sidelight_protocol::keeping::{Periods, Preview, PreviewLine};
use sidelight_room::keeping::{Choice, Installed, RULES};
use std::collections::BTreeMap;

/// The setting that holds what was chosen for everybody; a team's has the team's id behind it.
const SETTING: &str = "retention";

/// The hour of the night at which shorter periods begin to hold, by the clock of the machine; and how far ahead that is at least, so
/// that whoever was wrong can still take it back.
const NIGHT: i8 = 2;
const AHEAD: u32 = 3600;
const DAY: u32 = 24 * 3600;

pub fn setting(team: Option<&str>) -> String {
    team.map_or_else(|| SETTING.to_owned(), |team| format!("{SETTING}.{team}"))
}

/// The next night that is far enough ahead.
pub fn coming_night(now: u32, zone: TimeZone) -> u32 {
    let earliest = now.saturating_add(AHEAD);
    let night = || {
        let there = jiff::Timestamp::from_second(i64::from(earliest)).ok()?.to_zoned(zone);
        let today = there.start_of_day().ok()?.with().hour(NIGHT).build().ok()?;
        let night = if today >= there { today } else { today.tomorrow().ok()? };
        u32::try_from(night.timestamp().as_second()).ok()
    };
    night().unwrap_or_else(|| now.saturating_add(DAY))
}

/// All that was chosen until now.
#[derive(Clone)]
pub struct Chosen {
    organisation: Option<Choice>,
    of_teams: BTreeMap<String, Choice>,
    teams: Teams,
}

impl Chosen {
    pub async fn read(records: &Records) -> Result<Chosen> {
        let teams = records.in_teams().await?;
        let mut of_teams = BTreeMap::new();
        for team in teams.all() {
            if let Some(choice) = records.setting(&setting(Some(team))).await? {
                of_teams.insert(team.to_owned(), choice);
            }
        }
        Ok(Chosen::new(records.setting(&setting(None)).await?, of_teams, teams))
    }

    pub fn new(organisation: Option<Choice>, of_teams: BTreeMap<String, Choice>, teams: Teams) -> Chosen {
        Chosen { organisation, of_teams, teams }
    }

    /// Whether there is this team; everybody there always is.
    pub fn knows(&self, team: Option<&str>) -> bool {
        team.is_none_or(|team| self.teams.all().contains(&team))
    }

    pub fn of(&self, team: Option<&str>) -> Option<&Choice> {
        team.map_or(self.organisation.as_ref(), |team| self.of_teams.get(team))
    }

    fn with(mut self, team: Option<&str>, choice: Choice) -> Chosen {
        match team {
            Some(team) => drop(self.of_teams.insert(team.to_owned(), choice)),
            None => self.organisation = Some(choice),
        }
        self
    }

    pub fn due(&self, installed: &Installed, now: u32) -> Due {
        Due::new(installed, self.organisation.as_ref(), &self.of_teams, self.teams.clone(), now)
    }

    /// These periods in place of those of now; what isn't named stays as it is.
    pub fn choose(&self, installed: &Installed, team: Option<&str>, periods: Periods, now: u32) -> Choice {
        let mut all = self.of(team).map(|choice| choice.periods.clone()).unwrap_or_default();
        all.extend(periods);
        let due = self.due(installed, now);
        let holds = due.policies.of(team);
        let before = all.keys().map(|category| (*category, holds.own(*category))).collect();
        Choice { periods: all, before, at: now, from: coming_night(now, TimeZone::system()) }
    }

    /// The last choice taken back. None where there is nothing to take back.
    pub fn undo(&self, installed: &Installed, team: Option<&str>, now: u32) -> Option<Choice> {
        let last = self.of(team).filter(|choice| !choice.changed().is_empty())?;
        Some(self.choose(installed, team, last.before.clone(), now))
    }

    /// What would be deleted in the night from which this choice would hold, as far as it is there by now.
    pub async fn preview(&self, records: &Records, installed: &Installed, team: Option<&str>, choice: Choice) -> Result<Preview> {
        let at = choice.from;
        let (after, now) = (self.clone().with(team, choice).due(installed, at), self.due(installed, at));
        let mut lines = Vec::new();
        for rule in RULES {
            let (count, without) = (after.count(records, rule.category).await?, now.count(records, rule.category).await?);
            let (period, differs) = (after.policies.of(team).period(rule.category), after.policies != now.policies);
            let changed = differs && now.policies.of(team).period(rule.category) != period;
            if count > 0 || changed {
                lines.push(PreviewLine { category: rule.category, period, count, more: count.saturating_sub(without) });
            }
        }
        Ok(Preview { lines, at })
    }
}

/// Whether the last choice can still be taken back: nothing was deleted by it yet.
pub async fn can_be_undone(records: &Records, choice: &Choice, now: u32) -> Result<bool> {
    let changed = choice.changed();
    Ok(!changed.is_empty() && (now < choice.from || !records.erased_since(choice.from, &changed).await?))
}

/// Saves it, with its reason and its entry in the audit.
pub async fn save(records: &Records, team: Option<&str>, choice: &Choice, who: &str, reason: &str) -> Result<()> {
    let change = Change { at: choice.at, who, reason: Some(reason), what: Audited::SettingChanged };
    records.set_setting(&setting(team), choice, change).await
}

#[cfg(test)]
mod tests;
