//! Passing packets on: the path of nearly all traffic.

use stun_types::attribute::AttributeType;
use stun_types::message::Message;
use stun_types::prelude::{Attribute, AttributeStaticType};
use turn_types::attribute::{Data, DontFragment, XorPeerAddress};

use crate::addresses::Relayed;
use crate::answer::data_indication;
use crate::{Client, Outgoing, Relay, Scope, Time};

/// Where a packet goes and how it is wrapped there.
struct Delivery {
    to: Client,
    /// None: the other side bound no channel to the sender (yet); a Data indication reaches it all the same. Dropping it
    /// instead would lose the first packet of a DTLS handshake, which then waits a second.
    channel: Option<u16>,
    from: Relayed,
}

impl Relay {
    pub(crate) fn channel_data<'a>(
        &mut self,
        now: Time,
        client: Client,
        frame: &'a mut [u8],
        scratch: &'a mut Vec<u8>,
    ) -> Option<Outgoing<'a>> {
        let &[n0, n1, l0, l1, ..] = &*frame else { return None };
        // A datagram may be padded or not (RFC 8656 section 12.5): what follows the data is no part of it.
        let frame = frame.get_mut(..4 + usize::from(u16::from_be_bytes([l0, l1])))?;
        let from = *self.clients.get(&client)?;
        let to = self.allocations.get(from)?.channel(now, u16::from_be_bytes([n0, n1]))?;
        let delivery = self.deliver(now, from, to, frame.len() - 4)?;
        match delivery.channel {
            Some(number) => {
                frame[..2].copy_from_slice(&number.to_be_bytes());
                Some(Outgoing { to: delivery.to, bytes: frame })
            }
            None => {
                self.indicate(scratch, delivery.from, &frame[4..])?;
                Some(Outgoing { to: delivery.to, bytes: scratch })
            }
        }
    }

    pub(crate) fn send_indication(&mut self, now: Time, client: Client, message: &Message<'_>, scratch: &mut Vec<u8>) -> Option<Client> {
        const KNOWN: [AttributeType; 3] = [XorPeerAddress::TYPE, Data::TYPE, DontFragment::TYPE];
        if message.iter_attributes().any(|(_, a)| a.get_type().comprehension_required() && !KNOWN.contains(&a.get_type())) {
            return None;
        }
        let from = *self.clients.get(&client)?;
        let to = message.attribute::<XorPeerAddress>().ok()?.addr(message.transaction_id());
        let data = message.attribute::<Data<'_>>().ok()?;
        let to = self.addresses.ours(to)?;
        let delivery = self.deliver(now, from, to, data.data().len())?;
        match delivery.channel {
            Some(number) => {
                scratch.clear();
                scratch.extend_from_slice(&number.to_be_bytes());
                scratch.extend_from_slice(&u16::try_from(data.data().len()).ok()?.to_be_bytes());
                scratch.extend_from_slice(data.data());
            }
            None => self.indicate(scratch, delivery.from, data.data())?,
        }
        Some(delivery.to)
    }

    fn indicate(&mut self, scratch: &mut Vec<u8>, from: Relayed, data: &[u8]) -> Option<()> {
        self.transaction = self.transaction.wrapping_add(1);
        data_indication(scratch, self.transaction, from.address(), data)
    }

    /// Decides whether a packet may pass, and counts it. Both sides must be alive, permit each other and be within each
    /// other's reach; whatever is missing, the packet disappears without a word, as it would on a network.
    fn deliver(&mut self, now: Time, from: u32, to: Relayed, bytes: usize) -> Option<Delivery> {
        let sender = self.allocations.get_mut(from)?;
        if !sender.is_alive(now) || !sender.permits(now, to.host) {
            return None;
        }
        sender.heard = now;
        let sender = self.allocations.get(from)?;
        let receiver = self.allocations.get(self.addresses.holder(to)?)?;
        if !receiver.is_alive(now) || !receiver.permits(now, sender.relayed.host) || !sender.may_reach(receiver) {
            return None;
        }
        let peer = self.peers.get_mut(sender.peer)?;
        if !peer.may_send(now, bytes) || sender.scope == Scope::Own && !peer.may_try(sender.credential, bytes) {
            return None;
        }
        peer.sent += bytes as u64;
        self.peers.get_mut(receiver.peer)?.received += bytes as u64;
        self.passed.packets += 1;
        self.passed.bytes += bytes as u64;
        Some(Delivery { to: receiver.client, channel: receiver.channel_to(now, sender.relayed), from: sender.relayed })
    }
}
