//! How much the service is used: counts of whole months, and of nobody.

use super::rights::entering;
use super::{Answer, App};
use crate::records::{Program, month_of};
use crate::time::now;
use axum::extract::{Extension, State};
use http::HeaderMap;
use sidelight_protocol::rights::{Usage, UsageMonth};
use sidelight_room::rights::Area;
use sidelight_room::usage;

/// Months that are told.
const TOLD: usize = 12;

/// For administrators, and for programs that were let in to just this.
pub async fn show(State(app): State<App>, program: Option<Extension<Program>>, headers: HeaderMap) -> Answer<axum::Json<Usage>> {
    if program.is_none() {
        entering(&app, &headers, Area::Administration).await?;
    }
    let this_month = month_of(now());
    let counted = app.records.usage().await?;
    let whole = counted.into_iter().rev().filter(|(month, _)| *month < this_month).take(TOLD);
    let months = whole.map(|(month, counts)| told(month, &usage::month(|what| counts.get(&what).copied().unwrap_or(0))));
    Ok(axum::Json(Usage { months: months.collect(), this_month }))
}

fn told(month: u32, counts: &usage::Month) -> UsageMonth {
    let usage::Month { contacts, went: [nobody_came, not_let_in, talked], ways: [video, voice, text], lines: [held, broke, lost] } =
        *counts;
    UsageMonth { month, contacts, nobody_came, not_let_in, talked, video, voice, text, held, broke, lost }
}
