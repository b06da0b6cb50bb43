//! Looking at the ways for sound and picture, as a stranger.

use super::relay_rules::Probe;
use super::talker::{Answered, Talker};
use super::target::Place;
use super::web::{Trouble, Web, within};
use stun_types::attribute::XorMappedAddress;
use stun_types::message::{BINDING, Message};
use turn_types::attribute::RequestedTransport;
use turn_types::message::ALLOCATE;

/// "No password, no place."
const UNAUTHORIZED: u16 = 401;

/// UDP, as the Internet Protocol numbers it.
pub const UDP: u8 = 17;

pub async fn probe(place: &Place, web: &Web) -> Probe {
    match within(web.limit, asked(place, web)).await {
        Ok(probe) => probe,
        // Whoever hangs up on such a question, or answers in another language, is somebody else.
        Err(Trouble::Broken(_)) if connects(place, web).await => Probe::Other,
        Err(trouble) => Probe::Trouble(trouble),
    }
}

async fn asked(place: &Place, web: &Web) -> Result<Probe, Trouble> {
    let mut talker = Talker::to(place, web, None).await?;
    let Answered { code, bytes } = talker.ask(BINDING, |_| Vec::new()).await?;
    let mapped = Message::from_bytes(&bytes).is_ok_and(|answer| answer.attribute::<XorMappedAddress>().is_ok());
    if code != 0 || !mapped {
        return Ok(Probe::Other);
    }
    match talker.ask(ALLOCATE, |_| vec![Box::new(RequestedTransport::new(UDP))]).await?.code {
        UNAUTHORIZED => Ok(Probe::Answers),
        0 => Ok(Probe::Open),
        _ => Ok(Probe::Other),
    }
}

async fn connects(place: &Place, web: &Web) -> bool {
    within(web.limit, Talker::to(place, web, None)).await.is_ok()
}
