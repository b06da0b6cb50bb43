//! Words that tell a bystander what it is about: those of `config/banned-words.txt`, which the pages' own words are held to by a test
//! (`tests/checks/banned-words.mjs`). Nobody may set them where they could be seen. Read in the same way here and there. Pure.

/// As every program holds it.
const BANNED: &str = include_str!("../../config/banned-words.txt");

/// Its own name: the practitioner's window may have it, the service user's page never.
const NAME: &str = "sidelight";

/// The first banned word in a text. `may_name`: the product's own name is no secret there.
pub fn telling_word(text: &str, may_name: bool) -> Option<&'static str> {
    let words = plain(text);
    let entries = BANNED.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    entries.filter(|entry| !(may_name && *entry == NAME)).map(|entry| (entry, entry.strip_suffix('='))).find_map(|(entry, whole)| {
        let (word, end) = whole.map_or((entry, ""), |word| (word, " "));
        let forms = [format!(" {word}{end}"), format!(" {}{end}", word.replace(' ', ""))];
        forms.iter().any(|form| words.contains(form.as_str())).then_some(word)
    })
}

/// Letters and single spaces, a space before each word and after the last.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_lowercase()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |plain, word| plain + word + " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_its_beginning_whole_or_written_as_one() {
        assert_eq!(telling_word("Domestic-Abuse helpline", false), Some("abus"), "the first of the list");
        assert_eq!(telling_word("A harmed thing", false), Some("harmed"));
        assert_eq!(telling_word("https://childprotection.example.org/", false), Some("child protection"));
        for harmless in ["Hello", "The grapes are a harmless charm", "https://www.bbc.co.uk/weather", "01234 567890", ""] {
            assert_eq!(telling_word(harmless, false), None, "{harmless}");
        }
        assert_eq!((telling_word("Sidelight", false), telling_word("Sidelight", true)), (Some(NAME), None));
    }

    #[test]
    fn a_word_is_found_however_it_is_written_and_harmless_words_are_left_alone() {
        let found = [
            ("Your Social-Worker is here", "social work"),
            ("socialworker", "social work"),
            ("ABUSED", "abus"),
            ("a safe word", "safe"),
            ("no harm.", "harm"),
            ("the Police", "police"),
            ("Sidelight", "sidelight"),
        ];
        for (text, word) in found {
            assert_eq!(telling_word(text, false), Some(word), "{text}");
        }
        for text in
            ["", "Hello.", "The grapes are a harmless charm", "a social evening, some work", "Here is the link for our call", "Où est-ce?"]
        {
            assert_eq!(telling_word(text, false), None, "{text}");
        }
    }

    #[test]
    fn every_entry_of_the_list_finds_itself() {
        let entries: Vec<&str> = BANNED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(entries.len() > 50);
        for entry in entries {
            assert!(telling_word(entry.trim_end_matches('='), false).is_some(), "{entry}");
        }
    }
}
