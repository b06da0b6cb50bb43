//! A network between browsers and the web port that a test can freeze, thaw, cut and make slow: pages, sockets and the
//! relay over TCP all go through it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// Bytes held for one direction of one connection. While frozen, the kernel's own buffers fill besides.
const HELD: usize = 16 * 1024;

/// A slow line carries this much at a time, so that connections share it as packets do.
const PACKET: usize = 1400;
/// Packets under way at once in one direction of one connection. A line of 400 kbit/s and 400 ms holds 15.
const UNDER_WAY: usize = 1024;

/// How slow a line is: the same both ways, shared by all connections.
///
/// What the bytes are wrapped in (addresses, acknowledgements: about 3%) isn't counted, as in browsers' own throttling; nor
/// does a connection begin slowly. A service that keeps its first response under 14 KB wouldn't notice.
#[derive(Clone, Copy, Debug)]
pub struct Slowness {
    /// Bytes in a second, in each direction.
    pub rate: f64,
    /// There and back.
    pub round_trip: Duration,
}

/// The two directions of a slow line.
struct Line {
    slowness: Slowness,
    up: Mutex<Instant>,
    down: Mutex<Instant>,
}

impl Line {
    fn new(slowness: Slowness) -> Line {
        Line { slowness, up: Mutex::new(Instant::now()), down: Mutex::new(Instant::now()) }
    }

    /// Waits until so many bytes have left by this direction; when they arrive at its end.
    async fn send(&self, free: &Mutex<Instant>, bytes: usize) -> Instant {
        let left = {
            let mut free = free.lock().expect("no holder panics");
            *free = (*free).max(Instant::now()) + Duration::from_secs_f64(bytes as f64 / self.slowness.rate);
            *free
        };
        sleep_until(left).await;
        left + self.slowness.round_trip / 2
    }
}

/// What the network does with everything.
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
    state: watch::Sender<State>,
    line: Arc<Mutex<Option<Arc<Line>>>>,
    carried: Arc<Mutex<Vec<Arc<Carried>>>>,
    task: JoinHandle<()>,
}

impl TcpProxy {
    /// Listens on a free port of 127.0.0.1 and passes on to `target`, which need not listen yet.
    pub async fn start(target: SocketAddr) -> TcpProxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("is bound");
        let state = watch::channel(State { frozen: false, cut: 0 }).0;
        let carried: Arc<Mutex<Vec<Arc<Carried>>>> = Arc::default();
        let line: Arc<Mutex<Option<Arc<Line>>>> = Arc::default();
        let (follow, all, slow) = (state.subscribe(), carried.clone(), line.clone());
        let task = tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let one = Arc::new(Carried::default());
                all.lock().expect("no reader panics").push(one.clone());
                let line = slow.lock().expect("no holder panics").clone();
                tokio::spawn(pass(browser, target, follow.clone(), line, one));
            }
        });
        TcpProxy { address, state, line, carried, task }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on nothing passes and nothing closes: a phone in a tunnel.
    pub fn freeze(&self) {
        self.state.send_modify(|state| state.frozen = true);
    }

    /// Everything that was held goes on.
    pub fn thaw(&self) {
        self.state.send_modify(|state| state.frozen = false);
    }

    /// New connections share a slow line from now on; those there are stay as they are.
    pub fn slow_down(&self, slowness: Slowness) {
        *self.line.lock().expect("no holder panics") = Some(Arc::new(Line::new(slowness)));
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

    /// Bytes from and to browsers in all connections that began by asking for this path: headers and frames together.
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
async fn pass(browser: TcpStream, target: SocketAddr, mut state: watch::Receiver<State>, line: Option<Arc<Line>>, carried: Arc<Carried>) {
    let begun = Instant::now();
    let cut = state.borrow_and_update().cut;
    let mut watched = state.clone();
    let carry = async {
        let _open = until_thawed(&mut state).await;
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
        let Some(line) = &line else {
            let up = pump(from_browser, to_service, state.clone(), count_up);
            let down = pump(from_service, to_browser, state.clone(), count_down);
            tokio::join!(up, down);
            return;
        };
        // The handshake was with this proxy and took no time: a browser's first bytes wait for the one that would have been.
        sleep_until(begun + line.slowness.round_trip).await;
        let up = pump_slowly(from_browser, to_service, state.clone(), line, &line.up, count_up);
        let down = pump_slowly(from_service, to_browser, state.clone(), line, &line.down, count_down);
        tokio::join!(up, down);
    };
    tokio::select! {
        () = carry => {}
        // Dropping both sockets closes them.
        _ = watched.wait_for(|state| state.cut != cut) => {}
    }
}

/// Passes one direction on, counting what has gone through; ends with its connection.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut state: watch::Receiver<State>, count: impl Fn(&[u8])) {
    let mut buffer = [0; HELD];
    while let Ok(size @ 1..) = from.read(&mut buffer).await {
        if !until_thawed(&mut state).await || to.write_all(&buffer[..size]).await.is_err() {
            return;
        }
        count(&buffer[..size]);
    }
    // Nor does an end pass a frozen network.
    if until_thawed(&mut state).await {
        let _ = to.shutdown().await;
    }
}

/// As [`pump`], by a slow line: what was read arrives when the line has carried it.
async fn pump_slowly(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
    line: &Line,
    free: &Mutex<Instant>,
    count: impl Fn(&[u8]),
) {
    let (into, mut out) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
    let enter = async move {
        let mut buffer = [0; PACKET];
        while let Ok(size @ 1..) = from.read(&mut buffer).await {
            let arrives = line.send(free, size).await;
            if into.send((arrives, buffer[..size].to_vec())).await.is_err() {
                return;
            }
        }
        // An end takes its time too.
        let _ = into.send((line.send(free, 0).await, Vec::new())).await;
    };
    let leave = async move {
        while let Some((arrives, bytes)) = out.recv().await {
            sleep_until(arrives).await;
            if !until_thawed(&mut state).await {
                return;
            }
            if bytes.is_empty() {
                let _ = to.shutdown().await;
            } else if to.write_all(&bytes).await.is_err() {
                return;
            }
            count(&bytes);
        }
    };
    tokio::join!(enter, leave);
}

/// Whether the network passes things on again; false once the proxy is gone.
async fn until_thawed(state: &mut watch::Receiver<State>) -> bool {
    state.wait_for(|state| !state.frozen).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::{Slowness, TcpProxy};
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
        TcpProxy::start(address).await
    }

    async fn said_back(stream: &mut TcpStream) -> Option<String> {
        let mut buffer = [0; 100];
        let read = tokio::time::timeout(Duration::from_millis(300), stream.read(&mut buffer)).await.ok()?;
        Some(String::from_utf8_lossy(&buffer[..read.unwrap_or(0)]).into_owned())
    }

    #[tokio::test]
    async fn frozen_holds_everything_and_closes_nothing() {
        let proxy = echo().await;
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        stream.write_all(b"GET /one HTTP/1.1\r\n").await.expect("takes it");
        assert_eq!(said_back(&mut stream).await.as_deref(), Some("GET /one HTTP/1.1\r\n"));
        assert_eq!(proxy.carried("/one"), (19, 19));
        proxy.freeze();
        stream.write_all(b"held").await.expect("takes it");
        let mut new = TcpStream::connect(proxy.address()).await.expect("is taken");
        new.write_all(b"new").await.expect("takes it");
        assert_eq!(said_back(&mut stream).await, None);
        assert_eq!(said_back(&mut new).await, None);
        assert_eq!(proxy.carried("/one"), (19, 19));
        proxy.thaw();
        assert_eq!(said_back(&mut stream).await.as_deref(), Some("held"));
        assert_eq!(said_back(&mut new).await.as_deref(), Some("new"));
    }

    #[tokio::test]
    async fn a_cut_closes_what_is_open_and_takes_what_is_new() {
        let proxy = echo().await;
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        stream.write_all(b"one").await.expect("takes it");
        assert_eq!(said_back(&mut stream).await.as_deref(), Some("one"));
        proxy.cut();
        assert_eq!(said_back(&mut stream).await.as_deref(), Some(""), "closed");
        let mut new = TcpStream::connect(proxy.address()).await.expect("connects");
        new.write_all(b"two").await.expect("takes it");
        assert_eq!(said_back(&mut new).await.as_deref(), Some("two"));
    }

    /// Within a tenth, and never faster than promised by more than a timer's grain.
    fn about(took: Duration, expected: Duration) {
        let (took, expected) = (took.as_secs_f64(), expected.as_secs_f64());
        assert!(took > expected * 0.97 && took < expected * 1.1, "{took:.3} s in place of {expected:.3} s");
    }

    const SLOW: Slowness = Slowness { rate: 50_000.0, round_trip: Duration::from_millis(400) };

    #[tokio::test]
    async fn a_slow_line_takes_its_round_trips_and_one_more_for_a_new_connection() {
        let proxy = echo().await;
        proxy.slow_down(SLOW);
        let begun = Instant::now();
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        let mut byte = [0];
        for round_trips in [2, 3] {
            stream.write_all(b"x").await.expect("takes it");
            stream.read_exact(&mut byte).await.expect("comes back");
            about(begun.elapsed(), SLOW.round_trip * round_trips);
        }
    }

    #[tokio::test]
    async fn a_slow_line_is_shared_by_all_its_connections() {
        let proxy = echo().await;
        proxy.slow_down(SLOW);
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
        // 60,000 bytes in a second and a fifth; the way back carries them while they come.
        about(begun.elapsed(), SLOW.round_trip * 2 + Duration::from_millis(1200));
    }

    #[tokio::test]
    async fn the_end_of_a_connection_comes_after_all_that_was_said() {
        let proxy = echo().await;
        proxy.slow_down(SLOW);
        let mut stream = TcpStream::connect(proxy.address()).await.expect("connects");
        stream.write_all(b"last words").await.expect("takes it");
        stream.shutdown().await.expect("ends");
        let mut all = String::new();
        stream.read_to_string(&mut all).await.expect("ends");
        assert_eq!(all, "last words");
    }
}
