//! What is kept, and for how long: the one table of categories, and how a period comes about.
//!
//! Whoever installed the service gives each category a starting value and bounds. An administrator chooses periods within them, for
//! everybody or for a team. A shorter period holds from the coming night on, so that a slip can be taken back; a longer one at once.

use serde::{Deserialize, Serialize};
pub use sidelight_protocol::keeping::{Category, Periods, Since, Unit};
use std::collections::BTreeMap;

/// One category's line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub category: Category,
    /// In the configuration; its unit comes behind it.
    pub name: &'static str,
    pub unit: Unit,
    pub since: Since,
    pub default: u32,
    /// What no configuration goes beyond. Nought: not kept at all.
    pub least: u32,
    pub most: u32,
    /// Belongs to a practitioner, so that a team may have a period of its own.
    pub by_team: bool,
}

const fn rule(category: Category, name: &'static str, unit: Unit, since: Since, [default, least, most]: [u32; 3], by_team: bool) -> Rule {
    Rule { category, name, unit, since, default, least, most, by_team }
}

/// Every category. Longer: more can be lost, stolen or demanded. Shorter: what somebody still needs is gone.
pub const RULES: [Rule; 10] = [
    rule(Category::Reach, "reach", Unit::Hours, Since::ContactEnded, [1, 1, 168], false),
    rule(Category::Contact, "contact", Unit::Hours, Since::ContactEnded, [24, 1, 720], true),
    rule(Category::Unhandled, "unhandled", Unit::Days, Since::ContactEnded, [30, 1, 30], true),
    rule(Category::Plan, "plan", Unit::Days, Since::LastContact, [90, 1, 730], true),
    rule(Category::Record, "record", Unit::Days, Since::Copied, [7, 1, 30], false),
    rule(Category::Unfinished, "unfinished", Unit::Days, Since::ContactEnded, [30, 1, 30], false),
    rule(Category::Transcript, "transcript", Unit::Days, Since::Written, [0, 0, 30], false),
    rule(Category::Delivery, "delivery", Unit::Days, Since::Sent, [30, 1, 90], false),
    rule(Category::Audit, "audit", Unit::Days, Since::Written, [365, 30, 3650], false),
    rule(Category::Receipts, "receipts", Unit::Days, Since::Written, [1095, 30, 3650], false),
];

impl Rule {
    /// Of its starting value in the configuration.
    pub fn key(&self) -> String {
        format!("{}_{}", self.name, if self.unit == Unit::Hours { "hours" } else { "days" })
    }

    fn seconds(&self, period: u32) -> u32 {
        period.saturating_mul(if self.unit == Unit::Hours { 3600 } else { 24 * 3600 })
    }
}

/// The line of a category: there is one for each, which a test sees to.
pub fn of(category: Category) -> Rule {
    RULES.into_iter().find(|rule| rule.category == category).unwrap_or(RULES[0])
}

/// The least and the most that may be chosen.
pub type Bounds = (u32, u32);

/// What the configuration gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed(BTreeMap<Category, (u32, Bounds)>);

impl Default for Installed {
    fn default() -> Installed {
        Installed(RULES.map(|rule| (rule.category, (rule.default, (rule.least, rule.most)))).into())
    }
}

impl Installed {
    /// Another starting value and other bounds of one category. False, and nothing is changed, where they don't fit in each other.
    pub fn set(&mut self, category: Category, start: u32, (least, most): Bounds) -> bool {
        let table = of(category);
        let fits = table.least <= least && least <= start && start <= most && most <= table.most;
        if fits {
            self.0.insert(category, (start, (least, most)));
        }
        fits
    }

    pub fn start(&self, category: Category) -> u32 {
        self.0.get(&category).map_or(of(category).default, |(start, _)| *start)
    }

    pub fn bounds(&self, category: Category) -> Bounds {
        self.0.get(&category).map_or((of(category).least, of(category).most), |(_, bounds)| *bounds)
    }

    /// The first of these periods that is out of its bounds, or isn't a team's to choose.
    pub fn refuses(&self, periods: &Periods, for_team: bool) -> Option<Category> {
        let refused = |(category, period): (&Category, &u32)| {
            let (least, most) = self.bounds(*category);
            let within = (least..=most).contains(period) && (of(*category).by_team || !for_team);
            (!within).then_some(*category)
        };
        periods.iter().find_map(refused)
    }

    /// What was chosen under wider bounds than those of today.
    fn within(&self, category: Category, period: u32) -> u32 {
        let (least, most) = self.bounds(category);
        period.clamp(least, most)
    }
}

/// What somebody chose, for everybody or for a team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub periods: Periods,
    /// What was chosen before.
    pub before: Periods,
    /// When that was, and from when on shorter periods hold.
    pub at: u32,
    pub from: u32,
}

impl Choice {
    /// `beneath`: what holds where nothing is chosen.
    fn period(&self, category: Category, beneath: u32, now: u32) -> u32 {
        let of = |periods: &Periods| periods.get(&category).copied().unwrap_or(beneath);
        let (before, after) = (of(&self.before), of(&self.periods));
        if now < self.from { before.max(after) } else { after }
    }

    /// Which categories it has changed.
    pub fn changed(&self) -> Vec<Category> {
        let differs = |category: &Category| self.before.get(category) != self.periods.get(category);
        RULES.iter().map(|rule| rule.category).filter(differs).collect()
    }
}

/// How long each category is kept at some time, for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy(Periods);

impl Policy {
    pub fn new(installed: &Installed, organisation: Option<&Choice>, team: Option<&Choice>, now: u32) -> Policy {
        let period = |rule: Rule| {
            let category = rule.category;
            let chosen = |choice: Option<&Choice>, beneath| choice.map_or(beneath, |choice| choice.period(category, beneath, now));
            let everybody = chosen(organisation, installed.start(category));
            let period = if rule.by_team { chosen(team, everybody) } else { everybody };
            (category, installed.within(category, period))
        };
        Policy(RULES.map(period).into())
    }

    /// What was chosen for it, or given.
    pub fn own(&self, category: Category) -> u32 {
        self.0.get(&category).copied().unwrap_or_default()
    }

    /// What holds, in the category's own unit.
    pub fn period(&self, category: Category) -> u32 {
        if category == Category::Unhandled {
            // What waits for "Handled" is never erased before what is handled.
            self.own(category).max(self.own(Category::Contact).div_ceil(24))
        } else {
            self.own(category)
        }
    }

    /// What counts from then, or from before, is to be erased. None: nothing can be that old.
    pub fn cutoff(&self, category: Category, now: u32) -> Option<u32> {
        now.checked_sub(of(category).seconds(self.period(category)))
    }

    /// Whether a contact is to be erased now. One that hasn't ended never is.
    pub fn is_over(&self, now: u32, ended: Option<u32>, unhandled: bool) -> bool {
        let category = if unhandled { Category::Unhandled } else { Category::Contact };
        ended.zip(self.cutoff(category, now)).is_some_and(|(ended, cutoff)| ended <= cutoff)
    }
}

/// The policies of everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    pub organisation: Policy,
    pub teams: BTreeMap<String, Policy>,
}

impl Policies {
    /// A team that has chosen nothing is kept like everybody.
    pub fn of(&self, team: Option<&str>) -> &Policy {
        team.and_then(|team| self.teams.get(team)).unwrap_or(&self.organisation)
    }

    /// The latest cutoff of anybody: what is younger than that is nobody's to erase.
    pub fn latest_cutoff(&self, category: Category, now: u32) -> Option<u32> {
        let all = std::iter::once(&self.organisation).chain(self.teams.values());
        all.filter_map(|policy| policy.cutoff(category, now)).max()
    }
}
