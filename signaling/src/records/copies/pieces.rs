//! A file sealed piece by piece, under a key that seals this one file: pieces can't be changed, moved, left out or cut off. It is the
//! construction known as STREAM: a piece's nonce is its number and whether it is the last.

use super::super::sealing::Key;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, MAX_TAG_LEN, Nonce, UnboundKey};
use std::io::{self, Read, Write};

/// Clear bytes in one piece. More: more memory. Less: more tags.
pub(super) const PIECE: usize = 64 * 1024;

/// Bytes of a sealed piece that isn't the last.
pub(super) const SEALED: usize = PIECE + MAX_TAG_LEN;

/// Seals what there is to read. `key` must never have sealed another file: nonces are counted from 0. `head`: what stands before the
/// pieces, which each of them is bound to.
pub(super) fn seal(key: &Key, head: &[u8], from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let key = sealing(key)?;
    let mut piece = next(from, PIECE)?;
    for number in 0.. {
        let following = if piece.len() == PIECE { next(from, PIECE)? } else { vec![] };
        let last = following.is_empty();
        key.seal_in_place_append_tag(nonce(number, last), Aad::from(head), &mut piece).map_err(|_| refused())?;
        to.write_all(&piece)?;
        if last {
            break;
        }
        piece = following;
    }
    Ok(())
}

/// The way back. Nothing written may be used unless this returns Ok: the end may be missing. `InvalidData`: it isn't what was sealed.
pub(super) fn open(key: &Key, head: &[u8], from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let key = sealing(key)?;
    let mut piece = next(from, SEALED)?;
    for number in 0.. {
        let following = if piece.len() == SEALED { next(from, SEALED)? } else { vec![] };
        let last = following.is_empty();
        let clear = key.open_in_place(nonce(number, last), Aad::from(head), &mut piece).map_err(|_| refused())?;
        to.write_all(clear)?;
        if last {
            break;
        }
        piece = following;
    }
    Ok(())
}

fn sealing(key: &Key) -> io::Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key.bytes()).map(LessSafeKey::new).map_err(|_| refused())
}

fn nonce(number: u64, last: bool) -> Nonce {
    let mut bytes = [0; 12];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes[11] = u8::from(last);
    Nonce::assume_unique_for_key(bytes)
}

/// Up to so many bytes; fewer only at the end.
fn next(from: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length + MAX_TAG_LEN);
    from.by_ref().take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "cut off, changed, or sealed under another key")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> Key {
        Key::from_bytes(&[number; 32]).unwrap()
    }

    fn sealed(clear: &[u8]) -> Vec<u8> {
        let mut out = vec![];
        seal(&key(7), b"head", &mut &clear[..], &mut out).unwrap();
        out
    }

    fn opened(number: u8, head: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let mut out = vec![];
        open(&key(number), head, &mut &sealed[..], &mut out).ok().map(|()| out)
    }

    #[test]
    fn what_was_sealed_is_opened_and_nothing_that_was_cut_changed_or_moved() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 9] {
            let clear: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let whole = sealed(&clear);
            assert_eq!(opened(7, b"head", &whole).as_ref(), Some(&clear), "{length}");
            assert!(opened(8, b"head", &whole).is_none() && opened(7, b"other", &whole).is_none());
            for cut in [0, 1, whole.len() / 2, SEALED, 2 * SEALED, whole.len() - 1] {
                assert!(cut >= whole.len() || opened(7, b"head", &whole[..cut]).is_none(), "{length} cut at {cut}");
            }
            for at in [0, whole.len() / 2, whole.len() - 1] {
                let mut bad = whole.clone();
                bad[at] ^= 1;
                assert!(opened(7, b"head", &bad).is_none(), "{length} changed at {at}");
            }
            assert!(opened(7, b"head", &[&whole[..], b"x"].concat()).is_none());
        }
    }

    #[test]
    fn pieces_cant_change_places_be_left_out_or_be_put_in_twice() {
        let whole = sealed(&vec![5; 3 * PIECE]);
        let pieces: Vec<&[u8]> = whole.chunks(SEALED).collect();
        assert_eq!(opened(7, b"head", &pieces.concat()), Some(vec![5; 3 * PIECE]), "the control: each in its place");
        for order in [&[1, 0, 2][..], &[0, 2, 1], &[2, 1, 0], &[0, 2], &[1, 2], &[0, 0, 1, 2], &[0, 1, 2, 2]] {
            let moved: Vec<&[u8]> = order.iter().map(|at| pieces[*at]).collect();
            assert!(opened(7, b"head", &moved.concat()).is_none(), "{order:?}");
        }
    }
}
