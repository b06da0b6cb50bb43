//! Keeping and erasing: what is due to end by itself is woken so that it ends, and what has been kept for long enough is
//! erased, beyond anybody's reading.
//!
//! How long is enough is a pure rule ([`Policy`]), judged against the time given. The order in which a contact is erased, and
//! what a power cut in between leaves, is told in `records/erasure.rs`.

use crate::config;
use crate::live::Hub;
use crate::records::{AT_A_TIME, Records, RecordsError, Result};
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// Lists of contacts gone through in one sweep, so that it has an end whatever others do meanwhile: 20,000 contacts.
const ROUNDS: usize = 100;

/// How often the service says that it runs. More often: more is written to the disk. More rarely: after a power cut, people
/// count as away for up to so much longer than they were, out of two minutes.
pub const ALIVE: Duration = Duration::from_secs(10);

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// How long a record is kept after "Copied into the case record", in seconds: for a mistake to be noticed.
pub const RECORD_COPIED: u32 = 7 * 24 * 60 * 60;

/// How long a record is kept after its contact's end, copied or not.
pub const RECORD_MADE: u32 = 30 * 24 * 60 * 60;
/// Seconds after a contact's end in which the number and the address of its messages are kept, and what they said.
const ADDRESSES: u32 = 60 * 60;

/// Seconds in which it is kept by which channel a message went, when and how.
const RECEIPTS: u32 = 30 * 24 * 60 * 60;

/// How long contacts are kept, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    contact: u32,
    unhandled: u32,
    plan: u32,
}

impl Policy {
    /// `contact`: after a contact's end. `unhandled`: while something in it waits for "Handled", where that is longer. `plan`: a person's
    /// plan, after their last contact.
    pub fn new(contact: Duration, unhandled: Duration, plan: Duration) -> Policy {
        let seconds = |period: Duration| u32::try_from(period.as_secs()).unwrap_or(u32::MAX);
        let contact = seconds(contact);
        Policy { contact, unhandled: seconds(unhandled).max(contact), plan: seconds(plan) }
    }

    /// Whether a contact is to be erased now. One that hasn't ended never is.
    pub fn is_over(&self, now: u32, ended: Option<u32>, unhandled: bool) -> bool {
        let period = if unhandled { self.unhandled } else { self.contact };
        ended.and_then(|ended| ended.checked_add(period)).is_some_and(|end| end <= now)
    }

    /// The latest end of contacts to be erased now: of those with nothing left to handle, and of any.
    fn ended_by(&self, now: u32) -> Option<(u32, u32)> {
        Some((now.checked_sub(self.contact)?, now.saturating_sub(self.unhandled)))
    }
}

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
    /// Entries of the audit that were old enough.
    pub audit: u64,
    /// Contacts that were to be erased and whose room didn't let go of them: the next sweep's.
    pub left: usize,
}

/// Ends what is due and erases what is over.
pub struct Keeper {
    records: Records,
    hub: Hub,
    policy: Policy,
    /// Days in which an entry of the audit is kept.
    audit_days: u32,
    every: Duration,
    /// Nothing deleted is left in the files, as far as this run knows. At the start nobody knows.
    wiped: bool,
}

impl Keeper {
    pub fn new(records: Records, hub: Hub, retention: &config::Retention) -> Keeper {
        let policy = Policy::new(retention.contact, retention.unhandled, retention.plan);
        let audit_days = u32::try_from(retention.audit.as_secs() / DAY).unwrap_or(u32::MAX);
        Keeper { records, hub, policy, audit_days, every: retention.sweep, wiped: false }
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
            match self.sweep(crate::time::now()).await {
                Ok(swept) if swept == Swept::default() => {}
                Ok(Swept { woken, erased, plans, records, audit, left }) => {
                    tracing::info!(woken, erased, plans, records, audit, left, "contacts were ended or erased");
                }
                Err(error) => tracing::error!(%error, "contacts can't be ended or erased now"),
            }
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

    /// Ends what is due to end, and erases what is over at this time.
    pub async fn sweep(&mut self, now: u32) -> Result<Swept> {
        // Where it can't be done, the rest is done all the same.
        let audit = self.forget_old_entries(now).await;
        let woken = self.end_what_is_due(now).await?;
        self.draft_what_has_ended(now).await?;
        let (erased, left) = self.erase_what_is_over(now).await?;
        let plans = self.erase_unused_plans(now).await?;
        let records = self.erase_old_records(now).await?;
        self.forget_messages(now).await?;
        if !self.wiped {
            self.wiped = self.records.wipe().await?;
        }
        // After the wiping, so that the copy holds nothing that was erased.
        if let Err(error) = self.records.renew_key_copy().await {
            tracing::error!(%error, "the copy of the keys (keys.copy) can't be brought up to date; the next sweep tries again");
        }
        Ok(Swept { woken, erased, plans, records, audit: audit?, left })
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

    async fn erase_what_is_over(&mut self, now: u32) -> Result<(usize, usize)> {
        let Some((handled, any)) = self.policy.ended_by(now) else { return Ok((0, 0)) };
        let (mut erased, mut left) = (0, 0);
        for _ in 0..ROUNDS {
            let ended = self.records.ended_by(handled, any).await?;
            let over = ended.iter().filter(|contact| self.policy.is_over(now, Some(contact.ended), contact.unhandled));
            left = 0;
            for contact in over {
                self.wiped = false;
                if self.erase(&contact.id, now).await? {
                    erased += 1;
                } else {
                    left += 1;
                }
            }
            if ended.len() < AT_A_TIME || left == ended.len() {
                break;
            }
        }
        Ok((erased, left))
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

    /// Some time after they were copied, or at the latest long after their contact's end.
    async fn erase_old_records(&mut self, now: u32) -> Result<usize> {
        let mut erased = 0;
        for _ in 0..ROUNDS {
            let over = self.records.records_over(now, RECORD_COPIED, RECORD_MADE, AT_A_TIME).await?;
            for record in &over {
                self.wiped = false;
                self.records.erase_record(record).await?;
            }
            erased += over.len();
            if over.len() < AT_A_TIME {
                break;
            }
        }
        Ok(erased)
    }

    /// Of people with whom no contact is kept, long after the last one.
    async fn erase_unused_plans(&mut self, now: u32) -> Result<usize> {
        let Some(then) = now.checked_sub(self.policy.plan) else { return Ok(0) };
        let mut erased = 0;
        for _ in 0..ROUNDS {
            let unused = self.records.unused_since(then).await?;
            for person in &unused {
                self.wiped = false;
                self.records.erase_person(person).await?;
            }
            erased += unused.len();
            if unused.len() < AT_A_TIME {
                break;
            }
        }
        Ok(erased)
    }

    /// Where messages went, soon after their contact; that they went, much later.
    async fn forget_messages(&mut self, now: u32) -> Result<()> {
        for _ in 0..ROUNDS {
            let over = self.records.addresses_over(now.saturating_sub(ADDRESSES), AT_A_TIME).await?;
            for contact in &over {
                self.wiped = false;
                self.records.forget_addresses(contact, now).await?;
            }
            if over.len() < AT_A_TIME {
                break;
            }
        }
        for _ in 0..ROUNDS {
            if self.records.forget_receipts(now.saturating_sub(RECEIPTS), AT_A_TIME).await? == 0 {
                break;
            }
            self.wiped = false;
        }
        Ok(())
    }

    /// The database refuses to delete what is younger than it was told.
    async fn forget_old_entries(&self, now: u32) -> Result<u64> {
        self.records.keep_audit(self.audit_days).await?;
        let period = u64::from(self.audit_days) * DAY;
        match u64::from(now).checked_sub(period).and_then(|then| u32::try_from(then).ok()) {
            Some(then) => self.records.forget_audit(then).await,
            None => Ok(0),
        }
    }

    /// False: its room doesn't let go of it.
    async fn erase(&self, contact: &str, now: u32) -> Result<bool> {
        if !self.hub.forget(contact).await {
            return Ok(false);
        }
        // What it says stays in its record, for as long as that is kept. What can't be read can't be drafted, and goes all the same.
        match self.records.keep_draft(contact, now).await {
            Err(error @ RecordsError::Unusable(_)) => return Err(error),
            Err(error) => tracing::error!(%error, "the record of a contact that is erased can't be drafted"),
            Ok(()) => {}
        }
        self.records.shred(contact).await?;
        // Somebody may have asked for it after it was forgotten and before its key was gone; from here on nobody can read it.
        if !self.hub.forget(contact).await {
            return Ok(false);
        }
        self.records.delete_rows(contact).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
