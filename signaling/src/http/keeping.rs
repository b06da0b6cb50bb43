//! How long things are kept: what administrators see of it, choose and take back, and the receipts of what was deleted.

use super::body::Json;
use super::contacts::{changing_as, signed_in_as};
use super::details::text;
use super::path::Path;
use super::rights::entering;
use super::{Answer, App};
use crate::error::Refusal;
use crate::records::Changed;
use crate::retention::{Chosen, can_be_undone, save, setting};
use crate::time::now;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode, header};
use sidelight_protocol::http::Role;
use sidelight_protocol::keeping::{ChosenPeriods, Keeping, KeptCategory, KeptChange, Preview};
use sidelight_room::keeping::{Choice, RULES, of};
use sidelight_room::rights::Area;

/// Sweeps that are told of.
const NEXT: u32 = 3;

/// Of a reason.
const LEAST_REASON: usize = 10;

const NO_TEAM: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_team", "There is no such team.");
const NO_RECEIPT: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_receipt", "There is no such receipt.");
const TOO_LATE: Refusal =
    Refusal::new(StatusCode::CONFLICT, "cant_be_undone", "There is nothing to take back, or something has been deleted by it already.");

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Whose {
    /// None: everybody's.
    team: Option<String>,
}

type Asked = Result<Query<Whose>, QueryRejection>;

/// Whose periods are asked for, and all that was chosen.
async fn chosen(app: &App, query: Asked) -> Answer<(Option<String>, Chosen)> {
    let bad = |_| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_query", "The address takes team, the id of one, and nothing else.");
    let Query(Whose { team }) = query.map_err(bad)?;
    let chosen = Chosen::read(&app.records).await?;
    if chosen.knows(team.as_deref()) { Ok((team, chosen)) } else { Err(NO_TEAM) }
}

pub async fn show(State(app): State<App>, headers: HeaderMap, query: Asked) -> Answer<axum::Json<Keeping>> {
    entering(&app, &headers, Area::Receipts).await?;
    let (team, _) = chosen(&app, query).await?;
    Ok(axum::Json(shown(&app, team.as_deref()).await?))
}

async fn shown(app: &App, team: Option<&str>) -> Answer<Keeping> {
    let chosen = Chosen::read(&app.records).await?;
    let (now, installed) = (now(), &app.keeping.installed);
    let from = chosen.of(team).map(|choice| choice.from).filter(|from| now < *from);
    let (due, then) = (chosen.due(installed, now), chosen.due(installed, from.unwrap_or(now)));
    let mut categories = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.by_team || team.is_none()) {
        let category = rule.category;
        let (least, most) = installed.bounds(category);
        let (period, soon) = (due.policies.of(team).period(category), then.policies.of(team).period(category));
        categories.push(KeptCategory {
            category,
            unit: rule.unit,
            since: rule.since,
            period,
            soon: Some(soon).filter(|soon| *soon != period),
            least,
            most,
            kept: app.records.count_kept(category).await?,
        });
    }
    let changes_at = from.filter(|_| categories.iter().any(|category| category.soon.is_some()));
    Ok(Keeping {
        categories,
        changes_at,
        last_change: last_change(app, team, now).await?,
        next_sweeps: app.keeping.progress.next(NEXT),
        sweep: app.keeping.progress.now(),
        receipts: app.records.receipts().await?,
    })
}

async fn last_change(app: &App, team: Option<&str>, now: u32) -> Answer<Option<KeptChange>> {
    let changes: Vec<Changed<Choice>> = app.records.setting_changes(&setting(team), 1).await?;
    let Some(Changed { value, at, who, reason }) = changes.into_iter().next() else { return Ok(None) };
    let name = app.records.members().await?.into_iter().find(|listed| listed.member.id == who).map(|listed| listed.member.name);
    let can_be_undone = can_be_undone(&app.records, &value, now).await?;
    let changed = value.changed();
    let periods = value.periods.into_iter().filter(|(category, _)| changed.contains(category)).collect();
    Ok(Some(KeptChange { at, who, name, reason: reason.unwrap_or_default(), periods, can_be_undone }))
}

/// The choice that these periods make; refused beyond what whoever installed it has pinned.
fn choice(app: &App, chosen: &Chosen, team: Option<&str>, body: &ChosenPeriods) -> Answer<Choice> {
    let installed = &app.keeping.installed;
    if let Some(category) = installed.refuses(&body.periods, team.is_some()) {
        let (least, most) = installed.bounds(category);
        let title = format!("It can be from {least} to {most}, as whoever installed Sidelight has set it.");
        return Err(Refusal::field("period_out_of_bounds", of(category).name, title));
    }
    Ok(chosen.choose(installed, team, body.periods.clone(), now()))
}

/// What it would delete, and when. Changes nothing.
pub async fn preview(
    State(app): State<App>,
    headers: HeaderMap,
    query: Asked,
    Json(body): Json<ChosenPeriods>,
) -> Answer<axum::Json<Preview>> {
    signed_in_as(&app, &headers, Role::Administrator).await?;
    let (team, chosen) = chosen(&app, query).await?;
    let choice = choice(&app, &chosen, team.as_deref(), &body)?;
    Ok(axum::Json(chosen.preview(&app.records, &app.keeping.installed, team.as_deref(), choice).await?))
}

/// Why, in their own words.
pub(super) fn reason(given: Option<String>) -> Answer<String> {
    let reason = text("reason", "The reason", given, 400, true)?.filter(|reason| reason.chars().count() >= LEAST_REASON);
    reason.ok_or_else(|| Refusal::field("reason_short", "reason", "Write the reason, in 10 characters or more."))
}

pub async fn choose(
    State(app): State<App>,
    headers: HeaderMap,
    query: Asked,
    Json(body): Json<ChosenPeriods>,
) -> Answer<axum::Json<Keeping>> {
    let who = changing_as(&app, &headers, Role::Administrator).await?;
    let (team, chosen) = chosen(&app, query).await?;
    let choice = choice(&app, &chosen, team.as_deref(), &body)?;
    let reason = reason(body.reason)?;
    if choice.changed().is_empty() {
        return Err(Refusal::field("nothing_changed", "periods", "These are the periods of now."));
    }
    save(&app.records, team.as_deref(), &choice, &who, &reason).await?;
    Ok(axum::Json(shown(&app, team.as_deref()).await?))
}

/// Takes the last choice back, where nothing has been deleted by it.
pub async fn undo(State(app): State<App>, headers: HeaderMap, query: Asked) -> Answer<axum::Json<Keeping>> {
    let who = changing_as(&app, &headers, Role::Administrator).await?;
    let (team, chosen) = chosen(&app, query).await?;
    let now = now();
    let last = chosen.of(team.as_deref()).cloned().unwrap_or_default();
    if !can_be_undone(&app.records, &last, now).await? {
        return Err(TOO_LATE);
    }
    let back = chosen.undo(&app.keeping.installed, team.as_deref(), now).ok_or(TOO_LATE)?;
    save(&app.records, team.as_deref(), &back, &who, "Taken back").await?;
    Ok(axum::Json(shown(&app, team.as_deref()).await?))
}

/// The file, to be kept by whoever asks for it. It names nobody.
pub async fn receipt(State(app): State<App>, headers: HeaderMap, Path(number): Path<String>) -> Answer<impl IntoResponse> {
    entering(&app, &headers, Area::Receipts).await?;
    let number: u32 = number.parse().map_err(|_| NO_RECEIPT)?;
    let file = app.records.receipt_file(number).await?.ok_or(NO_RECEIPT)?;
    let named = format!("attachment; filename=\"deletion-receipt-{number}.txt\"");
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, named)], file))
}
