//! Sent from the desk by the service: the link as it arrives opens on a phone, and that a contact is called off goes the same way.

use super::calendar::is_sound;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::World;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const NUMBER: &str = "07700 900123";

/// A gateway for text messages, as docs/sending.md has it: what it was told to pass on.
struct Gateway {
    url: String,
    got: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Gateway {
    async fn start() -> Gateway {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/messages", listener.local_addr().expect("has an address"));
        let got: Arc<Mutex<Vec<serde_json::Value>>> = Arc::default();
        let kept = got.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(takes(stream, kept.clone()));
            }
        });
        Gateway { url, got }
    }

    /// The text of the message with this number, as soon as it is there.
    async fn text(&self, number: usize) -> String {
        let began = Instant::now();
        loop {
            if let Some(message) = self.got.lock().expect("isn't poisoned").get(number) {
                return message["text"].as_str().expect("a text").to_owned();
            }
            assert!(began.elapsed() < Duration::from_secs(20), "message {number} didn't come");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn takes(mut stream: TcpStream, kept: Arc<Mutex<Vec<serde_json::Value>>>) -> Option<()> {
    let mut request = Vec::new();
    loop {
        let mut piece = [0; 4000];
        let length = stream.read(&mut piece).await.ok().filter(|length| *length > 0)?;
        request.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok())?;
        if body.len() >= length {
            kept.lock().ok()?.push(serde_json::from_str(body).ok()?);
            return stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await.ok();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_and_that_it_is_off_are_sent_from_the_desk_in_chromium() {
    let gateway = Gateway::start().await;
    let world = World::with(|settings| {
        settings.set("sending.text", "webhook").set("sending.prefix", "Call: ");
        settings.set("sending.webhook_url", &gateway.url).set("sending.webhook_key", "0123456789abcdef0123456789abcdef");
    })
    .await;
    let desk = world.desk(Kind::Chromium).await;
    desk.plan().await;
    desk.press(say("desk.sending")).await;
    desk.write(say("desk.sending.to.text"), NUMBER).await;
    is_sound(&desk, "desk-sending").await;
    desk.press(say("desk.sending.now")).await;
    desk.sees(say("desk.sending.sent.text")).await;
    let text = gateway.text(0).await;
    let link = text.split_whitespace().find(|word| word.starts_with("http")).expect("a link").to_owned();

    let phone = world.phone(Kind::Chromium).await;
    phone.come_to_the_door(&link, Way::Text).await;
    desk.hears_a_knock().await;

    // Another one, which is called off: the words go to the number that is typed, without a link.
    desk.plan_as("JT-5000").await;
    desk.press(say("desk.planned.off")).await;
    desk.press(say("desk.planned.off.yes")).await;
    desk.sees(say("desk.planned.off.message")).await;
    desk.until_offered(say("desk.sending")).await;
    desk.press(say("desk.sending")).await;
    desk.write(say("desk.sending.to.text"), NUMBER).await;
    let off = say("desk.planned.off.words");
    desk.sees(&say_with("desk.sending.length", &[("places", &("Call: ".len() + off.len()).to_string()), ("most", "160")])).await;
    is_sound(&desk, "desk-sending-off").await;
    desk.press(say("desk.sending.now")).await;
    desk.sees(say("desk.sending.kind.notice")).await;
    desk.sees(say("desk.sending.sent.text")).await;
    assert_eq!(gateway.text(1).await, format!("Call: {off}"));
    desk.did_nothing_wrong().await;
}
