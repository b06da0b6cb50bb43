//! What pages say of names and numbers: what may be said, for the configuration and for administrators alike, and which of the two counts.
//! Pure.

use crate::config;
use crate::error::Refusal;
use crate::telling::telling_word;
use serde::{Deserialize, Serialize};
use sidelight_protocol::pages::{OutsideNumber, PageBounds, PageValue, PageWords};

/// Where administrators' own are kept.
pub const SETTING: &str = "pages";

/// What an entry in a calendar is called where nothing else is set.
pub const CALL: &str = "Call";

const TITLE: usize = 40;
const ADDRESS: usize = 300;
const NUMBER: usize = 30;
/// As much as stands on two lines of a narrow phone.
const LABEL: usize = 60;
/// More: a list to read through, for somebody who needs the one that is answered now.
const OUTSIDE: usize = 3;

pub const MOST: PageBounds =
    PageBounds { title: TITLE as u32, address: ADDRESS as u32, number: NUMBER as u32, label: LABEL as u32, outside: OUTSIDE as u32 };

pub const TITLE_ALLOWED: &str = "1 to 40 characters on one line, without a space at either end, or nothing";
pub const NUMBER_ALLOWED: &str = "a telephone number of 3 to 30 digits, spaces, + ( ) and -, or nothing";
pub const ADDRESS_ALLOWED: &str = "an address that begins with https:// or http://";

/// How the fields of each of the numbers are named where something is wrong with them.
const LABELS: [&str; OUTSIDE] = ["outside_0_label", "outside_1_label", "outside_2_label"];
const NUMBERS: [&str; OUTSIDE] = ["outside_0_number", "outside_1_number", "outside_2_number"];
const ANSWERED: [&str; OUTSIDE] = ["outside_0_answered", "outside_1_answered", "outside_2_answered"];

/// A title, or nothing for the page's own.
pub fn is_title(text: &str) -> bool {
    is_line(text, TITLE)
}

/// A telephone number, or nothing.
pub fn is_number(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_digit() || " +()-".contains(letter);
    text.is_empty() || ((3..=NUMBER).contains(&text.len()) && text.chars().all(plain) && text.chars().any(|letter| letter.is_ascii_digit()))
}

/// An address that can stand in a page's attribute as it is.
pub fn is_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let plain = |letter: char| letter.is_ascii_graphic() && !"\"'<>\\`".contains(letter);
    !rest.is_empty() && !rest.starts_with('/') && text.len() <= ADDRESS && text.chars().all(plain)
}

fn is_line(text: &str, most: usize) -> bool {
    text.chars().count() <= most && text.trim() == text && !text.chars().any(char::is_control)
}

/// The first word in it by which a bystander could tell what it is about. The desk may have the product's name.
fn telling(value: PageValue, text: &str) -> Option<&'static str> {
    telling_word(text, value == PageValue::DeskTitle)
}

/// What the configuration says.
pub fn configured(pages: &config::Pages) -> PageWords {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    PageWords {
        title: text(&pages.title),
        desk_title: text(&pages.desk_title),
        calendar_title: pages.calendar_title.clone(),
        neutral_page: pages.neutral_page.clone(),
        number: text(&pages.number),
        outside: Vec::new(),
    }
}

/// What administrators have set; what they haven't is the configuration's, also when that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    title: Option<String>,
    desk_title: Option<String>,
    calendar_title: Option<String>,
    neutral_page: Option<String>,
    number: Option<String>,
    outside: Option<Vec<OutsideNumber>>,
}

impl Saved {
    /// What of these isn't as it is configured.
    pub fn beside(configured: &PageWords, words: &PageWords) -> Saved {
        fn other<T: Clone + PartialEq>(configured: &T, now: &T) -> Option<T> {
            (configured != now).then(|| now.clone())
        }
        Saved {
            title: other(&configured.title, &words.title),
            desk_title: other(&configured.desk_title, &words.desk_title),
            calendar_title: other(&configured.calendar_title, &words.calendar_title),
            neutral_page: other(&configured.neutral_page, &words.neutral_page),
            number: other(&configured.number, &words.number),
            outside: other(&configured.outside, &words.outside),
        }
    }

    /// What pages say by it.
    pub fn over(&self, configured: &PageWords) -> PageWords {
        fn or<T: Clone>(set: &Option<T>, configured: &T) -> T {
            set.as_ref().unwrap_or(configured).clone()
        }
        PageWords {
            title: or(&self.title, &configured.title),
            desk_title: or(&self.desk_title, &configured.desk_title),
            calendar_title: or(&self.calendar_title, &configured.calendar_title),
            neutral_page: or(&self.neutral_page, &configured.neutral_page),
            number: or(&self.number, &configured.number),
            outside: or(&self.outside, &configured.outside),
        }
    }

    /// Which of them were set.
    pub fn set(&self) -> Vec<PageValue> {
        self.differing(&Saved::default())
    }

    /// Which of them aren't as in another.
    pub fn differing(&self, other: &Saved) -> Vec<PageValue> {
        let all = [
            (PageValue::Title, self.title != other.title),
            (PageValue::DeskTitle, self.desk_title != other.desk_title),
            (PageValue::CalendarTitle, self.calendar_title != other.calendar_title),
            (PageValue::NeutralPage, self.neutral_page != other.neutral_page),
            (PageValue::Number, self.number != other.number),
            (PageValue::Outside, self.outside != other.outside),
        ];
        all.into_iter().filter_map(|(value, differs)| differs.then_some(value)).collect()
    }
}

/// The words as they are kept, or what is wrong with them.
pub fn checked(words: PageWords) -> Result<PageWords, Refusal> {
    let PageWords { title: name, desk_title, calendar_title, neutral_page, number: main, outside: numbers } = words;
    let calendar_title = title("calendar_title", PageValue::CalendarTitle, &calendar_title)?;
    let neutral_page = neutral_page.trim().to_owned();
    if !is_address(&neutral_page) {
        return Err(Refusal::field("address_form", "neutral_page", "It must be an address that begins with https:// or http://."));
    }
    tells_nothing("neutral_page", PageValue::NeutralPage, &neutral_page)?;
    Ok(PageWords {
        title: title("title", PageValue::Title, &name)?,
        desk_title: title("desk_title", PageValue::DeskTitle, &desk_title)?,
        calendar_title: if calendar_title.is_empty() { CALL.into() } else { calendar_title },
        neutral_page,
        number: number("number", &main)?,
        outside: outside(numbers)?,
    })
}

fn outside(numbers: Vec<OutsideNumber>) -> Result<Vec<OutsideNumber>, Refusal> {
    if numbers.len() > OUTSIDE {
        return Err(Refusal::field("outside_many", "outside", "At most three numbers."));
    }
    let fields = LABELS.into_iter().zip(NUMBERS).zip(ANSWERED);
    let one = |(one, ((in_label, in_number), in_answered)): (OutsideNumber, _)| {
        let label = line(in_label, PageValue::Outside, &one.label, LABEL)?;
        if label.is_empty() {
            return Err(Refusal::field("text_missing", in_label, "Write who answers there."));
        }
        let number = number(in_number, &one.number)?;
        if number.is_empty() {
            return Err(Refusal::field("text_missing", in_number, "Write the number."));
        }
        Ok(OutsideNumber { label, number, answered: line(in_answered, PageValue::Outside, &one.answered, LABEL)? })
    };
    numbers.into_iter().zip(fields).map(one).collect()
}

fn title(field: &'static str, value: PageValue, text: &str) -> Result<String, Refusal> {
    line(field, value, text, TITLE)
}

fn line(field: &'static str, value: PageValue, text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if !is_line(text, most) {
        return Err(Refusal::field("text_form", field, format!("At most {most} characters, on one line.")));
    }
    tells_nothing(field, value, text)?;
    Ok(text.to_owned())
}

fn number(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let wrong = || Refusal::field("number_form", field, "It must be a telephone number: 3 to 30 digits, spaces, + ( ) and -.");
    is_number(text).then(|| text.to_owned()).ok_or_else(wrong)
}

fn tells_nothing(field: &'static str, value: PageValue, text: &str) -> Result<(), Refusal> {
    let Some(word) = telling(value, text) else { return Ok(()) };
    let title = format!("Whoever sees the page can read this, and “{word}” may tell what it is about. Choose another word.");
    Err(Refusal::field("text_telling", field, title))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> PageWords {
        PageWords {
            title: String::new(),
            desk_title: String::new(),
            calendar_title: CALL.into(),
            neutral_page: "https://weather.example/".into(),
            number: "01234 567890".into(),
            outside: vec![OutsideNumber { label: "Evenings".into(), number: "01234 567891".into(), answered: "17:00 to 22:00".into() }],
        }
    }

    fn refused(change: impl FnOnce(&mut PageWords)) -> (&'static str, Option<&'static str>) {
        let mut words = words();
        change(&mut words);
        checked(words).err().map_or(("taken", None), |refusal| (refusal.code, refusal.field))
    }

    #[test]
    fn what_is_good_is_taken_without_the_spaces_around_it() {
        assert_eq!(checked(words()).ok(), Some(words()));
        let spaced = PageWords { number: " 01234 567890 ".into(), calendar_title: " ".into(), ..words() };
        assert_eq!(checked(spaced).ok(), Some(words()));
        assert_eq!(refused(|w| w.number = String::new()), ("taken", None), "nothing is a choice");
        assert_eq!(refused(|w| w.title = "é".repeat(40)), ("taken", None));
    }

    #[test]
    fn a_telling_word_is_refused_in_every_field_that_holds_words() {
        assert_eq!(refused(|w| w.title = "Your social worker".into()), ("text_telling", Some("title")));
        assert_eq!(refused(|w| w.desk_title = "Crisis team".into()), ("text_telling", Some("desk_title")));
        assert_eq!(refused(|w| w.calendar_title = "Crisis call".into()), ("text_telling", Some("calendar_title")));
        assert_eq!(refused(|w| w.neutral_page = "https://refuge.example".into()), ("text_telling", Some("neutral_page")));
        assert_eq!(refused(|w| w.outside[0].label = "The police".into()), ("text_telling", Some("outside_0_label")));
        assert_eq!(refused(|w| w.outside[0].answered = "When it is safe".into()), ("text_telling", Some("outside_0_answered")));
        assert_eq!(refused(|w| w.title = "Sidelight".into()).0, "text_telling");
        assert_eq!(refused(|w| w.desk_title = "Sidelight".into()), ("taken", None), "the desk may say its name");
    }

    #[test]
    fn what_is_no_number_no_address_or_too_long_is_refused_where_it_stands() {
        for bad in ["12", "call us", "+-()", "0123\n4567", &"1".repeat(31), "٠٧٧٠٠"] {
            assert_eq!(refused(|w| w.number = bad.into()), ("number_form", Some("number")), "{bad}");
            assert_eq!(refused(|w| w.outside[0].number = bad.into()), ("number_form", Some("outside_0_number")), "{bad}");
        }
        for bad in ["", "weather", "javascript:alert(1)", "https://", "https:///x", "https://x/\"", &format!("https://{}", "x".repeat(300))]
        {
            assert_eq!(refused(|w| w.neutral_page = bad.into()), ("address_form", Some("neutral_page")), "{bad}");
        }
        assert_eq!(refused(|w| w.title = "é".repeat(41)), ("text_form", Some("title")));
        assert_eq!(refused(|w| w.desk_title = "a\tb".into()), ("text_form", Some("desk_title")));
        assert_eq!(refused(|w| w.outside[0].label = String::new()), ("text_missing", Some("outside_0_label")));
        assert_eq!(refused(|w| w.outside[0].number = String::new()), ("text_missing", Some("outside_0_number")));
        assert_eq!(refused(|w| w.outside = vec![w.outside[0].clone(); 3]), ("taken", None));
        assert_eq!(refused(|w| w.outside = vec![w.outside[0].clone(); 4]), ("outside_many", Some("outside")));
    }

    #[test]
    fn what_was_set_counts_and_the_rest_follows_the_configuration() {
        let first = PageWords { outside: Vec::new(), ..words() };
        let saved = Saved::beside(&first, &PageWords { number: "0999 999".into(), ..first.clone() });
        assert_eq!(saved.set(), [PageValue::Number]);
        let configured_anew = PageWords { number: "0111 111".into(), title: "Post".into(), ..first.clone() };
        assert_eq!(saved.over(&configured_anew), PageWords { number: "0999 999".into(), ..configured_anew.clone() });
        assert_eq!(Saved::default().over(&configured_anew), configured_anew);
        assert_eq!(saved.differing(&Saved::beside(&first, &words())), [PageValue::Number, PageValue::Outside]);
        let emptied = Saved::beside(&first, &PageWords { number: String::new(), ..first.clone() });
        assert_eq!(emptied.over(&first).number, "", "nothing can be set too");
    }
}
