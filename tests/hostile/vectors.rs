//! The derivation of keys, computed by another implementation than the pages': `UPDATE=1` writes the vectors anew, and the tests of
//! the web client (`tests/js/parts_keys.test.mjs`) compute them as well.

use serde_json::{Value, json};
use sidelight_e2e::sealing::{Part, Root, link_secret, name_of};

const FILE: &str = "js/vectors/sealing.json";
const TEXTS: [&str; 4] = ["", "No", "Ça va, 你好? 🍋", "Exactly sixty-three bytes, so that the padding is one byte long."];

/// A private key or nonce that is the same each time.
fn bytes(seed: u8, length: usize) -> Vec<u8> {
    (0..length).map(|at| seed.wrapping_mul(31).wrapping_add(u8::try_from(at * 7 % 251).expect("below 251"))).collect()
}

fn vector(seed: u8, guest_link: Option<&str>, desk_link: Option<&str>) -> Value {
    let (guest_secret, desk_secret) = (guest_link.map(link_secret), desk_link.map(link_secret));
    let (guest_private, desk_private) = (bytes(seed, 32), bytes(seed + 100, 32));
    let guest = Part::of(&guest_private, &bytes(seed + 1, 16), guest_secret.as_deref());
    let desk = Part::of(&desk_private, &bytes(seed + 2, 16), desk_secret.as_deref());
    let link = guest_secret.as_deref().filter(|_| guest_secret == desk_secret);
    let root = Root::agree(&guest_private, &desk.key, &guest, &desk, link);
    let other = Root::agree(&desk_private, &guest.key, &guest, &desk, link);
    assert_eq!(root.bytes("words", 32), other.bytes("words", 32), "both sides come to the same");
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let part = |part: &Part, private: &[u8], secret: &Option<String>| {
        json!({
            "private": hex(private), "key": part.key, "nonce": part.nonce, "link": part.link,
            "commitment": part.commitment(), "secret": secret,
        })
    };
    let sealed: Vec<Value> = TEXTS
        .iter()
        .zip(1..)
        .flat_map(|(text, count)| ["guest", "desk"].map(|side| (text, count, side)))
        .map(|(text, count, side)| {
            let purpose = format!("text {side} waiting 1763910000");
            json!({ "purpose": purpose, "count": count, "id": "a1", "text": text, "body": root.seal(&purpose, count, "a1", text) })
        })
        .collect();
    let tags =
        [("proof guest", vec![]), ("proof desk", vec![]), ("ack desk", vec!["a1"]), ("media desk", vec!["offer", "7", "sha-256 aa:bb"])];
    let tags: Vec<Value> =
        tags.iter().map(|(purpose, texts)| json!({ "purpose": purpose, "texts": texts, "tag": root.tag(purpose, texts) })).collect();
    json!({
        "guest": part(&guest, &guest_private, &guest_secret), "desk": part(&desk, &desk_private, &desk_secret),
        "words": hex(&root.bytes("words", 3)), "sealed": sealed, "tags": tags,
    })
}

#[test]
fn the_pages_derive_what_another_implementation_derives() {
    let (one, other) = ("0123456789ABCDEFGHJKMNPQRS", "ZYXWVTSRQPNMKJHGFEDCBA9876");
    let vectors = json!([
        vector(1, Some(one), Some(one)),
        vector(2, Some(one), None),
        vector(3, Some(one), Some(other)),
        vector(4, None, None),
        { "token": one, "secret": link_secret(one), "name": name_of(&link_secret(one)) },
    ]);
    let text = format!("{}\n", serde_json::to_string_pretty(&vectors).expect("vectors are JSON"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, &text).expect("writes the vectors");
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(kept == text, "{FILE} is out of date: run it with UPDATE=1");
}
