//! Whether sound and picture would get through: two ends meet by the relay, as two browsers do, and send each other what a voice would
//! take. By an access that the service gives to programs with a token for it, and that reaches nothing but what was made with it.

use super::relay::UDP;
use super::relay_rules::Call;
use super::talker::{Frame, Talker};
use super::target::Place;
use super::web::{Trouble, Web, within};
use http::Method;
use sidelight_protocol::RelayAccess;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;
use stun_types::message::Message;
use tokio::time::{MissedTickBehavior, interval};
use turn_types::attribute::{ChannelNumber, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, REFRESH};

/// As a voice goes: a second of it, each way.
const PIECES: u16 = 50;
const APART: Duration = Duration::from_millis(20);
const LENGTH: usize = 160;

/// What comes later than this after the one before it is lost: nobody hears it any more.
const LATE: Duration = Duration::from_millis(500);

const CHANNEL: u16 = 0x4001;

/// Why the service gives no access.
pub enum NoAccess {
    Refused(u16),
    Trouble(Trouble),
}

pub async fn access(web: &Web, token: &str) -> Result<RelayAccess, NoAccess> {
    let bearer = format!("Bearer {token}");
    let reply = web.ask(Method::POST, "/api/programs/call", &[("authorization", &bearer)]).await.map_err(NoAccess::Trouble)?;
    if reply.status != 200 {
        return Err(NoAccess::Refused(reply.status));
    }
    serde_json::from_slice(&reply.body).map_err(|error| NoAccess::Trouble(Trouble::Broken(error.to_string())))
}

pub async fn call(place: &Place, web: &Web, access: &RelayAccess) -> Call {
    let meet = async {
        let (one, first) = allocated(place, web, access).await?;
        let (other, second) = allocated(place, web, access).await?;
        let ends = match (first, second) {
            (Ok(first), Ok(second)) => [(one, second), (other, first)],
            (Err(code), _) | (_, Err(code)) => return Ok(Err(code)),
        };
        let mut met = Vec::new();
        for (mut end, to) in ends {
            let bound = end.ask(CHANNEL_BIND, |id| vec![Box::new(ChannelNumber::new(CHANNEL)), Box::new(XorPeerAddress::new(to, id))]);
            match bound.await?.code {
                0 => met.push(end),
                code => return Ok(Err(code)),
            }
        }
        Ok(Ok(met))
    };
    match within(web.limit, meet).await {
        Ok(Ok(mut met)) => match met.as_mut_slice() {
            [one, other] => talk(one, other, web.limit).await,
            _ => Call::Trouble(Trouble::Broken("it needs two".into())),
        },
        Ok(Err(code)) => Call::Refused(code),
        Err(trouble) => Call::Trouble(trouble),
    }
}

/// An end, and where the other can reach it by the relay; or the relay's number for why there is none.
async fn allocated(place: &Place, web: &Web, access: &RelayAccess) -> Result<(Talker, Result<SocketAddr, u16>), Trouble> {
    let mut end = Talker::to(place, web, Some(access.clone())).await?;
    // A stranger's first question is always answered with another.
    let _asked = end.ask(ALLOCATE, |_| vec![Box::new(RequestedTransport::new(UDP))]).await?;
    let answer = end.ask(ALLOCATE, |_| vec![Box::new(RequestedTransport::new(UDP))]).await?;
    if answer.code != 0 {
        return Ok((end, Err(answer.code)));
    }
    let unread = |_| Trouble::Broken("its answer names no place".into());
    let message = Message::from_bytes(&answer.bytes).map_err(|_| Trouble::Broken("its answer isn't one".into()))?;
    let relayed = message.attribute::<XorRelayedAddress>().map_err(unread)?.addr(message.transaction_id());
    Ok((end, Ok(relayed)))
}

async fn talk(one: &mut Talker, other: &mut Talker, limit: Duration) -> Call {
    let sending = async {
        let mut ticks = interval(APART);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for number in 0..PIECES {
            ticks.tick().await;
            one.say(CHANNEL, &piece(number, 1)).await?;
            other.say(CHANNEL, &piece(number, 2)).await?;
        }
        Ok(())
    };
    if let Err(trouble) = within(limit + APART * u32::from(PIECES), sending).await {
        return Call::Trouble(trouble);
    }
    let (there, back) = (heard(other, 1).await, heard(one, 2).await);
    for end in [one, other] {
        // What isn't given back ends by itself within a minute.
        let _given_back = within(LATE, end.ask(REFRESH, |_| vec![Box::new(Lifetime::new(0))])).await;
    }
    Call::Carried { sent: usize::from(PIECES), there, back }
}

/// Numbered, by whom it is, and of bytes that something on the way would have to change to be noticed.
fn piece(number: u16, from: u8) -> Vec<u8> {
    let [high, low] = number.to_be_bytes();
    let mut piece = vec![from, high, low];
    piece.resize(LENGTH, low ^ from);
    piece
}

/// How many different pieces arrived as they were sent.
async fn heard(end: &mut Talker, from: u8) -> usize {
    let mut arrived = BTreeSet::new();
    // Bounded, whatever the other side sends.
    for _ in 0..PIECES * 4 {
        match within(LATE, end.next()).await {
            Ok(Frame::Channel(CHANNEL, data)) => {
                let number = (0..PIECES).find(|number| data == piece(*number, from));
                arrived.extend(number);
            }
            Ok(Frame::Channel(..) | Frame::Message(_)) => {}
            Err(_) => break,
        }
        if arrived.len() == usize::from(PIECES) {
            break;
        }
    }
    arrived.len()
}
