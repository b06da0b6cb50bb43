// Sending from the service: what goes out is what is shown, what became of it is said truly, and a press sends once.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { canRemind, draftOf, isStale, lengthSays, messageSays, settledBetween, textOf } from "../../web-client/desk/sending.js";
import { sendingActionsOf } from "../../web-client/desk/sending_actions.js";
import { clock, contact, t, TWO } from "./desk_world.mjs";

const LINK = "https://here.example.org/#0a1b2-c3d4e-5f6g7-h8j9k-mnpqr-s";
const way = (channel, refused = null, to = null) => ({ channel, refused, to });
const message = (state, other = {}) => ({ id: "m1", kind: "link", channel: "system_text", state, why: null, since: TWO, due: TWO, asks: false, ...other });
const data = (other = {}) => ({
  ways: [way("system_text"), way("email")],
  wordings: ["Here is the link for our call:", "For later:"],
  reminder: "Soon.",
  off: "Another day.",
  prefix: "Call: ",
  origin: "https://call.example.org",
  may_remind: false,
  messages: [],
  ...other,
});
const draft = (other = {}) => ({ channel: "system_text", off: false, wording: 0, remind: false, id: "a".repeat(32), busy: false, problem: "", ...other });

test("what is shown is what the service writes: prefix, words, and the link where links lead", () => {
  const given = "https://call.example.org/#0a1b2-c3d4e-5f6g7-h8j9k-mnpqr-s";
  assert.equal(textOf(data(), draft(), LINK), `Call: Here is the link for our call: ${given}`);
  assert.equal(textOf(data(), draft({ channel: "email", wording: 1 }), LINK), `For later: ${given}`, "an email has no prefix");
  assert.equal(textOf(data(), draft(), "01ABC-23456"), "Call: Here is the link for our call: call.example.org 01ABC-23456");
});

test("that it is off is said in the words that are set, and no link goes with it", () => {
  assert.equal(textOf(data(), draft({ off: true }), LINK), "Call: Another day.");
  assert.equal(textOf(data(), draft({ off: true, channel: "email" }), ""), "Another day.");
});

test("the length is told, and what can't go is told apart", () => {
  assert.deepEqual(lengthSays(t, "Hello"), { says: "5 of 160 places: one text message.", wrong: false });
  assert.equal(lengthSays(t, "x".repeat(160)).wrong, false);
  assert.deepEqual([lengthSays(t, "x".repeat(161)).wrong, lengthSays(t, "It’s").wrong], [true, true]);
  assert.match(lengthSays(t, "It’s").says, /“’”/);
});

test("the first way that may be used now is chosen", () => {
  assert.equal(draftOf(data({ ways: [way("system_text", "channel"), way("email")] }), "x", false).channel, "email");
  assert.equal(draftOf(data({ ways: [way("system_text", "hour")] }), "x", false).channel, "system_text", "to say why not");
  assert.equal(draftOf(data({ ways: [] }), "x", true), null);
});

test("somebody is reminded only where it is agreed, and once", () => {
  assert.equal(canRemind(data()), false);
  assert.equal(canRemind(data({ may_remind: true })), true);
  assert.equal(canRemind(data({ may_remind: true, messages: [message("waiting", { kind: "reminder" })] })), false);
  assert.equal(canRemind(data({ may_remind: true, messages: [message("failed", { kind: "reminder" })] })), true);
});

test("every state is said as it is, and none says more than is known", () => {
  const says = (state, other) => messageSays(t, clock, TWO, message(state, other)).text;
  assert.match(says("sent"), /may arrive up to 72 hours late/);
  assert.doesNotMatch(says("sent"), /arrived|delivered|read/i);
  assert.match(says("delivered"), /doesn't mean it was read.*proves nothing about who wrote it/);
  assert.match(says("unknown", { asks: true }), /don't know whether it went.*twice.*\?$/);
  assert.match(says("unknown"), /don't know whether it went. It isn't sent again/);
  assert.match(says("waiting", { due: TWO + 3600 }), /It goes out/);
  assert.match(says("waiting", { why: "unreachable", due: TWO + 30 }), /It didn't go yet: .*reached. The next try is/);
  for (const why of ["unreachable", "set_up", "refused", "undelivered", "unsafe", "over", "link_over"]) {
    assert.match(says("failed", { why }), /^It didn't go: \S/, why);
  }
});

test("what came to an end since is said, and what only goes on isn't", () => {
  const before = [message("under_way", { id: "a" }), message("waiting", { id: "b" }), message("sent", { id: "c" })];
  const after = [message("unknown", { id: "a" }), message("under_way", { id: "b" }), message("sent", { id: "c" }), message("sent", { id: "new" })];
  assert.deepEqual(settledBetween(before, after).map(({ id }) => id), ["a"]);
});

test("what goes is looked at often, what waits for its hour seldom, another contact at once", () => {
  const stale = (messages, after, other = {}) => isStale({ contact: "a", data: data({ messages }), draft: null, at: TWO, ...other }, "a", TWO + after);
  assert.deepEqual([stale([message("under_way")], 1), stale([message("under_way")], 2)], [false, true]);
  assert.equal(stale([message("waiting", { due: TWO + 3600 })], 29), false);
  assert.deepEqual([stale([], 29), stale([], 30), stale([], 0, { contact: "b" })], [false, true, true]);
  assert.equal(stale([], 4000, { data: data({ ways: [] }) }), false, "where nothing is set up");
  assert.equal(isStale(null, "a", TWO), true);
});

let asked = [];
let answers = [];
beforeEach(() => {
  asked = [];
  globalThis.fetch = async (path, { method, body }) => {
    asked.push([method, path, body && JSON.parse(body)]);
    const { status = 204, json = null } = answers.shift() || {};
    return { ok: status < 300, status, json: async () => json };
  };
  globalThis.document = { hidden: false };
  globalThis.FormData = class {
    constructor(form) {
      this.values = form.values;
    }
    get(name) {
      return name in this.values ? this.values[name] : null;
    }
  };
});
afterEach(() => {
  answers = [];
  for (const name of ["fetch", "document"]) delete globalThis[name];
});

function world(sending = { contact: "a", data: data(), draft: null, at: TWO }) {
  const model = { t, clock, now: TWO, sending, links: { a: LINK }, picked: "a", upcoming: [], line: "open", notice: "" };
  const desk = {
    model,
    said: [],
    secrets: { kept: [], keep: (...what) => desk.secrets.kept.push(what) },
    changed: (what = {}) => Object.assign(model, what),
    view: (id) => (id === "a" ? contact("a") : undefined),
    focusSoon: () => {},
    announce: (text) => desk.said.push(text),
  };
  return { desk, model, actions: sendingActionsOf(desk) };
}
const form = (values) => ({ dataset: { contact: "a" }, values });

test("a press sends once under one id, also when it is pressed twice or its answer was lost", async () => {
  const { model, actions, desk } = world();
  actions["send-link"]({ contact: "a" });
  const { id } = model.sending.draft;
  assert.match(id, /^[0-9a-f]{32}$/);
  answers = [{ status: 503, json: { code: "other" } }];
  await Promise.all([actions.saveSending(form({ to: " 07700 900123 " })), actions.saveSending(form({ to: "07700 900123" }))]);
  assert.equal(asked.length, 1);
  assert.deepEqual(desk.secrets.kept, [["a", null]], "the link's secret is none any more, though the answer was no");
  assert.equal(model.sending.draft.problem.length > 0, true);
  answers = [{}, { status: 200, json: data({ messages: [message("sent", { id })] }) }];
  await actions.saveSending(form({ to: "07700 900123" }));
  const [first, second] = asked.map(([method, path]) => `${method} ${path}`);
  assert.deepEqual([first, second], Array(2).fill(`PUT /api/contacts/a/messages/${id}`));
  const saying = { say: "link", token: "0a1b2-c3d4e-5f6g7-h8j9k-mnpqr-s", wording: 0 };
  assert.deepEqual(asked[1][2], { channel: "system_text", to: "07700 900123", saying });
  assert.equal(model.sending.draft, null);
});

test("a number that was corrected after a lost answer is another message", async () => {
  const { model, actions } = world();
  actions["send-link"]({ contact: "a" });
  answers = [{ status: 503, json: { code: "no_line" } }, {}, { status: 200, json: data() }];
  await actions.saveSending(form({ to: "07700 900124" }));
  await actions.saveSending(form({ to: "07700 900123" }));
  const [first, second] = asked;
  assert.notEqual(first[1], second[1]);
  assert.equal(second[2].to, "07700 900123");
  assert.equal(model.sending.draft, null);
});

test("what nobody knows of goes again only by a press, under another id", async () => {
  const unknown = message("unknown", { asks: true, id: "b".repeat(32) });
  const { actions } = world({ contact: "a", data: data({ messages: [unknown] }), draft: null, at: TWO });
  answers = [{}, { status: 200, json: data() }];
  await actions["send-again"]({ contact: "a", message: unknown.id });
  const [method, path, body] = asked[0];
  assert.deepEqual([method, body.saying, body.to], ["PUT", { say: "again", message: unknown.id }, null]);
  assert.notEqual(path, `/api/contacts/a/messages/${unknown.id}`);
});

test("what became of a message is said to those who don't see it", async () => {
  const { actions, desk, model } = world({ contact: "a", data: data({ messages: [message("under_way")] }), draft: null, at: 0 });
  answers = [{ status: 200, json: data({ messages: [message("unknown", { asks: true })] }) }];
  actions.watchMessages();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(asked.map(([method, path]) => `${method} ${path}`), ["GET /api/contacts/a/messages"]);
  assert.deepEqual(desk.said, [t("desk.sending.unknown")]);
  assert.equal(model.sending.data.messages[0].state, "unknown");
});
