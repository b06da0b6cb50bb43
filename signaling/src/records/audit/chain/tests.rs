//! Random audits, and all that somebody might do to one who can write whatever they like, short of having the service's key.

use super::*;
use aws_lc_rs::signature::Ed25519KeyPair;
use proptest::prelude::*;

/// What is stored of an audit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Audit {
    node: String,
    checkpoint: Option<Signed>,
    entries: Vec<Stored>,
    head: Vec<u8>,
}

fn signer(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn signed(seed: u8, said: Said, node: &str, last: u32, hash: &[u8]) -> Signed {
    let head = Head { node: node.into(), last, at: 5, hash: hash.try_into().unwrap() };
    Signed::new(&signer(seed), said, head).unwrap()
}

fn trusted() -> [PublicKey; 1] {
    [PublicKey::of(&signer(1)).unwrap()]
}

impl Audit {
    fn of(entries: &[(u8, Option<String>, Option<Vec<u8>>)]) -> Audit {
        let mut audit = Audit { node: "n1".into(), checkpoint: None, entries: vec![], head: beginning("n1").to_vec() };
        for (number, (what, who, sealed)) in entries.iter().enumerate() {
            audit.entries.push(Stored {
                id: u32::try_from(number + 1).unwrap(),
                at: i64::from(*what) * 100,
                who: who.clone(),
                what: format!("what{what}"),
                contact: who.clone().filter(|_| what % 2 == 0),
                person: who.clone().filter(|_| what % 3 == 0),
                sealed: sealed.clone(),
                previous: vec![],
                hash: vec![],
            });
        }
        audit.hash_from(0);
        audit
    }

    /// As somebody would who rewrites the chain: every hash from this entry on computed anew, and the end kept as such.
    fn hash_from(&mut self, from: usize) {
        for number in from..self.entries.len() {
            let before = match number.checked_sub(1) {
                Some(before) => self.entries[before].hash.clone(),
                None => self.checkpoint.as_ref().map_or(beginning(&self.node).to_vec(), |signed| signed.head.hash.to_vec()),
            };
            self.entries[number].previous = before;
            self.entries[number].hash = self.entries[number].hashed().to_vec();
        }
        if let Some(last) = self.entries.last() {
            self.head = last.hash.clone();
        }
    }

    /// As a sweep does it.
    fn sweep(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        let last = self.entries[count - 1].clone();
        self.checkpoint = Some(signed(1, Said::Checkpoint, &self.node, last.id, &last.hash));
        self.entries.drain(..count);
    }

    fn anchored_at(&self, id: u32) -> String {
        let hash = self.entries.iter().find(|entry| entry.id == id).map(|entry| entry.hash.clone());
        signed(1, Said::Head, &self.node, id, &hash.unwrap_or(beginning(&self.node).to_vec())).line()
    }

    fn verify(&self, anchor: Option<&str>) -> Result<u32, Fault> {
        let anchor = anchor.map(|text| Anchor::read(text, &self.node, &trusted())).transpose()?.unwrap_or_default();
        let mut walk = Walk::begin(&self.node, self.checkpoint.as_ref(), &anchor, &trusted())?;
        for entry in &self.entries {
            walk.follow(entry)?;
        }
        walk.end(&self.head)
    }
}

/// Does something to it; true where it covered its tracks, so that only the anchor can show it.
fn tamper(audit: &mut Audit, kind: u8, at: usize, other: usize, rehash: bool, anchored: &Signed) -> bool {
    let count = audit.entries.len();
    let (at, other) = (at % count, other % count);
    match kind {
        0 => audit.entries[at].at += 1,
        1 => audit.entries[at].who = Some("somebody else".into()),
        2 => audit.entries[at].what.push('x'),
        3 => audit.entries[at].contact = audit.entries[at].contact.take().is_none().then(|| "c".into()),
        4 => audit.entries[at].sealed = Some(vec![9; 30]),
        5 => audit.entries[at].id += 1000,
        6 => {
            audit.entries.remove(at);
        }
        7 => {
            // Something that nobody wrote: one more of what was written last would be an entry like any other.
            let extra = Stored { what: "put in".into(), ..audit.entries[at].clone() };
            audit.entries[at..].iter_mut().for_each(|later| later.id += 1);
            audit.entries.insert(at, extra);
        }
        // Two change places, or what they say does.
        8 => audit.entries.swap(at, other),
        9 => {
            let (first, second) = (audit.entries[at].clone(), audit.entries[other].clone());
            audit.entries[at] = Stored { id: first.id, ..second.clone() };
            audit.entries[other] = Stored { id: second.id, ..first };
        }
        // The end is cut off, and what is left is kept as the end.
        10 => {
            audit.entries.truncate(at);
            let before = audit.checkpoint.as_ref().map_or(beginning(&audit.node).to_vec(), |signed| signed.head.hash.to_vec());
            audit.head = audit.entries.last().map_or(before, |last| last.hash.clone());
            return true;
        }
        // A checkpoint stands for entries that nobody was to forget: signed by another key, or what went out as a head.
        11 => {
            let last = audit.entries[at].clone();
            audit.entries.drain(..=at);
            audit.checkpoint = Some(signed(2, Said::Checkpoint, &audit.node, last.id, &last.hash));
        }
        12 => {
            audit.entries.retain(|entry| entry.id > anchored.head.last);
            audit.checkpoint = Some(anchored.clone());
        }
        13 => audit.head = vec![7; 32],
        // Another audit altogether.
        _ => {
            audit.node = "n2".into();
            audit.checkpoint = None;
            audit.hash_from(0);
            return true;
        }
    }
    if rehash {
        audit.hash_from(0);
    }
    rehash
}

/// The tampering that there is.
const KINDS: u8 = 15;

fn entries() -> impl Strategy<Value = Vec<(u8, Option<String>, Option<Vec<u8>>)>> {
    let one = (0..9_u8, proptest::option::of("[a-c]{0,2}"), proptest::option::of(proptest::collection::vec(any::<u8>(), 0..4)));
    proptest::collection::vec(one, 2..14)
}

fn cases() -> u32 {
    if std::env::var_os("SIDELIGHT_LONG").is_some() { 20_000 } else { 1_500 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_tampering_with_an_audit_is_found_and_an_untouched_one_is_whole(
        entries in entries(), swept in 0..6_usize, some in 0..14_u32,
        kind in 0..KINDS, at in 0..20_usize, other in 0..20_usize, rehash: bool,
    ) {
        let mut audit = Audit::of(&entries);
        let last = u32::try_from(entries.len()).unwrap();
        // What went out while it grew, its end at last.
        let anchor = format!("{}\n<85>sidelight: {}\n", audit.anchored_at(some.min(last)), audit.anchored_at(last));
        let anchored = Signed::from_line(&anchor.lines().last().unwrap()).unwrap().unwrap();
        audit.sweep(swept.min(entries.len() - 1));
        prop_assert_eq!(audit.verify(Some(&anchor)), Ok(last));
        prop_assert_eq!(audit.verify(None), Ok(last));
        let before = audit.clone();
        let covered = tamper(&mut audit, kind, at, other, rehash, &anchored);
        if audit == before {
            return Ok(());
        }
        prop_assert!(audit.verify(Some(&anchor)).is_err(), "kind {} wasn't found: {:?}", kind, audit);
        prop_assert!(covered || audit.verify(None).is_err(), "kind {} wasn't found by itself: {:?}", kind, audit);
    }
}

#[test]
fn an_anchor_that_cant_be_believed_is_told_of() {
    let audit = Audit::of(&[(1, None, None), (2, None, None)]);
    let line = audit.anchored_at(2);
    let flipped = |from: &str, to: &str| line.replacen(from, to, 1);
    let false_line = |why| Err(Fault::AnchorLine { line: 1, why });
    assert_eq!(audit.verify(Some(&line)), Ok(2));
    assert_eq!(audit.verify(Some("")), Err(Fault::AnchorEmpty));
    assert_eq!(audit.verify(Some("nothing of ours\n")), Err(Fault::AnchorEmpty));
    assert_eq!(audit.verify(Some(&flipped("node=n1", "node=n7"))), Err(Fault::AnchorEmpty), "another machine's");
    assert_eq!(audit.verify(Some(&flipped("entry=2", "entry=1"))), false_line("it isn't signed by the service's key"));
    assert_eq!(audit.verify(Some(&flipped("entry=2", "entry=x"))), false_line("it can't be read"));
    assert_eq!(audit.verify(Some(&line[..line.len() - 1])), false_line("it can't be read"));
    let others = signed(2, Said::Head, "n1", 2, &audit.head).line();
    assert_eq!(audit.verify(Some(&others)), false_line("it isn't signed by the service's key"));
    let checkpoint = signed(1, Said::Checkpoint, "n1", 2, &audit.head).line();
    assert_eq!(audit.verify(Some(&checkpoint)), false_line("it isn't signed by the service's key"), "one can't stand for the other");
}

/// Computed by another program (Python's hashlib, from the description in `docs/keys.md`), so that the form can't change by itself.
#[test]
fn the_hashes_are_those_that_anybody_can_compute() {
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    assert_eq!(hex(&beginning("n1")), "88388f92b1f406d2c9a0580525d2dc6f27558c404704a870c69bad0baddf120f");
    let entry = Stored {
        id: 7,
        at: 1_764_000_000,
        who: Some("kim".into()),
        what: "duty_on".into(),
        contact: None,
        person: Some(String::new()),
        sealed: Some(vec![1, 2, 3]),
        previous: beginning("n1").to_vec(),
        hash: vec![],
    };
    assert_eq!(hex(&entry.hashed()), "e3c801389c66e9c79a3ecfc306e88503816b86b26777718ab06a7db5f6fa5d19");
}
