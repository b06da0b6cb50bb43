//! Who is in which team, for periods of a team's own.

use super::{Records, Result};
use std::collections::HashMap;

/// The team of each member of staff who is in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Teams(pub HashMap<String, String>);

impl Teams {
    pub fn of(&self, member: &str) -> Option<&str> {
        self.0.get(member).map(String::as_str)
    }

    /// Each team once.
    pub fn all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.0.values().map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Records {
    /// Nobody is in a team yet: there are none.
    pub async fn teams(&self) -> Result<Teams> {
        Ok(Teams::default())
    }
}
