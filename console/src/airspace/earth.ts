/**
 * WGS84, as far as a picture needs it.
 *
 * Between two fixes a flight moves along the section of the ellipsoid by the plane through both and
 * the Earth's centre, evenly along the chord: as the engine does it (docs/geometry.md). Nothing
 * here goes by longitude and latitude as if they were a plane, so the poles and the antimeridian
 * are ordinary places; only what is drawn is cut there.
 */

export type Point = [lon: number, lat: number, metres: number];

export const METRES_PER_FOOT = 0.3048;

const A = 6_378_137.0;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const RAD = Math.PI / 180;

/** Give the point of the ellipsoid's surface, in metres from the Earth's centre. */
export function surface(lat: number, lon: number): [number, number, number] {
  const sin = Math.sin(lat * RAD);
  const cos = Math.cos(lat * RAD);
  const n = A / Math.sqrt(1 - E2 * sin * sin);
  return [n * cos * Math.cos(lon * RAD), n * cos * Math.sin(lon * RAD), n * (1 - E2) * sin];
}

/** Give latitude and longitude of where the ray from the centre leaves the ellipsoid. */
export function below(x: number, y: number, z: number): [lat: number, lon: number] {
  const flat = Math.hypot(x, y);
  return [Math.atan2(z, (1 - E2) * flat) / RAD, Math.atan2(y, x) / RAD];
}

/** Give where a flight is, a share `f` of the way between two fixes. */
export function between(
  lat0: number,
  lon0: number,
  lat1: number,
  lon1: number,
  f: number,
): [lat: number, lon: number] {
  if (f <= 0) return [lat0, lon0];
  if (f >= 1) return [lat1, lon1];
  const [ax, ay, az] = surface(lat0, lon0);
  const [bx, by, bz] = surface(lat1, lon1);
  return below(ax + f * (bx - ax), ay + f * (by - ay), az + f * (bz - az));
}

/** Give metres along the chord between two points: enough to tell how long a leg is. */
export function chord(lat0: number, lon0: number, lat1: number, lon1: number): number {
  const [ax, ay, az] = surface(lat0, lon0);
  const [bx, by, bz] = surface(lat1, lon1);
  return Math.hypot(bx - ax, by - ay, bz - az);
}

/** Give the course at the first of two points, degrees from true north. */
export function course(lat0: number, lon0: number, lat1: number, lon1: number): number {
  const d = (lon1 - lon0) * RAD;
  const y = Math.sin(d) * Math.cos(lat1 * RAD);
  const x =
    Math.cos(lat0 * RAD) * Math.sin(lat1 * RAD) -
    Math.sin(lat0 * RAD) * Math.cos(lat1 * RAD) * Math.cos(d);
  return (Math.atan2(y, x) / RAD + 360) % 360;
}

/** Give the place so many metres ahead on a course, as good as a sphere is. */
export function ahead(lat: number, lon: number, course: number, metres: number): [lat: number, lon: number] {
  const far = metres / A;
  const sin = Math.sin(lat * RAD) * Math.cos(far) +
    Math.cos(lat * RAD) * Math.sin(far) * Math.cos(course * RAD);
  const y = Math.sin(course * RAD) * Math.sin(far) * Math.cos(lat * RAD);
  const x = Math.cos(far) - Math.sin(lat * RAD) * sin;
  return [Math.asin(Math.max(-1, Math.min(1, sin))) / RAD, wrapped(lon + Math.atan2(y, x) / RAD)];
}

/** Give the longitude in [-180, 180). */
export function wrapped(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

/** Metres to a degree of latitude, and of longitude, at a latitude. */
export function degree(lat: number): [north: number, east: number] {
  const sin = Math.sin(lat * RAD);
  const w = 1 - E2 * sin * sin;
  const north = ((A * (1 - E2)) / w ** 1.5) * RAD;
  const east = (A / Math.sqrt(w)) * Math.max(1e-6, Math.cos(lat * RAD)) * RAD;
  return [north, east];
}

/** Metres by which what is drawn straight may lie beside the way. */
const ASIDE = 100;
/** From here on a flat map shows nothing: Mercator's ends. */
export const MAP_END = 85.051129;

/**
 * Put points between those given, so that legs are `step` metres at most, and that what is straight
 * by longitude and latitude between two of them is the way that is flown: near a pole, many. (The
 * globe's lines are cut like that too, each ten degrees.)
 */
export function densified(points: Point[], step = 150_000): Point[] {
  const out: Point[] = points.length ? [points[0]] : [];
  for (let k = 1; k < points.length; k++) {
    const a = points[k - 1];
    const b = points[k];
    const parts = Math.min(400, Math.ceil(chord(a[1], a[0], b[1], b[0]) / step));
    let last = a;
    for (let j = 1; j <= parts; j++) {
      const next = j === parts ? b : onWay(a, b, j / parts);
      bend(last, next, out, 7);
      out.push(next);
      last = next;
    }
  }
  return out;
}

function onWay(a: Point, b: Point, f: number): Point {
  const [lat, lon] = between(a[1], a[0], b[1], b[0], f);
  return [lon, lat, a[2] + f * (b[2] - a[2])];
}

/** Put points between two as long as the middle of the flat line is beside the way. */
function bend(a: Point, b: Point, out: Point[], most: number): void {
  if (most === 0) return;
  const middle = onWay(a, b, 0.5);
  const lon = a[0] + wrapped(b[0] - a[0]) / 2;
  const aside = chord(middle[1], middle[0], (a[1] + b[1]) / 2, lon);
  if (aside <= ASIDE) return;
  bend(a, middle, out, most - 1);
  out.push(middle);
  bend(middle, b, out, most - 1);
}

/** Cut a line where it crosses the antimeridian: each part is within [-180, 180]. */
export function cutLine(points: Point[]): Point[][] {
  const parts: Point[][] = [];
  let part: Point[] = [];
  for (const [lon, lat, up] of points) {
    const here: Point = [wrapped(lon), lat, up];
    const last = part[part.length - 1];
    if (last && Math.abs(here[0] - last[0]) > 180) {
      const side = last[0] > 0 ? 180 : -180;
      const far = here[0] + (side > 0 ? 360 : -360);
      const f = far === last[0] ? 0 : (side - last[0]) / (far - last[0]);
      const cutLat = last[1] + f * (lat - last[1]);
      const cutUp = last[2] + f * (up - last[2]);
      part.push([side, cutLat, cutUp]);
      parts.push(part);
      part = [[-side, cutLat, cutUp]];
    }
    part.push(here);
  }
  if (part.length > 1) parts.push(part);
  return parts;
}

/**
 * Cut a polygon at the antimeridian, and lead one that has a pole inside up to the map's edge.
 *
 * The ring is not closed: its last point is not its first again.
 */
export function cutRing(ring: Point[]): Point[][] {
  if (ring.length < 3) return [];
  const flat = unrolled(ring);
  if (isPolar(ring)) {
    const pole = meanOf(flat, 1) > 0 ? 90 : -90;
    const [first] = flat;
    const end = wrappedLike(first[0], flat[flat.length - 1][0]);
    flat.push([end, first[1], first[2]], [end, pole, first[2]], [first[0], pole, first[2]]);
  }
  const west = Math.min(...flat.map((p) => p[0]));
  const east = Math.max(...flat.map((p) => p[0]));
  const parts: Point[][] = [];
  for (let k = Math.floor((west + 180) / 360); k <= Math.ceil((east - 180) / 360); k++) {
    const moved = flat.map(([lon, lat, up]): Point => [lon - 360 * k, lat, up]);
    const part = clipped(clipped(moved, -180, 1), 180, -1);
    if (part.length >= 3) parts.push(part);
  }
  return parts;
}

/** Tell whether a ring goes around a pole. */
export function isPolar(ring: Point[]): boolean {
  const flat = unrolled([...ring, ring[0]]);
  return Math.abs(flat[flat.length - 1][0] - flat[0][0]) > 180;
}

/** Give a ring whose longitudes go on where they would jump. */
function unrolled(ring: Point[]): Point[] {
  const out: Point[] = [[wrapped(ring[0][0]), ring[0][1], ring[0][2]]];
  for (const [lon, lat, up] of ring.slice(1)) {
    out.push([wrappedLike(lon, out[out.length - 1][0]), lat, up]);
  }
  return out;
}

function wrappedLike(lon: number, near: number): number {
  return near + wrapped(lon - near);
}

function meanOf(points: Point[], axis: number): number {
  return points.reduce((sum, point) => sum + point[axis], 0) / points.length;
}

/** Keep what lies on one side of a meridian (Sutherland and Hodgman 1974). */
function clipped(ring: Point[], lon: number, side: 1 | -1): Point[] {
  const out: Point[] = [];
  ring.forEach((here, k) => {
    const last = ring[(k + ring.length - 1) % ring.length];
    const inside = side * (here[0] - lon) >= 0;
    const was = side * (last[0] - lon) >= 0;
    if (inside !== was) {
      const f = (lon - last[0]) / (here[0] - last[0]);
      out.push([lon, last[1] + f * (here[1] - last[1]), last[2] + f * (here[2] - last[2])]);
    }
    if (inside) out.push(here);
  });
  return out;
}

/** Give the corners of a circle on the ground. */
export function circle(lat: number, lon: number, metres: number, corners = 64): Point[] {
  const [px, py, pz] = surface(lat, lon);
  const up = [px, py, pz].map((x) => x / Math.hypot(px, py, pz));
  const east = [-Math.sin(lon * RAD), Math.cos(lon * RAD), 0];
  const north = [
    up[1] * east[2] - up[2] * east[1],
    up[2] * east[0] - up[0] * east[2],
    up[0] * east[1] - up[1] * east[0],
  ];
  const radius = Math.hypot(px, py, pz);
  const angle = metres / radius;
  const points: Point[] = [];
  for (let k = 0; k < corners; k++) {
    const t = (2 * Math.PI * k) / corners;
    const [x, y, z] = [0, 1, 2].map(
      (i) =>
        Math.cos(angle) * up[i] +
        Math.sin(angle) * (Math.cos(t) * north[i] + Math.sin(t) * east[i]),
    );
    const [la, lo] = below(x, y, z);
    points.push([lo, la, 0]);
  }
  return points;
}

/** Give the place in the middle of others, as seen from the Earth's centre. */
export function middleOf(points: Point[]): [lat: number, lon: number] {
  const sum = [0, 0, 0];
  for (const [lon, lat] of points) surface(lat, lon).forEach((x, i) => void (sum[i] += x));
  return below(sum[0], sum[1], sum[2]);
}
