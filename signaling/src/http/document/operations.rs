//! What can be asked for under `/api`, by whom, and what is answered: one line each, beside the router's.

use super::schemas::{Shape, of};
use crate::http::origins::{ENDED, LEAVE, from_anywhere};
use crate::http::page_words::Seen;
use crate::http::{audit, calendar, contacts, hands, keeping, program_reads};
use sidelight_protocol::RelayAccess;
use sidelight_protocol::api_tokens::*;
use sidelight_protocol::audit::{AuditChain, AuditEntries};
use sidelight_protocol::desk::ContactDetails;
use sidelight_protocol::hands::{Colleagues, Cover, HandOver, HandedOver};
use sidelight_protocol::hours::{OwnHours, OwnHoursNow};
use sidelight_protocol::http::*;
use sidelight_protocol::keeping::{ChosenPeriods, ErasedPerson, HeldThings, Holds, Keeping, NewHold, PersonErasure, Preview};
use sidelight_protocol::pages::{NewPageWords, PagesNow};
use sidelight_protocol::plan::{Override, People, Person, SafetyPlan};
use sidelight_protocol::planning::{Cancel, Cancelled, MoveTo, Moved};
use sidelight_protocol::programs::{FetchedRecord, ProgramContacts, ReleasedRecords};
use sidelight_protocol::record::{
    Arrived, ContactRecord, RecordEnds, RecordSaved, ReleasedRecord, SaveRecord, SendRecord, SentRecord, Unfinished,
};
use sidelight_protocol::rights::*;
use sidelight_protocol::sending::{Messages, NewMessage, NewWordings, WordingsNow};
use sidelight_protocol::transcript::{ContactTranscript, KeepTyped, NewTranscript};
use sidelight_room::rights::OPENED_TO_PROGRAMS;

type Code = (u16, &'static str);

/// Who may ask. Whose it must be, the handlers look at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anybody,
    /// Whoever is signed in, also before they have added the second step that they must have.
    AtAll,
    SignedIn,
    /// Whoever has the role that the address is for.
    InRole,
    /// Other programs alone, by a token.
    AProgram,
}

use Who::{AProgram, Anybody, AtAll, InRole, SignedIn};

pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub who: Who,
    pub summary: &'static str,
    pub query: Option<Shape>,
    pub body: Option<Shape>,
    /// The status, and the kind and form of what comes with it; no form: a text.
    pub reply: (u16, Option<(&'static str, Option<Shape>)>),
    refused: Vec<Code>,
}

impl Operation {
    fn takes(mut self, body: Shape) -> Operation {
        self.body = Some(body);
        self
    }

    fn asks(mut self, query: Shape) -> Operation {
        self.query = Some(query);
        self.refused.push((422, "bad_query"));
        self
    }

    fn gives(mut self, status: u16, reply: Shape) -> Operation {
        self.reply = (status, Some(("application/json", Some(reply))));
        self
    }

    fn replies(mut self, status: u16) -> Operation {
        self.reply = (status, None);
        self
    }

    fn gives_text(mut self, kind: &'static str) -> Operation {
        self.reply = (200, Some((kind, None)));
        self
    }

    fn or(mut self, refused: &[Code]) -> Operation {
        self.refused.extend_from_slice(refused);
        self
    }

    /// From the method and the fixed parts of the address.
    pub fn name(&self) -> String {
        let parts = self.path.split(['/', '-']).filter(|part| !part.is_empty() && *part != "api");
        let parts: Vec<&str> = parts.map(|part| part.trim_matches(['{', '}'])).collect();
        format!("{}_{}", self.method, parts.join("_").replace('.', "_"))
    }

    pub fn tag(&self) -> &'static str {
        self.path.split('/').nth(2).unwrap_or_default()
    }

    /// The scope of a token that it is open to as well.
    pub fn scope(&self) -> Option<Scope> {
        let method = self.method.to_uppercase();
        OPENED_TO_PROGRAMS.iter().find(|(_, by, at)| *by == method && *at == self.path).map(|(scope, ..)| *scope)
    }

    /// A page of another site can send whatever may change something; a beacon of a page that goes away says no origin, and a provider of
    /// work accounts is no page.
    pub fn needs_origin(&self) -> bool {
        self.method != "get" && self.who != AProgram && !from_anywhere(self.path)
    }

    /// The kinds of body that are taken. A beacon can't say that it is JSON.
    pub fn kinds(&self) -> &'static [&'static str] {
        match self.path {
            LEAVE => &["application/json", "text/plain"],
            ENDED => &["application/x-www-form-urlencoded"],
            _ => &["application/json"],
        }
    }

    /// All that it can be refused with.
    pub fn refusals(&self) -> Vec<Code> {
        let mut all = vec![(500, "broken"), (503, "not_kept")];
        // Of whoever brings a token.
        all.extend([(400, "token_and_cookie"), (401, "token_refused"), (403, "bad_origin"), (403, "scope_missing"), (429, "too_many")]);
        if self.path.contains('{') {
            all.push((400, "bad_path"));
        }
        if self.body.is_some() {
            all.extend([(400, "bad_json"), (408, "too_slow"), (413, "too_large"), (415, "bad_content_type"), (422, "bad_body")]);
        }
        if self.who == AProgram {
            all.push((401, "token_missing"));
        }
        if !matches!(self.who, Anybody | AProgram) {
            all.extend([(401, "not_signed_in"), (429, "too_many")]);
        }
        if matches!(self.who, SignedIn | InRole) {
            all.push((403, "enrol_first"));
        }
        if self.who == InRole {
            all.push((403, "not_allowed"));
        }
        all.extend(&self.refused);
        all
    }
}

/// What a link, or a code of one, is refused with.
const LINK: [Code; 2] = [(404, "link_finished"), (429, "too_many")];
const PASSWORD: [Code; 4] = [(422, "password_short"), (422, "password_long"), (422, "password_weak"), (503, "busy")];
const PROOF: [Code; 5] =
    [(401, "sign_in_refused"), (403, "password_refused"), (403, "sign_in_again"), (422, "code_refused"), (503, "busy")];
/// The own contact, not over yet.
const OPEN: [Code; 2] = [(404, "unknown_contact"), (409, "contact_ended")];
const DETAILS: [Code; 12] = [
    (404, "unknown_person"),
    (422, "bad_characters"),
    (422, "greeting_long"),
    (422, "minutes_out_of_range"),
    (422, "number_long"),
    (422, "practitioner_long"),
    (422, "reference_long"),
    (422, "reference_missing"),
    (422, "response_long"),
    (422, "starts_at_out_of_range"),
    (422, "waiting_words_long"),
    (422, "ways_bad"),
];
const MOVED: [Code; 4] = [(409, "clocks_skip"), (422, "starts_at_out_of_range"), (422, "times_out_of_range"), (422, "zone_unknown")];
const NEW_LINK: [Code; 5] =
    [(409, "contact_past"), (409, "somebody_there"), (409, "too_many_links"), (422, "bad_invitation"), (422, "invitation_taken")];
const RECORD: [Code; 2] = [(404, "unknown_contact"), (410, "record_gone")];
const WRITTEN: [Code; 4] = [(422, "bad_characters"), (422, "notes_long"), (422, "safety_long"), (422, "text_long")];
const UNSAFE: [Code; 4] = [(409, "unsafe_channel"), (409, "unsafe_hour"), (409, "unsafe_no_channels"), (409, "unsafe_no_hours")];
const REASON: [Code; 3] = [(422, "bad_characters"), (422, "reason_long"), (422, "reason_short")];
const PLAN: [Code; 20] = [
    (422, "bad_characters"),
    (422, "channels_bad"),
    (422, "hours_bad"),
    (422, "if_drops_long"),
    (422, "if_exit_long"),
    (422, "if_other_long"),
    (422, "number_long"),
    (422, "proves_them_answer_long"),
    (422, "proves_them_long"),
    (422, "proves_us_long"),
    (422, "reference_long"),
    (422, "reference_missing"),
    (422, "response_long"),
    (422, "spellings_long"),
    (422, "spellings_many"),
    (422, "word_and_response"),
    (422, "word_long"),
    (422, "wording_long"),
    (422, "wording_telling"),
    (422, "zone_unknown"),
];
const WORDINGS: [Code; 6] =
    [(422, "text_letters"), (422, "text_long"), (422, "text_missing"), (422, "text_telling"), (422, "texts_many"), (422, "too_long")];
const MEMBER: [Code; 5] = [(422, "bad_email"), (422, "bad_name"), (422, "email_taken"), (422, "roles_missing"), (422, "unknown_team")];
const PAGES: [Code; 8] = [
    (409, "pages_pinned"),
    (422, "address_form"),
    (422, "nothing_changed"),
    (422, "number_form"),
    (422, "outside_many"),
    (422, "text_form"),
    (422, "text_missing"),
    (422, "text_telling"),
];
const HOURS: [Code; 7] = [
    (422, "away_days"),
    (422, "away_many"),
    (422, "hours_day"),
    (422, "hours_many"),
    (422, "hours_overlap"),
    (422, "hours_times"),
    (422, "zone_unknown"),
];
const TEAM: [Code; 2] = [(422, "bad_team_name"), (422, "team_taken")];
const PERIODS: [Code; 2] = [(404, "unknown_team"), (422, "period_out_of_bounds")];

fn ask(method: &'static str, path: &'static str, who: Who, summary: &'static str) -> Operation {
    Operation { method, path, who, summary, query: None, body: None, reply: (204, None), refused: Vec::new() }
}

pub fn all() -> Vec<Operation> {
    [itself(), guests(), staff(), contacts_of(), hands_of(), records(), transcripts(), administration(), programs(), people()]
        .into_iter()
        .flatten()
        .collect()
}

fn itself() -> Vec<Operation> {
    // What it is, the document itself can't say in fewer words than the standard.
    vec![ask("get", "/api/openapi.json", Anybody, "This document").gives(200, of::<serde_json::Map<String, serde_json::Value>>)]
}

fn guests() -> Vec<Operation> {
    vec![
        ask("post", "/api/redeem", Anybody, "\"Continue\" was pressed").takes(of::<Redeem>).gives(200, of::<Redeemed>).or(&LINK).or(&[
            (403, "too_early"),
            (409, "place_taken"),
            (422, "bad_claim"),
            (422, "bad_invitation"),
        ]),
        ask("post", LEAVE, Anybody, "Leaves where the socket is gone, whatever the session is worth").takes(of::<Leave>),
    ]
}

fn staff() -> Vec<Operation> {
    let session = "/api/staff/sessions";
    let factor = "/api/staff/second-factor";
    let work = "/api/staff/work-account";
    vec![
        ask("post", "/api/staff/first-link", Anybody, "What a one-time link is for")
            .takes(of::<FirstLink>)
            .gives(200, of::<FirstLinkFor>)
            .or(&LINK),
        ask("post", "/api/staff/first", Anybody, "Uses a one-time link, and signs in")
            .takes(of::<First>)
            .gives(200, of::<Me>)
            .or(&LINK)
            .or(&PASSWORD)
            .or(&[(422, "bad_email"), (422, "bad_name"), (422, "email_taken")]),
        ask("post", "/api/staff/sign-in", Anybody, "Signs in: sets the cookie").takes(of::<SignIn>).gives(200, of::<Me>).or(&[
            (401, "code_needed"),
            (401, "code_refused"),
            (401, "sign_in_refused"),
            (403, "use_work_account"),
            (429, "too_many"),
            (503, "busy"),
        ]),
        ask("get", work, Anybody, "Whether one can sign in by a work account").gives(200, of::<WorkAccount>),
        ask("post", work, Anybody, "Where to go to sign in by a work account: sets a cookie for the way")
            .gives(200, of::<WorkAccountAt>)
            .or(&[(404, "work_off"), (503, "work_away")]),
        ask("post", "/api/staff/work-account/code", Anybody, "The second step after a work account: sets the cookie")
            .takes(of::<WorkAccountCode>)
            .gives(200, of::<Me>)
            .or(&[
                (401, "code_needed"),
                (401, "code_refused"),
                (401, "work_stale"),
                (403, "work_unknown"),
                (404, "work_off"),
                (429, "too_many"),
                (503, "busy"),
            ]),
        ask("post", ENDED, Anybody, "The provider tells of a sign-out (OpenID Connect Back-Channel Logout 1.0)")
            .takes(of::<WorkAccountEnded>)
            .replies(200)
            .or(&[(400, "work_away"), (400, "work_untrusted"), (404, "work_off"), (429, "too_many")]),
        ask("post", "/api/staff/sign-out", Anybody, "Signs out, if anybody is signed in"),
        ask("get", "/api/staff/me", AtAll, "Who is signed in").gives(200, of::<Me>),
        ask("patch", "/api/staff/me", SignedIn, "One's own settings").takes(of::<MySettings>).gives(200, of::<Me>),
        ask("get", factor, AtAll, "The second step of one's own sign-in").gives(200, of::<SecondFactor>),
        ask("post", factor, AtAll, "Makes a secret for an authenticator")
            .takes(of::<BeginSecondFactor>)
            .gives(200, of::<AuthenticatorSecret>)
            .or(&PROOF)
            .or(&[(409, "second_factor_on")]),
        ask("put", factor, AtAll, "A code shows that the authenticator has the secret")
            .takes(of::<ConfirmSecondFactor>)
            .gives(200, of::<RecoveryCodes>)
            .or(&[(422, "code_refused")]),
        ask("delete", factor, AtAll, "No code is asked for any more").takes(of::<EndSecondFactor>).or(&PROOF),
        ask("post", "/api/staff/second-factor/codes", SignedIn, "New codes that stand in for the authenticator")
            .takes(of::<RenewCodes>)
            .gives(200, of::<RecoveryCodes>)
            .or(&PROOF)
            .or(&[(409, "second_factor_off")]),
        ask("get", session, SignedIn, "Where one is signed in").gives(200, of::<StaffSessions>),
        ask("delete", session, SignedIn, "Ends all one's own sign-ins but this"),
        ask("delete", "/api/staff/sessions/{id}", SignedIn, "Ends one of one's own sign-ins").or(&[(404, "unknown_sign_in")]),
    ]
}

fn contacts_of() -> Vec<Operation> {
    vec![
        ask("get", "/api/contacts", InRole, "One's own contacts that start in a time")
            .asks(of::<contacts::Between>)
            .gives(200, of::<Listed>),
        ask("post", "/api/contacts", InRole, "Plans a contact")
            .takes(of::<NewContact>)
            .gives(201, of::<ContactMade>)
            .or(&DETAILS)
            .or(&[(422, "word_long")])
            .or(&MOVED),
        ask("put", "/api/contacts/{id}", InRole, "Changes what was planned")
            .takes(of::<ContactDetails>)
            .or(&OPEN)
            .or(&DETAILS)
            .or(&[(422, "word_long")]),
        ask("put", "/api/contacts/{id}/time", InRole, "Moves a contact").takes(of::<MoveTo>).gives(200, of::<Moved>).or(&OPEN).or(&MOVED),
        ask("post", "/api/contacts/{id}/cancel", InRole, "Calls a contact off")
            .takes(of::<Cancel>)
            .gives(200, of::<Cancelled>)
            .or(&OPEN)
            .or(&[(409, "somebody_there")]),
        ask("get", "/api/contacts/{id}/calendar", InRole, "A contact as a calendar file")
            .asks(of::<calendar::Of>)
            .gives_text("text/calendar")
            .or(&[(404, "unknown_contact")])
            .or(&UNSAFE),
        ask("get", "/api/calendar", InRole, "One's own contacts as a calendar file")
            .asks(of::<calendar::Between>)
            .gives_text("text/calendar"),
        ask("put", "/api/contacts/{id}/help", InRole, "Where help would go")
            .takes(of::<HelpGoes>)
            .or(&OPEN)
            .or(&[(422, "bad_characters"), (422, "help_long")]),
        ask("put", "/api/contacts/{id}/invitation", InRole, "A new link; every older one is worthless")
            .takes(of::<NewInvitation>)
            .or(&OPEN)
            .or(&NEW_LINK)
            .or(&[(409, "code_agreed")]),
        ask("delete", "/api/contacts/{id}/invitation", InRole, "Makes the link worthless").or(&OPEN),
        ask("post", "/api/contacts/{id}/people", InRole, "A link for somebody beside the service user")
            .takes(of::<NewInvitee>)
            .gives(201, of::<Invited>)
            .or(&OPEN)
            .or(&NEW_LINK)
            .or(&[(409, "too_many_people"), (422, "bad_characters"), (422, "name_long"), (422, "name_missing")]),
        ask("delete", "/api/contacts/{id}/people/{person}", InRole, "Makes that link worthless").or(&OPEN),
        ask("post", "/api/contacts/{id}/qr", InRole, "Draws the link as a QR code")
            .takes(of::<ShownLink>)
            .gives(200, of::<QrCode>)
            .or(&OPEN)
            .or(&[(422, "unknown_link")]),
        ask("get", "/api/contacts/{id}/messages", InRole, "What was sent of a contact, and what can be")
            .gives(200, of::<Messages>)
            .or(&[(404, "unknown_contact")]),
        ask("put", "/api/contacts/{id}/messages/{message}", InRole, "Sends a message").takes(of::<NewMessage>).or(&OPEN).or(&UNSAFE).or(&[
            (409, "already_sending"),
            (409, "cant_send"),
            (409, "message_settled"),
            (409, "no_reminders"),
            (409, "not_called_off"),
            (409, "too_many_messages"),
            (422, "bad_address"),
            (422, "bad_message_id"),
            (422, "before_out_of_range"),
            (422, "text_letters"),
            (422, "text_long"),
            (422, "to_missing"),
            (422, "unknown_link"),
            (422, "unknown_wording"),
        ]),
        ask("delete", "/api/contacts/{id}/messages/{message}", InRole, "Takes a message back, or decides about it")
            .or(&[(404, "unknown_contact"), (409, "message_settled")]),
        ask("get", "/api/hours", InRole, "One's own working hours").gives(200, of::<OwnHoursNow>),
        ask("put", "/api/hours", InRole, "Changes one's own working hours").takes(of::<OwnHours>).gives(200, of::<OwnHoursNow>).or(&HOURS),
        ask("get", "/api/team/contacts", InRole, "When contacts of one's own team are")
            .asks(of::<contacts::Between>)
            .gives(200, of::<TeamContacts>),
    ]
}

fn hands_of() -> Vec<Operation> {
    let unknown = [(404, "unknown_contact")];
    vec![
        ask("get", "/api/colleagues", InRole, "Colleagues who can be given a contact, or be asked in")
            .asks(of::<hands::Sought>)
            .gives(200, of::<Colleagues>),
        ask("post", "/api/contacts/{id}/hand-over", InRole, "Hands a contact over, with all of its person where a plan of them is kept")
            .takes(of::<HandOver>)
            .gives(200, of::<HandedOver>)
            .or(&unknown)
            .or(&[(409, "colleague_gone"), (409, "in_conversation"), (422, "bad_characters"), (422, "note_long")]),
        ask("put", "/api/contacts/{id}/asked/{staff}", InRole, "Asks a colleague in")
            .or(&OPEN)
            .or(&[(409, "colleague_gone"), (409, "too_many_asked")]),
        ask("delete", "/api/contacts/{id}/asked/{staff}", InRole, "They take part no longer").or(&unknown),
        ask("put", "/api/contacts/{id}/cover", InRole, "A supervisor covers for the practitioner")
            .takes(of::<Cover>)
            .or(&unknown)
            .or(&REASON)
            .or(&[(422, "hours_out_of_range")]),
        ask("delete", "/api/contacts/{id}/cover", InRole, "Gives it back").or(&unknown),
    ]
}

fn records() -> Vec<Operation> {
    let ends = [(409, "contact_not_over")];
    vec![
        ask("get", "/api/records", InRole, "Records to write up").gives(200, of::<Unfinished>),
        ask("get", "/api/contacts/{id}/record", InRole, "The record of a contact").gives(200, of::<ContactRecord>).or(&RECORD),
        ask("put", "/api/contacts/{id}/record", InRole, "Saves what was written")
            .takes(of::<SaveRecord>)
            .gives(200, of::<RecordSaved>)
            .or(&RECORD)
            .or(&WRITTEN)
            .or(&[(409, "record_changed"), (409, "record_old"), (422, "bad_page")]),
        ask("put", "/api/contacts/{id}/record/copied", InRole, "It is in the case record: its purge begins")
            .gives(200, of::<RecordEnds>)
            .or(&RECORD)
            .or(&ends),
        ask("delete", "/api/contacts/{id}/record/copied", InRole, "It isn't").gives(200, of::<RecordEnds>).or(&RECORD).or(&ends),
        ask("post", "/api/contacts/{id}/record/send", InRole, "Sends the record to the case system")
            .takes(of::<SendRecord>)
            .gives(200, of::<SentRecord>)
            .or(&RECORD)
            .or(&WRITTEN)
            .or(&ends)
            .or(&[(409, "no_case_system"), (409, "record_changed"), (409, "record_on_its_way")]),
        ask("post", "/api/contacts/{id}/record/send/arrived", InRole, "Whether one arrived of which nobody knows")
            .takes(of::<Arrived>)
            .gives(200, of::<SentRecord>)
            .or(&RECORD)
            .or(&[(409, "no_case_system"), (409, "nothing_asked")]),
        ask("put", "/api/contacts/{id}/record/release", InRole, "Releases a copy for other programs to fetch")
            .takes(of::<SendRecord>)
            .gives(200, of::<ReleasedRecord>)
            .or(&RECORD)
            .or(&WRITTEN)
            .or(&ends)
            .or(&[(409, "no_program"), (409, "record_changed")]),
        ask("delete", "/api/contacts/{id}/record/release", InRole, "Takes it back, where no program has fetched it")
            .gives(200, of::<ReleasedRecord>)
            .or(&RECORD)
            .or(&[(409, "not_released"), (409, "record_fetched")]),
    ]
}

fn transcripts() -> Vec<Operation> {
    let (unknown, not_kept) = ([(404, "unknown_contact")], [(409, "typed_not_kept")]);
    vec![
        ask("put", "/api/contacts/{id}/typed", InRole, "Whether what is typed from now on may be kept")
            .takes(of::<KeepTyped>)
            .or(&OPEN)
            .or(&not_kept)
            .or(&[(409, "not_now"), (409, "typed_already")]),
        ask("post", "/api/contacts/{id}/typed/ask", InRole, "Asks everybody who was in the text whether it may be kept")
            .or(&OPEN)
            .or(&not_kept)
            .or(&[(409, "not_all_here"), (409, "not_now")]),
        ask("get", "/api/contacts/{id}/transcript", InRole, "What was typed, where everybody agreed")
            .gives(200, of::<ContactTranscript>)
            .or(&unknown),
        ask("put", "/api/contacts/{id}/transcript", InRole, "Keeps what was typed, where everybody has agreed")
            .takes(of::<NewTranscript>)
            .or(&unknown)
            .or(&not_kept)
            .or(&[(409, "not_agreed"), (409, "transcript_kept"), (422, "bad_characters"), (422, "lines_out_of_range"), (422, "text_long")]),
        ask("delete", "/api/contacts/{id}/transcript", InRole, "Deletes what was typed").or(&unknown).or(&[(409, "held")]),
    ]
}

fn programs() -> Vec<Operation> {
    let unknown = [(404, "unknown_record")];
    vec![
        ask("get", "/api/programs/contacts", AProgram, "Contacts, by whom, when, and what became of them")
            .asks(of::<program_reads::Asked>)
            .gives(200, of::<ProgramContacts>),
        ask("get", "/api/programs/records", AProgram, "Records that are released")
            .asks(of::<program_reads::On>)
            .gives(200, of::<ReleasedRecords>),
        ask("get", "/api/programs/records/{id}", AProgram, "A released record; who fetched it is shown to its practitioner")
            .gives(200, of::<FetchedRecord>)
            .or(&unknown),
        ask("post", "/api/programs/records/{id}/taken", AProgram, "It is stored there").or(&unknown),
        ask("post", "/api/programs/call", AProgram, "Access to the relay, from oneself to oneself, to try whether calls get through")
            .gives(200, of::<RelayAccess>),
    ]
}

fn administration() -> Vec<Operation> {
    let receipt = "The receipt of a deletion";
    vec![
        ask("get", "/api/wordings", InRole, "What messages say").gives(200, of::<WordingsNow>),
        ask("put", "/api/wordings", InRole, "Changes what messages say").takes(of::<NewWordings>).or(&WORDINGS).or(&REASON),
        ask("get", "/api/pages", InRole, "What pages say of names and numbers").gives(200, of::<PagesNow>),
        ask("put", "/api/pages", InRole, "Changes what pages say")
            .takes(of::<NewPageWords>)
            .gives(200, of::<PagesNow>)
            .or(&PAGES)
            .or(&REASON),
        ask("delete", "/api/pages", InRole, "Takes the last change back")
            .gives(200, of::<PagesNow>)
            .or(&PAGES)
            .or(&[(409, "nothing_to_undo")]),
        ask("get", "/api/pages/preview", InRole, "The service user's page as it would be; what can't be is as it is now")
            .asks(of::<Seen>)
            .gives_text("text/html"),
        ask("get", "/api/retention", InRole, "How long things are kept")
            .asks(of::<keeping::Whose>)
            .gives(200, of::<Keeping>)
            .or(&[(404, "unknown_team")]),
        ask("put", "/api/retention", InRole, "Changes how long things are kept")
            .asks(of::<keeping::Whose>)
            .takes(of::<ChosenPeriods>)
            .gives(200, of::<Keeping>)
            .or(&PERIODS)
            .or(&REASON)
            .or(&[(422, "nothing_changed")]),
        ask("delete", "/api/retention", InRole, "Takes the last change back")
            .asks(of::<keeping::Whose>)
            .gives(200, of::<Keeping>)
            .or(&[(404, "unknown_team"), (409, "cant_be_undone")]),
        ask("post", "/api/retention/preview", InRole, "What a change would delete")
            .asks(of::<keeping::Whose>)
            .takes(of::<ChosenPeriods>)
            .gives(200, of::<Preview>)
            .or(&PERIODS),
        ask("get", "/api/retention/receipts/{number}", InRole, receipt).gives_text("text/plain").or(&[(404, "unknown_receipt")]),
        ask("get", "/api/holds", InRole, "What is on hold").gives(200, of::<Holds>),
        ask("post", "/api/holds", InRole, "Puts a contact or a person on hold")
            .takes(of::<NewHold>)
            .or(&REASON)
            .or(&[(404, "unknown_subject"), (422, "days_out_of_range")]),
        ask("get", "/api/holds/mine", InRole, "What of one's own is on hold").gives(200, of::<HeldThings>),
        ask("delete", "/api/holds/{id}", InRole, "Ends a hold").or(&[(404, "unknown_hold")]),
        ask("get", "/api/audit", InRole, "The audit, the newest first").asks(of::<audit::Sought>).gives(200, of::<AuditEntries>),
        ask("get", "/api/audit/chain", InRole, "Whether the audit is whole").gives(200, of::<AuditChain>),
        ask("get", "/api/members", InRole, "Members of staff, invitations and teams").gives(200, of::<Members>),
        ask("post", "/api/members", InRole, "Invites a member").takes(of::<Invite>).gives(201, of::<GivenLink>).or(&MEMBER),
        ask("post", "/api/members/import", InRole, "Reads a list of staff").takes(of::<ImportStaff>).gives(200, of::<Imported>).or(&[
            (422, "email_taken"),
            (422, "import_empty"),
            (422, "import_long"),
        ]),
        ask("put", "/api/members/{id}", InRole, "Changes what a member may").takes(of::<ChangeMember>).or(&[
            (404, "unknown_member"),
            (409, "not_yourself"),
            (422, "roles_missing"),
            (422, "unknown_team"),
        ]),
        ask("put", "/api/members/{id}/disabled", InRole, "Switches a member off").or(&[(404, "unknown_member"), (409, "not_yourself")]),
        ask("delete", "/api/members/{id}/disabled", InRole, "Switches a member on again")
            .or(&[(404, "unknown_member"), (409, "not_yourself")]),
        ask("post", "/api/members/{id}/reset", InRole, "A link with which a member sets a new password")
            .gives(201, of::<GivenLink>)
            .or(&[(404, "unknown_member"), (409, "member_disabled")]),
        ask("delete", "/api/invited/{id}", InRole, "Takes an invitation back").or(&[(404, "unknown_invited")]),
        ask("post", "/api/teams", InRole, "A new team")
            .takes(of::<TeamName>)
            .gives(201, of::<TeamMade>)
            .or(&TEAM)
            .or(&[(409, "too_many_teams")]),
        ask("put", "/api/teams/{id}", InRole, "Names a team").takes(of::<TeamName>).or(&TEAM).or(&[(404, "unknown_team")]),
        ask("delete", "/api/teams/{id}", InRole, "Removes a team").or(&[(404, "unknown_team")]),
        ask("get", "/api/usage", InRole, "Counts of whole months").gives(200, of::<Usage>),
        ask("get", "/api/tokens", InRole, "Tokens of other programs").gives(200, of::<ApiTokens>),
        ask("post", "/api/tokens", InRole, "Makes a token, told this once").takes(of::<NewApiToken>).gives(201, of::<ApiTokenMade>).or(&[
            (409, "too_many_tokens"),
            (422, "bad_token_name"),
            (422, "scopes_missing"),
            (422, "days_out_of_range"),
        ]),
        ask("delete", "/api/tokens/{id}", InRole, "Revokes a token").or(&[(404, "unknown_token")]),
    ]
}

fn people() -> Vec<Operation> {
    let person = "/api/people/{id}";
    vec![
        ask("get", "/api/people", InRole, "Whose plans one keeps").gives(200, of::<People>),
        ask("post", "/api/people", InRole, "Keeps a new plan").takes(of::<SafetyPlan>).gives(201, of::<Person>).or(&PLAN),
        ask("get", person, InRole, "A plan").gives(200, of::<Person>).or(&[(404, "unknown_person")]),
        ask("put", person, InRole, "Changes a plan")
            .takes(of::<SafetyPlan>)
            .gives(200, of::<Person>)
            .or(&PLAN)
            .or(&[(404, "unknown_person")]),
        ask("delete", person, InRole, "Erases a plan").or(&[(404, "unknown_person"), (409, "has_contacts"), (409, "held")]),
        ask("post", "/api/people/{id}/copy", InRole, "A copy of all that is kept of a person, as a ZIP")
            .gives_text("application/zip")
            .or(&[(404, "unknown_person"), (409, "copy_too_large")]),
        ask("get", "/api/people/{id}/erasure", InRole, "What erasing a person would delete")
            .gives(200, of::<PersonErasure>)
            .or(&[(404, "unknown_person")]),
        ask("post", "/api/people/{id}/erasure", InRole, "Erases a person with everything about them").gives(200, of::<ErasedPerson>).or(&[
            (404, "unknown_person"),
            (409, "has_contacts"),
            (409, "held"),
        ]),
        ask("post", "/api/people/{id}/override", InRole, "Lets one channel be used for a while").takes(of::<Override>).or(&REASON).or(&[
            (404, "unknown_person"),
            (422, "channel_rings"),
            (422, "minutes_out_of_range"),
        ]),
        ask("delete", "/api/people/{id}/override", InRole, "Takes that back").or(&[(404, "unknown_person")]),
    ]
}
