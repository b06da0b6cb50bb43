//! Against servers that answer as they are told, a real mail server, and Notify's own client library. What the service does between a
//! press and a request is in `tests/http/sending.rs`.

use super::notify::Notify;
use super::smtp::Smtp;
use super::webhook::Webhook;
use super::*;
use crate::config::{Address, Login, NotifyService, SmtpServer};
use serde_json::{Value, json};
use sidelight_room::outbox::Report;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;

const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";
const TEMPLATE: &str = "f33517ff-2a88-4f6e-b855-c550268ce08a";
const TO: &str = "+447700900123";

const UNREACHABLE: Attempt = Attempt::NotTaken { why: NotSent::Unreachable, again: true };
const REFUSED: Attempt = Attempt::NotTaken { why: NotSent::Refused, again: false };
const SET_UP: Attempt = Attempt::NotTaken { why: NotSent::SetUp, again: true };
const SET_UP_WRONG: Attempt = Attempt::NotTaken { why: NotSent::SetUp, again: false };

/// Python with the libraries that `tests/run` installs.
fn python(script: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let python = root.join("target/python/bin/python");
    assert!(python.is_file(), "{} isn't there: tests/run --install makes it", python.display());
    let mut command = Command::new(python);
    command.arg(root.join("signaling/src/sending/tests").join(script)).kill_on_drop(true);
    command
}

/// A request as it came: its first line, its headers in lower case, its body.
struct Asked {
    line: String,
    head: String,
    body: String,
}

impl Asked {
    fn header(&self, name: &str) -> &str {
        self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// An http server that gives these answers, one connection each: a status and a body, or, with 0, none.
async fn server(answers: Vec<(u16, Value)>) -> (u16, mpsc::UnboundedReceiver<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for (status, answer) in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            let (head, body) = loop {
                let mut piece = [0; 4000];
                let length = socket.read(&mut piece).await.unwrap();
                request.extend_from_slice(&piece[..length]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
                if body.len() >= length.unwrap_or_default() {
                    break (head.to_owned(), body.to_owned());
                }
            };
            let (line, head) = head.split_once("\r\n").unwrap();
            let head =
                head.lines().filter_map(|line| line.split_once(": ")).map(|(name, value)| format!("{}: {value}\n", name.to_lowercase()));
            tell.send(Asked { line: line.to_owned(), head: head.collect(), body }).unwrap();
            if status != 0 {
                let body = answer.to_string();
                let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
                socket.write_all(format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes()).await.unwrap();
                let _closed = socket.shutdown().await;
            }
        }
    });
    (port, told)
}

fn at(port: u16) -> Address {
    Address { tls: false, host: "127.0.0.1".into(), port, path: String::new() }
}

fn key() -> String {
    format!("our-key-{SERVICE}-{SECRET}")
}

fn notify(port: u16) -> Notify {
    Notify::new(&NotifyService { address: at(port), key: key().into(), template: TEMPLATE.into() }, None).unwrap()
}

fn notification(status: &str) -> Value {
    json!({ "notifications": [{ "id": SERVICE, "reference": "r1", "status": status }], "links": {} })
}

#[tokio::test]
async fn notifys_own_library_takes_our_token_for_half_a_minute_and_no_others() {
    let notify = notify(1);
    let judged = async |token: String, secret: &str| -> Value {
        let output = python("official.py").args(["token", &token, secret]).output().await.unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    };
    assert_eq!(judged(notify.token(now()).unwrap(), SECRET).await, json!({ "issuer": SERVICE, "good": true }));
    assert_eq!(judged(notify.token(now() - 40).unwrap(), SECRET).await["error"], "TokenExpiredError");
    assert_eq!(judged(notify.token(now() + 60).unwrap(), SECRET).await["error"], "TokenExpiredError");
    assert_eq!(judged(notify.token(now()).unwrap(), TEMPLATE).await["error"], "TokenDecodeError");
}

#[tokio::test]
async fn notify_is_asked_as_its_own_library_asks() {
    let taken = json!({ "id": SERVICE, "reference": "r1" });
    let all = [(201, taken.clone()), (201, taken), (200, notification("delivered"))];
    let (port, mut told) = server([all.clone(), all].concat()).await;
    let notify = notify(port);
    assert_eq!(notify.send(Channel::SystemText, TO, "", "Hello", "r1", now()).await, Attempt::Taken);
    assert_eq!(notify.send(Channel::Email, "kim@example.org", "Our call", "Hello", "r1", now()).await, Attempt::Taken);
    assert_eq!(notify.report("r1", now()).await, Some(Report::Delivered));
    let address = format!("http://127.0.0.1:{port}");
    let output = python("official.py").args(["send", &address, &key(), TEMPLATE, "r1"]).output().await.unwrap();
    let official: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(official, json!({ "sent": SERVICE, "found": "delivered" }), "it reads our stand-in as it reads Notify");
    let mut asked = Vec::new();
    for _ in 0..6 {
        asked.push(told.recv().await.unwrap());
    }
    for (ours, theirs) in asked.iter().zip(&asked[3..]) {
        assert_eq!((&ours.line, ours.json()), (&theirs.line, theirs.json()));
        assert_eq!(ours.header("content-type").split(';').next(), theirs.header("content-type").split(';').next());
        assert!(ours.header("authorization").starts_with("Bearer ey") && theirs.header("authorization").starts_with("Bearer ey"));
    }
    assert!(asked[0].line.starts_with("POST /v2/notifications/sms ") && asked[0].json()["reference"] == "r1");
}

#[tokio::test]
async fn what_notify_answers_says_whether_it_took_the_message_and_whether_to_try_again() {
    let errors = |error: &str| json!({ "status_code": 400, "errors": [{ "error": error, "message": "x" }] });
    let table = [
        (201, json!({}), Attempt::Taken),
        (400, errors("ValidationError"), REFUSED),
        (400, errors("BadRequestError"), SET_UP_WRONG),
        (403, errors("AuthError"), SET_UP),
        (429, errors("RateLimitError"), SET_UP),
        (404, json!({}), SET_UP_WRONG),
        (302, json!({}), SET_UP_WRONG),
        (500, errors("Exception"), Attempt::Unknown),
        (503, json!({}), Attempt::Unknown),
        (408, json!({}), Attempt::Unknown),
        (0, json!({}), Attempt::Unknown),
    ];
    let (port, _told) = server(table.iter().map(|(status, body, _)| (*status, body.clone())).collect()).await;
    let notify = notify(port);
    for (status, body, expected) in table {
        assert_eq!(notify.send(Channel::SystemText, TO, "", "x", "r1", now()).await, expected, "{status} {body}");
    }
    // Nobody listens there any more.
    assert_eq!(notify.send(Channel::SystemText, TO, "", "x", "r1", now()).await, UNREACHABLE);
}

#[tokio::test]
async fn what_notify_knows_of_a_message_is_told_and_what_it_does_not_know_says_nothing() {
    let reports = [
        (200, notification("created"), Some(Report::Taken)),
        (200, notification("sending"), Some(Report::Taken)),
        (200, notification("delivered"), Some(Report::Delivered)),
        (200, notification("permanent-failure"), Some(Report::NotDelivered)),
        (200, notification("temporary-failure"), Some(Report::NotDelivered)),
        (200, notification("technical-failure"), Some(Report::NotDelivered)),
        (200, json!({ "notifications": [] }), None),
        (200, json!({ "notifications": [{ "reference": "r2", "status": "delivered" }] }), None),
        (200, json!("?"), None),
        (403, notification("delivered"), None),
        (0, json!({}), None),
    ];
    let (port, _told) = server(reports.iter().map(|(status, body, _)| (*status, body.clone())).collect()).await;
    for (status, body, expected) in reports {
        assert_eq!(notify(port).report("r1", now()).await, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn a_gateway_gets_a_signed_request_that_an_old_or_changed_one_is_not() {
    let (port, mut told) = server(vec![(202, json!({})), (422, json!({})), (500, json!({}))]).await;
    let secret = "0123456789abcdef0123456789abcdef";
    let webhook = Webhook::new(&config::Webhook { address: at(port), key: secret.into() }, None).unwrap();
    assert_eq!(webhook.send(TO, "Kim", "Call: Hello", "r1", 1_700_000_000).await, Attempt::Taken);
    let asked = told.recv().await.unwrap();
    assert_eq!(asked.json(), json!({ "id": "r1", "to": TO, "from": "Kim", "text": "Call: Hello" }));
    // As docs/sending.md says how to check it.
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    let signed = |time: u32, body: &str| {
        let tag = aws_lc_rs::hmac::sign(&key, format!("{time}.{body}").as_bytes());
        format!("t={time},v1={}", data_encoding::HEXLOWER.encode(tag.as_ref()))
    };
    assert_eq!(asked.header("sidelight-signature"), signed(1_700_000_000, &asked.body));
    assert_ne!(asked.header("sidelight-signature"), signed(1_700_000_000, &asked.body.replace("900123", "900124")));
    assert_ne!(
        asked.header("sidelight-signature").split_once(",v1=").unwrap().1,
        signed(1_700_000_001, &asked.body).split_once(",v1=").unwrap().1
    );
    assert_eq!(webhook.send(TO, "", "x", "r2", 1).await, REFUSED);
    assert_eq!(webhook.send(TO, "", "x", "r3", 1).await, Attempt::Unknown);
}

/// aiosmtpd, gone with the test.
struct MailServer {
    port: u16,
    root: PathBuf,
    taken: Lines<BufReader<ChildStdout>>,
    _server: Child,
}

impl MailServer {
    async fn start(kind: &str) -> MailServer {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = std::env::temp_dir().join(format!("sidelight-mail-{}", crate::random::id().unwrap()));
        std::fs::create_dir(&folder).unwrap();
        let (root, key) = (folder.join("root.pem"), folder.join("key.pem"));
        std::fs::write(&root, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let mut command = python("mail_server.py");
        let mut server = command.arg(kind).args([&root, &key]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut taken = BufReader::new(server.stdout.take().unwrap()).lines();
        let port = taken.next_line().await.unwrap().expect("the mail server begins").parse().unwrap();
        MailServer { port, root, taken, _server: server }
    }

    fn smtp(&self, implicit: bool, password: Option<&str>, root: bool) -> Smtp {
        let login = password.map(|password| Login { user: "sam".into(), password: password.into() });
        let from = "no-reply@example.org".into();
        let server = SmtpServer { host: "localhost".into(), port: self.port, implicit, login, from };
        Smtp::new(&server, root.then_some(self.root.as_path())).unwrap()
    }

    async fn next(&mut self) -> Value {
        serde_json::from_str(&self.taken.next_line().await.unwrap().unwrap()).unwrap()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(self.root.parent().unwrap());
    }
}

#[tokio::test]
async fn an_email_goes_to_a_mail_server_by_starttls_signed_in_and_arrives_whole() {
    let mut server = MailServer::start("starttls").await;
    let smtp = server.smtp(false, Some("kettle fog"), true);
    let text = "Here is the link for our call: https://call.example.org/#01234-56789-abcde-fghjk-mnpqr-s";
    assert_eq!(smtp.send("kim@example.org", "Kim’s team", "Our call", text, "r1").await, Attempt::Taken);
    let taken = server.next().await;
    assert_eq!(
        (&taken["from"], &taken["to"], &taken["login"]),
        (&json!("no-reply@example.org"), &json!(["kim@example.org"]), &json!("sam"))
    );
    let email = taken["text"].as_str().unwrap().replace("=\r\n", "");
    for line in ["Message-ID: <r1@example.org>", "Subject: Our call", "To: kim@example.org"] {
        assert!(email.contains(line), "{line} in {email}");
    }
    assert!(email.contains("<no-reply@example.org>") && email.contains(text), "{email}");
    assert!(!email.to_lowercase().contains("sidelight"), "{email}");
}

#[tokio::test]
async fn an_email_goes_by_tls_from_the_first_byte_too() {
    let mut server = MailServer::start("implicit").await;
    assert_eq!(server.smtp(true, None, true).send("kim@example.org", "", "Our call", "Hello", "r1").await, Attempt::Taken);
    assert!(server.next().await["text"].as_str().unwrap().contains("From: no-reply@example.org"));
}

#[tokio::test]
async fn what_a_mail_server_says_at_each_step_is_told_apart() {
    let mut server = MailServer::start("starttls").await;
    let smtp = server.smtp(false, Some("kettle fog"), true);
    let table = [("refused@example.org", REFUSED), ("later@example.org", SET_UP), ("spam@example.org", REFUSED), ("no address", REFUSED)];
    for (to, expected) in table {
        assert_eq!(smtp.send(to, "", "Our call", "Hello", "r1").await, expected, "{to}");
    }
    // It has the email, and then the line breaks before it says so.
    assert_eq!(smtp.send("drop@example.org", "", "Our call", "Hello", "r1").await, Attempt::Unknown);
    assert_eq!(server.next().await["to"], json!(["drop@example.org"]));
    assert_eq!(server.smtp(false, Some("wrong"), true).send("kim@example.org", "", "x", "x", "r1").await, SET_UP);
}

#[tokio::test]
async fn nothing_is_said_to_a_mail_server_without_tls_or_that_nobody_vouches_for() {
    let stranger = MailServer::start("starttls").await;
    assert_eq!(stranger.smtp(false, Some("kettle fog"), false).send("kim@example.org", "", "x", "x", "r1").await, SET_UP);
    let mut plain = MailServer::start("plain").await;
    assert_eq!(plain.smtp(false, None, true).send("kim@example.org", "", "x", "x", "r1").await, SET_UP);
    let port = plain.port;
    plain._server.kill().await.unwrap();
    assert_eq!(plain.smtp(false, None, true).send("kim@example.org", "", "x", "x", "r1").await, UNREACHABLE, "{port}");
    let mut stranger = stranger;
    stranger._server.kill().await.unwrap();
    assert_eq!(stranger.taken.next_line().await.unwrap(), None, "nothing was taken");
}
