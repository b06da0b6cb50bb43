//! What pages say, set by administrators: from the next load on, and after a restart too.

use crate::world::{Client, Folder, Running};
use reqwest::Method;
use serde_json::{Value, json};

const FIRST: &str = "01632 960 001";
const SECOND: &str = "01632 960 002";
const REASON: &str = "The line has moved";

async fn page(client: &mut Client) -> String {
    String::from_utf8(client.get("/").await.bytes).unwrap()
}

fn start(folder: &Folder, pinned: &str) -> Running {
    Running::start_with(folder, |command| {
        command.env("SIDELIGHT_PAGES__NUMBER", FIRST).env("SIDELIGHT_PAGES__PINNED", pinned);
    })
}

fn with(words: &Value, name: &str, value: Value) -> Value {
    let mut words = words.clone();
    words[name] = value;
    json!({ "words": words, "reason": REASON })
}

#[tokio::test]
async fn a_number_that_was_set_stands_on_the_next_page_and_after_a_restart() {
    let folder = Folder::new();
    let running = start(&folder, "false");
    let (mut sam, mut phone) = (running.practitioner().await, running.client());
    let first = phone.get("/").await;
    let tag = first.header("etag").to_owned();
    let had = [("if-none-match", tag.as_str())];
    assert_eq!(
        phone.send(Method::GET, "/", &had, Vec::new()).await.status.as_u16(),
        304,
        "the control: it is matched as long as it is true"
    );

    let shown = sam.get("/api/pages").await.is(200);
    assert_eq!((&shown["words"]["number"], &shown["set_here"], &shown["pinned"]), (&json!(FIRST), &json!([]), &json!(false)));
    let said = sam.put("/api/pages", with(&shown["words"], "number", json!(SECOND))).await.is(200);
    assert_eq!((&said["words"]["number"], &said["set_here"]), (&json!(SECOND), &json!(["number"])));
    assert_eq!((&said["changes"][0]["reason"], &said["changes"][0]["changed"]), (&json!(REASON), &json!(["number"])));

    let again = phone.send(Method::GET, "/", &had, Vec::new()).await;
    assert_eq!(again.status.as_u16(), 200, "an old tag is matched");
    assert_ne!(again.header("etag"), tag);
    let text = String::from_utf8(again.bytes.clone()).unwrap();
    assert!(text.contains(&format!("tel:{SECOND}")) && !text.contains(FIRST));
    let compressed = phone.send(Method::GET, "/", &[("accept-encoding", "br")], Vec::new()).await;
    assert_ne!(compressed.header("etag"), again.header("etag"));

    // What is printed for comparing is what is served, while it runs and after.
    let hash = data_encoding::HEXLOWER.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &again.bytes).as_ref());
    let manifest = || {
        let mut command = folder.command();
        command.env("SIDELIGHT_PAGES__NUMBER", FIRST).args(["manifest", "--data"]).arg(folder.data());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(manifest().contains(&format!("{hash}  / en\n")), "{}", manifest().lines().next().unwrap_or_default());

    running.stop();
    let running = start(&folder, "false");
    assert!(page(&mut running.client()).await.contains(SECOND));
    running.stop();
    let pinned = start(&folder, "true");
    let text = page(&mut pinned.client()).await;
    assert!(text.contains(FIRST) && !text.contains(SECOND), "only the configuration's counts");
}

#[tokio::test]
async fn what_was_before_can_be_put_back_and_the_audit_has_both() {
    let folder = Folder::new();
    let running = start(&folder, "false");
    let (mut sam, mut phone) = (running.practitioner().await, running.client());
    sam.json(Method::DELETE, "/api/pages", Value::Null).await.refused(409, "nothing_to_undo");
    let words = sam.get("/api/pages").await.is(200)["words"].clone();
    sam.put("/api/pages", with(&words, "title", json!("<Post> & more"))).await.is(200);
    assert!(page(&mut phone).await.contains("<title>&lt;Post&gt; &amp; more</title>"));
    let back = sam.json(Method::DELETE, "/api/pages", Value::Null).await.is(200);
    assert_eq!((&back["words"], &back["set_here"], &back["changes"][0]["reason"]), (&words, &json!([]), &json!("Taken back")));
    assert!(page(&mut phone).await.contains("<title>Hello</title>"));
    let audit = sam.get("/api/audit").await;
    let audit = String::from_utf8(audit.bytes).unwrap();
    assert_eq!(audit.matches("setting_changed").count(), 2, "{audit}");
}

#[tokio::test]
async fn what_tells_is_no_number_or_has_no_reason_is_refused_and_pages_stay_as_they_were() {
    let folder = Folder::new();
    let running = start(&folder, "false");
    let (mut sam, mut phone) = (running.practitioner().await, running.client());
    let before = page(&mut phone).await;
    let words = sam.get("/api/pages").await.is(200)["words"].clone();
    let outside = json!([{ "label": "Evenings", "number": "nobody", "answered": "" }]);
    for (name, value, code, field) in [
        ("title", json!("Your social worker"), "text_telling", "title"),
        ("desk_title", json!("Crisis team"), "text_telling", "desk_title"),
        ("calendar_title", json!("x".repeat(41)), "text_form", "calendar_title"),
        ("neutral_page", json!("javascript:alert(1)"), "address_form", "neutral_page"),
        ("number", json!("call us"), "number_form", "number"),
        ("outside", outside, "number_form", "outside_0_number"),
        ("number", json!(FIRST), "nothing_changed", "words"),
    ] {
        let reply = sam.put("/api/pages", with(&words, name, value)).await;
        reply.refused(422, code);
        assert_eq!(serde_json::from_slice::<Value>(&reply.bytes).unwrap()["field"], field);
    }
    let mut short = with(&words, "number", json!(SECOND));
    short["reason"] = json!("short");
    sam.put("/api/pages", short).await.refused(422, "reason_short");
    assert_eq!(page(&mut phone).await, before);
    sam.put("/api/pages", with(&words, "number", json!(SECOND))).await.is(200);
    assert_ne!(page(&mut phone).await, before, "the control: it can be taken");
}

#[tokio::test]
async fn what_is_pinned_is_shown_and_not_changed() {
    let folder = Folder::new();
    let running = start(&folder, "true");
    let mut sam = running.practitioner().await;
    let shown = sam.get("/api/pages").await.is(200);
    assert_eq!(shown["pinned"], true);
    sam.put("/api/pages", with(&shown["words"], "number", json!(SECOND))).await.refused(409, "pages_pinned");
    sam.json(Method::DELETE, "/api/pages", Value::Null).await.refused(409, "pages_pinned");
}

#[tokio::test]
async fn the_preview_runs_nothing_is_framed_by_our_own_pages_alone_and_changes_nothing() {
    let folder = Folder::new();
    let running = start(&folder, "false");
    let mut sam = running.practitioner().await;
    let preview = sam.get("/api/pages/preview?number=01632%20960%20002&title=Crisis&nothing=1").await;
    let policy = preview.header("content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src ") && policy.ends_with("frame-ancestors 'self'; sandbox"), "{policy}");
    assert!(!policy.contains("script-src") && preview.header("x-frame-options") == "SAMEORIGIN");
    let text = String::from_utf8(preview.bytes).unwrap();
    assert!(text.contains(SECOND) && text.contains("<title>Hello</title>"), "what couldn't be saved isn't shown");
    assert!(!text.contains("<script") && text.contains(" inert>"));
    let page = running.client().get("/").await;
    assert_eq!(page.header("x-frame-options"), "DENY", "and no page is framed by anybody");
    assert!(String::from_utf8(page.bytes).unwrap().contains(FIRST));
    running.client().get("/api/pages/preview").await.refused(401, "not_signed_in");
    let admin = running.client().get("/admin").await.header("content-security-policy").to_owned();
    assert!(admin.contains("; frame-src 'self';") && admin.contains("frame-ancestors 'none'"), "{admin}");
}
