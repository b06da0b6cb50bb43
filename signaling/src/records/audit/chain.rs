//! The chain of the audit, and whether one is whole: pure rules over what is stored.
//!
//! Each entry has a hash over all that it says and over the hash of the entry before it, so that no entry can be changed, left
//! out or moved without all later hashes changing. Somebody who may write everything can compute those anew: what they can't change
//! is a head that has left the machine ([`Anchor`]).

use super::head::{Head, PublicKey, Said, Signed};
use aws_lc_rs::digest::{Context, SHA256};

/// SHA-256.
pub type Hash = [u8; 32];

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: u32,
    pub at: i64,
    pub who: Option<String>,
    pub what: String,
    pub contact: Option<String>,
    pub person: Option<String>,
    pub sealed: Option<Vec<u8>>,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}

impl Stored {
    /// Over everything it says and the hash of the one before. Each part has its length before it, and what is missing is told from
    /// what is empty, so that no two entries read the same.
    pub fn hashed(&self) -> Hash {
        let mut hashing = Context::new(&SHA256);
        hashing.update(b"sidelight audit entry 1");
        hashing.update(&self.at.to_be_bytes());
        hashing.update(&self.id.to_be_bytes());
        let text = |text: &Option<String>| text.as_ref().map(|text| text.as_bytes().to_vec());
        let parts = [
            Some(self.previous.clone()),
            text(&self.who),
            Some(self.what.as_bytes().to_vec()),
            text(&self.contact),
            text(&self.person),
            self.sealed.clone(),
        ];
        for part in &parts {
            hashing.update(&[u8::from(part.is_some())]);
            let part = part.as_deref().unwrap_or_default();
            hashing.update(&(part.len() as u64).to_be_bytes());
            hashing.update(part);
        }
        finished(hashing)
    }
}

/// What stands before the first entry of a chain.
pub fn beginning(node: &str) -> Hash {
    let mut hashing = Context::new(&SHA256);
    hashing.update(b"sidelight audit chain 1");
    hashing.update(node.as_bytes());
    finished(hashing)
}

fn finished(hashing: Context) -> Hash {
    let mut hash = [0; 32];
    // SHA-256 has as many bytes.
    hash.iter_mut().zip(hashing.finish().as_ref()).for_each(|(to, from)| *to = *from);
    hash
}

/// What is wrong with an audit, for whoever has to find out why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("entry {id} was changed")]
    Changed { id: u32 },
    #[error("entry {id} doesn't follow entry {after}: an entry was deleted, put in or moved there")]
    Loose { id: u32, after: u32 },
    #[error("the audit ends with entry {found}, which isn't the end that was kept: entries were cut off or added behind it")]
    End { found: u32 },
    #[error("the checkpoint that stands for the entries up to {last} is false: {why}")]
    Checkpoint { last: u32, why: &'static str },
    #[error("entry {id} isn't the one that the anchor knows (its line {line}): the audit was written anew")]
    Rewritten { id: u32, line: usize },
    #[error("entry {id}, which the anchor knows (its line {line}), isn't there: it was deleted")]
    Gone { id: u32, line: usize },
    #[error("entry {id}, which the anchor knows (its line {line}), isn't there: the end was cut off after entry {found}")]
    Cut { id: u32, line: usize, found: u32 },
    #[error("line {line} of the anchor is false: {why}")]
    AnchorLine { line: usize, why: &'static str },
    #[error("the anchor knows nothing of this audit")]
    AnchorEmpty,
}

/// Heads that have left the machine, by the ids of their entries.
#[derive(Clone, Debug, Default)]
pub struct Anchor {
    heads: Vec<(usize, Head)>,
}

impl Anchor {
    /// From lines as they were sent out, whatever a log has put before each; other lines are none of ours, nor are those of other
    /// chains.
    pub fn read(text: &str, node: &str, trusted: &[PublicKey]) -> Result<Anchor, Fault> {
        let mut heads = Vec::new();
        for (number, text) in text.lines().enumerate() {
            let line = number + 1;
            match Signed::from_line(text) {
                None => {}
                Some(None) => return Err(Fault::AnchorLine { line, why: "it can't be read" }),
                Some(Some(signed)) if signed.head.node != node => {}
                Some(Some(signed)) if signed.holds(Said::Head, trusted) => heads.push((line, signed.head)),
                Some(Some(_)) => return Err(Fault::AnchorLine { line, why: "it isn't signed by the service's key" }),
            }
        }
        if heads.is_empty() {
            return Err(Fault::AnchorEmpty);
        }
        heads.sort_by_key(|(line, head)| (head.last, *line));
        Ok(Anchor { heads })
    }

    pub fn len(&self) -> usize {
        self.heads.len()
    }
}

/// Goes along a chain from its beginning, or from the checkpoint that stands for its beginning.
pub struct Walk<'a> {
    last: u32,
    hash: Hash,
    /// Of the anchor, what is still to be met, the next one first.
    ahead: &'a [(usize, Head)],
}

impl<'a> Walk<'a> {
    pub fn begin(node: &str, checkpoint: Option<&Signed>, anchor: &'a Anchor, trusted: &[PublicKey]) -> Result<Walk<'a>, Fault> {
        let (last, hash) = match checkpoint {
            None => (0, beginning(node)),
            Some(signed) => {
                let wrong = |why| Fault::Checkpoint { last: signed.head.last, why };
                if signed.head.node != node {
                    return Err(wrong("it is of another audit"));
                }
                if !signed.holds(Said::Checkpoint, trusted) {
                    return Err(wrong("it isn't signed by the service's key"));
                }
                (signed.head.last, signed.head.hash)
            }
        };
        // Of what the checkpoint stands for, only its end can be compared.
        let ahead = anchor.heads.partition_point(|(_, head)| head.last < last);
        let mut walk = Walk { last, hash, ahead: anchor.heads.get(ahead..).unwrap_or_default() };
        walk.meet()?;
        Ok(walk)
    }

    /// The next entry.
    pub fn follow(&mut self, entry: &Stored) -> Result<(), Fault> {
        let id = entry.id;
        if id <= self.last || entry.previous != self.hash {
            return Err(Fault::Loose { id, after: self.last });
        }
        let hash = entry.hashed();
        if entry.hash != hash {
            return Err(Fault::Changed { id });
        }
        if let Some((line, head)) = self.ahead.first().filter(|(_, head)| head.last < id) {
            return Err(Fault::Gone { id: head.last, line: *line });
        }
        (self.last, self.hash) = (id, hash);
        self.meet()
    }

    /// After the last entry: whether it is the one that was kept as such. Returns its id.
    pub fn end(self, kept: &[u8]) -> Result<u32, Fault> {
        if let Some((line, head)) = self.ahead.first() {
            return Err(Fault::Cut { id: head.last, line: *line, found: self.last });
        }
        if self.hash != kept { Err(Fault::End { found: self.last }) } else { Ok(self.last) }
    }

    /// What the anchor knows of the place where the walk stands.
    fn meet(&mut self) -> Result<(), Fault> {
        while let Some(((line, head), rest)) = self.ahead.split_first().filter(|((_, head), _)| head.last == self.last) {
            if head.hash != self.hash {
                return Err(Fault::Rewritten { id: head.last, line: *line });
            }
            self.ahead = rest;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
