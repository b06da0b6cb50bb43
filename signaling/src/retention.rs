//! Keeping and erasing: what is due to end by itself is woken so that it ends, and what has been kept for long enough is
//! erased, beyond anybody's reading.
//!
//! How long is enough is a pure rule (`sidelight_room::keeping`), judged against the time given. The order in which a contact is
//! erased, and what a power cut in between leaves, is told in `records/erasure.rs`.

mod chosen;
mod due;
mod progress;

pub use chosen::{Chosen, can_be_undone, save, setting};
pub use due::Due;
pub use progress::Progress;

use crate::config;
use crate::live::Hub;
use crate::records::{AT_A_TIME, EndedContact, Pace, Records, RecordsError, Result, Tally};
use sidelight_room::keeping::{Category, Installed};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::time::{MissedTickBehavior, interval, sleep};

/// Lists of contacts gone through at a time where others wait for their turn: 20,000 contacts.
const ROUNDS: usize = 100;

/// How often a long sweep says how far it has come, and looks at what is due to end. More rarely: contacts end late meanwhile.
const PASS: Duration = Duration::from_secs(30);

/// How often the service says that it runs. More often: more is written to the disk. More rarely: after a power cut, people
/// count as away for up to so much longer than they were, out of two minutes.
pub const ALIVE: Duration = Duration::from_secs(10);

/// Goes after which what was written is moved into the databases themselves. More: a request may have to do it, and waits. Fewer: the
/// same pages are written again and again.
const SETTLES: u32 = 3;

/// What a sweep has done. Counts only: it is told in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Contacts that were due to end.
    pub woken: usize,
    pub erased: usize,
    /// People whose plan was erased.
    pub plans: usize,
    /// Records of contacts that were erased.
    pub records: usize,
    /// Transcripts that were old enough.
    pub transcripts: usize,
    /// Entries of the audit that were old enough.
    pub audit: u64,
    /// Contacts that were to be erased and whose room didn't let go of them: the next sweep's.
    pub left: usize,
}

/// What is known of keeping without asking the records.
pub struct Told {
    pub installed: Installed,
    pub progress: Progress,
}

/// Ends what is due and erases what is over.
pub struct Keeper {
    records: Records,
    hub: Hub,
    installed: Installed,
    every: Duration,
    progress: Progress,
    /// Goes until now, after some of which the files are put in order.
    goes: u32,
    /// Nothing deleted is left in the files, as far as this run knows. At the start nobody knows.
    wiped: bool,
}

impl Keeper {
    pub fn new(records: Records, hub: Hub, retention: &config::Retention) -> Keeper {
        let (installed, every) = (retention.installed.clone(), retention.sweep);
        Keeper { records, hub, installed, every, progress: Progress::default(), goes: 0, wiped: false }
    }

    /// What a page tells of it.
    pub fn told(&self) -> Told {
        Told { installed: self.installed.clone(), progress: self.progress.clone() }
    }

    /// Nothing deleted is left in the files.
    pub fn wiped(&self) -> bool {
        self.wiped
    }

    /// Sweeps now and then again and again. Ends with the service; what is half done then, the next start finishes.
    pub async fn run(mut self) {
        if let Err(error) = self.resume().await {
            tracing::error!(%error, "contacts under way can't be read");
        }
        let mut ticks = interval(self.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let swept = self.sweep(crate::time::now()).await;
            if swept.as_ref().is_ok_and(|swept| swept.left == 0) {
                self.progress.finishes(crate::time::now());
            }
            match swept {
                Ok(swept) if swept == Swept::default() => {}
                Ok(Swept { woken, erased, plans, records, transcripts, audit, left }) => {
                    tracing::info!(woken, erased, plans, records, audit, left, transcripts, "contacts were ended or erased");
                }
                Err(error) => tracing::error!(%error, "contacts can't be ended or erased now"),
            }
            self.progress.rests(crate::time::now(), self.every);
            if !self.wiped {
                tracing::warn!("what was deleted may still be in the files; the next sweep tries again");
            }
        }
    }

    /// Wakes the contacts under way, so that whoever was in conversation when the service went away counts as lost since then
    /// even if nobody asks for that contact before the service goes away again.
    async fn resume(&self) -> Result<()> {
        let mut after = String::new();
        for _ in 0..ROUNDS {
            let contacts = self.records.under_way(&after).await?;
            for contact in &contacts {
                self.hub.wake(contact).await;
            }
            match contacts.last() {
                Some(last) if contacts.len() == AT_A_TIME => after.clone_from(last),
                Some(_) | None => break,
            }
        }
        Ok(())
    }

    /// Ends what is due to end, and erases all that is over at this time, however long that takes.
    pub async fn sweep(&mut self, now: u32) -> Result<Swept> {
        let due = Chosen::read(&self.records).await?.due(&self.installed, now);
        self.sweep_by(&due).await
    }

    /// The same by these periods.
    pub async fn sweep_by(&mut self, due: &Due) -> Result<Swept> {
        // Where it can't be done, the rest is done all the same.
        let audit = self.forget_old_entries(due).await;
        self.records.release_ended(due.now).await?;
        let mut swept = Swept::default();
        let begun = Instant::now();
        loop {
            let now = due.now.saturating_add(u32::try_from(begun.elapsed().as_secs()).unwrap_or(u32::MAX));
            swept.woken += self.end_what_is_due(now).await?;
            self.draft_what_has_ended(now).await?;
            let (erased, left, more) = self.erase_what_is_over(due, Instant::now() + PASS).await?;
            swept.erased += erased;
            swept.left = left;
            if !more {
                break;
            }
            tracing::info!(erased = swept.erased, of = self.progress.of(), "a long sweep goes on");
        }
        swept.plans = self.erase_unused_plans(due).await?;
        swept.transcripts = self.erase_transcripts(due).await?;
        swept.records = self.erase_old_records(due).await?;
        self.forget_messages(due).await?;
        self.records.write_receipts().await?;
        if !self.wiped || self.records.unwiped() {
            self.wiped = self.records.wipe().await?;
        }
        // After the wiping, so that the copy holds nothing that was erased.
        if let Err(error) = self.records.renew_key_copy().await {
            tracing::error!(%error, "the copy of the keys (keys.copy) can't be brought up to date; the next sweep tries again");
        }
        Ok(Swept { audit: audit?, ..swept })
    }

    /// Each contact's own room ends it, by its own deadline.
    async fn end_what_is_due(&self, now: u32) -> Result<usize> {
        let (mut woken, mut before) = (0, Vec::new());
        for _ in 0..ROUNDS {
            let due = self.records.due_to_end(now).await?;
            // The same again: their rooms can't be read, or see it otherwise. They are asked again at the next sweep.
            if due.is_empty() || due == before {
                break;
            }
            for contact in &due {
                self.hub.wake(contact).await;
            }
            woken += due.len();
            before = due;
        }
        Ok(woken)
    }

    /// How many it has erased, how many it had to leave, and whether there are more for which there was no time.
    async fn erase_what_is_over(&mut self, due: &Due, until: Instant) -> Result<(usize, usize, bool)> {
        let Some(handled) = due.latest(Category::Contact) else { return Ok((0, 0, false)) };
        let any = due.latest(Category::Unhandled);
        let (mut erased, mut left, mut pace) = (0, 0, Pace::new(8, AT_A_TIME));
        let mut after: Option<EndedContact> = None;
        loop {
            let listed = self.records.ended_by(handled, any, due.now, after.as_ref()).await?;
            if listed.len() == AT_A_TIME && self.progress.now().is_none() {
                self.progress.begins(Category::Contact, due.count_contacts(&self.records).await?, due.now);
            }
            let mut over: BTreeMap<(Category, u32), Vec<String>> = BTreeMap::new();
            for contact in &listed {
                if let Some(tally) = due.contact(contact) {
                    over.entry((tally.category, tally.period)).or_default().push(contact.id.clone());
                }
            }
            for ((category, period), mut contacts) in over {
                while !contacts.is_empty() {
                    let rest = contacts.split_off(pace.size().min(contacts.len()));
                    let (gone, stuck) = self.erase(contacts, Tally { category, period, at: due.now }, &mut pace).await?;
                    (erased, left, contacts) = (erased + gone, left + stuck, rest);
                    self.progress.erased(gone);
                }
            }
            if listed.len() < AT_A_TIME {
                return Ok((erased, left, false));
            }
            if Instant::now() >= until {
                // Where nothing lets go, another try would end no other way.
                return Ok((erased, left, erased > 0));
            }
            after = listed.last().cloned();
        }
    }

    /// How many it has erased, and how many whose rooms didn't let go of them.
    async fn erase(&mut self, contacts: Vec<String>, tally: Tally, pace: &mut Pace) -> Result<(usize, usize)> {
        self.wiped = false;
        let asked = contacts.len();
        let free = self.let_go(contacts).await;
        let stuck = asked - free.len();
        // What they say stays in their records, for as long as those are kept. What can't be read can't be drafted, and goes all the same.
        for contact in &free {
            match self.records.keep_draft(contact, tally.at).await {
                Err(error @ RecordsError::Unusable(_)) => return Err(error),
                Err(error) => tracing::error!(%error, "the record of a contact that is erased can't be drafted"),
                Ok(()) => {}
            }
        }
        let (gone, keys) = self.records.shred_all(free, tally.at).await?;
        let asked = gone.len();
        // Somebody may have asked for one after it was forgotten and before its key was gone; from here on nobody can read it.
        let gone = self.let_go(gone).await;
        let stuck = stuck + asked - gone.len();
        let took = keys.max(self.records.delete_rows_of(&gone, Some(tally)).await?);
        pace.took(took);
        // Everybody else has as much time as this took.
        sleep(took).await;
        self.goes = self.goes.wrapping_add(1);
        if self.goes % SETTLES == 0 {
            let begun = Instant::now();
            self.records.settle().await?;
            sleep(begun.elapsed()).await;
        }
        Ok((gone.len(), stuck))
    }

    /// Those whose rooms let go of them.
    async fn let_go(&self, contacts: Vec<String>) -> Vec<String> {
        let mut free = Vec::with_capacity(contacts.len());
        for contact in contacts {
            if self.hub.forget(&contact).await {
                free.push(contact);
            }
        }
        free
    }

    /// Of people with whom no contact is kept, long after the last one.
    async fn erase_unused_plans(&mut self, due: &Due) -> Result<usize> {
        let Some(then) = due.latest(Category::Plan) else { return Ok(0) };
        let (mut erased, mut after, mut pace) = (0, None, Pace::new(8, AT_A_TIME));
        loop {
            let listed = self.records.unused_since(then, due.now, after.as_ref()).await?;
            let mut over: BTreeMap<u32, Vec<String>> = BTreeMap::new();
            for person in &listed {
                if let Some(tally) = due.tally(Category::Plan, &person.owner, person.last_used) {
                    over.entry(tally.period).or_default().push(person.id.clone());
                }
            }
            for (period, mut people) in over {
                while !people.is_empty() {
                    let rest = people.split_off(pace.size().min(people.len()));
                    self.wiped = false;
                    let took = self.records.erase_people(&people, Tally { category: Category::Plan, period, at: due.now }).await?;
                    erased += people.len();
                    pace.took(took);
                    sleep(took).await;
                    people = rest;
                }
            }
            if listed.len() < AT_A_TIME {
                return Ok(erased);
            }
            after = listed.last().cloned();
        }
    }

    /// Their records, where a kill came in between.
    async fn draft_what_has_ended(&self, now: u32) -> Result<()> {
        let mut before = Vec::new();
        for _ in 0..ROUNDS {
            let ended = self.records.ended_without_record().await?;
            // The same again: they can't be drafted.
            if ended.is_empty() || ended == before {
                break;
            }
            for contact in &ended {
                if let Err(error) = self.records.keep_draft(contact, now).await {
                    tracing::error!(%error, "a record can't be drafted");
                }
            }
            before = ended;
        }
        Ok(())
    }

    /// Some time after they were copied, or at the latest long after their contact's end. For everybody alike.
    async fn erase_old_records(&mut self, due: &Due) -> Result<usize> {
        let (copied, unfinished) = (due.everybodys(Category::Record), due.everybodys(Category::Unfinished));
        let typed = due.everybodys(Category::Transcript);
        let mut erased = 0;
        for _ in 0..ROUNDS {
            let over = self.records.records_over(due.now, copied.0, unfinished.0, AT_A_TIME).await?;
            for (record, was_copied) in &over {
                self.wiped = false;
                let tally = if *was_copied { copied.1 } else { unfinished.1 };
                self.records.erase_record(record, Some(tally), Some(typed.1)).await?;
            }
            erased += over.len();
            if over.len() < AT_A_TIME {
                break;
            }
        }
        Ok(erased)
    }

    /// For everybody alike.
    async fn erase_transcripts(&mut self, due: &Due) -> Result<usize> {
        let (period, tally) = due.everybodys(Category::Transcript);
        let mut erased = 0;
        for _ in 0..ROUNDS {
            let over = self.records.transcripts_over(due.now.saturating_sub(period), due.now, AT_A_TIME).await?;
            for transcript in &over {
                self.wiped = false;
                self.records.erase_transcript(transcript, Some(tally)).await?;
            }
            erased += over.len();
            if over.len() < AT_A_TIME {
                break;
            }
        }
        Ok(erased)
    }

    /// Where messages went, soon after their contact; that they went, much later. For everybody alike.
    async fn forget_messages(&mut self, due: &Due) -> Result<()> {
        let (reach, delivery) = (due.everybodys(Category::Reach), due.everybodys(Category::Delivery));
        for _ in 0..ROUNDS {
            let over = self.records.addresses_over(due.now.saturating_sub(reach.0), due.now, AT_A_TIME).await?;
            for contact in &over {
                self.wiped = false;
                self.records.forget_addresses(contact, due.now, Some(reach.1)).await?;
            }
            if over.len() < AT_A_TIME {
                break;
            }
        }
        for _ in 0..ROUNDS {
            if self.records.forget_deliveries(due.now.saturating_sub(delivery.0), AT_A_TIME, Some(delivery.1)).await? == 0 {
                break;
            }
            self.wiped = false;
        }
        Ok(())
    }

    /// The database refuses to delete what is younger than it was told.
    async fn forget_old_entries(&self, due: &Due) -> Result<u64> {
        if let Some(then) = due.policies.organisation.cutoff(Category::Receipts, due.now) {
            self.records.forget_receipts(then).await?;
        }
        let period = due.policies.organisation.period(Category::Audit);
        self.records.keep_audit(period).await?;
        match due.policies.organisation.cutoff(Category::Audit, due.now) {
            Some(then) => self.records.forget_audit(then, Some(Tally { category: Category::Audit, period, at: due.now })).await,
            None => Ok(0),
        }
    }
}
