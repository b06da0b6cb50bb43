//! Contacts as a calendar file: for the practitioner's own calendar, and for the invited where their plan allows it.

use super::contacts::practitioner;
use super::path::Path;
use super::rights::{at_desk, contact_for};
use super::{Answer, App};
use crate::error::{BAD_QUERY, Refusal, UNKNOWN_CONTACT};
use crate::planning::calendar::{Entry, Method, file, uid};
use crate::planning::hours::week_minute;
use crate::records::Contact;
use crate::time::now;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::{HeaderMap, HeaderName, StatusCode, header};
use sidelight_protocol::plan::Unsafe;
use sidelight_room::rights::Deed;
use sidelight_room::sending::calendar_refused;

/// How long before it begins a phone may tell of what is in its calendar, in seconds. Most do by themselves, ten to thirty minutes before.
const TOLD_BEFORE: u32 = 30 * 60;

/// Whose calendar it is for.
#[derive(Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Whose {
    #[default]
    Own,
    Invited,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Of {
    #[serde(default)]
    whose: Whose,
    /// With the reference, in the practitioner's own. Others see calendars: not by itself.
    #[serde(default)]
    reference: bool,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Between {
    from: u32,
    to: u32,
    #[serde(default)]
    reference: bool,
}

type File = ([(HeaderName, &'static str); 2], String);

fn sent(method: Method, entries: &[Entry]) -> File {
    let kind = match method {
        Method::Publish => "text/calendar; charset=utf-8; method=PUBLISH",
        Method::Cancel => "text/calendar; charset=utf-8; method=CANCEL",
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, "attachment; filename=\"calendar.ics\"")];
    (headers, file(method, entries, now()))
}

fn entry(app: &App, contact: &Contact, whose: Whose, reference: bool) -> Entry {
    let title = app.pages.calendar_title();
    let (purpose, title) = match whose {
        Whose::Own if reference => ("own", format!("{title}: {}", contact.details.reference)),
        Whose::Own => ("own", title),
        // Two names of one contact, so that neither calendar leads to the other.
        Whose::Invited => ("invited", title),
    };
    Entry {
        uid: uid(purpose, &contact.id),
        sequence: contact.sequence,
        starts_at: contact.details.starts_at,
        minutes: contact.details.minutes,
        title,
        cancelled: contact.cancelled.is_some(),
    }
}

/// One contact. It may be over: what was called off goes from a calendar by this.
pub async fn one(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    of: Result<Query<Of>, QueryRejection>,
) -> Answer<File> {
    let member = at_desk(&app, &headers).await?;
    let Ok(Query(Of { whose, reference })) = of else { return Err(BAD_QUERY) };
    let contact = contact_for(&app, &member, &id, Deed::Manage).await?;
    if whose == Whose::Invited {
        may_have(&app, &contact).await?;
    }
    let method = if contact.cancelled.is_some() { Method::Cancel } else { Method::Publish };
    Ok(sent(method, &[entry(&app, &contact, whose, reference)]))
}

/// What begins in this time, for the practitioner's own calendar.
pub async fn between(State(app): State<App>, headers: HeaderMap, between: Result<Query<Between>, QueryRejection>) -> Answer<File> {
    let owner = practitioner(&app, &headers).await?;
    let Ok(Query(Between { from, to, reference })) = between else { return Err(BAD_QUERY) };
    if from >= to {
        return Err(BAD_QUERY);
    }
    let contacts = app.records.contacts_between(&owner, from, to).await?.into_iter();
    let contacts = contacts.filter(|contact| (from..to).contains(&contact.details.starts_at));
    let entries: Vec<Entry> = contacts.map(|contact| entry(&app, &contact, Whose::Own, reference)).collect();
    Ok(sent(Method::Publish, &entries))
}

/// Where a plan holds, their calendar is a channel of it; of others nothing was agreed, as with a link that is copied.
async fn may_have(app: &App, contact: &Contact) -> Answer<()> {
    let Some(about) = &contact.details.about else { return Ok(()) };
    let person = app.records.person(about).await?.ok_or(UNKNOWN_CONTACT)?;
    let now = now();
    let allowed = person.allowed.filter(|allowed| now < allowed.until).map(|allowed| allowed.channel);
    let starts_at = contact.details.starts_at;
    let at = |seconds| week_minute(&person.plan.zone, seconds);
    let tells = [at(starts_at.saturating_sub(TOLD_BEFORE)), at(starts_at)];
    match calendar_refused(&person.plan, at(now), &tells, allowed) {
        None => Ok(()),
        Some(why) => Err(refusal(why)),
    }
}

fn refusal(why: Unsafe) -> Refusal {
    let (code, title) = match why {
        Unsafe::NoChannels => ("unsafe_no_channels", "It wasn't agreed yet how word may reach them. Ask them first."),
        Unsafe::Channel => ("unsafe_channel", "Their calendar isn't among the ways that were agreed with them."),
        Unsafe::NoHours => ("unsafe_no_hours", "It wasn't agreed yet at what hours word may reach them. Ask them first."),
        Unsafe::Hour => ("unsafe_hour", "Now, or when their phone would tell of it, isn't an hour that was agreed with them."),
    };
    Refusal::new(StatusCode::CONFLICT, code, title)
}
