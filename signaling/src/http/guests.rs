//! The two requests of a service user's page; all else goes over its socket.

use super::body::{Beacon, Json};
use super::hours::now_of;
use super::{Answer, App};
use crate::browser_kind::browser_kind;
use crate::error::{LINK_FINISHED, PLACE_TAKEN, Refusal, TOO_MANY};
use crate::live::RedeemRefused;
use crate::records::RecordsError;
use crate::time::now;
use crate::tokens::Session;
use axum::extract::{ConnectInfo, State};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sidelight_protocol::http::{Leave, Redeem, Redeemed};
use sidelight_protocol::pages::OutsideNumber;
use sidelight_room::bounds;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// Dead links are answered at a multiple of this after they were asked for. Longer: people wait for longer to be told. Shorter:
/// a busy disk takes longer than that for some and not for others.
const DEAD_LINK: Duration = Duration::from_millis(60);

/// "Continue" was pressed. One answer for every dead link: unknown, revoked, left, ended; the same in words, status and time.
pub async fn redeem(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(body): Json<Redeem>,
) -> Answer<axum::Json<Redeemed>> {
    alike(DEAD_LINK, counted(&app, from.ip(), &headers, body)).await
}

/// Gives the answer of a dead link `beat` after the start, or a multiple of it, whatever way led there: else whoever tries links
/// sees by the time which of them once were somebody's. So is "too many", which a link is only told when it is dead. All other
/// answers are given at once.
async fn alike<T>(beat: Duration, answer: impl Future<Output = Answer<T>>) -> Answer<T> {
    let start = tokio::time::Instant::now();
    let answer = answer.await;
    if answer.as_ref().is_err_and(|refusal| *refusal == LINK_FINISHED || refusal.code == TOO_MANY) {
        let beats = start.elapsed().as_nanos().checked_div(beat.as_nanos()).and_then(|beats| u32::try_from(beats).ok());
        let wait = beats.map_or(Duration::ZERO, |beats| beat.saturating_mul(beats.saturating_add(1)));
        tokio::time::sleep_until(start + wait).await;
    }
    answer
}

/// A try at a link or a code counts only where it is wrong. A right link passes whatever others at the same address do; a right code
/// doesn't, being short enough to be guessed at.
async fn counted(app: &App, from: IpAddr, headers: &HeaderMap, body: Redeem) -> Answer<axum::Json<Redeemed>> {
    if !is_invitation(&body.invitation) {
        return Err(bad_invitation());
    }
    if !body.claim.as_deref().is_none_or(bounds::id) {
        return Err(Refusal::field("bad_claim", "claim", "A claim is 1 to 40 letters, digits, - and _."));
    }
    let (typed, now) = (body.typed, Instant::now());
    if typed {
        app.codes.guesses.take(from, now).await?;
    }
    let claimed = claim(app, headers, body).await;
    let wrong = claimed.as_ref().is_err_and(|refusal| *refusal == LINK_FINISHED);
    match (typed, wrong) {
        (true, false) => app.codes.guesses.give_back(from).await,
        (false, true) => app.dead_links.take(from, now).await?,
        (true, true) | (false, false) => {}
    }
    match claimed? {
        Some(redeemed) => Ok(redeemed),
        // As when what stands behind the web port is lost: until the page gives up, or the web port does, as with every request that
        // takes too long. It wasn't counted among the tries of who asks: too many would be answered.
        None => std::future::pending().await,
    }
}

/// None: it was ended quietly, and isn't to be answered.
async fn claim(app: &App, headers: &HeaderMap, body: Redeem) -> Answer<Option<axum::Json<Redeemed>>> {
    let id = app.codes.id_of(body.invitation, body.typed);
    let invitation = app.records.invitation(&id).await?.ok_or(LINK_FINISHED)?;
    if invitation.dead {
        let quiet = app.hub.is_quiet(&invitation.contact, &invitation.person).await;
        return if quiet { Ok(None) } else { Err(LINK_FINISHED) };
    }
    let session = app.tokens.new_session().map_err(|_| Refusal::not_kept())?;
    let browser = browser_kind(headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()));
    match app.hub.redeem(&invitation.contact, &invitation.person, &session, browser, body.claim).await {
        Ok(()) => {}
        Err(RedeemRefused::Unanswered) => return Ok(None),
        Err(RedeemRefused::TooEarly { .. }) if body.typed => return Err(LINK_FINISHED),
        Err(RedeemRefused::TooEarly { starts_at }) => {
            return Err(Refusal::too_early(starts_at, outside_hours(app, &invitation.contact).await));
        }
        Err(RedeemRefused::Finished) => return Err(LINK_FINISHED),
        Err(RedeemRefused::PlaceTaken) => return Err(PLACE_TAKEN),
        Err(RedeemRefused::NotKept) => return Err(Refusal::not_kept()),
    }
    let session = Session { contact: invitation.contact, person: invitation.person, session };
    let session = app.tokens.issue(&session, now()).map_err(|_| Refusal::not_kept())?;
    Ok(Some(axum::Json(Redeemed { session })))
}

/// What whoever pressed "Continue" on a living link before its time can ring, where that is outside of the practitioner's own hours.
/// Whether a desk is open doesn't count: before its time nobody gets through to it, and a page that was left open overnight would keep the
/// numbers from somebody frightened. Nor does it count that a plan keeps the time to itself: that is about the time, and the number of
/// every page stands there too. A day away is no hour of theirs, whatever is planned for it. Where the hours can't be read nothing is
/// said of them, since it may be wrong; the answer goes out all the same.
async fn outside_hours(app: &App, contact: &str) -> Option<Vec<OutsideNumber>> {
    let is_outside = async || match app.records.contact(contact).await? {
        Some(contact) => Ok(now_of(app, &contact.owner).await?.outside),
        None => Ok::<bool, RecordsError>(false),
    };
    let is_outside = is_outside().await.unwrap_or_else(|error| {
        tracing::error!(%error, "somebody's own hours can't be read");
        false
    });
    is_outside.then(|| app.pages.numbers_outside())
}

/// What a browser is told to throw away when its person leaves (W3C Clear Site Data): our scripts and styles, and pages that "Back" could
/// bring back. What the page itself has kept, it clears itself; the desk may share the browser.
const LEFT: (HeaderName, HeaderValue) = (HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));

/// Leaving where the socket is gone: by a request that outlives its page. The same answer whatever the session is worth, as long as it
/// was one of ours: any page may send this request, and none but the person's own may have anything thrown away.
pub async fn leave(State(app): State<App>, Beacon(body): Beacon<Leave>) -> (StatusCode, HeaderMap) {
    let Ok(Session { contact, person, session }) = app.tokens.read(&body.session, now()) else {
        return (StatusCode::NO_CONTENT, HeaderMap::new());
    };
    if app.hub.is_quiet(&contact, &person).await {
        return std::future::pending().await;
    }
    app.hub.leave(&contact, &person, &session, body.how).await;
    (StatusCode::NO_CONTENT, HeaderMap::from_iter([LEFT]))
}

/// 128 bits in lower-case hexadecimal digits.
pub fn is_invitation(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
}

pub fn bad_invitation() -> Refusal {
    Refusal::field("bad_invitation", "invitation", "An invitation is 32 lower-case hexadecimal digits.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Medians of how long dead links take whose ways lead through so much work, asked for in turns.
    async fn medians(beat: Duration, works: &[Duration]) -> Vec<Duration> {
        let mut took = vec![Vec::new(); works.len()];
        for _ in 0..15 {
            for (work, took) in works.iter().zip(&mut took) {
                let start = Instant::now();
                let dead = async {
                    tokio::time::sleep(*work).await;
                    Err::<(), _>(LINK_FINISHED)
                };
                assert!(alike(beat, dead).await == Err(LINK_FINISHED));
                took.push(start.elapsed());
            }
        }
        took.iter_mut().for_each(|took| took.sort());
        took.into_iter().map(|took| took[took.len() / 2]).collect()
    }

    fn apart(medians: &[Duration]) -> f64 {
        let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        most.as_secs_f64() / least.as_secs_f64() - 1.0
    }

    #[tokio::test]
    async fn every_dead_link_takes_the_same_time_whatever_way_led_there() {
        let works = [0, 3, 20].map(Duration::from_millis);
        let alike = medians(DEAD_LINK, &works).await;
        assert!(apart(&alike) < 0.05, "{alike:?}");
        let control = medians(Duration::ZERO, &works).await;
        assert!(apart(&control) > 0.5, "the control: without the wait they are told apart: {control:?}");
        // One that takes longer than a beat is answered at the next.
        let late = medians(DEAD_LINK, &[DEAD_LINK + Duration::from_millis(10), DEAD_LINK + Duration::from_millis(40)]).await;
        assert!(apart(&late) < 0.05 && late[0] >= DEAD_LINK * 2, "{late:?}");
    }

    #[tokio::test]
    async fn whoever_has_a_good_link_waits_for_nothing() {
        let start = Instant::now();
        assert!(alike(Duration::from_secs(60), async { Ok(()) }).await == Ok(()));
        assert!(alike(Duration::from_secs(60), async { Err::<(), _>(PLACE_TAKEN) }).await == Err(PLACE_TAKEN));
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
