//! coturn's own test client finds nothing lost in our relay.

use crate::{Relay, long};
use sidelight_e2e::coturn::{Exchange, Totals, Transport};

/// Bytes of a message: the smallest that the client can send, one that needs padding in a stream, voice, and pictures.
const PAYLOADS: [u32; 5] = [16, 17, 100, 1000, 1200];

/// Each payload over each transport, side by side; every client has a name of its own, since the relay allows each person as
/// much as a call needs and not more.
async fn nothing_is_lost(change: impl Fn(&mut Exchange)) -> Vec<Totals> {
    const NAMES: [&str; 10] = [
        "room:one:a",
        "room:two:b",
        "room:three:c",
        "room:four:d",
        "room:five:e",
        "room:six:f",
        "room:seven:g",
        "room:eight:h",
        "room:nine:i",
        "room:ten:j",
    ];
    let relay = Relay::start().await;
    let mut runs = Vec::new();
    for transport in [Transport::Udp, Transport::Tcp] {
        for payload in PAYLOADS {
            let mut exchange = Exchange { name: NAMES[runs.len()], ..Exchange::new(relay.at(transport), transport, payload) };
            exchange.messages = if long() { 3_000 } else { 150 };
            change(&mut exchange);
            runs.push(tokio::spawn(async move { (exchange.run().await, exchange) }));
        }
    }
    let mut all = Vec::new();
    for run in runs {
        let (totals, exchange) = run.await.expect("the client's account is read");
        // A client with a pair of ports sends as much on the second.
        let sent = u64::from(exchange.messages * exchange.clients * if exchange.port_pairs { 2 } else { 1 });
        assert_eq!((totals.sent, totals.received, totals.lost, totals.dropped), (sent, sent, 0, 0), "{exchange:?}");
        all.push(totals);
    }
    relay.has_not_broken();
    println!("{} messages sent, as many received", all.iter().map(|totals| totals.sent).sum::<u64>());
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn coturns_client_loses_nothing_on_channels_over_udp_and_tcp_whatever_the_size() {
    nothing_is_lost(|_| {}).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coturns_client_loses_nothing_in_indications() {
    nothing_is_lost(|exchange| exchange.indications = true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coturns_client_gets_the_even_ports_and_the_next_ones_that_it_asks_for() {
    let all = nothing_is_lost(|exchange| exchange.port_pairs = true).await;
    assert!(all.iter().all(|totals| totals.port_pairs >= 2), "the client asked for pairs, and got a token for each: {all:?}");
}

/// The control: the count of what is lost does count.
#[tokio::test(flavor = "multi_thread")]
async fn coturns_client_counts_what_is_lost_where_more_is_sent_than_anybody_may() {
    let relay = Relay::start().await;
    let exchange = Exchange { interval: 1, clients: 8, messages: 1_000, ..Exchange::new(relay.udp, Transport::Udp, 1000) };
    let totals = exchange.run().await;
    assert!(totals.lost > 0 && totals.received < totals.sent, "{totals:?}");
}
