// The desk can be covered with one key, at home: nothing shows, nothing stops, and nothing that needs a look is lost.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { keepCovered, wantsALook, wasCovered } from "../../web-client/desk/cover.js";
import { noticeSays, titleSays } from "../../web-client/desk/says.js";
import { actionFor, KEYS } from "../../web-client/desk/shortcuts.js";
import { contact, someone, t, TWO } from "./desk_world.mjs";

const file = (path) => readFileSync(new URL(`../../web-client/${path}`, import.meta.url), "utf8");
const key = { key: "`", code: "Backquote" };

afterEach(() => delete globalThis.sessionStorage);

test("one key covers the desk wherever the focus is, whatever stands on that key, and none of the others does", () => {
  for (const inField of [true, false]) for (const letter of ["`", "^", "²", "Dead"]) assert.equal(actionFor({ key: letter, code: "Backquote" }, { inField, enabled: true }), "cover");
  assert.ok(!Object.values(KEYS).includes("cover"));
  for (const letter of Object.keys(KEYS)) assert.notEqual(actionFor({ key: letter, code: `Key${letter.toUpperCase()}` }, { inField: false, enabled: true }), "cover");
});

test("held down it covers once; with single keys off, or with another key, it is the browser's", () => {
  assert.equal(actionFor({ ...key, repeat: true }, { inField: false, enabled: true }), null);
  assert.equal(actionFor({ ...key, ctrlKey: true }, { inField: false, enabled: true }), null);
  assert.equal(actionFor(key, { inField: false, enabled: false }), null);
});

/** A desk that knows these contacts. */
function model(contacts, other = {}) {
  return { known: { contacts: Object.fromEntries(contacts.map((one) => [one.id, one])) }, alarms: [], supervised: [], unread: {}, talk: null, ...other };
}
const talking = (other) => contact("a", { people: [someone({ name: "in", epoch: 1, started: true }, other)] });

test("what needs the practitioner is told on the cover, and always in the same harmless words", () => {
  const talk = { contact: "a" };
  assert.equal(wantsALook(model([])), false);
  assert.equal(wantsALook(model([talking()], { talk })), false, "a conversation that goes well");
  assert.equal(wantsALook(model([talking()], { talk, alarms: [{ contact: "a", person: "p1", since: TWO, how: "typed", saved: true }] })), true);
  assert.equal(wantsALook(model([], { supervised: [{ contact: "x" }] })), true, "a colleague's alarm");
  assert.equal(wantsALook(model([contact("b", { people: [someone("waiting")] })])), true);
  assert.equal(wantsALook(model([talking()], { talk, unread: { b: 1 } })), true);
  assert.equal(wantsALook(model([talking({ lost: TWO })], { talk })), true);
  assert.equal(wantsALook(model([talking({ other: { since: TWO, same_kind: true, there: true } })], { talk })), true);
  assert.equal(t("desk.cover.someone"), "Someone is here");
  assert.equal((file("desk/cover.js").match(/t\("desk\.cover\.someone"\)/g) || []).length, 1);
});

test("the title of a covered desk tells nothing, not even how many wait", () => {
  assert.equal(titleSays(t, 3, true), titleSays(t, 0, true));
  assert.doesNotMatch(titleSays(t, 3, true), /Sidelight|\d|here/i);
});

test("a desk that is loaded again is as covered as it was, and a browser that keeps nothing is no hindrance", () => {
  const kept = {};
  globalThis.sessionStorage = { getItem: (name) => (name in kept ? kept[name] : null), setItem: (name, value) => (kept[name] = value), removeItem: (name) => delete kept[name] };
  assert.equal(wasCovered(), false);
  keepCovered(true);
  assert.equal(wasCovered(), true);
  keepCovered(false);
  assert.equal(wasCovered(), false);
  delete globalThis.sessionStorage;
  keepCovered(true);
  assert.equal(wasCovered(), false);
});

test("under the cover everything keeps its place: their picture is still asked for, and no device is touched", () => {
  const css = file("desk/desk.css");
  assert.match(css, /\.desk\.covered[^{]*\{ visibility: hidden !important; \}/);
  assert.doesNotMatch(css, /\.covered[^{]*\{[^}]*(display: none|transition|animation)/);
  const set = /setCovered\(covered\) \{([^]*?)\n {2}\}/.exec(file("desk/desk.js"))[1];
  assert.doesNotMatch(set, /devices|conversation|socket|act\(|send/, "the service and the other side aren't told");
});

test("the system's notice says that someone is here, and nothing else anywhere", () => {
  assert.equal(noticeSays(t), "Sidelight: someone is here");
  const shows = [...file("desk/desk.js").matchAll(/notices\.show\(([^;]*)\);/g)].map(([, what]) => what);
  assert.deepEqual(shows, ['noticeSays(this.model.t)']);
  assert.doesNotMatch(file("desk/notices.js"), /body:|icon:|image:/);
});
