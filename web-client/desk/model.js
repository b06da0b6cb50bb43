// What the views are drawn from: everything the desk knows at this moment. Views read it and change nothing.

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").Me} Me
 * @typedef {import("./plan.js").Plan} Plan
 * @typedef {{ id: string, mine: boolean, body: string, at: number, state: "waiting" | "sent" | "delivered" }} Text
 *
 * @typedef {{
 *   kind: "new" | "edit", id?: string, plan: Plan, wrong: { field: string, key: string, vars?: Record<string, number> }[],
 *   problem: string, saving: boolean, day?: boolean,
 * }} Form `day`: planned on a day that was chosen already
 *
 * @typedef {{
 *   id?: string, safety: import("./safety.js").Safety, wrong: import("./plan.js").Wrong[], problem: string, saving: boolean,
 * }} SafetyForm a person's plan; without an id a new one
 *
 * @typedef {{
 *   what: "end" | "decline" | "new-link" | "revoke" | "text-link" | "show-qr" | "remove-beside" | "handled" | "end-quietly" | "end-session" | "end-others" | "call-off" | "delete-typed",
 *   contact: string, person?: string, session?: string,
 * }} Asking what is asked about once; the button that led to it has the same name
 *
 * @typedef {{ list: import("../parts/protocol").StaffSession[] | null, problem: string }} Sessions
 *
 * @typedef {{
 *   contact: string, state: "none" | "connecting" | "connected" | "interrupted",
 *   microphone: boolean, camera: boolean, blurs: boolean, failures: { audio: string | null, video: string | null },
 *   lost: { audio: string | null, video: string | null },
 *   voiceOnly: boolean, blocked: boolean, fresh: boolean, pace: import("../call/ladder.js").Plan["says"], unpictured: boolean,
 *   stills: import("../call/call.js").Call["stills"],
 *   pictured: boolean,
 * }} Talk the conversation this page holds; `blocked`: the browser plays no sound before a press;
 * `fresh`: this page found it under way, as after a reload, or took it over
 *
 * @typedef {{
 *   t: (key: string, vars?: Record<string, string | number>) => string,
 *   clock: import("./clock.js").Clock,
 *   now: number,
 *   me: Me,
 *   known: import("./contacts.js").Known,
 *   duty: import("./duty.js").OnDuty,
 *   supervised: import("../parts/protocol").Supervised[],
 *   upcoming: ContactView[],
 *   upcomingFailed: boolean,
 *   line: "connecting" | "open" | "lost" | "over",
 *   overBecause: string,
 *   picked: string | null,
 *   screen: "today" | "contact",
 *   form: Form | null,
 *   people: import("../parts/protocol").Person[],
 *   record: import("./records.js").OpenRecord | null,
 *   notesOf: (contact: string) => import("./saver.js").Saver,
 *   unfinished: import("../parts/protocol").UnfinishedRecord[],
 *   calendar: import("./calendar.js").Calendar | null,
 *   moving: import("./planned_view.js").Moving | null,
 *   callingOff: import("./planned_view.js").CallingOff | null,
 *   choosing: import("./hands_view.js").Choosing | null,
 *   giving: import("./hands_view.js").Giving | null,
 *   series: Record<string, string>,
 *   held: import("../parts/protocol").HeldThing[],
 *   overriding: import("./override.js").Overriding | null,
 *   subject: import("./subject_actions.js").Subject | null,
 *   safety: SafetyForm | { walk: import("./card.js").Walk, from: "list" | null } | { hours: import("./hours.js").MyHours } | "list" | null,
 *   helping: string | null,
 *   inviting: import("./beside.js").Inviting | null,
 *   asking: Asking | null,
 *   notice: string,
 *   covered: boolean,
 *   links: Record<string, string>,
 *   copied: string | null,
 *   linkBusy: string | null,
 *   qr: import("./sharing.js").Qr | null,
 *   sending: import("./sending.js").Sending | null,
 *   browser: import("./sharing.js").Browser,
 *   threads: Record<string, Text[]>,
 *   typed: Record<string, import("./typed.js").Typed>,
 *   sealed: Record<string, import("./seal_view.js").Sealed>,
 *   comparing: string,
 *   unread: Record<string, number>,
 *   proofs: Record<string, import("./proof.js").Seen>,
 *   heldBack: import("./held_back.js").HeldBack | null,
 *   talk: Talk | null,
 *   failing: Set<string>,
 *   suggested: Record<string, import("./suggestions.js").Why | null>,
 *   alarms: import("./alarms.js").Alarm[],
 *   marked: Set<string>,
 *   steps: Record<string, import("./alarm_steps.js").Taken>,
 *   sessions: Sessions | null,
 *   secondStep: import("./second_step.js").SecondStep | null,
 *   permission: "unsupported" | "default" | "denied" | "granted",
 *   settings: import("./settings.js").Settings,
 *   undisturbed: import("./undisturbed.js").State,
 *   soundAsleep: boolean,
 *   allowed: import("./quiet.js").Allowed,
 * }} Model `soundAsleep`: the browser lets the page make no sound before something was pressed; `marked`: texts with the
 * agreed word in them; `supervised`: alarms of others that are with supervisors; `people`: whose safety plans are kept; `held`: what of theirs nothing may delete for now; `record`: the one that is open in the place of a contact; `unfinished`: contacts still to be written up; `overriding`: how passing over a refusal went last; `safety`: those plans, the form of one, or the card that walks through one and where it was opened from, or the practitioner's own hours, in the place of a contact; `failing`: threads with people to whom the connection keeps failing; `proofs`: threads by text alone, and whether who is there is to be made sure; `helping`: the contact in which where help would go is being changed; `suggested`: why to ask them again; `sealed`: what is true of who can read each thread; `comparing`: the thread in which two words are compared; `permission`: whether the browser shows notices of this page
 */

/** Has contacts of their own. A supervisor may have none. @param {Model} model */
export const isPractitioner = ({ me }) => me.roles.indexOf("practitioner") >= 0;

/** @param {Model} model */
export const isSupervisor = ({ me }) => me.roles.indexOf("supervisor") >= 0;

/** Where the texts with one person are kept. @param {string} contact @param {string} person */
export const thread = (contact, person) => `${contact} ${person}`;

/** All contacts this page knows, live ones and those known from the list alone. @param {Model} model @returns {ContactView[]} */
export function allContacts(model) {
  return Object.values(model.known.contacts).concat(model.upcoming.filter((one) => !model.known.contacts[one.id]));
}

/** @param {Model} model @param {string} id @returns {ContactView | undefined} */
export function contactOf(model, id) {
  const listed = () => ((model.calendar && model.calendar.list) || []).find((one) => one.id === id);
  return model.known.contacts[id] || model.upcoming.find((one) => one.id === id) || listed();
}

/** @param {Pick<Model, "me">} model */
export const isAdministrator = ({ me }) => me.roles.indexOf("administrator") >= 0;

/** Whose plan holds in a contact, if one does. @param {Pick<Model, "people">} model @param {ContactView | undefined} view */
export const personOf = ({ people }, view) => people.find(({ id }) => view !== undefined && id === view.details.about);

/** People with one of them as the service has them now. @param {Model["people"]} people @param {Model["people"][number]} person */
export const withPerson = (people, person) => people.map((one) => (one.id === person.id ? person : one));
