// What the desk knows of today's contacts, message by message.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  atTheDoor,
  groupOf,
  grouped,
  howManyWait,
  linkIsOver,
  newsBetween,
  nothingKnown,
  person,
  takenByAnother,
  told,
} from "../../web-client/desk/contacts.js";
import { contact, someone, TWO } from "./desk_world.mjs";

const hear = (known, ...messages) => messages.reduce(told, known);
const welcome = (instance = "i1") => ({ type: "welcome", instance });
const shows = (view) => ({ type: "contact", view });
const ready = { type: "ready" };

test("a contact told again replaces what was known of it", () => {
  const known = hear(nothingKnown(), welcome(), shows(contact("a")), ready, shows(contact("a", { link: false })));
  assert.deepEqual(Object.keys(known.contacts), ["a"]);
  assert.equal(known.contacts.a.link, false);
  assert.equal(known.ready, true);
});

test("after a reconnect the list stays until all is told anew, and what wasn't told again goes", () => {
  const before = hear(nothingKnown(), welcome(), shows(contact("a")), shows(contact("b")), ready);
  const during = hear(before, welcome("i2"), shows(contact("b")));
  assert.deepEqual(Object.keys(during.contacts).sort(), ["a", "b"]);
  const after = hear(during, ready);
  assert.deepEqual(Object.keys(after.contacts), ["b"]);
  assert.equal(after.instance, "i2");
});

test("a contact that is gone is gone, and a message about something else changes nothing", () => {
  const known = hear(nothingKnown(), welcome(), shows(contact("a")), ready);
  assert.deepEqual(hear(known, { type: "gone", contact: "a" }).contacts, {});
  for (const message of [{ type: "beat" }, { type: "ack", contact: "a", person: "p", id: "1" }, { type: "of a later version" }]) {
    assert.equal(told(known, message), known);
  }
});

test("who is in conversation comes before who waits, and the longest wait first; what is over, and other days, come last", () => {
  const views = [
    contact("over", { ended: 900, people: [someone("ended")] }),
    contact("later", { details: { starts_at: 5000 } }),
    contact("sooner", { details: { starts_at: 4000 } }),
    contact("tomorrow", { details: { starts_at: 9000 } }),
    contact("early", { details: { starts_at: 9000 }, people: [someone("waiting", { since: 1990 })] }),
    contact("short", { people: [someone("waiting", { since: 1900 })] }),
    contact("long", { people: [someone("waiting", { since: 1500 })] }),
    contact("talk", { people: [someone({ name: "in", epoch: 1, started: true }, { since: 1950 })] }),
    contact("left", { ended: 950, people: [someone("ended")], open: [{ person: "p1", matter: "exit", since: 940 }] }),
    contact("said later", { people: [someone("later")], open: [{ person: "p1", matter: "later", since: 920 }] }),
    contact("missed", { details: { starts_at: 800 }, people: [someone("did_not_attend")] }),
  ];
  const ids = Object.fromEntries(Object.entries(grouped(views, 9000)).map(([name, list]) => [name, list.map((view) => view.id)]));
  assert.deepEqual(ids, {
    now: ["talk", "long", "short", "early"],
    open: ["said later", "left"],
    next: ["sooner", "later"],
    over: ["over", "missed"],
    upcoming: ["tomorrow"],
  });
});

test("someone who said later, or was told later, is still to be seen to; someone who left is not", () => {
  assert.equal(groupOf(contact("a", { people: [someone("later")] })), "next");
  assert.equal(groupOf(contact("a", { people: [someone("declined")] })), "next");
  assert.equal(groupOf(contact("a", { people: [someone({ name: "left", how: "end" })] })), "over");
});

test("a new person of a new link counts, not the one whose link was replaced", () => {
  const view = contact("a", {
    people: [someone("revoked", { id: "old", since: 2000 }), someone("not_opened", { id: "new", since: 1000 })],
  });
  assert.equal(person(view).id, "new");
});

test("several may wait; who came first stands first, and all are counted", () => {
  const view = contact("a", { people: [someone("waiting", { id: "second", since: 20 }), someone("waiting", { id: "first", since: 10 })] });
  assert.deepEqual(
    atTheDoor(view).map((one) => one.id),
    ["first", "second"],
  );
  assert.equal(howManyWait(hear(nothingKnown(), shows(view), shows(contact("b", { people: [someone("waiting")] })))), 3);
});

test("a knock is news once, and not again after a reconnect", () => {
  const before = hear(nothingKnown(), welcome(), shows(contact("a", { people: [someone("choosing")] })), ready);
  const after = hear(before, shows(contact("a", { people: [someone("waiting")] })));
  assert.deepEqual(newsBetween(before, after, TWO), [{ kind: "knock", contact: "a", person: "p1" }]);
  const again = hear(after, welcome("i2"), shows(contact("a", { people: [someone("waiting")] })), ready);
  assert.deepEqual(newsBetween(after, again, TWO), []);
});

test("someone put back by the practitioner is no knock", () => {
  const inside = hear(nothingKnown(), shows(contact("a", { people: [someone({ name: "in", epoch: 1, started: true })] })));
  const back = hear(inside, shows(contact("a", { people: [someone("waiting")], history: [{ at: 1, person: "p1", what: "put_back" }] })));
  assert.deepEqual(newsBetween(inside, back, TWO), []);
});

test("who isn't there doesn't knock and isn't counted; who comes back to the door after a minute or more knocks anew", () => {
  const state = (stage, lost) => hear(nothingKnown(), shows(contact("a", { people: [someone(stage, { lost })] })));
  const gone = state({ name: "in", epoch: 1, started: true }, TWO);
  const waitsAgain = state("waiting", TWO);
  assert.deepEqual([newsBetween(gone, waitsAgain, TWO + 120), howManyWait(waitsAgain)], [[], 0]);
  const here = state("waiting", null);
  assert.deepEqual([newsBetween(waitsAgain, here, TWO + 60), howManyWait(here)], [[{ kind: "knock", contact: "a", person: "p1" }], 1]);
  assert.deepEqual(newsBetween(waitsAgain, here, TWO + 59), [{ kind: "back", contact: "a", person: "p1" }]);
});

test("losing the line, coming back and leaving are news of those who are here", () => {
  const state = (stage, lost) => hear(nothingKnown(), shows(contact("a", { people: [someone(stage, { lost })] })));
  const here = state("waiting", null);
  assert.deepEqual(newsBetween(here, state("waiting", 5), 5), [{ kind: "lost", contact: "a", person: "p1" }]);
  assert.deepEqual(newsBetween(state("waiting", 5), here, 6), [{ kind: "back", contact: "a", person: "p1" }]);
  assert.deepEqual(newsBetween(here, state({ name: "left", how: "exit" }, null), 5), [{ kind: "left", contact: "a", person: "p1" }]);
  assert.deepEqual(newsBetween(state("choosing", null), state("choosing", 5), 5), []);
});

test("a page lost from the background is another thing than one lost without explanation", () => {
  const state = (lost) => hear(nothingKnown(), shows(contact("a", { people: [someone("waiting", { lost, hidden: true })] })));
  assert.deepEqual(newsBetween(state(null), state(5), 5), [{ kind: "away", contact: "a", person: "p1" }]);
});

test("another browser with somebody's link is news once, is counted while its page is there, and waits for no knock", () => {
  const state = (other, ended = null) =>
    hear(nothingKnown(), shows(contact("a", { ended, people: [someone({ name: "in", epoch: 1, started: true }, { other })] })));
  const there = state({ since: 5, same_kind: true, there: true });
  const gone = state({ since: 5, same_kind: true, there: false });
  const news = [{ kind: "other", contact: "a", person: "p1" }];
  assert.deepEqual([newsBetween(state(null), there, 5), newsBetween(nothingKnown(), there, 5)], [news, news]);
  assert.deepEqual([newsBetween(there, gone, 6), newsBetween(gone, there, 7), newsBetween(there, state(null), 8)], [[], [], []]);
  assert.deepEqual(newsBetween(there, state({ since: 9, same_kind: false, there: true }), 9), news);
  assert.deepEqual([howManyWait(there), howManyWait(gone), howManyWait(state({ since: 5, same_kind: true, there: true }, 90))], [1, 0, 0]);
});

test("another kind of browser that took a free place is news once, and stands until the contact is over", () => {
  const state = (another, ended = null) => hear(nothingKnown(), shows(contact("a", { ended, people: [someone("opened", { another })] })));
  const news = [{ kind: "other", contact: "a", person: "p1" }];
  assert.deepEqual([newsBetween(state(null), state(5), 5), newsBetween(nothingKnown(), state(5), 5)], [news, news]);
  assert.deepEqual([newsBetween(state(5), state(5), 6), newsBetween(state(5), state(null), 7)], [[], []]);
  assert.deepEqual([takenByAnother(state(5).contacts.a).length, takenByAnother(state(5, 90).contacts.a).length], [1, 0]);
});

test("a link that was revoked, used up or replaced elsewhere isn't offered any more", () => {
  const made = contact("a", { people: [someone("not_opened")] });
  assert.equal(linkIsOver(undefined, made), false);
  assert.equal(linkIsOver(contact("a", { link: false }), made), false, "made just now");
  assert.equal(linkIsOver(made, contact("a", { people: [someone("waiting")] })), false);
  assert.equal(linkIsOver(made, contact("a", { link: false, people: [someone({ name: "left", how: "end" })] })), true);
  assert.equal(linkIsOver(made, contact("a", { people: [someone("revoked"), someone("not_opened", { id: "p2" })] })), true);
});
