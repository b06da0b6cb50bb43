//! The sealing of `docs/security-model.md`, made from that page alone and from nothing of the web client: what both compute is
//! compared by vectors (`tests/js/vectors/sealing.json`).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;

/// Texts one behind the other, each after its length in two bytes, the greater first.
fn listed(texts: &[&str]) -> Vec<u8> {
    let mut all = Vec::new();
    for text in texts {
        all.extend(u16::try_from(text.len()).expect("no text is that long").to_be_bytes());
        all.extend(text.as_bytes());
    }
    all
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

fn written(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn read(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64url without padding")
}

/// What a link's 26 characters are worth.
pub fn link_secret(token: &str) -> String {
    written(&hash(&listed(&["sidelight link 1", token])))
}

/// By what a secret is known again.
pub fn name_of(secret: &str) -> String {
    written(&hash(&listed(&["sidelight link name 1", secret]))[..16])
}

/// What a page tells of its part.
#[derive(Clone)]
pub struct Part {
    pub key: String,
    pub nonce: String,
    pub link: String,
}

impl Part {
    /// Of a private key of 32 bytes.
    pub fn of(private: &[u8], nonce: &[u8], secret: Option<&str>) -> Part {
        let key = PrivateKey::from_private_key(&ECDH_P256, private).expect("a private key of P-256");
        let public = key.compute_public_key().expect("every private key has a public one");
        Part { key: written(public.as_ref()), nonce: written(nonce), link: secret.map(name_of).unwrap_or_default() }
    }

    pub fn commitment(&self) -> String {
        written(&hash(&listed(&["sidelight commitment 1", &self.key, &self.nonce])))
    }
}

/// From what every key of two pages comes.
pub struct Root(Prk);

struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

impl Root {
    /// By the private key of one side and the public key of the other. `link`: the secret, where both have it.
    pub fn agree(private: &[u8], theirs: &str, guest: &Part, desk: &Part, link: Option<&str>) -> Root {
        let commitments = (guest.commitment(), desk.commitment());
        let transcript = listed(&[
            "sidelight transcript 1",
            &commitments.0,
            &guest.key,
            &guest.nonce,
            &guest.link,
            &commitments.1,
            &desk.key,
            &desk.nonce,
            &desk.link,
            if link.is_some() { "link" } else { "" },
        ]);
        let key = PrivateKey::from_private_key(&ECDH_P256, private).expect("a private key of P-256");
        let shared = agree(&key, UnparsedPublicKey::new(&ECDH_P256, read(theirs)), "no point of the curve", |shared| Ok(shared.to_vec()));
        let mut secret = shared.expect("the other's is a point of the curve");
        secret.extend(link.map(read).unwrap_or_default());
        Root(Salt::new(HKDF_SHA256, &hash(&transcript)).extract(&secret))
    }

    pub fn bytes(&self, purpose: &str, length: usize) -> Vec<u8> {
        let info = format!("sidelight 1 {purpose}");
        let mut bytes = vec![0; length];
        let info = [info.as_bytes()];
        let expanded = self.0.expand(&info, Bytes(length)).expect("HKDF gives that many bytes");
        expanded.fill(&mut bytes).expect("as many bytes as were asked for");
        bytes
    }

    pub fn tag(&self, purpose: &str, texts: &[&str]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.bytes(purpose, 32));
        written(hmac::sign(&key, &listed(texts)).as_ref())
    }

    /// `purpose`: `text`, who seals, and the epoch.
    pub fn seal(&self, purpose: &str, count: u32, id: &str, text: &str) -> String {
        let mut sealed = text.as_bytes().to_vec();
        sealed.push(0x80);
        sealed.resize(sealed.len().next_multiple_of(64), 0);
        let counter = u64::from(count).to_be_bytes();
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&counter);
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.bytes(purpose, 32)).expect("a key of 32 bytes"));
        let aad = Aad::from(listed(&["sidelight text 1", id]));
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed).expect("it is short");
        written(&[&counter, sealed.as_slice()].concat())
    }

    /// None: it was sealed by another key, or changed.
    pub fn open(&self, purpose: &str, id: &str, body: &str) -> Option<String> {
        let bytes = BASE64URL_NOPAD.decode(body.as_bytes()).ok()?;
        let (counter, sealed) = bytes.split_at_checked(8)?;
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(counter);
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.bytes(purpose, 32)).expect("a key of 32 bytes"));
        let mut sealed = sealed.to_vec();
        let aad = Aad::from(listed(&["sidelight text 1", id]));
        let opened = key.open_in_place(Nonce::assume_unique_for_key(nonce), aad, &mut sealed).ok()?;
        let end = opened.iter().rposition(|byte| *byte == 0x80)?;
        String::from_utf8(opened[..end].to_vec()).ok()
    }
}
