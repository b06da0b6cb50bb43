//! All that is kept of one person of whom there is a plan: gathered for a copy of it (GDPR Article 15), and erased at once (Article 17).
//! What is theirs is what names them: their contacts, the records of those, and what hangs on them.

use super::audit::{Entry, Reason, add};
use super::contact_records::KeptRecord;
use super::contacts::{AT_A_TIME, Contact, MOST_LISTED};
use super::engine::on_each;
use super::erasure::values;
use super::transcripts::{KeptTranscript, OF_PERSON};
use super::{Person, Records, RecordsError, Result};
use sidelight_protocol::audit::{AuditEntry, Audited};
use sidelight_protocol::keeping::{Category, PersonErasure, SignedReceipt};
use sidelight_protocol::plan::Channel;
use sidelight_protocol::sending::Message;
use sidelight_room::Fact;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// Everything that is kept of a person.
pub struct KeptOf {
    pub person: Person,
    pub contacts: Vec<Contacted>,
    pub records: Vec<KeptRecord>,
    pub transcripts: Vec<KeptTranscript>,
    pub audit: Vec<AuditEntry>,
    pub held: Option<u32>,
}

/// A contact with them.
pub struct Contacted {
    pub contact: Contact,
    pub facts: Vec<Fact>,
    pub messages: Vec<Message>,
    pub addresses: Vec<(Channel, String)>,
}

/// What there is to erase.
pub struct Erasure {
    contacts: Vec<String>,
    /// Each with whether it was copied.
    records: Vec<(String, bool)>,
    transcripts: Vec<String>,
}

/// Why a person isn't erased now.
#[derive(Debug)]
pub enum EraseRefused {
    Held,
    /// A contact with them isn't over, or something in it waits for "Handled".
    Open,
    Records(RecordsError),
}

impl<E: Into<RecordsError>> From<E> for EraseRefused {
    fn from(error: E) -> EraseRefused {
        EraseRefused::Records(error.into())
    }
}

impl Erasure {
    pub fn contacts(&self) -> &[String] {
        &self.contacts
    }

    fn copied(&self, copied: bool) -> u64 {
        self.records.iter().filter(|(_, was)| *was == copied).count() as u64
    }
}

impl Records {
    /// None where there is no such person. `Taken` where there are more than [`MOST_LISTED`] contacts: more than one file is made of.
    pub async fn kept_of(&self, id: &str, now: u32) -> Result<Option<KeptOf>> {
        let Some(person) = self.person(id).await? else { return Ok(None) };
        let Erasure { contacts: ids, records, transcripts } = self.all_of(id).await?;
        if ids.len() > usize::try_from(MOST_LISTED).unwrap_or(usize::MAX) {
            return Err(RecordsError::Taken);
        }
        let mut contacts = Vec::with_capacity(ids.len());
        for id in &ids {
            contacts.extend(self.contacted(id).await?);
        }
        let mut kept = Vec::with_capacity(records.len());
        for (record, _) in &records {
            kept.extend(self.record(record).await?);
        }
        let mut typed = Vec::with_capacity(transcripts.len());
        for transcript in &transcripts {
            typed.extend(self.transcript(transcript).await?);
        }
        let (audit, held) = (self.audit_of(id, &ids).await?, self.person_held(id, now).await?);
        Ok(Some(KeptOf { person, contacts, records: kept, transcripts: typed, audit, held }))
    }

    async fn contacted(&self, id: &str) -> Result<Option<Contacted>> {
        let Some(contact) = self.contact(id).await? else { return Ok(None) };
        let mut addresses = Vec::new();
        for channel in Channel::ALL {
            addresses.extend(self.address(id, channel).await?.map(|address| (channel, address)));
        }
        Ok(Some(Contacted { facts: self.facts(id).await?, messages: self.messages(id).await?, contact, addresses }))
    }

    /// Everything that names this person.
    pub async fn all_of(&self, person: &str) -> Result<Erasure> {
        let contacts: Vec<String> = on_each!(self.engine(), db => {
            let select = "SELECT id FROM contacts WHERE about = $1 ORDER BY starts_at, id";
            sqlx::query_scalar(select).bind(person).fetch_all(db.readers()).await?
        });
        let names: Vec<String> = contacts.iter().map(|contact| self.record_name(contact)).collect();
        let mut records = Vec::new();
        let mut transcripts: Vec<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(OF_PERSON).bind(person).fetch_all(db.readers()).await?
        });
        let copied = "SELECT id, CAST(CASE WHEN copied IS NULL THEN 0 ELSE 1 END AS BIGINT) FROM contact_records WHERE";
        on_each!(self.engine(), db => {
            let theirs: Vec<(String, i64)> =
                sqlx::query_as(AssertSqlSafe(format!("{copied} about = $1"))).bind(person).fetch_all(db.readers()).await?;
            records.extend(theirs);
            // Notes that were begun before the contact was theirs.
            for names in names.chunks(AT_A_TIME) {
                let select = format!("{copied} contact IN ({})", values(1, names.len()));
                let mut query = sqlx::query_as(AssertSqlSafe(select));
                for name in names {
                    query = query.bind(name);
                }
                records.extend(query.fetch_all(db.readers()).await?);
                let select = format!("SELECT id FROM transcripts WHERE contact IN ({})", values(1, names.len()));
                let mut query = sqlx::query_scalar(AssertSqlSafe(select));
                for name in names {
                    query = query.bind(name);
                }
                transcripts.extend(query.fetch_all(db.readers()).await?);
            }
        });
        records.sort();
        records.dedup();
        transcripts.sort();
        transcripts.dedup();
        Ok(Erasure { contacts, records: records.into_iter().map(|(id, copied)| (id, copied != 0)).collect(), transcripts })
    }

    /// What would go, and why it can't go now.
    pub async fn erasure_of(&self, person: &str, now: u32) -> Result<PersonErasure> {
        let all = self.all_of(person).await?;
        let (mut addresses, mut messages) = (0, 0);
        for contacts in all.contacts.chunks(AT_A_TIME) {
            addresses += self.count_of("addresses", contacts).await?;
            messages += self.count_of("messages", contacts).await?;
        }
        let counts = counted(&all, addresses, messages).into_iter().filter(|(_, many)| *many > 0);
        let counts: BTreeMap<Category, u32> = counts.map(|(category, many)| (category, u32::try_from(many).unwrap_or(u32::MAX))).collect();
        let open = u32::try_from(self.contacts_about(person).await?.len()).unwrap_or(u32::MAX);
        Ok(PersonErasure { counts, held: self.person_held(person, now).await?, open })
    }

    async fn count_of(&self, table: &str, contacts: &[String]) -> Result<u64> {
        let select = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table} WHERE contact IN ({})", values(1, contacts.len()));
        let many: i64 = on_each!(self.engine(), db => {
            let mut query = sqlx::query_scalar(AssertSqlSafe(select));
            for contact in contacts {
                query = query.bind(contact);
            }
            query.fetch_one(db.readers()).await?
        });
        Ok(u64::try_from(many).unwrap_or_default())
    }

    /// Erases a person with everything about them, and returns the receipts. Their rooms must have let go. All keys go in one transaction,
    /// so that nothing is half readable; what a power cut then leaves are rows that nobody can read and that sweeps find, without receipts.
    pub async fn erase_all_of(&self, person: &str, who: &str, now: u32) -> std::result::Result<Vec<SignedReceipt>, EraseRefused> {
        // Nobody begins to hold them between the look and the deed.
        let alone = self.inner.erasing.lock().await;
        if self.person_held(person, now).await?.is_some() {
            return Err(EraseRefused::Held);
        }
        if !self.contacts_about(person).await?.is_empty() {
            return Err(EraseRefused::Open);
        }
        let all = self.all_of(person).await?;
        self.tell_of_erasure(person, who, now).await?;
        let records = all.records.iter().map(|(record, _)| record);
        let keys: Vec<String> = all.contacts.iter().chain(records).chain(&all.transcripts).cloned().chain([person.to_owned()]).collect();
        self.inner.unwiped.store(true, std::sync::atomic::Ordering::SeqCst);
        self.keys().forget_together(&keys).await?;
        drop(alone);
        let receipts = self.delete_all_of(person, &all, now).await?;
        // Where it can't be done now, the next sweep does it.
        if !matches!(self.wipe().await, Ok(true)) || self.renew_key_copy().await.is_err() {
            tracing::warn!("what was erased may still be in the files or in the copy of the keys; the next sweep tries again");
        }
        Ok(receipts)
    }

    /// Before it is done, while there is the key that its name follows from.
    async fn tell_of_erasure(&self, person: &str, who: &str, now: u32) -> Result<()> {
        let about = Some(Reason { person, key: self.keys().key(person).await?, text: "" });
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            add(&mut write, Entry { at: now, who: Some(who), what: Audited::PersonErased, contact: None, about }).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// That a copy of a person's data was made.
    pub async fn tell_of_copy(&self, person: &str, who: &str, now: u32) -> Result<()> {
        let about = Some(Reason { person, key: self.keys().key(person).await?, text: "" });
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            add(&mut write, Entry { at: now, who: Some(who), what: Audited::CopyMade, contact: None, about }).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// The rows, whose keys are gone.
    async fn delete_all_of(&self, person: &str, all: &Erasure, now: u32) -> Result<Vec<SignedReceipt>> {
        let (mut addresses, mut messages) = (0, 0);
        for contacts in all.contacts.chunks(AT_A_TIME) {
            addresses += self.delete_of("addresses", "contact", contacts).await?;
            // Not even that something was sent stays.
            messages += self.delete_of("messages", "contact", contacts).await?;
            self.delete_of("holds", "subject", contacts).await?;
            self.delete_rows_of(contacts, None).await?;
        }
        let records: Vec<String> = all.records.iter().map(|(record, _)| record.clone()).collect();
        for records in records.chunks(AT_A_TIME) {
            self.delete_of("contact_records", "id", records).await?;
        }
        for transcripts in all.transcripts.chunks(AT_A_TIME) {
            self.delete_of("transcripts", "id", transcripts).await?;
        }
        self.delete_of("holds", "subject", &[person.to_owned()]).await?;
        let counts = counted(all, addresses, messages);
        let (node, ..) = self.chain().await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            sqlx::query("DELETE FROM people WHERE id = $1").bind(person).execute(&mut *write).await?;
            let receipts = self.receipts_asked_for(&mut write, &node, &counts, now).await?;
            write.commit().await?;
            Ok(receipts)
        })
    }

    async fn delete_of(&self, table: &str, column: &str, these: &[String]) -> Result<u64> {
        let delete = format!("DELETE FROM {table} WHERE {column} IN ({})", values(1, these.len()));
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let mut query = sqlx::query(AssertSqlSafe(delete));
            for one in these {
                query = query.bind(one);
            }
            let deleted = query.execute(&mut *write).await?.rows_affected();
            write.commit().await?;
            deleted
        }))
    }
}

/// How many of each category.
fn counted(all: &Erasure, addresses: u64, messages: u64) -> [(Category, u64); 7] {
    [
        (Category::Reach, addresses),
        (Category::Contact, all.contacts.len() as u64),
        (Category::Plan, 1),
        (Category::Record, all.copied(true)),
        (Category::Unfinished, all.copied(false)),
        (Category::Transcript, all.transcripts.len() as u64),
        (Category::Delivery, messages),
    ]
}
