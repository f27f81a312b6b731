// Flights as unit vectors on a sphere, so that no place on it is special: between two fixes the
// straight line through the sphere, seen from above, is the great circle.

const DEGREE = Math.PI / 180 / 100000;
const LONGEST_LEG = 2 * (Math.PI / 180);

/** All flights, as columns over their fixes. */
class Traffic {
  /** Unpack the block that chart/traffic.py wrote. */
  static async read(source) {
    const raw = await unpack(source.packed);
    return new Traffic(source, raw);
  }

  constructor(source, raw) {
    this.ids = source.ids;
    this.parties = source.parties;
    this.pressure = source.pressure;
    this.reference = source.reference;
    this.party = raw.party;
    this.count = source.ids.length;
    this.slot = Uint8Array.from(raw.party, (rank) => Math.min(rank, SLOTS));
    // Flights that a page leaves out for now: one that shows a set in two states.
    this.absent = new Uint8Array(this.count);
    this.#place(raw);
    this.#bound();
    this.order = Int32Array.from({ length: this.count }, (_, i) => i).sort(
      (i, j) => this.from(i) - this.from(j),
    );
  }

  from(i) {
    return this.time[this.starts[i]];
  }

  to(i) {
    return this.time[this.starts[i + 1] - 1];
  }

  /** Lay out the fixes; long legs get fixes between, along the great circle. */
  #place(raw) {
    const total = raw.time.length;
    const x = new Float64Array(total);
    const y = new Float64Array(total);
    const z = new Float64Array(total);
    const gap = new Uint8Array(total);
    for (let k = 0; k < total; k++) {
      const cos = Math.cos(raw.lat[k] * DEGREE);
      x[k] = cos * Math.cos(raw.lon[k] * DEGREE);
      y[k] = cos * Math.sin(raw.lon[k] * DEGREE);
      z[k] = Math.sin(raw.lat[k] * DEGREE);
    }
    for (const k of raw.gap) gap[k] = 1;
    const pieces = new Int32Array(total).fill(1);
    let size = 0;
    for (let i = 0, k = 0; i < this.count; i++) {
      for (const last = k + raw.size[i] - 1; k <= last; k++) {
        if (k < last && !gap[k]) {
          const chord = Math.hypot(x[k + 1] - x[k], y[k + 1] - y[k], z[k + 1] - z[k]);
          const angle = 2 * Math.asin(Math.min(1, chord / 2));
          pieces[k] = Math.max(1, Math.ceil(angle / LONGEST_LEG));
        }
        size += pieces[k];
      }
    }
    for (const name of ["x", "y", "z", "alt"]) this[name] = new Float32Array(size);
    this.time = new Float64Array(size);
    this.gap = new Uint8Array(size);
    this.starts = new Int32Array(this.count + 1);
    let at = 0;
    for (let i = 0, k = 0; i < this.count; i++) {
      for (const last = k + raw.size[i] - 1; k <= last; k++) {
        for (let p = 0; p < pieces[k]; p++, at++) {
          const w = p / pieces[k];
          const [u, v] = w === 0 ? [1, 0] : slerp(x, y, z, k, w);
          this.x[at] = u * x[k] + (v && v * x[k + 1]);
          this.y[at] = u * y[k] + (v && v * y[k + 1]);
          this.z[at] = u * z[k] + (v && v * z[k + 1]);
          this.alt[at] = raw.alt[k] + (w && w * (raw.alt[k + 1] - raw.alt[k]));
          this.time[at] = raw.time[k] + (w && w * (raw.time[k + 1] - raw.time[k]));
          this.gap[at] = gap[k];
        }
      }
      this.starts[i + 1] = at;
    }
  }

  /** Bound each flight by a cap of the sphere, to leave out what is not in view. */
  #bound() {
    this.cap = new Float32Array(4 * this.count);
    for (let i = 0; i < this.count; i++) {
      const [lo, hi] = [this.starts[i], this.starts[i + 1]];
      let [cx, cy, cz] = [0, 0, 0];
      for (let k = lo; k < hi; k++) {
        cx += this.x[k];
        cy += this.y[k];
        cz += this.z[k];
      }
      const length = Math.hypot(cx, cy, cz) || 1;
      [cx, cy, cz] = [cx / length, cy / length, cz / length];
      let nearest = 1;
      for (let k = lo; k < hi; k++) {
        nearest = Math.min(nearest, cx * this.x[k] + cy * this.y[k] + cz * this.z[k]);
      }
      this.cap.set([cx, cy, cz, Math.acos(Math.max(-1, nearest)) + 1e-3], 4 * i);
    }
  }

  /** Tell whether flight i is in the air at a time. */
  flies(i, time) {
    return this.from(i) <= time && time <= this.to(i);
  }

  /** Find the last fix of flight i at or before a time within it. */
  fixAt(i, time) {
    let lo = this.starts[i];
    let hi = this.starts[i + 1] - 1;
    while (lo < hi) {
      const middle = (lo + hi + 1) >> 1;
      if (this.time[middle] <= time) lo = middle;
      else hi = middle - 1;
    }
    return lo;
  }

  /** Where flight i is at a time within it, or null where it was not recorded. */
  at(i, time) {
    const k = this.fixAt(i, time);
    if (k === this.starts[i + 1] - 1) {
      const before = Math.max(k - 1, this.starts[i]);
      return this.#between(before, k, 1);
    }
    if (this.gap[k] && this.time[k] !== time) return null;
    return this.#between(k, k + 1, (time - this.time[k]) / (this.time[k + 1] - this.time[k]));
  }

  #between(k, l, w) {
    const [dx, dy, dz] = [this.x[l] - this.x[k], this.y[l] - this.y[k], this.z[l] - this.z[k]];
    const seconds = ((this.time[l] - this.time[k]) * clockUnit()) / 1000;
    return {
      fix: k,
      x: this.x[k] + w * dx,
      y: this.y[k] + w * dy,
      z: this.z[k] + w * dz,
      alt: this.alt[k] + w * (this.alt[l] - this.alt[k]),
      along: [dx, dy, dz],
      knots: seconds > 0 ? (Math.hypot(dx, dy, dz) * EARTH * 3600) / (1852 * seconds) : 0,
      climb: seconds > 0 ? ((this.alt[l] - this.alt[k]) * 60) / seconds : 0,
    };
  }

  /** Write an altitude as this set measures it. */
  level(feet) {
    if (this.pressure) return `FL${String(Math.max(0, Math.round(feet / 100))).padStart(3, "0")}`;
    return `${Math.round(feet).toLocaleString("en")} ft`;
  }

  /** What a label says beside the level; a page may have more to say. */
  aside() {
    return "";
  }

  partyName(i) {
    return this.parties[this.party[i]] || "no party given";
  }
}

const EARTH = 6371008.8;

/** Weights of two unit vectors at a share of the arc between them. */
function slerp(x, y, z, k, w) {
  const dot = x[k] * x[k + 1] + y[k] * y[k + 1] + z[k] * z[k + 1];
  const angle = Math.acos(Math.max(-1, Math.min(1, dot)));
  const sin = Math.sin(angle);
  if (sin < 1e-9) return [1 - w, w];
  return [Math.sin((1 - w) * angle) / sin, Math.sin(w * angle) / sin];
}
