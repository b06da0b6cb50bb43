//! The built binary without a browser: its start and end, and its pages as robots and phones first meet them.

use futures_util::{SinkExt, StreamExt};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, COOKIE, ORIGIN, SET_COOKIE, USER_AGENT};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::process::Program;
use sidelight_e2e::service::{Service, Settings, binary};
use sidelight_e2e::world::World;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::process::Command;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// An invitation id, as a desk's browser would derive it from a link.
const INVITATION: &str = "0123456789abcdef0123456789abcdef";

/// A desk without a page: what the practitioner's browser sends.
struct Staff {
    client: Client,
    service: String,
    cookie: String,
}

impl Staff {
    async fn first(service: &Service) -> Staff {
        let link = service.first_link().await;
        let token = link.rsplit("first=").next().expect("the link has a token");
        let client = Client::new();
        let body = json!({ "token": token, "name": "Sam Rivers", "email": "sam@example.org", "password": "quiet harbour lantern 42", "practitioner": true });
        let reply = client
            .post(format!("{}/api/staff/first", service.url()))
            .header(ORIGIN, service.url())
            .json(&body)
            .send()
            .await
            .expect("answers");
        assert_eq!(reply.status(), StatusCode::OK);
        let cookie = reply.headers()[SET_COOKIE].to_str().expect("is text").split(';').next().expect("has a value").to_owned();
        Staff { client, service: service.url().to_owned(), cookie }
    }

    /// Plans a contact with an invitation; the contact's id.
    async fn invite(&self, invitation: &str) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        let details = json!({
            "reference": "JT-4471", "greeting": null, "practitioner": "Sam", "starts_at": now, "minutes": 30,
            "ways": ["video", "voice", "text"], "waiting_words": null, "word": null, "response": null,
        });
        let made = self.send(self.client.post(format!("{}/api/contacts", self.service)), json!({ "details": details })).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let made: Value = made.json().await.expect("is JSON");
        let id = made["id"].as_str().expect("has an id").to_owned();
        let put = self.client.put(format!("{}/api/contacts/{id}/invitation", self.service));
        assert_eq!(self.send(put, json!({ "invitation": invitation })).await.status(), StatusCode::NO_CONTENT);
        id
    }

    async fn send(&self, request: reqwest::RequestBuilder, body: Value) -> reqwest::Response {
        request.header(ORIGIN, &self.service).header(COOKIE, &self.cookie).json(&body).send().await.expect("answers")
    }
}

async fn redeem(service: &Service, invitation: &str) -> reqwest::Response {
    let request = Client::new().post(format!("{}/api/redeem", service.url())).header(ORIGIN, service.url());
    request.json(&json!({ "invitation": invitation })).send().await.expect("answers")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_ready_within_a_second() {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let data = Folder::new("start");
        let start = Instant::now();
        let service = Service::start(&Settings::new(data.path(), "http://127.0.0.1:9/weather")).await;
        best = best.min(start.elapsed());
        assert_eq!(service.stop().await, Some(0));
    }
    assert!(best < Duration::from_secs(1), "{best:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_response_fits_in_14_000_bytes_and_reads_by_itself() {
    let world = World::new().await;
    let reply = Client::new().get(world.service.url()).header(ACCEPT_ENCODING, "br, gzip").send().await.expect("answers");
    assert_eq!(reply.headers()[CONTENT_ENCODING], "br");
    let head: usize = reply.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    let size = reply.bytes().await.expect("has a body").len();
    println!("first response: {head} + {size} bytes");
    assert!(head + size <= 14_000, "{head} + {size} bytes");
    let page = reqwest::get(world.service.url()).await.expect("answers").text().await.expect("is text");
    for part in [sidelight_e2e::words::say("join.hello.text"), sidelight_e2e::words::say("join.leave"), "<style>"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("rel=\"stylesheet\""), "its style is inside");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_previews_by_robots_spend_no_link() {
    let world = World::new().await;
    Staff::first(&world.service).await.invite(INVITATION).await;
    let client = Client::new();
    let robots = ["WhatsApp/2.23", "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; bingbot/2.0)", "Slackbot-LinkExpanding 1.0"];
    for at in 0..1000 {
        let path = ["/", "/api/redeem", "/desk", "/api/leave"][at % 4];
        let url = format!("{}{path}", world.service.url());
        let request = if at % 2 == 0 { client.get(url) } else { client.head(url) };
        let reply = request.header(USER_AGENT, robots[at % 3]).send().await.expect("answers");
        assert!(!reply.status().is_server_error(), "{path}: {}", reply.status());
    }
    assert_eq!(redeem(&world.service, INVITATION).await.status(), StatusCode::OK);
    assert_eq!(redeem(&world.service, "ffffffffffffffffffffffffffffffff").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_tells_the_pages_back_in_a_moment() {
    let world = World::new().await;
    Staff::first(&world.service).await.invite(INVITATION).await;
    let redeemed: Value = redeem(&world.service, INVITATION).await.json().await.expect("is JSON");
    let mut request = world.service.url().replace("http://", "ws://").into_client_request().expect("is an address");
    *request.uri_mut() = format!("{}/ws/guest", world.service.url().replace("http://", "ws://")).parse().expect("is an address");
    request.headers_mut().insert(ORIGIN, world.service.url().parse().expect("is a header"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("opens");
    let hello = json!({ "type": "hello", "protocol": sidelight_protocol::PROTOCOL, "session": redeemed["session"], "tab": "one" });
    socket.send(hello.to_string().into()).await.expect("sends");
    let welcome = socket.next().await.expect("answers").expect("is a message");
    assert!(welcome.to_text().expect("is text").contains("welcome"), "{welcome}");

    let start = Instant::now();
    let stopped = tokio::spawn(world.service.stop());
    let mut heard = Vec::new();
    while let Some(Ok(message)) = socket.next().await {
        heard.push(message.to_string());
    }
    assert!(heard.iter().any(|message| message.contains("back_in_a_moment")), "{heard:?}");
    assert_eq!(stopped.await.expect("doesn't panic"), Some(0));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_ends_the_start_with_one_line_that_names_it() {
    for (key, value) in [("web.listen", "nonsense"), ("relay.udp_port", "70000"), ("pages.neutral_page", "javascript:alert(1)")] {
        let data = Folder::new("wrong");
        let mut command = Command::new(binary());
        command.env(format!("SIDELIGHT_{}", key.to_uppercase().replace('.', "__")), value).env("SIDELIGHT_DATA__DIRECTORY", data.path());
        let mut program = Program::start("sidelight", &mut command);
        assert_eq!(program.ended(Duration::from_secs(5)).await, Some(2), "{key}");
        let lines = program.output().lines();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(key) && lines[0].contains(value), "{lines:?}");
    }
}

/// The lines of a manifest that aren't what the service sends.
async fn differing(manifest: &str, service: &str) -> Vec<String> {
    let client = Client::new();
    let mut differing = vec![];
    for line in manifest.lines() {
        let (hash, place) = line.split_once("  ").expect("a hash and a place");
        let (path, language) = place.split_once(' ').unwrap_or((place, "en"));
        let sent = client.get(format!("{service}{path}")).header("accept-language", language).send().await.expect("answers");
        let bytes = sent.bytes().await.expect("is sent whole");
        let found = data_encoding::HEXLOWER.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes).as_ref());
        if found != hash {
            differing.push(place.to_owned());
        }
    }
    differing
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_names_every_byte_that_is_served_and_a_changed_one_is_found() {
    let (data, changed) = (Folder::new("manifest"), Folder::new("changed"));
    let settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
    let manifest = settings.run(&["manifest"]).await;
    for needed in ["  / en\n", "  /desk en\n", "/parts/sealing.js\n", "/call/peer.js\n", "/join/more.js\n"] {
        assert!(manifest.contains(needed), "{needed} in {manifest}");
    }
    let service = Service::start(&settings).await;
    assert_eq!(differing(&manifest, service.url()).await, [""; 0]);
    // The page asks for nothing else: each of its scripts and styles stands in the manifest.
    let page = Client::new().get(service.url()).send().await.expect("answers").text().await.expect("is text");
    for address in page.split('"').filter(|part| part.starts_with("/assets/")) {
        assert!(manifest.contains(&format!("  {address}\n")), "{address}");
    }

    // The control: a service that was changed by one letter of one script.
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../web-client"), changed.path());
    let script = changed.path().join("call/peer.js");
    let text = std::fs::read_to_string(&script).expect("is text");
    std::fs::write(&script, text.replacen("relay", "relax", 1)).expect("is written");
    drop(service);
    let mut settings = settings;
    settings.set("web.assets", &changed.path().display().to_string());
    let service = Service::start(&settings).await;
    assert!(differing(&manifest, service.url()).await.iter().any(|place| place.ends_with("/call/peer.js")));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder is made");
    for entry in std::fs::read_dir(from).expect("a folder is read") {
        let path = entry.expect("a folder is read to its end").path();
        let target = to.join(path.file_name().expect("has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a file is copied");
        }
    }
}
