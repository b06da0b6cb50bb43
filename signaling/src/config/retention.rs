//! `[retention]`: for each category a starting value, and the bounds within which an administrator may choose.

use super::{Values, Wrong};
use sidelight_room::keeping::{Bounds, Installed, RULES};
use std::time::Duration;

/// How long things are kept.
#[derive(Clone)]
pub struct Retention {
    pub installed: Installed,
    /// Between two sweeps.
    pub sweep: Duration,
}

impl Values {
    pub(super) fn retention(&self) -> Result<Retention, Wrong> {
        let mut installed = Installed::default();
        for rule in RULES {
            let allowed = format!("\"LEAST to MOST\", within {} to {}", rule.least, rule.most);
            let within = |(least, most): &Bounds| rule.least <= *least && least <= most && *most <= rule.most;
            let (least, most) = self.text(&format!("retention.{}_bounds", rule.name), &allowed, |text| bounds(text).filter(within))?;
            let start = self.number(&format!("retention.{}", rule.key()), u64::from(least)..=u64::from(most))?;
            installed.set(rule.category, u32::try_from(start).unwrap_or(most), (least, most));
        }
        Ok(Retention { installed, sweep: Duration::from_secs(self.number("retention.sweep_seconds", 1..=3600)?) })
    }
}

fn bounds(text: &str) -> Option<Bounds> {
    let (least, most) = text.split_once(" to ")?;
    Some((least.parse().ok()?, most.parse().ok()?))
}
