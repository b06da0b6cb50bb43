//! The link, where the service gets to see it: only when it is asked to draw it or to send it. The browser makes it, and the rules here must be
//! the same as there (`web-client/parts/invitation.js`).

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

/// Crockford's base32: no I, L, O or U, so that a link can be read out and copied by hand.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 26 characters of 5 bits hold 128 bits.
const LENGTH: usize = 26;
/// A code that is typed has 50.
const LENGTH_OF_CODE: usize = 10;
/// Keeps these ids apart from any other hash of the same token.
const PURPOSE: &str = "sidelight invitation:";
const PURPOSE_OF_CODES: &str = "sidelight code:";

/// A link's secret as it is hashed, 26 capital characters; or a code, 10 of them. No Debug: whoever reads it can open the door.
pub struct Token(Zeroizing<String>);

/// The token in what was given: case, spaces and dashes don't matter, O is 0, I and L are 1.
pub fn token(text: &str) -> Option<Token> {
    letters(text, LENGTH)
}

/// The code in what was given, by the same rules.
pub fn code(text: &str) -> Option<Token> {
    letters(text, LENGTH_OF_CODE)
}

fn letters(text: &str, length: usize) -> Option<Token> {
    // Before anything is copied: nothing that long is a link's.
    if text.len() > 4 * LENGTH {
        return None;
    }
    let mut token = Zeroizing::new(String::with_capacity(length));
    for letter in text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        };
        if token.len() >= length || !u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte)) {
            return None;
        }
        token.push(letter);
    }
    (token.len() == length).then_some(Token(token))
}

/// The invitation id that belongs to it: all that the service is told otherwise.
pub fn invitation(token: &Token) -> String {
    let purpose = if token.0.len() == LENGTH_OF_CODE { PURPOSE_OF_CODES } else { PURPOSE };
    let hash = digest(&SHA256, format!("{purpose}{}", token.0.as_str()).as_bytes());
    HEXLOWER.encode(hash.as_ref().get(..16).unwrap_or_default())
}

/// The link itself, as the desk writes it.
pub fn address(origin: &str, token: &Token) -> Zeroizing<String> {
    let token = token.0.to_lowercase();
    let groups: Vec<&str> = (0..LENGTH).step_by(5).filter_map(|at| token.get(at..LENGTH.min(at + 5))).collect();
    Zeroizing::new(format!("{origin}/#{}", groups.join("-")))
}

/// A code in two groups, as the desk writes it.
pub fn typed(code: &Token) -> Zeroizing<String> {
    let (first, second) = code.0.split_at(LENGTH_OF_CODE / 2);
    Zeroizing::new(format!("{first}-{second}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The browsers' own test (`parts_invitation.test.mjs`) begins with the same token.
    #[test]
    fn the_id_is_the_one_that_a_browser_derives() {
        let token = token("01234-56789-ABCDE-FGHJK-MNPQR-S").unwrap();
        assert_eq!(invitation(&token), "7566481c24134c383217218e91711b79");
        assert_eq!(*address("https://call.example.org", &token), "https://call.example.org/#01234-56789-abcde-fghjk-mnpqr-s");
    }

    /// As in `parts_invitation.test.mjs`.
    #[test]
    fn a_code_has_an_id_of_its_own_and_is_no_link() {
        let code = code("01234-56789").unwrap();
        assert_eq!((invitation(&code).as_str(), typed(&code).as_str()), ("9a3513cdaef9fc8ebe37fa1f5668c43d", "01234-56789"));
        assert!(token("01234-56789").is_none() && super::code("0123456789A").is_none());
    }

    #[test]
    fn what_was_read_out_or_copied_by_hand_is_the_same_link() {
        let read = token("oOiIl-2345 6789a BCDEF ghjkm np").unwrap();
        assert_eq!(&**read.0, "00111".to_owned() + "23456789ABCDEFGHJKMNP");
        for wrong in
            ["", "0", "00000-00000-00000-00000-00000-00", "U0000-00000-00000-00000-00000-0", "\u{e9}0000-00000-00000-00000-00000-0"]
        {
            assert!(token(wrong).is_none(), "{wrong}");
        }
        assert!(token(&" ".repeat(10_000)).is_none());
    }
}
