//! A service user's socket without a page: what a session is still worth, asked of the service itself.

use futures_util::{SinkExt, StreamExt};
use reqwest::header::ORIGIN;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// The service's replies to a hello with this session, until the first that settles it: its stage, or the end.
pub async fn says_hello(service: &str, session: &str) -> Vec<Value> {
    let address = format!("{}/ws/guest", service.replacen("http", "ws", 1));
    let mut request = address.into_client_request().expect("is an address");
    request.headers_mut().insert(ORIGIN, service.parse().expect("is a header"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.expect("opens");
    let hello = json!({ "type": "hello", "protocol": sidelight_protocol::PROTOCOL, "session": session, "tab": "another" });
    socket.send(hello.to_string().into()).await.expect("sends");
    let mut heard = Vec::new();
    let listening = tokio::time::timeout(Duration::from_secs(10), async {
        while let Some(Ok(message)) = socket.next().await {
            let Ok(message) = serde_json::from_str::<Value>(message.to_text().unwrap_or_default()) else { continue };
            let settles = message["type"] == "view" || message["type"] == "bye";
            heard.push(message);
            if settles {
                break;
            }
        }
    });
    listening.await.expect("the service answers a hello");
    heard
}

/// Whether the service refuses this session: it opens no place.
pub async fn is_worthless(service: &str, session: &str) -> bool {
    let heard = says_hello(service, session).await;
    let last = heard.last().cloned().unwrap_or_default();
    (last["type"] == "bye" && last["reason"] == "no_session") || last["view"]["stage"]["name"] == "over"
}
