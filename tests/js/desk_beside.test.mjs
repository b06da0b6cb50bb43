// Those beside the service user: what the desk makes of them, and what stays the service user's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Alarms } from "../../web-client/desk/alarms.js";
import { hasRoom, isBeside, linkOf, linksOver, shownBeside, whoIs } from "../../web-client/desk/beside.js";
import { gapIn } from "../../web-client/desk/suggestions.js";
import { linkIsOver, person } from "../../web-client/desk/contacts.js";
import { contactSays } from "../../web-client/desk/says.js";
import { Thread } from "../../web-client/parts/thread.js";
import { clock, contact as made, someone, t, TWO } from "./desk_world.mjs";

const contact = (id, people, other = {}, details = {}) => made(id, { people, ...other, details });
const ana = (stage, other = {}) => someone(stage, { id: "ana", invitee: { part: "interpreter", name: "Ana" }, ...other });
const inside = { name: "in", epoch: 1, started: true };

test("the contact is about the service user until somebody else is at the door or inside", () => {
  const seen = (...people) => person(contact("a", people)).id;
  assert.equal(seen(someone("not_opened"), ana("choosing")), "p1");
  assert.equal(seen(someone("left"), ana("not_opened")), "p1");
  assert.equal(seen(someone("not_opened"), ana("waiting")), "ana");
  assert.equal(seen(someone("waiting"), ana(inside)), "ana");
  const says = contactSays(t, clock, contact("a", [someone("not_opened"), ana("waiting")]), TWO);
  assert.equal(says.text, "Interpreter: Ana. At the door now");
});

test("who is on hold is said to be, wherever they stand", () => {
  const says = contactSays(t, clock, contact("a", [someone("waiting", { on_hold: true })]), TWO + 600);
  assert.deepEqual(says, { tone: "waiting", text: "On hold since 2:00 pm" });
});

test("a card for each who isn't inside; at the door they stand in the middle, unless a conversation does", () => {
  const shown = (...people) => shownBeside(contact("a", people)).map(({ id }) => id);
  assert.deepEqual(shown(someone("not_opened"), ana("not_opened")), ["ana"]);
  assert.deepEqual(shown(someone("waiting"), ana("waiting")), []);
  assert.deepEqual(shown(someone("waiting", { on_hold: true }), ana(inside)), ["p1"]);
  assert.deepEqual(shown(someone(inside), ana("waiting")), ["ana"]);
  assert.deepEqual(shown(someone(inside), ana("revoked")), []);
});

test("five have living links, and no more", () => {
  const five = (stage) => [1, 2, 3, 4, 5].map((id) => ana(stage, { id: `p${id}` }));
  assert.equal(hasRoom(contact("a", five("not_opened"))), false);
  assert.equal(hasRoom(contact("a", five("revoked"))), true);
});

test("links and their secrets are each person's own", () => {
  const view = contact("a", [someone("waiting"), ana("waiting")]);
  assert.deepEqual([linkOf(view, "a", "p1"), linkOf(view, "a", "ana"), linkOf(undefined, "a", "p1")], ["a", "a ana", "a"]);
  assert.deepEqual(linksOver(view), []);
  assert.deepEqual(linksOver(contact("a", [someone("left"), ana("left")])), ["a ana"]);
  assert.deepEqual(linksOver(contact("a", [someone("ended"), ana("not_opened")], { ended: TWO })), ["a ana", "a"]);
  // Another's coming doesn't replace the service user's link.
  const before = contact("a", [someone("not_opened")], { link: true });
  assert.equal(linkIsOver(before, contact("a", [someone("not_opened"), ana("not_opened")], { link: true })), false);
  assert.equal(linkIsOver(before, contact("a", [someone("not_opened"), someone("not_opened", { id: "p2" })], { link: true })), true);
});

test("the agreed word raises nothing from anybody but the service user", () => {
  const sent = [];
  const alarms = new Alarms({ send: (id, act) => void sent.push([id, act.person]), now: () => TWO });
  const view = contact("a", [someone(inside), ana("waiting")], {}, { word: "pineapple" });
  alarms.arrived({ contact: "a", person: "ana", id: "1", body: "pineapple" }, view);
  assert.deepEqual(sent, []);
  alarms.arrived({ contact: "a", person: "p1", id: "2", body: "pineapple" }, view);
  assert.deepEqual(sent, [["a", "p1"]]);
});

test("once back from hold they may be asked again; put back they are looked at first in any case", () => {
  const gap = (...what) => gapIn(what.map((one, at) => ({ at, person: "p1", what: one })), "p1").gap;
  assert.deepEqual(gap("admitted", "put_on_hold", "admitted"), { why: "on_hold", at: 2 });
  assert.equal(gap("admitted", "put_on_hold"), null);
  assert.equal(gap("admitted", "put_on_hold", "waits_again", "admitted"), null);
  assert.equal(gap("admitted", "put_back", "admitted"), null);
  assert.equal(gap("admitted", "put_on_hold", "admitted", "asked_again"), null);
});

test("everybody is called by their own name", () => {
  assert.equal(whoIs(t, ana("waiting")), "Interpreter: Ana");
  assert.equal(isBeside(contact("a", [someone("waiting"), ana("waiting")]), "p1"), false);
});

/** The desk's end and a phone's end of one person's thread. */
function pair() {
  const ends = {};
  const made = (side, to) =>
    new Thread({
      side,
      link: () => null,
      changed: () => {},
      sealed: () => {},
      send: (kind, fields) => {
        ends.sent.push([side, kind, fields]);
        if (kind === "seal") queueMicrotask(() => ends[to].sealing.heard(fields.seal));
        return true;
      },
    });
  ends.sent = [];
  ends.desk = made("desk", "guest");
  ends.guest = made("guest", "desk");
  for (const end of [ends.desk, ends.guest]) end.enter({ name: "waiting" }, 7);
  ends.desk.sealing.begin();
  return ends;
}

const until = async (is) => {
  for (let turn = 0; turn < 400 && !is(); turn += 1) await new Promise((done) => setTimeout(done, 5));
  assert.ok(is());
};

test("what is sealed for one opens for no other, even at the same stage and moment", async () => {
  const [one, two] = [pair(), pair()];
  await until(() => [one, two].every(({ desk, guest }) => desk.sealing.state === "sealed" && guest.sealing.state === "sealed"));
  one.desk.texts.write("for one alone");
  await until(() => one.sent.some(([side, kind]) => side === "desk" && kind === "text"));
  const [, , text] = one.sent.find(([side, kind]) => side === "desk" && kind === "text");
  assert.equal(await two.guest.opened(text), null);
  // Nor for the one who says it at the other's stage: after hold there are other keys.
  assert.equal(await one.guest.opened(text), "for one alone");
  one.desk.texts.write("before hold");
  const last = () => one.sent.filter(([side, kind]) => side === "desk" && kind === "text").pop()[2];
  one.desk.texts.acked(text.id);
  await until(() => last().id !== text.id);
  one.guest.enter({ name: "in" }, 9);
  assert.equal(await one.guest.opened(last()), null);
  // What isn't acknowledged would be said again for ever.
  one.desk.texts.lineLost();
});
