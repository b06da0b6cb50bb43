//! Words that give the matter away. What goes out with a link is read on a locked screen, by whoever holds the phone. Pure.

/// The list that every screen is held to.
const LIST: &str = include_str!("../../../config/banned-words.txt");

/// The first word in a text that tells what it is about, as the list has it. The same rule as that of `tests/checks/banned-words.mjs`.
pub fn telling(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_ascii_lowercase()).filter(|word| !word.is_empty()).collect();
    let text = format!(" {} ", words.join(" "));
    let entries = LIST.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    entries.map(|entry| (entry.trim_end_matches('='), entry.ends_with('='))).find_map(|(word, whole)| {
        let end = if whole { " " } else { "" };
        let spelt = [word.to_owned(), word.replace(' ', "")];
        spelt.iter().any(|word| text.contains(&format!(" {word}{end}"))).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(telling(text), Some(word), "{text}");
        }
        for text in
            ["", "Hello.", "The grapes are a harmless charm", "a social evening, some work", "Here is the link for our call", "Où est-ce?"]
        {
            assert_eq!(telling(text), None, "{text}");
        }
    }
}
