//! How far an audit has come, in a form that others can keep and check: signed with Ed25519, in one line.

use super::chain::Hash;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use data_encoding::HEXLOWER;
use std::fmt;

/// How a line begins that holds a head.
const MARK: &str = "sidelight-audit-1 ";

/// How far a chain has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Which chain.
    pub node: String,
    /// The id of the newest entry; 0: there is none yet.
    pub last: u32,
    /// When that was said; of a checkpoint, the time up to which entries were old enough to go.
    pub at: u32,
    pub hash: Hash,
}

/// What is said by a signature. A head that went out must not pass for the leave to delete all entries before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The chain has come so far.
    Head,
    /// The entries so far have been deleted.
    Checkpoint,
}

/// The key that signatures are checked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    pub fn of(signer: &Ed25519KeyPair) -> Option<PublicKey> {
        Some(PublicKey(signer.public_key().as_ref().try_into().ok()?))
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<PublicKey> {
        Some(PublicKey(bytes.try_into().ok()?))
    }

    /// 64 hexadecimal digits.
    pub fn from_text(text: &str) -> Option<PublicKey> {
        PublicKey::from_bytes(&HEXLOWER.decode(text.trim().to_lowercase().as_bytes()).ok()?)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// A head with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub head: Head,
    pub key: PublicKey,
    pub signature: Vec<u8>,
}

fn signed_bytes(said: Said, head: &Head) -> Vec<u8> {
    let mut bytes = match said {
        Said::Head => b"sidelight audit head 1".to_vec(),
        Said::Checkpoint => b"sidelight audit checkpoint 1".to_vec(),
    };
    bytes.extend_from_slice(&(head.node.len() as u64).to_be_bytes());
    bytes.extend_from_slice(head.node.as_bytes());
    bytes.extend_from_slice(&head.last.to_be_bytes());
    bytes.extend_from_slice(&head.at.to_be_bytes());
    bytes.extend_from_slice(&head.hash);
    bytes
}

impl Signed {
    /// None where the key is none.
    pub fn new(signer: &Ed25519KeyPair, said: Said, head: Head) -> Option<Signed> {
        let signature = signer.sign(&signed_bytes(said, &head)).as_ref().to_vec();
        Some(Signed { key: PublicKey::of(signer)?, head, signature })
    }

    /// Signed by one of these keys, to say this.
    pub fn holds(&self, said: Said, trusted: &[PublicKey]) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.key.0);
        trusted.contains(&self.key) && key.verify(&signed_bytes(said, &self.head), &self.signature).is_ok()
    }

    /// One line without its end. It names nobody.
    pub fn line(&self) -> String {
        let Head { node, last, at, hash } = &self.head;
        let (hash, signature) = (HEXLOWER.encode(hash), HEXLOWER.encode(&self.signature));
        format!("{MARK}node={node} entry={last} at={at} hash={hash} key={} signature={signature}", self.key)
    }

    /// None: there is no head in this line. Some of none: there is one, and it can't be read.
    pub fn from_line(line: &str) -> Option<Option<Signed>> {
        let at = line.find(MARK)?;
        Some(Signed::read(line.get(at + MARK.len()..).unwrap_or_default()))
    }

    fn read(fields: &str) -> Option<Signed> {
        let mut fields = fields.split_ascii_whitespace();
        let mut field = |name: &str| fields.next()?.strip_prefix(name)?.strip_prefix('=');
        let (node, last, at) = (field("node")?.to_owned(), field("entry")?.parse().ok()?, field("at")?.parse().ok()?);
        let hash = HEXLOWER.decode(field("hash")?.as_bytes()).ok()?.try_into().ok()?;
        let key = PublicKey::from_text(field("key")?)?;
        let signature = HEXLOWER.decode(field("signature")?.as_bytes()).ok()?;
        Some(Signed { head: Head { node, last, at, hash }, key, signature })
    }
}
