// What is planned, by day and by week. No page, no clock.

import { mondayOf, plusDays, startOf, wallAt } from "./zones.js";

/**
 * @typedef {import("../parts/protocol").ContactView} ContactView
 * @typedef {ContactView & { series?: string | null, opened?: number | null, cancelled?: number | null }} Planned a contact known from a list
 * @typedef {{ span: "day" | "week", date: string, list: Planned[] | null, failed: boolean }} Calendar `date`: a day of what is shown;
 * without a list it is on its way
 */

/** As many as a list of the service holds. */
export const MOST = 1000;

/** @param {Pick<Calendar, "span" | "date">} calendar @returns {string[]} */
export function daysOf({ span, date }) {
  return span === "day" ? [date] : [0, 1, 2, 3, 4, 5, 6].map((day) => plusDays(mondayOf(date), day));
}

/** What to ask the service for. @param {Pick<Calendar, "span" | "date">} calendar @param {string} zone */
export function rangeOf(calendar, zone) {
  const days = daysOf(calendar);
  return { from: startOf(days[0], zone), to: startOf(plusDays(days[days.length - 1], 1), zone) };
}

/** Earlier or later by what is shown. @param {Pick<Calendar, "span" | "date">} calendar @param {1 | -1} step */
export const stepped = ({ span, date }, step) => plusDays(date, step * (span === "day" ? 1 : 7));

/**
 * What stands on each day, soonest first.
 * @param {Planned[]} list @param {string[]} days @param {string} zone @returns {Planned[][]}
 */
export function onDays(list, days, zone) {
  /** @type {Planned[][]} */
  const all = days.map(() => []);
  for (const one of list) {
    const at = days.indexOf(wallAt(one.details.starts_at, zone).date);
    if (at >= 0) all[at].push(one);
  }
  for (const day of all) day.sort((a, b) => a.details.starts_at - b.details.starts_at || (a.id < b.id ? -1 : 1));
  return all;
}

/** It was called off, as this page knows. @param {Planned} view */
export function isCalledOff(view) {
  return Boolean(view.cancelled) || view.history.some(({ what }) => what === "cancelled");
}
