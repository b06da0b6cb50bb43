//! The bounds of a safety plan, in one place. Pure.

use super::details::text;
use crate::error::Refusal;
use crate::telling::telling_word;
use jiff::tz::TimeZone;
use sidelight_protocol::plan::{Channel, SafeHours, SafetyPlan};

/// Two spans for each day of the week are as many as anybody can keep in mind.
const MOST_HOURS: usize = 14;
const MOST_SPELLINGS: usize = 5;
const DAY: u16 = 24 * 60;

/// The plan as it is kept: trimmed, with empty texts left out.
pub fn checked(plan: SafetyPlan) -> Result<SafetyPlan, Refusal> {
    let SafetyPlan { reference, channels, hours, zone, number, word, spellings, response, when_hidden, signing, by_code, .. } = &plan;
    let reference = text("reference", "The reference", Some(reference.clone()), 60, false)?
        .ok_or_else(|| Refusal::field("reference_missing", "reference", "A reference is needed, such as initials."))?;
    if (1..channels.len()).any(|index| channels[..index].contains(&channels[index])) {
        return Err(Refusal::field("channels_bad", "channels", "Name each channel once."));
    }
    if hours.len() > MOST_HOURS || !hours.iter().all(is_span) {
        return Err(Refusal::field("hours_bad", "hours", "Each of the hours needs a day, and an end after its beginning."));
    }
    if zone.len() > 60 || TimeZone::get(zone).is_err() {
        return Err(Refusal::field("zone_unknown", "zone", "This time zone isn't known."));
    }
    let rings = channels.contains(&Channel::Voice);
    let number = text("number", "The number, or where to find it,", number.clone(), 60, false)?.filter(|_| rings);
    let word = text("word", "The agreed word", word.clone(), 40, false)?;
    let response = text("response", "What to do when the word is used", response.clone(), 400, true)?;
    // A word without what to do would leave the practitioner guessing at the worst moment.
    if word.is_some() != response.is_some() {
        return Err(Refusal::field("word_and_response", "response", "A word and what to do when it is used belong together."));
    }
    if spellings.len() > MOST_SPELLINGS {
        return Err(Refusal::field("spellings_many", "spellings", "At most five other spellings."));
    }
    let mut others = Vec::with_capacity(spellings.len());
    for spelling in spellings {
        others.extend(text("spellings", "Another spelling", Some(spelling.clone()), 40, false)?.filter(|_| word.is_some()));
    }
    let long = |field, name, value: &Option<String>| text(field, name, value.clone(), 400, true);
    Ok(SafetyPlan {
        reference,
        number,
        word,
        spellings: others,
        response,
        proves_us: long("proves_us", "The question to you", &plan.proves_us)?,
        proves_them: long("proves_them", "The question to them", &plan.proves_them)?,
        proves_them_answer: long("proves_them_answer", "Their answer", &plan.proves_them_answer)?,
        if_other: long("if_other", "What to do if someone else answers", &plan.if_other)?,
        if_drops: long("if_drops", "What to do if the call drops", &plan.if_drops)?,
        if_exit: long("if_exit", "What to do if they leave the page", &plan.if_exit)?,
        channels: channels.clone(),
        hours: hours.clone(),
        zone: zone.clone(),
        when_hidden: *when_hidden,
        signing: *signing,
        by_code: *by_code,
        early: plan.early,
        wording: wording(plan.wording.clone())?,
        reminders: plan.reminders,
    })
}

/// What goes out with the link: nothing that tells what it is about, to whoever reads it.
fn wording(words: Option<String>) -> Result<Option<String>, Refusal> {
    let words = text("wording", "What goes with the link", words, 120, false)?;
    match words.as_deref().and_then(|words| telling_word(words, false)) {
        Some(word) => {
            let title =
                format!("Whoever sees their phone can read this message, and “{word}” may tell what it is about. Choose another word.");
            Err(Refusal::field("wording_telling", "wording", title))
        }
        None => Ok(words),
    }
}

fn is_span(SafeHours { days, from, until }: &SafeHours) -> bool {
    let once = (1..days.len()).all(|index| !days[..index].contains(&days[index]));
    !days.is_empty() && once && days.iter().all(|day| *day < 7) && from < until && *until <= DAY
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_protocol::plan::Early;

    fn good() -> SafetyPlan {
        SafetyPlan {
            reference: "JT-4471".into(),
            channels: vec![Channel::Text, Channel::Voice],
            hours: vec![SafeHours { days: vec![0, 4], from: 540, until: 900 }],
            zone: "Europe/Dublin".into(),
            number: Some("as in the case file".into()),
            word: Some("marmalade".into()),
            spellings: vec!["marmelade".into()],
            response: Some("End quietly, then write at six".into()),
            proves_us: Some("What did I bring last time?".into()),
            proves_them: Some("What is the dog called?".into()),
            proves_them_answer: Some("Biscuit".into()),
            if_other: Some("Say that it was a wrong number".into()),
            if_drops: Some("Wait for them".into()),
            if_exit: Some("Don't ring".into()),
            when_hidden: None,
            signing: true,
            by_code: true,
            early: Some(Early::Told),
            wording: Some("The page you asked for".into()),
            reminders: true,
        }
    }

    fn code(change: impl FnOnce(&mut SafetyPlan)) -> &'static str {
        let mut plan = good();
        change(&mut plan);
        checked(plan).err().map_or("taken", |refusal| refusal.code)
    }

    #[test]
    fn a_good_plan_is_kept_as_it_is() {
        assert!(checked(good()).is_ok_and(|kept| kept == good()));
    }

    #[test]
    fn each_field_is_taken_at_its_bound_and_refused_beyond() {
        let long = |length: usize| "é".repeat(length);
        let span = |days: &[u8], from, until| SafeHours { days: days.to_vec(), from, until };
        assert_eq!((code(|p| p.reference = long(60)), code(|p| p.reference = long(61))), ("taken", "reference_long"));
        assert_eq!(code(|p| p.reference = " ".into()), "reference_missing");
        assert_eq!(code(|p| p.channels = Channel::ALL.to_vec()), "taken");
        assert_eq!(code(|p| p.channels = vec![]), "taken");
        assert_eq!(code(|p| p.channels = vec![Channel::Text, Channel::Email, Channel::Text]), "channels_bad");
        assert_eq!(code(|p| p.hours = vec![]), "taken");
        assert_eq!(code(|p| p.hours = vec![span(&[0, 1, 2, 3, 4, 5, 6], 0, DAY); 14]), "taken");
        assert_eq!(code(|p| p.hours = vec![span(&[0], 0, DAY); 15]), "hours_bad");
        for bad in [span(&[], 0, 1), span(&[7], 0, 1), span(&[0, 0], 0, 1), span(&[0], 5, 5), span(&[0], 5, 4), span(&[0], 0, DAY + 1)] {
            assert_eq!(code(|p| p.hours = vec![bad]), "hours_bad");
        }
        for bad in ["", "Dublin", "Europe/Nowhere", "../../etc/passwd"] {
            assert_eq!(code(|p| p.zone = bad.into()), "zone_unknown");
        }
        assert_eq!((code(|p| p.word = Some(long(40))), code(|p| p.word = Some(long(41)))), ("taken", "word_long"));
        assert_eq!((code(|p| p.word = None), code(|p| p.response = None)), ("word_and_response", "word_and_response"));
        assert_eq!(code(|p| p.spellings = vec![long(40); 5]), "taken");
        assert_eq!(code(|p| p.spellings = vec![long(1); 6]), "spellings_many");
        assert_eq!(code(|p| p.spellings = vec![long(41)]), "spellings_long");
        assert_eq!(code(|p| p.number = Some(long(61))), "number_long");
        assert_eq!(code(|p| p.proves_us = Some(long(401))), "proves_us_long");
        assert_eq!(code(|p| p.proves_them = Some(long(401))), "proves_them_long");
        assert_eq!(code(|p| p.proves_them_answer = Some(long(401))), "proves_them_answer_long");
        assert_eq!(code(|p| p.if_other = Some(long(401))), "if_other_long");
        assert_eq!(code(|p| p.if_drops = Some(long(401))), "if_drops_long");
        assert_eq!((code(|p| p.wording = Some(long(120))), code(|p| p.wording = Some(long(121)))), ("taken", "wording_long"));
        assert_eq!(code(|p| p.wording = Some("From your social worker".into())), "wording_telling");
        assert_eq!(code(|p| p.if_exit = Some(long(400))), "taken");
        assert_eq!(code(|p| p.if_exit = Some(long(401))), "if_exit_long");
    }

    #[test]
    fn of_somebody_who_may_not_be_rung_no_number_is_kept_and_without_a_word_no_spelling() {
        let silent = checked(SafetyPlan { channels: vec![Channel::Text], ..good() });
        assert!(silent.is_ok_and(|kept| kept.number.is_none()));
        let wordless = checked(SafetyPlan { word: None, response: None, ..good() });
        assert!(wordless.is_ok_and(|kept| kept.spellings.is_empty()));
    }
}
