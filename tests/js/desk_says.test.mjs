// The words for where a contact and its people stand.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answerSays, askedSays, checkedSays, contactSays, happeningSays, newsSays, noticeSays, offSays, openSays, openShort, titleSays, whoSays } from "../../web-client/desk/says.js";
import { words } from "../../web-client/parts/words.js";
import { clock, contact, someone, t, TWO } from "./desk_world.mjs";

const says = (people, other = {}, now = TWO) => contactSays(t, clock, contact("a", { people, ...other }), now);

test("every stage has its words and its tone", () => {
  const of = (stage, other) => says([someone(stage, other)], {}, TWO + 240);
  assert.deepEqual(of("not_opened"), { tone: "plain", text: "Not opened yet" });
  assert.deepEqual(of("opened"), { tone: "plain", text: "Opened. Their page isn't there yet." });
  assert.deepEqual(of("did_not_attend"), { tone: "over", text: "Did not attend" });
  assert.deepEqual(of("asked"), { tone: "plain", text: "Opened. Answering the question." });
  assert.deepEqual(of("choosing"), { tone: "plain", text: "Choosing how to talk" });
  assert.deepEqual(of("waiting"), { tone: "waiting", text: "Waiting for 4 minutes" });
  assert.deepEqual(of({ name: "in", epoch: 1, started: false }), { tone: "talking", text: "Let in. They can't see or hear you yet." });
  assert.deepEqual(of({ name: "in", epoch: 1, started: true }), { tone: "talking", text: "In conversation since 2:00 pm" });
  assert.deepEqual(of("later"), { tone: "notice", text: "Said “Later” at 2:00 pm" });
  assert.deepEqual(of("declined"), { tone: "notice", text: "You couldn't talk at 2:00 pm" });
  assert.deepEqual(of({ name: "left", how: "end" }), { tone: "over", text: "Left at 2:00 pm" });
  assert.deepEqual(of({ name: "left", how: "exit" }), { tone: "notice", text: "Left by the exit at 2:00 pm, perhaps by mistake" });
  assert.deepEqual(of("ended"), { tone: "over", text: "Ended at 2:00 pm" });
});

test("waiting is told in whole minutes, and gets darker after 30", () => {
  const after = (seconds) => says([someone("waiting")], {}, TWO + seconds);
  assert.deepEqual(after(59), { tone: "waiting", text: "At the door now" });
  assert.deepEqual(after(60), { tone: "waiting", text: "Waiting for 1 minute" });
  assert.equal(after(30 * 60 - 1).tone, "waiting");
  assert.deepEqual(after(30 * 60), { tone: "long", text: "Waiting for 30 minutes" });
});

test("a loss without explanation says not to ring yet, before anything else that is true", () => {
  const lost = { tone: "notice", text: "Connection lost at 2:01 pm. Don't ring yet; follow the plan." };
  assert.deepEqual(says([someone("waiting", { lost: TWO + 60 })]), lost);
  assert.deepEqual(says([someone({ name: "in", epoch: 1, started: true }, { lost: TWO + 60 })]), lost);
});

test("a page lost from the background says that the phone may be locked, and not that the connection is lost", () => {
  const away = { tone: "away", text: "Page in the background since 2:01 pm; the phone may be locked." };
  assert.deepEqual(says([someone("waiting", { lost: TWO + 60, hidden: true })]), away);
  assert.deepEqual(says([someone({ name: "in", epoch: 1, started: true }, { lost: TWO + 60, hidden: true })]), away);
});

test("a page in the background is a state of its own while they talk, and who waits goes on waiting", () => {
  assert.deepEqual(says([someone({ name: "in", epoch: 1, started: true }, { hidden: true })]), {
    tone: "away",
    text: "In conversation since 2:00 pm. Their page is in the background.",
  });
  assert.equal(says([someone("waiting", { hidden: true })], {}, TWO + 1800).tone, "long");
  assert.deepEqual(says([someone("waiting", { hidden: true })], {}, TWO + 60), {
    tone: "waiting",
    text: "Waiting for 1 minute. Their page is in the background.",
  });
});

test("a covered page is told of until carry on is pressed, also when it is in sight again", () => {
  const inside = { name: "in", epoch: 1, started: true };
  assert.deepEqual(says([someone(inside, { hidden: true, covered: true })]), {
    tone: "away",
    text: "In conversation since 2:00 pm. Their page is in the background and silent.",
  });
  assert.deepEqual(says([someone(inside, { covered: true })]), {
    tone: "away",
    text: "In conversation since 2:00 pm. Their page is covered until “Carry on” is pressed.",
  });
  assert.equal(says([someone("waiting", { covered: true })], {}, TWO + 60).tone, "waiting", "who waits goes on waiting");
});

test("that they read is said beside where they stand, and a cover is said before it", () => {
  const inside = { name: "in", epoch: 1, started: true };
  const reads = { tone: "talking", text: "In conversation since 2:00 pm. They read, without sound." };
  assert.deepEqual(says([someone(inside, { quiet: true })]), reads);
  assert.equal(says([someone("waiting", { quiet: true })], {}, TWO + 60).text, "Waiting for 1 minute. They read, without sound.");
  assert.match(says([someone(inside, { quiet: true, covered: true })]).text, /covered/);
  assert.match(says([someone(inside, { quiet: true, lost: TWO + 60 })]).text, /lost/);
});

test("a contact without a link, or with a revoked one, says so", () => {
  assert.deepEqual(says([], { link: false }), { tone: "plain", text: "No link yet" });
  assert.deepEqual(says([]), { tone: "plain", text: "Not opened yet" });
  assert.deepEqual(says([someone("revoked")], { link: false }), { tone: "plain", text: "Link revoked" });
  assert.deepEqual(says([someone("not_opened")], { link: false, ended: TWO + 600 }), { tone: "over", text: "Ended at 2:10 pm" });
});

test("an answer is never shown as proof", () => {
  assert.equal(answerSays(t, someone("waiting", { answer: "yes" })), "Said: yes. May not be free to say.");
  assert.equal(answerSays(t, someone("waiting", { answer: "type" })), "Said: would rather type. May not be alone.");
  assert.equal(answerSays(t, someone("waiting")), "");
});

test("while the question is asked again the desk says so, and then the answer, as a hint", () => {
  const asked = someone("waiting", { answer: "yes", asked: TWO + 60 });
  assert.equal(askedSays(t, clock, asked), "Asked again at 2:01 pm. No answer yet.");
  assert.equal(askedSays(t, clock, { ...asked, asked: null }), "Said: yes. May not be free to say.");
});

test("who is with them is a hint, with what a careful practitioner makes of it", () => {
  const says = (who) => whoSays(t, clock, someone("waiting", { who: { asked: null, unanswered: null, said: null, ...who } }));
  assert.equal(says({}), "");
  assert.equal(says({ said: "me" }), "Said: only me. May not be free to say.");
  assert.equal(says({ said: "u2" }), "Said: a child under 2.");
  for (const said of ["ch", "ad"]) assert.match(says({ said }), /^Said: .*\. Don't ask about harm\.$/);
  assert.equal(says({ said: "no" }), "Would rather not say. Take it that someone is with them.");
  assert.equal(says({ said: "me", asked: TWO }), "Asked at 2:00 pm who is with them. No answer yet.");
  assert.equal(says({ said: "me", unanswered: TWO }), "Asked at 2:00 pm who is with them. No answer came.", "an old answer doesn't stand for a new one");
});

test("what waits to be handled says what to do, and stands in the list once", () => {
  const open = (matter, person = "p1") => ({ person, matter, since: TWO });
  assert.equal(openSays(t, open("exit")), "Left by the exit, perhaps by mistake. Do not ring; follow the plan.");
  assert.equal(openSays(t, open("later")), "Said “Later”. Find another time.");
  const view = contact("a", { open: [open("alarm"), open("exit"), open("exit", "p2")] });
  assert.equal(openShort(t, view), "Not handled: agreed word used, left by the exit");
  const left = [someone({ name: "left", how: "exit" })];
  assert.equal(openShort(t, contact("a", { people: left, open: [open("exit")] })), "", "the state says it");
  assert.equal(openShort(t, contact("a", { people: left, open: [open("later"), open("exit")] })), "Not handled: said “Later”");
  assert.equal(openShort(t, contact("a", { people: [someone("later")], open: [open("later")] })), "");
});

test("what is off of theirs is said only where the way they chose has it", () => {
  const on = { microphone: true, camera: true };
  const off = { microphone: false, camera: false };
  assert.deepEqual(offSays(t, someone("waiting", { way: "video", devices: on })), []);
  assert.deepEqual(offSays(t, someone("waiting", { way: "video", devices: off })), ["Their microphone is off.", "Their camera is off."]);
  assert.deepEqual(offSays(t, someone("waiting", { way: "voice", devices: off })), ["Their microphone is off."]);
  assert.deepEqual(offSays(t, someone("waiting", { way: "text", devices: off })), []);
});

test("everything that can happen has words", () => {
  const all = [
    "invited",
    "opened",
    "knocked",
    "admitted",
    "its_them",
    "put_back",
    "waits_again",
    "declined",
    "lost",
    "back",
    "revoked",
    "ended",
    "moved",
    "asked_again",
    "asked_who",
    "took_back_who",
    "who_unanswered",
    "opened_by_another",
    "did_not_attend",
    "link_known",
  ].map((what) => ({ what }));
  for (const reason of ["not_now", "not_them", "not_safe", "other"]) all.push({ what: "declined", reason });
  for (const same_kind of [false, true]) all.push({ what: "other_browser", same_kind });
  for (const how of ["typed", "heard"]) all.push({ what: "alarm", how });
  for (const matter of ["alarm", "exit", "later"]) all.push({ what: "handled", matter });
  for (const answer of ["yes", "later", "type"]) all.push({ what: "answered", answer });
  for (const way of ["video", "voice", "text"]) all.push({ what: "chose", way });
  for (const company of ["me", "u2", "ch", "ad", "no"]) all.push({ what: "said_who", company });
  for (const how of ["end", "exit"]) all.push({ what: "left", how });
  const lines = all.map((one) => happeningSays(t, { at: TWO, person: null, ...one }));
  assert.equal(new Set(lines).size, lines.length);
});

test("the tab's title counts those who wait and names nobody", () => {
  assert.equal(titleSays(t, 0), "Sidelight");
  assert.equal(titleSays(t, 1), "(1) Someone is here · Sidelight");
  assert.equal(titleSays(t, 2), "(2) People are here · Sidelight");
  const catalogue = JSON.parse(readFileSync(new URL("../../web-client/words/en.json", import.meta.url), "utf8"));
  const named = words({ ...catalogue, "desk.title": "Plans" });
  assert.deepEqual([titleSays(named, 0), titleSays(named, 2), noticeSays(named)], ["Plans", "(2) People are here · Plans", "Plans: someone is here"]);
});

test("all news can be read out", () => {
  for (const kind of ["knock", "other", "left", "lost", "away", "back", "later"])
    assert.match(newsSays(t, { kind, contact: "a", person: "p1" }, contact("a")), /^(The connection to |Another browser opened the link of )?JT-4471\b/);
});

test("how their check went is one line in plain words, without what wasn't tried", () => {
  const said = (checked) => checkedSays(t, someone("waiting", { checked }));
  assert.equal(said(null), "");
  assert.equal(
    said({ connection: "good", microphone: "silent", camera: "off", speaker: "not_tried" }),
    "Their check: connection good, microphone silent.",
  );
  assert.equal(
    said({ connection: "poor", microphone: "works", camera: "none", speaker: "not_heard" }),
    "Their check: connection slow, better for voice than video, microphone works, no picture from the camera, nothing heard from the speaker.",
  );
  for (const connection of ["good", "poor", "none"])
    for (const microphone of ["works", "silent", "on", "none"])
      for (const camera of ["works", "none", "off"])
        for (const speaker of ["heard", "not_heard", "not_tried"])
          assert.doesNotMatch(said({ connection, microphone, camera, speaker }), /desk\./);
});
