//! A network between browsers and the web port that a test can freeze, thaw and cut: pages, sockets and the relay over
//! TCP all go through it.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Bytes held for one direction of one connection. While frozen, the kernel's own buffers fill besides.
const HELD: usize = 16 * 1024;

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
        let (follow, all) = (state.subscribe(), carried.clone());
        let task = tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let one = Arc::new(Carried::default());
                all.lock().expect("no reader panics").push(one.clone());
                tokio::spawn(pass(browser, target, follow.clone(), one));
            }
        });
        TcpProxy { address, state, carried, task }
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

    /// Closes every connection there is; new ones pass.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.cut += 1);
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
async fn pass(browser: TcpStream, target: SocketAddr, mut state: watch::Receiver<State>, carried: Arc<Carried>) {
    let cut = state.borrow_and_update().cut;
    let mut watched = state.clone();
    let carry = async {
        let _open = until_thawed(&mut state).await;
        // Nobody listens: the browser is told as by a closed port, by the end of its connection.
        let Ok(service) = TcpStream::connect(target).await else { return };
        let _ = (browser.set_nodelay(true), service.set_nodelay(true));
        let ((from_browser, to_browser), (from_service, to_service)) = (browser.into_split(), service.into_split());
        let up = pump(from_browser, to_service, state.clone(), |bytes| {
            if carried.up.fetch_add(bytes.len() as u64, Ordering::SeqCst) == 0 {
                let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
                *carried.first_line.lock().expect("no reader panics") = String::from_utf8_lossy(line).into_owned();
            }
        });
        let down = pump(from_service, to_browser, state.clone(), |bytes| {
            carried.down.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        });
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

/// Whether the network passes things on again; false once the proxy is gone.
async fn until_thawed(state: &mut watch::Receiver<State>) -> bool {
    state.wait_for(|state| !state.frozen).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::TcpProxy;
    use std::time::Duration;
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
}
