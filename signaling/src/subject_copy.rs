//! A copy of all that is kept of one person, as a ZIP of JSON and of pages that can be read and printed without anything else. Pure.
//!
//! What could put somebody in danger where the wrong eyes read it, or is about others, stands in a folder of its own, to be looked
//! through before it is given on.

mod page;

use crate::records::{Contacted, KeptOf, KeptRecord, KeptTranscript};
use serde_json::{Value, json};
use sidelight_protocol::audit::{AuditEntry, Audited};
use sidelight_protocol::transcript::Typed;
use sidelight_room::draft::draft;
use sidelight_room::{Fact, Happened};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The most that a copy may come to. More: it takes memory from everybody else. Less: long histories can't be given out.
const MOST: usize = 16 * 1024 * 1024;

const REVIEW: &str = "review-before-release";

/// None where it would be larger than it may.
pub fn zipped(kept: &KeptOf, now: u32) -> Option<Vec<u8>> {
    let (data, review) = (data(kept, now), review(kept, now));
    let files = [
        ("data.html".to_owned(), page::page(page::DATA, &data)),
        ("data.json".to_owned(), text(&data)?),
        (format!("{REVIEW}/safety.html"), page::page(page::REVIEW, &review)),
        (format!("{REVIEW}/safety.json"), text(&review)?),
    ];
    if files.iter().map(|(_, text)| text.len()).sum::<usize>() > MOST {
        return None;
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text) in files {
        zip.start_file(name, how).ok()?;
        zip.write_all(text.as_bytes()).ok()?;
    }
    zip.finish().ok().map(Cursor::into_inner)
}

fn text(value: &Value) -> Option<String> {
    serde_json::to_string_pretty(value).ok()
}

/// What can be given on as it is, but for whatever somebody typed into it about others.
fn data(kept: &KeptOf, now: u32) -> Value {
    let plan = &kept.person.plan;
    json!({
        "format": "sidelight-copy-1",
        "made_at": now,
        "agreed": {
            "reference": plan.reference,
            "channels": plan.channels,
            "hours": plan.hours,
            "time_zone": plan.zone,
            "number": plan.number,
            "signing": plan.signing,
            "code_in_place_of_a_link": plan.by_code,
            "words_with_the_link": plan.wording,
            "reminders": plan.reminders,
        },
        "contacts": kept.contacts.iter().map(contact).collect::<Vec<_>>(),
        "records": kept.records.iter().map(record).collect::<Vec<_>>(),
    })
}

fn contact(Contacted { contact, facts, messages, addresses }: &Contacted) -> Value {
    let details = &contact.details;
    json!({
        "reference": details.reference,
        "greeting": details.greeting,
        "starts_at": details.starts_at,
        "minutes": details.minutes,
        "ways": details.ways,
        "words_while_waiting": details.waiting_words,
        "opened_at": contact.opened,
        "cancelled_at": contact.cancelled,
        "ended_at": contact.ended,
        "what_happened": draft(details, facts).0,
        "messages": messages.iter().map(|message| json!({
            "kind": message.kind, "channel": message.channel, "state": message.state, "since_at": message.since,
        })).collect::<Vec<_>>(),
        "addresses": addresses.iter().map(|(channel, address)| json!({ "channel": channel, "address": address })).collect::<Vec<_>>(),
    })
}

fn record(record: &KeptRecord) -> Value {
    json!({
        "made_at": record.made,
        "contact_ended_at": record.ended,
        "copied_at": record.copied,
        "notes": record.written.notes,
        "text": record.written.text,
        "drafted": record.draft.as_ref().map(|(draft, _)| draft),
    })
}

/// What is looked through first.
fn review(kept: &KeptOf, now: u32) -> Value {
    let plan = &kept.person.plan;
    json!({
        "format": "sidelight-copy-1",
        "made_at": now,
        "safety_plan": {
            "word": plan.word,
            "other_spellings": plan.spellings,
            "what_to_do_when_it_is_used": plan.response,
            "question_to_the_practitioner": plan.proves_us,
            "question_to_them": plan.proves_them,
            "their_answer": plan.proves_them_answer,
            "if_somebody_else_answers": plan.if_other,
            "if_the_call_drops": plan.if_drops,
            "if_they_leave_the_page": plan.if_exit,
            "out_of_sight": plan.when_hidden,
            "told_the_time_when_early": plan.early,
        },
        "let_through_by_an_administrator": kept.person.allowed.as_ref().map(|allowed| json!({
            "channel": allowed.channel, "until_at": allowed.until, "reason": allowed.reason,
        })),
        "contacts": kept.contacts.iter().map(review_of_contact).collect::<Vec<_>>(),
        "records": kept.records.iter().map(|record| json!({
            "contact_ended_at": record.ended,
            "text": record.written.safety,
            "drafted": record.draft.as_ref().map(|(_, safety)| safety),
        })).collect::<Vec<_>>(),
        // What the service user and others typed, word for word.
        "transcripts": kept.transcripts.iter().map(transcript).collect::<Vec<_>>(),
        "held_until_at": kept.held,
        "audit": kept.audit.iter().map(|entry| json!({ "at": entry.at, "what": entry.what, "reason": reason_of(entry) })).collect::<Vec<_>>(),
    })
}

fn transcript(kept: &KeptTranscript) -> Value {
    let Typed { since, asked, agreed, lines } = &kept.typed;
    json!({
        "made_at": kept.made,
        "everybody_told_at": since,
        "everybody_asked_at": asked,
        "agreed": agreed.iter().map(|one| json!({ "part": one.part, "at": one.at })).collect::<Vec<_>>(),
        "messages": lines.iter().map(|line| json!({
            "at": line.at, "with": line.part, "by_the_practitioner": line.ours, "text": line.text,
        })).collect::<Vec<_>>(),
    })
}

/// Why something is held is told to nobody but administrators and auditors.
fn reason_of(entry: &AuditEntry) -> Option<&str> {
    let of_a_hold = matches!(entry.what, Audited::HoldPlaced | Audited::HoldReleased | Audited::HoldEnded);
    entry.reason.as_deref().filter(|_| !of_a_hold)
}

fn review_of_contact(Contacted { contact, facts, .. }: &Contacted) -> Value {
    let others = facts.iter().filter_map(|fact| match &fact.what {
        Happened::Invited { invitee: Some(invitee) } => Some(json!({ "name": invitee.name, "part": invitee.part })),
        _ => None,
    });
    let taken = facts.iter().filter_map(|fact| match &fact.what {
        Happened::Taken { by } => Some(by),
        _ => None,
    });
    let details = &contact.details;
    json!({
        "starts_at": details.starts_at,
        "practitioner": details.practitioner,
        // Where no plan's holds, a contact has its own.
        "word": details.word,
        "where_help_would_go": details.help,
        "others_invited": others.collect::<Vec<_>>(),
        "supervisors_who_took_an_alarm": taken.collect::<Vec<_>>(),
        "history": facts.iter().filter_map(Fact::happening).collect::<Vec<_>>(),
    })
}
