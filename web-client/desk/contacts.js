// What the desk knows of today's contacts: the service's messages, taken in one by one. No page, no clock.

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {import("../parts/protocol").PersonView} PersonView
 * @typedef {import("../parts/protocol").ListedContact} ListedContact
 * @typedef {import("../parts/protocol").ToDesk} ToDesk
 * @typedef {{ contacts: Record<string, ContactView>, seen: string[] | null, ready: boolean, instance: string }} Known
 * `seen`: those told since the last welcome, until `ready` says that it was all of them.
 * @typedef {{ kind: "knock" | "other" | "left" | "lost" | "away" | "back" | "later", contact: string, person: string }} News
 * `away`: lost with the page in the background, as a locked phone is; `other`: another browser opened their link.
 */

/** @returns {Known} */
export function nothingKnown() {
  return { contacts: {}, seen: null, ready: false, instance: "" };
}

/**
 * Takes in one message. What was known before a loss stays until the service has told all of it anew: a list that
 * empties for a second would look as if somebody had gone.
 * @param {Known} known @param {any} message a ToDesk; what isn't about contacts changes nothing
 * @returns {Known} the same object where nothing changed
 */
export function told(known, message) {
  switch (message.type) {
    case "welcome":
      return Object.assign({}, known, { seen: [], instance: message.instance });
    case "contact": {
      const contacts = Object.assign({}, known.contacts, { [message.view.id]: message.view });
      const seen = known.seen && known.seen.concat(message.view.id);
      return Object.assign({}, known, { contacts, seen });
    }
    case "ready": {
      /** @type {Record<string, ContactView>} */
      const contacts = {};
      for (const id of known.seen || Object.keys(known.contacts)) if (known.contacts[id]) contacts[id] = known.contacts[id];
      return Object.assign({}, known, { contacts, seen: null, ready: true });
    }
    case "gone": {
      const contacts = Object.assign({}, known.contacts);
      delete contacts[message.contact];
      return Object.assign({}, known, { contacts });
    }
    default:
      return known;
  }
}

/** How much a stage matters to the practitioner: the least number is whom the contact is about now. @type {Record<string, number>} */
const RANK = {
  in: 0,
  waiting: 1,
  choosing: 2,
  asked: 3,
  opened: 4,
  not_opened: 5,
  later: 6,
  declined: 6,
  left: 6,
  ended: 6,
  did_not_attend: 6,
  ended_quietly: 6,
  revoked: 7,
};

/** Whoever is beside the service user stands for the contact only while they are here. @param {PersonView} one */
const counts = ({ invitee, stage }) => invitee === null || stage.name === "in" || stage.name === "waiting";

/** People of a contact, those who matter now first; of equals the latest. @param {ContactView} view @returns {PersonView[]} */
export function people(view) {
  return view.people.filter(counts).sort((a, b) => RANK[a.stage.name] - RANK[b.stage.name] || b.since - a.since);
}

/** Whom the contact is about now. @param {ContactView} view @returns {PersonView | undefined} */
export function person(view) {
  return people(view)[0];
}

/** The one in conversation. @param {ContactView} view @returns {PersonView | undefined} */
export function inside(view) {
  return view.people.find((one) => one.stage.name === "in");
}

/** The alarm as the service has it; none: it doesn't know of it yet. @param {ContactView} view @param {string} person */
export function openAlarm(view, person) {
  return view.open.find((one) => one.person === person && one.matter === "alarm");
}

/** Those at the door, who came first first. @param {ContactView} view @returns {PersonView[]} */
export function atTheDoor(view) {
  return view.people.filter((one) => one.stage.name === "waiting").sort((a, b) => a.since - b.since);
}

/** What of a contact waits for "Handled" comes before all that is planned. @param {ContactView} view @returns {"now" | "open" | "next" | "over"} */
export function groupOf(view) {
  const stage = (person(view) || { stage: { name: "" } }).stage.name;
  if (stage === "in" || stage === "waiting") return "now";
  if (view.open.length) return "open";
  return isOver(view) ? "over" : "next";
}

/** Nothing more will come of it by itself. @param {ContactView} view */
export function isOver(view) {
  const stage = (person(view) || { stage: { name: "" } }).stage.name;
  return view.ended !== null || stage === "left" || stage === "ended" || stage === "ended_quietly" || stage === "did_not_attend";
}

/** Those whose link another browser opened. @param {ContactView} view @returns {PersonView[]} */
export function withAnother(view) {
  return view.people.filter((one) => one.other !== null && view.ended === null);
}

/** Those whose place was free, and was taken by another kind of browser than had it before. @param {ContactView} view @returns {PersonView[]} */
export function takenByAnother(view) {
  return view.people.filter((one) => one.another !== null && view.ended === null);
}

/**
 * The list in groups, each in the order a practitioner looks for things: conversations before those who wait, longest
 * wait first; what waits to be handled, oldest first; what is planned for today by its time; what is over, latest first;
 * what is planned for other days.
 * @typedef {{ now: ContactView[], open: ContactView[], next: ContactView[], over: ContactView[], upcoming: ContactView[] }} Groups
 * @param {ContactView[]} views @param {number} midnight when today ends @returns {Groups}
 */
export function grouped(views, midnight) {
  /** @type {Groups} */
  const all = { now: [], open: [], next: [], over: [], upcoming: [] };
  for (const view of views) {
    const group = groupOf(view);
    all[group === "next" && view.details.starts_at >= midnight ? "upcoming" : group].push(view);
  }
  const byTime = (/** @type {ContactView} */ a, /** @type {ContactView} */ b) =>
    a.details.starts_at - b.details.starts_at || (a.id < b.id ? -1 : 1);
  all.now.sort((a, b) => {
    const one = /** @type {PersonView} */ (person(a));
    const two = /** @type {PersonView} */ (person(b));
    return RANK[one.stage.name] - RANK[two.stage.name] || one.since - two.since || byTime(a, b);
  });
  all.open.sort((a, b) => a.open[0].since - b.open[0].since || byTime(a, b));
  all.next.sort(byTime);
  all.upcoming.sort(byTime);
  all.over.sort((a, b) => byTime(b, a));
  return all;
}

/** How many wait in all, and are there; another browser with somebody's link is somebody too. @param {Known} known */
export function howManyWait(known) {
  const there = (/** @type {ContactView} */ view) =>
    atTheDoor(view).filter((one) => one.lost === null).length + withAnother(view).filter((one) => one.other && one.other.there).length;
  return Object.values(known.contacts).reduce((sum, view) => sum + there(view), 0);
}

/** Seconds of loss after which coming back to the door is a knock anew. Shorter: a wobbling line knocks again and again. */
const AWAY = 60;

/**
 * What has happened between two states that a practitioner should hear of. Told anew after a reconnect, the same knock
 * is no news; who isn't there doesn't knock.
 * @param {Known} before @param {Known} after @param {number} now seconds @returns {News[]}
 */
export function newsBetween(before, after, now) {
  /** @type {News[]} */
  const news = [];
  if (before.contacts === after.contacts) return news;
  for (const view of Object.values(after.contacts)) {
    const old = before.contacts[view.id];
    if (old === view) continue;
    for (const one of view.people) {
      const was = old && old.people.find((other) => other.id === one.id);
      const stage = one.stage.name;
      const had = was ? was.stage.name : "";
      const add = (/** @type {News["kind"]} */ kind) => news.push({ kind, contact: view.id, person: one.id });
      const long = was && was.lost !== null && one.lost === null && now - was.lost >= AWAY;
      // Put back to the door by the practitioner is no knock.
      const putOut = had === "in" && ["put_back", "put_on_hold"].indexOf(last(view, one.id)) >= 0;
      const came = had !== "waiting" && !putOut;
      if (stage === "waiting" && one.lost === null && (came || long)) add("knock");
      if (one.other && one.other.there && !(was && was.other && was.other.since === one.other.since)) add("other");
      if (one.another !== null && !(was && was.another === one.another)) add("other");
      if (stage === "left" && had && had !== "left") add("left");
      if (stage === "later" && had && had !== "later") add("later");
      if (stage === "in" || stage === "waiting") {
        if (was && one.lost !== null && was.lost === null) add(one.hidden ? "away" : "lost");
        if (was && one.lost === null && was.lost !== null && !(stage === "waiting" && long)) add("back");
      }
    }
  }
  return news;
}

/** @param {ContactView} view @param {string} id */
function last(view, id) {
  const about = view.history.filter((one) => one.person === id && one.what !== "lost" && one.what !== "back");
  return about.length ? about[about.length - 1].what : "";
}

/**
 * Whether a link made on this page is worthless now: revoked, used up, or replaced from another page.
 * @param {ContactView | undefined} before @param {ContactView} after
 */
export function linkIsOver(before, after) {
  if (!before) return false;
  const replaced = after.people.some((one) => one.invitee === null && !before.people.some((old) => old.id === one.id));
  return (before.link && !after.link) || (before.link && replaced);
}

/**
 * A contact of another day, known from the list alone, in the form of the others.
 * @param {ListedContact} listed @returns {import("./calendar.js").Planned}
 */
export function fromList(listed) {
  const { id, details, link, link_known, ended, series, opened, cancelled } = listed;
  const held = /** @type {"nowhere"} */ ("nowhere");
  return { id, details, link, link_known, ended, held, people: [], history: [], open: [], hands: { owner: "", with: [], given: null }, typed: { since: null, asked: null, agreed: null }, part: null, series, opened, cancelled };
}
