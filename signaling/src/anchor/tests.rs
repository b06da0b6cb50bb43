use super::*;
use crate::records::{Whole, verify_audit};
use rustls::pki_types::PrivateKeyDer;
use sidelight_protocol::audit::Audited;
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let folder = std::env::temp_dir().join(format!("sidelight-anchor-{}", crate::random::id().unwrap()));
        std::fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    async fn records(&self) -> Records {
        Records::open(&self.0.join("data")).await.unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// A sender that looks all the time, and what is known of it.
fn start(records: &Records, place: Place) -> (JoinHandle<()>, Sent) {
    let (sent, seen) = watch::channel(AuditAnchor { entry: None, at: None, failing: false });
    let sender = Sender { records: records.clone(), place, sent, look: Duration::from_millis(5) };
    (tokio::spawn(sender.run()), Sent(Some(seen)))
}

async fn known(sent: &Sent, what: impl Fn(&AuditAnchor) -> bool) {
    let mut seen = sent.0.clone().unwrap();
    timeout(Duration::from_secs(10), seen.wait_for(what)).await.unwrap().unwrap();
}

async fn audit(records: &Records) {
    records.audit(1, "kim", Audited::DutyOn).await.unwrap();
}

fn file(path: &Path) -> Place {
    Place::File(path.to_owned(), Arc::new(Semaphore::new(1)))
}

#[tokio::test]
async fn each_new_head_is_a_line_in_the_file_and_the_audit_agrees_with_all_of_them() {
    let folder = Folder::new();
    let records = folder.records().await;
    let path = folder.0.join("anchor");
    let (task, sent) = start(&records, file(&path));
    for number in 0..=3 {
        known(&sent, |sent| sent.entry == Some(number)).await;
        audit(&records).await;
    }
    known(&sent, |sent| sent.entry == Some(4)).await;
    task.abort();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 5, "one for each, and no other");
    let data = folder.0.join("data/records.db");
    let trusted = [records.audit_key().unwrap()];
    let whole = Whole { checkpoint: 0, last: 4, entries: 4, anchored: 5 };
    assert_eq!(verify_audit(&data, &trusted, Some(&text)).await.unwrap(), Ok(whole));
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap()) & 0o777;
    assert_eq!(mode, 0o600);
}

#[tokio::test]
async fn a_place_that_cant_be_reached_is_told_of_tried_again_and_holds_nobody_up() {
    let folder = Folder::new();
    let records = folder.records().await;
    let path = folder.0.join("not/there/anchor");
    let (task, sent) = start(&records, file(&path));
    known(&sent, |sent| sent.failing && sent.entry.is_none()).await;
    for _ in 0..20 {
        audit(&records).await;
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    known(&sent, |sent| !sent.failing && sent.entry == Some(20)).await;
    task.abort();
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1, "the newest alone: nothing queued up");
}

#[tokio::test]
async fn the_machines_log_gets_one_notice_each() {
    let folder = Folder::new();
    let records = folder.records().await;
    let path = folder.0.join("log");
    let log = UnixDatagram::bind(&path).unwrap();
    let (task, _sent) = start(&records, Place::Syslog(path));
    let mut buffer = [0; 2000];
    let length = timeout(Duration::from_secs(10), log.recv(&mut buffer)).await.unwrap().unwrap();
    task.abort();
    let line = String::from_utf8(buffer[..length].to_vec()).unwrap();
    assert!(line.starts_with("<85>sidelight: sidelight-audit-1 node=") && !line.contains('\n'), "{line}");
}

/// An https server that answers with these statuses, one connection each, and tells what it was sent.
async fn server(statuses: Vec<&'static str>) -> (u16, String, mpsc::UnboundedReceiver<String>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, acceptor) = (listener.local_addr().unwrap().port(), tokio_rustls::TlsAcceptor::from(Arc::new(config)));
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for status in statuses {
            let (socket, _) = listener.accept().await.unwrap();
            let Ok(mut socket) = acceptor.accept(socket).await else { continue };
            let mut request = Vec::new();
            while !request.ends_with(b"\n") || !request.windows(10).any(|window| window == b"signature=") {
                let mut piece = [0; 2000];
                let length = socket.read(&mut piece).await.unwrap();
                request.extend_from_slice(&piece[..length]);
            }
            tell.send(String::from_utf8(request).unwrap()).unwrap();
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            socket.write_all(answer.as_bytes()).await.unwrap();
            let _closed = socket.shutdown().await;
        }
    });
    (port, made.cert.pem(), told)
}

#[tokio::test]
async fn an_https_server_gets_each_head_by_post_and_again_where_it_didnt_take_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let (port, root, mut told) = server(vec!["500 Broken", "204 Taken"]).await;
    let path = folder.0.join("root.pem");
    std::fs::write(&path, root).unwrap();
    let https = Https::new("localhost", port, "/heads?of=us", Some(&path)).unwrap();
    let (task, sent) = start(&records, Place::Https(https));
    let requests = [told.recv().await.unwrap(), told.recv().await.unwrap()];
    known(&sent, |sent| sent.entry == Some(0) && !sent.failing).await;
    task.abort();
    for request in requests {
        assert!(request.starts_with("POST /heads?of=us HTTP/1.1\r\n"), "{request}");
        assert!(
            request.contains("\r\n\r\nsidelight-audit-1 node=") && request.to_lowercase().contains(&format!("host: localhost:{port}\r\n"))
        );
    }
}

#[tokio::test]
async fn an_https_server_that_nobody_vouches_for_is_told_nothing() {
    let folder = Folder::new();
    let records = folder.records().await;
    let (port, _root, mut told) = server(vec!["204 Taken"; 3]).await;
    let (task, sent) = start(&records, Place::Https(Https::new("localhost", port, "/", None).unwrap()));
    known(&sent, |sent| sent.failing).await;
    task.abort();
    assert!(told.try_recv().is_err());
}
