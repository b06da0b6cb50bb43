//! What is counted of a contact when it is over: how it went, and of nobody. Counts outlast the contact, so nothing in them may lead
//! back to it.

use crate::{Fact, Happened};
use sidelight_protocol::{Answer, Way};
use std::collections::{BTreeMap, BTreeSet};

/// What a contact is counted as. A contact counts once at most in each. Stored by these names: add, never rename.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// It was planned, and is over.
    Contact,
    /// Somebody came by its link.
    Opened,
    /// Somebody was let in.
    Talked,
    /// Of those that talked: in which way. One that changed its way counts in each.
    Video,
    Voice,
    Text,
    /// Of those that talked: the line broke, and came back within two minutes each time.
    Broke,
    /// And in these it didn't.
    Lost,
}

impl Counted {
    pub const ALL: [Counted; 8] =
        [Counted::Contact, Counted::Opened, Counted::Talked, Counted::Video, Counted::Voice, Counted::Text, Counted::Broke, Counted::Lost];

    pub fn name(self) -> &'static str {
        match self {
            Counted::Contact => "contact",
            Counted::Opened => "opened",
            Counted::Talked => "talked",
            Counted::Video => "video",
            Counted::Voice => "voice",
            Counted::Text => "text",
            Counted::Broke => "broke",
            Counted::Lost => "lost",
        }
    }
}

fn by(way: Way) -> Counted {
    match way {
        Way::Video => Counted::Video,
        Way::Voice => Counted::Voice,
        Way::Text => Counted::Text,
    }
}

/// Where one person of it is.
#[derive(Default)]
struct Of {
    way: Option<Way>,
    talks: bool,
    lost: bool,
}

/// What a contact with these facts, which is over, is counted as.
pub fn counted(facts: &[Fact]) -> BTreeSet<Counted> {
    let mut all = BTreeSet::from([Counted::Contact]);
    let mut people: BTreeMap<&str, Of> = BTreeMap::new();
    // Whoever comes beside the service user is counted nowhere.
    let mut beside: BTreeSet<&str> = BTreeSet::new();
    for Fact { person, what, .. } in facts {
        let Some(person) = person else { continue };
        if matches!(what, Happened::Invited { invitee: Some(_) }) {
            beside.insert(person);
        }
        if beside.contains(person.as_str()) {
            continue;
        }
        let of = people.entry(person).or_default();
        match what {
            Happened::Opened { .. } => {
                all.insert(Counted::Opened);
            }
            Happened::Answered { answer: Answer::Type } => of.way = Some(Way::Text),
            Happened::Chose { way } => of.way = Some(*way),
            Happened::Admitted { .. } => {
                (of.talks, of.lost) = (true, false);
                all.insert(Counted::Talked);
            }
            Happened::Lost => of.lost = of.talks,
            Happened::Back => {
                if std::mem::take(&mut of.lost) {
                    all.insert(Counted::Broke);
                }
            }
            Happened::WaitsAgain
            | Happened::PutBack
            | Happened::PutOnHold
            | Happened::Left { .. }
            | Happened::EndedQuietly
            | Happened::Revoked => {
                if std::mem::take(&mut of.lost) {
                    all.insert(Counted::Lost);
                }
                of.talks = false;
            }
            _ => {}
        }
        if let Some(way) = of.way.filter(|_| of.talks) {
            all.insert(by(way));
        }
    }
    if people.values().any(|of| of.lost) {
        all.insert(Counted::Lost);
    }
    if all.contains(&Counted::Lost) {
        all.remove(&Counted::Broke);
    }
    all
}

/// What may be told of numbers whose sum is known: none where one is so small that somebody could be known by it. Where what is left of
/// the sum would tell it, the smallest of the others are hidden with it.
pub fn told(counts: &[u32]) -> Vec<Option<u32>> {
    let mut hidden: Vec<usize> = (0..counts.len()).filter(|at| counts.get(*at).is_some_and(|count| (1..SMALL).contains(count))).collect();
    let mut others: Vec<usize> = (0..counts.len()).filter(|at| counts.get(*at).is_some_and(|count| *count >= SMALL)).collect();
    others.sort_by_key(|at| counts.get(*at));
    let sum = |hidden: &[usize]| hidden.iter().filter_map(|at| counts.get(*at)).sum::<u32>();
    for other in others {
        if hidden.is_empty() || hidden.len() > 1 && sum(&hidden) >= SMALL {
            break;
        }
        hidden.push(other);
    }
    counts.iter().enumerate().map(|(at, count)| (!hidden.contains(&at)).then_some(*count)).collect()
}

/// One month, with the numbers that are left when small ones are hidden. Of few contacts nothing is told.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Month {
    pub contacts: Option<u32>,
    /// Nobody came; somebody came and wasn't let in; somebody was let in. Together they are all contacts.
    pub went: [Option<u32>; 3],
    /// Of those that talked: by video, voice, text. One may be in several.
    pub ways: [Option<u32>; 3],
    /// Of those that talked: the line held, it broke and came back, it was lost. Together they are all that talked.
    pub lines: [Option<u32>; 3],
}

/// `count`: how many contacts of the month were counted as each.
pub fn month(count: impl Fn(Counted) -> u32) -> Month {
    let three = |counts: [u32; 3]| <[Option<u32>; 3]>::try_from(told(&counts)).unwrap_or_default();
    let all = count(Counted::Contact);
    if (1..SMALL).contains(&all) {
        return Month::default();
    }
    let (opened, talked) = (count(Counted::Opened), count(Counted::Talked));
    let went = three([all.saturating_sub(opened), opened.saturating_sub(talked), talked]);
    let contacts = Some(all);
    if went[2].is_none() {
        return Month { contacts, went, ..Month::default() };
    }
    let (broke, lost) = (count(Counted::Broke), count(Counted::Lost));
    let ways = three([count(Counted::Video), count(Counted::Voice), count(Counted::Text)]);
    let lines = three([talked.saturating_sub(broke).saturating_sub(lost), broke, lost]);
    Month { contacts, went, ways, lines }
}

/// From so many on a number is told. Fewer: who reads it may know whom it is about. More: a small team's numbers are never told.
pub const SMALL: u32 = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_protocol::Leaving;
    use sidelight_protocol::desk::{Invitee, Part};

    fn of(person: &str, all: &[Happened]) -> Vec<Fact> {
        all.iter().map(|what| Fact { at: 1, person: Some(person.into()), what: what.clone() }).collect()
    }

    fn opened() -> Happened {
        Happened::Opened { session: "s".into(), browser: None, claim: None, another: false }
    }

    fn admitted() -> Happened {
        Happened::Admitted { epoch: 1, desk: None }
    }

    fn names(facts: &[Fact]) -> Vec<&'static str> {
        counted(facts).into_iter().map(Counted::name).collect()
    }

    #[test]
    fn a_contact_counts_as_what_became_of_it() {
        let (video, voice) = (Happened::Chose { way: Way::Video }, Happened::Chose { way: Way::Voice });
        assert_eq!(names(&[]), ["contact"]);
        assert_eq!(
            names(&of("p", &[Happened::Invited { invitee: None }, opened(), video.clone(), Happened::Knocked])),
            ["contact", "opened"]
        );
        let talked = of("p", &[opened(), video.clone(), admitted(), voice.clone(), Happened::Left { how: Leaving::End }]);
        assert_eq!(names(&talked), ["contact", "opened", "talked", "video", "voice"]);
        let ana = Invitee { part: Part::Interpreter, name: "Ana".into() };
        let interpreted = of("ana", &[Happened::Invited { invitee: Some(ana) }, opened(), video.clone(), admitted()]);
        assert_eq!(names(&interpreted), ["contact"], "an interpreter alone is nobody's conversation");
        let typed = of("p", &[opened(), Happened::Answered { answer: Answer::Type }, admitted()]);
        assert_eq!(names(&typed), ["contact", "opened", "talked", "text"]);
        let changed = of("p", &[opened(), video.clone(), voice, admitted()]);
        assert_eq!(names(&changed), ["contact", "opened", "talked", "voice"], "what was chosen and changed at the door wasn't used");
        let again = of("p", &[opened(), Happened::Lost, Happened::Back, video, admitted()]);
        assert_eq!(names(&again), ["contact", "opened", "talked", "video"], "a line that broke while waiting broke nothing off");
    }

    #[test]
    fn a_line_that_broke_counts_by_whether_it_came_back() {
        let (lost, back) = (Happened::Lost, Happened::Back);
        let ends = |what: &[Happened]| names(&of("p", &[&[admitted()], what].concat())).last().copied();
        assert_eq!(ends(&[lost.clone(), back.clone()]), Some("broke"));
        assert_eq!(ends(std::slice::from_ref(&lost)), Some("lost"));
        assert_eq!(ends(&[lost.clone(), Happened::WaitsAgain, back.clone(), admitted()]), Some("lost"));
        assert_eq!(ends(&[Happened::PutBack, lost.clone()]), Some("talked"));
        // One person's line says nothing of another's.
        let two = [of("p", &[admitted(), lost]), of("q", &[back])].concat();
        assert_eq!(names(&two), ["contact", "talked", "lost"]);
    }

    #[test]
    fn small_numbers_are_told_by_nothing_that_stands_beside_them() {
        let all = |counts: &[u32]| told(counts).into_iter().map(|count| count.map_or(-1, i64::from)).collect::<Vec<_>>();
        assert_eq!(all(&[0, 5, 60]), [0, 5, 60]);
        assert_eq!(all(&[1, 4, 60]), [-1, -1, 60]);
        assert_eq!(all(&[3, 20, 60]), [-1, -1, 60], "else the whole less 80 is 3");
        assert_eq!(all(&[3, 20, 20]), [-1, -1, 20]);
        assert_eq!(all(&[1, 1, 40]), [-1, -1, -1], "else the whole less 40 is 2, of which each has one");
        assert_eq!(all(&[3, 0, 0]), [-1, 0, 0], "nothing else is there to hide it behind");
        assert_eq!(all(&[]), [0; 0]);
    }

    #[test]
    fn of_a_month_with_few_contacts_nothing_is_told_and_of_few_talks_nothing_but_that() {
        let of = |numbers: [u32; 8]| month(|what| numbers[Counted::ALL.iter().position(|one| *one == what).unwrap()]);
        assert_eq!(of([4, 4, 4, 4, 0, 0, 0, 0]), Month::default());
        let few = of([40, 30, 3, 3, 0, 0, 1, 0]);
        assert_eq!((few.contacts, few.went), (Some(40), [None, Some(27), None]));
        assert_eq!((few.ways, few.lines), ([None; 3], [None; 3]));
        let many = of([40, 30, 20, 18, 3, 0, 6, 5]);
        assert_eq!((many.contacts, many.went), (Some(40), [Some(10), Some(10), Some(20)]));
        assert_eq!((many.ways, many.lines), ([None, None, Some(0)], [Some(9), Some(6), Some(5)]));
        assert_eq!(of([0; 8]), Month { contacts: Some(0), went: [Some(0); 3], ways: [Some(0); 3], lines: [Some(0); 3] });
    }
}
