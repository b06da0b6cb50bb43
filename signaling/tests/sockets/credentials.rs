//! What a granted access is worth on real sockets, of each scope: until it expires, and until it is taken away.

use std::net::Ipv4Addr;
use std::time::Duration;

use sidelight::relay::{self, RelayControl, Running, Scope, Settings};
use sidelight_relay::Limits;
use turn_types::attribute::RequestedTransport;
use turn_types::message::ALLOCATE;

use crate::talker::Talker;

/// Asks twice, since a stranger's first question is always answered with another; the second answer.
async fn allocates(talker: &mut Talker) -> u16 {
    talker.ask(ALLOCATE, &[&RequestedTransport::new(17)]).await;
    talker.ask(ALLOCATE, &[&RequestedTransport::new(17)]).await.0
}

async fn running_for_a_second() -> Running {
    let limits = Limits { room_grant: 1_000, own_grant: 1_000, ..Limits::default() };
    relay::start(Settings { addresses: vec![Ipv4Addr::LOCALHOST.into()], limits, ..Settings::default() }).await.unwrap()
}

#[tokio::test]
async fn an_access_of_each_scope_that_is_over_opens_nothing_and_keeps_what_it_opened() {
    let relay = running_for_a_second().await;
    assert_eq!(relay.lasts(), Duration::from_secs(1));
    for scope in [Scope::Own, Scope::Room] {
        // Expiries run to the second: one that was granted late in a second may be over at once.
        let mut talker = Talker::with(&relay, relay.grant("room", "a", scope)).await;
        while allocates(&mut talker).await != 0 {
            talker = Talker::with(&relay, relay.grant("room", "a", scope)).await;
        }
        let unused = relay.grant("room", "a", scope);
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        assert_eq!(allocates(&mut Talker::with(&relay, unused).await).await, 401, "{scope:?}");
        assert_eq!(talker.refresh().await, 0, "{scope:?}: what runs goes on");
    }
}

#[tokio::test]
async fn an_access_of_each_scope_that_was_taken_away_is_worth_nothing_used_or_not() {
    let relay = crate::talker::running().await;
    for scope in [Scope::Own, Scope::Room] {
        let (used, unused) = (relay.grant("room", "a", scope), relay.grant("room", "a", scope));
        let mut talker = Talker::with(&relay, used).await;
        assert_eq!(allocates(&mut talker).await, 0);
        relay.revoke("a");
        assert_eq!(talker.refresh().await, 401, "{scope:?}: what ran is over");
        assert_eq!(allocates(&mut talker).await, 401, "{scope:?}: and begins no more");
        assert_eq!(allocates(&mut Talker::with(&relay, unused).await).await, 401, "{scope:?}: nor with one that was never used");
        let granted_later = relay.grant("room", "a", scope);
        assert_eq!(allocates(&mut Talker::with(&relay, granted_later).await).await, 0, "{scope:?}: what is granted later works");
    }
    assert_eq!(relay.allocations(), 1, "the second time ended what was granted after the first");
}
