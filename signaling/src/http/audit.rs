//! The audit, for administrators and auditors to read. Nobody can change it by this interface.

use super::rights::{changing_in, entering};
use super::{Answer, App};
use crate::error::Refusal;
use crate::records::Wanted;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::{HeaderMap, StatusCode};
use sidelight_protocol::audit::{AuditChain, AuditEntries, Audited, Named};
use sidelight_room::rights::Area;
use std::collections::{BTreeSet, HashMap};

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sought {
    before: Option<u32>,
    from: Option<u32>,
    to: Option<u32>,
    what: Option<Audited>,
    who: Option<String>,
}

/// The longest name that is looked for.
const LONGEST: usize = 80;

fn bad_query() -> Refusal {
    let title =
        "The address takes before, the id of an entry, from and to, in seconds, what, a word of the audit, and who, of 1 to 80 letters.";
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_query", title)
}

pub async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    query: Result<Query<Sought>, QueryRejection>,
) -> Answer<axum::Json<AuditEntries>> {
    entering(&app, &headers, Area::Audit).await?;
    let Query(Sought { before, from, to, what, who }) = query.map_err(|_| bad_query())?;
    let who = match who {
        Some(who) => Some(called(&app, &who).await?),
        None => None,
    };
    let entries = app.records.audit_found(&Wanted { before, from, to, what, who }).await?;
    let (members, programs) = (app.records.staff_names().await?, app.records.token_names().await?);
    let staff = named(entries.iter().flat_map(|entry| entry.who.iter().chain(&entry.whom)), &members);
    let tokens = named(entries.iter().filter_map(|entry| entry.token.as_ref()), &programs);
    Ok(axum::Json(AuditEntries { entries, staff, tokens, anchor: app.anchored.now() }))
}

/// The ids of members in whose name or email this stands, and of tokens in whose name.
async fn called(app: &App, who: &str) -> Answer<Vec<String>> {
    let sought = who.trim().to_lowercase();
    if !(1..=LONGEST).contains(&sought.chars().count()) {
        return Err(bad_query());
    }
    let members = app.records.members().await?.into_iter().map(|listed| listed.member);
    let is = |text: &str| text.to_lowercase().contains(&sought);
    let members = members.filter(|member| is(&member.name) || is(&member.email)).map(|member| member.id);
    let tokens = app.records.token_names().await?.into_iter().filter(|(_, name)| is(name)).map(|(id, _)| id);
    Ok(members.chain(tokens).collect())
}

/// Each once.
fn named<'a>(ids: impl Iterator<Item = &'a String>, names: &HashMap<String, String>) -> Vec<Named> {
    let ids: BTreeSet<&String> = ids.collect();
    ids.into_iter().filter_map(|id| Some(Named { id: id.clone(), name: names.get(id)?.clone() })).collect()
}

/// Goes along all of it, so it is counted as a change is.
pub async fn chain(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<AuditChain>> {
    changing_in(&app, &headers, Area::Audit).await?;
    Ok(axum::Json(match app.records.audit_chain().await? {
        Ok(whole) => AuditChain { fault: None, entries: u32::try_from(whole.entries).unwrap_or(u32::MAX), checkpoint: whole.checkpoint },
        Err(fault) => AuditChain { fault: Some(fault.to_string()), entries: 0, checkpoint: 0 },
    }))
}
