//! Frames on a byte stream, however the network cuts them.

use sidelight_relay::{BadFrame, Frames, LARGEST_FRAME, Scope, padding};
use turn_types::attribute::RequestedTransport;
use turn_types::message::ALLOCATE;

use crate::world::{World, channel_data};

/// Feeds the pieces one after the other and collects the frames.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Vec<u8>>, BadFrame> {
    let mut frames = Frames::default();
    let mut found = Vec::new();
    for mut piece in pieces {
        while !piece.is_empty() {
            let space = frames.space();
            assert!(!space.is_empty(), "there is always room for more");
            let count = space.len().min(piece.len());
            space[..count].copy_from_slice(&piece[..count]);
            frames.filled(count);
            piece = &piece[count..];
            while let Some(frame) = frames.next_frame()? {
                found.push(frame.to_vec());
            }
        }
    }
    Ok(found)
}

fn padded(frame: &[u8]) -> Vec<u8> {
    let mut bytes = frame.to_vec();
    bytes.resize(frame.len() + padding(frame.len()), 0);
    bytes
}

fn a_conversation() -> (Vec<Vec<u8>>, Vec<u8>) {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let mut sent = vec![a.signed(ALLOCATE, &[&RequestedTransport::new(17)])];
    sent.extend((0..12).map(|length| channel_data(0x4000 + length, &vec![0x40; usize::from(length)])));
    sent.push(a.signed(ALLOCATE, &[]));
    sent.push(channel_data(0x7FFF, &[0xFF; 1_400]));
    let bytes = sent.iter().flat_map(|frame| padded(frame)).collect();
    (sent, bytes)
}

#[test]
fn a_stream_cut_in_two_at_any_byte_yields_the_same_frames() {
    let (sent, bytes) = a_conversation();
    for cut in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(cut);
        assert!(read([head, tail]).unwrap() == sent, "cut at {cut}");
    }
}

#[test]
fn a_stream_in_pieces_of_any_size_yields_the_same_frames() {
    let (sent, bytes) = a_conversation();
    for size in 1..200 {
        assert!(read(bytes.chunks(size)).unwrap() == sent, "pieces of {size}");
    }
}

#[test]
fn frames_that_fill_the_buffer_to_the_brim_are_all_found() {
    let frame = channel_data(0x4000, &[1; LARGEST_FRAME - 4]);
    let bytes = frame.repeat(50);
    for size in [1, 7, 1_460, 4_096, 65_536] {
        assert_eq!(read(bytes.chunks(size)).unwrap().len(), 50, "pieces of {size}");
    }
}

#[test]
fn what_is_no_frame_ends_the_stream() {
    let too_long = channel_data(0x4000, &[0; LARGEST_FRAME - 3]);
    for bytes in [
        &[0x80][..],
        &[0xFF; 4],
        b"\x16\x03\x01\x00\xa5\x01\x00\x00",
        &[0x00, 0x01, 0x00, 0x03],
        &[0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xA4, 0x43],
        &[0x00, 0x01, 0xFF, 0xFC],
        &[0x40, 0x00, 0xFF, 0xFF],
        &too_long,
        b"\x02abc\x02abc",
    ] {
        assert_eq!(read([bytes]), Err(BadFrame), "{bytes:?}");
        assert_eq!(read(bytes.chunks(1)), Err(BadFrame), "{bytes:?} byte by byte");
    }
}

#[test]
fn padding_makes_each_frame_a_multiple_of_four() {
    assert_eq!([0, 1, 2, 3, 4, 5].map(padding), [0, 3, 2, 1, 0, 3]);
}
