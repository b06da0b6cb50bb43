// The other ways to give the link: what is offered where, what goes out with it, and when the QR code is there.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { fromList } from "../../web-client/desk/contacts.js";
import { isKnown, isTyped, mayStand, messageAddress, offered, openSheet } from "../../web-client/desk/sharing.js";
import { pictureIn, sharingIn, tokenIn, wordingFor, WORDINGS, wordsWith } from "../../web-client/desk/sharing.js";
import { sharingActionsOf } from "../../web-client/desk/sharing_actions.js";
import { sharingView } from "../../web-client/desk/sharing_view.js";
import { contact, details, someone, t, TWO } from "./desk_world.mjs";

const LINK = "https://call.example.org/#0a1b2-c3d4e-5f6g7-h8j9k-mnpqr-s";
const OTHER = "https://call.example.org/#zzzzz-zzzzz-zzzzz-zzzzz-zzzzz-z";
const PICTURE = { size: 33, path: "M4 4h7v1h-7zM12 4h2v1h-2z" };

const browser = ({ secure = true, sheet = true, touch = false } = {}) => ({
  isSecureContext: secure,
  navigator: sheet ? { share() {} } : {},
  matchMedia: (query) => ({ matches: query === "(pointer: coarse)" && touch }),
});
const offeredBy = (what, typed = false) => offered(sharingIn(browser(what)), false, typed);
const PLACE = "call.example.org";
globalThis.location = { host: PLACE };

test("the share sheet is offered where the browser has one and the page is secure", () => {
  assert.deepEqual(offeredBy(), ["share", "show-qr"]);
  assert.deepEqual(offeredBy({ sheet: false }), ["show-qr"]);
  assert.deepEqual(offeredBy({ secure: false }), ["show-qr"]);
});

test("a code goes by the same ways but for the drawing, with the place where it is typed and not a word more", () => {
  assert.deepEqual(offeredBy({ touch: true }, true), ["share", "text-link"]);
  assert.deepEqual([isTyped("ABCDE-12345"), isTyped(LINK)], [true, false]);
  const words = wordsWith(t, "ABCDE-12345", { place: PLACE });
  assert.equal(words, "For our call, open call.example.org and type ABCDE-12345");
  assert.equal(wordsWith(t, "ABCDE-12345", { place: PLACE, wording: "As you asked:" }), "As you asked: call.example.org ABCDE-12345");
  assert.doesNotMatch(words, /abus|social|safe|care|council|case|appointment|service|sidelight|JT-4471|Sam/i);
});

test("a text message is offered where a finger is the main pointer, and not on a laptop, where it leads nowhere", () => {
  assert.deepEqual(offeredBy({ touch: true, sheet: false }), ["text-link", "show-qr"]);
  assert.deepEqual(offeredBy({ touch: false, sheet: false }), ["show-qr"]);
});

test("a QR code that stands there already can be hidden in the same place", () => {
  assert.deepEqual(offered({ sheet: true, touch: true }, true, false), ["share", "text-link", "hide-qr"]);
});

test("with the link go the same few words to everyone, or what was agreed with them, which tell nothing but that there is a call", () => {
  assert.equal(wordsWith(t, LINK, { place: PLACE }), `Here is the link for our call: ${LINK}`);
  assert.equal(wordsWith(t, LINK, { place: PLACE, wording: "The page you asked for:" }), `The page you asked for: ${LINK}`);
  const people = [{ id: "kim", plan: { wording: "The page you asked for:" } }, { id: "lee", plan: { wording: null } }];
  const about = (id) => wordingFor({ people }, contact("a", { details: { about: id } }));
  assert.deepEqual([about("kim"), about("lee"), about("gone"), about(null), wordingFor({ people }, undefined)], ["The page you asked for:", null, null, null, null]);
  for (const words of WORDINGS.map((key) => t(key))) assert.ok(words.length <= 120, words);
  assert.doesNotMatch(wordsWith(t, "#", { place: PLACE }), /abus|social|safe|care|council|case|appointment|service|sidelight|JT-4471|Sam/i);
});

test("a text message opens with the words and the link whole, and with nobody's number", () => {
  const words = wordsWith(t, LINK, { place: PLACE });
  const address = messageAddress(words);
  assert.match(address, /^sms:\?&body=[A-Za-z0-9%._~!'()*-]+$/);
  assert.equal(decodeURIComponent(address.slice("sms:?&body=".length)), words);
  assert.equal(new URL(address).hash, "", "the # of the link must not cut it off");
  assert.equal(new URLSearchParams(new URL(address).search).get("body"), words);
});

test("the share sheet gets the words with the link in them, and nothing more", async () => {
  const shared = [];
  assert.equal(await openSheet({ share: async (data) => void shared.push(data) }, wordsWith(t, LINK, { place: PLACE })), true);
  assert.deepEqual(shared, [{ text: `Here is the link for our call: ${LINK}` }]);
});

test("closing the share sheet again is no error; another failure is one", async () => {
  const refusing = (name) => ({ share: () => Promise.reject(Object.assign(new Error(), { name })) });
  assert.equal(await openSheet(refusing("AbortError"), "a"), true);
  for (const name of ["NotAllowedError", "InvalidStateError", "DataError"]) assert.equal(await openSheet(refusing(name), "a"), false);
  const throwing = {
    share() {
      throw new TypeError("not like this");
    },
  };
  assert.equal(await openSheet(throwing, "a"), false);
});

test("only what can be nothing but a QR code is put on the page", () => {
  assert.deepEqual(pictureIn({ ...PICTURE, more: 1 }), PICTURE);
  const sizes = [20, 186, 33.5, "33", NaN, Infinity, -33, null, undefined];
  for (const size of sizes) assert.equal(pictureIn({ ...PICTURE, size }), null, String(size));
  const paths = [
    "",
    "M4",
    "4 4h7v1h-7z",
    "M4 4h7v1h-7",
    'M4 4h7v1h-7z"/><script>z',
    "M4 4h7v1h-7z\n",
    "M4 4h7v1h-7z\nz",
    "M4,4z",
    "M4 4l7 1z",
    "M1e9 4h7z",
    "url(#a)z",
    `M${"4 ".repeat(40000)}z`,
    7,
    null,
    undefined,
    ["M4 4h7v1h-7z"],
  ];
  for (const path of paths) assert.equal(pictureIn({ ...PICTURE, path }), null, String(path).slice(0, 40));
  for (const data of [null, undefined, 7, "M4 4z", []]) assert.equal(pictureIn(data), null);
});

test("the service is shown what stands behind the #, and nothing else", () => {
  assert.equal(tokenIn(LINK), "0a1b2-c3d4e-5f6g7-h8j9k-mnpqr-s");
});

test("the desk says that the service has seen a link as long as there is that link", () => {
  assert.equal(isKnown(contact("a", { link_known: true })), true);
  assert.equal(isKnown(contact("a")), false);
  assert.equal(isKnown(contact("a", { link_known: true, link: false })), false);
  const listed = { id: "a", details: details(), link: true, link_known: false, ended: null };
  assert.equal(isKnown(fromList({ ...listed, link_known: true })), true);
  assert.equal(isKnown(fromList(listed)), false);
});

// --- when the QR code stands there ---

const page = (other = {}) => ({ picked: "a", form: null, talk: null, line: "open", links: { a: LINK }, people: [], ...other });
const code = { contact: "a", link: LINK, came: 0, picture: PICTURE };

test("the QR code goes at once when its link is replaced, revoked or over", () => {
  assert.equal(mayStand(code, page(), contact("a")), true);
  assert.equal(mayStand(code, page({ links: { a: OTHER } }), contact("a")), false);
  assert.equal(mayStand(code, page({ links: {} }), contact("a")), false);
  assert.equal(mayStand(code, page(), contact("a", { ended: TWO })), false);
  assert.equal(mayStand(code, page(), undefined), false);
  assert.equal(mayStand(code, page({ line: "over" }), contact("a")), false);
});

test("the QR code goes when another contact is opened, or a form", () => {
  assert.equal(mayStand(code, page({ picked: "b" }), contact("a")), false);
  assert.equal(mayStand(code, page({ picked: null }), contact("a")), false);
  assert.equal(mayStand(code, page({ form: { kind: "new" } }), contact("a")), false);
  assert.equal(mayStand(code, page({ picked: "b", talk: { contact: "a" } }), contact("a")), false);
  assert.equal(mayStand({ ...code, came: 2 }, page({ picked: null, talk: { contact: "a" } }), contact("a")), true);
});

test("the QR code goes once somebody comes to the door or in by it; it can be shown again all the same", () => {
  const stages = ["asked", "waiting", { name: "in", epoch: 1, started: true }];
  stages.forEach((stage, far) => {
    const view = contact("a", { people: [someone(stage)] });
    for (const came of [0, 1, 2]) assert.equal(mayStand({ ...code, came }, page(), view), far <= came, `${far} ${came}`);
  });
});

// --- what the presses do ---

/** A desk without a page, and a service that answers what is given. */
function deskWith({ view = contact("a"), reply, navigator = {}, refused = "" } = {}) {
  const did = { posted: [], asked: [], said: [], focused: [], secrets: [] };
  const model = { ...page(), t, qr: null, asking: null, notice: "", upcoming: [] };
  const desk = {
    model,
    secrets: { keep: (contact, secret) => void did.secrets.push([contact, secret]) },
    view: (id) => (id === view.id ? view : undefined),
    changed: (what = {}) => void Object.assign(model, what),
    announce: (text) => void did.said.push(text),
    focusSoon: (selector) => void did.focused.push(selector),
    inSightSoon() {},
  };
  globalThis.fetch = async (path, { method, body }) => {
    did.posted.push([method, path, JSON.parse(body)]);
    const { status = 200, data = PICTURE } = (await (typeof reply === "function" ? reply(model) : reply)) || {};
    return { ok: status < 300, status, json: async () => data };
  };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true, writable: true });
  const ask = (asking, yes) => {
    did.asked.push([asking.what, yes]);
    desk.changed({ asking });
  };
  const actions = sharingActionsOf(desk, ask, async (_, way) => refused !== way);
  return { actions, model, did };
}

const names = ["fetch", "navigator", "document"];
const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
afterEach(() => {
  names.forEach((name, at) => {
    if (before[at]) Object.defineProperty(globalThis, name, before[at]);
    else delete globalThis[name];
  });
});

test("before the service sees a link it is asked about once; nothing is sent until then", async () => {
  const { actions, model, did } = deskWith();
  await actions["show-qr"]({ contact: "a" });
  assert.deepEqual(did, { posted: [], asked: [["show-qr", "draw-qr"]], said: [], focused: [], secrets: [] });
  await actions["draw-qr"]({ contact: "a" });
  assert.deepEqual(did.posted, [["POST", "/api/contacts/a/qr", { token: tokenIn(LINK) }]]);
  assert.deepEqual(model.qr, { contact: "a", link: LINK, came: 0, picture: PICTURE });
  assert.equal(model.asking, null);
  assert.deepEqual(did.secrets, [["a", null]], "what the service has seen seals nothing any more");
  assert.deepEqual(did.said, [t("desk.qr.shown")]);
});

test("a link that the service has seen is drawn without asking again", async () => {
  const { actions, did } = deskWith({ view: contact("a", { link_known: true }) });
  await actions["show-qr"]({ contact: "a" });
  assert.deepEqual([did.asked.length, did.posted.length], [0, 1]);
});

test("a QR code hidden while it was being drawn doesn't come up by itself, nor one of an older link", async () => {
  const hidden = deskWith({ reply: () => hidden.actions["hide-qr"]() });
  await hidden.actions["draw-qr"]({ contact: "a" });
  assert.equal(hidden.model.qr, null);
  const again = { contact: "a", link: OTHER, came: 0, picture: null };
  const replaced = deskWith({ reply: (model) => void Object.assign(model, { qr: again, links: { a: OTHER } }) });
  await replaced.actions["draw-qr"]({ contact: "a" });
  assert.equal(replaced.model.qr, again);
  assert.deepEqual([hidden.did.said, replaced.did.said], [[], []]);
});

test("a refusal, a lost line and an answer that is no QR code are said plainly, and the button is there again", async () => {
  const said = async (reply) => {
    const { actions, model, did } = deskWith({ reply });
    await actions["draw-qr"]({ contact: "a" });
    assert.equal(model.qr, null);
    assert.deepEqual(did.said, [model.notice]);
    assert.equal(did.focused.pop(), '[data-do="show-qr"]');
    return model.notice;
  };
  assert.equal(await said({ status: 422, data: { code: "unknown_link", title: "x" } }), "This link no longer works. Make a new one.");
  assert.equal(await said(() => Promise.reject(new TypeError("no network"))), t("desk.problem.no_line"));
  assert.equal(await said({ data: { size: 33, path: "<script>" } }), t("desk.problem.other"));
});

test("a contact of another day is marked too, though no message of the service tells of it", async () => {
  const listed = fromList({ id: "a", details: details(), link: true, ended: null });
  const { actions, model } = deskWith({ view: listed });
  model.upcoming = [listed];
  await actions["draw-qr"]({ contact: "a" });
  assert.equal(isKnown(listed), true);
});

test("a link that isn't at hand in this page is neither shared nor drawn", async () => {
  const shared = [];
  const { actions, model, did } = deskWith({ navigator: { share: async (data) => void shared.push(data) } });
  model.links = {};
  await actions.share({ contact: "a" });
  await actions["draw-qr"]({ contact: "a" });
  assert.deepEqual([shared, did.posted, model.qr], [[], [], null]);
});

test("a failed share says to copy instead, and goes there; a cancelled one says nothing", async () => {
  const refusing = (name) => ({ share: () => Promise.reject(Object.assign(new Error(), { name })) });
  const failed = deskWith({ navigator: refusing("NotAllowedError") });
  await failed.actions.share({ contact: "a" });
  assert.equal(failed.model.notice, "Sharing didn't work here. Copy the link instead.");
  assert.deepEqual([failed.did.said, failed.did.focused], [[failed.model.notice], ['[data-do="copy-link"]']]);
  const cancelled = deskWith({ navigator: refusing("AbortError") });
  await cancelled.actions.share({ contact: "a" });
  assert.deepEqual([cancelled.model.notice, cancelled.did.said, cancelled.did.focused], ["", [], []]);
});

test("before a text message it is said that the number shows, and the QR code goes", async () => {
  const { actions, model, did } = deskWith();
  model.qr = code;
  await actions["text-link"]({ contact: "a" });
  assert.equal(model.qr, null);
  assert.deepEqual(did.asked, [["text-link", "open-messages"]]);
  assert.match(t("desk.text_link.ask"), /Your number will show\./);
});

test("what their plan refuses is neither shared nor written", async () => {
  const shared = [];
  const navigator = { share: async (data) => void shared.push(data) };
  for (const refused of ["share", "text"]) {
    const { actions, did } = deskWith({ navigator, refused });
    await actions.share({ contact: "a" });
    await actions["text-link"]({ contact: "a" });
    assert.deepEqual([shared.splice(0).length, did.asked.length], refused === "share" ? [0, 1] : [1, 0]);
  }
});

// --- what stands on the page ---

/** As much of an element as the views use. */
class Piece {
  constructor(name) {
    this.name = name;
    this.attributes = {};
    this.children = [];
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  append(...children) {
    this.children.push(...children);
  }

  /** All that is in it, itself as well. @returns {Piece[]} */
  all() {
    return [this, ...this.children.flatMap((child) => child.all())];
  }
}

/** What stands under the link. */
function under({ touch = true, ...other } = {}) {
  globalThis.document = { createElement: (name) => new Piece(name), createElementNS: (_, name) => new Piece(name) };
  const model = { ...page(), t, settings: { shortcuts: true }, browser: { sheet: true, touch }, asking: null, qr: null, ...other };
  const pieces = sharingView(model, contact("a"), LINK).flatMap((one) => one.all());
  const named = (name) => pieces.filter((one) => one.name === name);
  return { named, does: pieces.map((one) => one.attributes["data-do"]).filter(Boolean), texts: pieces.map((one) => one.textContent) };
}

test("by itself there is no QR code and no address of a message, only the buttons", () => {
  const { named, does } = under();
  assert.deepEqual(does, ["share", "text-link", "show-qr"]);
  assert.deepEqual([named("svg"), named("a")], [[], []]);
  const other = { contact: "b", link: LINK, came: 0, picture: PICTURE };
  assert.deepEqual(under({ qr: other, asking: { what: "text-link", contact: "b" } }).does, does, "another contact's is not shown here");
});

test("that the number shows stands beside the press that opens the messages, and there is a way back", () => {
  const { named, does, texts } = under({ asking: { what: "text-link", contact: "a" } });
  assert.deepEqual(does, ["open-messages", "keep"]);
  assert.ok(texts.includes(t("desk.text_link.ask")));
  assert.deepEqual(named("a").map((one) => one.attributes.href), [messageAddress(wordsWith(t, LINK, { place: PLACE }))]);
});

test("that the service has to see the link stands beside the press that draws the QR code", () => {
  const { does, texts } = under({ asking: { what: "show-qr", contact: "a" } });
  assert.deepEqual(does, ["draw-qr", "keep"]);
  assert.ok(texts.includes(t("desk.qr.ask")));
});

test("the QR code is black on white on any page, has a name, and can be hidden", () => {
  const { named, does } = under({ qr: code, touch: false });
  assert.deepEqual(does, ["share", "hide-qr"]);
  const [svg] = named("svg");
  assert.deepEqual([svg.attributes.viewBox, svg.attributes.role, svg.attributes["aria-label"]], ["0 0 33 33", "img", t("desk.qr.picture")]);
  const [ground, modules] = svg.children;
  assert.deepEqual(ground.attributes, { width: "33", height: "33", fill: "#fff", stroke: "none" });
  assert.deepEqual(modules.attributes, { d: PICTURE.path, fill: "#000", stroke: "none" });
});

test("while it is being drawn there is an empty place for it, which no reader is told of, and it can be hidden already", () => {
  const { named, does, texts } = under({ qr: { ...code, picture: null }, touch: false });
  const [svg] = named("svg");
  assert.deepEqual([svg.attributes.role, svg.attributes["aria-hidden"], svg.children[1].attributes.d], [undefined, "true", ""]);
  assert.deepEqual(does, ["share", "hide-qr"]);
  assert.ok(texts.includes(t("desk.qr.drawing")));
});
