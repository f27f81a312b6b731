/** A volume as it is written down: an area, its heights and times. */

import { shapeOf } from "../airspace/flight";
import type { Point } from "../airspace/earth";
import type { Intent, Volume4D } from "../airspace/nouns";
import { feetOf, heightText, heightWords } from "./height";
import { fieldOf, timeOf } from "./instant";
import type { Move } from "./move";
import { placed, placeOf, placesOf, runsOf, Unclear, type Placed } from "./place";

export interface Draft {
  shape: "polygon" | "circle";
  /** The corners of a polygon, or the middle of a circle. */
  rows: Placed[];
  /** Nautical miles. */
  radius: string;
  lower: string;
  upper: string;
  reference: string;
  start: string;
  end: string;
  /** Metres and feet to be kept from it. */
  buffer: [number, number];
}

export function blankVolume(reference = "pressure"): Draft {
  return {
    shape: "polygon", rows: [], radius: "10", lower: "", upper: "", reference,
    start: "", end: "", buffer: [0, 0],
  };
}

/** Write a volume down. */
export function draftOf(volume: Volume4D): Draft {
  const { centre, reference } = volume;
  const height = (feet: number | null): string => (feet === null ? "" : heightText(feet, reference));
  const time = (at: string | null): string => (at === null ? "" : fieldOf(Date.parse(at)));
  return {
    shape: centre ? "circle" : "polygon",
    rows: (centre ? [centre] : volume.corners).map(([lat, lon]) => placed(lat, lon)),
    radius: centre ? String(Number((volume.radius / 1852).toFixed(6))) : "10",
    lower: height(volume.lower),
    upper: height(volume.upper),
    reference,
    start: time(volume.start),
    end: time(volume.end),
    buffer: volume.buffer,
  };
}

/**
 * Read volumes as they were typed.
 *
 * @param timed whether each must have its times: all but those of constraints.
 * @throws Unclear the first thing that is not clear
 */
export function volumesOf(drafts: Draft[], timed: boolean): Volume4D[] {
  if (drafts.length === 0) throw new Unclear(0, "give a volume");
  return drafts.map((draft, k) => {
    try {
      return volumeOf(draft, timed);
    } catch (error) {
      if (!(error instanceof Unclear) || drafts.length === 1) throw error;
      throw new Unclear(error.row, error.what, k + 1);
    }
  });
}

function volumeOf(draft: Draft, timed: boolean): Volume4D {
  const { reference } = draft;
  const circle = draft.shape === "circle";
  const places = draft.rows.map((row, k) => placeOf(row, k + 1));
  if (circle && places.length !== 1) throw new Unclear(0, "where is its middle?");
  if (!circle && places.length < 3) throw new Unclear(0, "an area has three corners or more");
  const radius = 1852 * Number(draft.radius);
  if (circle && !(radius > 0)) throw new Unclear(0, "which radius, as 10?");
  const height = (text: string): number | null => {
    if (!text.trim()) return null;
    const feet = feetOf(text, reference);
    if (Number.isNaN(feet)) throw new Unclear(0, `“${text}” is no height, as FL100 or 2500`);
    return feet;
  };
  const [lower, upper] = [height(draft.lower), height(draft.upper)];
  if (lower !== null && upper !== null && lower >= upper) {
    throw new Unclear(0, "its upper height must be above its lower");
  }
  const [start, end] = [time(draft.start, timed), time(draft.end, timed)];
  if (start !== null && end !== null && start >= end) {
    throw new Unclear(0, "it must end after it begins");
  }
  return {
    corners: circle ? [] : places,
    centre: circle ? places[0] : null,
    radius: circle ? radius : 0,
    lower,
    upper,
    reference,
    start,
    end,
    buffer: draft.buffer,
  };
}

function time(text: string, timed: boolean): string | null {
  if (!text.trim() && !timed) return null;
  const at = timeOf(text);
  if (Number.isNaN(at)) {
    throw new Unclear(0, text.trim() ? `“${text}” is no time, as 2026-07-01 14:05` : "from when to when?");
  }
  return new Date(at).toISOString();
}

/** Whether a flight can be said to be off its intent: it is flown, or was when it was held. */
export function reportable({ state, airborne }: Intent): boolean {
  return ["activated", "nonconforming", "contingent"].includes(state) || (state === "held" && !!airborne);
}

/** Write down a circle around where a flight is: ten miles, 2,000 feet up and down. */
export function around(draft: Draft, place: { lat: number; lon: number; alt: number }, reference: string): Draft {
  return {
    ...draft,
    shape: "circle",
    radius: "10",
    rows: [placed(Number(place.lat.toFixed(4)), Number(place.lon.toFixed(4)))],
    reference,
    lower: place.alt > 2000 ? heightText(Math.floor((place.alt - 2000) / 100) * 100, reference) : "",
    upper: heightText(Math.ceil((place.alt + 2000) / 100) * 100, reference),
  };
}

/** Move some of several volumes in time and height; what has no limit there keeps none. */
export function movedVolumes(drafts: Draft[], { later, feet, from, to }: Move): Draft[] {
  return drafts.map((draft, k) => {
    if (k < from - 1 || k >= to) return draft;
    const height = (text: string): string => {
      const now = feetOf(text, draft.reference);
      return Number.isNaN(now) ? text : heightText(now + feet, draft.reference);
    };
    const at = (text: string): string => {
      const now = timeOf(text);
      return Number.isNaN(now) ? text : fieldOf(now + later);
    };
    return {
      ...draft,
      lower: height(draft.lower),
      upper: height(draft.upper),
      start: at(draft.start),
      end: at(draft.end),
    };
  });
}

/** Give the next volume after one: the same again, from when that ends. */
export function nextAfter(draft: Draft): Draft {
  const [start, end] = [timeOf(draft.start), timeOf(draft.end)];
  if (Number.isNaN(start) || Number.isNaN(end)) return { ...draft, rows: [] };
  return { ...draft, rows: [], start: draft.end, end: fieldOf(end + (end - start)) };
}

/** Say a volume in a line. */
export function volumeWords(draft: Draft): string {
  const { lower, upper, reference, start, end } = draft;
  const area =
    draft.shape === "circle"
      ? draft.rows.length ? `circle of ${draft.radius} NM` : "a circle, not placed"
      : `${draft.rows.length} corners`;
  const from = lower.trim() ? heightWords(lower, reference) : "ground";
  const to = upper.trim() ? heightWords(upper, reference) : "unlimited";
  const clock = (text: string): string => text.trim().slice(11);
  return [area, `${from} to ${to}`, start || end ? `${clock(start)} to ${clock(end)}` : ""]
    .filter(Boolean)
    .join(", ");
}

/** Give the lines to be drawn of what is clear of a volume. */
export function strokeOf(draft: Draft): Point[][] {
  const places = placesOf(draft.rows);
  if (draft.shape === "polygon") return runsOf(places, true);
  const radius = 1852 * Number(draft.radius);
  if (places.length !== 1 || !(radius > 0)) return [];
  const [[lon, lat]] = places;
  const circle: Volume4D = {
    corners: [], centre: [lat, lon], radius, lower: null, upper: null,
    reference: draft.reference, start: null, end: null, buffer: [0, 0],
  };
  return shapeOf(circle)?.edges ?? [];
}
