/** Where a declared flight is at a time, and what of it is drawn. */

import {
  METRES_PER_FOOT,
  between,
  circle,
  course,
  cutLine,
  cutRing,
  densified,
  middleOf,
  type Point,
} from "./earth";
import { isPath, type Extent, type Path4D, type Volume4D } from "./nouns";

/** A leg that is flown at some time: from where, how fast, and until when. */
export interface Leg {
  lat: number;
  lon: number;
  /** Feet. */
  alt: number;
  /** Milliseconds since 1970: when the leg's first fix is flown, and its last. */
  begins: number;
  ends: number;
  lat1: number;
  lon1: number;
  alt1: number;
}

const starts = new WeakMap<Path4D, number>();

export function startOf(path: Path4D): number {
  let start = starts.get(path);
  if (start === undefined) {
    start = Date.parse(path.start);
    starts.set(path, start);
  }
  return start;
}

/** Give when an extent begins and ends, milliseconds since 1970. */
export function spanOf(extent: Extent): [number, number] {
  if (isPath(extent)) {
    const start = startOf(extent);
    const last = extent.seconds[extent.seconds.length - 1];
    return [start + extent.seconds[0] * 1000, start + last * 1000];
  }
  return [
    Math.min(...extent.map((v) => (v.start === null ? -Infinity : Date.parse(v.start)))),
    Math.max(...extent.map((v) => (v.end === null ? Infinity : Date.parse(v.end)))),
  ];
}

/** Give the leg that is flown at a time; null before, after, and where no position is held. */
export function legAt(path: Path4D, time: number): Leg | null {
  const seconds = (time - startOf(path)) / 1000;
  const n = path.seconds.length;
  if (!(seconds >= path.seconds[0] && seconds <= path.seconds[n - 1])) return null;
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (path.seconds[middle] <= seconds) low = middle;
    else high = middle;
  }
  if (path.gap.includes(low)) return null;
  return {
    lat: path.lat[low],
    lon: path.lon[low],
    alt: path.alt[low],
    begins: startOf(path) + path.seconds[low] * 1000,
    ends: startOf(path) + path.seconds[high] * 1000,
    lat1: path.lat[high],
    lon1: path.lon[high],
    alt1: path.alt[high],
  };
}

export interface Place {
  lat: number;
  lon: number;
  alt: number;
  course: number;
}

/** Give where a flight is at a time. */
export function placeAt(path: Path4D, time: number): Place | null {
  const leg = legAt(path, time);
  return leg && placeOn(leg, time);
}

export function placeOn(leg: Leg, time: number): Place {
  const f = (time - leg.begins) / Math.max(1, leg.ends - leg.begins);
  const [lat, lon] = between(leg.lat, leg.lon, leg.lat1, leg.lon1, f);
  const alt = leg.alt + f * (leg.alt1 - leg.alt);
  const [from, to] = f > 0.999 ? [[leg.lat, leg.lon], [lat, lon]] : [[lat, lon], [leg.lat1, leg.lon1]];
  return { lat, lon, alt, course: course(from[0], from[1], to[0], to[1]) };
}

/** Give the lines to be drawn of a path: along the Earth, cut at the antimeridian and at gaps. */
export function linesOf(path: Path4D): Point[][] {
  const runs: Point[][] = [[]];
  path.lat.forEach((lat, k) => {
    runs[runs.length - 1].push([path.lon[k], lat, path.alt[k] * METRES_PER_FOOT]);
    if (path.gap.includes(k)) runs.push([]);
  });
  return runs.filter((run) => run.length > 1).flatMap((run) => cutLine(densified(run)));
}

/** What of a volume is drawn, at the height of its floor in metres. */
export interface Shape {
  /** Polygons that fill it: more than one where a flat map cuts it. */
  parts: Point[][];
  /** Its edge, cut at the antimeridian and nowhere else: where it is cut there is no edge. */
  edges: Point[][];
  middle: Point;
  /** Whether the edge is all around one polygon. */
  whole: boolean;
}

export function shapeOf(volume: Volume4D): Shape | null {
  const floor = (volume.lower ?? 0) * METRES_PER_FOOT;
  const ring: Point[] = volume.centre
    ? circle(volume.centre[0], volume.centre[1], volume.radius)
    : volume.corners.map(([lat, lon]): Point => [lon, lat, 0]);
  if (ring.length < 3) return null;
  const closed = densified([...ring, ring[0]]).map(([lon, lat]): Point => [lon, lat, floor]);
  const [lat, lon] = volume.centre ?? middleOf(ring);
  const edges = cutLine(closed);
  return { parts: cutRing(closed.slice(0, -1)), edges, middle: [lon, lat, floor], whole: edges.length === 1 };
}

/** What an unlimited volume is drawn up to, in feet. */
export const CEILING = 60_000;

/** Give how high a volume is drawn, in metres. */
export function heightOf(volume: Volume4D): number {
  return Math.max(0, (volume.upper ?? CEILING) - (volume.lower ?? 0)) * METRES_PER_FOOT;
}

/** Tell whether a volume holds at a time, milliseconds since 1970. */
export function holdsAt(volume: Volume4D, time: number): boolean {
  return (
    (volume.start === null || Date.parse(volume.start) <= time) &&
    (volume.end === null || time < Date.parse(volume.end))
  );
}

/** Give since when, and until when, the same of these volumes hold as at a time. */
export function nextChange(volumes: readonly Volume4D[], time: number): [since: number, until: number] {
  let since = -Infinity;
  let until = Infinity;
  for (const { start, end } of volumes) {
    for (const one of [start, end]) {
      const at = one === null ? NaN : Date.parse(one);
      if (at <= time) since = Math.max(since, at);
      else if (at > time) until = Math.min(until, at);
    }
  }
  return [since, until];
}

const ABOVE: Record<string, string> = {
  wgs84: " WGS84",
  "msl-egm96": " MSL",
  "msl-egm2008": " MSL",
  agl: " AGL",
};

/** Say an altitude as its reference says it: FL350, 3,000 ft, or 400 ft AGL. */
export function altitudeText(feet: number | null, reference = "pressure"): string {
  if (feet === null) return "";
  if (reference === "pressure" && feet >= 4_500) {
    return `FL${String(Math.round(feet / 100)).padStart(3, "0")}`;
  }
  return `${Math.round(feet).toLocaleString("en")} ft${ABOVE[reference] ?? ""}`;
}

/** Say from where to where a volume reaches: ground to FL340. */
export function heightsText({ lower, upper, reference }: Volume4D): string {
  const from = lower === null ? "ground" : altitudeText(lower, reference);
  return `${from} to ${upper === null ? "unlimited" : altitudeText(upper, reference)}`;
}
