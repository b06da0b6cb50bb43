//! A receipt as it is given out: a few lines that a person can read, signed with the key of the audit. Whoever has the file and that
//! key can check it without us (docs/retention.md).

use crate::records::PublicKey;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use data_encoding::HEXLOWER;
use sidelight_protocol::keeping::{Category, DeletionReceipt};
use sidelight_room::keeping::{Since, Unit, of};

const TITLE: &str = "Sidelight deletion receipt 1";
const SIGNATURE: &str = "signature: ";

/// The longest file that is one.
const LONGEST: usize = 4096;

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Which service: the name of its audit's chain.
    pub node: String,
    pub receipt: DeletionReceipt,
}

/// Why a file isn't taken for a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAReceipt {
    #[error("this is no deletion receipt")]
    Unreadable,
    #[error("it is signed with a key that isn't this service's")]
    OtherKey,
    #[error("its signature doesn't hold: something in it was changed")]
    Changed,
}

/// What was erased, in words that need no table.
fn erased(category: Category) -> &'static str {
    match category {
        Category::Reach => "phone numbers and email addresses",
        Category::Contact => "contacts with all that happened in them",
        Category::Unhandled => "contacts in which something still waited to be handled",
        Category::Plan => "safety plans of people",
        Category::Record => "contact records and notes that had been copied",
        Category::Unfinished => "contact records and notes that nobody had copied",
        Category::Transcript => "what was typed in conversations",
        Category::Delivery => "what became of messages that were sent",
        Category::Audit => "entries of the audit",
        Category::Receipts => "deletion receipts",
    }
}

fn kept(receipt: &DeletionReceipt) -> String {
    let Some(period) = receipt.period else { return "erased because it was asked for".into() };
    let rule = of(receipt.category);
    let unit = if rule.unit == Unit::Hours { "hours" } else { "days" };
    let since = match rule.since {
        Since::ContactEnded => "the contact ended",
        Since::LastContact => "the last contact",
        Since::Copied => "it was copied",
        Since::Sent => "it was sent",
        Since::Written => "it was written",
    };
    format!("{period} {unit} since {since}")
}

fn time(at: u32) -> String {
    jiff::Timestamp::from_second(i64::from(at)).map_or_else(|_| at.to_string(), |at| at.to_string())
}

impl Paper {
    /// All that is signed. Nothing in it names anybody.
    fn text(&self, key: &PublicKey) -> String {
        let Paper { node, receipt } = self;
        let DeletionReceipt { number, category, count, begun, done, .. } = receipt;
        let name = super::name(*category).unwrap_or_default();
        format!(
            "{TITLE}\nservice: {node}\nnumber: {number}\nerased: {} ({name})\nhow many: {count}\nkept for: {}\n\
             erased from: {}\nerased until: {}\nkey: {key}\n",
            erased(*category),
            kept(receipt),
            time(*begun),
            time(*done)
        )
    }

    /// None where the key is none.
    pub fn signed(&self, signer: &Ed25519KeyPair) -> Option<String> {
        let text = self.text(&PublicKey::of(signer)?);
        let signature = HEXLOWER.encode(signer.sign(text.as_bytes()).as_ref());
        Some(format!("{text}{SIGNATURE}{signature}\n"))
    }
}

/// The lines of a receipt that one of these keys has signed, without the signature.
pub fn verify<'a>(file: &'a str, trusted: &[PublicKey]) -> Result<&'a str, NotAReceipt> {
    if file.len() > LONGEST || !file.starts_with(TITLE) {
        return Err(NotAReceipt::Unreadable);
    }
    let at = file.rfind(SIGNATURE).ok_or(NotAReceipt::Unreadable)?;
    let (text, signature) = file.split_at(at);
    let signature = signature.strip_prefix(SIGNATURE).and_then(|hex| HEXLOWER.decode(hex.trim_end().as_bytes()).ok());
    let key = text.lines().find_map(|line| line.strip_prefix("key: ")).and_then(PublicKey::from_text);
    let (signature, key) = signature.zip(key).ok_or(NotAReceipt::Unreadable)?;
    if !trusted.contains(&key) {
        return Err(NotAReceipt::OtherKey);
    }
    let holds = UnparsedPublicKey::new(&ED25519, key.0).verify(text.as_bytes(), &signature);
    holds.map(|()| text).map_err(|_| NotAReceipt::Changed)
}
