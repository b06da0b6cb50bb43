// The agreed word, from the text that holds it to what the service knows of it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Alarms, markOf } from "../../web-client/desk/alarms.js";
import { contact, someone, TWO } from "./desk_world.mjs";

let acts;
let online;
let alarms;
beforeEach(() => {
  acts = [];
  online = true;
  alarms = new Alarms({ send: (contact, act) => online && acts.push([contact, act]) > 0, now: () => TWO + 60 });
});
const talking = (other = {}) =>
  contact("a", { people: [someone({ name: "in", epoch: 1, started: true })], details: { word: "Aunt Rose", response: "Ring 999." }, ...other });
const used = { at: TWO + 61, person: "p1", what: "alarm", how: "typed" };
const open = { person: "p1", matter: "alarm", since: TWO + 61 };
const text = (body, id = "t1") => ({ contact: "a", person: "p1", id, body });
const told = ["a", { do: "alarm", person: "p1", how: "typed" }];
const here = { contact: "a", person: "p1", since: TWO + 60, how: "typed", saved: false };
const saved = { ...here, since: TWO + 61, saved: true };

test("a text with the word in it shows here before the service knows, and the service is told", () => {
  alarms.arrived(text("is aunt róse coming?"), talking());
  assert.deepEqual([alarms.list({ a: talking() }), acts], [[here], [told]]);
  assert.deepEqual([...alarms.marked], [markOf("p1", "t1")]);
});

test("a text without it, or in a contact without a word, does nothing", () => {
  alarms.arrived(text("my aunt rode the bus"), talking());
  alarms.arrived(text("aunt rose"), contact("a", { people: [someone("waiting")] }));
  assert.deepEqual([alarms.list({ a: talking() }), acts, alarms.marked.size], [[], [], 0]);
});

test("without a line it shows all the same, and is told when the line is back, until the service's view has it", () => {
  online = false;
  alarms.arrived(text("aunt rose"), talking());
  assert.deepEqual([alarms.list({ a: talking() }), acts], [[here], []]);
  online = true;
  alarms.again();
  alarms.see({ a: talking() });
  alarms.again();
  assert.deepEqual(acts, [told, told]);
  const view = talking({ open: [open], history: [used] });
  alarms.see({ a: view });
  alarms.again();
  assert.deepEqual([acts.length, alarms.list({ a: view })], [2, [saved]]);
});

test("a view that was on its way when the word came takes nothing back", () => {
  alarms.arrived(text("aunt rose"), talking());
  alarms.see({ a: talking({ history: [{ at: TWO, person: "p1", what: "chose", way: "text" }] }) });
  assert.deepEqual(alarms.list({ a: talking() }), [here]);
});

test("the word used twice is one alert; used again after it was handled, it is another", () => {
  alarms.arrived(text("aunt rose"), talking());
  alarms.arrived(text("aunt rose!!", "t2"), talking());
  assert.deepEqual(acts, [told]);
  alarms.see({ a: talking({ open: [open], history: [used] }) });
  alarms.raise(talking({ open: [open], history: [used] }), "p1", "heard");
  assert.deepEqual(acts, [told]);
  const handled = talking({ history: [used, { at: TWO + 90, person: "p1", what: "handled", matter: "alarm" }] });
  alarms.see({ a: handled });
  assert.deepEqual(alarms.list({ a: handled }), []);
  alarms.arrived(text("aunt rose", "t3"), handled);
  assert.deepEqual([acts, alarms.list({ a: handled })], [[told, told], [here]]);
});

test("what another tab marked as handled before this page saw it open isn't raised again", () => {
  alarms.arrived(text("aunt rose"), talking());
  const handled = talking({ history: [used, { at: TWO + 62, person: "p1", what: "handled", matter: "alarm" }] });
  alarms.see({ a: handled });
  alarms.again();
  assert.deepEqual([alarms.list({ a: handled }), acts], [[], [told]]);
});

test("“I heard it” needs no agreed word", () => {
  alarms.raise(contact("a", { people: [someone("waiting")] }), "p1", "heard");
  assert.deepEqual(acts, [["a", { do: "alarm", person: "p1", how: "heard" }]]);
});

test("a word that is split over two texts is found, once, and only where the two follow each other", () => {
  const says = (...bodies) => {
    acts = [];
    alarms = new Alarms({ send: (contact, act) => acts.push([contact, act]) > 0, now: () => TWO + 60 });
    bodies.forEach((body, n) => alarms.arrived(text(body, `t${n}`), talking()));
    return [acts.length, [...alarms.marked]];
  };
  assert.deepEqual(says("how is aunt", "rose today?"), [1, [markOf("p1", "t1")]]);
  assert.deepEqual(says("aunt r", "ose"), [1, [markOf("p1", "t1")]]);
  assert.deepEqual(says("aunt", "yes", "rose"), [0, []]);
  assert.deepEqual(says("rose", "aunt"), [0, []]);
  assert.deepEqual(says("aunt rose", "is well"), [1, [markOf("p1", "t0")]], "the second has nothing of it");
  alarms = new Alarms({ send: () => true, now: () => TWO });
  alarms.arrived(text("aunt"), talking());
  alarms.arrived({ ...text("rose"), person: "p2" }, talking());
  assert.equal(alarms.marked.size, 0, "of two people");
});

test("a text that comes before its contact is looked at when the contact comes", () => {
  alarms.arrived(text("aunt rose"), undefined);
  assert.deepEqual(alarms.list({}), []);
  alarms.see({ a: talking() });
  alarms.see({ a: talking() });
  assert.deepEqual([alarms.list({ a: talking() }), acts], [[here], [told]]);
});

test("an alarm of an ended contact stays until it is handled, and two stand with the latest first", () => {
  const ended = talking({ ended: TWO + 90, people: [someone("ended")], open: [open], history: [used] });
  const other = contact("b", { people: [someone("waiting", { id: "p2" })], open: [{ person: "p2", matter: "alarm", since: TWO + 99 }] });
  assert.deepEqual(alarms.list({ a: ended, b: other }), [
    { contact: "b", person: "p2", since: TWO + 99, how: null, saved: true },
    saved,
  ]);
});

test("“Later” and the exit are no alarm", () => {
  assert.deepEqual(alarms.list({ a: talking({ open: [{ person: "p1", matter: "exit", since: TWO }, { person: "p1", matter: "later", since: TWO }] }) }), []);
});
