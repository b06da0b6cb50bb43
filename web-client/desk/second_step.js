// The second step of signing in: what is typed is looked at before it is sent. No page in here.

import { pictureIn } from "./sharing.js";

/**
 * @typedef {import("./account.js").Wrong & { text?: string }} Wrong
 * @typedef {{ secret: string, picture: import("./sharing.js").Picture | null }} Secret
 * @typedef {{ on: boolean, required: boolean, left: number, password: boolean }} State `left`: backup codes that aren't used yet;
 *   `password`: it is asked for once more
 * @typedef {{
 *   at: "loading" | "state" | "password" | "scan" | "codes" | "end" | "renew", state: State | null, secret: Secret | null, codes: string[],
 *   byBackup: boolean, busy: boolean, wrong: Wrong[], problem: string,
 * }} SecondStep
 */

/** @returns {SecondStep} */
export const firstLook = () => ({
  at: "loading", state: null, secret: null, codes: [], byBackup: false, busy: false, wrong: [], problem: "",
});

/** Only what surely is none is refused here. @param {string} typed @param {boolean} backup one of those too @returns {Wrong[]} */
export function checkCode(typed, backup) {
  const code = typed.replace(/[\s-]/g, "");
  if (/^[0-9]{6}$/.test(code) || (backup && /^[0-9A-Za-z]{16}$/.test(code))) return [];
  return [{ field: "code", key: backup ? "desk.step.wrong.either" : "desk.step.wrong.code" }];
}

/** In groups of four, to be typed by hand. @param {string} secret */
export const inGroups = (secret) => (secret.match(/.{1,4}/g) || []).join(" ");

/** What the service made for an authenticator. @param {any} data @returns {Secret} */
export const secretIn = (data) => ({ secret: String(data.secret), picture: pictureIn(data.qr) });

/** @param {import("../parts/protocol").SecondFactor} data @returns {State} */
export const stateIn = ({ on, required, codes_left, password }) => ({ on, required, left: codes_left, password });
