//! Records of contacts, as their practitioner's pages and the case system meet them.

use crate::contacts::colleague;
use crate::sockets::desk;
use crate::world::{Client, Folder, Running, details, invitation};
use reqwest::Method;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

fn save(number: u32, base: u32, notes: &str) -> Value {
    json!({ "written": { "notes": notes, "text": null, "safety": null }, "page": "page-1", "number": number, "base": base })
}

fn path(contact: &str) -> String {
    format!("/api/contacts/{contact}/record")
}

/// Ends it, and waits until its record is drafted.
async fn end(client: &mut Client, contact: &str) {
    let mut socket = desk(client, "tab").await;
    socket.next("ready").await;
    socket.say(json!({ "type": "in", "contact": contact, "act": { "do": "take" } })).await;
    socket.say(json!({ "type": "in", "contact": contact, "act": { "do": "end" } })).await;
    until_drafted(client).await;
}

async fn until_drafted(client: &mut Client) {
    for _ in 0..500 {
        if client.get("/api/records").await.is(200)["records"].as_array().is_some_and(|records| !records.is_empty()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nothing is to be written up");
}

#[tokio::test]
async fn notes_survive_a_kill_and_no_old_save_overwrites_them() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let contact = sam.plan(details("JT-4471")).await;
    let empty = sam.get(&path(&contact)).await.is(200);
    assert_eq!((&empty["draft"]["outcome"], &empty["written"]["notes"], &empty["revision"]), (&json!("open"), &json!(""), &json!(0)));
    assert_eq!(sam.put(&path(&contact), save(1, 0, "The ket")).await.is(200)["revision"], 1);
    assert_eq!(sam.put(&path(&contact), save(3, 1, "The kettle was warm")).await.is(200)["revision"], 2);
    // The moment it is answered, the power goes.
    running.kill();
    let running = Running::start(&folder);
    sam.address = running.address.clone();
    sam.origin = Some(running.address.clone());
    let kept = sam.get(&path(&contact)).await.is(200);
    assert_eq!((&kept["written"]["notes"], &kept["revision"]), (&json!("The kettle was warm"), &json!(2)));
    sam.put(&path(&contact), save(2, 1, "The kettle")).await.refused(409, "record_old");
    let mut other = save(1, 1, "Mine");
    other["page"] = json!("page-2");
    sam.put(&path(&contact), other).await.refused(409, "record_changed");
    assert_eq!(sam.get(&path(&contact)).await.is(200)["written"]["notes"], "The kettle was warm");
    let log = running.log();
    assert!(!log.contains("kettle") && !log.contains("JT-4471"), "{log}");
}

#[tokio::test]
async fn a_finished_record_is_listed_until_it_is_copied_and_that_can_be_taken_back() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let contact = sam.plan(details("JT-4471")).await;
    sam.put(&format!("{}/copied", path(&contact)), json!({})).await.refused(409, "contact_not_over");
    assert_eq!(sam.get("/api/records").await.is(200)["records"], json!([]));
    end(&mut sam, &contact).await;
    let listed = sam.get("/api/records").await.is(200);
    let one = &listed["records"][0];
    assert_eq!((&one["contact"], &one["reference"], &one["outcome"]), (&json!(contact), &json!("JT-4471"), &json!("no_link")));
    let ended = one["ended"].as_u64().unwrap();
    assert_eq!(sam.get(&path(&contact)).await.is(200)["gone_at"], json!(ended + 30 * 86_400));
    let ends = sam.put(&format!("{}/copied", path(&contact)), json!({})).await.is(200);
    assert_eq!(ends["gone_at"], json!(ends["copied"].as_u64().unwrap() + 7 * 86_400));
    assert_eq!(sam.get("/api/records").await.is(200)["records"], json!([]));
    let back = sam.json(Method::DELETE, &format!("{}/copied", path(&contact)), json!({})).await.is(200);
    assert_eq!((&back["copied"], &back["gone_at"]), (&Value::Null, &json!(ended + 30 * 86_400)));
    assert_eq!(sam.get("/api/records").await.is(200)["records"].as_array().unwrap().len(), 1);
    sam.post(&format!("{}/send", path(&contact)), json!({ "revision": 0, "text": "x", "safety": null }))
        .await
        .refused(409, "no_case_system");

    let mut kim = colleague(&folder, &running).await;
    assert_eq!(kim.get("/api/records").await.is(200)["records"], json!([]));
    kim.get(&path(&contact)).await.refused(404, "unknown_contact");
}

#[tokio::test]
async fn what_is_typed_is_bounded() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let contact = sam.plan(details("JT-4471")).await;
    sam.put(&path(&contact), save(1, 0, &"x".repeat(8000))).await.is(200);
    sam.put(&path(&contact), save(2, 1, &"x".repeat(8001))).await.refused(422, "notes_long");
    sam.put(&path(&contact), save(2, 1, "one\ntwo")).await.is(200);
    sam.put(&path(&contact), save(3, 2, "one\u{0}two")).await.refused(422, "bad_characters");
    for (field, code) in [("text", "text_long"), ("safety", "safety_long")] {
        let mut body = save(4, 2, "x");
        body["written"][field] = json!("x".repeat(6001));
        sam.put(&path(&contact), body).await.refused(422, code);
    }
    let mut body = save(4, 2, "x");
    body["page"] = json!("x".repeat(41));
    sam.put(&path(&contact), body).await.refused(422, "bad_page");
    sam.put(&path(&contact), json!({ "written": "x" })).await.refused(422, "bad_body");
    sam.put(&path(&contact), save(4, 2, &"x".repeat(40_000))).await.refused(413, "too_large");
}

/// An https server on this machine that takes everything: its port, its certificate, and the bodies that it was sent.
async fn case_system() -> (u16, String, mpsc::UnboundedReceiver<String>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, acceptor) = (listener.local_addr().unwrap().port(), tokio_rustls::TlsAcceptor::from(Arc::new(config)));
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let Ok(mut socket) = acceptor.accept(socket).await else { continue };
            let mut request = Vec::new();
            while !request.ends_with(b"}") {
                let mut piece = [0; 4000];
                let length = socket.read(&mut piece).await.unwrap();
                request.extend_from_slice(&piece[..length]);
            }
            let request = String::from_utf8(request).unwrap();
            let _over = tell.send(request.split_once("\r\n\r\n").unwrap().1.to_owned());
            socket.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.unwrap();
            let _closed = socket.shutdown().await;
        }
    });
    (port, made.cert.pem(), told)
}

#[tokio::test]
async fn only_what_is_chosen_goes_to_the_case_system() {
    let folder = Folder::new();
    let (port, root, mut told) = case_system().await;
    let file = folder.path().join("root.pem");
    std::fs::write(&file, root).unwrap();
    let running = Running::start_with(&folder, |command| {
        command.env("SIDELIGHT_CASE_SYSTEM__URL", format!("https://localhost:{port}/records"));
        command.env("SIDELIGHT_CASE_SYSTEM__SECRET", "0123456789abcdef0123456789abcdef");
        command.env("SIDELIGHT_CASE_SYSTEM__ROOT", &file);
    });
    let mut sam = running.practitioner().await;
    let contact = sam.plan(details("JT-4471")).await;
    sam.put(&format!("/api/contacts/{contact}/invitation"), json!({ "invitation": invitation() })).await.is(204);
    sam.put(&path(&contact), save(1, 0, "The kettle was warm")).await.is(200);
    let mut socket = desk(&sam, "tab").await;
    let person = socket.next("contact").await["view"]["people"][0]["id"].clone();
    for act in [json!({ "do": "take" }), json!({ "do": "alarm", "person": person, "how": "heard" })] {
        socket.say(json!({ "type": "in", "contact": contact, "act": act })).await;
    }
    let send = |revision: u32, safety: Value| json!({ "revision": revision, "text": "We spoke.", "safety": safety });
    sam.post(&format!("{}/send", path(&contact)), send(1, Value::Null)).await.refused(409, "contact_not_over");
    socket.say(json!({ "type": "in", "contact": contact, "act": { "do": "end" } })).await;
    until_drafted(&mut sam).await;

    sam.post(&format!("{}/send", path(&contact)), send(0, Value::Null)).await.refused(409, "record_changed");
    sam.post(&format!("{}/send", path(&contact)), send(1, Value::Null)).await.is(200);
    let body = told.recv().await.unwrap();
    let sent: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&sent["text"], &sent["notes"], &sent["safety"]), (&json!("We spoke."), &json!("The kettle was warm"), &Value::Null));
    for telling in ["alarm", "heard", "marmalade", "word"] {
        assert!(!body.contains(telling), "{telling} in {body}");
    }
    arrived(&mut sam, &contact).await;
    sam.post(&format!("{}/send", path(&contact)), send(1, json!("The word was heard."))).await.is(200);
    let body = told.recv().await.unwrap();
    let sent: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(sent["safety"]["text"], "The word was heard.");
    assert_eq!(sent["safety"]["draft"]["states"], json!(["alarm"]), "the control: it goes along where it is chosen");
    assert!(!body.contains("marmalade"), "the word itself never does");
    arrived(&mut sam, &contact).await;
    sam.post(&format!("{}/send/arrived", path(&contact)), json!({ "arrived": true })).await.refused(409, "nothing_asked");
    let log = running.log();
    assert!(!log.contains("kettle") && !log.contains("We spoke") && !log.contains("0123456789abcdef"), "{log}");
}

/// Waits until the case system's answer is known here.
async fn arrived(client: &mut Client, contact: &str) {
    for _ in 0..500 {
        if client.get(&path(contact)).await.is(200)["sent"]["state"] == "arrived" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it doesn't arrive");
}
