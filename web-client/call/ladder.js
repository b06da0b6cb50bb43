// What to send and what to ask for, worked out from what was measured. No page, no clock, no chance in here: `Reading` in, `Plan` out.
//
// Own voice comes first, own picture next, the other side's picture last. Down fast, since whoever can't be heard is alone; up
// slowly, since a picture that comes and goes is worse than none. A step up that failed is left alone for a while.

import { Easing } from "./easing.js";
import { Guard, bears } from "./guard.js";
import { AGAIN_MOST, HELD, Since, Tries } from "./tries.js";

/** What this side may send, lowest first. "stills": voice with one small picture every few seconds. */
export const RUNGS = ["voice_least", "voice", "stills", "small", "medium", "large"];
const [LEAST, VOICE, STILLS, SMALL] = [0, 1, 2, 3];

/**
 * bit/s of a voice packet besides Opus: IP 20, UDP 8, TURN ChannelData 4, SRTP 12 + 10, header extensions about 12 bytes, each 60 ms. At
 * 20 ms they would cost 26.4 kbit/s. So "voice" is 12,000 bit/s and 20.8 kbit/s of the 22 that people on prepaid data are promised.
 */
const HEADERS = (66 * 8000) / 60;
/** Of a packet that has a copy of the one before it (RFC 2198). */
const COPY_HEADERS = (5 * 8000) / 60;
/** bit/s of Opus where even a voice is too much for the line, and then. */
const [LOW, LOWEST] = [8000, 6000];

/**
 * Half an hour of small video is at most 50 MB both ways together, which is 111 kbit/s each way: voice 20.8, picture 75 and 8 % of
 * headers for it, about 4 for feedback, STUN and text make 106 (48 MB). Signing keeps frame rate before lines (EN 301 549, 6.5).
 * @type {Record<string, { bitrate: number, framerate: number, height: number, signing: [number, number] }>}
 */
const PICTURES = {
  stills: { bitrate: 15000, framerate: 0.25, height: 180, signing: [0.25, 180] },
  small: { bitrate: 75000, framerate: 12, height: 240, signing: [20, 180] },
  medium: { bitrate: 250000, framerate: 15, height: 360, signing: [20, 240] },
  large: { bitrate: 600000, framerate: 20, height: 480, signing: [25, 360] },
};
const PICTURE_HEADERS = 1.08;
/** bit/s that a moving picture keeps when a guarded voice takes its share. Less: it is no picture any more. */
const PICTURE_LEAST = 60000;

/** ms without a reading after which the page slept: what was measured before says nothing about now. */
const SLEPT = 5000;
/** ms over which shares are averaged. Of 30 packets a second each is 3 %: shorter, chance passes for trouble; longer, trouble is late. */
const MEAN = 8000;
/**
 * Share lost that is trouble on the average, that is trouble in two readings, and below which all is well. Lower: on a radio that
 * loses 5 % the picture comes and goes by chance. Higher: the voice breaks up.
 */
const [LOSSY, HEAVY, FINE] = [0.1, 0.2, 0.07];
/** ms that packets wait: trouble, calm, and next to nothing. Past 400 people talk into each other's words (ITU-T G.114). */
const [QUEUED, CALM, STILL] = [400, 200, 100];
/** ms per s by which the best round trip is forgotten: a new way may be a longer one for good. */
const AGEING = 5;
/** Part of what a rung needs below which the rate is trouble: a little less only makes the picture coarser, by the browser itself. */
const ENOUGH = 0.8;
/**
 * ms after a step up in which trouble is put down to it, and a low rate isn't trouble: the browser's belief grows by 8 % a second
 * and keeps the picture down to it meanwhile. Shorter: no step holds. Longer: a picture that can't move stays on.
 */
const TRIAL = 8000;
/** Times what a rung needs that the rate must be for a step up. Lower: steps fail. Higher: a picture that fits stays away. */
const ROOM = 1.3;
/** ms from the first bad reading until the picture goes (the next one confirms it), and until voice goes to its least. */
const [CLEAR, SURE] = [500, 3000];
/**
 * Share of the voice made up, in two readings in a row, by which both pictures go at once, ours and theirs: reports of what we send
 * come seconds later, and by the same narrow line. Lower: at 5 % loss, which a voice bears, the picture goes by chance.
 */
const BROKEN = 0.25;
/** ms after a step down in which reports may be of before it: a picture's first, a voice's all. Those come every 5 s or so. */
const REPORTS = 7000;
/**
 * A picture that is tried again on a line that bore none begins timidly: ms of each size, and its share of bit rate, frames and lines.
 * At full size at once, each try on a line that is still narrow would break the voice; so it only lets packets wait, which is seen.
 */
const TIMID = [
  { until: 4000, bitrate: 0.27, framerate: 0.5, height: 0.5 },
  { until: 8000, bitrate: 0.55, framerate: 0.8, height: 0.75 },
];
/** ms since the browser's belief last grew, after which it has come to its end. While it grows, it being low is no trouble. */
const GREW = 4000;
/** ms that what comes may be bad until less of it is asked for. Shorter: it is asked for by chance. Longer: it is heard for long. */
const SUFFERED = 2200;
/** ms after a change in which the line isn't judged by what it did before: a queue drains, the other side hears of it. */
const SETTLE = 3000;
/**
 * ms of health before a step up: where there is room or nothing is known; where the picture is off and the rate shows no room; where it
 * is on. The browser's rate can't show it: what it believes grows to 1.5 times what is sent and 10 kbit/s (libwebrtc's AimdRateControl),
 * 41 for voice alone. Waiting for 133 would mean that the picture never returns. The first two keep to the 15 s of waiting.
 */
const [HEALTHY, DOUBTFUL, UNHURRIED] = [8000, 10000, 30000];
/** ms that a larger picture must hold: one that changes its size more often is worse than a small one. */
const WORTH = 120000;
/** Share of voice made up that can't be understood well, and that is well again; ms until it is said, so that a short break isn't. */
const [POOR, CLEAN, POOR_AFTER] = [0.1, 0.05, 5000];

/**
 * @typedef {object} Reading what was measured in the last interval (about 1 s); null: not known
 * @property {number} at milliseconds, steady
 * @property {number | null} rate kbit/s that the browser's congestion control believes it may send
 * @property {number | null} roundTrip ms; null where it wasn't measured anew
 * @property {number | null} lostOut 0..1, of what we sent, as the other side reports; null where that is under 10 packets: chance (silence)
 * @property {number | null} lostIn 0..1, of what was sent to us
 * @property {number | null} concealed 0..1, share of the samples played that had to be made up (without those of silence)
 * @property {number | null} frozen 0..1, share of the interval in which their picture stood still though it is being sent
 * @property {number | null} queue ms that packets are known to wait on the way; null: how much the round trip grew over its best is all there is
 * @property {"none" | "rate" | "processor"} limit what the video encoder says holds it back
 *
 * @typedef {object} Plan
 * @property {string} rung
 * @property {{ bitrate: number, redundancy: "none" | "red" | "fec" }} voice
 * @property {{ bitrate: number, framerate: number, height: number } | null} picture
 * @property {string | null} ask the highest rung that we ask the other side to send
 * @property {"picture_off" | "picture_smaller" | "voice_poor" | "picture_can_return" | null} says
 */

/** kbit/s on the wire that a plan makes at the most. @param {Pick<Plan, "voice" | "picture">} plan */
export function onWire({ voice, picture }) {
  const sound = HEADERS + (voice.redundancy === "red" ? voice.bitrate * 2 + COPY_HEADERS : voice.bitrate);
  return (sound + (picture ? picture.bitrate * PICTURE_HEADERS : 0)) / 1000;
}

/** kbit/s on the wire of a voice that goes alone. */
const ALONE = onWire({ voice: new Guard().voice, picture: null });

export class Ladder {
  constructor({ signing = false, stills = false, start = "small" } = {}) {
    this._signing = signing;
    this._stills = stills;
    this._top = RUNGS.length - 1;
    /** The highest rung that the person allows, that the other side allows, and that the network bears. */
    this._allowed = this._asked = this._top;
    this._level = this._named(start, SMALL);
    /** The person chose voice by hand; because of trouble. */
    this._quiet = this._quietened = false;
    this._watched = true;
    this._now = 0;
    this._at = NaN;
    this._was = this._reached = this._rung();
    this._from = VOICE;
    this._raised = 0;
    /** The last step up was one that nothing but the quiet of the line spoke for. */
    this._doubted = false;
    this._lowered = -Infinity;
    /** The next report may be of before the last step down. */
    this._outdated = false;
    this._ups = new Tries();
    // A picture that the line can't bear from the first seconds on is as good as tried, and not tried again at once.
    if (this._level > VOICE) this._ups.made(this._level, -HELD / 2);
    this._ask = this._top;
    this._asks = new Tries();
    this._askedAt = -Infinity;
    /** ms that what comes has been well. */
    this._enjoyedFor = -1;
    this._thin = false;
    this._easing = new Easing(this._ups);
    this._guard = new Guard();
    this._spacious = -Infinity;
    this._poor = this._offered = false;
    this._seen = nothing();
    /** @type {Plan} */
    this._plan = this._planned();
  }

  /** What the person allows: the highest rung they chose, or that their camera makes possible. @param {string} rung */
  allow(rung) {
    this._allowed = this._named(rung, this._allowed);
  }

  /** The person chose by hand. @param {"voice" | "picture" | null} what "voice" keeps the picture off; null: back to automatic */
  choose(what) {
    this._quiet = what === "voice";
    this._quietened = this._quiet && (this._plan.says !== null || this._seen.bad.at !== null);
    if (what !== "picture") return;
    this._ups.of.clear();
    this._seen.bad.at = this._seen.good.at = null;
    this._asks.of.clear();
    this._ask = this._top;
    if (this._level >= SMALL) return;
    this._level = SMALL;
    this._doubted = this._reached > VOICE;
    this._raised = this._now;
    this._ups.made(SMALL, this._now);
  }

  /** What the other side asks us not to exceed. @param {string | null} rung */
  asked(rung) {
    this._asked = this._named(rung, this._top);
  }

  /** Whether the other side shows our picture. @param {boolean} yes */
  watched(yes) {
    this._watched = yes;
  }

  /** Whether still pictures can be sent: known only once both sides have said so. @param {boolean} yes */
  stills(yes) {
    this._stills = yes;
  }

  /** Whether copies of the voice can be sent: known once both sides have said so. @param {boolean} yes */
  copies(yes) {
    this._guard.copies(yes);
  }

  /** The plan as it is now, after a wish and before the next reading. */
  plan() {
    const plan = this._planned();
    if (JSON.stringify(plan) !== JSON.stringify(this._plan)) this._plan = plan;
    return this._plan;
  }

  /** @param {Reading} reading @returns {Plan} the same object where nothing changed */
  read(reading) {
    if (!reading) return this.plan();
    const passed = reading.at - this._at;
    if (!Number.isFinite(passed) || passed < 0 || passed > SLEPT) {
      this._seen = nothing();
      this._guard.forget();
      this._easing.forget();
      if (passed > 0) this._now += Math.min(passed, AGAIN_MOST);
    }
    if (Number.isFinite(reading.at)) this._at = reading.at;
    if (passed > 0 && passed <= SLEPT) {
      this._now += passed;
      this._moved();
      this._measure(reading, passed);
    }
    this._moved();
    return this.plan();
  }

  /** The rung that is sent: what the network bears, within what everybody allows. */
  _rung() {
    return this._sendable(Math.min(this._level, this._most()));
  }

  /** @param {number} rung @returns {number} this one, or what takes its place where it can't be sent */
  _sendable(rung) {
    return rung === STILLS && !this._stills ? VOICE : rung;
  }

  /** The highest rung that everybody allows. */
  _most() {
    return Math.min(this._allowed, this._asked, this._quiet || !this._watched ? VOICE : this._top);
  }

  /** A rung by its name. @param {string | null} name @param {number} otherwise */
  _named(name, otherwise) {
    const rung = name === null ? -1 : RUNGS.indexOf(name);
    return rung < 0 ? otherwise : rung;
  }

  /** A picture that comes back from being hidden needs its time to grow just as one that was stepped up to. */
  _moved() {
    const rung = this._rung();
    if (rung > this._was) {
      [this._from, this._raised] = [this._was, this._now];
      this._ups.reached(rung, this._now);
    }
    if (rung < this._was) [this._lowered, this._doubted] = [this._now, false];
    if (rung !== this._was) this._seen.peak = 0;
    this._was = rung;
    this._reached = Math.max(this._reached, rung);
  }

  /** @param {number} rung @returns {Pick<Plan, "voice" | "picture">} */
  _sent(rung) {
    if (rung === LEAST) return { voice: { bitrate: this._thin ? LOWEST : LOW, redundancy: "none" }, picture: null };
    const { voice } = this._guard;
    const kind = PICTURES[RUNGS[rung]];
    if (!kind) return { voice, picture: null };
    const timid = this._timid();
    if (timid && rung === SMALL) {
      const height = Math.round((kind.height * timid.height) / 2) * 2;
      return { voice, picture: { bitrate: Math.round(kind.bitrate * timid.bitrate), framerate: Math.round(kind.framerate * timid.framerate), height } };
    }
    const more = (onWire({ voice, picture: null }) - ALONE) * 1000;
    const [framerate, height] = this._signing ? kind.signing : [kind.framerate, kind.height];
    const bitrate = Math.round(Math.max(Math.min(PICTURE_LEAST, kind.bitrate), kind.bitrate - more));
    return { voice, picture: Object.assign({ bitrate }, this._easing.of(framerate, height, this._signing)) };
  }

  /** How timidly a picture that is tried again is sent; null: as it is meant to be. */
  _timid() {
    const since = this._now - this._raised;
    return (this._doubted && TIMID.find(({ until }) => since < until)) || null;
  }

  /** kbit/s that a rung needs. @param {number} rung */
  _needs(rung) {
    return onWire(this._sent(rung));
  }

  /** @param {Reading} reading @param {number} passed */
  _measure(reading, passed) {
    const seen = this._seen;
    const rate = known(reading.rate, 1e7) || null;
    const roundTrip = known(reading.roundTrip, 60000);
    const shares = [reading.lostOut, reading.lostIn, reading.concealed, reading.frozen];
    const [reported, lostIn, concealed, frozen] = shares.map((one) => known(one, 1));
    const lost = this._outdated && this._now - this._lowered < REPORTS ? null : reported;
    if (reported !== null && this._was > VOICE) this._outdated = false;
    /** @param {number} mean @param {number | null} value @param {number} [over] ms that it speaks for */
    const mix = (mean, value, over = passed) => (value === null ? mean : mean + (value - mean) * (1 - Math.exp(-over / MEAN)));
    seen.unreported += passed;
    seen.lost = mix(seen.lost, lost, seen.unreported);
    if (reported !== null) seen.unreported = 0;
    seen.lostIn = mix(seen.lostIn, lostIn);
    seen.concealed = mix(seen.concealed, concealed);
    seen.best += (AGEING * passed) / 1000;
    if (roundTrip !== null) {
      seen.best = Math.min(roundTrip, seen.best);
      const grown = roundTrip - seen.best;
      // Beside a voice alone it is told every few seconds, and on a line that loses packets now and then one that was asked twice.
      seen.grown = this._was > VOICE || seen.grewBefore === null ? grown : Math.min(grown, seen.grewBefore);
      seen.grewBefore = grown;
    }
    const told = known(reading.queue, 60000);
    const queue = told === null || seen.grown === null ? (told === null ? seen.grown : told) : Math.max(told, seen.grown);
    const still = roundTrip !== null && queue !== null && queue < STILL;
    this._theirs(lostIn, concealed, frozen);
    this._own(rate, lost, queue, reading.limit, concealed !== null && concealed >= BROKEN && !still);
    this._easing.read(this._now, this._was > VOICE, reading.limit === "processor");
    seen.lastQueue = queue || 0;
  }

  /** @param {number | null} rate @param {number | null} lost @param {number | null} queue @param {Reading["limit"]} limit @param {boolean} broken */
  _own(rate, lost, queue, limit, broken) {
    const { _now: now, _seen: seen } = this;
    const rung = this._was;
    const pictured = rung > VOICE;
    if (rate !== null && rate > seen.peak * 1.02) [seen.peak, seen.grewAt] = [rate, now];
    const trying = now - this._raised < TRIAL || now - seen.grewAt < GREW;
    const timid = this._timid();
    const need = this._needs(rung);
    const low = rate !== null && rate < ENOUGH * (trying ? this._needs(Math.min(this._from, rung)) : need);
    const lossy = lost !== null && (lost >= HEAVY || seen.lost >= LOSSY);
    // The round trip grows by either direction. Where our rate is well and what comes suffers, it is theirs.
    const full = queue !== null && queue >= (timid ? CALM : QUEUED) && !(rate !== null && !low && !lossy && seen.suffers.at !== null);
    const draining = queue !== null && queue < seen.lastQueue - 50;
    const calmFor = seen.calm.mark(queue !== null && queue < CALM, now);
    // Loss alone is no reason to make voice thinner: a poor radio loses packets of any size, and takes the rate down with it.
    const bad = pictured
      ? low || lossy || (full && !(draining && now - this._lowered < SETTLE))
      : (full && !draining) || (low && !lossy);
    const badFor = seen.bad.mark(bad, now);
    // A poor radio is never quite calm.
    const easyFor = seen.easy.mark(queue !== null && queue < QUEUED / 2, now);
    const brokenFor = seen.broken.mark(broken && pictured, now);
    const evident = rate !== null || lost !== null || queue !== null;
    // From the least that there is, loss is no reason not to go back to a voice that can be guarded against it.
    const whole = seen.lost < FINE || rung === LEAST;
    const healthy = !bad && evident && whole && (queue === null || queue < CALM) && (rate === null || rate >= need);
    seen.healthyFor = seen.good.mark(healthy, now);
    const passed = rate === null && lost !== null && limit !== "rate" && calmFor >= SURE;
    if (passed && bears(need, lost)) this._spacious = now;

    // Stays until there is trouble: words that come and go are read out to whoever can't see them.
    this._offered = rung < SMALL && !bad && (this._offered || seen.healthyFor >= DOUBTFUL);

    if (!timid) {
      const sound = { lost: seen.lost, rate, passed: now - this._spacious, alone: !pictured, least: rung === LEAST, easyFor, badFor };
      if (this._guard.read(now, sound)) seen.bad.at = null;
    }
    if (pictured) {
      // A step that was only tried is taken back. Any other trouble takes the picture whole, unless the rate says what fits.
      const before = trying && this._from < rung ? Math.max(VOICE, this._from) : VOICE;
      if (badFor >= CLEAR) this._lower(rate !== null && rate < need ? this._fitting(rate, rung) : before);
      else if (brokenFor >= CLEAR && trying) this._lower(before);
      else if (brokenFor >= CLEAR) this._give();
      else if (badFor < 0) this._raise(rate);
      return;
    }
    // Nobody sees it, but a picture that is allowed again must not come back into trouble.
    if (this._level > VOICE && (full || lossy)) this._level = VOICE;
    if (badFor >= SURE && seen.bad.at !== null) {
      if (rung > LEAST) this._lower(LEAST);
      else this._thin = true;
    } else if (badFor < 0) this._raise(rate);
  }

  /** The highest rung below this one that the rate bears. @param {number} rate @param {number} below */
  _fitting(rate, below) {
    let rung = below - 1;
    while (rung > VOICE && ((rung === STILLS && !this._stills) || this._needs(rung) > rate)) rung -= 1;
    return rung;
  }

  /** What comes is broken, and what goes out begins to wait. */
  _give() {
    this._ups.undone(this._was, this._now);
    this._level = VOICE;
    this._ups.hold(SMALL, this._now);
    this._outdated = true;
    this._seen.broken.at = this._seen.good.at = null;
  }

  /** @param {number} rung */
  _lower(rung) {
    const seen = this._seen;
    this._ups.undone(this._was, this._now, this._was > SMALL ? WORTH : HELD);
    if (rung < SMALL && this._was >= SMALL) this._ups.hold(SMALL, this._now);
    this._level = rung;
    this._outdated = true;
    this._spacious = -Infinity;
    seen.bad.at = seen.good.at = null;
    // What was lost on a line that was too full says nothing about it now. Where nothing waited, some of it may be the radio's.
    seen.lost = seen.calm.at === null ? 0 : Math.min(seen.lost, FINE);
  }

  /** @param {number | null} rate */
  _raise(rate) {
    const { _was: rung, _seen: seen } = this;
    if (this._level > rung && this._level > VOICE) return; // held down by a wish
    let next = rung + 1;
    // What moves is tried first: still pictures are for a line on which that has failed.
    if (next === STILLS && (!this._stills || this._ups.may(SMALL, this._now))) next += 1;
    if (rung < SMALL && rate !== null && rate >= ROOM * this._needs(SMALL)) next = SMALL;
    next = Math.min(next, this._most());
    if (next > this._top || (next > SMALL && this._easing.level)) return;
    const room = rate === null || rate >= ROOM * this._needs(next);
    if (!room && rate !== null && rate < ROOM * this._needs(rung)) return;
    if (seen.healthyFor < (room ? HEALTHY : rung > VOICE ? UNHURRIED : DOUBTFUL)) return;
    // A step that changes nothing that is sent is none.
    if (this._sendable(next) <= rung || !this._ups.may(next, this._now, room && rate !== null)) return;
    this._level = next;
    this._thin = false;
    this._doubted = !room || rate === null;
    seen.good.at = null;
    this._ups.made(next, this._now);
  }

  /** What comes from the other side. @param {number | null} lost @param {number | null} concealed @param {number | null} frozen */
  _theirs(lost, concealed, frozen) {
    const { _now: now, _seen: seen } = this;
    const lossy = lost !== null && (lost >= HEAVY || seen.lostIn >= LOSSY);
    const unheard = lossy || (concealed !== null && (concealed >= HEAVY || seen.concealed >= POOR));
    const bad = unheard || (frozen !== null && frozen >= 0.5);
    const badFor = seen.suffers.mark(bad, now);
    const well = !bad && (lost !== null || concealed !== null) && seen.lostIn < FINE && seen.concealed < CLEAN;
    const wellFor = seen.enjoys.mark(well, now);
    this._enjoyedFor = wellFor;
    // Own sending is put right first: a way out that is full also holds up what asks for the way in.
    const brokenFor = seen.shattered.mark(concealed !== null && concealed >= BROKEN, now);
    // A way that is shared both ways is full both ways: theirs goes at once, as ours does.
    if ((badFor >= SUFFERED || brokenFor >= CLEAR) && now - this._askedAt >= SETTLE && (seen.bad.at === null || this._was <= VOICE || brokenFor >= CLEAR)) {
      const ask = Math.min(this._ask, unheard || this._ask <= SMALL ? VOICE : SMALL);
      if (ask < this._ask) {
        this._asks.undone(this._ask, now);
        if (ask < SMALL) this._asks.hold(SMALL, now);
        this._askedAt = now;
        seen.lostIn = 0;
      }
      this._ask = ask;
    } else if (wellFor >= HEALTHY && this._ask < this._top) {
      const next = this._ask < SMALL ? SMALL : this._top;
      if (this._asks.may(next, now)) {
        this._asks.made(next, now);
        this._ask = next;
        seen.enjoys.at = null;
      }
    }
    // What I hear, or, at the very least that I can send, what they hear.
    const unsaid = this._thin && this._was === LEAST && seen.bad.at !== null;
    if (seen.poorly.mark((concealed !== null && seen.concealed >= POOR) || unsaid, now) >= POOR_AFTER) this._poor = true;
    if (seen.clearly.mark((concealed === null || seen.concealed < CLEAN) && !unsaid, now) >= POOR_AFTER) this._poor = false;
  }

  /** @returns {Plan["says"]} */
  _says() {
    if (this._poor) return "voice_poor";
    if (!this._watched || this._allowed <= VOICE) return null;
    const rung = this._rung();
    if (this._quiet) return this._quietened && this._offered ? "picture_can_return" : null;
    if (rung < SMALL && this._reached > VOICE) {
      // Where it is what comes that bore no picture, a press asks for it again.
      const theirs = this._ask < SMALL && this._enjoyedFor >= DOUBTFUL;
      if (theirs || (this._offered && this._asked > VOICE)) return "picture_can_return";
      if (rung <= VOICE) return "picture_off";
    }
    return rung > VOICE && rung < Math.min(this._reached, this._allowed, this._asked) ? "picture_smaller" : null;
  }

  /** @returns {Plan} */
  _planned() {
    const rung = this._rung();
    const ask = this._ask === this._top ? null : RUNGS[this._ask];
    return Object.assign({ rung: RUNGS[rung] }, this._sent(rung), { ask, says: this._says() });
  }
}

/** What is known before the first reading, and after a sleep. */
function nothing() {
  const means = { lost: 0, unreported: 0, lostIn: 0, concealed: 0, best: Infinity, lastQueue: 0, healthyFor: -1, peak: 0, grewAt: -Infinity };
  /** @type {{ grown: number | null, grewBefore: number | null }} how much the round trip had grown over its best; as it was told last */
  const trips = { grown: null, grewBefore: null };
  const own = { bad: new Since(), good: new Since(), calm: new Since(), easy: new Since(), broken: new Since() };
  const others = { suffers: new Since(), shattered: new Since(), enjoys: new Since(), poorly: new Since(), clearly: new Since() };
  return Object.assign(means, trips, own, others);
}

/** A number within its bounds, or null. @param {number | null | undefined} value @param {number} most */
function known(value, most) {
  return typeof value === "number" && value >= 0 ? Math.min(value, most) : null;
}
