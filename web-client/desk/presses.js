// Everything a person presses on the desk: buttons, forms, settings, single keys. One listener each, for the whole page.

import { actionFor } from "./shortcuts.js";

/** @param {import("./desk.js").Desk} desk */
export function listenToPresses(desk) {
  const { root } = desk;
  /** @param {Event} event */
  const press = (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-do]");
    if (!button || button.hasAttribute("disabled") || button.getAttribute("type") === "submit") return;
    pressed(desk);
    const action = /** @type {any} */ (desk.actions)[button.getAttribute("data-do") || ""];
    if (action) action(/** @type {HTMLElement} */ (button).dataset, button);
  };
  root.addEventListener("click", press);
  desk.cover.addEventListener("click", press);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    pressed(desk);
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.dataset.form === "plan") desk.actions.save(form);
    if (form.dataset.form === "safety") desk.actions.saveSafety(form);
    if (form.dataset.form === "hours") desk.actions.saveHours();
    if (form.dataset.form === "override") desk.actions.saveOverride(form);
    if (form.dataset.form === "second-step") desk.actions.saveSecondStep(form);
    if (form.dataset.form === "beside") desk.actions.inviteBeside(form);
    if (form.dataset.form === "help") desk.actions.saveHelp(form);
    if (form.dataset.form === "sending") desk.actions.saveSending(form);
    if (form.dataset.form === "move") desk.actions.saveMove(form);
    if (form.dataset.form === "colleague") desk.actions.chooseColleague(form);
    if (form.dataset.form === "call-off") desk.actions.callOffSoon(form);
    if (form.dataset.form === "text") desk.actions.sendText(form);
    if (form.dataset.form === "decline") desk.actions["decline-now"](form);
  });
  root.addEventListener("change", (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.dataset.withSafety) desk.actions.withSafety(field.checked);
    else if (field.dataset.setting) desk.actions.set(field.dataset.setting, field.checked, field);
    else if (field.form && field.form.dataset.form === "sending" && field.name !== "to") desk.actions.sendingChanged(field.form);
    else if (field.name === "reason" && field.form) desk.actions.reasonChosen(field.form, field.value);
    else if (field.name === "channels" && field.form) desk.actions.safetyChanged(field.form);
    else if (["when", "rings", "about", "every", "date", "time"].indexOf(field.name) >= 0 && field.form) desk.actions.planChanged(field.form);
  });
  root.addEventListener("input", (event) => desk.records.typed(/** @type {Element} */ (event.target)));
  root.addEventListener("focusin", (event) => {
    const field = /** @type {HTMLElement} */ (event.target);
    if (field.classList.contains("link")) /** @type {HTMLInputElement} */ (field).select();
  });
  document.addEventListener("keydown", (event) => {
    pressed(desk);
    const inField = Boolean(
      /** @type {Element} */ (event.target).closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"),
    );
    const action = actionFor(event, { inField, enabled: desk.model.settings.shortcuts });
    if (!action) return;
    // Under the cover nothing is done that can't be seen.
    if (desk.model.covered && action !== "cover") return;
    if (desk.actions.byKey(action)) event.preventDefault();
  });
  document.addEventListener("pointerdown", () => pressed(desk), true);
}

/** @param {import("./desk.js").Desk} desk */
function pressed(desk) {
  desk.pressedAt = Date.now();
  // The browser held their sound back until something was pressed: now something is.
  if (desk.conversation.blocked) desk.actions.hear();
  if (!desk.knock.asleep) return;
  desk.knock.wake();
  setTimeout(() => desk.changed(), 300);
}
