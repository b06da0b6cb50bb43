//! Any text as a frame of a page. What is taken for a message says no more and nothing else than the frame did, and keeps to the
//! bounds that the protocol names.

use serde_json::Value;
use sidelight_protocol::{MAX_BODY, MAX_CANDIDATE, MAX_FRAME, MAX_ID, MAX_SDP, MAX_TAG};
use sidelight_room::bounds;

pub fn read(data: &[u8]) {
    let Ok(frame) = std::str::from_utf8(data) else { return };
    if frame.len() > MAX_FRAME {
        return;
    }
    if let Some(message) = bounds::from_guest(frame) {
        let again = serde_json::to_string(&message).expect("a message can be written");
        assert!(bounds::from_guest(&again).is_some_and(|read| read == message), "written and read again it is another: {again}");
        faithful(frame, &again);
    }
    if let Some(message) = bounds::from_desk(frame) {
        let again = serde_json::to_string(&message).expect("a message can be written");
        assert!(bounds::from_desk(&again).is_some_and(|read| read == message), "written and read again it is another: {again}");
        faithful(frame, &again);
    }
}

fn faithful(frame: &str, again: &str) {
    let said: Value = serde_json::from_str(frame).expect("a message is JSON");
    let taken: Value = serde_json::from_str(again).expect("a message is JSON");
    assert!(says(&said, &taken), "said {said}, taken for {taken}");
    within_bounds("", &taken);
}

/// Everything that was said is in what it was taken for, as it was said. More may be: what has a default needn't be said.
///
/// serde has more spellings for the same message than pages use: a list of the values for an object, the kind first; a kind's
/// number for its name; `{"yes": null}` or `{"yes": {}}` for `"yes"`. Nothing more can be said by them, so they pass.
fn says(said: &Value, taken: &Value) -> bool {
    match (said, taken) {
        (Value::Object(said), Value::Object(taken)) => {
            said.iter().all(|(name, value)| taken.get(name).is_some_and(|taken| says(value, taken)))
        }
        (Value::Array(said), Value::Object(taken)) => said.iter().all(|value| taken.values().any(|taken| says(value, taken))),
        (Value::Number(kind), Value::String(_)) => kind.as_u64().is_some_and(|kind| kind < 64),
        (Value::Object(said), Value::String(word)) => said.len() == 1 && said.get(word).is_some_and(is_nothing),
        (said, taken) => said == taken,
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn within_bounds(name: &str, value: &Value) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| within_bounds(name, value)),
        Value::String(text) => {
            let most = match name {
                "body" => MAX_BODY,
                "sdp" => MAX_SDP,
                "candidate" => MAX_CANDIDATE,
                "bound" | "commitment" | "seen" | "key" | "nonce" | "link" | "proof" => MAX_TAG,
                "session" => bounds::MAX_SESSION,
                _ => MAX_ID,
            };
            assert!(text.len() <= most, "{name} has {} bytes", text.len());
            if ["id", "tab", "person", "contact"].contains(&name) {
                assert!(bounds::id(text), "{name} is no id: {text:?}");
            }
        }
        Value::Array(_) => panic!("no message holds a list"),
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => assert!(number.as_u64().is_some_and(|number| number <= u64::from(u32::MAX)), "{name} is {number}"),
    }
}
