/** Flights and volumes out of GeoJSON files, into the forms. */

import { blankVolume, type Draft } from "./volume";
import { heightText } from "./height";
import { fieldOf } from "./instant";
import { placed, Unclear } from "./place";
import { blankRow, type Route, type Row } from "./route";

type Wire = Record<string, any>;

/** What a file has: a flight's places, or volumes. */
export type Read = { path: Route } | { volumes: Draft[] };

const FEET = 0.3048;

/**
 * Read a flight (a line whose positions have lon, lat, metres above WGS84, and times where a
 * property has them), or volumes (polygons, or points with a radius), each with its heights and
 * times where properties have them, as the service itself writes them.
 *
 * @throws Unclear
 */
export function readGeojson(text: string, otherwise: Route): Read {
  let found: Wire | null;
  try {
    found = JSON.parse(text) as Wire | null;
  } catch {
    throw new Unclear(0, "that is not GeoJSON: it is not JSON");
  }
  const features: Wire[] = found?.type === "FeatureCollection" ? (found.features ?? []) : [found];
  const line = features.find((one) => geometryOf(one)?.type === "LineString");
  if (line) return { path: routeOf(line, otherwise) };
  const volumes = features.flatMap((one, k) => volumesOf(one, k + 1, otherwise.reference));
  if (volumes.length === 0) throw new Unclear(0, NEEDED);
  return { volumes };
}

const NEEDED = "a LineString is needed, or polygons";

const geometryOf = (one: Wire | null): Wire | null => (one?.type === "Feature" ? one.geometry : one);

function routeOf(feature: Wire, otherwise: Route): Route {
  const { coordinates } = geometryOf(feature) as Wire;
  if (!Array.isArray(coordinates)) throw new Unclear(0, "a line without coordinates");
  const properties: Wire = feature.properties ?? {};
  const times: unknown[] =
    properties.times ?? properties.coordTimes ?? properties.timestamps ?? properties.datetimes ?? [];
  const at = times.map((one) => (typeof one === "number" ? one : Date.parse(String(one))));
  const timed = at.length === coordinates.length && at.every(Number.isFinite);
  const high = coordinates.some((one) => one[2] !== undefined);
  // RFC 7946, 3.1.1: a third coordinate is above the ellipsoid, which no flight level is
  const reference = high ? "wgs84" : otherwise.reference;
  return {
    ...otherwise,
    departs: timed ? fieldOf(at[0]) : otherwise.departs,
    reference,
    protection: null,
    rows: coordinates.map(([lon, lat, metres]: number[], k: number): Row => ({
      ...blankRow(),
      ...place(lat, lon, k + 1),
      level:
        metres === undefined
          ? k === 0 && !high ? (otherwise.rows[0]?.level || "350") : ""
          : heightText(Math.round(metres / FEET), reference),
      time: timed && k ? new Date(at[k]).toISOString().slice(11, 23) : "",
    })),
  };
}

function place(lat: unknown, lon: unknown, row: number) {
  if (typeof lat !== "number" || typeof lon !== "number") throw new Unclear(row, "a position is [lon, lat]");
  return placed(lat, lon);
}

function volumesOf(feature: Wire, number: number, reference: string): Draft[] {
  const geometry = geometryOf(feature);
  const properties: Wire = feature?.properties ?? {};
  const made = { ...blankVolume(), ...heights(properties, reference, number), ...times(properties) };
  switch (geometry?.type) {
    case "Polygon":
      return [{ ...made, rows: corners(geometry.coordinates, number) }];
    case "MultiPolygon":
      return (geometry.coordinates as unknown[][]).map((one) => ({ ...made, rows: corners(one, number) }));
    case "Point": {
      const radius = Number(properties.radius_m);
      if (!(radius > 0)) throw new Unclear(0, `feature ${number}: a point needs radius_m`);
      const [lon, lat] = geometry.coordinates as number[];
      const miles = String(Number((radius / 1852).toFixed(6)));
      return [{ ...made, shape: "circle", radius: miles, rows: [place(lat, lon, 1)] }];
    }
    case "GeometryCollection":
      return (geometry.geometries as Wire[]).flatMap((one) =>
        volumesOf({ type: "Feature", geometry: one, properties }, number, reference),
      );
    default:
      throw new Unclear(0, `feature ${number}: ${NEEDED}`);
  }
}

function corners(rings: any, number: number) {
  if (!Array.isArray(rings?.[0])) throw new Unclear(0, `feature ${number}: a polygon without corners`);
  if (rings.length > 1) {
    throw new Unclear(0, `feature ${number}: a polygon with a hole, which no volume has; cut it in two`);
  }
  // a ring of GeoJSON ends where it begins
  return (rings[0] as number[][]).slice(0, -1).map(([lon, lat], k) => place(lat, lon, k + 1));
}

/** Where there is no limit. */
const OPEN = ["GND", "SFC", "UNL", "UNLIMITED"];

function heights(properties: Wire, otherwise: string, number: number) {
  const named = [properties.lower_reference, properties.upper_reference].filter(Boolean) as string[];
  if (new Set(named).size > 1) throw new Unclear(0, `feature ${number}: heights in two references`);
  let reference = named[0] ?? otherwise;
  const read = (which: "lower" | "upper"): string => {
    const feet = properties[`${which}_ft`];
    if (typeof feet === "number") return heightText(feet, reference);
    const text = String(properties[which] ?? "").trim().toUpperCase();
    if (!text || OPEN.includes(text)) return "";
    const level = /^FL\s*(\d+)$/.exec(text);
    if (!level) throw new Unclear(0, `feature ${number}: “${text}” is no ${which}; give ${which}_ft`);
    reference = "pressure";
    return String(Number(level[1]));
  };
  const [lower, upper] = [read("lower"), read("upper")];
  return { lower, upper, reference };
}

function times(properties: Wire) {
  const time = (given: unknown): string => {
    const at = given === undefined || given === null ? NaN : Date.parse(String(given));
    return Number.isNaN(at) ? "" : fieldOf(at);
  };
  return { start: time(properties.start ?? properties.begin), end: time(properties.end) };
}
