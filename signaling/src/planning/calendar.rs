//! A calendar file (RFC 5545), as it leaves the service. Neither a link nor a name is ever in it.
//!
//! Written here and not by a crate: those that there are bring another library of times and their own clock and random ids, and a file that
//! is the same for the same contact needs neither.

use super::wall::shown;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use jiff::tz::TimeZone;

/// What stands between two octets of a line at most, without its end (3.1).
const LINE: usize = 75;

/// One contact as a calendar has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same whatever becomes of the contact.
    pub uid: String,
    /// Rises with each change of time and with calling it off: a calendar keeps what has the greatest.
    pub sequence: u32,
    pub starts_at: u32,
    pub minutes: u32,
    pub title: String,
    pub cancelled: bool,
}

/// What a calendar knows a contact by. Whoever has the calendar can't ask the service for anything by it. `purpose`: whose it is.
pub fn uid(purpose: &str, contact: &str) -> String {
    let hash = digest(&SHA256, format!("sidelight calendar {purpose}:{contact}").as_bytes());
    HEXLOWER.encode(hash.as_ref().get(..16).unwrap_or_default())
}

/// Entries that take their place in a calendar, and those that go from it; a file is one or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Publish,
    Cancel,
}

/// The file. `made`: the moment it is made.
pub fn file(method: Method, entries: &[Entry], made: u32) -> String {
    let mut out = String::new();
    // Says what a calendar program says, and not whose it is.
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calendar//Calendar//EN", "CALSCALE:GREGORIAN"] {
        write(&mut out, line);
    }
    write(&mut out, if method == Method::Cancel { "METHOD:CANCEL" } else { "METHOD:PUBLISH" });
    for entry in entries {
        event(&mut out, entry, method, made);
    }
    write(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, entry: &Entry, method: Method, made: u32) {
    let ends_at = entry.starts_at.saturating_add(entry.minutes.saturating_mul(60));
    let cancelled = method == Method::Cancel || entry.cancelled;
    write(out, "BEGIN:VEVENT");
    write(out, &format!("UID:{}", text(&entry.uid)));
    write(out, &format!("DTSTAMP:{}", utc(made)));
    write(out, &format!("SEQUENCE:{}", entry.sequence));
    // Each contact has its own moment: what the clocks do is settled, and no rule of a zone has to come along.
    write(out, &format!("DTSTART:{}", utc(entry.starts_at)));
    write(out, &format!("DTEND:{}", utc(ends_at)));
    write(out, &format!("SUMMARY:{}", text(&entry.title)));
    // RFC 5546 wants an organizer. An address would say whose call it is.
    write(out, "ORGANIZER:invalid:nomail");
    write(out, if cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
    write(out, "CLASS:PRIVATE");
    write(out, "END:VEVENT");
}

fn utc(seconds: u32) -> String {
    shown(seconds, &TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// As a TEXT value (3.3.11). Whatever else controls has no place in it.
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            _ if letter.is_control() => {}
            _ => out.push(letter),
        }
    }
    out
}

/// A line, folded where it is longer than may be, and never inside a letter (3.1).
fn write(out: &mut String, line: &str) {
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(title: &str) -> Entry {
        // 2026-11-24 14:30 UTC.
        Entry { uid: "a1".into(), sequence: 2, starts_at: 1_795_530_600, minutes: 45, title: title.into(), cancelled: false }
    }

    #[test]
    fn one_contact_is_written_as_a_calendar_reads_it() {
        let file = file(Method::Publish, &[entry("Call")], 1_795_467_600);
        let lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Calendar//Calendar//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            "UID:a1",
            "DTSTAMP:20261123T210000Z",
            "SEQUENCE:2",
            "DTSTART:20261124T143000Z",
            "DTEND:20261124T151500Z",
            "SUMMARY:Call",
            "ORGANIZER:invalid:nomail",
            "STATUS:CONFIRMED",
            "CLASS:PRIVATE",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        assert_eq!(file, lines.join("\r\n"));
    }

    #[test]
    fn what_was_called_off_goes_from_the_calendar() {
        let off = file(Method::Cancel, &[Entry { sequence: 3, cancelled: true, ..entry("Call") }], 0);
        assert!(off.contains("\r\nMETHOD:CANCEL\r\n") && off.contains("\r\nSTATUS:CANCELLED\r\n") && off.contains("\r\nSEQUENCE:3\r\n"));
    }

    #[test]
    fn a_title_can_write_nothing_but_a_title() {
        let file = file(Method::Publish, &[entry("a\r\nDTSTART:1\nb;c,d\\e\u{7}")], 0);
        assert!(file.contains("\r\nSUMMARY:a\\nDTSTART:1\\nb\\;c\\,d\\\\e\r\n"), "{file}");
        assert_eq!(file.matches("\r\nDTSTART:").count(), 1);
    }

    /// What another program's parser is given to read (`tests/js/calendar_file.test.mjs`).
    #[test]
    fn the_files_that_another_parser_reads_are_those_that_are_written_here() {
        let hostile = "Zoë's \u{1f642} \\ , ; : \"x\"\nBEGIN:VALARM\n".repeat(6);
        let winter = Entry { uid: "b2".into(), starts_at: 1_806_192_000, title: hostile, ..entry("") };
        let off = Entry { sequence: 3, cancelled: true, ..entry("Call") };
        let cases = [(Method::Publish, vec![entry("Call")]), (Method::Publish, vec![entry("Call"), winter]), (Method::Cancel, vec![off])];
        let cases: Vec<_> = cases
            .iter()
            .map(|(method, entries)| {
                let titles: Vec<_> = entries.iter().map(|entry| &entry.title).collect();
                serde_json::json!({ "titles": titles, "file": file(*method, entries, 1_795_467_600) })
            })
            .collect();
        let written = serde_json::to_string_pretty(&cases).unwrap() + "\n";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/js/vectors/calendar.json");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &written).unwrap();
        }
        assert!(std::fs::read_to_string(path).is_ok_and(|kept| kept == written), "run the tests once with UPDATE=1");
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_unfolded_it_is_what_it_was(title in "\\PC{0,200}") {
            let written = file(Method::Publish, &[entry(&title)], 0);
            prop_assert!(written.split("\r\n").all(|line| line.len() <= LINE));
            prop_assert!(!written.replace("\r\n", "").contains(['\r', '\n']));
            let unfolded = written.replace("\r\n ", "");
            let line = format!("\r\nSUMMARY:{}\r\n", text(&title));
            prop_assert!(unfolded.contains(&line));
        }
    }
}
