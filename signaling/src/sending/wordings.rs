//! What messages say: nothing that tells a bystander what they are about, and never more than one text message. Pure.

use crate::error::Refusal;
use crate::telling::telling_word;
use sidelight_protocol::plan::Channel;
use sidelight_protocol::sending::{LONGEST_SENDER, LONGEST_WORDING, MOST_WORDINGS, Wordings};
use sidelight_room::gsm7::{MOST, places};

/// Characters behind the origin in a link: `/#`, 26 characters, and the 5 dashes of their groups.
const OF_A_LINK: usize = 33;

/// How each of the texts is named where something is wrong with it.
const TEXTS: [&str; MOST_WORDINGS] = ["text_0", "text_1", "text_2", "text_3", "text_4"];

/// The service's own, until an administrator sets others.
pub fn own() -> Wordings {
    Wordings {
        sender: String::new(),
        subject: "Our call".into(),
        texts: vec!["Here is the link for our call:".into()],
        reminder: "We have a call soon, as we said.".into(),
        off: "Sorry, I can't make the time we had. I will get in touch about a new one.".into(),
    }
}

/// What goes before a link, and the link; or before a code, the place where it is typed and the code.
pub fn with_link(words: &str, link: &str) -> String {
    format!("{words} {link}")
}

/// A message as it arrives.
pub fn whole(prefix: &str, channel: Channel, text: &str) -> String {
    if channel == Channel::SystemText { format!("{prefix}{text}") } else { text.to_owned() }
}

/// Refuses what wouldn't be one text message.
pub fn is_one_message(text: &str, field: &'static str) -> Result<(), Refusal> {
    match places(text) {
        Ok(places) if places <= MOST => Ok(()),
        Ok(places) => {
            let title = format!("It takes {places} places, and one text message has {MOST}. Make it shorter.");
            Err(Refusal::field("text_long", field, title))
        }
        Err(letter) => {
            let title = format!("Text messages don't have the character “{letter}”. Write it another way.");
            Err(Refusal::field("text_letters", field, title))
        }
    }
}

/// Places that prefix and link leave for the words between them.
pub fn room(prefix: &str, origin: &str) -> usize {
    let taken = places(prefix).unwrap_or(MOST) + 1 + places(origin).unwrap_or(MOST) + OF_A_LINK;
    MOST.saturating_sub(taken)
}

/// The wordings as they are kept, or what is wrong with them.
pub fn checked(wordings: Wordings, prefix: &str, origin: &str) -> Result<Wordings, Refusal> {
    let Wordings { sender, subject, texts, reminder, off } = wordings;
    let sender = words("sender", sender, LONGEST_SENDER)?;
    let subject = needed("subject", words("subject", subject, LONGEST_WORDING)?)?;
    let reminder = needed("reminder", words("reminder", reminder, LONGEST_WORDING)?)?;
    is_one_message(&format!("{prefix}{reminder}"), "reminder")?;
    let off = needed("off", words("off", off, LONGEST_WORDING)?)?;
    is_one_message(&format!("{prefix}{off}"), "off")?;
    if texts.is_empty() || texts.len() > MOST_WORDINGS {
        return Err(Refusal::field("texts_many", "texts", "Write 1 to 5 texts."));
    }
    let mut kept = Vec::with_capacity(texts.len());
    for (text, field) in texts.into_iter().zip(TEXTS) {
        let text = needed(field, words(field, text, LONGEST_WORDING)?)?;
        let link = format!("{origin}{}", "0".repeat(OF_A_LINK));
        is_one_message(&format!("{prefix}{}", with_link(&text, &link)), field)?;
        kept.push(text);
    }
    Ok(Wordings { sender, subject, texts: kept, reminder, off })
}

fn needed(field: &'static str, text: String) -> Result<String, Refusal> {
    if text.is_empty() { Err(Refusal::field("text_missing", field, "Something has to stand here.")) } else { Ok(text) }
}

fn words(field: &'static str, text: String, most: usize) -> Result<String, Refusal> {
    let text = text.trim().to_owned();
    if text.chars().count() > most {
        return Err(Refusal::field("too_long", field, format!("At most {most} characters.")));
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::field("text_letters", field, "One line, please."));
    }
    match telling_word(&text, false) {
        Some(word) => {
            let title = format!("Whoever sees their phone can read this, and “{word}” may tell what it is about. Choose another word.");
            Err(Refusal::field("text_telling", field, title))
        }
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://call.example.org";

    fn code(change: impl FnOnce(&mut Wordings)) -> &'static str {
        let mut wordings = own();
        change(&mut wordings);
        checked(wordings, "Call: ", ORIGIN).err().map_or("taken", |refusal| refusal.code)
    }

    #[test]
    fn the_services_own_words_are_taken_as_they_are_and_fit_one_message() {
        assert!(checked(own(), "Call: ", ORIGIN).is_ok_and(|kept| kept == own()));
        let whole =
            whole("Call: ", Channel::SystemText, &with_link(&own().texts[0], &format!("{ORIGIN}/#01234-56789-abcde-fghjk-mnpqr-s")));
        assert_eq!(whole, "Call: Here is the link for our call: https://call.example.org/#01234-56789-abcde-fghjk-mnpqr-s");
        assert_eq!(places(&whole).unwrap(), "Call: ".len() + own().texts[0].len() + 1 + ORIGIN.len() + OF_A_LINK);
    }

    #[test]
    fn a_telling_word_is_refused_in_every_field() {
        assert_eq!(code(|w| w.sender = "Women's Refuge".into()), "text_telling");
        assert_eq!(code(|w| w.subject = "Your social worker".into()), "text_telling");
        assert_eq!(code(|w| w.reminder = "Family services call soon".into()), "text_telling");
        assert_eq!(code(|w| w.off = "The police will call another day".into()), "text_telling");
        assert_eq!(code(|w| w.texts.push("Is it safe to talk?".into())), "text_telling");
        assert_eq!(code(|w| w.texts.push("Is now good to talk?".into())), "taken", "it can be otherwise");
    }

    #[test]
    fn which_of_the_texts_is_wrong_is_told() {
        let wordings = Wordings { texts: vec!["For later:".into(), "The police".into()], ..own() };
        assert_eq!(checked(wordings, "", ORIGIN).err().and_then(|refusal| refusal.field), Some("text_1"));
    }

    #[test]
    fn what_would_be_two_messages_or_has_other_letters_is_refused_and_the_last_place_is_taken() {
        let room = room("Call: ", ORIGIN);
        assert_eq!(room, 160 - 6 - 1 - 24 - 33);
        assert_eq!(code(|w| w.texts = vec!["x".repeat(room)]), "taken");
        assert_eq!(code(|w| w.texts = vec!["x".repeat(room + 1)]), "text_long");
        assert_eq!(code(|w| w.texts = vec!["€".repeat(room / 2 + 1)]), "text_long", "two places each");
        assert_eq!(code(|w| w.texts = vec!["It’s me".into()]), "text_letters");
        assert_eq!(code(|w| w.texts = vec!["a\nb".into()]), "text_letters");
        assert_eq!(code(|w| w.texts = vec![]), "texts_many");
        assert_eq!(code(|w| w.texts = vec!["x".into(); 6]), "texts_many");
        assert_eq!(code(|w| w.texts = vec![" ".into()]), "text_missing");
        assert_eq!((code(|w| w.sender = "x".repeat(41)), code(|w| w.subject = "x".repeat(121))), ("too_long", "too_long"));
        assert_eq!(
            (code(|w| w.subject = "It’s us".into()), code(|w| w.sender = String::new())),
            ("taken", "taken"),
            "emails have them all"
        );
    }
}
