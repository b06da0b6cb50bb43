//! Any text as a session token, and any header and claims with a signature that is right. What is taken is what the service
//! issued, to the letter; or, where the signature was made here, what a reader who shares no code with it takes too.

use crate::bytes::Bytes;
use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use sidelight::tokens::{Key, Session, Tokens};
use std::sync::LazyLock;

const NOW: u32 = 1_800_000_000;
const KEYS: [(&str, u8); 2] = [("new", 1), ("old", 2)];

static TOKENS: LazyLock<Tokens> = LazyLock::new(|| {
    let keys = KEYS.map(|(id, fill)| Key { id: id.into(), secret: vec![fill; 32].into() });
    Tokens::new(keys.into()).unwrap_or_else(|_| panic!("the keys are good"))
});

/// The one that the seeds bend.
pub static GENUINE: LazyLock<String> = LazyLock::new(|| {
    let session = Session { contact: "contact".into(), person: "person".into(), session: "session".into() };
    TOKENS.issue(&session, NOW).unwrap_or_else(|_| panic!("a token is issued"))
});

pub fn read(data: &[u8]) {
    let mut input = Bytes::new(data);
    match input.byte() % 3 {
        0 => as_it_is(input.rest()),
        1 => signed(&mut input, hmac::HMAC_SHA256),
        _ => {
            let other = [hmac::HMAC_SHA384, hmac::HMAC_SHA512, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY][input.index(3)];
            signed(&mut input, other);
        }
    }
}

fn as_it_is(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    assert!(TOKENS.read(text, NOW).is_err() || text == *GENUINE, "taken, and not one that was issued");
}

/// Header and claims as the fuzzer says, signed as somebody would who had a key.
fn signed(input: &mut Bytes<'_>, algorithm: hmac::Algorithm) {
    let (_, fill) = [KEYS[0], KEYS[1], ("gone", 3)][input.index(3)];
    let (header, claims) = (input.long(), input.rest());
    let text = format!("{}.{}", BASE64URL_NOPAD.encode(header), BASE64URL_NOPAD.encode(claims));
    let signature = hmac::sign(&hmac::Key::new(algorithm, &[fill; 32]), text.as_bytes());
    let token = format!("{text}.{}", BASE64URL_NOPAD.encode(signature.as_ref()));
    let Ok(session) = TOKENS.read(&token, NOW) else { return };
    assert!(algorithm == hmac::HMAC_SHA256, "taken, signed in another way");
    let header: Value = serde_json::from_slice(header).expect("a header that is taken is JSON");
    let claims: Value = serde_json::from_slice(claims).expect("claims that are taken are JSON");
    assert_eq!(header["alg"], "HS256", "taken, though it says another algorithm");
    assert!(KEYS.iter().any(|(id, of)| header["kid"] == **id && *of == fill), "taken by another key than it names");
    assert_eq!(claims["aud"], "sidelight session");
    assert!(claims["iat"].as_u64().is_some_and(|at| at <= u64::from(u32::MAX)), "taken without when it was made");
    assert!(claims["exp"].as_u64().is_some_and(|until| until + 5 > u64::from(NOW)), "taken, though it is over");
    assert_eq!(claims.as_object().map(serde_json::Map::len), Some(6), "taken with other claims than it must have");
    assert!(claims["sub"] == *session.person && claims["contact"] == *session.contact && claims["jti"] == *session.session);
}
