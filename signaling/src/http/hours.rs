//! A practitioner's own working hours.

use super::body::Json;
use super::contacts::{changing_as, signed_in_as};
use super::{Answer, App};
use crate::error::Refusal;
use crate::planning::hours::{is_day, local};
use crate::planning::wall::zone;
use crate::records::RecordsError;
use crate::time::now;
use axum::extract::State;
use http::HeaderMap;
use sidelight_protocol::hours::{OwnHours, OwnHoursNow};
use sidelight_protocol::http::Role;
use sidelight_room::hours::{MOST_AWAY, Unfit, outside, unfit};

pub async fn show(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<OwnHoursNow>> {
    let who = signed_in_as(&app, &headers, Role::Practitioner).await?;
    Ok(axum::Json(now_of(&app, &who).await?))
}

/// What somebody's own hours are, and whether this moment is outside of them.
pub async fn now_of(app: &App, who: &str) -> Result<OwnHoursNow, RecordsError> {
    Ok(as_now(in_zone(app, app.records.own_hours(who).await?.unwrap_or_default())))
}

pub async fn change(State(app): State<App>, headers: HeaderMap, Json(body): Json<OwnHours>) -> Answer<axum::Json<OwnHoursNow>> {
    let who = changing_as(&app, &headers, Role::Practitioner).await?;
    let hours = checked(in_zone(&app, body))?;
    app.records.set_own_hours(&who, &hours).await?;
    Ok(axum::Json(as_now(hours)))
}

fn as_now(hours: OwnHours) -> OwnHoursNow {
    let outside = outside(&hours, local(&hours.zone, now()).as_ref());
    OwnHoursNow { hours, outside }
}

/// By the organisation's clocks, where it has any.
fn in_zone(app: &App, hours: OwnHours) -> OwnHours {
    match app.pages.time_zone() {
        Some(zone) => OwnHours { zone: zone.to_owned(), ..hours },
        None => hours,
    }
}

fn checked(mut hours: OwnHours) -> Answer<OwnHours> {
    let empty = hours.spans.is_empty() && hours.away.is_empty();
    if zone(&hours.zone).is_none() && !(empty && hours.zone.is_empty()) {
        return Err(Refusal::field("zone_unknown", "zone", "Nobody knows this time zone."));
    }
    if let Some(unfit) = unfit(&hours.spans) {
        return Err(unfit.into());
    }
    if hours.away.len() > MOST_AWAY {
        return Err(Refusal::field("away_many", "away", format!("At most {MOST_AWAY} times away.")));
    }
    if !hours.away.iter().all(|away| is_day(&away.from) && is_day(&away.to) && away.from <= away.to) {
        return Err(Refusal::field("away_days", "away", "A time away is from a day to the same or a later one."));
    }
    if let Some(today) = local(&hours.zone, now()) {
        hours.away.retain(|away| away.to >= today.date);
    }
    Ok(hours)
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Refusal {
        match unfit {
            Unfit::Day => Refusal::field("hours_day", "spans", "There are seven days, Monday being 0."),
            Unfit::Times => Refusal::field("hours_times", "spans", "Hours end after they begin, by midnight at the latest."),
            Unfit::Many => Refusal::field("hours_many", "spans", "At most three times on one day."),
            Unfit::Overlap => Refusal::field("hours_overlap", "spans", "Two times of one day run into each other."),
        }
    }
}
