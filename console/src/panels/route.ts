/** A flight as it is written down: places, levels and times, and the path that they make. */

import { spanOf } from "../airspace/flight";
import type { Path4D } from "../airspace/nouns";
import { feetOf, heightText } from "./height";
import { clockOf, fieldOf, timeOf } from "./instant";
import type { Move } from "./move";
import { distance, placed, placeOf, Unclear, type Placed } from "./place";

/** A row of the form, as it was typed. */
export interface Row extends Placed {
  /** Hundreds of feet, or feet; "" as the row before. */
  level: string;
  /** "hh:mm" or "hh:mm:ss", UTC, "+1" for a day later; "" by the speed from the row before. */
  time: string;
  /** From here to the next no position is held. */
  gap?: boolean;
}

export interface Route {
  /** "2026-07-01 14:05", UTC. */
  departs: string;
  /** Knots. */
  speed: string;
  reference: string;
  /** The flight's own minima, metres and feet; null for the airspace's. */
  protection: [number, number] | null;
  rows: Row[];
}

const KNOT = 1852 / 3600;
const DAY = 86_400_000;

export const blankRow = (): Row => ({ lat: "", lon: "", level: "", time: "" });

/** Read the next time of day that is not before another. */
function timeAfter(text: string, before: number): number {
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?Z?(?:\+(\d))?$/.exec(text.trim());
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59 || Number(found[3] ?? 0) >= 60) {
    return NaN;
  }
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  const of = minutes * 60_000 + Math.round(Number(found[3] ?? 0) * 1000);
  const time = Math.floor(before / DAY) * DAY + of;
  return (time < before ? time + DAY : time) + Number(found[4] ?? 0) * DAY;
}

/** Write a time of day that is read again after another. */
function textAfter(time: number, before: number): string {
  const text = clockOf(time);
  const days = Math.round((time - timeAfter(text, before)) / DAY);
  return days > 0 ? `${text}+${days}` : text;
}

export interface Leg {
  time: number;
  lat: number;
  lon: number;
  feet: number;
}

/** Work out where the flight is when, as far as it is clear, and what is not. */
export function legsSoFar(route: Route): [legs: Leg[], unclear: Unclear | null] {
  const legs: Leg[] = [];
  try {
    add(route, legs);
  } catch (error) {
    if (error instanceof Unclear) return [legs, error];
    throw error;
  }
  return [legs, null];
}

/** @throws Unclear the first thing that is not clear */
export function legsOf(route: Route): Leg[] {
  const legs: Leg[] = [];
  add(route, legs);
  return legs;
}

function add({ departs, speed, reference, rows }: Route, legs: Leg[]): void {
  let time = timeOf(departs);
  if (Number.isNaN(time)) throw new Unclear(0, "when does it depart?");
  const knots = Number(speed);
  let feet = NaN;
  rows.forEach((row, k) => {
    const [lat, lon] = placeOf(row, k + 1);
    if (row.level.trim()) feet = feetOf(row.level, reference);
    if (Number.isNaN(feet)) throw new Unclear(k + 1, "which level, as 350?");
    const last = legs[k - 1];
    if (row.time.trim()) {
      time = timeAfter(row.time, time);
      if (Number.isNaN(time)) throw new Unclear(k + 1, "the time is not clear, as 14:05");
    } else if (last) {
      if (!(knots > 0)) throw new Unclear(k + 1, "a time, or a speed for the flight");
      time = last.time + (distance(last.lat, last.lon, lat, lon) / (knots * KNOT)) * 1000;
    }
    if (last && time <= last.time) throw new Unclear(k + 1, "it must be later than the row before");
    legs.push({ time, lat, lon, feet });
  });
}

/** @throws Unclear */
export function pathOf(route: Route): Path4D {
  const legs = legsOf(route);
  if (legs.length < 2) throw new Unclear(0, "a flight has two places or more");
  const start = legs[0].time;
  return {
    start: new Date(start).toISOString(),
    seconds: legs.map((leg) => Math.round(leg.time - start) / 1000),
    lat: legs.map((leg) => leg.lat),
    lon: legs.map((leg) => leg.lon),
    alt: legs.map((leg) => leg.feet),
    reference: route.reference,
    protection: route.protection,
    gap: route.rows.flatMap((row, k) => (row.gap && k < legs.length - 1 ? [k] : [])),
  };
}

/** Write a path down, so that it is read again as it was: to the centimetre and millisecond. */
export function routeFrom(path: Path4D): Route {
  const start = Date.parse(path.start);
  const times = path.seconds.map((seconds) => Math.round(start + seconds * 1000));
  return {
    departs: fieldOf(Math.round(spanOf(path)[0])),
    speed: "",
    reference: path.reference,
    protection: path.protection,
    rows: path.lat.map((lat, k) => ({
      ...placed(lat, path.lon[k]),
      level: heightText(path.alt[k], path.reference),
      time: k ? textAfter(times[k], times[k - 1]) : "",
      ...(path.gap.includes(k) ? { gap: true } : {}),
    })),
  };
}

/**
 * Move some rows in time and height; the others stay where they are, and when.
 *
 * What was left to the row before or to the speed stays so within the rows that are moved.
 *
 * @throws Unclear
 */
export function moved(route: Route, { later, feet, from, to }: Move): Route {
  const legs = legsOf(route);
  const { reference } = route;
  const first = from - 1;
  let departs = route.departs;
  const shifted = legs.map((leg, k) => {
    const within = k >= first && k < to;
    return within ? { time: leg.time + later, feet: leg.feet + feet } : leg;
  });
  const crossed = shifted.findIndex((leg, k) => k > 0 && leg.time <= shifted[k - 1].time);
  if (crossed > 0) throw new Unclear(crossed + 1, "moved so, it would not be later than the row before");
  const rows = route.rows.map((row, k): Row => {
    const next = { ...row };
    // what is said of the first that is moved, and of the first that is not, must be written down
    const edge = k === first || k === to;
    if (k >= first && k <= to) {
      if (feet && (edge || row.level.trim())) {
        next.level = heightText(shifted[k].feet, reference);
      }
      if (later && k > 0 && (edge || row.time.trim())) {
        next.time = textAfter(shifted[k].time, shifted[k - 1].time);
      }
    }
    return next;
  });
  if (later && first === 0) {
    departs = fieldOf(shifted[0].time);
    if (rows[0]) rows[0].time = "";
  }
  const made = { ...route, departs, rows };
  legsOf(made);
  return made;
}
