//! What was found, one finding a check, and how it is told: a line for a person, an object for a program, a status for whatever watches.

use super::codes::{Code, Verdict};
use serde_json::{Value, json};
use std::time::Duration;

/// What a rule makes of what was seen. `change` is empty where nothing is to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub code: Code,
    pub says: String,
    pub change: String,
}

impl Told {
    pub fn new(code: Code, says: impl Into<String>, change: impl Into<String>) -> Told {
        Told { code, says: says.into(), change: change.into() }
    }

    /// What needs no change.
    pub fn well(code: Code, says: impl Into<String>) -> Told {
        Told::new(code, says, "")
    }

    /// For tests: it is this, what is wrong says what to change, and what is well says nothing of the kind.
    #[cfg(test)]
    pub fn checked(&self, code: Code) {
        assert_eq!(self.code, code, "{}", self.says);
        assert_eq!(self.change.is_empty(), matches!(code.verdict(), Verdict::Well | Verdict::Skipped), "{}", self.says);
    }

    /// What needs something else first.
    pub fn after(first: &str) -> Told {
        Told::well(Code::NotLookedAt, format!("Not looked at: {first} comes first."))
    }
}

pub struct Finding {
    pub check: &'static str,
    pub told: Told,
    pub took: Duration,
}

/// Something is to be changed.
pub fn fails(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.told.code.verdict() == Verdict::Wrong)
}

/// One line each, and how it is in all.
pub fn text(findings: &[Finding]) -> String {
    let wrong = findings.iter().filter(|finding| finding.told.code.verdict() == Verdict::Wrong).count();
    let lines = findings.iter().map(|Finding { check, told: Told { code, says, change }, .. }| {
        let change = if change.is_empty() { String::new() } else { format!(" To do: {change}") };
        format!("{:<5} {check:<12} {}\n", code.verdict().word(), one_line(&format!("{says}{change}")))
    });
    let all = match wrong {
        0 => "\nAll is well, as far as could be seen from here.\n".to_owned(),
        1 => "\n1 line says what to change.\n".to_owned(),
        more => format!("\n{more} lines say what to change. Begin with the first: others may follow from it.\n"),
    };
    lines.chain([all]).collect()
}

pub fn json(address: &str, findings: &[Finding]) -> Value {
    let checks = findings.iter().map(|Finding { check, told: Told { code, says, change }, took }| {
        json!({
            "check": check, "code": code.text(), "verdict": code.verdict().text(), "says": one_line(says), "change": one_line(change),
            "millis": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        })
    });
    json!({ "address": address, "well": !fails(findings), "checks": checks.collect::<Vec<_>>() })
}

/// What the other side said may stand in it: nothing of that moves a cursor or begins a line.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(1_000).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(told: Told) -> Finding {
        Finding { check: "port", told, took: Duration::from_millis(3) }
    }

    #[test]
    fn it_is_a_line_each_and_fails_by_what_is_wrong_alone() {
        let well = || found(Told::well(Code::PortOpen, "It answers."));
        let noted = || found(Told::new(Code::RelayWebMissing, "Not there.", "Look."));
        let wrong = || found(Told::new(Code::PortShut, "It is\nshut \u{1b}[2J.", "Open it."));
        assert_eq!(
            text(&[well(), noted()]),
            "OK    port         It answers.\nNOTE  port         Not there. To do: Look.\n\nAll is well, as far as could be seen from here.\n"
        );
        assert_eq!(text(&[wrong()]), "NOT   port         It is shut [2J. To do: Open it.\n\n1 line says what to change.\n");
        assert!(!fails(&[well(), noted(), found(Told::after("the port"))]) && fails(&[well(), wrong()]));
        let told = json("https://a.org", &[wrong()]);
        assert_eq!(
            (&told["well"], &told["checks"][0]["code"], &told["checks"][0]["verdict"]),
            (&json!(false), &json!("port_shut"), &json!("wrong"))
        );
    }
}
