//! Any bytes on a stream to the relay: however the reads fall, the same frames are cut from them, and the same end.

use crate::bytes::Bytes;
use sidelight_relay::{BadFrame, Frames, LARGEST_FRAME, padding};

/// What a stream holds, and whether it goes wrong behind that.
#[derive(PartialEq, Eq)]
struct Held {
    frames: Vec<Vec<u8>>,
    bad: bool,
}

/// The first byte says how much is read at a time.
pub fn cut(data: &[u8]) {
    let mut input = Bytes::new(data);
    let piece = usize::from(input.byte()) + 1;
    let stream = input.rest();
    let at_once = by_pieces(stream, usize::MAX);
    assert!(at_once == told_by_its_lengths(stream), "other frames than the lengths in the stream say");
    assert!(by_pieces(stream, 1) == at_once, "other frames byte by byte");
    assert!(by_pieces(stream, piece) == at_once, "other frames {piece} bytes at a time");
}

fn by_pieces(stream: &[u8], piece: usize) -> Held {
    let mut frames = Frames::default();
    let mut held = Held { frames: Vec::new(), bad: false };
    let mut rest = stream;
    while !rest.is_empty() {
        let space = frames.space();
        assert!(!space.is_empty(), "nothing more can be read, and no frame is whole");
        let count = piece.min(space.len()).min(rest.len());
        space[..count].copy_from_slice(&rest[..count]);
        rest = &rest[count..];
        frames.filled(count);
        loop {
            match frames.next_frame() {
                Ok(Some(frame)) => {
                    assert!(frame.len() <= LARGEST_FRAME);
                    held.frames.push(frame.to_vec());
                }
                Ok(None) => break,
                Err(BadFrame) => {
                    held.bad = true;
                    return held;
                }
            }
        }
    }
    held
}

/// The same again, from RFC 8656 section 12.5 and with the whole stream before one's eyes.
fn told_by_its_lengths(mut rest: &[u8]) -> Held {
    let mut held = Held { frames: Vec::new(), bad: false };
    while let Some(first) = rest.first() {
        if *first > 0x7F {
            held.bad = true;
        }
        let &[_, _, high, low, ..] = rest else { break };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let stun = *first < 0x40;
        let frame = length + if stun { 20 } else { 4 };
        let padded = frame + padding(frame);
        let cookie = rest.get(4..8).is_none_or(|cookie| cookie == [0x21, 0x12, 0xA4, 0x42]);
        if held.bad || padded > LARGEST_FRAME || stun && (length % 4 != 0 || !cookie) {
            held.bad = true;
            break;
        }
        let Some(whole) = rest.get(..frame).filter(|_| rest.len() >= padded) else { break };
        held.frames.push(whole.to_vec());
        rest = &rest[padded..];
    }
    held
}
