//! The audit: who did what that must be answered for. For administrators and auditors.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many entries are answered with at most.
pub const MAX_ENTRIES: u32 = 500;

/// What is written down. Stored by these names: add, never rename.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Audited {
    /// The agreed word was used.
    AlarmRaised,
    /// An alarm went to the supervisors on duty, by the practitioner's press.
    AlarmHandedOver,
    /// The same, by itself: nobody had touched it.
    AlarmWentOver,
    /// A supervisor pressed "I have it".
    AlarmTaken,
    /// A contact was ended without a word to the other side.
    EndedQuietly,
    /// What waited (an alarm, an exit, a "Later") was marked as handled.
    Handled,
    DutyOn,
    /// Switched off, or their last page went.
    DutyOff,
    /// An administrator let a plan's refusal be passed over for a while, for the reason written to it.
    OverrideGiven,
    /// That was taken back before its time.
    OverrideWithdrawn,
    /// The records came back from a backup, by a command.
    Restored,
    /// The master key was replaced, by a command.
    MasterKeyReplaced,
    /// With `whom`: by an administrator. Without: by the command line, and so by whoever holds the machine; `who` is then the member it
    /// was done to. So are the next three.
    StaffDisabled,
    StaffEnabled,
    RolesChanged,
    /// A link to set a new password was made.
    ResetGiven,
    /// That link was used: the password is another one, and no code is asked for any more.
    PasswordReset,
    /// A member added the second step to their own sign-in.
    SecondFactorOn,
    SecondFactorOff,
    /// A wrong code came after the right password.
    SecondFactorRefused,
    /// One of the codes that stand in for the authenticator was used up.
    RecoveryCodeUsed,
    /// A contact or a person was put on hold, so that nothing erases it; let go early; let go at its end, by itself.
    HoldPlaced,
    HoldReleased,
    HoldEnded,
    /// A practitioner was given a copy of everything that is kept about a person.
    CopyMade,
    /// A person was erased with everything about them, since they or somebody for them asked for it. Nothing tells any more who it was.
    PersonErased,
    /// An administrator set something that holds for everybody; what, stands with the settings.
    SettingChanged,
    /// An administrator made a token by which another program asks; revoked one.
    ApiTokenMade,
    ApiTokenRevoked,
    /// New codes that stand in for the authenticator were made, and the old ones are worthless.
    RecoveryCodesRenewed,
    /// An administrator gave out a link by which somebody becomes a member.
    StaffInvited,
    InvitationWithdrawn,
    /// That link was used: this member is new. `who` is who gave it out.
    StaffJoined,
    /// A member is in another team, or in none.
    TeamChanged,
    TeamMade,
    TeamRenamed,
    TeamRemoved,
    /// A member signed in by their work account.
    WorkAccountUsed,
    /// That account became theirs, by the email that its provider vouches for.
    WorkAccountLinked,
    /// It made this member.
    WorkAccountJoined,
    /// Its provider says that they have other roles.
    WorkAccountRoles,
    /// Its provider told that they signed out there, and all their sign-ins ended.
    WorkAccountEnded,
    /// A contact was handed over to a colleague, with all of its person where a plan of them is kept.
    ContactGiven,
    /// A colleague was asked into a contact; or takes part no longer.
    ColleagueAsked,
    ColleagueReleased,
    /// A supervisor covers a contact for its practitioner, for the reason written to it; or gave it back. What ends by itself at its
    /// time isn't written down anew.
    CoverBegun,
    CoverEnded,
    /// What was typed in a contact was kept, since everybody had agreed; its practitioner deleted it.
    TranscriptKept,
    TranscriptDeleted,
    /// A practitioner released a record for other programs to fetch; took that back before any had. `contact` is then the record's id.
    RecordReleased,
    RecordReleaseWithdrawn,
    /// A program fetched that copy, for the first time.
    RecordFetched,
}

impl Audited {
    /// Whether it is done to the token of a program, or by it.
    pub fn is_of_token(self) -> bool {
        matches!(self, Audited::ApiTokenMade | Audited::ApiTokenRevoked | Audited::RecordFetched)
    }

    /// Whether it is done to a member of staff.
    pub fn is_of_staff(self) -> bool {
        use Audited::{ColleagueAsked, ColleagueReleased, ContactGiven, PasswordReset, ResetGiven};
        use Audited::{RolesChanged, StaffDisabled, StaffEnabled, StaffJoined, TeamChanged};
        matches!(
            self,
            StaffDisabled
                | StaffEnabled
                | RolesChanged
                | ResetGiven
                | PasswordReset
                | StaffJoined
                | TeamChanged
                | ContactGiven
                | ColleagueAsked
                | ColleagueReleased
        )
    }
}

/// One entry.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AuditEntry {
    /// Rises.
    pub id: u32,
    pub at: u32,
    /// The id of a member of staff; none: the service did it by itself.
    pub who: Option<String>,
    pub what: Audited,
    /// Ids of the contact, and of the person of whom a plan is kept. Of those that were erased, names that lead nowhere any more, the
    /// same in all their entries.
    pub contact: Option<String>,
    pub person: Option<String>,
    /// The id of the member of staff that it was done to, where another one did it.
    pub whom: Option<String>,
    /// The id of the program's token that it was done to, or, where nobody else did it, that did it.
    pub token: Option<String>,
    /// What was written to it. None: nothing was, or the person it is about has been erased.
    pub reason: Option<String>,
}

/// `GET /api/audit`: entries, newest first, at most [`MAX_ENTRIES`]. `?before=ID`: those before that one; `&from=SECONDS&to=SECONDS`: of
/// that time; `&what=WORD`: of that kind; `&who=TEXT`: by or about members or tokens in whose name or email that stands. For administrators and
/// auditors; `403 not_allowed` to everybody else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AuditEntries {
    pub entries: Vec<AuditEntry>,
    /// Who the members of staff in them are, as far as they are known.
    pub staff: Vec<Named>,
    /// What the tokens in them are for, also of those that have ended.
    pub tokens: Vec<Named>,
    /// None: the audit's head is sent nowhere.
    pub anchor: Option<AuditAnchor>,
}

/// What an id stands for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// `GET /api/audit/chain`: whether the audit is whole, as far as this machine can tell. Whoever took it over can have written all of it
/// anew: only what was sent elsewhere (`anchor`) shows that.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AuditChain {
    /// What is wrong, in words; none: nothing was found.
    pub fault: Option<String>,
    pub entries: u32,
    /// The last entry that a signed checkpoint stands for; 0: none.
    pub checkpoint: u32,
}

/// How the audit's head gets out of the machine, since the service started.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AuditAnchor {
    /// The newest entry that it told of, and when that was; none yet.
    pub entry: Option<u32>,
    pub at: Option<u32>,
    /// The last try failed.
    pub failing: bool,
}
