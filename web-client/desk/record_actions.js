// What each press on a record does. Whatever leaves the desk has the part about safety in it only where that was ticked for this once.

import { problemSays } from "./account.js";
import { call } from "./api.js";
import { asHtml, asJson, asText, goneSays } from "./record_text.js";
import { recordPath } from "./records.js";

/** @type {Record<string, string>} */
const KINDS = { txt: "text/plain", html: "text/html", json: "application/json" };

/** @param {import("./desk.js").Desk} desk */
export function recordActionsOf(desk) {
  const { model } = desk;
  const { t } = model;
  const { records } = desk;

  /** @param {string} said */
  function done(said) {
    // Chosen each time: the next time it is left out again.
    const outs = model.record ? model.record.outs + 1 : 0;
    records.show({ said, withSafety: false, outs, busy: false });
    desk.announce(said);
  }

  /** @param {string} path @param {"POST" | "PUT" | "DELETE"} method @param {object} body @param {(data: any) => void} then */
  async function ask(path, method, body, then) {
    const { record } = model;
    if (!record || record.busy) return;
    records.show({ busy: true, problem: "", said: "" });
    const reply = await call(method, recordPath(record.contact) + path, body);
    if (!reply.ok) {
      const problem = problemSays(t, reply.problem);
      desk.announce(problem);
      return records.show({ busy: false, problem });
    }
    then(reply.data);
  }

  /** What stands there now, saved: the part about safety only where it was ticked. Null where it couldn't be saved. */
  async function chosen() {
    const { record } = model;
    const parts = records.parts();
    if (!record || !parts) return null;
    const saver = records.saver(record.contact);
    if (!(await saver.flush())) {
      records.show({ problem: t("desk.record.not_saved") });
      return null;
    }
    return { contact: record.contact, body: { revision: saver.revision, text: parts.text, safety: record.withSafety ? parts.safety : null } };
  }

  /** @param {string} said */
  const released = (said) => (/** @type {import("../parts/protocol").ReleasedRecord} */ now) => {
    const { record } = model;
    if (record && record.data) records.show({ data: Object.assign({}, record.data, { released: now }) });
    done(said);
    desk.focusSoon(now.at === null ? '[data-do="release-record"]' : '[data-do="withdraw-release"]');
  };

  /** @param {string} said */
  const ends = (said) => (/** @type {import("../parts/protocol").RecordEnds} */ data) => {
    const { record } = model;
    if (record && record.data) records.show({ data: Object.assign({}, record.data, data) });
    done(said);
    if (data.copied !== null) desk.announce(goneSays(t, model.clock, data));
    records.loadUnfinished();
    desk.focusSoon(data.copied === null ? '[data-do="record-copied"]' : '[data-do="record-not-copied"]');
  };

  return {
    /** @param {{ contact?: string }} data */
    "write-up"({ contact = "" }) {
      records.open(contact);
    },
    async "close-record"() {
      const contact = model.record ? model.record.contact : "";
      await records.saver(contact).flush();
      desk.changed({ record: null, screen: /** @type {"today"} */ ("today") });
      desk.focusSoon("#today-head");
    },
    /** Over as well, where it was only left. @param {{ contact?: string }} data */
    "end-contact"({ contact = "" }) {
      const view = desk.view(contact);
      if (view && view.held === "nowhere") desk.act(contact, { do: "take" }, true);
      desk.act(contact, { do: "end" });
      desk.focusSoon("#record-head");
    },
    /** @param {boolean} on */
    withSafety(on) {
      records.show({ withSafety: on, said: "" });
    },
    async "copy-record"() {
      const parts = records.parts();
      if (!model.record || !parts) return;
      const { withSafety } = model.record;
      const text = asText(t, parts, withSafety);
      try {
        await navigator.clipboard.writeText(text);
        records.show({ byHand: "" });
        done(t(withSafety ? "desk.record.copied_out.safety" : "desk.record.copied_out"));
      } catch (_) {
        records.show({ byHand: text, said: t("desk.record.by_hand") });
        desk.focusSoon("#record-by-hand");
      }
    },
    /** @param {{ kind?: string }} data */
    "download-record"({ kind = "txt" }) {
      const { record } = model;
      const parts = records.parts();
      if (!record || !record.data || !parts) return;
      const { data, withSafety } = record;
      const text = kind === "json" ? asJson(parts, data, withSafety) : kind === "html" ? asHtml(t, parts, withSafety) : asText(t, parts, withSafety);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: `${KINDS[kind]};charset=utf-8` }));
      // The name stands in a list that others see: it says no more than a day.
      link.download = `record-${new Date(data.draft.starts_at * 1000).toISOString().slice(0, 10)}.${kind}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      done(t(withSafety ? "desk.record.downloaded.safety" : "desk.record.downloaded"));
    },
    async "send-record"() {
      const leaving = await chosen();
      if (leaving) await ask("/send", "POST", leaving.body, () => {
        done("");
        records.refresh(leaving.contact);
      });
    },
    async "release-record"() {
      const leaving = await chosen();
      if (!leaving) return;
      const said = leaving.body.safety === null ? t("desk.record.release.done") : t("desk.record.release.done.safety");
      await ask("/release", "PUT", leaving.body, released(said));
    },
    async "withdraw-release"() {
      const { record } = model;
      await ask("/release", "DELETE", {}, released(t("desk.record.release.undone")));
      // Fetched meanwhile: then that is shown.
      if (record && model.record && model.record.problem) {
        const { problem } = model.record;
        await records.refresh(record.contact);
        records.show({ problem });
      }
    },
    /** @param {{ arrived?: string }} data */
    async "record-arrived"({ arrived = "" }) {
      const { record } = model;
      if (record) await ask("/send/arrived", "POST", { arrived: arrived === "yes" }, () => {
        done("");
        records.refresh(record.contact);
      });
    },
    async "record-copied"() {
      const { record } = model;
      if (record && !(await records.saver(record.contact).flush())) return records.show({ problem: t("desk.record.not_saved") });
      await ask("/copied", "PUT", {}, ends(""));
    },
    async "record-not-copied"() {
      await ask("/copied", "DELETE", {}, ends(t("desk.record.undone")));
    },
    /** Another window has saved something else: its words, or these. @param {{ contact?: string }} data */
    async "notes-theirs"({ contact = "" }) {
      await records.read(contact, true);
      if (model.record && model.record.contact === contact) records.refresh(contact);
    },
    /** @param {{ contact?: string }} data */
    async "notes-mine"({ contact = "" }) {
      const reply = await call("GET", recordPath(contact));
      if (reply.ok) await records.saver(contact).keepMine(reply.data.revision);
      else desk.changed({ notice: problemSays(t, reply.problem) });
    },
  };
}
