//! What is due at some time, by everybody's periods of then.

use crate::records::{EndedContact, Records, Result, Tally, Teams};
use sidelight_room::keeping::{Category, Choice, Installed, Policies, Policy};
use std::collections::BTreeMap;

/// At one time.
pub struct Due {
    pub now: u32,
    pub policies: Policies,
    pub teams: Teams,
}

impl Due {
    /// By what was chosen for everybody and for teams.
    pub fn new(installed: &Installed, organisation: Option<&Choice>, of_teams: &BTreeMap<String, Choice>, teams: Teams, now: u32) -> Due {
        let of = |team| Policy::new(installed, organisation, team, now);
        let policies =
            Policies { organisation: of(None), teams: of_teams.iter().map(|(team, choice)| (team.clone(), of(Some(choice)))).collect() };
        Due { now, policies, teams }
    }

    fn policy(&self, owner: &str) -> &Policy {
        self.policies.of(self.teams.of(owner))
    }

    /// The latest cutoff of anybody.
    pub fn latest(&self, category: Category) -> Option<u32> {
        self.policies.latest_cutoff(category, self.now)
    }

    /// What this is counted as when it is erased now. None: it isn't to be erased yet. `since`: what its period is counted from.
    pub fn tally(&self, category: Category, owner: &str, since: u32) -> Option<Tally> {
        let policy = self.policy(owner);
        let over = policy.cutoff(category, self.now).is_some_and(|cutoff| since <= cutoff);
        over.then(|| Tally { category, period: policy.period(category), at: self.now })
    }

    /// How many seconds a category is kept where no team has a period of its own, and what it is counted as.
    pub fn everybodys(&self, category: Category) -> (u32, Tally) {
        let policy = &self.policies.organisation;
        let seconds = policy.cutoff(category, u32::MAX).map_or(u32::MAX, |cutoff| u32::MAX - cutoff);
        (seconds, Tally { category, period: policy.period(category), at: self.now })
    }

    pub fn contact(&self, contact: &EndedContact) -> Option<Tally> {
        let category = if contact.unhandled { Category::Unhandled } else { Category::Contact };
        self.tally(category, &contact.owner, contact.ended)
    }

    /// How many contacts are to be erased.
    pub async fn count_contacts(&self, records: &Records) -> Result<u32> {
        Ok(self.count(records, Category::Contact).await?.saturating_add(self.count(records, Category::Unhandled).await?))
    }

    /// How many of a category are to be erased.
    pub async fn count(&self, records: &Records, category: Category) -> Result<u32> {
        let groups = std::iter::once((None, &self.policies.organisation));
        let mut sum = 0_u32;
        for (team, policy) in groups.chain(self.policies.teams.iter().map(|(team, policy)| (Some(team), policy))) {
            let Some(cutoff) = policy.cutoff(category, self.now) else { continue };
            let by_owner = records.count_due(category, cutoff, self.now).await?;
            // Whose team has a policy of its own is counted by that.
            let of_group =
                |owner: &str| self.teams.of(owner).filter(|team| self.policies.teams.contains_key(*team)) == team.map(String::as_str);
            let some = by_owner.into_iter().filter(|(owner, _)| of_group(owner)).map(|(_, many)| many);
            sum = some.fold(sum, u32::saturating_add);
        }
        Ok(sum)
    }
}
