//! The bounds of a contact's details, in one place. Pure.

use crate::error::Refusal;
use sidelight_protocol::{Way, desk::ContactDetails};

/// The earliest start of a new contact: a day ago, for one that is written up afterwards or typed with a wrong day.
const PAST: u32 = 24 * 60 * 60;

/// The latest start: two years ahead; later ones are typing errors.
const AHEAD: u32 = 2 * 366 * 24 * 60 * 60;

/// The details as they are kept: trimmed, with empty texts left out. `before`: what they replace.
pub fn checked(details: ContactDetails, before: Option<&ContactDetails>, now: u32) -> Result<ContactDetails, Refusal> {
    let ContactDetails {
        reference,
        greeting,
        practitioner,
        starts_at,
        minutes,
        ways,
        waiting_words,
        word,
        response,
        when_hidden,
        rings,
        number,
        signing,
        by_code,
        about,
        spellings: _,
        early: _,
        help: _,
    } = details;
    let reference = text("reference", "The reference", Some(reference), 60, false)?
        .ok_or_else(|| Refusal::field("reference_missing", "reference", "A reference is needed, such as initials."))?;
    let greeting = text("greeting", "The name to greet by", greeting, 40, false)?;
    let practitioner = text("practitioner", "Your first name", practitioner, 40, false)?;
    let waiting_words = text("waiting_words", "What is shown while waiting", waiting_words, 200, true)?;
    let word = text("word", "The agreed word", word, 40, false)?;
    let response = text("response", "What to do when the word is used", response, 400, true)?;
    // Where nobody may be rung, a number has no business.
    let number = text("number", "The number, or where to find it,", number, 60, false)?.filter(|_| rings);
    let kept = before.is_some_and(|before| before.starts_at == starts_at);
    if !kept && !(now.saturating_sub(PAST)..=now.saturating_add(AHEAD)).contains(&starts_at) {
        return Err(Refusal::field("starts_at_out_of_range", "starts_at", "The start is more than a day ago or two years ahead."));
    }
    if !(5..=240).contains(&minutes) {
        return Err(Refusal::field("minutes_out_of_range", "minutes", "The planned time is 5 to 240 minutes."));
    }
    let twice = (1..ways.len()).any(|index| ways[..index].contains(&ways[index]));
    if ways.is_empty() || twice {
        return Err(Refusal::field("ways_bad", "ways", "Offer at least one way to talk, and none twice."));
    }
    let ways: Vec<Way> = ways;
    Ok(ContactDetails {
        reference,
        greeting,
        practitioner,
        starts_at,
        minutes,
        ways,
        waiting_words,
        word,
        response,
        when_hidden,
        rings,
        number,
        signing,
        by_code,
        about,
        // They come from the plan alone.
        spellings: Vec::new(),
        early: None,
        // It has a request of its own: a form that lay open would bring back what was true before.
        help: None,
    })
}

/// Where help would go, as it is kept.
pub fn help(words: Option<String>) -> Result<Option<String>, Refusal> {
    text("help", "Where help would go", words, 200, false)
}

/// Trimmed; none when nothing is left. Control characters have no place in a text, but for line breaks in a longer one.
pub(super) fn text(field: &'static str, name: &str, text: Option<String>, most: usize, lines: bool) -> Result<Option<String>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let text = text.trim();
    if text.chars().count() > most {
        return Err(Refusal::field(too_long(field), field, format!("{name} has at most {most} characters.")));
    }
    if text.chars().any(|letter| letter.is_control() && !(lines && letter == '\n')) {
        return Err(Refusal::field("bad_characters", field, format!("{name} has characters in it that can't be shown.")));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

fn too_long(field: &str) -> &'static str {
    match field {
        "reference" => "reference_long",
        "greeting" => "greeting_long",
        "practitioner" => "practitioner_long",
        "waiting_words" => "waiting_words_long",
        "word" => "word_long",
        "number" => "number_long",
        "spellings" => "spellings_long",
        "proves_us" => "proves_us_long",
        "proves_them" => "proves_them_long",
        "proves_them_answer" => "proves_them_answer_long",
        "if_other" => "if_other_long",
        "if_drops" => "if_drops_long",
        "if_exit" => "if_exit_long",
        "help" => "help_long",
        "name" => "name_long",
        "note" => "note_long",
        "wording" => "wording_long",
        "reason" => "reason_long",
        _ => "response_long",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u32 = 1_800_000_000;

    fn good() -> ContactDetails {
        ContactDetails {
            reference: "JT-4471".into(),
            greeting: None,
            practitioner: None,
            starts_at: NOW,
            minutes: 30,
            ways: vec![Way::Voice],
            waiting_words: None,
            word: None,
            response: None,
            when_hidden: None,
            rings: false,
            number: None,
            signing: false,
            by_code: false,
            about: None,
            spellings: vec![],
            early: None,
            help: None,
        }
    }

    fn code(change: impl FnOnce(&mut ContactDetails)) -> &'static str {
        let mut details = good();
        change(&mut details);
        checked(details, None, NOW).err().map_or("taken", |refusal| refusal.code)
    }

    #[test]
    fn each_field_is_taken_at_its_bound_and_refused_beyond() {
        // Counted in characters, whatever their bytes.
        let long = |length: usize| "é".repeat(length);
        assert_eq!(code(|d| d.reference = long(60)), "taken");
        assert_eq!(code(|d| d.reference = long(61)), "reference_long");
        assert_eq!(code(|d| d.reference = " \n ".into()), "reference_missing");
        assert_eq!(code(|d| d.greeting = Some(long(40))), "taken");
        assert_eq!(code(|d| d.greeting = Some(long(41))), "greeting_long");
        assert_eq!(code(|d| d.practitioner = Some(long(41))), "practitioner_long");
        assert_eq!(code(|d| d.waiting_words = Some(long(200))), "taken");
        assert_eq!(code(|d| d.waiting_words = Some(long(201))), "waiting_words_long");
        assert_eq!(code(|d| d.word = Some(long(41))), "word_long");
        assert_eq!(code(|d| d.response = Some(long(400))), "taken");
        assert_eq!(code(|d| d.response = Some(long(401))), "response_long");
        assert_eq!(code(|d| d.number = Some(long(60))), "taken");
        assert_eq!(code(|d| d.number = Some(long(61))), "number_long");
        assert_eq!(code(|d| d.number = Some("one\ntwo".into())), "bad_characters");
        assert_eq!(code(|d| d.response = Some("one\ntwo".into())), "taken");
        assert_eq!(code(|d| d.word = Some("one\ntwo".into())), "bad_characters");
        assert_eq!(code(|d| d.greeting = Some("\0".into())), "bad_characters");
        assert_eq!((code(|d| d.minutes = 5), code(|d| d.minutes = 240)), ("taken", "taken"));
        assert_eq!((code(|d| d.minutes = 4), code(|d| d.minutes = 241)), ("minutes_out_of_range", "minutes_out_of_range"));
        assert_eq!(code(|d| d.ways = vec![]), "ways_bad");
        assert_eq!(code(|d| d.ways = vec![Way::Voice, Way::Video, Way::Voice]), "ways_bad");
        assert_eq!(code(|d| d.ways = vec![Way::Voice, Way::Video, Way::Text]), "taken");
        assert_eq!(code(|d| d.starts_at = NOW - PAST), "taken");
        assert_eq!(code(|d| d.starts_at = NOW - PAST - 1), "starts_at_out_of_range");
        assert_eq!(code(|d| d.starts_at = NOW + AHEAD + 1), "starts_at_out_of_range");
        assert_eq!(code(|d| d.starts_at = u32::MAX), "starts_at_out_of_range");
    }

    #[test]
    fn where_help_would_go_is_taken_at_its_bound_and_comes_by_its_own_request_alone() {
        let long = |length: usize| Some("é".repeat(length));
        assert!(help(long(200)).is_ok_and(|kept| kept == long(200)));
        assert_eq!(help(long(201)).err().map(|refusal| refusal.code), Some("help_long"));
        assert_eq!(help(Some("one\ntwo".into())).err().map(|refusal| refusal.code), Some("bad_characters"));
        assert!(help(Some("  ".into())).is_ok_and(|kept| kept.is_none()));
        let kept = checked(ContactDetails { help: Some("4 Mill Lane".into()), ..good() }, None, NOW);
        assert!(kept.is_ok_and(|kept| kept.help.is_none()));
    }

    #[test]
    fn where_nobody_may_be_rung_no_number_is_kept() {
        let number = Some("as in the case file".to_owned());
        let kept = |rings| checked(ContactDetails { rings, number: number.clone(), ..good() }, None, NOW).map(|details| details.number);
        assert!(matches!(kept(false), Ok(None)));
        assert!(matches!(kept(true), Ok(kept) if kept == number));
    }

    #[test]
    fn an_old_contact_can_be_changed_without_moving_it() {
        let old = ContactDetails { starts_at: 5, ..good() };
        assert!(checked(old.clone(), Some(&old), NOW).is_ok());
        assert!(checked(ContactDetails { starts_at: 6, ..good() }, Some(&old), NOW).is_err());
    }

    #[test]
    fn what_is_kept_is_trimmed_and_nothing_is_not_an_empty_text() {
        let details = ContactDetails { reference: "  JT ".into(), word: Some(" ".into()), greeting: Some(" Kim".into()), ..good() };
        let kept = checked(details, None, NOW).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        assert!(kept == ContactDetails { reference: "JT".into(), greeting: Some("Kim".into()), ..good() });
    }
}
