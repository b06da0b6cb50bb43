//! A proxy in front of the relay's UDP port, by which one phone's datagrams pass its [`Access`].

use super::access::{Access, Direction};
use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, UdpSocket as Socket};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

/// The headers of IP and UDP, which the wire carries with each datagram.
const HEADERS: u32 = 28;

/// Sockets of browsers that a proxy knows at once. Those of a call are a handful.
const SOCKETS: usize = 256;

/// No datagram of a call is longer; the rest would be cut off.
const LONGEST: usize = 2048;

/// The proxy, until it is dropped.
pub struct UdpProxy {
    address: SocketAddr,
    between: Arc<Between>,
}

struct Between {
    network: Access,
    /// Where browsers send, and are answered from.
    outside: Socket,
    relay: SocketAddr,
    /// By the address of a browser's socket: one socket towards the relay for each, as a router has it.
    inside: Mutex<HashMap<SocketAddr, Arc<Socket>>>,
    /// Is lost once.
    loses: Mutex<Option<fn(&[u8]) -> bool>>,
    picked: AtomicU32,
    tasks: Mutex<JoinSet<()>>,
}

impl UdpProxy {
    /// Listens on a free port of the relay's own address and passes on to it.
    pub async fn start(relay: SocketAddr, network: &Access) -> UdpProxy {
        let (outside, heard) = open(relay.ip());
        let address = outside.local_addr().expect("is bound");
        let between = Arc::new(Between {
            network: network.clone(),
            outside,
            relay,
            inside: Mutex::default(),
            loses: Mutex::default(),
            picked: AtomicU32::new(0),
            tasks: Mutex::default(),
        });
        between.tasks().spawn(up(heard, between.clone()));
        UdpProxy { address, between }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on it speaks to the relay from new ports, as for a phone whose address has changed. What comes to the old
    /// ones goes astray, and nobody is told: they stay open.
    pub fn rebind(&self) {
        self.between.inside().clear();
    }

    /// The first datagram from a browser of which this holds is lost, whatever the conditions.
    pub fn lose_the_first(&self, picked: fn(&[u8]) -> bool) {
        *self.between.loses.lock().expect("no holder panics") = Some(picked);
    }

    /// How many were lost by [`UdpProxy::lose_the_first`].
    pub fn picked(&self) -> u32 {
        self.between.picked.load(Ordering::SeqCst)
    }
}

impl Drop for UdpProxy {
    fn drop(&mut self) {
        self.between.tasks().abort_all();
    }
}

impl Between {
    fn inside(&self) -> MutexGuard<'_, HashMap<SocketAddr, Arc<Socket>>> {
        self.inside.lock().expect("no holder panics")
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().expect("no holder panics")
    }

    fn loses(&self, datagram: &[u8]) -> bool {
        let mut loses = self.loses.lock().expect("no holder panics");
        let lost = loses.is_some_and(|picked| picked(datagram));
        if lost {
            *loses = None;
            self.picked.fetch_add(1, Ordering::SeqCst);
        }
        lost
    }

    /// A browser's datagram has come through. The socket towards the relay is that of this moment, not of its sending.
    fn pass_on(self: &Arc<Between>, browser: SocketAddr, datagram: &[u8]) {
        let mut inside = self.inside();
        if inside.len() == SOCKETS && !inside.contains_key(&browser) {
            // As a router whose table is full and which begins anew.
            inside.clear();
        }
        let socket = inside.entry(browser).or_insert_with(|| {
            let (socket, heard) = open(self.relay.ip());
            socket.connect(self.relay).expect("the relay's address is right");
            let socket = Arc::new(socket);
            self.tasks().spawn(down(heard, socket.clone(), browser, self.clone()));
            socket
        });
        // A relay that isn't there, or a full buffer of this machine: nothing that a sender of datagrams is told.
        let _ = socket.send(datagram);
    }
}

/// A socket on a free port: one handle to send by without waiting, from wherever a packet arrives, and one to wait by.
fn open(address: IpAddr) -> (Socket, UdpSocket) {
    let socket = Socket::bind(SocketAddr::new(address, 0)).expect("a free port");
    socket.set_nonblocking(true).expect("any socket can");
    let heard = socket.try_clone().and_then(UdpSocket::from_std).expect("inside a runtime");
    (socket, heard)
}

fn wire(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX - HEADERS) + HEADERS
}

async fn up(heard: UdpSocket, between: Arc<Between>) {
    let mut buffer = [0; LONGEST];
    while let Ok((size, browser)) = heard.recv_from(&mut buffer).await {
        let datagram = &buffer[..size];
        if !between.loses(datagram) {
            let (datagram, onward) = (datagram.to_vec(), between.clone());
            between.network.send(Direction::Up, wire(size), Box::new(move || onward.pass_on(browser, &datagram)));
        }
    }
}

async fn down(heard: UdpSocket, socket: Arc<Socket>, browser: SocketAddr, between: Arc<Between>) {
    let mut buffer = [0; LONGEST];
    loop {
        let size = match heard.recv(&mut buffer).await {
            Ok(size) => size,
            // The relay is being started again.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => continue,
            Err(_) => return,
        };
        if !between.inside().get(&browser).is_some_and(|now| Arc::ptr_eq(now, &socket)) {
            between.network.went_astray(wire(size));
            continue;
        }
        let (datagram, onward) = (buffer[..size].to_vec(), between.clone());
        let arrival = move || {
            let _ = onward.outside.send_to(&datagram, browser);
        };
        between.network.send(Direction::Down, wire(size), Box::new(arrival));
    }
}

/// Whether a DTLS record with a ClientHello lies in a datagram to the relay, behind its ChannelData or Send header: the
/// first flight of DTLS is as easily lost as anything, and the call must still come up.
pub fn has_client_hello(datagram: &[u8]) -> bool {
    // Handshake record (22), DTLS 1.0 or 1.2 on the record layer, epoch 0; its first message is a ClientHello (1).
    datagram
        .windows(14)
        .any(|record| record[0] == 22 && record[1] == 0xfe && matches!(record[2], 0xff | 0xfd) && record[3..5] == [0, 0] && record[13] == 1)
}

#[cfg(test)]
mod tests {
    use super::super::conditions::{Chances, Conditions};
    use super::super::tcp::TcpProxy;
    use super::{Access, UdpProxy, has_client_hello};
    use std::net::SocketAddr;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream, UdpSocket};
    use tokio::time::{Instant, timeout};

    /// The test's patience, not what a line promised.
    const LONG: Duration = Duration::from_secs(10);

    struct Ends {
        network: Access,
        proxy: UdpProxy,
        phone: UdpSocket,
        relay: UdpSocket,
    }

    async fn ends(seed: u64) -> Ends {
        let relay = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
        let network = Access::new(seed);
        let proxy = UdpProxy::start(relay.local_addr().expect("is bound"), &network).await;
        let phone = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
        phone.connect(proxy.address()).await.expect("the proxy's address is right");
        Ends { network, proxy, phone, relay }
    }

    impl Ends {
        async fn says(&self, number: u32) {
            self.phone.send(&number.to_be_bytes()).await.expect("is sent");
        }

        /// The next number that the relay hears, and from where.
        async fn hears(&self) -> (u32, SocketAddr) {
            let mut number = [0; 4];
            let (_, from) = timeout(LONG, self.relay.recv_from(&mut number)).await.expect("comes").expect("is heard");
            (u32::from_be_bytes(number), from)
        }

        /// Waits until so many of the phone's datagrams have met their fate.
        async fn settled(&self, count: u64) {
            let start = Instant::now();
            loop {
                let up = self.network.carried().up;
                let settled = [up.datagrams, up.lost, up.overflowed, up.outage, up.blocked].iter().map(|one| one.packets).sum::<u64>();
                if settled == count {
                    return;
                }
                assert!(start.elapsed() < LONG, "{settled} of {count}: {up:?}");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }

    #[tokio::test]
    async fn without_conditions_everything_passes_both_ways() {
        let ends = ends(1).await;
        for number in 0..500 {
            ends.says(number).await;
            let (heard, phone) = ends.hears().await;
            assert_eq!(heard, number);
            ends.relay.send_to(&number.to_be_bytes(), phone).await.expect("is sent");
            let mut back = [0; 4];
            timeout(LONG, ends.phone.recv(&mut back)).await.expect("comes").expect("is heard");
            assert_eq!(u32::from_be_bytes(back), number);
        }
        let carried = ends.network.carried();
        assert_eq!(carried.up, carried.down);
        assert_eq!((carried.up.datagrams.packets, carried.up.datagrams.bytes), (500, 500 * 32));
        assert_eq!(carried.up.carried(), carried.up.datagrams);
        assert_eq!(carried.up.lost.packets + carried.up.overflowed.packets, 0);
    }

    #[tokio::test]
    async fn asked_for_10_percent_loss_it_loses_10_percent_and_those_that_the_seed_says() {
        const COUNT: u32 = 40_000;
        let asked = Conditions { loss: 0.1, ..Conditions::default() };
        let ends = ends(11).await;
        ends.network.set(asked);
        let mut fates = Chances::new(11);
        let mut heard = 0_u32;
        // In small lots, each heard before the next: so that this machine loses none by itself.
        for lot in 0..COUNT / 100 {
            let numbers = lot * 100..(lot + 1) * 100;
            for number in numbers.clone() {
                ends.says(number).await;
            }
            for number in numbers.filter(|_| !fates.draw(&asked).lost) {
                assert_eq!(ends.hears().await.0, number);
                heard += 1;
            }
            ends.settled(u64::from(lot + 1) * 100).await;
        }
        let lost = 1.0 - f64::from(heard) / f64::from(COUNT);
        assert!((lost / 0.1 - 1.0).abs() < 0.05, "{lost} in place of 0.1");
        assert_eq!(ends.network.carried().up.datagrams.packets, u64::from(heard));
    }

    #[tokio::test]
    async fn asked_for_100_kbits_and_10_percent_loss_it_sends_100_kbits_and_loses_what_the_seed_says() {
        // 125 bytes on the wire: 10 ms each.
        const COUNT: u32 = 150;
        let asked = Conditions { kbits: Some(100), loss: 0.1, queue: Duration::from_secs(10), ..Conditions::default() };
        let ends = ends(1).await;
        ends.network.set(asked);
        let mut fates = Chances::new(1);
        let come: Vec<u32> = (0..COUNT).filter(|_| !fates.draw(&asked).lost).collect();
        let mut best = 0.0_f64;
        let start = Instant::now();
        let datagram = |number: u32| [number.to_be_bytes().as_slice(), &[0; 93]].concat();
        for number in 0..COUNT {
            ends.phone.send(&datagram(number)).await.expect("is sent");
        }
        for number in come {
            assert_eq!(ends.hears().await.0, number);
            // Those that were lost took their time too.
            let rate = f64::from(number + 1) / start.elapsed().as_secs_f64();
            assert!(rate < 101.0, "packet {number} came too soon: {rate} in a second");
            // A machine with much to do delivers some late, but not all of the second half: the line goes on by its own time.
            if number >= COUNT / 2 {
                best = best.max(rate);
            }
        }
        assert!(best > 95.0, "{best} in place of 100 packets in a second");
        ends.settled(COUNT.into()).await;
        let up = ends.network.carried().up;
        assert!(up.lost.packets > 0);
        assert_eq!(up.datagrams.bytes + up.lost.bytes, u64::from(COUNT) * 125);
    }

    #[tokio::test]
    async fn after_a_rebind_the_relay_sees_another_address_and_the_old_one_is_lost() {
        let ends = ends(1).await;
        ends.says(1).await;
        let old = ends.hears().await.1;
        ends.says(2).await;
        assert_eq!(ends.hears().await, (2, old), "the control: without a rebind it is the same");
        ends.proxy.rebind();
        ends.relay.send_to(b"lost", old).await.expect("nobody says that it is");
        ends.says(3).await;
        let (number, new) = ends.hears().await;
        assert_eq!(number, 3);
        assert_ne!(old, new);
        ends.relay.send_to(b"lost", old).await.expect("nobody says that it is");
        ends.relay.send_to(b"comes", new).await.expect("is sent");
        let mut back = [0; 16];
        let size = timeout(LONG, ends.phone.recv(&mut back)).await.expect("comes").expect("is heard");
        assert_eq!(&back[..size], b"comes");
        let start = Instant::now();
        while ends.network.carried().down.astray.packets < 2 {
            assert!(start.elapsed() < LONG);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[tokio::test]
    async fn blocked_no_udp_passes_either_way_while_tcp_does() {
        let ends = ends(1).await;
        ends.says(1).await;
        let phone = ends.hears().await.1;
        let service = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let web = TcpProxy::start(service.local_addr().expect("is bound"), &ends.network).await;
        let mut page = TcpStream::connect(web.address()).await.expect("connects");
        ends.network.block();
        ends.says(2).await;
        ends.relay.send_to(b"lost", phone).await.expect("is sent");
        page.write_all(b"word").await.expect("takes it");
        let mut word = [0; 4];
        let (mut accepted, _) = timeout(LONG, service.accept()).await.expect("comes").expect("is taken");
        timeout(LONG, accepted.read_exact(&mut word)).await.expect("comes").expect("is read");
        assert_eq!(&word, b"word");
        ends.settled(2).await;
        ends.network.unblock();
        ends.says(3).await;
        assert_eq!(ends.hears().await.0, 3);
        ends.relay.send_to(b"comes", phone).await.expect("is sent");
        let mut back = [0; 16];
        let size = timeout(LONG, ends.phone.recv(&mut back)).await.expect("comes").expect("is heard");
        assert_eq!(&back[..size], b"comes");
        let carried = ends.network.carried();
        assert_eq!((carried.up.blocked.packets, carried.down.blocked.packets), (1, 1));
    }

    #[tokio::test]
    async fn two_browser_sockets_have_two_towards_the_relay_and_one_network() {
        let ends = ends(1).await;
        ends.says(1).await;
        let first = ends.hears().await.1;
        let other = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
        other.send_to(&[0; 4], ends.proxy.address()).await.expect("is sent");
        let second = ends.hears().await.1;
        assert_ne!(first, second);
        ends.network.set(Conditions::outage());
        ends.says(2).await;
        other.send_to(&[0; 4], ends.proxy.address()).await.expect("is sent");
        ends.settled(4).await;
        assert_eq!(ends.network.carried().up.outage.packets, 2);
    }

    #[tokio::test]
    async fn the_one_that_was_picked_is_lost_and_no_other() {
        let ends = ends(1).await;
        ends.proxy.lose_the_first(|datagram| datagram == [0, 0, 0, 7]);
        for number in [6, 7, 7, 8] {
            ends.says(number).await;
        }
        for number in [6, 7, 8] {
            assert_eq!(ends.hears().await.0, number);
        }
        assert_eq!(ends.proxy.picked(), 1);
    }

    #[test]
    fn a_client_hello_is_known_behind_a_channel_header() {
        let mut datagram = vec![0x40, 0x00, 0x00, 0x20, 22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 1, 0, 0];
        assert!(has_client_hello(&datagram));
        datagram[17] = 2;
        assert!(!has_client_hello(&datagram), "a ServerHello is another message");
    }
}
