/**
 * The marks on the map that move, in columns that go to the graphics card as they are.
 *
 * A mark has a place, a velocity, and the time for which its place holds; the card works out where
 * it is at the time that is shown. So nothing is done here for a frame, however many marks there
 * are: only a mark that is told anew, or that begins another leg, is written.
 */

import { METRES_PER_FOOT, ahead, chord, degree, wrapped } from "../airspace/earth";
import { legAt, placeOn, type Leg } from "../airspace/flight";
import type { Path4D } from "../airspace/nouns";

/** What a mark looks like; told apart by shape, and by colour besides. */
export const SHAPES = { conforming: 0, nonconforming: 1, undeclared: 2, planned: 3, tentative: 4 };
export type Shape = keyof typeof SHAPES;

const HIDDEN = -1;
/** A leg is told to the card as one straight motion at most this long, in milliseconds. */
const LONGEST = 60_000;
/** Seconds for which a mark goes on as it was told; mark-layer.ts has the same. */
const COASTS = 180;
/** Beyond this latitude what goes straight does not go evenly by longitude: it is told in pieces. */
const POLAR = 80;

export class Marks {
  /** Of each mark; "" where there is none now. */
  readonly ids: string[] = [];
  readonly at = new Map<string, number>();
  private readonly free: number[] = [];
  /** Longitude, latitude, metres. */
  positions = new Float64Array(0);
  /** Degrees, degrees and metres in a second. */
  velocities = new Float32Array(0);
  /** Seconds after `base` at which the place holds. */
  since = new Float32Array(0);
  shapes = new Float32Array(0);
  angles = new Float32Array(0);
  sizes = new Float32Array(0);
  colours = new Uint8Array(0);
  /** The shape of a mark while it is shown. */
  private wanted = new Float32Array(0);
  /** Milliseconds since 1970 at which what was told of the motion ends. */
  private ends = new Float64Array(0);
  private readonly paths = new Map<number, Path4D>();
  /** How marks near a pole go on as they were told. */
  private readonly coasts = new Map<number, Leg>();
  /** Rises when something was written. */
  version = 0;
  private soonest = Infinity;

  /** @param base milliseconds since 1970, near what is shown: the card has few digits */
  constructor(public base: number) {}

  /** How many places there are, empty ones with them. */
  get length(): number {
    return this.ids.length;
  }

  /** Give a mark's place, a new one where it has none; it is hidden until it is told. */
  place(id: string): number {
    let k = this.at.get(id);
    if (k !== undefined) return k;
    k = this.free.pop() ?? this.ids.length;
    if (k === this.wanted.length) this.grow(Math.max(256, 2 * k));
    this.ids[k] = id;
    this.at.set(id, k);
    this.shapes[k] = HIDDEN;
    this.wanted[k] = HIDDEN;
    this.ends[k] = Infinity;
    return k;
  }

  /** Let a mark go; its place is for another. */
  drop(id: string): void {
    const k = this.at.get(id);
    if (k === undefined) return;
    this.at.delete(id);
    this.paths.delete(k);
    this.coasts.delete(k);
    this.ids[k] = "";
    this.shapes[k] = HIDDEN;
    this.free.push(k);
    this.version++;
  }

  private grow(n: number): void {
    const larger = <T extends Float64Array | Float32Array | Uint8Array>(old: T, size: number): T => {
      const column = new (old.constructor as new (n: number) => T)(size * n);
      column.set(old);
      return column;
    };
    this.positions = larger(this.positions, 3);
    this.velocities = larger(this.velocities, 3);
    this.since = larger(this.since, 1);
    this.shapes = larger(this.shapes, 1);
    this.angles = larger(this.angles, 1);
    this.sizes = larger(this.sizes, 1);
    this.colours = larger(this.colours, 4);
    this.wanted = larger(this.wanted, 1);
    this.ends = larger(this.ends, 1);
  }

  /** Count from another time on, where the one so far is too far off for the card. */
  rebase(base: number): void {
    const shift = (this.base - base) / 1000;
    for (let k = 0; k < this.length; k++) this.since[k] += shift;
    this.base = base;
    this.version++;
  }

  look(k: number, shape: Shape, colour: readonly number[], size: number): void {
    this.wanted[k] = SHAPES[shape];
    // one with a path is shown while it flies
    if (!this.paths.has(k) || this.shapes[k] !== HIDDEN) this.shapes[k] = SHAPES[shape];
    for (let i = 0; i < 4; i++) this.colours[4 * k + i] = colour[i] ?? 255;
    this.sizes[k] = size;
    this.version++;
  }

  /**
   * Tell where a mark is at a time, and how it moves from there.
   *
   * @param speed metres per second over ground, or null where it is not known
   * @param climb feet per minute
   */
  tell(
    k: number,
    time: number,
    lat: number,
    lon: number,
    feet: number,
    speed: number | null,
    course: number | null,
    climb: number | null,
  ): void {
    this.positions[3 * k] = wrapped(lon);
    this.positions[3 * k + 1] = lat;
    this.positions[3 * k + 2] = feet * METRES_PER_FOOT;
    const [north, east] = degree(lat);
    const angle = ((course ?? 0) * Math.PI) / 180;
    const over = speed ?? 0;
    this.velocities[3 * k] = (over * Math.sin(angle)) / east;
    this.velocities[3 * k + 1] = (over * Math.cos(angle)) / north;
    this.velocities[3 * k + 2] = ((climb ?? 0) * METRES_PER_FOOT) / 60;
    this.since[k] = (time - this.base) / 1000;
    this.angles[k] = course ?? 0;
    this.coasts.delete(k);
    if (Math.abs(lat) > POLAR && over > 0) {
      const [lat1, lon1] = ahead(lat, lon, course ?? 0, over * COASTS);
      const alt1 = feet + ((climb ?? 0) * COASTS) / 60;
      const leg = { lat, lon, alt: feet, begins: time, ends: time + COASTS * 1000, lat1, lon1, alt1 };
      this.coasts.set(k, leg);
      this.go(k, leg, time);
      this.soonest = Math.min(this.soonest, this.ends[k]);
    }
    this.version++;
  }

  /** Let a mark go along a path, from leg to leg. */
  fly(k: number, path: Path4D, time: number): void {
    this.paths.set(k, path);
    this.leg(k, path, time);
    this.version++;
  }

  /** Along which path a mark goes. */
  pathOf(id: string): Path4D | undefined {
    return this.paths.get(this.at.get(id) ?? -1);
  }

  /** Go on to the next leg where one is over, or where time was turned back; give how many did. */
  advance(time: number): number {
    this.stride = Math.max(0, time - this.asked);
    this.asked = time;
    if (time < this.soonest && time >= this.begun) return 0;
    const anew = time < this.begun;
    this.soonest = Infinity;
    let moved = 0;
    for (const [k, path] of this.paths) {
      if (anew || time >= this.ends[k]) {
        this.leg(k, path, time);
        moved++;
      }
      if (this.ends[k] < this.soonest) this.soonest = this.ends[k];
    }
    for (const [k, leg] of this.coasts) {
      if (anew || time >= this.ends[k]) {
        this.go(k, leg, time);
        moved++;
      }
      if (this.ends[k] < this.soonest) this.soonest = this.ends[k];
    }
    this.begun = time;
    if (moved) this.version++;
    return moved;
  }

  private begun = Infinity;
  private asked = Infinity;
  /** Milliseconds of shown time between the last two looks. */
  private stride = 0;

  private leg(k: number, path: Path4D, time: number): void {
    const leg = legAt(path, time);
    this.begun = Math.min(this.begun, time);
    if (leg === null) {
      this.shapes[k] = HIDDEN;
      this.ends[k] = this.next(path, time);
    } else {
      this.shapes[k] = this.wanted[k];
      this.go(k, leg, time);
      if (this.ends[k] === Infinity) this.ends[k] = time + 1;
    }
    if (this.ends[k] < this.soonest) this.soonest = this.ends[k];
  }

  /** Write the motion along a leg from a time on, as far as it is even by longitude and latitude. */
  private go(k: number, leg: Leg, time: number): void {
    const from = Math.max(leg.begins, Math.min(leg.ends, time));
    const here = placeOn(leg, from);
    // not all at the same time
    let longest = LONGEST * (0.5 + ((k * 7) % 32) / 64);
    if (Math.abs(here.lat) > POLAR) {
      const speed = chord(leg.lat, leg.lon, leg.lat1, leg.lon1) / Math.max(1, leg.ends - leg.begins);
      const metres = (90 - Math.abs(here.lat)) * 111_000;
      // no shorter than until it is looked at again
      longest = Math.min(longest, Math.max(100, metres / 8) / speed + 2 * this.stride);
    }
    const until = Math.min(leg.ends, from + longest);
    const there = placeOn(leg, until);
    const seconds = until > from ? (until - from) / 1000 : Infinity;
    this.positions[3 * k] = wrapped(here.lon);
    this.positions[3 * k + 1] = here.lat;
    this.positions[3 * k + 2] = here.alt * METRES_PER_FOOT;
    this.velocities[3 * k] = wrapped(there.lon - here.lon) / seconds;
    this.velocities[3 * k + 1] = (there.lat - here.lat) / seconds;
    this.velocities[3 * k + 2] = ((there.alt - here.alt) * METRES_PER_FOOT) / seconds;
    this.since[k] = (from - this.base) / 1000;
    this.angles[k] = here.course;
    this.ends[k] = until > from ? Math.max(until, time + 1) : time < leg.begins ? leg.begins : Infinity;
  }

  /** When a path that is not flown now will be. */
  private next(path: Path4D, time: number): number {
    const start = Date.parse(path.start);
    for (const second of path.seconds) {
      if (start + second * 1000 > time) return start + second * 1000;
    }
    return Infinity;
  }

  /** Count the marks beyond a latitude. */
  beyond(lat: number): number {
    let n = 0;
    for (let k = 0; k < this.length; k++) {
      if (this.shapes[k] !== HIDDEN && Math.abs(this.positions[3 * k + 1]) > lat) n++;
    }
    return n;
  }

  /** Where a mark is drawn at a time: longitude, latitude, metres; null where it is not. */
  where(id: string, time: number): [number, number, number] | null {
    const k = this.at.get(id);
    if (k === undefined || this.shapes[k] === HIDDEN) return null;
    const t = Math.min(COASTS, (time - this.base) / 1000 - this.since[k]);
    const [x, y, z] = [0, 1, 2].map((i) => this.positions[3 * k + i] + t * this.velocities[3 * k + i]);
    return [wrapped(x), Math.max(-90, Math.min(90, y)), z];
  }
}
