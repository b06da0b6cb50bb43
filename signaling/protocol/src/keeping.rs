//! What is kept and for how long, as an administrator sees and changes it. The categories' rules stand in the room's `keeping`.

use crate::bounded::LINES;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of thing that is kept for a time of its own. Stored by these names: add, never rename.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// A phone number or email address that something is sent to.
    Reach,
    /// A contact with all that happened in it.
    Contact,
    /// The same while something in it waits for "Handled".
    Unhandled,
    /// What was agreed with a person.
    Plan,
    /// The record of a contact and its notes, once it was copied into the case record.
    Record,
    /// The same before that.
    Unfinished,
    /// What was typed, where that is kept at all.
    Transcript,
    /// What became of messages that were sent.
    Delivery,
    Audit,
    /// Proof of what was deleted.
    Receipts,
}

/// What a period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Hours,
    Days,
}

/// What a period is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Since {
    ContactEnded,
    LastContact,
    Copied,
    Sent,
    Written,
}

/// Periods by category, in each one's own unit.
pub type Periods = BTreeMap<Category, u32>;

/// One category, as it is kept now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeptCategory {
    pub category: Category,
    pub unit: Unit,
    pub since: Since,
    /// Nought: it isn't kept at all.
    pub period: u32,
    /// Another period, which holds from [`Keeping::changes_at`] on.
    pub soon: Option<u32>,
    /// What may be chosen, as whoever installed it has pinned it.
    pub least: u32,
    pub most: u32,
    /// How many there are.
    pub kept: u32,
}

/// A change of the periods, the newest first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeptChange {
    pub at: u32,
    /// The id of a member of staff, and their name where they are still here.
    pub who: String,
    pub name: Option<String>,
    pub reason: String,
    /// What was changed, and to what.
    pub periods: Periods,
    /// Nothing has been deleted by it yet, and nobody has changed anything since.
    pub can_be_undone: bool,
}

/// What the sweep is doing. None: nothing now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SweepNow {
    pub category: Option<Category>,
    pub erased: u32,
    /// How many there were to erase in that category when it began.
    pub of: u32,
    pub began: u32,
}

/// `GET /api/retention`. For administrators.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Keeping {
    pub categories: Vec<KeptCategory>,
    /// When shorter periods that were chosen begin to hold.
    pub changes_at: Option<u32>,
    pub last_change: Option<KeptChange>,
    /// When the next looks at what is to be deleted are.
    pub next_sweeps: Vec<u32>,
    pub sweep: Option<SweepNow>,
    /// The newest, at most [`MAX_RECEIPTS`].
    pub receipts: Vec<DeletionReceipt>,
}

/// What nothing may erase until then.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hold {
    pub id: String,
    /// The id of the contact, or of the person.
    pub subject: String,
    pub of_person: bool,
    /// The id of a member of staff, and their name where they are still here.
    pub who: String,
    pub name: Option<String>,
    pub made: u32,
    pub ends: u32,
    pub reason: String,
}

/// `GET /api/holds`: those that are on, for administrators.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Holds {
    pub holds: Vec<Hold>,
}

/// `POST /api/holds`: holds a contact, or a person with all contacts about them; 204. `DELETE /api/holds/{id}` lets go.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    pub subject: String,
    #[schemars(range(min = 1, max = 730))]
    pub days: u32,
    #[schemars(length(min = 10, max = 400), regex(pattern = LINES))]
    pub reason: String,
}

/// Something of a practitioner's that is held.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HeldThing {
    pub subject: String,
    pub reference: String,
    pub ends: u32,
}

/// `GET /api/holds/mine`: for the practitioner whose they are.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HeldThings {
    pub held: Vec<HeldThing>,
}

/// How many receipts are listed at most.
pub const MAX_RECEIPTS: u32 = 100;

/// Proof that something was deleted; the file itself is at `GET /api/retention/receipts/{number}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeletionReceipt {
    pub number: u32,
    pub category: Category,
    pub count: u32,
    /// How long they had been kept, in the category's unit. None: they were deleted because somebody asked for it.
    pub period: Option<u32>,
    /// From the first to the last.
    pub begun: u32,
    pub done: u32,
}

/// `POST /api/retention/preview` and `PUT /api/retention`: the whole of what is chosen. What is left out is as the configuration has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ChosenPeriods {
    pub periods: Periods,
    /// Needed to save them: why.
    #[cfg_attr(test, ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub reason: Option<String>,
}

/// What a choice would delete.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Preview {
    pub lines: Vec<PreviewLine>,
    /// When it would begin to hold.
    pub at: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PreviewLine {
    pub category: Category,
    pub period: u32,
    /// What would be deleted then, all in all; and how many of these the periods of now would have left.
    pub count: u32,
    pub more: u32,
}

/// `GET /api/people/{id}/erasure`: what would go with this person, by category, and why it can't go now. `POST` erases it and answers with
/// [`ErasedPerson`]; `409 held`, `409 has_contacts`. For the practitioner who keeps their plan.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PersonErasure {
    /// How many of each, without those of which there are none.
    pub counts: BTreeMap<Category, u32>,
    /// Held until then, and so not to be erased.
    pub held: Option<u32>,
    /// Contacts with them that aren't over, or in which something waits for "Handled".
    pub open: u32,
}

/// A receipt with the file that proves it, signature and all.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignedReceipt {
    pub receipt: DeletionReceipt,
    pub signed: String,
}

/// What was erased of one person: to be given to them, and kept nowhere with their name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ErasedPerson {
    pub receipts: Vec<SignedReceipt>,
}
