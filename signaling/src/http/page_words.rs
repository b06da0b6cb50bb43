//! What pages say of names and numbers, for administrators.

use super::body::Json;
use super::contacts::{changing_as, signed_in_as};
use super::keeping::reason;
use super::{Answer, App, pages};
use crate::error::{BAD_QUERY, BROKEN, NOTHING_TO_UNDO, PAGES_PINNED};
use crate::page_words::{MOST, SETTING, Saved, checked};
use crate::records::{Change, Changed, RecordsError};
use crate::time::now;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use http::HeaderMap;
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::Role;
use sidelight_protocol::pages::{NewPageWords, PageWords, PagesChange, PagesNow};

/// Changes that the page lists.
const LISTED: usize = 10;

/// The reason of a change that was taken back.
const TAKEN_BACK: &str = "Taken back";

pub async fn show(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<PagesNow>> {
    signed_in_as(&app, &headers, Role::Administrator).await?;
    as_now(&app).await
}

async fn as_now(app: &App) -> Answer<axum::Json<PagesNow>> {
    let words = app.pages.words();
    let set_here = Saved::beside(app.pages.configured(), &words).set();
    let changes = listed(app, changes(app, LISTED + 1).await?).await?;
    Ok(axum::Json(PagesNow { words, set_here, pinned: app.pages.pinned(), most: MOST, changes }))
}

/// Damaged ones are as good as none: they mustn't keep anybody from setting what is right.
async fn changes(app: &App, most: usize) -> Answer<Vec<Changed<Saved>>> {
    match app.records.setting_changes(SETTING, u32::try_from(most).unwrap_or(u32::MAX)).await {
        Err(RecordsError::Damaged) => Ok(Vec::new()),
        changes => Ok(changes?),
    }
}

async fn listed(app: &App, changes: Vec<Changed<Saved>>) -> Answer<Vec<PagesChange>> {
    let members = app.records.members().await?;
    let first = Saved::default();
    let before = changes.iter().skip(1).map(|change| &change.value).chain([&first]);
    let told = changes.iter().zip(before).take(LISTED).map(|(change, before)| PagesChange {
        at: change.at,
        who: change.who.clone(),
        name: members.iter().find(|listed| listed.member.id == change.who).map(|listed| listed.member.name.clone()),
        reason: change.reason.clone().unwrap_or_default(),
        changed: change.value.differing(before),
    });
    Ok(told.collect())
}

pub async fn change(State(app): State<App>, headers: HeaderMap, Json(body): Json<NewPageWords>) -> Answer<axum::Json<PagesNow>> {
    let who = changing_as(&app, &headers, Role::Administrator).await?;
    if app.pages.pinned() {
        return Err(PAGES_PINNED);
    }
    let words = checked(body.words)?;
    say(&app, who, words, reason(body.reason)?).await
}

/// What was said before the last change, again. Twice: the change is there again.
pub async fn undo(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<PagesNow>> {
    let who = changing_as(&app, &headers, Role::Administrator).await?;
    if app.pages.pinned() {
        return Err(PAGES_PINNED);
    }
    let changes = changes(&app, 2).await?;
    if changes.is_empty() {
        return Err(NOTHING_TO_UNDO);
    }
    let before = changes.into_iter().nth(1).map(|change| change.value).unwrap_or_default();
    // What was allowed then may not be any more.
    let words = checked(before.over(app.pages.configured()))?;
    say(&app, who, words, TAKEN_BACK.into()).await
}

async fn say(app: &App, who: String, words: PageWords, reason: String) -> Answer<axum::Json<PagesNow>> {
    let saying = app.clone();
    // To its end, also when whoever asked has gone: what is kept and what is served must be the same.
    let said = tokio::spawn(async move {
        let change = Change { at: now(), who: &who, reason: Some(&reason), what: Audited::SettingChanged };
        saying.pages.say(words, async |saved| Ok(saying.records.set_setting(SETTING, saved, change).await?)).await
    });
    said.await.map_err(|_| BROKEN)??;
    as_now(app).await
}

/// What is to be seen of it.
#[derive(serde::Deserialize, schemars::JsonSchema)]
pub struct Seen {
    title: Option<String>,
    neutral_page: Option<String>,
    number: Option<String>,
}

/// The service user's page with what stands in the address; what can't be, or isn't there, is as it is now.
pub async fn preview(State(app): State<App>, headers: HeaderMap, query: Result<Query<Seen>, QueryRejection>) -> Answer<Response> {
    signed_in_as(&app, &headers, Role::Administrator).await?;
    let mut words = app.pages.words();
    let Seen { title, neutral_page, number } = query.map_err(|_| BAD_QUERY)?.0;
    let with = |one: fn(&mut PageWords) -> &mut String, value: Option<String>, words: PageWords| {
        let Some(value) = value else { return words };
        let mut changed = words.clone();
        *one(&mut changed) = value;
        checked(changed).unwrap_or(words)
    };
    words = with(|words| &mut words.title, title, words);
    words = with(|words| &mut words.neutral_page, neutral_page, words);
    words = with(|words| &mut words.number, number, words);
    Ok(pages::preview(&app, &headers, &words).await)
}
