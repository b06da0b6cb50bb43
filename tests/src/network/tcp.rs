//! A proxy in front of a TCP port, by which one phone's connections pass its [`Access`]: pages, sockets and the relay over
//! TCP. A test can freeze, thaw and cut it.

use super::access::{Access, Direction};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// The headers of IP and TCP, which the wire carries with each segment.
const HEADERS: u32 = 40;

/// A segment holds this much at most, so that connections share a line as packets do.
const SEGMENT: usize = 1400;

/// Segments under way at once in one direction of one connection, those included that the receiver doesn't take. A line of
/// 10 Mbit/s and 400 ms holds 357.
const UNDER_WAY: usize = 1024;

/// What the proxy does with everything, besides what its network does.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    /// Nothing passes, in either direction; nothing is closed either, and new connections are taken and held.
    frozen: bool,
    /// Rises when all connections are cut.
    cut: u64,
}

/// What went through one connection so far.
#[derive(Default)]
struct Carried {
    /// The first line of what the browser sent, if it was HTTP.
    first_line: Mutex<String>,
    up: AtomicU64,
    down: AtomicU64,
}

/// The proxy, until it is dropped.
pub struct TcpProxy {
    address: SocketAddr,
    network: Access,
    state: watch::Sender<State>,
    carried: Arc<Mutex<Vec<Arc<Carried>>>>,
    task: JoinHandle<()>,
}

impl TcpProxy {
    /// Listens on a free port of 127.0.0.1 and passes on to `target`, which need not listen yet.
    pub async fn start(target: SocketAddr, network: &Access) -> TcpProxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("is bound");
        let state = watch::channel(State { frozen: false, cut: 0 }).0;
        let carried: Arc<Mutex<Vec<Arc<Carried>>>> = Arc::default();
        let (follow, all, by) = (state.subscribe(), carried.clone(), network.clone());
        let task = tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let one = Arc::new(Carried::default());
                all.lock().expect("no reader panics").push(one.clone());
                tokio::spawn(pass(browser, target, follow.clone(), by.clone(), one));
            }
        });
        TcpProxy { address, network: network.clone(), state, carried, task }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The network that it is part of.
    pub fn network(&self) -> &Access {
        &self.network
    }

    /// From now on nothing passes and nothing closes: a phone in a tunnel.
    pub fn freeze(&self) {
        self.state.send_modify(|state| state.frozen = true);
    }

    /// Everything that was held goes on.
    pub fn thaw(&self) {
        self.state.send_modify(|state| state.frozen = false);
    }

    /// Closes every connection there is; new ones pass.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.cut += 1);
    }

    /// As [`TcpProxy::carried`], of all connections whatever they carry: TLS too, with its handshakes.
    pub fn carried_in_all(&self) -> (u64, u64) {
        self.carried("")
    }

    /// How many connections browsers have made.
    pub fn connections(&self) -> usize {
        self.carried.lock().expect("no reader panics").len()
    }

    /// Bytes from and to browsers in all connections that began by asking for this path: headers of HTTP and frames
    /// together, those of IP and TCP not.
    pub fn carried(&self, path: &str) -> (u64, u64) {
        let all = self.carried.lock().expect("no reader panics");
        let of_path = all.iter().filter(|one| one.first_line.lock().expect("no reader panics").contains(path));
        of_path.fold((0, 0), |(up, down), one| (up + one.up.load(Ordering::SeqCst), down + one.down.load(Ordering::SeqCst)))
    }
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        // The connections end with the state's sender.
        self.task.abort();
    }
}

/// Carries one connection until either side closes it or it is cut.
async fn pass(browser: TcpStream, target: SocketAddr, mut state: watch::Receiver<State>, network: Access, carried: Arc<Carried>) {
    let begun = Instant::now();
    let cut = state.borrow_and_update().cut;
    let mut watched = state.clone();
    let carry = async {
        network.until_open().await;
        let _open = until_thawed(&mut state).await;
        // The handshake was with this proxy and took no time: a browser's first bytes wait for the one that would have been.
        sleep_until(begun + network.round_trip()).await;
        // Nobody listens: the browser is told as by a closed port, by the end of its connection.
        let Ok(service) = TcpStream::connect(target).await else { return };
        let _ = (browser.set_nodelay(true), service.set_nodelay(true));
        let ((from_browser, to_browser), (from_service, to_service)) = (browser.into_split(), service.into_split());
        let count_up = |bytes: &[u8]| {
            if carried.up.fetch_add(bytes.len() as u64, Ordering::SeqCst) == 0 {
                let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
                *carried.first_line.lock().expect("no reader panics") = String::from_utf8_lossy(line).into_owned();
            }
        };
        let count_down = |bytes: &[u8]| {
            carried.down.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        };
        let up = pump(from_browser, to_service, state.clone(), &network, Direction::Up, count_up);
        let down = pump(from_service, to_browser, state.clone(), &network, Direction::Down, count_down);
        tokio::join!(up, down);
    };
    tokio::select! {
        () = carry => {}
        // Dropping both sockets closes them.
        _ = watched.wait_for(|state| state.cut != cut) => {}
    }
}

/// A segment that has come through; without bytes, the end. The permit makes room for another one.
type Come = (u64, Vec<u8>, OwnedSemaphorePermit);

/// Passes one direction on by its line, counting what has come through; ends with its connection.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
    network: &Access,
    direction: Direction,
    count: impl Fn(&[u8]),
) {
    let room = Arc::new(Semaphore::new(UNDER_WAY));
    // Bounded by the permits.
    let (into, mut out) = mpsc::unbounded_channel::<Come>();
    let enter = async move {
        let mut buffer = [0; SEGMENT];
        for number in 0.. {
            let Ok(permit) = room.clone().acquire_owned().await else { return };
            let size = from.read(&mut buffer).await.unwrap_or(0);
            let (bytes, into) = (buffer[..size].to_vec(), into.clone());
            let arrival = move || {
                let _ = into.send((number, bytes, permit));
            };
            network.send_segment(direction, size as u32 + HEADERS, Box::new(arrival)).await;
            if size == 0 {
                return;
            }
        }
    };
    let leave = async move {
        // One that was sent again comes after its followers, which wait for it here.
        let mut early = BTreeMap::new();
        let mut next = 0;
        while let Some((number, bytes, permit)) = out.recv().await {
            early.insert(number, (bytes, permit));
            while let Some((bytes, _permit)) = early.remove(&next) {
                next += 1;
                // Nor does an end pass a frozen network.
                if !until_thawed(&mut state).await {
                    return;
                }
                if bytes.is_empty() {
                    let _ = to.shutdown().await;
                    return;
                }
                if to.write_all(&bytes).await.is_err() {
                    return;
                }
                count(&bytes);
            }
        }
    };
    // Who no longer takes anything needn't be sent more; but what has entered still leaves.
    let entered = async {
        enter.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = entered => {}
        () = leave => {}
    }
}

/// Whether the network passes things on again; false once the proxy is gone.
async fn until_thawed(state: &mut watch::Receiver<State>) -> bool {
    state.wait_for(|state| !state.frozen).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::conditions::Conditions;
    use super::{Access, TcpProxy};
    use std::time::{Duration, Instant};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// A server that says everything back.
    async fn echo() -> TcpProxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("is bound");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        TcpProxy::start(address, &Access::new(1)).await
    }

    /// What comes next; nothing at the end.
    async fn said_back(stream: &mut TcpStream) -> String {
        let mut buffer = [0; 100];
        let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut buffer)).await.expect("comes in time");
        String::from_utf8_lossy(&buffer[..read.unwrap_or(0)]).into_owned()
    }

    async fn is_silent(stream: &mut TcpStream) -> bool {
        tokio::time::timeout(Duration::from_millis(300), stream.peek(&mut [0])).await.is_err()
    }

    #[tokio::test]
    async fn frozen_holds_everything_and_closes_nothing() {
        let proxy = echo().await;
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        stream.write_all(b"GET /one HTTP/1.1\r\n").await.expect("takes it");
        assert_eq!(said_back(&mut stream).await, "GET /one HTTP/1.1\r\n");
        assert_eq!(proxy.carried("/one"), (19, 19));
        proxy.freeze();
        stream.write_all(b"held").await.expect("takes it");
        let mut new = TcpStream::connect(proxy.address()).await.expect("is taken");
        new.write_all(b"new").await.expect("takes it");
        assert!(is_silent(&mut stream).await);
        assert!(is_silent(&mut new).await);
        assert_eq!(proxy.carried("/one"), (19, 19));
        proxy.thaw();
        assert_eq!(said_back(&mut stream).await, "held");
        assert_eq!(said_back(&mut new).await, "new");
    }

    #[tokio::test]
    async fn a_cut_closes_what_is_open_and_takes_what_is_new() {
        let proxy = echo().await;
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        stream.write_all(b"one").await.expect("takes it");
        assert_eq!(said_back(&mut stream).await, "one");
        proxy.cut();
        assert_eq!(said_back(&mut stream).await, "", "closed");
        let mut new = TcpStream::connect(proxy.address()).await.expect("connects");
        new.write_all(b"two").await.expect("takes it");
        assert_eq!(said_back(&mut new).await, "two");
    }

    /// Never faster than promised by more than a timer's grain; how much slower is this machine's affair, within reason.
    fn about(took: Duration, expected: Duration) {
        let (took, expected) = (took.as_secs_f64(), expected.as_secs_f64());
        assert!(took > expected * 0.97 && took < expected * 2.0, "{took:.3} s in place of {expected:.3} s");
    }

    const ROUND_TRIP: Duration = Duration::from_millis(400);

    fn slow() -> Conditions {
        Conditions { kbits: Some(400), delay: ROUND_TRIP / 2, ..Conditions::default() }
    }

    #[tokio::test]
    async fn a_slow_line_takes_its_round_trips_and_one_more_for_a_new_connection() {
        let proxy = echo().await;
        proxy.network().set(slow());
        let begun = Instant::now();
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        let mut byte = [0];
        for round_trips in [2, 3] {
            stream.write_all(b"x").await.expect("takes it");
            stream.read_exact(&mut byte).await.expect("comes back");
            about(begun.elapsed(), ROUND_TRIP * round_trips);
        }
    }

    #[tokio::test]
    async fn a_slow_line_is_shared_by_all_its_connections() {
        let proxy = echo().await;
        proxy.network().set(slow());
        let begun = Instant::now();
        let each = async || {
            let stream = TcpStream::connect(proxy.address()).await.expect("connects");
            let (mut from, mut to) = stream.into_split();
            let write = async {
                to.write_all(&[7; 30_000]).await.expect("takes it");
            };
            let read = async {
                let mut all = vec![0; 30_000];
                from.read_exact(&mut all).await.expect("comes back");
                assert!(all.iter().all(|byte| *byte == 7));
            };
            tokio::join!(write, read);
        };
        tokio::join!(each(), each());
        // 60,000 bytes in 44 segments: 61,760 on the wire, at 50 in a millisecond. The way back carries them while they come.
        about(begun.elapsed(), ROUND_TRIP * 2 + Duration::from_millis(1235));
    }

    #[tokio::test]
    async fn the_end_of_a_connection_comes_after_all_that_was_said() {
        let proxy = echo().await;
        proxy.network().set(slow());
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        stream.write_all(b"last words").await.expect("takes it");
        stream.shutdown().await.expect("ends");
        let mut all = String::new();
        stream.read_to_string(&mut all).await.expect("ends");
        assert_eq!(all, "last words");
    }

    #[tokio::test]
    async fn an_outage_holds_everything_and_closes_nothing() {
        let proxy = echo().await;
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        stream.write_all(b"one").await.expect("takes it");
        assert_eq!(said_back(&mut stream).await, "one");
        proxy.network().set(Conditions::outage());
        stream.write_all(b"held").await.expect("takes it");
        let mut new = TcpStream::connect(proxy.address()).await.expect("is taken");
        new.write_all(b"new").await.expect("takes it");
        assert!(is_silent(&mut stream).await);
        assert!(is_silent(&mut new).await);
        proxy.network().set(Conditions::default());
        assert_eq!(said_back(&mut stream).await, "held");
        assert_eq!(said_back(&mut new).await, "new");
    }

    #[tokio::test]
    async fn what_is_lost_comes_late_and_everything_in_its_order() {
        let proxy = echo().await;
        proxy.network().set(Conditions { loss: 0.1, ..Conditions::default() });
        let said: Vec<u8> = (0..200_000_u32).map(|number| (number / 7 % 251) as u8).collect();
        let (mut from, mut to) = TcpStream::connect(proxy.address()).await.expect("connects").into_split();
        let write = async {
            to.write_all(&said).await.expect("takes it");
        };
        let mut all = vec![0; said.len()];
        let (_, read) = tokio::join!(write, from.read_exact(&mut all));
        read.expect("comes back");
        assert!(all == said, "the same bytes in the same order");
        let carried = proxy.network().carried();
        assert!(carried.up.lost.packets > 3 && carried.down.lost.packets > 3, "{carried:?}");
        // Each byte, and the headers of at least as many segments as that takes.
        assert!(carried.up.segments.bytes >= 200_000 + 143 * 40, "{carried:?}");
    }
}
