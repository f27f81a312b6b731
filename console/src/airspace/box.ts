/** What all of some places lie in, on the round Earth. */

import { MAP_END, wrapped } from "./earth";

/** Degrees; `east` is above 180 where the antimeridian is inside. */
export interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** The part of the Earth around a place. */
export interface Cap {
  lat: number;
  lon: number;
  /** Degrees from its middle to its edge. */
  radius: number;
}

const RAD = Math.PI / 180;

type At = readonly [lon: number, lat: number, ...rest: number[]];

/** Give the narrowest box on a flat map; null of none. What lies beyond the map's end is at it. */
export function boxOf(points: readonly At[]): Box | null {
  if (!points.length) return null;
  const lats = points.map(([, lat]) => Math.max(-MAP_END, Math.min(MAP_END, lat)));
  const lons = points.map(([lon]) => wrapped(lon)).sort((a, b) => a - b);
  // the widest gap between two neighbours is what is left out
  let widest = lons[0] + 360 - lons[lons.length - 1];
  let west = lons[0];
  for (let k = 1; k < lons.length; k++) {
    if (lons[k] - lons[k - 1] <= widest) continue;
    widest = lons[k] - lons[k - 1];
    west = lons[k];
  }
  const south = lats.reduce((a, b) => Math.min(a, b));
  const north = lats.reduce((a, b) => Math.max(a, b));
  return { west, south, east: west + 360 - widest, north };
}

/** Give a part of the globe that all lie in; null of none. */
export function capOf(points: readonly At[]): Cap | null {
  if (!points.length) return null;
  const all = points.map(([lon, lat]) => [
    Math.cos(lat * RAD) * Math.cos(lon * RAD), Math.cos(lat * RAD) * Math.sin(lon * RAD), Math.sin(lat * RAD),
  ]);
  const middle = [0, 1, 2].map((i) => all.reduce((sum, v) => sum + v[i], 0));
  const length = Math.hypot(...middle);
  // all around the Earth: any middle is as good
  const up = length > 1e-9 ? middle.map((x) => x / length) : all[0];
  const least = all.reduce((a, v) => Math.min(a, v[0] * up[0] + v[1] * up[1] + v[2] * up[2]), 1);
  return {
    lat: Math.asin(Math.max(-1, Math.min(1, up[2]))) / RAD,
    lon: Math.atan2(up[1], up[0]) / RAD,
    radius: Math.acos(Math.max(-1, Math.min(1, least))) / RAD,
  };
}

/** Give MapLibre's zoom at which a cap on the globe is as wide as so many pixels. */
export function zoomOf(cap: Cap, pixels: number): number {
  // from afar no more than half of the Earth is seen
  const across = 2 * Math.sin(Math.min(cap.radius, 90) * RAD);
  const radius = pixels / Math.max(across, 1e-4);
  // it shows the middle as large as a flat map does there
  const lat = Math.min(Math.abs(cap.lat), MAP_END) * RAD;
  return Math.log2((2 * Math.PI * radius * Math.cos(lat)) / 512);
}
