use super::*;
use crate::records::Records;
use rustls::pki_types::PrivateKeyDer;
use serde_json::Value;
use sidelight_protocol::Way;
use sidelight_protocol::desk::ContactDetails;
use sidelight_protocol::record::{SaveRecord, SentRecord, Written};
use std::path::PathBuf;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// How the case system behaves to one connection.
#[derive(Clone, Copy)]
enum Answers {
    With(&'static str),
    /// It takes it all and then lets go of the line without a word.
    Nothing,
}

struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let folder = std::env::temp_dir().join(format!("sidelight-case-{}", crate::random::id().unwrap()));
        std::fs::create_dir(&folder).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// An https server on this machine; its port, its certificate, and what it was sent.
async fn case_system(answers: Vec<Answers>) -> (u16, String, mpsc::UnboundedReceiver<String>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, acceptor) = (listener.local_addr().unwrap().port(), tokio_rustls::TlsAcceptor::from(Arc::new(config)));
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for answer in answers {
            let (socket, _) = listener.accept().await.unwrap();
            let mut socket = acceptor.accept(socket).await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"}") {
                let mut piece = [0; 2000];
                let length = socket.read(&mut piece).await.unwrap();
                request.extend_from_slice(&piece[..length]);
            }
            tell.send(String::from_utf8(request).unwrap()).unwrap();
            if let Answers::With(status) = answer {
                let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                socket.write_all(answer.as_bytes()).await.unwrap();
            }
            let _closed = socket.shutdown().await;
        }
    });
    (port, made.cert.pem(), told)
}

fn details() -> ContactDetails {
    let mut details: ContactDetails = serde_json::from_value(serde_json::json!({
        "reference": "JT-4471", "starts_at": 5, "minutes": 30, "ways": ["voice"]
    }))
    .unwrap();
    details.ways = vec![Way::Voice];
    details
}

/// A record with something to send; its id and its contact's.
async fn record(records: &Records) -> (String, String) {
    let id = records.new_contact("sam", &details(), 1).await.unwrap();
    let contact = records.contact(&id).await.unwrap().unwrap();
    let written = Written { notes: "Kettle".into(), text: None, safety: None };
    let save = SaveRecord { written, page: "p".into(), number: 1, base: 0 };
    records.save_record(&id, Some(&contact), &save, 1).await.unwrap();
    (records.record_of(&id).await.unwrap().unwrap().id, id)
}

fn outgoing() -> SentCopy {
    SentCopy { key: "the-key".into(), body: "{\"text\":\"We talked.\"}".into(), safety: false }
}

async fn sent(records: &Records, contact: &str) -> SentRecord {
    records.record_of(contact).await.unwrap().unwrap().sent.unwrap()
}

async fn sender(folder: &Folder, records: &Records, port: u16, root: &str) -> Sender {
    let path = folder.0.join("root.pem");
    std::fs::write(&path, root).unwrap();
    let case_system = CaseSystem { host: "localhost".into(), port, path: "/records".into(), secret: SECRET.into(), root: Some(path) };
    Sender::new(records.clone(), Some(&case_system)).unwrap().unwrap().0
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let line = request.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")));
    line.and_then(|line| line.split_once(": ")).unwrap_or_else(|| panic!("no {name} in {request}")).1
}

#[tokio::test]
async fn what_is_sent_is_signed_over_its_time_and_its_body_and_named_by_a_key() {
    let folder = Folder::new();
    let records = Records::open(&folder.0.join("data")).await.unwrap();
    let (port, root, mut told) = case_system(vec![Answers::With("201 Created")]).await;
    let (record, contact) = record(&records).await;
    assert!(records.queue_record(&record, &outgoing(), now()).await.unwrap());
    assert!(!records.queue_record(&record, &outgoing(), now()).await.unwrap(), "not twice at once");
    sender(&folder, &records, port, &root).await.send_what_is_due().await.unwrap();
    let request = told.recv().await.unwrap();
    assert!(request.starts_with("POST /records HTTP/1.1\r\n"), "{request}");
    let body = request.split_once("\r\n\r\n").unwrap().1;
    assert_eq!(serde_json::from_str::<Value>(body).unwrap()["text"], "We talked.");
    assert_eq!(header(&request, "idempotency-key"), "the-key");
    let at = header(&request, "sidelight-time");
    let wanted = |key: &str, at: &str, body: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        format!("v1={}", HEXLOWER.encode(hmac::sign(&key, format!("{at}.{body}").as_bytes()).as_ref()))
    };
    let signature = header(&request, "sidelight-signature");
    assert_eq!(signature, wanted(SECRET, at, body));
    for other in [wanted("another secret of 32 characters..", at, body), wanted(SECRET, "5", body), wanted(SECRET, at, "{}")] {
        assert_ne!(signature, other, "the signature says nothing");
    }
    assert_eq!(sent(&records, &contact).await.state, SendState::Arrived);
    assert!(records.queue_record(&record, &outgoing(), now()).await.unwrap(), "again, by another press");
}

/// The answer of RFC 4231, test case 2, so that others can check theirs.
#[test]
fn the_signature_is_the_plain_hmac_of_the_rfc() {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"Jefe");
    let (at, body) = ("what do ya want for nothing?", "");
    let plain = HEXLOWER.encode(hmac::sign(&key, at.as_bytes()).as_ref());
    assert_eq!(plain, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_ne!(signed(&key, at, body), plain, "the full stop is in it");
}

#[tokio::test]
async fn what_surely_did_not_arrive_is_tried_again_and_what_was_refused_is_not() {
    let folder = Folder::new();
    let records = Records::open(&folder.0.join("data")).await.unwrap();
    let answers = vec![Answers::With("503 Busy"), Answers::With("204 Taken"), Answers::With("422 No")];
    let (port, root, mut told) = case_system(answers).await;
    let sender = sender(&folder, &records, port, &root).await;
    let (record, contact) = record(&records).await;
    records.queue_record(&record, &outgoing(), now()).await.unwrap();
    sender.send_what_is_due().await.unwrap();
    let first = sent(&records, &contact).await;
    assert_eq!((first.state, first.tries, first.at > now()), (SendState::Waiting, 1, true));
    let again = records.take_due_record(first.at).await.unwrap().unwrap();
    assert_eq!((again.tries, again.outgoing.key.as_str()), (2, "the-key"), "as the same");
    let answer = sender.post(&again.outgoing).await;
    let (state, at) = became(&again, &answer, 50);
    records.record_sent(&record, state, at).await.unwrap();
    assert_eq!(sent(&records, &contact).await.state, SendState::Arrived);
    records.queue_record(&record, &outgoing(), now()).await.unwrap();
    sender.send_what_is_due().await.unwrap();
    assert_eq!(sent(&records, &contact).await.state, SendState::Refused);
    for _ in 0..3 {
        assert!(told.recv().await.is_some());
    }
    assert!(records.take_due_record(u32::MAX).await.unwrap().is_none(), "nothing is left to be tried");
}

#[tokio::test]
async fn where_nobody_knows_whether_it_arrived_nothing_goes_again_by_itself() {
    let folder = Folder::new();
    let records = Records::open(&folder.0.join("data")).await.unwrap();
    let (port, root, _told) = case_system(vec![Answers::Nothing, Answers::With("200 OK")]).await;
    let sender = sender(&folder, &records, port, &root).await;
    let (record, contact) = record(&records).await;
    records.queue_record(&record, &outgoing(), now()).await.unwrap();
    sender.send_what_is_due().await.unwrap();
    assert_eq!(sent(&records, &contact).await.state, SendState::Unknown);
    assert!(records.take_due_record(u32::MAX).await.unwrap().is_none());
    assert!(!records.queue_record(&record, &outgoing(), now()).await.unwrap(), "it is asked about first");
    assert!(records.record_arrived(&record, false, now()).await.unwrap());
    assert!(!records.record_arrived(&record, false, now()).await.unwrap(), "once");
    sender.send_what_is_due().await.unwrap();
    assert_eq!(sent(&records, &contact).await.state, SendState::Arrived);
}

#[tokio::test]
async fn what_was_on_its_way_when_the_service_was_killed_is_asked_about() {
    let folder = Folder::new();
    let records = Records::open(&folder.0.join("data")).await.unwrap();
    let (record, contact) = record(&records).await;
    records.queue_record(&record, &outgoing(), 5).await.unwrap();
    assert!(records.take_due_record(4).await.unwrap().is_none(), "not before it is due");
    assert!(records.take_due_record(5).await.unwrap().is_some());
    // The service is gone here, and comes back.
    assert_eq!(records.forget_what_was_on_its_way(9).await.unwrap(), 1);
    let unknown = sent(&records, &contact).await;
    assert_eq!((unknown.state, unknown.at), (SendState::Unknown, 9));
    records.record_arrived(&record, true, 10).await.unwrap();
    assert_eq!(sent(&records, &contact).await.state, SendState::Arrived);
    assert_eq!(records.forget_what_was_on_its_way(11).await.unwrap(), 0);
}

#[tokio::test]
async fn a_case_system_that_nobody_vouches_for_is_told_nothing() {
    let folder = Folder::new();
    let records = Records::open(&folder.0.join("data")).await.unwrap();
    let (port, _root, _told) = case_system(vec![Answers::With("200 OK")]).await;
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
    let (record, contact) = record(&records).await;
    records.queue_record(&record, &outgoing(), now()).await.unwrap();
    sender(&folder, &records, port, &other).await.send_what_is_due().await.unwrap();
    assert_eq!(sent(&records, &contact).await.state, SendState::Waiting, "it wasn't reached");
}

#[test]
fn it_is_tried_for_about_a_day_and_then_given_up() {
    let mut at = 0;
    let mut tries = 1;
    while let (SendState::Waiting, next) = again(tries, at) {
        assert!(next > at);
        (at, tries) = (next, tries + 1);
    }
    assert_eq!(again(tries, at), (SendState::GivenUp, at));
    assert!((22 * 3600..26 * 3600).contains(&at), "{at}");
}
