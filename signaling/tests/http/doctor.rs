//! `sidelight doctor` against services that are well, and against one broken thing at a time.

use crate::world::{BINARY, Folder, Running, details, now};
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use stun_types::attribute::XorMappedAddress;
use stun_types::message::{Message, MessageWrite, MessageWriteExt, MessageWriteVec};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Ports that nobody has now, for what is to be found without being told: UDP, TCP.
fn free_ports() -> (u16, u16) {
    let (udp, tcp) = (UdpSocket::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    (udp.local_addr().unwrap().port(), tcp.local_addr().unwrap().port())
}

/// A service, and where its relay is.
struct Patient {
    folder: Folder,
    running: Running,
    relay: (u16, u16),
}

impl Patient {
    fn start(change: impl FnOnce(&Folder, &mut Command)) -> Patient {
        let (folder, relay) = (Folder::new(), free_ports());
        let running = Running::start_with(&folder, |command| {
            command.env("SIDELIGHT_RELAY__UDP_PORT", relay.0.to_string()).env("SIDELIGHT_RELAY__TCP_PORT", relay.1.to_string());
            change(&folder, command);
        });
        Patient { folder, running, relay }
    }

    fn plain() -> Patient {
        Patient::start(|_, _| {})
    }

    /// Under TLS at `localhost`, by a certificate that ends in so many days.
    fn sealed(days: i64) -> Patient {
        let port = free_ports().1;
        Patient::start(|folder, command| {
            let (certificate, key) = certified(folder, days);
            command.env("SIDELIGHT_TLS__CERTIFICATE", certificate).env("SIDELIGHT_TLS__KEY", key);
            command.env("SIDELIGHT_WEB__LISTEN", format!("127.0.0.1:{port}"));
            command.env("SIDELIGHT_WEB__PUBLIC_URL", format!("https://localhost:{port}"));
        })
    }

    /// Asks the doctor, here about another address than the service's own.
    async fn about(&self, address: &str, more: &[&str]) -> Found {
        let (udp, tcp) = (format!("127.0.0.1:{}", self.relay.0), format!("127.0.0.1:{}", self.relay.1));
        let mut arguments = vec!["--timeout", "3"];
        if !more.contains(&"--token") {
            arguments.extend(["--relay-udp", &udp, "--relay-tcp", &tcp]);
        }
        arguments.extend(more);
        doctor(&self.folder, address, &arguments).await
    }

    async fn found(&self, more: &[&str]) -> Found {
        self.about(&self.running.address, more).await
    }
}

/// What the doctor said: its exit status, and codes by check.
struct Found {
    status: i32,
    codes: BTreeMap<String, Vec<String>>,
    told: Value,
}

impl Found {
    /// The codes of a check, with "+" between.
    fn of(&self, check: &str) -> String {
        self.codes.get(check).map(|codes| codes.join("+")).unwrap_or_default()
    }

    /// Everything that was to be changed.
    fn wrong(&self) -> Vec<&str> {
        let checks = self.told["checks"].as_array().unwrap().iter();
        checks.filter(|check| check["verdict"] == "wrong").map(|check| check["code"].as_str().unwrap()).collect()
    }

    /// That is what is wrong, nothing else, and the status says so.
    fn is_wrong(&self, codes: &[&str]) {
        assert_eq!(self.wrong(), codes, "{:#}", self.told);
        assert_eq!((self.status, &self.told["well"]), (i32::from(!codes.is_empty()), &json!(codes.is_empty())));
        for check in self.told["checks"].as_array().unwrap() {
            assert_eq!(check["verdict"] == "wrong" || check["verdict"] == "note", check["change"] != "", "{check}");
        }
    }
}

/// The built program, with nothing of this one's environment. The service may be in this process: nothing waits for it.
async fn doctor(folder: &Folder, address: &str, more: &[&str]) -> Found {
    let mut command = Command::new(BINARY);
    command.env_clear().current_dir(folder.path()).args(["doctor", address, "--json"]).args(more);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{:?} {}", output.status, String::from_utf8_lossy(&output.stderr)));
    let mut codes = BTreeMap::<String, Vec<String>>::new();
    for check in told["checks"].as_array().unwrap() {
        codes.entry(check["check"].as_str().unwrap().into()).or_default().push(check["code"].as_str().unwrap().into());
    }
    Found { status: output.status.code().unwrap(), codes, told }
}

fn certified(folder: &Folder, days: i64) -> (PathBuf, PathBuf) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let (now, day) = (SystemTime::now(), Duration::from_secs(86_400));
    params.not_before = (now - 100 * day).into();
    let apart = day * u32::try_from(days.abs()).unwrap();
    params.not_after = (if days < 0 { now - apart } else { now + apart }).into();
    let (certificate_at, key_at) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    fs::write(&certificate_at, params.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(&key_at, key.serialize_pem()).unwrap();
    (certificate_at, key_at)
}

/// What a proxy makes of what is asked, and of what is answered at a path.
#[derive(Clone, Copy)]
struct Meddling {
    asked: fn(String) -> String,
    answered: fn(&str, Vec<u8>) -> Vec<u8>,
}

const HONEST: Meddling = Meddling { asked: |asked| asked, answered: |_, answer| answer };

/// Stands in front of a service, and does as it is told.
struct Proxy {
    address: String,
    meddling: Arc<Mutex<Meddling>>,
}

impl Proxy {
    /// `service`: where to, once it is there.
    async fn start(service: SocketAddr) -> Proxy {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let meddling = Arc::new(Mutex::new(HONEST));
        let told = meddling.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let meddling = *told.lock().unwrap();
                tokio::spawn(async move {
                    // Whoever hangs up in between is found by the doctor.
                    let _ended = pass(client, service, meddling).await;
                });
            }
        });
        Proxy { address, meddling }
    }

    fn does(&self, meddling: Meddling) {
        *self.meddling.lock().unwrap() = meddling;
    }
}

/// One request of a page, or a whole line. What is no HTTP is let go of.
async fn pass(mut client: TcpStream, service: SocketAddr, Meddling { asked, answered }: Meddling) -> std::io::Result<()> {
    let mut head = vec![0; 16_384];
    let count = client.read(&mut head).await?;
    let text = String::from_utf8_lossy(&head[..count]).into_owned();
    if !text.contains(" HTTP/1.1\r\n") {
        return Ok(());
    }
    let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut to = TcpStream::connect(service).await?;
    if path.starts_with("/ws/") {
        to.write_all(asked(text).as_bytes()).await?;
        return tokio::io::copy_bidirectional(&mut client, &mut to).await.map(drop);
    }
    // The service closes after its answer, so that all of it is read.
    to.write_all(asked(text).replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes()).await?;
    let mut answer = Vec::new();
    to.read_to_end(&mut answer).await?;
    client.write_all(&answered(&path, answer)).await
}

/// A service, and the proxy by which people are told to come.
async fn proxied() -> (Patient, Proxy) {
    let inner = SocketAddr::from((Ipv4Addr::LOCALHOST, free_ports().1));
    let proxy = Proxy::start(inner).await;
    let patient = Patient::start(|_, command| {
        command.env("SIDELIGHT_WEB__LISTEN", inner.to_string()).env("SIDELIGHT_WEB__PUBLIC_URL", &proxy.address);
    });
    (patient, proxy)
}

fn with_line(answer: Vec<u8>, line: &str) -> Vec<u8> {
    let at = answer.windows(2).position(|two| two == b"\r\n").unwrap();
    [&answer[..at], b"\r\n", line.as_bytes(), &answer[at..]].concat()
}

/// In the body, which is as long as before: the last of it goes.
fn replaced(answer: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let length = answer.len();
    let mut changed = String::from_utf8(answer).unwrap().replace(from, to).into_bytes();
    changed.truncate(length);
    changed
}

fn without_line(answer: Vec<u8>, begins: &str) -> Vec<u8> {
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..at]).into_owned();
    let kept: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with(begins)).collect();
    [kept.join("\r\n").as_bytes(), &answer[at..]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_well_is_said_to_be_by_a_line_each_and_status_0() {
    let patient = Patient::plain();
    let found = patient.found(&[]).await;
    found.is_wrong(&[]);
    assert_eq!(found.of("certificate"), "tls_none_here");
    for (check, code) in [("name", "name_is_address"), ("port", "port_open"), ("service", "service_ready"), ("headers", "headers_sent")] {
        assert_eq!(found.of(check), code);
    }
    for (check, code) in [("clock", "clock_right"), ("socket", "socket_opens"), ("files", "files_same"), ("call", "call_not_tried")] {
        assert_eq!(found.of(check), code);
    }
    assert_eq!(found.of("relay"), "relay_answers+relay_answers+relay_answers");
    // The same for a person.
    let (udp, tcp) = (format!("127.0.0.1:{}", patient.relay.0), format!("127.0.0.1:{}", patient.relay.1));
    let output = patient.folder.run(&["doctor", &patient.running.address, "--relay-udp", &udp, "--relay-tcp", &tcp]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.ends_with("\nAll is well, as far as could be seen from here.\n"), "{text}");
    let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), found.told["checks"].as_array().unwrap().len());
    assert!(lines.iter().all(|line| ["OK    ", "NOTE  ", "-     "].iter().any(|word| line.starts_with(word))), "{text}");
    let log = patient.running.log();
    assert!(!log.contains("127.0.0.1"), "{log}");
    // What the server prints counts in place of its own, pages too.
    let manifest = patient.folder.path().join("manifest");
    let printed = patient.folder.run(&["manifest"]).stdout;
    fs::write(&manifest, &printed).unwrap();
    let named = manifest.display().to_string();
    patient.found(&["--manifest", &named]).await.is_wrong(&[]);
    let page = String::from_utf8(printed).unwrap().lines().next().unwrap().to_owned();
    assert!(page.ends_with("  / en"), "{page}");
    let other = fs::read_to_string(&manifest).unwrap().replacen(&page[..8], "00000000", 1);
    fs::write(&manifest, other).unwrap();
    patient.found(&["--manifest", &named]).await.is_wrong(&["files_changed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_looked_at_as_browsers_do() {
    let good = Patient::sealed(90);
    let root = good.folder.path().join("certificate.pem").display().to_string();
    let found = good.found(&["--root", &root]).await;
    found.is_wrong(&[]);
    assert_eq!((found.of("certificate"), found.of("plain http")), ("certificate_good".into(), "plain_refused".into()));
    assert_eq!(found.of("relay"), "relay_answers+relay_answers+relay_answers", "the last one under TLS");
    // Nobody's, and for another name. What comes after it isn't looked at, but for what needs no certificate.
    let found = good.found(&[]).await;
    found.is_wrong(&["certificate_not_trusted"]);
    assert_eq!((found.of("files"), found.of("relay")), ("not_looked_at".into(), "relay_answers+relay_answers+not_looked_at".into()));
    let by_address = good.running.address.replace("localhost", "127.0.0.1");
    good.about(&by_address, &["--root", &root]).await.is_wrong(&["certificate_other_name"]);
    for (days, code) in [(13, "certificate_ends_soon"), (-3, "certificate_ended")] {
        let patient = Patient::sealed(days);
        let root = patient.folder.path().join("certificate.pem").display().to_string();
        patient.found(&["--root", &root]).await.is_wrong(&[code]);
    }
    // TLS asked of what speaks none.
    let plain = Patient::plain();
    let found = plain.about(&plain.running.address.replace("http", "https"), &[]).await;
    assert_eq!(found.of("certificate"), "tls_not_spoken");
    assert_eq!(found.wrong(), ["tls_not_spoken", "plain_served"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shut_or_nobody_is_told_with_what_comes_first() {
    let patient = Patient::plain();
    let (udp, tcp) = free_ports();
    let (no_udp, no_tcp) = (format!("127.0.0.1:{udp}"), format!("127.0.0.1:{tcp}"));
    let with =
        |udp: &str, tcp: &str| vec!["--relay-udp".to_owned(), udp.into(), "--relay-tcp".into(), tcp.into(), "--timeout".into(), "2".into()];
    let (its_udp, its_tcp) = (format!("127.0.0.1:{}", patient.relay.0), format!("127.0.0.1:{}", patient.relay.1));
    let ask = async |more: Vec<String>| {
        doctor(&patient.folder, &patient.running.address, &more.iter().map(String::as_str).collect::<Vec<_>>()).await
    };
    let found = ask(with(&no_udp, &its_tcp)).await;
    found.is_wrong(&["relay_shut"]);
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    ask(with(&silent.local_addr().unwrap().to_string(), &its_tcp)).await.is_wrong(&["relay_silent"]);
    // The port of the pages does as well.
    let found = ask(with(&its_udp, &no_tcp)).await;
    found.is_wrong(&[]);
    assert_eq!(found.of("relay"), "relay_answers+relay_not_needed+relay_answers");
    let found = doctor(&patient.folder, &format!("http://127.0.0.1:{tcp}"), &["--timeout", "2"]).await;
    assert_eq!((found.of("port"), found.of("files"), found.status), ("port_shut".into(), "not_looked_at".into(), 1));
    let found = doctor(&patient.folder, "https://nobody.invalid", &["--timeout", "3"]).await;
    assert!(["name_unknown", "name_silent"].contains(&found.of("name").as_str()), "{:#}", found.told);
    assert_eq!((found.of("relay"), found.status), ("not_looked_at".into(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_changes_one_thing_is_found_by_that_thing() {
    let (patient, proxy) = proxied().await;
    let found = patient.found(&[]).await;
    found.is_wrong(&[]);
    assert_eq!(found.of("relay"), "relay_answers+relay_answers+relay_web_missing", "the control, and a proxy for pages alone");
    let late = |_: &str, answer: Vec<u8>| {
        let dated = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(600);
        let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&dated).unwrap();
        with_line(without_line(answer, "date:"), &format!("date: {date}"))
    };
    let cases: [(Meddling, &str); 9] = [
        (Meddling { answered: |_, answer| without_line(answer, "x-frame-options:"), ..HONEST }, "headers_changed"),
        (Meddling { answered: |_, answer| without_line(answer, "content-security-policy:"), ..HONEST }, "headers_changed"),
        (Meddling { answered: |_, answer| with_line(answer, "referrer-policy: origin"), ..HONEST }, "headers_changed"),
        (Meddling { answered: late, ..HONEST }, "clock_wrong"),
        (
            Meddling {
                answered: |path, mut answer| {
                    if path.ends_with("/join/main.all.js") {
                        *answer.last_mut().unwrap() ^= 1;
                    }
                    answer
                },
                ..HONEST
            },
            "files_changed",
        ),
        (
            Meddling {
                answered: |path, answer| match path {
                    "/" => replaced(answer, "/assets/", "/assets/0"),
                    _ => answer,
                },
                ..HONEST
            },
            "files_other_version",
        ),
        (Meddling { asked: |asked| asked.replace("https://elsewhere.invalid", &origin_in(&asked)), ..HONEST }, "socket_any_origin"),
        (Meddling { asked: |asked| asked.replace("pgrade: websocket", "pgrade: nothing"), ..HONEST }, "socket_blocked"),
        (Meddling { answered: |_, _| b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi".to_vec(), ..HONEST }, "service_other"),
    ];
    for (meddling, code) in cases {
        proxy.does(meddling);
        patient.found(&[]).await.is_wrong(&[code]);
    }
    // The service is told of another address than people are.
    proxy.does(HONEST);
    let port = proxy.address.rsplit(':').next().unwrap();
    patient.about(&format!("http://localhost:{port}"), &[]).await.is_wrong(&["socket_origin"]);
}

/// Where this request says that it goes, as an origin.
fn origin_in(asked: &str) -> String {
    let host = asked.lines().find_map(|line| line.strip_prefix("Host: ").or_else(|| line.strip_prefix("host: ")));
    format!("http://{}", host.unwrap_or_default())
}

/// As an administrator makes it; none: not ticked for this.
async fn token(patient: &Patient, scope: &str) -> (String, crate::world::Client, String) {
    let mut sam = patient.running.practitioner().await;
    let made = sam.post("/api/tokens", json!({ "name": "Monitoring", "scopes": [scope], "days": 30 })).await.is(201);
    let file = patient.folder.path().join("token");
    fs::write(&file, format!("{}\n", made["token"].as_str().unwrap())).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    (file.display().to_string(), sam, made["id"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_tried_by_each_way_that_pages_are_told_of_and_leaves_nothing() {
    let patient = Patient::start(|_, command| {
        command.env("SIDELIGHT_RELAY__ON_WEB_PORT", "true").env("SIDELIGHT_RELAY__ADVERTISE", "[\"127.0.0.1\"]");
    });
    let (file, mut sam, id) = token(&patient, "doctor:call").await;
    let today = format!("/api/contacts?from={}&to={}", now() - 86_400, now() + 86_400);
    let planned = sam.plan(details("QX-1")).await;
    let found = patient.found(&["--token", &file]).await;
    found.is_wrong(&[]);
    assert_eq!(found.of("relay"), "relay_answers+relay_answers+relay_answers");
    assert_eq!(found.of("call"), "call_good+call_good+call_good");
    let says = found.told["checks"].as_array().unwrap().iter().filter(|check| check["check"] == "call");
    assert!(
        says.map(|check| check["says"].as_str().unwrap()).all(|says| says.contains("of 50 pieces 50 arrived one way and 50 the other"))
    );
    // No contact, and nobody but the token in the audit and the log.
    let listed = sam.get(&today).await.is(200);
    let ids: Vec<&Value> = listed["contacts"].as_array().unwrap().iter().map(|contact| &contact["id"]).collect();
    assert_eq!(ids, [&json!(planned)], "the control's alone");
    let audit = sam.get("/api/audit").await.is(200);
    let what: Vec<&str> = audit["entries"].as_array().unwrap().iter().map(|entry| entry["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["api_token_made"]);
    assert!(!patient.running.log().contains("sl_"));
    // Not from others' files, not when it has ended, and not another one.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let output = patient.folder.run(&["doctor", &patient.running.address, "--token", &file]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    sam.json(reqwest::Method::DELETE, &format!("/api/tokens/{id}"), Value::Null).await.is(204);
    let found = patient.found(&["--token", &file]).await;
    found.is_wrong(&["call_token_refused"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_something_else_tries_no_call_and_goes_to_nobody_who_isnt_trusted() {
    let patient = Patient::start(|_, command| {
        command.env("SIDELIGHT_RELAY__ADVERTISE", "[\"127.0.0.1\"]");
    });
    let (file, mut sam, _) = token(&patient, "doctor:call").await;
    let found = patient.found(&["--token", &file]).await;
    found.is_wrong(&[]);
    assert_eq!(
        (found.of("relay"), found.of("call")),
        ("relay_answers+relay_answers+relay_web_untold".into(), "call_good+call_good".into())
    );
    let made = sam.post("/api/tokens", json!({ "name": "Monitoring", "scopes": ["usage:read"], "days": 30 })).await.is(201);
    fs::write(&file, made["token"].as_str().unwrap()).unwrap();
    let found = patient.found(&["--token", &file]).await;
    assert_eq!((found.of("relay"), found.of("call")), ("not_looked_at".into(), "call_token_refused".into()));
    let sealed = Patient::sealed(90);
    let found = sealed.found(&["--token", &file]).await;
    assert_eq!((found.of("certificate"), found.of("call")), ("certificate_not_trusted".into(), "not_looked_at".into()));
    // Nor to whatever else has the port. The control: the service itself is sent it.
    let (own, other) = (listened_to(true).await, listened_to(false).await);
    for (address, _) in [&own, &other] {
        patient.about(address, &["--token", &file]).await;
    }
    let brought = |heard: &Heard| heard.lock().unwrap().contains("Bearer sl_");
    assert!(other.1.lock().unwrap().contains("GET /healthz "));
    assert_eq!((brought(&own.1), brought(&other.1)), (true, false));
}

type Heard = Arc<Mutex<String>>;

/// Somebody who answers like the service as far as "alive" and "ready" go, or doesn't, and what they were asked.
async fn listened_to(alike: bool) -> (String, Heard) {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let (address, heard) = (format!("http://{}", listener.local_addr().unwrap()), Heard::default());
    let told = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut head = vec![0; 16_384];
            let Ok(count) = client.read(&mut head).await else { continue };
            let text = String::from_utf8_lossy(&head[..count]).into_owned();
            let body = match text.split(' ').nth(1) {
                Some("/healthz") if alike => "alive\n",
                Some("/readyz") if alike => "ready\n",
                _ => "hi",
            };
            told.lock().unwrap().push_str(&text);
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
            let _gone = client.write_all(answer.as_bytes()).await;
        }
    });
    (address, heard)
}

/// Between phones and the relay's UDP, at another address of this machine: lets go of what `drops` says, by the number of whoever sends
/// (from 0, as they come) and the first byte.
async fn between(relay: u16, drops: Drops) {
    let front = Arc::new(tokio::net::UdpSocket::bind((Ipv4Addr::new(127, 0, 0, 2), relay)).await.unwrap());
    tokio::spawn(async move {
        let mut known: Vec<(SocketAddr, Arc<tokio::net::UdpSocket>)> = Vec::new();
        let mut datagram = [0; 2_048];
        while let Ok((count, from)) = front.recv_from(&mut datagram).await {
            let number = match known.iter().position(|(client, _)| *client == from) {
                Some(number) => number,
                None => {
                    let onward = Arc::new(tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap());
                    onward.connect((Ipv4Addr::LOCALHOST, relay)).await.unwrap();
                    known.push((from, onward.clone()));
                    let front = front.clone();
                    tokio::spawn(async move {
                        let mut datagram = [0; 2_048];
                        while let Ok(count) = onward.recv(&mut datagram).await {
                            front.send_to(&datagram[..count], from).await.unwrap();
                        }
                    });
                    known.len() - 1
                }
            };
            if !drops(number, datagram[0]) {
                known[number].1.send(&datagram[..count]).await.unwrap();
            }
        }
    });
}

const DATA: u8 = 0x40;

type Drops = fn(usize, u8) -> bool;

#[tokio::test(flavor = "multi_thread")]
async fn what_doesnt_arrive_is_told_though_the_relay_answers() {
    // The first who sends is the stranger who looks whether it answers, the next two are the call's ends.
    let cases: [(Drops, &[&str]); 3] = [
        (|_, _| false, &[]),
        (|_, first| first == DATA, &["call_nothing"]),
        (|number, first| number == 1 && first == DATA, &["call_one_way"]),
    ];
    for (drops, codes) in cases {
        let patient = Patient::start(|_, command| {
            command.env("SIDELIGHT_RELAY__ON_WEB_PORT", "true").env("SIDELIGHT_RELAY__ADVERTISE", "[\"127.0.0.2\"]");
        });
        between(patient.relay.0, drops).await;
        let (file, ..) = token(&patient, "doctor:call").await;
        let found = patient.found(&["--token", &file]).await;
        found.is_wrong(codes);
        assert_eq!(found.of("relay"), "relay_answers+relay_not_needed+relay_answers");
        assert!(found.of("call").ends_with("+call_good"), "by the port of the pages: {:#}", found.told);
    }
}

/// Answers everybody's every question with a success.
async fn generous() -> String {
    let socket = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = socket.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let mut datagram = [0; 2_048];
        while let Ok((count, from)) = socket.recv_from(&mut datagram).await {
            let asked = Message::from_bytes(&datagram[..count]).unwrap();
            let mut answer = Message::builder_success(&asked, MessageWriteVec::new());
            answer.add_attribute(&XorMappedAddress::new(from, asked.transaction_id())).unwrap();
            socket.send_to(&answer.finish(), from).await.unwrap();
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_carries_anybodys_data_and_what_is_none_are_told_apart() {
    let patient = Patient::plain();
    let tcp = format!("127.0.0.1:{}", patient.relay.1);
    let open = generous().await;
    doctor(&patient.folder, &patient.running.address, &["--relay-udp", &open, "--relay-tcp", &tcp]).await.is_wrong(&["relay_open"]);
    // One that says back what was said.
    let echo = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let at = echo.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let mut datagram = [0; 2_048];
        while let Ok((count, from)) = echo.recv_from(&mut datagram).await {
            echo.send_to(&datagram[..count], from).await.unwrap();
        }
    });
    doctor(&patient.folder, &patient.running.address, &["--relay-udp", &at, "--relay-tcp", &tcp]).await.is_wrong(&["relay_other"]);
}

#[test]
fn bad_use_ends_with_2_and_one_line() {
    let folder = Folder::new();
    fs::write(folder.path().join("text"), "no manifest, no certificate").unwrap();
    let cases: [(&[&str], &str); 8] = [
        (&["call.example.org"], "doctor: found \"call.example.org\"; allowed: https://HOST"),
        (&["https://a.org/desk"], "doctor: found \"https://a.org/desk\""),
        (&["https://a.org", "--timeout", "0"], "error: invalid value '0' for '--timeout <SECONDS>'"),
        (&["https://a.org", "--relay-udp", "a.org"], "--relay-udp: found \"a.org\"; allowed: HOST:PORT"),
        (&["https://a.org", "--manifest", "text"], "--manifest: found something else than `sidelight manifest` prints"),
        (&["https://a.org", "--manifest", "none"], "--manifest: found \"none\", which can't be read"),
        (&["https://127.0.0.1", "--root", "text"], "--root: found text: holds no certificate; allowed: a PEM file"),
        (&[], "error: the following required arguments were not provided:"),
    ];
    for (arguments, begins) in cases {
        let output = folder.run(&[&["doctor"], arguments].concat());
        let lines = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len(), lines.lines().count()), (Some(2), 0, 1), "{arguments:?} {lines}");
        assert!(lines.starts_with(begins), "{lines}");
    }
}
