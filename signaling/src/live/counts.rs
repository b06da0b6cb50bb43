//! What is counted while the service runs, for whoever watches it. Of what keeps people safe nothing is: whoever reads numbers every few
//! seconds would see that somebody used the exit, or raised an alarm, just now.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use sidelight_protocol::Way;
use sidelight_room::{Fact, Happened, Present};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Event {
    event: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Chosen {
    way: &'static str,
}

/// All clones count together.
#[derive(Clone, Default)]
pub struct Counts {
    events: Family<Event, Counter>,
    ways: Family<Chosen, Counter>,
    waiting: Gauge,
    talking: Gauge,
}

impl Counts {
    pub fn register(&self, registry: &mut Registry) {
        registry.register("events", "What happened in contacts, counted when it was written down", self.events.clone());
        registry.register("ways_chosen", "Ways to talk that service users chose before they waited", self.ways.clone());
        registry.register("people_waiting", "Service users in waiting rooms", self.waiting.clone());
        registry.register("people_talking", "Service users who are let in, also while their line is broken", self.talking.clone());
    }

    /// These are written down.
    pub(crate) fn wrote(&self, facts: &[Fact]) {
        for fact in facts {
            if let Some(event) = event(&fact.what) {
                self.events.get_or_create(&Event { event }).inc();
            }
            if let Happened::Chose { way } = fact.what {
                self.ways.get_or_create(&Chosen { way: named(way) }).inc();
            }
        }
    }
}

/// None: it isn't counted. What isn't named here isn't, so that nothing new is told by accident.
fn event(what: &Happened) -> Option<&'static str> {
    match what {
        Happened::Opened { .. } => Some("opened"),
        Happened::Came => Some("came"),
        Happened::Knocked => Some("knocked"),
        Happened::Admitted { .. } => Some("admitted"),
        Happened::Reconnected { .. } => Some("reconnected"),
        Happened::Lost => Some("lost"),
        Happened::Back => Some("back"),
        Happened::DidNotAttend => Some("did_not_attend"),
        Happened::Cancelled => Some("called_off"),
        // By whom and how isn't told, so that one that was ended quietly looks like any other.
        Happened::Ended | Happened::EndedQuietly => Some("ended"),
        _ => None,
    }
}

fn named(way: Way) -> &'static str {
    match way {
        Way::Video => "video",
        Way::Voice => "voice",
        Way::Text => "text",
    }
}

/// What one room adds, until it is dropped.
pub(crate) struct Here {
    counts: Counts,
    now: Present,
}

impl Here {
    pub fn new(counts: &Counts) -> Here {
        Here { counts: counts.clone(), now: Present::default() }
    }

    pub fn is(&mut self, now: Present) {
        self.counts.waiting.inc_by(i64::from(now.waiting) - i64::from(self.now.waiting));
        self.counts.talking.inc_by(i64::from(now.talking) - i64::from(self.now.talking));
        self.now = now;
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.is(Present::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sidelight_protocol::desk::Used;
    use sidelight_protocol::{Answer, Company, Leaving};

    #[test]
    fn nothing_of_what_keeps_people_safe_is_counted() {
        let counts = Counts::default();
        let facts = [
            Happened::Alarm { how: Used::Typed },
            Happened::Left { how: Leaving::Exit },
            Happened::AskedWho,
            Happened::SaidWho { company: Company::OnlyMe },
            Happened::Answered { answer: Answer::Later },
            Happened::HandedOver { by_itself: true },
            Happened::OtherBrowser { session: "s".into(), browser: None, same_kind: false },
        ];
        let facts = facts.map(|what| Fact { at: 1, person: None, what });
        counts.wrote(&facts);
        let mut registry = Registry::default();
        counts.register(&mut registry);
        let told = |registry: &Registry| {
            let mut text = String::new();
            prometheus_client::encoding::text::encode(&mut text, registry).unwrap();
            text
        };
        assert!(!told(&registry).contains("{"), "{}", told(&registry));
        counts.wrote(&[Fact { at: 1, person: None, what: Happened::Came }]);
        assert!(told(&registry).contains("events_total{event=\"came\"} 1"), "the control");
    }

    #[test]
    fn a_room_that_goes_takes_its_people_with_it() {
        let counts = Counts::default();
        let (mut one, mut other) = (Here::new(&counts), Here::new(&counts));
        one.is(Present { waiting: 2, talking: 1 });
        other.is(Present { waiting: 1, talking: 0 });
        one.is(Present { waiting: 1, talking: 2 });
        assert_eq!((counts.waiting.get(), counts.talking.get()), (2, 2));
        drop(one);
        assert_eq!((counts.waiting.get(), counts.talking.get()), (1, 0));
    }
}
