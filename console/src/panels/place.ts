/** Places as they are written down, and what they make on the map. */

import { cutLine, densified, type Point } from "../airspace/earth";

/** Degrees, as they were typed. */
export interface Placed {
  lat: string;
  lon: string;
}

/** What is wrong in what was typed: in which row, and of which volume, the first 1; 0 for the whole. */
export class Unclear extends Error {
  constructor(
    readonly row: number,
    readonly what: string,
    readonly volume = 0,
  ) {
    const where = [volume ? `volume ${volume}` : "", row ? `row ${row}` : ""].filter(Boolean);
    super(where.length ? `${where.join(", ")}: ${what}` : what);
  }
}

const EARTH = 6_371_008.8;

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

/** Write a place down, to the centimetre. */
export function placed(lat: number, lon: number): Placed {
  return { lat: String(Number(lat.toFixed(7))), lon: String(Number(lon.toFixed(7))) };
}

/** Read a row's place. @throws Unclear */
export function placeOf({ lat, lon }: Placed, row: number): [lat: number, lon: number] {
  const place: [number, number] = [degreesOf(lat, 90), degreesOf(lon, 180)];
  if (Number.isNaN(place[0])) throw new Unclear(row, "the latitude is not clear, as 47.5 or 47.5N");
  if (Number.isNaN(place[1])) throw new Unclear(row, "the longitude is not clear, as 8.5 or 8.5E");
  return place;
}

/** Give those rows' places that are clear. */
export function placesOf(rows: Placed[]): [lon: number, lat: number][] {
  return rows
    .map((row): [number, number] => [degreesOf(row.lon, 180), degreesOf(row.lat, 90)])
    .filter(([lon, lat]) => !Number.isNaN(lon) && !Number.isNaN(lat));
}

/** Give the lines to be drawn through places. */
export function runsOf(places: [lon: number, lat: number][], ring: boolean): Point[][] {
  const points = places.map(([lon, lat]): Point => [lon, lat, 0]);
  const closed = ring && points.length > 2 ? [...points, points[0]] : points;
  return closed.length > 1 ? cutLine(densified(closed)) : [];
}
