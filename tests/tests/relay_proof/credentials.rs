//! What a credential must be to open the running relay, over each of its ways in. The rules themselves are tested where they
//! are made, in the crate `sidelight-relay`; here it is shown that the service keeps to them.

use crate::{Relay, SECRET, Transport};
use sidelight_e2e::talker::{Credential, Frame, Talker};
use sidelight_e2e::talks::Talk;
use std::time::Duration;

const SCOPES: [&str; 2] = ["own", "room"];

/// Long enough for whatever passes to arrive.
const A_WHILE: Duration = Duration::from_millis(300);

fn ways_in(relay: &Relay) -> [(Transport, std::net::SocketAddr); 3] {
    [(Transport::Udp, relay.udp), (Transport::Tcp, relay.tcp), (Transport::Tcp, relay.web())]
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_invented_and_wrong_credentials_of_each_scope_open_nothing() {
    let relay = Relay::start().await;
    for (transport, server) in ways_in(&relay) {
        for scope in SCOPES {
            let made = |seconds, name: &str| Credential::made(SECRET, seconds, &format!("{scope}:{name}"));
            let good = made(60, "room:peer");
            let with = |change: &dyn Fn(&mut Credential)| {
                let mut credential = good.clone();
                change(&mut credential);
                credential
            };
            let other = if scope == "own" { ":room:room:peer" } else { ":own:room:peer" };
            let wrong = [
                ("expired", made(-1, "room:peer")),
                ("expired long ago", Credential::made(SECRET, -1_000_000, &format!("{scope}:room:peer"))),
                ("of another secret", Credential::made("another secret of the same length", 60, &format!("{scope}:room:peer"))),
                ("without password", with(&|one| one.password.clear())),
                ("with an invented password", with(&|one| one.password = "aW52ZW50ZWQgYnkgc29tZWJvZHk=".into())),
                ("with the password of another peer", with(&|one| one.password = made(60, "room:another").password)),
                ("with the password of another room", with(&|one| one.password = made(60, "another:peer").password)),
                ("with its own password for the other scope", with(&|one| one.username = format!("{}{other}", &one.username[..10]))),
                ("with its own password for longer", with(&|one| one.username = one.username.replacen('1', "2", 1))),
                ("with no scope at all", Credential::made(SECRET, 60, "room:peer")),
                ("of an invented scope", Credential::made(SECRET, 60, "all:room:peer")),
                ("of nobody", Credential::made(SECRET, 60, &format!("{scope}:room:"))),
                ("invented", Credential { username: "admin".into(), password: "admin".into() }),
            ];
            for (what, credential) in wrong {
                let mut talker = Talker::new(server, transport, &credential).await;
                assert_eq!(talker.allocate().await, Err(401), "{what}, {scope}, {transport:?} at {server}");
                // Once more, now that the nonce is right beyond doubt.
                assert_eq!(talker.allocate().await, Err(401), "{what}, {scope}, {transport:?} at {server}");
            }
            let mut talker = Talker::new(server, transport, &good).await;
            assert!(talker.allocate().await.is_ok(), "the control: the right one opens it");
            assert_eq!(talker.refresh(0).await, Some(0));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_that_expires_opens_nothing_new_and_keeps_what_it_opened() {
    let relay = Relay::start().await;
    let mut kept = Vec::new();
    for (transport, server) in ways_in(&relay) {
        for scope in SCOPES {
            let credential = Credential::made(SECRET, 2, &format!("{scope}:room:{scope}{}{transport:?}", server.port()));
            let mut talker = Talker::new(server, transport, &credential).await;
            assert!(talker.allocate().await.is_ok(), "{scope}, {transport:?}");
            kept.push((talker, credential, server, transport));
        }
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    for (mut talker, credential, server, transport) in kept {
        assert_eq!(Talker::new(server, transport, &credential).await.allocate().await, Err(401));
        assert_eq!(talker.refresh(600).await, Some(0), "what runs goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_of_before_being_put_back_is_worth_nothing_from_then_on() {
    let relay = Relay::start().await;
    let mut talk = Talk::start(&relay.service).await;
    let mut guest = Talker::new(relay.udp, Transport::Udp, &talk.of_guest).await;
    let mut desk = Talker::new(relay.tcp, Transport::Tcp, &talk.of_desk).await;
    let (guest_at, desk_at) = (guest.allocate().await.expect("opens"), desk.allocate().await.expect("opens"));
    assert_eq!((guest.bind(0x4001, desk_at).await, desk.bind(0x4002, guest_at).await), (Some(0), Some(0)));
    guest.say(0x4001, b"before").await;
    desk.say(0x4002, b"before").await;
    assert_eq!(desk.next_within(A_WHILE).await, Some(Frame::Channel(0x4002, b"before".to_vec())));
    assert_eq!(guest.next_within(A_WHILE).await, Some(Frame::Channel(0x4001, b"before".to_vec())));

    talk.put_back().await;
    guest.say(0x4001, b"after").await;
    desk.say(0x4002, b"after").await;
    assert_eq!((desk.next_within(A_WHILE).await, guest.next_within(A_WHILE).await), (None, None), "not one packet more");
    assert_eq!(guest.refresh(600).await, Some(401), "what ran is over");
    assert_eq!(desk.refresh(600).await, None, "and a connection is closed");
    for credential in [&talk.of_guest, &talk.of_desk] {
        for (transport, server) in ways_in(&relay) {
            assert_eq!(Talker::new(server, transport, credential).await.allocate().await, Err(401));
        }
    }
    // The control: the secret is as good as before, for others.
    let other = Credential::made(SECRET, 60, "room:other:other");
    assert!(Talker::new(relay.udp, Transport::Udp, &other).await.allocate().await.is_ok());
}
