//! One WebSocket, from the upgrade to the goodbye. Who is at the other end is settled here, once; what they may do is the
//! room's business.

mod line;
mod meter;
pub(crate) mod outbox;

use crate::{
    live::Hub,
    records::Ended,
    rights::Member,
    room_task::{Ask, Mailbox},
    time::now,
    tokens::Session,
};
use axum::{extract::ws::WebSocketUpgrade, response::Response};
use line::{End, Frame, Line};
use sidelight_protocol::{
    Bye, Code, MAX_FRAME, PROTOCOL,
    desk::{Act, FromDesk},
    guest::{FromGuest, ToGuest},
    http::Role,
};
use sidelight_room::{Conn, bounds, rights::Area};
use std::time::Duration;

/// Bytes read at a time. The library's 128 KiB would be held by each socket that waits in silence.
const READ_BUFFER: usize = 4 * 1024;

/// What may wait in the library while the other end doesn't read. Our own bound is the outbox; this holds one message.
const WRITE_BUFFER: usize = 1024 * 1024;

/// Frames above [`MAX_FRAME`] up to this are read, so that they can be refused in words; larger ones break the socket.
const MAX_READ: usize = 2 * MAX_FRAME;

/// How often a socket that stays open looks after its session token and its list of today's contacts.
const ROUND: Duration = Duration::from_secs(300);

/// Who signed in at the desk whose page opens a socket.
#[derive(Clone)]
pub struct SignedIn {
    pub staff: String,
    /// As other staff know them.
    pub name: String,
    /// They are true for as long as the sign-in is: changing them ends it.
    pub roles: Vec<Role>,
    /// Names the sign-in (never the cookie itself), so that signing out closes its sockets.
    pub sign_in: String,
}

impl SignedIn {
    /// May be on duty.
    pub fn supervises(&self) -> bool {
        Area::Team.opens(&self.roles)
    }

    pub fn member(&self) -> Member<'_> {
        Member { id: &self.staff, roles: &self.roles }
    }

    /// Whether this is among what has ended.
    pub fn is(&self, ended: &Ended) -> bool {
        match ended {
            Ended::SignIn(sign_in) => *sign_in == self.sign_in,
            Ended::Member(staff) => *staff == self.staff,
        }
    }
}

/// `GET /ws/guest`. The caller has checked the Origin.
pub fn guest(hub: Hub, upgrade: WebSocketUpgrade) -> Response {
    bounded(upgrade).on_upgrade(move |socket| async move {
        let mut line = Line::new(socket, End::Guest);
        let open = hub.opened(&line.outbox);
        if let Some(guest) = guest_hello(&hub, &mut line, open.conn()).await {
            guest_talk(&hub, &mut line, &guest, open.conn()).await;
            disconnect(&guest.room, open.conn()).await;
        }
        if line.is_silenced() {
            // Not among those that are waited for when the service stops: nobody has anything to say to it.
            drop(open);
            return line.swallow().await;
        }
        line.end().await;
    })
}

/// `GET /ws/desk`. The caller has checked the Origin; no or an old cookie is `None` and is told in band.
pub fn desk(hub: Hub, upgrade: WebSocketUpgrade, who: Option<SignedIn>) -> Response {
    bounded(upgrade).on_upgrade(move |socket| async move {
        let mut line = Line::new(socket, End::Desk);
        let open = hub.opened(&line.outbox);
        if desk_hello(&hub, &mut line, who, open.conn()).await {
            desk_talk(&hub, &mut line, open.conn()).await;
            hub.desk_gone(open.conn()).await;
        }
        line.end().await;
    })
}

fn bounded(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_message_size(MAX_READ)
        .max_frame_size(MAX_READ)
}

/// Who a service user's page turned out to be.
struct Guest {
    session: Session,
    room: Mailbox,
}

/// Tells the room that a page is gone, however busy it is: else the page would be taken for connected for ever.
pub(crate) async fn disconnect(room: &Mailbox, conn: Conn) {
    let mut ask = Ask::Disconnect { conn };
    while let Err(again) = room.tell(ask).await {
        if room.gone() {
            return;
        }
        ask = again;
    }
}

async fn guest_hello(hub: &Hub, line: &mut Line, conn: Conn) -> Option<Guest> {
    let Frame { text, .. } = line.hello().await?;
    let Some(FromGuest::Hello { protocol, session, tab }) = bounds::from_guest(&text) else {
        line.bad_message();
        return None;
    };
    if protocol != PROTOCOL {
        line.outbox.close(Bye::Reload);
        return None;
    }
    let Ok((session, renewed)) = hub.tokens().read_and_renew(&session, now()) else {
        line.outbox.close(Bye::NoSession);
        return None;
    };
    let ask =
        Ask::Guest { conn, person: session.person.clone(), session: session.session.clone(), tab, outbox: line.outbox.clone(), renewed };
    match hub.ask(&session.contact, ask).await {
        Some(room) => Some(Guest { session, room }),
        None => {
            line.outbox.close(Bye::BackInAMoment);
            None
        }
    }
}

async fn guest_talk(hub: &Hub, line: &mut Line, guest: &Guest, conn: Conn) {
    let mut round = tokio::time::interval(ROUND);
    round.reset();
    let mut renewed_at = now();
    loop {
        let frame = tokio::select! {
            frame = line.frame() => frame,
            _ = round.tick() => {
                if now() >= renewed_at.saturating_add(crate::tokens::RENEW)
                    && let Ok(session) = hub.tokens().issue(&guest.session, now())
                {
                    renewed_at = now();
                    line.outbox.send(&ToGuest::Session { session });
                }
                continue;
            }
        };
        let Some(Frame { text, too_fast }) = frame else { return };
        let Some(message) = bounds::from_guest(&text) else {
            return line.bad_message();
        };
        match message {
            FromGuest::Beat {} => {}
            // Who wants to leave is never too fast.
            FromGuest::Leave { .. } => pass_on(line, &guest.room, Ask::FromGuest { conn, message }).await,
            message if too_fast => line.refuse(Code::TooFast, None, message.text_id().map(str::to_owned)),
            message => pass_on(line, &guest.room, Ask::FromGuest { conn, message }).await,
        }
    }
}

/// Waits while the room is busy: a page that sends faster than its room works is slowed down and loses nothing.
async fn pass_on(line: &Line, room: &Mailbox, ask: Ask) {
    if room.tell(ask).await.is_err() {
        line.outbox.close(Bye::BackInAMoment);
    }
}

/// True: the page is at the desk, and [`Hub::desk_gone`] must follow.
async fn desk_hello(hub: &Hub, line: &mut Line, who: Option<SignedIn>, conn: Conn) -> bool {
    let Some(Frame { text, .. }) = line.hello().await else { return false };
    let Some(FromDesk::Hello { protocol, tab }) = bounds::from_desk(&text) else {
        line.bad_message();
        return false;
    };
    if protocol != PROTOCOL {
        line.outbox.close(Bye::Reload);
        return false;
    }
    let Some(who) = who else {
        line.outbox.close(Bye::NoSession);
        return false;
    };
    hub.desk_comes(conn, who, tab, &line.outbox).await;
    true
}

async fn desk_talk(hub: &Hub, line: &mut Line, conn: Conn) {
    let mut round = tokio::time::interval(ROUND);
    round.reset();
    loop {
        let frame = tokio::select! {
            frame = line.frame() => frame,
            _ = round.tick() => {
                hub.refresh_desk(conn).await;
                continue;
            }
        };
        let Some(Frame { text, too_fast }) = frame else { return };
        let Some(message) = bounds::from_desk(&text) else {
            return line.bad_message();
        };
        match message {
            FromDesk::Beat {} => {}
            FromDesk::Hello { .. } => line.refuse(Code::NotNow, None, None),
            FromDesk::Duty { on: _ } if too_fast => line.refuse(Code::TooFast, None, None),
            FromDesk::Duty { on } => {
                if let Err(code) = hub.switch_duty(conn, on).await {
                    line.refuse(code, None, None);
                }
            }
            FromDesk::Have { contact, person } => {
                if let Err(code) = hub.take_alarm(conn, &contact, &person).await {
                    line.refuse(code, Some(contact), None);
                }
            }
            // The agreed word is never too fast, nor is what is done about it.
            FromDesk::In { contact, act }
                if too_fast && !matches!(act, Act::Alarm { .. } | Act::HandOver { .. } | Act::EndQuietly { .. }) =>
            {
                line.refuse(Code::TooFast, Some(contact), act.text_id().map(str::to_owned));
            }
            FromDesk::In { contact, act } => match hub.desk_room(conn, &contact) {
                Some((room, staff)) => pass_on(line, &room, Ask::FromDesk { conn, staff, act }).await,
                // Another's contact is answered like one that doesn't exist.
                None => line.refuse(Code::Unknown, Some(contact), act.text_id().map(str::to_owned)),
            },
        }
    }
}

// `select!` in the two talks drops `line.frame()` half done when the round comes: that loses nothing, since every wait in it is
// on something that keeps what it has (a stream, a timer, a watch).
