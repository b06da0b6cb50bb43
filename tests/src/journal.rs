//! What a page did, told by the script that runs in it before its own (`preload.js`), as it happened.

use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::{Arc, Mutex};
use thirtyfour::bidi::BiDi;
use thirtyfour::bidi::events::{LogEntryAdded, ScriptMessage};

/// One thing a page did. `at` is in milliseconds on the machine's clock, so events of two browsers compare.
#[derive(Clone, Deserialize)]
pub struct Event {
    pub kind: String,
    pub at: f64,
    /// The path of the page.
    pub page: String,
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Event {
    pub fn text(&self, field: &str) -> &str {
        self.more.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// The message of a `sent` or `received` event.
    pub fn message(&self) -> Value {
        serde_json::from_str(self.text("text")).unwrap_or(Value::Null)
    }
}

/// What arrives in a connection (its receiving side's counters: senders' look well while nothing arrives).
#[derive(Clone, Debug, Deserialize)]
pub struct Media {
    /// The how-manieth connection of the page.
    pub number: u32,
    pub state: String,
    pub audio_packets: u64,
    pub video_packets: u64,
    /// Pictures decoded.
    pub frames: u64,
    pub audio_sent: u64,
    pub video_sent: u64,
    pub bytes_sent: u64,
    /// The type of the selected candidate of this side, and of the other.
    pub local: Option<String>,
    pub remote: Option<String>,
    /// The port of this side's selected candidate: of a relay, what tells one allocation from another.
    pub local_port: Option<u16>,
    /// The address of the other side's selected candidate.
    pub remote_address: Option<String>,
    /// How this side reaches the relay: `udp`, `tcp` or `tls`.
    pub transport: Option<String>,
    pub codecs: Vec<String>,
}

impl Media {
    /// Whether both ends of the selected pair are the relay's: a packet from a relayed address that comes before its
    /// candidate is announced makes the other side a "peer reflexive" one, at the same invented address.
    pub fn by_relay_alone(&self) -> bool {
        let invented = self.remote_address.as_deref().is_some_and(|address| address.starts_with(crate::addresses::INVENTED));
        self.local.as_deref() == Some("relay") && matches!(self.remote.as_deref(), Some("relay" | "prflx")) && invented
    }
}

/// All that a browser's pages did since it was opened.
#[derive(Clone, Default)]
pub struct Journal {
    events: Arc<Mutex<Vec<Event>>>,
    console: Arc<Mutex<Vec<String>>>,
}

impl Journal {
    /// The channel by which the preloaded script tells.
    const CHANNEL: &str = "journal";

    pub fn channel() -> Value {
        json!({ "type": "channel", "value": { "channel": Journal::CHANNEL } })
    }

    pub async fn follow(bidi: &BiDi) -> Journal {
        let journal = Journal::default();
        let mut messages = bidi.subscribe::<ScriptMessage>().await.expect("both browsers tell of messages");
        let mut entries = bidi.subscribe::<LogEntryAdded>().await.expect("both browsers tell of their console");
        let events = journal.events.clone();
        tokio::spawn(async move {
            while let Some(message) = messages.next().await {
                let text = message.data["value"].as_str().unwrap_or_default();
                if let Ok(event) = serde_json::from_str(text) {
                    events.lock().expect("no reader panics").push(event);
                }
            }
        });
        let console = journal.console.clone();
        tokio::spawn(async move {
            while let Some(entry) = entries.next().await {
                let text = entry.text.unwrap_or_default();
                console.lock().expect("no reader panics").push(format!("{:?}: {text}", entry.level));
            }
        });
        journal
    }

    pub fn events(&self) -> Vec<Event> {
        self.events.lock().expect("no reader panics").clone()
    }

    pub fn of(&self, kind: &str) -> Vec<Event> {
        self.events().into_iter().filter(|event| event.kind == kind).collect()
    }

    /// Messages the page received over its sockets.
    pub fn received(&self) -> Vec<Value> {
        self.of("received").iter().map(Event::message).collect()
    }

    /// Messages the page sent over its sockets.
    pub fn sent(&self) -> Vec<Value> {
        self.of("sent").iter().map(Event::message).collect()
    }

    /// What stands in the browser's console.
    pub fn console(&self) -> Vec<String> {
        self.console.lock().expect("no reader panics").clone()
    }

    /// The last events, for the words of a failure.
    pub fn tail(&self, count: usize) -> String {
        let width = if count == usize::MAX { usize::MAX } else { 240 };
        let events = self.events();
        let skip = events.len().saturating_sub(count);
        let line = |event: &Event| {
            let more: String = Value::Object(event.more.clone()).to_string().chars().take(width).collect();
            format!("    {:.0} {} {} {more}", event.at % 1_000_000.0, event.page, event.kind)
        };
        events[skip..].iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
