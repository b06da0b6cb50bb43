// What there is on the administrators' page, in the order it is listed, and who sees it. No page.

/**
 * A section is a module of its own, fetched when it is opened. `open` shows it by `page.draw` and answers with what is to be done
 * when it is left, if anything.
 * @typedef {{
 *   t: (key: string, vars?: Record<string, string | number>) => string,
 *   clock: import("../desk/clock.js").Clock,
 *   me: import("../parts/protocol").Me,
 *   call: typeof import("../desk/api.js").call,
 *   draw(nodes: Node[]): void,
 *   say(text: string): void,
 *   problemSays(problem: import("../desk/api.js").Problem): string,
 *   place: HTMLElement,
 * }} Page `draw`: makes the section what these are, and touches nothing that stays; `say`: for those who don't see the page;
 * `place`: where the section stands, for its listeners, which go with it
 * @typedef {import("../parts/protocol").Role} Role
 * @typedef {{ name: string, roles: Role[], load(): Promise<{ open(page: Page): void | (() => void) }> }} Section its words are
 * `admin.NAME` and `admin.NAME.hint`
 */

/** @type {Section[]} */
export const SECTIONS = [
  { name: "team", roles: ["supervisor"], load: () => import("./team.js") },
  { name: "staff", roles: ["administrator"], load: () => import("./staff.js") },
  { name: "teams", roles: ["administrator"], load: () => import("./teams.js") },
  { name: "lists", roles: ["administrator"], load: () => import("./lists.js") },
  { name: "messages", roles: ["administrator"], load: () => import("./messages.js") },
  { name: "pages", roles: ["administrator"], load: () => import("./pages.js") },
  { name: "holds", roles: ["administrator"], load: () => import("./holds.js") },
  { name: "usage", roles: ["administrator"], load: () => import("./usage.js") },
  { name: "tokens", roles: ["administrator"], load: () => import("./tokens.js") },
  { name: "audit", roles: ["administrator", "auditor"], load: () => import("./audit.js") },
  { name: "keeping", roles: ["administrator", "auditor"], load: () => import("./keeping.js") },
  { name: "own", roles: ["administrator", "auditor", "supervisor"], load: () => import("./own.js") },
];

/** What somebody with these roles sees. @param {Role[]} roles @param {Section[]} [all] */
export const sectionsFor = (roles, all = SECTIONS) => all.filter((section) => section.roles.some((role) => roles.indexOf(role) >= 0));

/** The section that the address names, else the first. @param {Section[]} sections @param {string} fragment */
export const sectionAt = (sections, fragment) => sections.find(({ name }) => fragment === `#${name}`) || sections[0];
