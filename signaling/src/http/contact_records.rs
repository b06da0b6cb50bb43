//! The record of a contact: what its practitioner reads, writes, copies and sends. Another's is answered like one that doesn't exist.

use super::body::Json;
use super::contacts::practitioner;
use super::path::Path;
use super::rights::{at_desk, changing_at_desk, lets};
use super::{Answer, App};
use crate::error::{Refusal, UNKNOWN_CONTACT};
use crate::records::{Contact, KeptRecord, Member, RecordsError, Save, SentCopy};
use crate::retention::Chosen;
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::MAX_ID;
use sidelight_protocol::api_tokens::Scope;
use sidelight_protocol::programs::{RecordCopy, SafetyCopy};
use sidelight_protocol::record::{
    Arrived, ContactRecord, Draft, MAX_NOTES, MAX_TEXT, RecordEnds, RecordSaved, SafetyDraft, SaveRecord, SendRecord, SentRecord,
    Unfinished, Written,
};
use sidelight_room::keeping::Category;
use sidelight_room::rights::Deed;

pub(super) const GONE: Refusal = Refusal::new(StatusCode::GONE, "record_gone", "This record was deleted, as it was set.");
const OLD: Refusal = Refusal::new(StatusCode::CONFLICT, "record_old", "Something newer is saved already.");
const CHANGED: Refusal = Refusal::new(StatusCode::CONFLICT, "record_changed", "This record was changed in another window.");
const NOT_OVER: Refusal = Refusal::new(StatusCode::CONFLICT, "contact_not_over", "This contact isn't over yet. End it first.");
const NO_CASE_SYSTEM: Refusal = Refusal::new(StatusCode::CONFLICT, "no_case_system", "No case system is set up here.");
const ON_ITS_WAY: Refusal = Refusal::new(StatusCode::CONFLICT, "record_on_its_way", "This record is on its way already.");
const NOTHING_ASKED: Refusal = Refusal::new(StatusCode::CONFLICT, "nothing_asked", "It is known what became of this record.");

/// The contact and its record, as far as there are any, if they manage it.
pub(super) async fn own(app: &App, member: &Member, id: &str) -> Answer<(Option<Contact>, Option<KeptRecord>)> {
    let contact = app.records.contact(id).await?;
    let record = app.records.record_of(id).await?;
    // Whoever has the contact has its record; when the contact is gone, whoever had it last.
    let whose = contact.as_ref().map(|contact| &contact.owner).or(record.as_ref().map(|record| &record.owner));
    let whose = whose.ok_or(UNKNOWN_CONTACT)?;
    if lets(app, member, Deed::Manage, whose, id).await? { Ok((contact, record)) } else { Err(UNKNOWN_CONTACT) }
}

async fn gone_at(app: &App, record: &KeptRecord) -> Answer<Option<u32>> {
    let due = Chosen::read(&app.records).await?.due(&app.keeping.installed, now());
    let after = |from: Option<u32>, category| from.map(|at| at.saturating_add(due.everybodys(category).0));
    let (copied, made) = (after(record.copied, Category::Record), after(record.ended, Category::Unfinished));
    Ok([copied, made].into_iter().flatten().min())
}

/// What is drafted: while there is the contact, of what is written down now.
async fn drafted(app: &App, contact: Option<&Contact>, record: Option<&KeptRecord>) -> Answer<(Draft, SafetyDraft)> {
    match contact {
        Some(contact) => Ok(app.records.draft_of(contact).await?),
        None => record.and_then(|record| record.draft.clone()).ok_or(GONE),
    }
}

pub async fn show(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<ContactRecord>> {
    let member = at_desk(&app, &headers).await?;
    let (contact, record) = own(&app, &member, &id).await?;
    if record.is_none() && app.records.had_record(&id).await? {
        return Err(GONE);
    }
    let (draft, safety) = drafted(&app, contact.as_ref(), record.as_ref()).await?;
    let case_system = app.case_system.is_some();
    let programs = app.records.programs_with(Scope::RecordsRead, now()).await?;
    Ok(axum::Json(match record {
        Some(record) => {
            let gone_at = gone_at(&app, &record).await?;
            let KeptRecord { written, revision, copied, sent, released, .. } = record;
            ContactRecord { draft, safety, written, revision, copied, gone_at, case_system, sent, programs, released }
        }
        None => {
            let (written, revision, copied, gone_at, sent, released) = (Written::default(), 0, None, None, None, None);
            ContactRecord { draft, safety, written, revision, copied, gone_at, case_system, sent, programs, released }
        }
    }))
}

pub async fn unfinished(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<Unfinished>> {
    let owner = practitioner(&app, &headers).await?;
    Ok(axum::Json(Unfinished { records: app.records.records_to_write_up(&owner).await? }))
}

fn checked(Written { notes, text, safety }: Written) -> Answer<Written> {
    Ok(Written { notes: notes_in(notes)?, text: text.map(text_in).transpose()?, safety: safety.map(safety_in).transpose()? })
}

fn notes_in(words: String) -> Answer<String> {
    typed("notes_long", "notes", "The notes have", words, MAX_NOTES)
}

fn text_in(words: String) -> Answer<String> {
    typed("text_long", "text", "What happened has", words, MAX_TEXT)
}

fn safety_in(words: String) -> Answer<String> {
    typed("safety_long", "safety", "The part about safety has", words, MAX_TEXT)
}

/// As it stands there, with the space at its ends: somebody is still typing.
fn typed(long: &'static str, field: &'static str, has: &str, words: String, most: usize) -> Answer<String> {
    if words.chars().count() > most {
        return Err(Refusal::field(long, field, format!("{has} at most {most} characters.")));
    }
    if words.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(Refusal::field("bad_characters", field, "There are characters in it that can't be shown."));
    }
    Ok(words)
}

pub async fn save(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<SaveRecord>,
) -> Answer<axum::Json<RecordSaved>> {
    let member = changing_at_desk(&app, &headers).await?;
    let (contact, _) = own(&app, &member, &id).await?;
    if body.page.is_empty() || body.page.len() > MAX_ID {
        return Err(Refusal::field("bad_page", "page", "That is no name of a page."));
    }
    let body = SaveRecord { written: checked(body.written)?, ..body };
    match app.records.save_record(&id, contact.as_ref(), &body, now()).await {
        Ok(Save::Kept { revision }) => Ok(axum::Json(RecordSaved { revision })),
        Ok(Save::Old) => Err(OLD),
        Ok(Save::Changed) => Err(CHANGED),
        Err(RecordsError::Missing) => Err(GONE),
        Err(error) => Err(error.into()),
    }
}

pub async fn copied(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<RecordEnds>> {
    ends(&app, &headers, &id, Some(now())).await
}

pub async fn not_copied(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<RecordEnds>> {
    ends(&app, &headers, &id, None).await
}

async fn ends(app: &App, headers: &HeaderMap, id: &str, at: Option<u32>) -> Answer<axum::Json<RecordEnds>> {
    let member = changing_at_desk(app, headers).await?;
    let (contact, _) = own(app, &member, id).await?;
    if contact.is_some_and(|contact| contact.ended.is_none()) {
        return Err(NOT_OVER);
    }
    // What is to be copied must be there: a room that has just ended may not have drafted it yet.
    app.records.keep_draft(id, now()).await?;
    match app.records.record_copied(id, at).await {
        Ok(copied) => {
            let record = app.records.record_of(id).await?;
            let gone_at = match &record {
                Some(record) => gone_at(&app, record).await?,
                None => None,
            };
            Ok(axum::Json(RecordEnds { copied, gone_at }))
        }
        Err(RecordsError::Missing) => Err(GONE),
        Err(error) => Err(error.into()),
    }
}

/// What leaves this service by a press.
pub(super) struct Leaving {
    pub record: KeptRecord,
    pub body: String,
    pub safety: bool,
}

/// Only what is chosen goes: what stands in this request and the notes, and of the draft the part that they belong to.
pub(super) async fn leaving(app: &App, member: &Member, id: &str, chosen: SendRecord) -> Answer<Leaving> {
    let (contact, _) = own(app, member, id).await?;
    if contact.as_ref().is_some_and(|contact| contact.ended.is_none()) {
        return Err(NOT_OVER);
    }
    app.records.keep_draft(id, now()).await?;
    let record = app.records.record_of(id).await?.ok_or(GONE)?;
    if record.revision != chosen.revision {
        return Err(CHANGED);
    }
    let (draft, about_safety) = record.draft.clone().ok_or(GONE)?;
    let safety = chosen.safety.map(safety_in).transpose()?.map(|text| SafetyCopy { text, draft: about_safety });
    let copy = RecordCopy {
        format: "sidelight-record-1".into(),
        record: record.id.clone(),
        text: text_in(chosen.text)?,
        notes: record.written.notes.clone(),
        draft,
        safety,
    };
    let body = serde_json::to_string(&copy).map_err(|_| RecordsError::Damaged)?;
    Ok(Leaving { record, body, safety: copy.safety.is_some() })
}

pub async fn send(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<SendRecord>,
) -> Answer<axum::Json<SentRecord>> {
    let member = changing_at_desk(&app, &headers).await?;
    own(&app, &member, &id).await?;
    let press = app.case_system.as_ref().ok_or(NO_CASE_SYSTEM)?;
    let Leaving { record, body, safety } = leaving(&app, &member, &id, body).await?;
    let key = crate::random::id().ok_or_else(Refusal::not_kept)?;
    if !app.records.queue_record(&record.id, &SentCopy { key, body, safety }, now()).await? {
        return Err(ON_ITS_WAY);
    }
    press.tell();
    sent_now(&app, &id).await
}

/// Whether one arrived of which nobody knows.
pub async fn arrived(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<Arrived>,
) -> Answer<axum::Json<SentRecord>> {
    let member = changing_at_desk(&app, &headers).await?;
    let (_, record) = own(&app, &member, &id).await?;
    let press = app.case_system.as_ref().ok_or(NO_CASE_SYSTEM)?;
    let record = record.ok_or(NOTHING_ASKED)?;
    if !app.records.record_arrived(&record.id, body.arrived, now()).await? {
        return Err(NOTHING_ASKED);
    }
    press.tell();
    sent_now(&app, &id).await
}

async fn sent_now(app: &App, id: &str) -> Answer<axum::Json<SentRecord>> {
    app.records.record_of(id).await?.and_then(|record| record.sent).map(axum::Json).ok_or(GONE)
}
