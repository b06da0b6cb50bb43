//! What a benchmark says: one figure, beside its target and beside a peer where one ran in the same minutes.

use serde::Serialize;

/// All that a benchmark says.
#[derive(Default)]
pub struct Figures {
    pub rows: Vec<Row>,
    /// The machine's load when it began.
    pub load: f64,
    /// What was to be measured and couldn't be, and why.
    pub unmeasured: Vec<String>,
}

impl Figures {
    pub fn say(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// There is no figure for this.
    pub fn lacks(&mut self, what: &str, why: &str) {
        self.unmeasured.push(format!("{what}: {why}"));
    }
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured, in words.
    pub measure: String,
    pub value: f64,
    pub unit: &'static str,
    /// The most that the value may be; none where it is only told.
    pub target: Option<f64>,
    /// Whether the target is kept; none without one.
    pub holds: Option<bool>,
    /// What ran beside it on the same machine.
    pub peer: Option<&'static str>,
    pub peer_value: Option<f64>,
}

impl Row {
    /// A figure that is told and promises nothing.
    pub fn told(measure: impl Into<String>, value: f64, unit: &'static str) -> Row {
        Row { measure: measure.into(), value, unit, target: None, holds: None, peer: None, peer_value: None }
    }

    /// A figure that may be `most` at the most.
    pub fn at_most(measure: impl Into<String>, value: f64, most: f64, unit: &'static str) -> Row {
        Row { target: Some(most), holds: Some(value <= most), ..Row::told(measure, value, unit) }
    }

    /// The same figure of a peer.
    pub fn beside(self, peer: &'static str, value: f64) -> Row {
        Row { peer: Some(peer), peer_value: Some(value), ..self }
    }
}

/// The value in the middle; of an even number, the greater of the two.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
