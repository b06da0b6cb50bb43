//! How long a text message is: GSM 03.38, the letters of which one message holds 160. The desk counts by the same rule
//! (`web-client/desk/gsm7.js`); both are held to one file of examples (`tests/js/vectors/gsm7.json`).

/// What one message holds.
pub const MOST: usize = 160;

/// One place each.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Two places each: they come behind an escape.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

/// The places a text takes. An error is the first letter that there isn't: with it, a message would hold 70 letters, and a text with
/// its link would become several messages.
pub fn places(text: &str) -> Result<usize, char> {
    text.chars().try_fold(0, |places, letter| match letter {
        letter if BASIC.contains(letter) => Ok(places + 1),
        letter if EXTENDED.contains(letter) => Ok(places + 2),
        letter => Err(letter),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_127_letters_of_one_place_ten_of_two_and_none_in_both() {
        assert_eq!((BASIC.chars().count(), EXTENDED.chars().count()), (127, 10), "GSM 03.38 without its escape");
        let all: std::collections::HashSet<char> = BASIC.chars().chain(EXTENDED.chars()).collect();
        assert_eq!(all.len(), 137);
    }

    /// The desk's own test (`gsm7.test.mjs`) goes by the same file.
    #[test]
    fn the_examples_are_counted_as_the_desk_counts_them() {
        let examples: serde_json::Value = serde_json::from_str(include_str!("../../../tests/js/vectors/gsm7.json")).unwrap();
        for example in examples.as_array().unwrap() {
            let counted = match places(example["text"].as_str().unwrap()) {
                Ok(places) => serde_json::json!({ "text": example["text"], "places": places }),
                Err(letter) => serde_json::json!({ "text": example["text"], "wrong": letter }),
            };
            assert_eq!(&counted, example);
        }
    }

    #[test]
    fn an_extended_letter_counts_twice_and_one_that_there_is_not_is_named() {
        assert_eq!((places(""), places("Hello"), places("€"), places("[a]")), (Ok(0), Ok(5), Ok(2), Ok(5)));
        assert_eq!((places("It’s late"), places("Zoë"), places("ok 👍")), (Err('’'), Err('ë'), Err('👍')));
        assert_eq!(places(&"€".repeat(80)), Ok(MOST));
    }
}
