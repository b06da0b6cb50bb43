// The form for sending from the service, as it stands on the desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sendButton, sendOffButton, sendingView, wordsOff } from "../../web-client/desk/sending_view.js";
import { clock, contact, t, TWO } from "./desk_world.mjs";

class Piece {
  constructor(name) {
    Object.assign(this, { name, attributes: {}, children: [] });
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  append(...children) {
    this.children.push(...children);
  }
  set textContent(text) {
    this.children = [text];
  }
  all(matches) {
    const inside = this.children.flatMap((child) => (child instanceof Piece ? child.all(matches) : []));
    return matches(this) ? [this, ...inside] : inside;
  }
  get text() {
    return this.children.map((child) => (child instanceof Piece ? child.text : child)).join(" ");
  }
}

before(() => {
  globalThis.document = { createElement: (name) => new Piece(name), createElementNS: (_, name) => new Piece(name) };
});
after(() => delete globalThis.document);

const LINK = "https://call.example.org/#0a1b2-c3d4e-5f6g7-h8j9k-mnpqr-s";
const message = (state, other = {}) => ({ id: "m1", kind: "link", channel: "system_text", state, why: null, since: TWO, due: TWO, asks: false, ...other });
const data = (other = {}) => ({
  ways: [{ channel: "system_text", refused: null, to: null }],
  wordings: ["Here is the link for our call:"],
  reminder: "Soon.",
  off: "Another day.",
  prefix: "",
  origin: "https://call.example.org",
  may_remind: false,
  messages: [],
  ...other,
});
const draft = (other = {}) => ({ channel: "system_text", off: false, wording: 0, remind: false, id: "x", tried: "", busy: false, problem: "", ...other });
const model = (what, form = draft()) => ({ t, clock, now: TWO, settings: { shortcuts: true }, sending: what && { contact: "a", data: what, draft: form, at: TWO } });
const buttons = (pieces) => pieces.flatMap((piece) => piece.all(({ name }) => name === "button")).map(({ attributes }) => attributes["data-do"]);
const drawn = (what, form) => sendingView(model(what, form), contact("a"), LINK);

test("the button stands there where a way is set up, and not while its form is open", () => {
  const shown = (what, form) => buttons(sendButton(model(what, form), contact("a")));
  assert.deepEqual([shown(data(), null), shown(data()), shown(data({ ways: [] }), null), shown(null)], [["send-link"], [], [], []]);
});

test("of a contact that was called off, the words are sent without its link, and nothing speaks of one", () => {
  const off = draft({ off: true });
  const [form] = sendingView(model(data(), off), contact("a"), undefined);
  assert.match(form.text, /Another day\./);
  assert.doesNotMatch(form.text, /https:|our server has to see/);
  assert.deepEqual(buttons(sendOffButton(model(data(), null), contact("a"))), ["send-off"]);
  assert.deepEqual(sendOffButton(model(data({ ways: [] }), null), contact("a")), []);
  assert.deepEqual(sendingView(model(data()), contact("a"), undefined), [], "a link's form needs its link");
  assert.deepEqual([wordsOff(model(data()), contact("a")), wordsOff(model(null), contact("a"))], ["Another day.", t("desk.planned.off.words")]);
});

test("the text stands in view with its length, and every field has its label", () => {
  const [form] = drawn(data());
  assert.match(form.text, /Here is the link for our call: https:\/\/call\.example\.org\/#0a1b2/);
  assert.match(form.text, /88 of 160 places: one text message/);
  assert.match(form.text, /our server has to see the link/);
  const labelled = new Set(form.all(({ name }) => name === "label").map(({ attributes }) => attributes.for));
  const fields = form.all(({ name }) => name === "input" || name === "select").map(({ attributes }) => attributes.id);
  assert.ok(fields.length >= 2);
  for (const id of fields) assert.ok(labelled.has(id), id);
});

test("what the plan refuses or what is too long can't be sent, and why stands there", () => {
  const send = (what) => {
    const [form] = drawn(what);
    const [button] = form.all(({ attributes }) => attributes["data-do"] === "send-now");
    return ["disabled" in button.attributes, form.text];
  };
  assert.equal(send(data())[0], false);
  const [refused, why] = send(data({ ways: [{ channel: "system_text", refused: "hour", to: null }] }));
  assert.ok(refused && why.includes(t("desk.unsafe.hour")));
  assert.equal(send(data({ wordings: ["x".repeat(120)] }))[0], true);
});

test("only what nobody knows of and nobody decided about is asked about, and only what waits can be taken back", () => {
  const asked = (one) => buttons(drawn(data({ messages: [one] }), null));
  assert.deepEqual(asked(message("unknown", { asks: true })), ["send-again", "drop-message"]);
  assert.deepEqual(asked(message("waiting", { due: TWO + 100 })), ["drop-message"]);
  for (const state of ["under_way", "sent", "delivered", "failed", "unknown"]) assert.deepEqual(asked(message(state, { why: state === "failed" ? "refused" : null })), [], state);
});
