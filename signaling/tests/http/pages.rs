//! Pages and assets: what they weigh, how they are kept, what goes with them.

use crate::world::{Client, Folder, Running, details, invitation};
use reqwest::Method;
use serde_json::json;
use std::fs;
use std::process::Command;

/// The assets' folder that a page names.
async fn assets(client: &mut Client) -> String {
    let page = String::from_utf8(client.get("/").await.bytes).unwrap();
    let hash = page.split("/assets/").nth(1).unwrap().split('/').next().unwrap();
    format!("/assets/{hash}")
}

#[tokio::test]
async fn the_first_response_is_small_and_names_nobody() {
    let folder = Folder::new();
    let running = Running::start_with(&folder, |command| {
        command.env("SIDELIGHT_PAGES__NUMBER", "01632 960 001").env("SIDELIGHT_PAGES__NEUTRAL_PAGE", "https://weather.example/?a&b");
    });
    let mut client = running.client();
    let plain = client.get("/").await;
    let page = String::from_utf8(plain.bytes.clone()).unwrap();
    assert!(page.contains("01632 960 001") && page.contains("href=\"https://weather.example/?a&amp;b\""));
    assert!(!page.contains("{{"), "a placeholder is left");
    for word in ["Sidelight", "abuse", "social service", "safeguarding", "victim"] {
        assert!(!page.to_lowercase().contains(&word.to_lowercase()), "{word}");
    }
    assert!(!running.log().contains("pages.number"), "a warning in spite of a number");
    let compressed = client.send(Method::GET, "/", &[("accept-encoding", "gzip, br")], Vec::new()).await;
    assert_eq!((compressed.header("content-encoding"), plain.header("content-encoding")), ("br", ""));
    let heads: usize = compressed.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    println!("first response: {} bytes and {heads} of headers; {} plain", compressed.bytes.len(), plain.bytes.len());
    assert!(compressed.bytes.len() + heads <= 14_000, "{} and {heads} of headers", compressed.bytes.len());
}

#[tokio::test]
async fn each_response_has_its_headers() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut client = running.client();
    let script = format!("{}/join/first.js", assets(&mut client).await);
    for path in ["/", "/desk", "/admin", &script, "/api/staff/me", "/nothing", "/healthz"] {
        let reply = client.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(reply.header("permissions-policy").starts_with("camera=(self), microphone=(self), "), "{path}");
        assert!(reply.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(
            reply.header("cache-control"),
            if path == script { "public, max-age=31536000, immutable" } else { "no-store" },
            "{path}"
        );
        assert_eq!(reply.header("strict-transport-security"), "", "not without TLS: {path}");
        assert_eq!(reply.header("server"), "", "{path}");
        assert!(reply.headers.get("set-cookie").is_none(), "{path}");
    }
    for path in ["/", "/desk", "/admin"] {
        let reply = client.get(path).await;
        let policy = reply.header("content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'") && policy.contains("; style-src 'self'"), "{policy}");
        let sockets = running.address.replace("http", "ws");
        assert!(policy.contains(&format!("connect-src 'self' {sockets} {}", sockets.replace("127.0.0.1", "localhost"))), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let page = String::from_utf8(reply.bytes).unwrap();
        assert!(!page.contains(" style="), "a style attribute in {path}");
        // What stands in the page is named by its hash, and nothing is named that doesn't stand there.
        let mut named = 0;
        for element in ["style", "script"] {
            let rule = policy.split("; ").find(|rule| rule.starts_with(&format!("{element}-src "))).unwrap();
            for text in page.split(&format!("<{element}>")).skip(1).map(|rest| rest.split(&format!("</{element}>")).next().unwrap()) {
                let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
                let hash = data_encoding::BASE64.encode(hash.as_ref());
                assert!(rule.contains(&format!("'sha256-{hash}'")), "a {element} of {path} would be refused");
                named += 1;
            }
        }
        assert_eq!(policy.matches("'sha256-").count(), named, "{path}: {policy}");
        // Every other script is data or comes from the assets.
        for script in page.split("<script").skip(1).map(|rest| rest.split('>').next().unwrap()).filter(|script| !script.is_empty()) {
            assert!(script.contains("type=\"application/json\"") || script.contains("src=\"/assets/"), "{path}: <script{script}>");
        }
    }
    let tls = Folder::new();
    let running = Running::start_with(&tls, |command| {
        command.env("SIDELIGHT_WEB__PUBLIC_URL", "https://call.example.org");
    });
    assert_eq!(running.address, "https://call.example.org");
}

#[tokio::test]
async fn assets_are_kept_for_good_under_the_hash_of_today_and_asked_again_under_any_other() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut client = running.client();
    let base = assets(&mut client).await;
    let current = client.get(&format!("{base}/parts/socket.js")).await;
    assert_eq!(current.header("content-type"), "text/javascript; charset=utf-8");
    let old = client.get("/assets/0000000000000000/parts/socket.js").await;
    assert_eq!((old.status.as_u16(), old.header("cache-control")), (200, "no-cache"));
    assert_eq!(old.bytes, current.bytes);
    let tag = old.header("etag").to_owned();
    let again = client.send(Method::GET, "/assets/0/parts/socket.js", &[("if-none-match", &tag)], Vec::new()).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    let br = [("accept-encoding", "br"), ("if-none-match", tag.as_str())];
    let compressed = client.send(Method::GET, "/assets/0/parts/socket.js", &br, Vec::new()).await;
    assert_eq!((compressed.status.as_u16(), compressed.header("content-encoding")), (200, "br"), "another form, another tag");
    assert!(compressed.bytes.len() < current.bytes.len() && compressed.header("vary").contains("accept-encoding"));
    client.get(&format!("{base}/parts/protocol.d.ts")).await.refused(404, "not_found");
    client.get(&format!("{base}/package.json")).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_folder_is_served_as_it_is_now() {
    let folder = Folder::new();
    let client_files = folder.path().join("client");
    fs::create_dir_all(client_files.join("join")).unwrap();
    fs::create_dir_all(client_files.join("words")).unwrap();
    fs::write(client_files.join("words/en.json"), "{\"lang\":\"en\",\"hello\":\"Hello\"}").unwrap();
    fs::write(client_files.join("join/index.html"), "<html lang=\"{{words.lang}}\"><a href=\"{{assets}}/a.js\">{{words.hello}}</a>")
        .unwrap();
    fs::write(client_files.join("a.js"), "one").unwrap();
    let running = Running::start_with(&folder, |command| {
        command.env("SIDELIGHT_WEB__ASSETS", client_files.display().to_string());
    });
    let mut client = running.client();
    let before = assets(&mut client).await;
    assert_eq!(client.get(&format!("{before}/a.js")).await.bytes, b"one");
    fs::write(client_files.join("a.js"), "two").unwrap();
    let after = assets(&mut client).await;
    assert_ne!(before, after);
    assert_eq!(client.get(&format!("{after}/a.js")).await.bytes, b"two");
    let late = client.get(&format!("{before}/a.js")).await;
    assert_eq!((late.bytes.as_slice(), late.header("cache-control")), (&b"two"[..], "no-cache"));
    client.get("/desk").await.refused(500, "broken");
    fs::write(client_files.join("join/index.html"), "{{words.no}}").unwrap();
    client.get("/").await.refused(500, "broken");
    assert!(running.log().contains("{{words.no}}: no such word"));
}

#[tokio::test]
async fn a_thousand_robots_that_look_at_the_link_change_nothing() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471")).await;
    let link = invitation();
    sam.put(&format!("/api/contacts/{id}/invitation"), json!({ "invitation": link })).await.is(204);
    // All that is in the databases, but for what the service writes by itself every ten seconds: that it is there.
    let kept = || {
        let dumped = |file: &str| {
            let all = Command::new("sqlite3").arg(folder.data().join(file)).arg(".dump").output().expect("tests/run installs sqlite3");
            assert!(all.status.success(), "{}", String::from_utf8_lossy(&all.stderr));
            String::from_utf8_lossy(&all.stdout).into_owned()
        };
        let all = ["records.db", "keys.db"].map(dumped).concat();
        all.lines().filter(|line| !line.starts_with("INSERT INTO marks_of_life")).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = kept();
    let robots = [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) SafeLinks",
        "TelegramBot (like TwitterBot)",
    ];
    let mut robot = running.client();
    for count in 0..1000 {
        let agent = [("user-agent", robots[count % robots.len()])];
        // Browsers don't send the fragment; a robot that puts the link into the address instead gets the same page.
        let path = if count % 7 == 0 { format!("/?link={link}") } else { "/".to_owned() };
        let method = if count % 2 == 0 { Method::GET } else { Method::HEAD };
        let reply = robot.send(method, &path, &agent, Vec::new()).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.bytes.is_empty(), count % 2 == 1);
    }
    assert!(robot.cookies.is_empty(), "a service user got a cookie");
    for path in ["/api/redeem", "/api/leave", "/api/staff/sign-out"] {
        robot.get(path).await.refused(405, "bad_method");
    }
    assert!(kept() == before, "something was written");
    let redeemed = running.client().post("/api/redeem", json!({ "invitation": link })).await;
    assert!(redeemed.is(200)["session"].is_string(), "the real join doesn't work any more");
    assert!(kept() != before, "the control: redeeming writes");
}
