// Generated from signaling/protocol by its tests. Don't edit: run `UPDATE=1 cargo test -p sidelight-protocol`.

export type Answer = "yes" | "later" | "type";

export type Company = "me" | "u2" | "ch" | "ad" | "no";

export type MayKeep = "yes" | "not";

export type Way = "video" | "voice" | "text";

export type WhenHidden = "voice" | "quiet";

export type Leaving = "end" | "exit";

export type Devices = { microphone: boolean, camera: boolean, 
/**
 * The page shows the other side's picture. `false` is "voice only": the other side's camera goes off.
 */
picture: boolean, };

export type Rung = "voice_least" | "voice" | "stills" | "small" | "medium" | "large";

export type Seal = { 
/**
 * SHA-256 over this page's public key and nonce, which are shown only to who has committed to theirs.
 */
commitment: string, 
/**
 * The commitment of the other page that this one goes by; empty: none yet.
 */
seen: string, 
/**
 * The public key (P-256, uncompressed) and the nonce; empty until they may be shown.
 */
key: string, nonce: string, 
/**
 * By what the secret of a link is known again, where this page has one; empty: it has none.
 */
link: string, 
/**
 * Proof that this page has come to the same key; empty until it has come to one.
 */
proof: string, };

export type Signal = { "kind": "offer", sdp: string, bound: string, } | { "kind": "answer", sdp: string, bound: string, } | { "kind": "candidate", candidate: string, mid: string | null, line: number | null, } | { "kind": "pace", sends: Rung, most: Rung, unseen: boolean, unheard: boolean, again: boolean, };

export type RelayAccess = { 
/**
 * `turn:` and `turns:` addresses, best first.
 */
urls: Array<string>, username: string, credential: string, };

export type Checked = { connection: CheckedConnection, microphone: CheckedMicrophone, camera: CheckedCamera, speaker: CheckedSpeaker, };

export type CheckedConnection = "good" | "poor" | "none";

export type CheckedMicrophone = "works" | "silent" | "on" | "none";

export type CheckedCamera = "works" | "none" | "off";

export type CheckedSpeaker = "heard" | "not_heard" | "not_tried";

export type Code = "bad_message" | "not_now" | "not_there" | "old_epoch" | "busy" | "held_elsewhere" | "unknown" | "not_kept" | "too_fast";

export type Bye = "back_in_a_moment" | "other_tab" | "over" | "no_session" | "reload" | "silence" | "misbehaved" | "too_slow";

export type FromGuest = { "type": "hello", protocol: number, session: string, tab: string, } | { "type": "beat", } | { "type": "answer", answer: Answer, } | { "type": "company", company: Company, } | { "type": "keep", keep: MayKeep, } | { "type": "choose", way: Way, } | { "type": "knock", } | { "type": "devices", devices: Devices, } | { "type": "page", hidden: boolean, covered: boolean, quiet: boolean, } | { "type": "check", } | { "type": "checked", checked: Checked, } | { "type": "seal", seal: Seal, } | { "type": "text", id: string, body: string, } | { "type": "ack", id: string, proof: string, } | { "type": "signal", epoch: number, signal: Signal, } | { "type": "leave", how: Leaving, };

export type ToGuest = { "type": "welcome", instance: string, } | { "type": "beat" } | { "type": "session", session: string, } | { "type": "view", view: GuestView, } | { "type": "relay", epoch: number, access: RelayAccess, } | { "type": "check", access: RelayAccess, } | { "type": "seal", seal: Seal, } | { "type": "text", id: string, body: string, } | { "type": "ack", id: string, proof: string, } | { "type": "signal", epoch: number, signal: Signal, } | { "type": "refused", code: Code, re: string | null, } | { "type": "bye", reason: Bye, };

export type GuestView = { 
/**
 * The first name to greet the person by, if one was given.
 */
greeting: string | null, 
/**
 * The first name the practitioner goes by, if one was given.
 */
practitioner: string | null, 
/**
 * 0 where the plan says that who is early isn't told.
 */
starts_at: number, minutes: number, 
/**
 * The ways offered, in the order to show them. Never empty.
 */
ways: Array<Way>, 
/**
 * Words to show while waiting, if any were given.
 */
waiting_words: string | null, 
/**
 * The way chosen, once one is.
 */
way: Way | null, 
/**
 * The private question is before the person again, while they wait or talk. Nothing else changes with it.
 */
asked: boolean, 
/**
 * "Who is with you?" is before the person, while they wait or talk. What they answered is never in a view of theirs.
 */
who_asked: boolean, 
/**
 * Whether what is typed may be kept, as far as it concerns them now. What they answered is never in a view of theirs.
 */
kept: Kept, 
/**
 * What the page does out of sight. Never why: a practitioner may choose either for anybody, so that "quiet" doesn't mean
 * that a word is agreed. Whoever reads what the page is sent learns it no sooner than the page needs it: before the
 * waiting room it is "voice" for all.
 */
when_hidden: WhenHidden, 
/**
 * They are rung where the conversation can't be had: known beforehand, since it is said when there is no line. Before the
 * waiting room it is false for all, and so are the two that follow.
 */
rings: boolean, 
/**
 * The practitioner is ringing them now.
 */
ringing: boolean, 
/**
 * Sign language is spoken here: the picture keeps its movement before its sharpness.
 */
signing: boolean, stage: GuestStage, };

export type Kept = "no" | "may" | "asked";

export type GuestStage = { "name": "asked" } | { "name": "choosing" } | { "name": "preparing" } | { "name": "waiting", since: number, desk: boolean, late: boolean, on_hold: boolean, } | { "name": "told" } | { "name": "in", since: number, epoch: number, desk: boolean, started: boolean, desk_devices: Devices, } | { "name": "over", why: Over, };

export type Over = "later" | "left" | "ended" | "declined" | "finished" | "moved";

export type FromDesk = { "type": "hello", protocol: number, tab: string, } | { "type": "beat", } | { "type": "in", contact: string, act: Act, } | { "type": "duty", on: boolean, } | { "type": "have", contact: string, person: string, };

export type Act = { "do": "take", } | { "do": "admit", person: string, } | { "do": "decline", person: string, reason: Reason, block: boolean, } | { "do": "ask", person: string, } | { "do": "ask_who", person: string, } | { "do": "take_back_who", person: string, } | { "do": "move", person: string, } | { "do": "alarm", person: string, how: Used, } | { "do": "at_it", person: string, } | { "do": "hand_over", person: string, } | { "do": "handled", person: string, matter: Matter, } | { "do": "end_quietly", person: string, } | { "do": "ring", person: string, } | { "do": "put_back", person: string, } | { "do": "put_on_hold", person: string, } | { "do": "its_them", person: string, } | { "do": "devices", devices: Devices, } | { "do": "seal", person: string, seal: Seal, } | { "do": "text", person: string, id: string, body: string, } | { "do": "ack", person: string, id: string, proof: string, } | { "do": "signal", person: string, epoch: number, signal: Signal, } | { "do": "reconnect", person: string, epoch: number, } | { "do": "end", };

export type ToDesk = { "type": "welcome", instance: string, } | { "type": "ready" } | { "type": "beat" } | { "type": "contact", view: ContactView, } | { "type": "gone", contact: string, } | { "type": "relay", contact: string, person: string, epoch: number, access: RelayAccess, } | { "type": "seal", contact: string, person: string, seal: Seal, } | { "type": "text", contact: string, person: string, id: string, body: string, } | { "type": "ack", contact: string, person: string, id: string, proof: string, } | { "type": "signal", contact: string, person: string, epoch: number, signal: Signal, } | { "type": "duty", on: boolean, others: boolean, } | { "type": "supervised", alarms: Array<Supervised>, } | { "type": "refused", code: Code, contact: string | null, re: string | null, } | { "type": "bye", reason: Bye, };

export type Supervised = { contact: string, 
/**
 * The name of its member of staff.
 */
practitioner: string, alarm: HandedAlarm, };

export type HandedAlarm = { person: string, reference: string, 
/**
 * What to do, without the word.
 */
response: string | null, 
/**
 * Where help would go, as far as it is known.
 */
help: string | null, since: number, handover: Handover, };

export type ContactView = { id: string, details: ContactDetails, 
/**
 * A link of the service user's exists that isn't revoked.
 */
link: boolean, 
/**
 * The service has seen that link, to draw it as a QR code.
 */
link_known: boolean, 
/**
 * Whether this page, another page of the practitioner, or none holds the conversation.
 */
held: Held, people: Array<PersonView>, 
/**
 * What happened, oldest first; the last [`MAX_HISTORY`] of it.
 */
history: Array<Happening>, 
/**
 * What waits for one press, "Handled", oldest first. Nothing of the contact is deleted before, for 30 days at most.
 */
open: Array<Open>, 
/**
 * Set once the contact is over.
 */
ended: number | null, hands: Hands, typed: KeepsTyped, 
/**
 * How who is signed in at this page takes part; none: it is theirs.
 */
part: TakesPart | null, };

export type KeepsTyped = { 
/**
 * It was switched on then, and everybody is told so.
 */
since: number | null, 
/**
 * Everybody who was in the text was asked then.
 */
asked: number | null, 
/**
 * Whether all of them agreed. None: they weren't asked, or a question still stands.
 */
agreed: boolean | null, };

export type ContactDetails = { 
/**
 * Initials or case number; staff see it, nobody else. 1 to 60 characters.
 */
reference: string, 
/**
 * The first name to greet the person by. At most 40 characters.
 */
greeting: string | null, 
/**
 * The first name the practitioner goes by. At most 40 characters.
 */
practitioner: string | null, starts_at: number, 
/**
 * Planned length, 5 to 240.
 */
minutes: number, 
/**
 * At least one, none twice.
 */
ways: Array<Way>, 
/**
 * Shown while waiting. At most 200 characters.
 */
waiting_words: string | null, 
/**
 * The agreed safe word; staff only. None: "No word agreed yet". At most 40 characters.
 */
word: string | null, 
/**
 * What to do when it is used; staff only. At most 400 characters.
 */
response: string | null, 
/**
 * What their page does out of sight. None, as in what was written down before this could be chosen: quiet where a word or
 * what to do is agreed, else the voice goes on.
 */
when_hidden: WhenHidden | null, 
/**
 * They may be rung where the conversation can't be had. Never without having been agreed: a ringing phone tells whoever is
 * near. Not there in what was written down before this could be chosen, nor are the two that follow.
 */
rings: boolean, 
/**
 * Their number, or words for where to find it; staff only. None where they may not be rung. At most 60 characters.
 */
number: string | null, 
/**
 * They sign: their picture, and the one they see, keeps its movement before its sharpness.
 */
signing: boolean, 
/**
 * They type a code at the bare address in place of opening a link, which would stay in their browser's history.
 */
by_code: boolean, 
/**
 * The person whose plan holds here. Where one does, word, response, ringing, number, signing, typing
 * a code and what a hidden page does are
 * theirs, whatever is said of them here.
 */
about: string | null, 
/**
 * Other spellings of the word, from the plan.
 */
spellings: Array<string>, 
/**
 * Whether they are told the time when they are early, from the plan. None: no plan holds, and they are.
 */
early: Early | null, 
/**
 * Where help would go, as they said in this contact; staff only. Kept with the contact alone and changed by its own request
 * ([`HelpGoes`](crate::http::HelpGoes)), whatever is said of it here. At most 200 characters.
 */
help: string | null, };

export type Held = "here" | "elsewhere" | "nowhere";

export type Reason = "not_now" | "not_them" | "not_safe" | "other";

export type Used = "typed" | "heard";

export type Matter = "alarm" | "exit" | "later";

export type Open = { person: string, matter: Matter, 
/**
 * Since when; the first time, if it happened more than once.
 */
since: number, 
/**
 * Of an alarm: a step was pressed, so that it goes to nobody by itself.
 */
at_it: boolean, 
/**
 * Of an alarm: it is with the supervisors.
 */
handover: Handover | null, };

export type Handover = { at: number, 
/**
 * Nobody had touched it, and so it went by itself.
 */
by_itself: boolean, 
/**
 * The name of the supervisor who has it, and since when.
 */
taken_by: string | null, taken: number | null, };

export type OtherBrowser = { since: number, 
/**
 * It is of the same kind as the one that holds the place (say, Chrome on Android).
 */
same_kind: boolean, 
/**
 * Its page is there now, so that the place can be moved to it.
 */
there: boolean, };

export type Who = { 
/**
 * It was asked then, and stands on their page.
 */
asked: number | null, 
/**
 * It was asked then, and went by itself without an answer.
 */
unanswered: number | null, 
/**
 * The last answer: a hint, never proof.
 */
said: Company | null, };

export type Part = "interpreter" | "advocate" | "supporter" | "colleague";

export type Invitee = { part: Part, 
/**
 * A first name, or what tells them from others; staff see it, nobody else. 1 to 40 characters.
 */
name: string, };

export type PersonView = { id: string, 
/**
 * None: the service user.
 */
invitee: Invitee | null, stage: PersonStage, 
/**
 * They wait because the practitioner put them on hold: letting them in goes on from where it was.
 */
on_hold: boolean, 
/**
 * Since when they are at this stage.
 */
since: number, 
/**
 * The last private answer: a hint, never proof.
 */
answer: Answer | null, way: Way | null, devices: Devices, 
/**
 * Their page is in the background.
 */
hidden: boolean, 
/**
 * Their page is covered: they hear nothing and aren't heard until "Carry on" is pressed there.
 */
covered: boolean, 
/**
 * They switched to quiet mode: their speaker and microphone are off, they read, and answer by taps or typing.
 */
quiet: boolean, 
/**
 * How trying sound and picture went, if they did.
 */
checked: Checked | null, 
/**
 * Their page isn't connected, since then.
 */
lost: number | null, 
/**
 * The private question was asked again then, and isn't answered yet.
 */
asked: number | null, 
/**
 * Whether somebody is with them, as far as they said.
 */
who: Who, 
/**
 * The practitioner rang them, the last time then.
 */
rung: number | null, other: OtherBrowser | null, 
/**
 * Since then another kind of browser has the place than the last time: it opened the link when the place was free. Until
 * "It's them".
 */
another: number | null, };

export type PersonStage = { "name": "not_opened" } | { "name": "opened" } | { "name": "asked" } | { "name": "choosing" } | { "name": "waiting" } | { "name": "in", epoch: number, started: boolean, } | { "name": "later" } | { "name": "declined" } | { "name": "left", how: Leaving, } | { "name": "ended" } | { "name": "revoked" } | { "name": "ended_quietly" } | { "name": "did_not_attend" };

export type Happening = { at: number, 
/**
 * Whom it is about; none: the contact as a whole.
 */
person: string | null, } & ({ "what": "invited" } | { "what": "link_known" } | { "what": "opened" } | { "what": "opened_by_another" } | { "what": "answered", answer: Answer, } | { "what": "chose", way: Way, } | { "what": "knocked" } | { "what": "admitted" } | { "what": "its_them" } | { "what": "put_back" } | { "what": "put_on_hold" } | { "what": "waits_again" } | { "what": "declined", reason: Reason | null, } | { "what": "other_browser", same_kind: boolean, } | { "what": "moved" } | { "what": "asked_again" } | { "what": "asked_who" } | { "what": "said_who", company: Company, } | { "what": "took_back_who" } | { "what": "who_unanswered" } | { "what": "rung" } | { "what": "alarm", how: Used, } | { "what": "handled", matter: Matter, } | { "what": "handed_over", by_itself: boolean, } | { "what": "taken" } | { "what": "ended_quietly" } | { "what": "did_not_attend" } | { "what": "left", how: Leaving, } | { "what": "lost" } | { "what": "back" } | { "what": "revoked" } | { "what": "ended" } | { "what": "cancelled" });

export type What = { "what": "invited" } | { "what": "link_known" } | { "what": "opened" } | { "what": "opened_by_another" } | { "what": "answered", answer: Answer, } | { "what": "chose", way: Way, } | { "what": "knocked" } | { "what": "admitted" } | { "what": "its_them" } | { "what": "put_back" } | { "what": "put_on_hold" } | { "what": "waits_again" } | { "what": "declined", reason: Reason | null, } | { "what": "other_browser", same_kind: boolean, } | { "what": "moved" } | { "what": "asked_again" } | { "what": "asked_who" } | { "what": "said_who", company: Company, } | { "what": "took_back_who" } | { "what": "who_unanswered" } | { "what": "rung" } | { "what": "alarm", how: Used, } | { "what": "handled", matter: Matter, } | { "what": "handed_over", by_itself: boolean, } | { "what": "taken" } | { "what": "ended_quietly" } | { "what": "did_not_attend" } | { "what": "left", how: Leaving, } | { "what": "lost" } | { "what": "back" } | { "what": "revoked" } | { "what": "ended" } | { "what": "cancelled" };

export type Problem = { status: number, code: string, title: string, 
/**
 * The field that is wrong, where it is one.
 */
field?: string | null, 
/**
 * Seconds to wait before trying again, where there is a limit.
 */
retry_after?: number | null, 
/**
 * With `too_early`: when the call is, where they are told.
 */
starts_at?: number | null, 
/**
 * With `too_early`, outside of the practitioner's own hours alone: what can be rung then. May hold none.
 */
ring?: Array<OutsideNumber> | null, };

export type Redeem = { 
/**
 * The invitation id: the first 16 bytes of SHA-256 over `sidelight invitation:` and the token's 26 characters, as 32 lower-case hexadecimal digits.
 */
invitation: string, 
/**
 * Made by the page for this link, so that pressing again after a reply that got lost isn't another browser. As an id of a page.
 */
claim: string | null, 
/**
 * It was typed as a code at the bare address: ten characters in place of 26, over `sidelight code:`.
 */
typed: boolean, };

export type Redeemed = { session: string, };

export type Leave = { session: string, how: Leaving, };

export type Role = "practitioner" | "administrator" | "supervisor" | "auditor";

export type FirstLink = { token: string, };

export type FirstLinkFor = { name: string | null, email: string | null, roles: Array<Role>, 
/**
 * It sets the password of a member anew, and nothing else of them.
 */
reset: boolean, };

export type First = { token: string, 
/**
 * 1 to 80 characters.
 */
name: string, 
/**
 * 3 to 254 characters.
 */
email: string, 
/**
 * 12 to 200 characters; refused with `password_weak` and a hint where it is easily guessed.
 */
password: string, 
/**
 * The first administrator is a practitioner too, unless they untick it.
 */
practitioner: boolean, };

export type SignIn = { email: string, password: string, 
/**
 * Of the authenticator, or one of those that stand in for it.
 */
code: string | null, };

export type SecondFactor = { on: boolean, 
/**
 * Here, somebody with their roles must have it.
 */
required: boolean, 
/**
 * Codes that stand in for the authenticator and aren't used yet.
 */
codes_left: number, 
/**
 * The password is asked for once more; not just after a work account has vouched for them.
 */
password: boolean, };

export type BeginSecondFactor = { password: string, };

export type AuthenticatorSecret = { 
/**
 * In base32 (RFC 4648), to be typed where no camera is at hand.
 */
secret: string, qr: QrCode, };

export type QrCode = { 
/**
 * Modules of one side, with the quiet zone of four around it.
 */
size: number, 
/**
 * The dark modules as an SVG path in those units: nothing but `M`, `h`, `v`, `z`, digits, `-` and spaces.
 */
path: string, };

export type ConfirmSecondFactor = { code: string, };

export type RecoveryCodes = { codes: Array<string>, };

export type EndSecondFactor = { password: string, code: string, };

export type Me = { id: string, name: string, email: string, roles: Array<Role>, 
/**
 * "Look first": the practitioner's own picture and sound start with a press. On by default.
 */
look_first: boolean, 
/**
 * A second step must be added to this sign-in before anything else.
 */
must_enrol: boolean, 
/**
 * Whose clocks the desk goes by; none: those of the machine it is open on.
 */
zone?: string | null, 
/**
 * Their work account has just vouched for them: where else a password is asked for, none is, for ten minutes.
 */
vouched: boolean, };

export type WorkAccount = { on: boolean, 
/**
 * What stands on the button; none: the page's own words.
 */
label: string | null, };

export type WorkAccountAt = { address: string, };

export type WorkAccountCode = { 
/**
 * Of the authenticator, or one of those that stand in for it.
 */
code: string, };

export type StaffSessions = { sessions: Array<StaffSession>, };

export type StaffSession = { id: string, 
/**
 * The kind of browser, say "Firefox on Linux".
 */
browser: string, since: number, last_used: number, 
/**
 * The one that asks.
 */
here: boolean, };

export type MySettings = { look_first: boolean, };

export type WorkSpan = { 
/**
 * Monday is 0.
 */
day: number, 
/**
 * Minutes since midnight; `until` is after `from`, at most 1440, and not among them.
 */
from: number, until: number, };

export type AwayDays = { from: string, to: string, };

export type OwnHours = { 
/**
 * At most three a day, none into another. None at all: always.
 */
spans: Array<WorkSpan>, 
/**
 * At most 20; those that are over aren't kept.
 */
away: Array<AwayDays>, 
/**
 * Whose clocks they go by, a name of the IANA time zone database. The organisation's goes before it, where it has one.
 */
zone: string, };

export type OwnHoursNow = { hours: OwnHours, 
/**
 * Now isn't among them.
 */
outside: boolean, };

export type Every = "week" | "two_weeks" | "four_weeks" | "month";

export type Repeat = { every: Every, 
/**
 * In all, 2 to 26.
 */
times: number, 
/**
 * Whose clocks stay as they are: a name of the IANA time zone database.
 */
zone: string, };

export type PlannedTime = { id: string, starts_at: number, 
/**
 * The clocks show this time twice in that night: it is the first of the two.
 */
twice: boolean, 
/**
 * Not within the hours that were agreed with the person whose plan holds.
 */
outside: boolean, };

export type MoveTo = { starts_at: number, 
/**
 * As in [`Repeat`].
 */
zone: string, 
/**
 * Those after it too. What was opened, is over, or is none of its series stays.
 */
and_after: boolean, };

export type Moved = { contacts: Array<PlannedTime>, };

export type Cancel = { and_after: boolean, };

export type Cancelled = { contacts: Array<string>, };

export type NewContact = { details: ContactDetails, 
/**
 * `409 clocks_skip` where one of them would come into an hour that isn't there.
 */
repeat?: Repeat | null, };

export type ContactMade = { id: string, 
/**
 * Of a repeated one: all, that one first.
 */
repeated?: Array<PlannedTime> | null, };

export type NewInvitation = { 
/**
 * As in [`Redeem`].
 */
invitation: string, 
/**
 * It is a code to be typed. `409 code_agreed` where it isn't, and what was agreed with the person says that they type one.
 */
typed: boolean, };

export type NewInvitee = { 
/**
 * As of any link.
 */
invitation: string, part: Part, 
/**
 * A first name, or what tells them from others. 1 to 40 characters.
 */
name: string, };

export type Invited = { person: string, };

export type HelpGoes = { 
/**
 * At most 200 characters.
 */
help: string | null, };

export type Listed = { contacts: Array<ListedContact>, };

export type ListedContact = { id: string, details: ContactDetails, link: boolean, 
/**
 * The service has seen that link, to draw it as a QR code.
 */
link_known: boolean, ended: number | null, 
/**
 * The name that it has in common with those it was planned together with.
 */
series?: string | null, 
/**
 * When somebody first came in by a link.
 */
opened?: number | null, 
/**
 * When it was called off.
 */
cancelled?: number | null, };

export type Channel = "text" | "system_text" | "email" | "calendar" | "voice";

export type Early = "told" | "not_told";

export type SafeHours = { 
/**
 * Monday is 0. At least one, none twice.
 */
days: Array<number>, 
/**
 * Minutes since midnight; `until` is after `from`, at most 1440, and not among them.
 */
from: number, until: number, };

export type SafetyPlan = { 
/**
 * Initials or case number, by which staff know them. 1 to 60 characters.
 */
reference: string, 
/**
 * Safe channels, none twice. None at all: nothing may be sent.
 */
channels: Array<Channel>, 
/**
 * Safe hours, at most 14. None at all: nothing may be sent at any.
 */
hours: Array<SafeHours>, 
/**
 * Whose clocks the hours go by: a name of the IANA time zone database.
 */
zone: string, 
/**
 * What to ring, or words for where to find it. Kept only where they may be rung. At most 60 characters.
 */
number: string | null, 
/**
 * The agreed safe word, at most 40 characters; and other spellings of it, at most 5.
 */
word: string | null, spellings: Array<string>, 
/**
 * What to do when it is used. At most 400 characters; so are those that follow.
 */
response: string | null, 
/**
 * By what question the practitioner proves who they are.
 */
proves_us: string | null, 
/**
 * By what question the person does, and what they answer: on the desk only.
 */
proves_them: string | null, proves_them_answer: string | null, 
/**
 * What to do if someone else answers, if the call drops, if they leave by the exit.
 */
if_other: string | null, if_drops: string | null, if_exit: string | null, 
/**
 * As in a contact's own details.
 */
when_hidden: WhenHidden | null, signing: boolean, by_code: boolean, 
/**
 * None, as in what was written down before this could be chosen: not told.
 */
early: Early | null, 
/**
 * What goes out with the link; none: the same few words as to everyone. Whoever reads it on a locked screen learns nothing by
 * it: a word that tells is refused. At most 120 characters.
 */
wording: string | null, 
/**
 * The service may remind them of a contact, without a link. Not there in what was written down before this could be chosen: then not.
 */
reminders: boolean, };

export type Unsafe = "no_channels" | "channel" | "no_hours" | "hour";

export type Allowed = { channel: Channel, 
/**
 * In seconds; from then on the plan alone counts.
 */
until: number, 
/**
 * As the administrator wrote it.
 */
reason: string, };

export type ChannelNow = { channel: Channel, 
/**
 * None: it may be used.
 */
refused: Unsafe | null, };

export type Override = { 
/**
 * `422 channel_rings` for [`Channel::Voice`]: a ringing phone tells whoever is near.
 */
channel: Channel, 
/**
 * From now on, 5 to 1440.
 */
minutes: number, 
/**
 * 10 to 400 characters.
 */
reason: string, };

export type Person = { id: string, plan: SafetyPlan, 
/**
 * Every channel, as it is now.
 */
channels: Array<ChannelNow>, 
/**
 * What is let through now besides.
 */
allowed: Allowed | null, };

export type People = { people: Array<Person>, };

export type Audited = "alarm_raised" | "alarm_handed_over" | "alarm_went_over" | "alarm_taken" | "ended_quietly" | "handled" | "duty_on" | "duty_off" | "override_given" | "override_withdrawn" | "restored" | "master_key_replaced" | "staff_disabled" | "staff_enabled" | "roles_changed" | "reset_given" | "password_reset" | "second_factor_on" | "second_factor_off" | "second_factor_refused" | "recovery_code_used" | "hold_placed" | "hold_released" | "hold_ended" | "copy_made" | "person_erased" | "setting_changed" | "api_token_made" | "api_token_revoked" | "recovery_codes_renewed" | "staff_invited" | "invitation_withdrawn" | "staff_joined" | "team_changed" | "team_made" | "team_renamed" | "team_removed" | "work_account_used" | "work_account_linked" | "work_account_joined" | "work_account_roles" | "work_account_ended" | "contact_given" | "colleague_asked" | "colleague_released" | "cover_begun" | "cover_ended" | "transcript_kept" | "transcript_deleted" | "record_released" | "record_release_withdrawn" | "record_fetched";

export type AuditEntry = { 
/**
 * Rises.
 */
id: number, at: number, 
/**
 * The id of a member of staff; none: the service did it by itself.
 */
who: string | null, what: Audited, 
/**
 * Ids of the contact, and of the person of whom a plan is kept. Of those that were erased, names that lead nowhere any more, the
 * same in all their entries.
 */
contact: string | null, person: string | null, 
/**
 * The id of the member of staff that it was done to, where another one did it.
 */
whom: string | null, 
/**
 * The id of the program's token that it was done to, or, where nobody else did it, that did it.
 */
token: string | null, 
/**
 * What was written to it. None: nothing was, or the person it is about has been erased.
 */
reason: string | null, };

export type AuditEntries = { entries: Array<AuditEntry>, 
/**
 * Who the members of staff in them are, as far as they are known.
 */
staff: Array<Named>, 
/**
 * What the tokens in them are for, also of those that have ended.
 */
tokens: Array<Named>, 
/**
 * None: the audit's head is sent nowhere.
 */
anchor: AuditAnchor | null, };

export type AuditAnchor = { 
/**
 * The newest entry that it told of, and when that was; none yet.
 */
entry: number | null, at: number | null, 
/**
 * The last try failed.
 */
failing: boolean, };

export type Draft = { reference: string, 
/**
 * As it was planned.
 */
starts_at: number, minutes: number, ways: Array<Way>, outcome: Outcome, people: Array<Attended>, 
/**
 * Conversation, from "It's them" until it stopped; oldest first, as all that follows.
 */
talks: Array<Talk>, ways_used: Array<WayUsed>, breaks: Array<Break>, 
/**
 * The practitioner rang them then.
 */
rung: Array<number>, 
/**
 * Messages that arrived: of the practitioner, and of whoever was invited.
 */
messages_ours: number, messages_theirs: number, 
/**
 * More happened than fits the lists.
 */
more: boolean, ended: number | null, };

export type Outcome = "open" | "talked" | "no_talk" | "did_not_attend" | "called_off" | "no_link";

export type Attended = { 
/**
 * None: the service user.
 */
part: Part | null, 
/**
 * When they first came by their link.
 */
came: number | null, };

export type Talk = { from: number, 
/**
 * None: it goes on.
 */
until: number | null, };

export type WayUsed = { at: number, way: Way, };

export type Break = { from: number, 
/**
 * None: it didn't go on.
 */
until: number | null, why: Interrupted, };

export type Interrupted = "line" | "paused";

export type SafetyDraft = { 
/**
 * What it came to, each once, in this order.
 */
states: Array<SafetyState>, 
/**
 * The private question and its answers, who was with them, the word, how somebody left; the last [`MAX_LINES`].
 */
lines: Array<Happening>, 
/**
 * More happened than these.
 */
more: boolean, };

export type SafetyState = "alarm" | "left_by_exit" | "ended_quietly" | "later";

export type ContactRecord = { draft: Draft, safety: SafetyDraft, written: Written, 
/**
 * Rises with each save.
 */
revision: number, copied: number | null, 
/**
 * When it is erased, as far as that is known.
 */
gone_at: number | null, 
/**
 * There is a case system to send it to.
 */
case_system: boolean, sent: SentRecord | null, 
/**
 * Programs that could fetch it if it were released, by their names.
 */
programs: Array<string>, released: ReleasedRecord | null, };

export type ReleasedRecord = { 
/**
 * Since when; none: it was taken back.
 */
at: number | null, 
/**
 * The part about safety is in it.
 */
safety: boolean, 
/**
 * Oldest first.
 */
fetched: Array<RecordFetch>, };

export type RecordFetch = { 
/**
 * By its name.
 */
program: string, at: number, 
/**
 * It said then that it is stored there.
 */
taken: number | null, 
/**
 * It was another copy, released before this one.
 */
earlier: boolean, };

export type Written = { 
/**
 * At most [`MAX_NOTES`] characters.
 */
notes: string, 
/**
 * The draft in words, as they left it; none: as it is drafted. At most [`MAX_TEXT`] characters, as the next.
 */
text: string | null, 
/**
 * The same of the part about safety.
 */
safety: string | null, };

export type SaveRecord = { written: Written, 
/**
 * Made anew by each page load, as an id of a page.
 */
page: string, 
/**
 * Rises with each save of that page.
 */
number: number, 
/**
 * The revision that this page has seen last.
 */
base: number, };

export type RecordSaved = { revision: number, };

export type RecordEnds = { copied: number | null, gone_at: number | null, };

export type SendRecord = { 
/**
 * The revision that is before whoever sends it.
 */
revision: number, 
/**
 * The plain part, in the words that are before them.
 */
text: string, 
/**
 * The part about safety, where they chose that it goes along this time.
 */
safety: string | null, };

export type SentRecord = { state: SendState, 
/**
 * Since when; of one that is tried again: when.
 */
at: number, tries: number, 
/**
 * The part about safety goes along.
 */
safety: boolean, };

export type SendState = "waiting" | "trying" | "arrived" | "refused" | "given_up" | "unknown";

export type Arrived = { arrived: boolean, };

export type KeepTyped = { on: boolean, };

export type NewTranscript = { lines: Array<NewTyped>, };

export type NewTyped = { 
/**
 * The id of whoever wrote it, or was written to.
 */
person: string, ours: boolean, 
/**
 * By the clock of the practitioner's device.
 */
at: number, text: string, };

export type ContactTranscript = { 
/**
 * For how many days it would be kept. Nought: it isn't.
 */
days: number, transcript: Transcript | null, };

export type Transcript = { made: number, 
/**
 * It is deleted then.
 */
gone_at: number, typed: Typed, };

export type Typed = { 
/**
 * Everybody was told from then on, and asked then.
 */
since: number, asked: number, agreed: Array<Agreed>, lines: Array<TypedLine>, };

export type Agreed = { 
/**
 * None: the service user.
 */
part: Part | null, at: number, };

export type TypedLine = { 
/**
 * Whose thread it is in. None: the service user's.
 */
part: Part | null, ours: boolean, at: number, text: string, };

export type Unfinished = { records: Array<UnfinishedRecord>, };

export type UnfinishedRecord = { contact: string, reference: string, starts_at: number, ended: number, outcome: Outcome, };

export type MessageState = "waiting" | "under_way" | "sent" | "delivered" | "failed" | "unknown";

export type MessageKind = "link" | "reminder" | "notice";

export type NotSent = "unreachable" | "set_up" | "refused" | "undelivered" | "unsafe" | "over" | "link_over";

export type Message = { id: string, kind: MessageKind, 
/**
 * [`Channel::SystemText`] or [`Channel::Email`].
 */
channel: Channel, state: MessageState, 
/**
 * For one that failed, or waits for its next try.
 */
why: NotSent | null, 
/**
 * Since when it is in this state, in seconds.
 */
since: number, 
/**
 * When it is due, for one that waits.
 */
due: number, 
/**
 * Nobody knows whether it went, and nobody has said yet what to do about it.
 */
asks: boolean, };

export type SendingWay = { channel: Channel, 
/**
 * Why nothing may be sent this way now; none: it may.
 */
refused: Unsafe | null, 
/**
 * How the number or address ends that was given for this contact; none: it has to be given.
 */
to: string | null, };

export type Messages = { ways: Array<SendingWay>, 
/**
 * What goes before the link, to choose from. From the person's plan if there is one: then it is the only one.
 */
wordings: Array<string>, reminder: string, 
/**
 * What is said of a contact that was called off.
 */
off: string, 
/**
 * What each text message begins with.
 */
prefix: string, 
/**
 * Where links lead, such as `https://call.example.org`.
 */
origin: string, 
/**
 * The person's plan lets them be reminded.
 */
may_remind: boolean, messages: Array<Message>, };

export type Saying = { "say": "link", token: string, 
/**
 * Which of the wordings, from 0.
 */
wording: number, } | { "say": "reminder", before: number, } | { "say": "off" } | { "say": "again", message: string, };

export type NewMessage = { channel: Channel, 
/**
 * None: the one given for this contact before.
 */
to: string | null, saying: Saying, };

export type Wordings = { 
/**
 * Whose name emails come from, and text messages where the gateway takes one. May be empty.
 */
sender: string, 
/**
 * Of emails.
 */
subject: string, 
/**
 * What goes before the link: 1 to 5.
 */
texts: Array<string>, reminder: string, 
/**
 * Of a contact that was called off.
 */
off: string, };

export type NewWordings = { wordings: Wordings, 
/**
 * 10 to 400 characters.
 */
reason: string, };

export type WordingsNow = { wordings: Wordings, 
/**
 * What each text message begins with, by the configuration.
 */
prefix: string, 
/**
 * Places of a text message that prefix and link leave.
 */
room: number, };

export type PageValue = "title" | "desk_title" | "calendar_title" | "neutral_page" | "number" | "outside";

export type OutsideNumber = { 
/**
 * Who or what answers there.
 */
label: string, number: string, 
/**
 * When it is answered, in words. May be empty.
 */
answered: string, };

export type PageWords = { 
/**
 * Of the service user's page. Empty: the page's own.
 */
title: string, 
/**
 * Of the desk. Empty: the desk's own.
 */
desk_title: string, 
/**
 * Of entries in calendars. Empty: "Call".
 */
calendar_title: string, 
/**
 * Where "Leave this page" leads.
 */
neutral_page: string, 
/**
 * Empty: pages say "ring the person who sent this".
 */
number: string, 
/**
 * At most 3. They go with `too_early` alone, outside of the practitioner's own hours. None: the number of every page stands in.
 */
outside: Array<OutsideNumber>, };

export type NewPageWords = { words: PageWords, 
/**
 * 10 to 400 characters.
 */
reason: string | null, };

export type PageBounds = { title: number, address: number, number: number, 
/**
 * Of a number's label, and of when it is answered.
 */
label: number, 
/**
 * Numbers for outside of hours.
 */
outside: number, };

export type PagesChange = { at: number, 
/**
 * A member's id, and their name while they are one.
 */
who: string, name: string | null, reason: string, changed: Array<PageValue>, };

export type PagesNow = { words: PageWords, 
/**
 * Which of them were set on the page; the others are the configuration's.
 */
set_here: Array<PageValue>, 
/**
 * Only the configuration's count (`pages.pinned`).
 */
pinned: boolean, most: PageBounds, 
/**
 * The last ones, newest first.
 */
changes: Array<PagesChange>, };

export type Category = "reach" | "contact" | "unhandled" | "plan" | "record" | "unfinished" | "transcript" | "delivery" | "audit" | "receipts";

export type Unit = "hours" | "days";

export type Since = "contact_ended" | "last_contact" | "copied" | "sent" | "written";

export type KeptCategory = { category: Category, unit: Unit, since: Since, 
/**
 * Nought: it isn't kept at all.
 */
period: number, 
/**
 * Another period, which holds from [`Keeping::changes_at`] on.
 */
soon: number | null, 
/**
 * What may be chosen, as whoever installed it has pinned it.
 */
least: number, most: number, 
/**
 * How many there are.
 */
kept: number, };

export type KeptChange = { at: number, 
/**
 * The id of a member of staff, and their name where they are still here.
 */
who: string, name: string | null, reason: string, 
/**
 * What was changed, and to what.
 */
periods: { [key in Category]?: number }, 
/**
 * Nothing has been deleted by it yet, and nobody has changed anything since.
 */
can_be_undone: boolean, };

export type SweepNow = { category: Category | null, erased: number, 
/**
 * How many there were to erase in that category when it began.
 */
of: number, began: number, };

export type Keeping = { categories: Array<KeptCategory>, 
/**
 * When shorter periods that were chosen begin to hold.
 */
changes_at: number | null, last_change: KeptChange | null, 
/**
 * When the next looks at what is to be deleted are.
 */
next_sweeps: Array<number>, sweep: SweepNow | null, 
/**
 * The newest, at most [`MAX_RECEIPTS`].
 */
receipts: Array<DeletionReceipt>, };

export type DeletionReceipt = { number: number, category: Category, count: number, 
/**
 * How long they had been kept, in the category's unit. None: they were deleted because somebody asked for it.
 */
period: number | null, 
/**
 * From the first to the last.
 */
begun: number, done: number, };

export type ChosenPeriods = { periods: { [key in Category]?: number }, 
/**
 * Needed to save them: why.
 */
reason?: string, };

export type Preview = { lines: Array<PreviewLine>, 
/**
 * When it would begin to hold.
 */
at: number, };

export type PreviewLine = { category: Category, period: number, 
/**
 * What would be deleted then, all in all; and how many of these the periods of now would have left.
 */
count: number, more: number, };

export type Hold = { id: string, 
/**
 * The id of the contact, or of the person.
 */
subject: string, of_person: boolean, 
/**
 * The id of a member of staff, and their name where they are still here.
 */
who: string, name: string | null, made: number, ends: number, reason: string, };

export type Holds = { holds: Array<Hold>, };

export type NewHold = { subject: string, days: number, reason: string, };

export type HeldThing = { subject: string, reference: string, ends: number, };

export type HeldThings = { held: Array<HeldThing>, };

export type PersonErasure = { 
/**
 * How many of each, without those of which there are none.
 */
counts: { [key in Category]?: number }, 
/**
 * Held until then, and so not to be erased.
 */
held: number | null, 
/**
 * Contacts with them that aren't over, or in which something waits for "Handled".
 */
open: number, };

export type SignedReceipt = { receipt: DeletionReceipt, signed: string, };

export type ErasedPerson = { receipts: Array<SignedReceipt>, };

export type AuditChain = { 
/**
 * What is wrong, in words; none: nothing was found.
 */
fault: string | null, entries: number, 
/**
 * The last entry that a signed checkpoint stands for; 0: none.
 */
checkpoint: number, };

export type Named = { id: string, name: string, };

export type TakesPart = "asked" | "covering";

export type Hands = { 
/**
 * Its practitioner's name among staff.
 */
owner: string, 
/**
 * Who takes part beside them, longest first.
 */
with: Array<Helper>, 
/**
 * It was handed over to its practitioner, the last time so.
 */
given: Given | null, };

export type Helper = { 
/**
 * The id of a member of staff, and their name among staff.
 */
id: string, name: string, part: TakesPart, since: number, 
/**
 * It ends by itself then; none: with the contact.
 */
until: number | null, };

export type Given = { 
/**
 * The name among staff of who did it.
 */
by: string, at: number, note: string | null, };

export type Colleagues = { colleagues: Array<Colleague>, };

export type Colleague = { id: string, name: string, same_team: boolean, };

export type HandOver = { 
/**
 * The id of a member of staff.
 */
to: string, 
/**
 * At most [`MAX_NOTE`] characters.
 */
note: string | null, };

export type HandedOver = { 
/**
 * The contacts that went.
 */
contacts: Array<string>, };

export type Cover = { 
/**
 * 10 to [`MAX_NOTE`] characters. It stands in the audit.
 */
reason: string, 
/**
 * 1 to 24.
 */
hours: number, };

export type TeamContacts = { 
/**
 * The team's name; none: they are in none.
 */
team: string | null, contacts: Array<TeamContact>, };

export type TeamContact = { id: string, 
/**
 * The practitioner's name among staff.
 */
practitioner: string, starts_at: number, ends_at: number, state: ContactState, 
/**
 * The name among staff of the supervisor who covers it, until when, and whether that is who asks.
 */
covered: Covered | null, };

export type Covered = { by: string, until: number, mine: boolean, };

export type ContactState = "planned" | "open" | "over";

export type Members = { members: Array<ListedMember>, invited: Array<InvitedMember>, teams: Array<Team>, };

export type ListedMember = { id: string, name: string, email: string, roles: Array<Role>, 
/**
 * The id of their team; none: in none.
 */
team: string | null, second_factor: boolean, 
/**
 * May not sign in, since then.
 */
disabled: number | null, 
/**
 * The last use of a sign-in that still holds.
 */
last_used: number | null, };

export type InvitedMember = { id: string, name: string, email: string, roles: Array<Role>, team: string | null, expires: number, };

export type Team = { id: string, name: string, 
/**
 * How many of it may sign in.
 */
members: number, };

export type Invite = { 
/**
 * 1 to 80 characters.
 */
name: string, 
/**
 * 3 to 254 characters.
 */
email: string, 
/**
 * At least one.
 */
roles: Array<Role>, 
/**
 * The id of a team.
 */
team: string | null, };

export type GivenLink = { link: string, expires: number, };

export type ChangeMember = { roles: Array<Role>, team: string | null, };

export type TeamName = { 
/**
 * 1 to 60 characters.
 */
name: string, };

export type TeamMade = { id: string, };

export type ImportStaff = { csv: string, 
/**
 * False: it is only looked at.
 */
now: boolean, };

export type Imported = { 
/**
 * False: nothing was.
 */
done: boolean, lines: Array<ImportedLine>, };

export type ImportedLine = { 
/**
 * Counted from 1, headings and empty ones too.
 */
line: number, name: string, email: string, roles: Array<Role>, 
/**
 * They leave: no link is made.
 */
leaves: boolean, 
/**
 * By its name.
 */
team: string | null, wrong: ImportWrong | null, 
/**
 * The one-time link, once it is done, told this once.
 */
link: string | null, };

export type ImportWrong = "columns" | "name" | "email" | "roles" | "team" | "twice" | "known" | "unknown" | "yourself";

export type Usage = { months: Array<UsageMonth>, 
/**
 * The month that isn't over, as a year and a month in one number, such as 202611.
 */
this_month: number, };

export type UsageMonth = { month: number, 
/**
 * Planned for then, and over.
 */
contacts: number | null, nobody_came: number | null, not_let_in: number | null, talked: number | null, 
/**
 * Of those that talked; one may be in several.
 */
video: number | null, voice: number | null, text: number | null, 
/**
 * Of those that talked: the line held; it broke and came back; it was lost.
 */
held: number | null, broke: number | null, lost: number | null, };

export type Scope = "usage:read" | "contacts:read" | "records:read" | "doctor:call";

export type ApiToken = { id: string, name: string, scopes: Array<Scope>, 
/**
 * The member of staff who made it: their id, and their name where they are known still.
 */
who: string, who_name: string | null, made: number, ends: number, 
/**
 * The first moment of the day, UTC, on which it was last used. None: it never was.
 */
last_used: number | null, 
/**
 * False: whoever made it is no administrator here any more, and so it opens nothing.
 */
works: boolean, };

export type ApiTokens = { tokens: Array<ApiToken>, };

export type NewApiToken = { name: string, scopes: Array<Scope>, days: number, };

export type ApiTokenMade = { id: string, token: string, };

export type RenewCodes = { password: string, code: string, };

