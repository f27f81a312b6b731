/** A flight as it is written down: places, levels and times, and the path that they make. */

import { cutLine, densified, type Point } from "../airspace/earth";
import type { Path4D } from "../airspace/nouns";
import { fieldOf, timeOf } from "./instant";

/** A row of the form, as it was typed. */
export interface Row {
  lat: string;
  lon: string;
  /** Hundreds of feet; "" as the row before. */
  level: string;
  /** "hh:mm" or "hh:mm:ss", UTC; "" by the speed from the row before. */
  time: string;
}

export interface Route {
  /** "2026-07-01 14:05", UTC. */
  departs: string;
  /** Knots. */
  speed: string;
  rows: Row[];
}

/** What is wrong in a route, and in which row, the first 1; 0 for the whole. */
export class Unclear extends Error {
  constructor(readonly row: number, message: string) {
    super(row ? `row ${row}: ${message}` : message);
  }
}

const EARTH = 6_371_008.8;
const KNOT = 1852 / 3600;
const DAY = 86_400_000;

/** Metres between two places, along the Earth. */
export function distance(lat0: number, lon0: number, lat1: number, lon1: number): number {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((lat1 - lat0) * rad) / 2) ** 2 +
    Math.cos(lat0 * rad) * Math.cos(lat1 * rad) * Math.sin(((lon1 - lon0) * rad) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(a)));
}

/**
 * Read degrees: 47.5, 47.5N, 47°30′N, or 473000N as aeronautical charts write it.
 *
 * @returns NaN for what is none
 */
export function degreesOf(text: string, most: number): number {
  const plain = text.trim().toUpperCase().replace(",", ".");
  const found = /^([-+]?)(\d+(?:\.\d+)?)(?:[°\s]+(\d+(?:\.\d+)?)['′\s]*)?(?:(\d+(?:\.\d+)?)["″]?)?\s*([NSEW]?)$/.exec(plain);
  if (!found) return NaN;
  const [, sign, whole, minutes, seconds, side] = found;
  let value = Number(whole) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600;
  const wide = most === 90 ? 2 : 3;
  if (side && minutes === undefined && !whole.includes(".") && whole.length === wide + 4) {
    value =
      Number(whole.slice(0, wide)) +
      Number(whole.slice(wide, wide + 2)) / 60 +
      Number(whole.slice(wide + 2)) / 3600;
  }
  const signed = sign === "-" || side === "S" || side === "W" ? -value : value;
  return Math.abs(signed) <= most ? signed : NaN;
}

/** Read the next time of day that is not before another. */
function timeAfter(text: string, before: number): number {
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?Z?$/.exec(text.trim());
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59 || Number(found[3] ?? 0) > 59) {
    return NaN;
  }
  const of = (Number(found[1]) * 60 + Number(found[2])) * 60_000 + Number(found[3] ?? 0) * 1000;
  const time = Math.floor(before / DAY) * DAY + of;
  return time < before ? time + DAY : time;
}

export interface Leg {
  time: number;
  lat: number;
  lon: number;
  feet: number;
}

/**
 * Work out where the flight is when.
 *
 * @throws Unclear the first thing that is not clear
 */
export function legsOf({ departs, speed, rows }: Route): Leg[] {
  let time = timeOf(departs);
  if (Number.isNaN(time)) throw new Unclear(0, "when does it depart?");
  const knots = Number(speed);
  let feet = NaN;
  const legs: Leg[] = [];
  rows.forEach((row, k) => {
    const lat = degreesOf(row.lat, 90);
    const lon = degreesOf(row.lon, 180);
    if (Number.isNaN(lat)) throw new Unclear(k + 1, "the latitude is not clear, as 47.5 or 47.5N");
    if (Number.isNaN(lon)) throw new Unclear(k + 1, "the longitude is not clear, as 8.5 or 8.5E");
    if (row.level.trim()) feet = 100 * Number(row.level.trim().toUpperCase().replace(/^FL?/, ""));
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
  return legs;
}

/** @throws Unclear */
export function pathOf(route: Route): Path4D {
  const legs = legsOf(route);
  if (legs.length < 2) throw new Unclear(0, "a flight has two places or more");
  const start = legs[0].time;
  return {
    start: new Date(start).toISOString(),
    seconds: legs.map((leg) => Math.round((leg.time - start) / 100) / 10),
    lat: legs.map((leg) => leg.lat),
    lon: legs.map((leg) => leg.lon),
    alt: legs.map((leg) => leg.feet),
    reference: "pressure",
    protection: null,
    gap: [],
  };
}

/** Give the lines to be drawn of those rows whose places are clear. */
export function placesOf(rows: { lat: string; lon: string }[]): [lon: number, lat: number][] {
  return rows
    .map((row): [number, number] => [degreesOf(row.lon, 180), degreesOf(row.lat, 90)])
    .filter(([lon, lat]) => !Number.isNaN(lon) && !Number.isNaN(lat));
}

export function runsOf(places: [lon: number, lat: number][], ring: boolean): Point[][] {
  const points = places.map(([lon, lat]): Point => [lon, lat, 0]);
  const closed = ring && points.length > 2 ? [...points, points[0]] : points;
  return closed.length > 1 ? cutLine(densified(closed)) : [];
}

/**
 * Read a flight out of GeoJSON: a line whose positions have (lon, lat, metres), and times where a
 * property `times` or `coordTimes` has them.
 *
 * @throws Unclear
 */
export function routeOf(text: string, otherwise: Route): Route {
  let found: any;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Unclear(0, "that is not GeoJSON: it is not JSON");
  }
  const feature = found.type === "FeatureCollection" ? found.features?.[0] : found;
  const geometry = feature?.type === "Feature" ? feature.geometry : feature;
  if (geometry?.type !== "LineString" || !Array.isArray(geometry.coordinates)) {
    throw new Unclear(0, "a LineString is needed, or a Feature that has one");
  }
  const properties = feature.properties ?? {};
  const times: unknown[] = properties.times ?? properties.coordTimes ?? [];
  const at = times.map((one) => (typeof one === "number" ? one : Date.parse(String(one))));
  const timed = at.length === geometry.coordinates.length && at.every(Number.isFinite);
  const iso = (time: number): string => new Date(time).toISOString();
  return {
    departs: timed ? fieldOf(at[0]) : otherwise.departs,
    speed: otherwise.speed,
    rows: geometry.coordinates.map(([lon, lat, metres]: number[], k: number): Row => ({
      lat: String(lat),
      lon: String(lon),
      level:
        metres === undefined
          ? k === 0 ? (otherwise.rows[0]?.level || "350") : ""
          : String(Math.round(metres / 30.48)),
      time: timed && k ? iso(at[k]).slice(11, 19) : "",
    })),
  };
}
