//! Messages that the service sends, from the press to the request at whoever passes them on; and that none is sent twice, however
//! often the service is killed in between.

use crate::people::plan;
use crate::world::{Client, Folder, Running, details, now};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

const NUMBER: &str = "07700 900123";

/// What the gateway does with a request that it has read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answers {
    Taken,
    /// Takes it and lets the line break before it says so.
    Silent,
    Refused,
    /// Takes it, and answers after so long.
    Late(Duration),
}

/// A gateway for text messages that counts.
struct Gateway {
    port: u16,
    /// By their ids, what each whole request said.
    got: Arc<Mutex<BTreeMap<String, Vec<Value>>>>,
    asked: Arc<Notify>,
}

impl Gateway {
    async fn start(answers: impl FnMut(u32) -> Answers + Send + 'static) -> Gateway {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (got, asked): (Arc<Mutex<BTreeMap<_, _>>>, _) = (Arc::default(), Arc::new(Notify::new()));
        let gateway = Gateway { port, got: got.clone(), asked: asked.clone() };
        let answers = Arc::new(Mutex::new(answers));
        tokio::spawn(async move {
            let mut number = 0;
            while let Ok((socket, _)) = listener.accept().await {
                number += 1;
                let (got, answers, asked) = (got.clone(), answers.clone(), asked.clone());
                tokio::spawn(async move {
                    let Some(body) = read(socket, &got).await else { return };
                    asked.notify_one();
                    let (mut socket, answer) = (body, (answers.lock().unwrap())(number));
                    if let Answers::Late(after) = answer {
                        tokio::time::sleep(after).await;
                    }
                    let status = match answer {
                        Answers::Taken | Answers::Late(_) => "202 Accepted",
                        Answers::Refused => "422 No",
                        Answers::Silent => return,
                    };
                    let _gone = socket.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).await;
                });
            }
        });
        gateway
    }

    fn service(&self, folder: &Folder) -> Running {
        Running::start_with(folder, |command| {
            command.env("SIDELIGHT_SENDING__TEXT", "webhook").env("SIDELIGHT_SENDING__PREFIX", "Call: ");
            command.env("SIDELIGHT_SENDING__WEBHOOK_URL", format!("http://127.0.0.1:{}/messages", self.port));
            command.env("SIDELIGHT_SENDING__WEBHOOK_KEY", "0123456789abcdef0123456789abcdef");
        })
    }

    fn got(&self) -> BTreeMap<String, Vec<Value>> {
        self.got.lock().unwrap().clone()
    }
}

/// Reads a whole request and writes down what it said; none where it broke off.
async fn read(mut socket: TcpStream, got: &Mutex<BTreeMap<String, Vec<Value>>>) -> Option<TcpStream> {
    let mut request = Vec::new();
    loop {
        let mut piece = [0; 4000];
        let length = socket.read(&mut piece).await.ok().filter(|length| *length > 0)?;
        request.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok())?;
        if body.len() >= length {
            let said: Value = serde_json::from_str(body).unwrap();
            got.lock().unwrap().entry(said["id"].as_str().unwrap().to_owned()).or_default().push(said);
            return Some(socket);
        }
    }
}

/// A link's token and its invitation, each new.
fn link() -> (String, String) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let token = format!("{:026}", u64::from(std::process::id()) * 1_000_000 + u64::from(COUNT.fetch_add(1, Ordering::Relaxed)));
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("sidelight invitation:{token}").as_bytes());
    (token, data_encoding::HEXLOWER.encode(&hash.as_ref()[..16]))
}

fn id() -> String {
    crate::world::invitation()
}

fn message(token: &str) -> Value {
    json!({ "channel": "system_text", "to": NUMBER, "saying": { "say": "link", "token": token, "wording": 0 } })
}

/// A contact with a link: its id and the link's token.
async fn invited(client: &mut Client, details: Value) -> (String, String) {
    let contact = client.plan(details).await;
    let (token, invitation) = link();
    client.put(&format!("/api/contacts/{contact}/invitation"), json!({ "invitation": invitation })).await.is(204);
    (contact, token)
}

async fn messages(client: &mut Client, contact: &str) -> Vec<Value> {
    client.get(&format!("/api/contacts/{contact}/messages")).await.is(200)["messages"].as_array().unwrap().clone()
}

/// Waits until this message is in this state.
async fn becomes(client: &mut Client, contact: &str, message: &str, state: &str) -> Value {
    let began = Instant::now();
    loop {
        let all = messages(client, contact).await;
        let one = all.iter().find(|one| one["id"] == message).unwrap_or_else(|| panic!("{message} isn't among {all:?}")).clone();
        if one["state"] == state {
            return one;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "it isn't {state}: {one}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_link_goes_out_once_with_neutral_words_and_the_contact_says_that_the_service_knew_it() {
    let gateway = Gateway::start(|number| if number == 2 { Answers::Silent } else { Answers::Taken }).await;
    let folder = Folder::new();
    let running = gateway.service(&folder);
    let mut sam = running.practitioner().await;
    let (contact, token) = invited(&mut sam, details("JT-4471")).await;
    let path = |message: &str| format!("/api/contacts/{contact}/messages/{message}");
    let all = sam.get(&format!("/api/contacts/{contact}/messages")).await.is(200);
    assert_eq!(all["ways"], json!([{ "channel": "system_text", "refused": null, "to": null }]));
    assert_eq!(
        (&all["prefix"], &all["wordings"], &all["may_remind"]),
        (&json!("Call: "), &json!(["Here is the link for our call:"]), &json!(false))
    );

    let first = id();
    for _ in 0..2 {
        sam.put(&path(&first), message(&token)).await.is(204);
    }
    becomes(&mut sam, &contact, &first, "sent").await;
    let got = gateway.got();
    let groups = [&token[..5], &token[5..10], &token[10..15], &token[15..20], &token[20..25], &token[25..]].join("-");
    let text = format!("Call: Here is the link for our call: {}/#{groups}", running.address);
    assert_eq!(got[&first], [json!({ "id": first, "to": "07700900123", "from": "", "text": text })], "once");
    let listed = sam.get("/api/contacts?from=0&to=4000000000").await.is(200);
    assert_eq!(listed["contacts"][0]["link_known"], true);
    assert_eq!(sam.get(&format!("/api/contacts/{contact}/messages")).await.is(200)["ways"][0]["to"], "…123");

    // The line breaks when the gateway has it: nobody knows, so it is asked about, and goes again by a press alone.
    let (second, third) = (id(), id());
    let mut again = message(&token);
    again["to"] = Value::Null;
    sam.put(&path(&second), again.clone()).await.is(204);
    assert_eq!(becomes(&mut sam, &contact, &second, "unknown").await["asks"], true);
    sam.put(&path(&id()), again).await.refused(409, "already_sending");
    let decided = json!({ "channel": "system_text", "to": null, "saying": { "say": "again", "message": second } });
    sam.put(&path(&third), decided.clone()).await.is(204);
    becomes(&mut sam, &contact, &third, "sent").await;
    sam.put(&path(&id()), decided).await.refused(409, "message_settled");
    assert_eq!((gateway.got().len(), gateway.got()[&third][0]["to"].clone()), (3, json!("07700900123")));

    let mut wrong = message("00000-00000-00000-00000-00000-0");
    sam.put(&path(&id()), wrong.clone()).await.refused(422, "unknown_link");
    wrong["channel"] = json!("email");
    sam.put(&path(&id()), wrong).await.refused(409, "cant_send");
    let mut number = message(&token);
    number["to"] = json!("not a number");
    sam.put(&path(&id()), number).await.refused(422, "bad_address");
    sam.put(&path("short"), message(&token)).await.refused(422, "bad_message_id");
    for secret in ["900123", groups.as_str(), "07700"] {
        assert!(!running.log().contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn what_the_plan_does_not_let_through_is_refused_with_its_reason_and_nothing_goes_out() {
    let gateway = Gateway::start(|_| Answers::Taken).await;
    let folder = Folder::new();
    let running = gateway.service(&folder);
    let mut sam = running.practitioner().await;
    let all_week = json!([{ "days": [0, 1, 2, 3, 4, 5, 6], "from": 0, "until": 1440 }]);
    let cases = [
        (json!([]), all_week.clone(), "unsafe_no_channels"),
        (json!(["email", "text"]), all_week.clone(), "unsafe_channel"),
        (json!(["system_text"]), json!([]), "unsafe_no_hours"),
    ];
    for (channels, hours, code) in cases {
        let mut agreed = plan("tamarind");
        (agreed["channels"], agreed["hours"]) = (channels, hours);
        let person = sam.post("/api/people", agreed).await.is(201)["id"].clone();
        let mut planned = details("JT-4471");
        planned["about"] = person;
        let (contact, token) = invited(&mut sam, planned).await;
        sam.put(&format!("/api/contacts/{contact}/messages/{}", id()), message(&token)).await.refused(409, code);
    }
    // Agreed, with their own words; and reminders, where the plan says so, once and without a link.
    let mut agreed = plan("tamarind");
    (agreed["channels"], agreed["hours"], agreed["wording"]) = (json!(["system_text"]), all_week, json!("The page you asked for:"));
    let person = sam.post("/api/people", agreed.clone()).await.is(201)["id"].as_str().unwrap().to_owned();
    let mut planned = details("JT-4471");
    (planned["about"], planned["starts_at"]) = (json!(person), json!(now() + 7200));
    let (contact, token) = invited(&mut sam, planned).await;
    let first = id();
    sam.put(&format!("/api/contacts/{contact}/messages/{first}"), message(&token)).await.is(204);
    becomes(&mut sam, &contact, &first, "sent").await;
    assert!(gateway.got()[&first][0]["text"].as_str().unwrap().starts_with("Call: The page you asked for: http"));
    let reminder = json!({ "channel": "system_text", "to": null, "saying": { "say": "reminder", "before": 60 } });
    let path = |message: &str| format!("/api/contacts/{contact}/messages/{message}");
    sam.put(&path(&id()), reminder.clone()).await.refused(409, "no_reminders");
    agreed["reminders"] = json!(true);
    sam.put(&format!("/api/people/{person}"), agreed.clone()).await.is(200);
    let mut late = reminder.clone();
    late["saying"]["before"] = json!(120);
    sam.put(&path(&id()), late).await.refused(422, "before_out_of_range");
    let second = id();
    sam.put(&path(&second), reminder.clone()).await.is(204);
    sam.put(&path(&id()), reminder).await.refused(409, "already_sending");
    let waiting = becomes(&mut sam, &contact, &second, "waiting").await;
    assert!((now() + 3590..now() + 3610).contains(&waiting["due"].as_u64().unwrap()), "{waiting}");
    // Its time comes, and the plan has changed meanwhile: it doesn't go, and says why.
    agreed["hours"] = json!([]);
    sam.put(&format!("/api/people/{person}"), agreed).await.is(200);
    let mut moved = details("JT-4471");
    (moved["about"], moved["starts_at"]) = (json!(person), json!(now() + 3000));
    sam.put(&format!("/api/contacts/{contact}"), moved).await.is(204);
    assert_eq!(becomes(&mut sam, &contact, &second, "failed").await["why"], "unsafe");
    assert_eq!(gateway.got().len(), 1, "only what was let through");
}

#[tokio::test]
async fn that_a_contact_is_called_off_goes_where_its_link_went_and_only_then() {
    let gateway = Gateway::start(|_| Answers::Taken).await;
    let folder = Folder::new();
    let running = gateway.service(&folder);
    let mut sam = running.practitioner().await;
    let (contact, token) = invited(&mut sam, details("JT-4471")).await;
    let path = |message: &str| format!("/api/contacts/{contact}/messages/{message}");
    let first = id();
    sam.put(&path(&first), message(&token)).await.is(204);
    becomes(&mut sam, &contact, &first, "sent").await;
    let off = json!({ "channel": "system_text", "to": null, "saying": { "say": "off" } });
    sam.put(&path(&id()), off.clone()).await.refused(409, "not_called_off");
    sam.post(&format!("/api/contacts/{contact}/cancel"), json!({ "and_after": false })).await.is(200);
    sam.put(&path(&id()), message(&token)).await.refused(409, "contact_ended");
    let second = id();
    sam.put(&path(&second), off.clone()).await.is(204);
    sam.put(&path(&second), off.clone()).await.is(204);
    assert_eq!(becomes(&mut sam, &contact, &second, "sent").await["kind"], "notice");
    let got = gateway.got();
    assert_eq!((got.len(), got[&second].len()), (2, 1), "once, though it was asked for twice");
    let (words, number) = (got[&second][0]["text"].as_str().unwrap(), &got[&second][0]["to"]);
    assert_eq!(words, "Call: Sorry, I can't make the time we had. I will get in touch about a new one.");
    assert_eq!(number, &got[&first][0]["to"], "to where the link went");
    // Where nothing went before, somebody has to say where to.
    let other = sam.plan(details("JT-4472")).await;
    sam.post(&format!("/api/contacts/{other}/cancel"), json!({ "and_after": false })).await.is(200);
    sam.put(&format!("/api/contacts/{other}/messages/{}", id()), off).await.refused(422, "to_missing");
}

#[tokio::test]
async fn wordings_are_set_by_administrators_and_hold_at_once() {
    let gateway = Gateway::start(|_| Answers::Taken).await;
    let folder = Folder::new();
    let running = gateway.service(&folder);
    let mut sam = running.practitioner().await;
    let shown = sam.get("/api/wordings").await.is(200);
    assert_eq!((&shown["prefix"], &shown["wordings"]["subject"]), (&json!("Call: "), &json!("Our call")));
    let mut wordings = shown["wordings"].clone();
    wordings["texts"] = json!(["Now is good for me:", "For later:"]);
    wordings["sender"] = json!("Kim");
    let new = |wordings: &Value, reason: &str| json!({ "wordings": wordings, "reason": reason });
    sam.put("/api/wordings", new(&wordings, "short")).await.refused(422, "reason_short");
    let mut telling = wordings.clone();
    telling["reminder"] = json!("Your social worker calls soon");
    sam.put("/api/wordings", new(&telling, "As the staff asked")).await.refused(422, "text_telling");
    let mut long = wordings.clone();
    long["texts"] = json!(["x".repeat(119)]);
    sam.put("/api/wordings", new(&long, "As the staff asked")).await.refused(422, "text_long");
    sam.put("/api/wordings", new(&wordings, "As the staff asked")).await.is(204);
    let (contact, token) = invited(&mut sam, details("JT-4471")).await;
    let (first, mut second) = (id(), message(&token));
    second["saying"]["wording"] = json!(2);
    sam.put(&format!("/api/contacts/{contact}/messages/{}", id()), second.clone()).await.refused(422, "unknown_wording");
    second["saying"]["wording"] = json!(1);
    sam.put(&format!("/api/contacts/{contact}/messages/{first}"), second).await.is(204);
    becomes(&mut sam, &contact, &first, "sent").await;
    let got = &gateway.got()[&first][0];
    assert!(got["text"].as_str().unwrap().starts_with("Call: For later: http") && got["from"] == "Kim", "{got}");
}

/// One message that the desk was told is taken in.
struct Accepted {
    contact: String,
    id: String,
}

/// What many kills have led to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Judged {
    accepted: usize,
    twice: usize,
    /// Of which the desk doesn't say what is true.
    lost: usize,
    unknown: usize,
    sent: usize,
}

/// Sends message after message until the service is gone.
async fn keep_sending(mut client: Client, accepted: Arc<Mutex<Vec<Accepted>>>) {
    for number in 0.. {
        let (contact, token) = invited(&mut client, details(&format!("K-{number}"))).await;
        let message_id = id();
        client.put(&format!("/api/contacts/{contact}/messages/{message_id}"), message(&token)).await.is(204);
        accepted.lock().unwrap().push(Accepted { contact, id: message_id });
    }
}

/// The same browser at the service as it runs now.
fn at(mut client: Client, running: &Running) -> Client {
    client.address.clone_from(&running.address);
    client.origin = Some(running.address.clone());
    client
}

/// Kills the service so many times, at a random moment or just when the gateway has got something. `between`: what is done to the data
/// folder before the next start.
async fn kill_and_judge(kills: u32, between: impl Fn(&Folder)) -> Judged {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64 ^ now();
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let gateway = Gateway::start(|number| match number % 10 {
        3 => Answers::Silent,
        5 => Answers::Refused,
        7 => Answers::Late(Duration::from_millis(60)),
        _ => Answers::Taken,
    })
    .await;
    let folder = Folder::new();
    let accepted: Arc<Mutex<Vec<Accepted>>> = Arc::default();
    let mut sam: Option<Client> = None;
    for kill in 0..kills {
        let running = gateway.service(&folder);
        let client = match sam.take() {
            None => running.practitioner().await,
            Some(client) => at(client, &running),
        };
        sam = Some(client.clone());
        let sending = tokio::spawn(keep_sending(client, accepted.clone()));
        if kill % 2 == 0 {
            for _ in 0..=random(6) {
                gateway.asked.notified().await;
            }
            tokio::time::sleep(Duration::from_micros(random(2_000))).await;
        } else {
            tokio::time::sleep(Duration::from_micros(random(1_000_000))).await;
        }
        running.kill();
        sending.abort();
        let _gone = sending.await;
        between(&folder);
    }
    let running = gateway.service(&folder);
    let mut client = at(sam.unwrap(), &running);
    let mut judged = Judged::default();
    for Accepted { contact, id } in accepted.lock().unwrap().drain(..).collect::<Vec<_>>() {
        let began = Instant::now();
        let state = loop {
            let all = messages(&mut client, &contact).await;
            let state = all.iter().find(|one| one["id"] == id.as_str()).map(|one| one["state"].as_str().unwrap().to_owned());
            if !matches!(state.as_deref(), Some("waiting" | "under_way")) || began.elapsed() > Duration::from_secs(20) {
                break state;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let got = gateway.got().get(&id).map_or(0, Vec::len);
        judged.accepted += 1;
        judged.unknown += usize::from(state.as_deref() == Some("unknown"));
        judged.sent += usize::from(state.as_deref() == Some("sent"));
        let true_of_it = match state.as_deref() {
            Some("sent") => got >= 1,
            // The gateway said no to it.
            Some("failed") => got == 1,
            Some("unknown") => true,
            _ => false,
        };
        judged.lost += usize::from(!true_of_it);
    }
    // Also those whose answer the desk never got.
    judged.twice = gateway.got().values().filter(|got| got.len() > 1).count();
    judged
}

#[tokio::test]
async fn however_often_the_service_is_killed_no_message_goes_twice_and_none_is_lost_without_a_word() {
    let kills = if std::env::var_os("SIDELIGHT_LONG").is_some() { 200 } else { 12 };
    let judged = kill_and_judge(kills, |_| {}).await;
    println!("{kills} kills: {judged:?}");
    assert_eq!((judged.twice, judged.lost), (0, 0), "{judged:?}");
    assert!(judged.unknown > 0 && judged.sent > 0, "no kill hit a message on its way, or none went: {judged:?}");
}

#[tokio::test]
async fn control_a_service_that_sends_again_what_was_under_way_is_found() {
    let judged = kill_and_judge(12, |folder| {
        let again = "UPDATE messages SET state = 'waiting' WHERE state = 'under_way'";
        let done = Command::new("sqlite3").arg(folder.data().join("records.db")).arg(again).stdout(Stdio::null()).status().unwrap();
        assert!(done.success());
    })
    .await;
    assert!(judged.twice > 0, "{judged:?}");
}
