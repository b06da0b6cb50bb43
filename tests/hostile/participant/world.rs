//! A service, practitioners who are signed in, and sockets without a page.

use futures_util::{SinkExt, StreamExt};
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE, USER_AGENT};
use serde_json::{Value, json};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const PASSWORD: &str = "quiet harbour lantern 42";
/// A phone's browser and another kind.
pub const ITS_OWN: &str = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0";
pub const ANOTHER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

pub struct World {
    pub url: String,
    settings: Settings,
    service: Service,
    _data: Folder,
}

impl World {
    pub async fn new() -> World {
        let data = Folder::new("hostile");
        let settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
        let service = Service::start(&settings).await;
        World { url: service.url().to_owned(), settings, service, _data: data }
    }

    /// The first administrator, who is a practitioner too.
    pub async fn sam(&self) -> Practitioner {
        let link = self.service.first_link().await;
        Practitioner::by(&self.url, &link, "Sam", "sam@example.org").await
    }

    pub async fn kim(&self) -> Practitioner {
        let add = ["staff", "add", "--name", "Kim", "--email", "kim@example.org", "--role", "practitioner"];
        let told = self.settings.run(&add).await;
        let link = told.split_whitespace().find(|word| word.contains("first=")).expect("a link is printed").to_owned();
        Practitioner::by(&self.url, &link, "Kim", "kim@example.org").await
    }
}

pub struct Practitioner {
    url: String,
    http: reqwest::Client,
    cookie: String,
}

/// Somebody's link, and what they are by it.
pub struct Guest {
    pub contact: String,
    pub invitation: String,
    pub session: String,
}

impl Practitioner {
    async fn by(url: &str, link: &str, name: &str, email: &str) -> Practitioner {
        let http = reqwest::Client::new();
        let token = link.rsplit("first=").next().unwrap_or_default();
        let body = json!({ "token": token, "name": name, "email": email, "password": PASSWORD, "practitioner": true });
        let reply = http.post(format!("{url}/api/staff/first")).header(ORIGIN, url).json(&body).send().await.expect("answers");
        assert_eq!(reply.status(), 200, "{name} signs in");
        let cookie = reply.headers()[SET_COOKIE].to_str().expect("is text").split(';').next().expect("has a value").to_owned();
        Practitioner { url: url.to_owned(), http, cookie }
    }

    /// A contact whose link is not opened yet: its id and the invitation.
    pub async fn plan(&self) -> (String, String) {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        let details = json!({
            "reference": "JT-4471", "greeting": "Jo", "practitioner": "Sam", "starts_at": now, "minutes": 30,
            "ways": ["video", "voice", "text"], "waiting_words": null, "word": "marmalade", "response": "End quietly", "when_hidden": null,
            "rings": true, "number": "in the case file",
        });
        let made = self.http.post(format!("{}/api/contacts", self.url)).header(ORIGIN, &self.url).header(COOKIE, &self.cookie);
        let made = made.json(&json!({ "details": details })).send().await.expect("answers");
        let text = made.text().await.expect("is text");
        let made: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not planned: {text}"));
        let contact = made["id"].as_str().unwrap_or_else(|| panic!("not planned: {text}")).to_owned();
        let bytes = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, contact.as_bytes());
        let invitation = data_encoding::HEXLOWER.encode(&bytes.as_ref()[..16]);
        let put = self.http.put(format!("{}/api/contacts/{contact}/invitation", self.url)).header(ORIGIN, &self.url);
        let put = put.header(COOKIE, &self.cookie).json(&json!({ "invitation": invitation })).send().await.expect("answers");
        assert_eq!(put.status(), 204, "a link is made");
        (contact, invitation)
    }

    /// A contact whose link was just opened.
    pub async fn invites(&self) -> Guest {
        let (contact, invitation) = self.plan().await;
        let session = self.opens(&invitation, ITS_OWN).await;
        Guest { contact, invitation, session }
    }

    /// Somebody beside the service user: their id, and the session by a link of their own.
    pub async fn invites_beside(&self, contact: &str) -> (String, String) {
        let bytes = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("beside {contact}").as_bytes());
        let invitation = data_encoding::HEXLOWER.encode(&bytes.as_ref()[..16]);
        let body = json!({ "invitation": invitation, "part": "interpreter", "name": "Ana" });
        let made = self.http.post(format!("{}/api/contacts/{contact}/people", self.url)).header(ORIGIN, &self.url);
        let made = made.header(COOKIE, &self.cookie).json(&body).send().await.expect("answers");
        let made: Value = made.json().await.expect("is JSON");
        let person = made["person"].as_str().unwrap_or_else(|| panic!("not invited: {made}")).to_owned();
        (person, self.opens(&invitation, ITS_OWN).await)
    }

    /// "Continue", pressed in this kind of browser.
    pub async fn opens(&self, invitation: &str, browser: &str) -> String {
        let redeem = self.http.post(format!("{}/api/redeem", self.url)).header(ORIGIN, &self.url).header(USER_AGENT, browser);
        let reply = redeem.json(&json!({ "invitation": invitation })).send().await.expect("answers");
        let redeemed: Value = reply.json().await.expect("is JSON");
        redeemed["session"].as_str().unwrap_or_else(|| panic!("not opened: {redeemed}")).to_owned()
    }

    pub async fn desk(&self, tab: &str) -> Line {
        let line = Line::open(&self.url, "/ws/desk", Some(&self.cookie)).await;
        line.say(json!({ "type": "hello", "protocol": sidelight_protocol::PROTOCOL, "tab": tab }));
        line.until("ready", |message| message["type"] == "ready").await;
        line
    }
}

/// One socket. It answers beats by itself, as pages do.
#[derive(Clone)]
pub struct Line {
    says: mpsc::UnboundedSender<Value>,
    heard: Arc<Mutex<Vec<Value>>>,
    count: watch::Receiver<usize>,
}

/// What is heard last on a socket that has closed.
const CLOSED: &str = "closed";

impl Line {
    pub async fn open(url: &str, path: &str, cookie: Option<&str>) -> Line {
        let mut request = format!("{}{path}", url.replacen("http", "ws", 1)).into_client_request().expect("is an address");
        request.headers_mut().insert(ORIGIN, url.parse().expect("is a header"));
        if let Some(cookie) = cookie {
            request.headers_mut().insert(COOKIE, cookie.parse().expect("is a header"));
        }
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("opens");
        let (says, mut to_say) = mpsc::unbounded_channel::<Value>();
        let (counted, count) = watch::channel(0);
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = heard.clone();
        tokio::spawn(async move {
            let keep = |message: Value| {
                hears.lock().expect("no holder panics").push(message);
                counted.send_modify(|count| *count += 1);
            };
            loop {
                let next = tokio::select! {
                    say = to_say.recv() => {
                        let Some(say) = say else { return };
                        let _gone = socket.send(Message::text(say.to_string())).await;
                        continue;
                    }
                    next = socket.next() => next,
                };
                match next {
                    Some(Ok(Message::Text(text))) => {
                        let message: Value = serde_json::from_str(text.as_str()).expect("the service speaks JSON");
                        if message["type"] == "beat" {
                            let _gone = socket.send(Message::text(json!({ "type": "beat" }).to_string())).await;
                        } else {
                            keep(message);
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return keep(json!({ "type": CLOSED })),
                }
            }
        });
        Line { says, heard, count }
    }

    pub async fn phone(url: &str, session: &str, tab: &str) -> Line {
        let line = Line::open(url, "/ws/guest", None).await;
        line.say(json!({ "type": "hello", "protocol": sidelight_protocol::PROTOCOL, "session": session, "tab": tab }));
        line
    }

    pub fn say(&self, message: Value) {
        let _gone = self.says.send(message);
    }

    /// Everything heard so far but beats.
    pub fn heard(&self) -> Vec<Value> {
        self.heard.lock().expect("no writer panics").clone()
    }

    /// Waits for a message that was heard already, or is now.
    pub async fn until(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        self.after(0, what, is).await
    }

    /// The same, of those behind the first so many.
    pub async fn after(&self, first: usize, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let mut count = self.count.clone();
        let waiting = tokio::time::timeout(Duration::from_secs(10), async {
            loop {
                if let Some(found) = self.heard().into_iter().skip(first).find(|message| is(message)) {
                    return found;
                }
                if count.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        });
        let found = waiting.await;
        found.unwrap_or_else(|_| panic!("{what} isn't heard; heard: {:#?}", self.heard().iter().skip(first).collect::<Vec<_>>()))
    }

    /// The view of this contact in which its person is at this stage, on a desk's line.
    pub async fn sees(&self, contact: &str, stage: &str) -> Value {
        let at = |message: &Value| message["view"]["people"][0]["stage"]["name"] == stage;
        self.until(stage, |message| message["type"] == "contact" && message["view"]["id"] == contact && at(message)).await["view"].clone()
    }

    /// The view in which the person is at this stage, on a phone's line.
    pub async fn is_at(&self, stage: &str) -> Value {
        self.until(stage, |message| message["view"]["stage"]["name"] == stage).await["view"].clone()
    }
}
