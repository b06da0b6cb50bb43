//! The second step of signing in: adding it, codes that work once, those that stand in, who must have it, and guessers.

use crate::sockets::desk;
use crate::world::{Client, Folder, PASSWORD, Reply, Running, now};
use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/api/staff/second-factor";

/// The code of RFC 6238 at this time, computed here and not by the service's library.
pub fn code(secret: &str, time: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &BASE32_NOPAD.decode(secret.as_bytes()).unwrap());
    let tag = hmac::sign(&key, &(time / 30).to_be_bytes());
    let from = usize::from(tag.as_ref()[19] & 15);
    let number = u32::from_be_bytes(tag.as_ref()[from..from + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn sign_in(client: &mut Client, password: &str, code: Option<&str>) -> Reply {
    client.post("/api/staff/sign-in", json!({ "email": "sam@example.org", "password": password, "code": code })).await
}

/// Adds the second step; the secret and the codes that stand in. The time of the code that confirmed it is `now` or a little later.
pub async fn enrolled(client: &mut Client) -> (String, Vec<String>) {
    let begun = client.post(PATH, json!({ "password": PASSWORD })).await.is(200);
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let confirmed = client.put(PATH, json!({ "code": code(&secret, now()) })).await.is(200);
    let codes = confirmed["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
    (secret, codes.collect())
}

/// Everything in the data folder, as it lies there.
fn on_disk(folder: &Folder) -> Vec<u8> {
    let files = std::fs::read_dir(folder.data()).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn a_code_is_asked_for_after_the_password_and_works_once() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    assert_eq!(sam.get(PATH).await.is(200), json!({ "on": false, "required": false, "codes_left": 0, "password": true }));
    sam.post(PATH, json!({ "password": "wrong wrong wrong" })).await.refused(403, "password_refused");
    let begun = sam.post(PATH, json!({ "password": PASSWORD })).await.is(200);
    let secret = begun["secret"].as_str().unwrap();
    assert!(begun["qr"]["size"].as_u64().is_some_and(|size| size > 20));
    // Until a code has shown that it works, nothing is asked for.
    let mut elsewhere = running.client();
    sign_in(&mut elsewhere, PASSWORD, None).await.is(200);
    let mut open = desk(&elsewhere, "tab").await;
    open.next("ready").await;
    sam.put(PATH, json!({ "code": code(secret, now() + 3600) })).await.refused(422, "code_refused");
    let first = code(secret, now());
    let codes = sam.put(PATH, json!({ "code": first })).await.is(200)["codes"].clone();
    assert_eq!((codes.as_array().unwrap().len(), sam.get(PATH).await.is(200)["codes_left"].as_u64()), (10, Some(10)));
    sam.put(PATH, json!({ "code": code(secret, now() + 30) })).await.refused(422, "code_refused");
    sam.post(PATH, json!({ "password": PASSWORD })).await.refused(409, "second_factor_on");
    // Whoever had the password alone is out.
    assert_eq!(open.next("bye").await["reason"], "no_session");
    elsewhere.get("/api/staff/me").await.refused(401, "not_signed_in");

    let mut client = running.client();
    sign_in(&mut client, PASSWORD, None).await.refused(401, "code_needed");
    sign_in(&mut client, PASSWORD, Some(" ")).await.refused(401, "code_needed");
    sign_in(&mut client, "wrong wrong wrong", Some(&first)).await.refused(401, "sign_in_refused");
    sign_in(&mut client, PASSWORD, Some(&first)).await.refused(401, "code_refused");
    assert!(client.cookies.is_empty());
    // A clock that is half a minute fast, and a code typed with a space.
    let next = code(secret, now() + 30);
    sign_in(&mut client, PASSWORD, Some(&format!("{} {}", &next[..3], &next[3..]))).await.is(200);
    sign_in(&mut running.client(), PASSWORD, Some(&next)).await.refused(401, "code_refused");
    sign_in(&mut running.client(), PASSWORD, Some(&code(secret, now() + 90))).await.refused(401, "code_refused");

    let stand_in = codes[3].as_str().unwrap();
    sign_in(&mut running.client(), PASSWORD, Some(&stand_in.to_lowercase())).await.is(200);
    sign_in(&mut running.client(), PASSWORD, Some(stand_in)).await.refused(401, "code_refused");
    assert_eq!(sam.get(PATH).await.is(200)["codes_left"], 9);

    // Nothing of it lies there readable: neither as typed nor as the bytes it stands for.
    let (disk, log) = (on_disk(&folder), running.log());
    let raw = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let plain: Vec<String> = codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap().replace('-', "")).collect();
    assert!(holds(&disk, b"sam@example.org"), "the control: what is kept in clear is found");
    for hidden in [secret.as_bytes(), &raw].into_iter().chain(plain.iter().map(String::as_bytes)) {
        assert!(!holds(&disk, hidden) && !holds(log.as_bytes(), hidden));
    }

    let end = async |sam: &mut Client, password: &str, code: &str| {
        sam.json(Method::DELETE, PATH, json!({ "password": password, "code": code })).await
    };
    end(&mut sam, "wrong wrong wrong", codes[4].as_str().unwrap()).await.refused(403, "password_refused");
    end(&mut sam, PASSWORD, stand_in).await.refused(422, "code_refused");
    end(&mut sam, PASSWORD, codes[4].as_str().unwrap()).await.is(204);
    sign_in(&mut running.client(), PASSWORD, None).await.is(200);
    let audit = sam.get("/api/audit").await.is(200)["entries"].clone();
    let words: Vec<&str> = audit.as_array().unwrap().iter().rev().map(|entry| entry["what"].as_str().unwrap()).collect();
    let (refused, used) = ("second_factor_refused", "recovery_code_used");
    assert_eq!(words, ["second_factor_on", refused, refused, refused, used, refused, refused, used, "second_factor_off"]);
}

#[tokio::test]
async fn wrong_codes_hold_up_who_guesses_and_neither_the_real_person_nor_by_somebody_without_the_password() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (secret, codes) = enrolled(&mut sam).await;
    sam.post("/api/staff/sign-out", Value::Null).await.is(204);
    // Without the password no code is looked at, and none of its tries is used up.
    let mut stranger = running.client();
    for _ in 0..4 {
        sign_in(&mut stranger, "wrong wrong wrong", Some(&code(&secret, now()))).await.refused(401, "sign_in_refused");
    }
    let mut thief = running.client();
    for _ in 0..5 {
        sign_in(&mut thief, PASSWORD, Some("000000")).await.refused(401, "code_refused");
    }
    // From here on not even a right one is looked at, wherever it comes from, but from the browser that signed in before.
    let limited = sign_in(&mut thief, PASSWORD, Some(&codes[0])).await;
    limited.refused(429, "too_many");
    let wait = limited.is(429)["retry_after"].as_u64().unwrap();
    assert!((1..=601).contains(&wait), "{wait}");
    sign_in(&mut running.client(), PASSWORD, Some(&codes[0])).await.refused(429, "too_many");
    sign_in(&mut sam, PASSWORD, Some(&codes[0])).await.is(200);
    // What was right doesn't count.
    for code in &codes[1..8] {
        sign_in(&mut sam, PASSWORD, Some(code)).await.is(200);
    }
}

#[tokio::test]
async fn whoever_must_have_a_second_step_is_led_to_it_and_nothing_else_is_theirs_before() {
    let folder = Folder::new();
    let running = Running::start_with(&folder, |command| {
        command.env("SIDELIGHT_STAFF__SECOND_FACTOR", "administrators");
    });
    let mut sam = running.practitioner().await;
    assert_eq!(sam.get("/api/staff/me").await.is(200)["must_enrol"], true);
    assert_eq!(sam.get(PATH).await.is(200)["required"], true);
    for path in ["/api/contacts?from=0&to=1", "/api/audit", "/api/people", "/api/staff/sessions"] {
        sam.get(path).await.refused(403, "enrol_first");
    }
    assert_eq!(desk(&sam, "tab").await.next("bye").await["reason"], "no_session");
    let (_, codes) = enrolled(&mut sam).await;
    assert_eq!(sam.get("/api/staff/me").await.is(200)["must_enrol"], false);
    sam.get("/api/audit").await.is(200);
    desk(&sam, "tab").await.next("ready").await;
    // Turned off, to be added anew with another authenticator: until then, again, nothing.
    sam.json(Method::DELETE, PATH, json!({ "password": PASSWORD, "code": codes[0] })).await.is(204);
    sam.get("/api/audit").await.refused(403, "enrol_first");
    // The others may and needn't.
    let mut kim = running.member(&folder, "kim", &["practitioner"]).await;
    assert_eq!(
        (kim.get("/api/staff/me").await.is(200)["must_enrol"].clone(), kim.get("/api/people").await.status.as_u16()),
        (json!(false), 200)
    );
}
