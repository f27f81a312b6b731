// Where the user looks: an orthographic view of the sphere, north up, about any centre.

const RADIANS = Math.PI / 180;
const NAUTICAL = 1852 / 6371008.8;

/** The view. Its scale is in pixels to an Earth radius; listeners hear "view". */
class Globe extends Signals {
  constructor() {
    super();
    this.lon = 0;
    this.lat = 0;
    this.scale = 300;
    this.width = 1;
    this.height = 1;
    this.projection = geo.geoOrthographic().clipAngle(90).precision(0.4);
    this.#apply();
  }

  resize(width, height) {
    this.width = width;
    this.height = height;
    this.#apply();
    this.tell("view");
  }

  look(lon, lat, scale) {
    const least = Math.min(this.width, this.height) * 0.42;
    this.lon = ((((lon + 180) % 360) + 360) % 360) - 180;
    this.lat = Math.max(-90, Math.min(90, lat));
    this.scale = Math.max(least, Math.min(3e6, scale));
    this.#apply();
    this.tell("view");
  }

  #apply() {
    const [sl, cl] = [Math.sin(this.lon * RADIANS), Math.cos(this.lon * RADIANS)];
    const [sp, cp] = [Math.sin(this.lat * RADIANS), Math.cos(this.lat * RADIANS)];
    this.east = [-sl, cl, 0];
    this.north = [-sp * cl, -sp * sl, cp];
    this.out = [cp * cl, cp * sl, sp];
    this.cx = this.width / 2;
    this.cy = this.height / 2;
    this.projection
      .rotate([-this.lon, -this.lat, 0])
      .scale(this.scale)
      .translate([this.cx, this.cy]);
    this.reach = Math.asin(Math.min(1, Math.hypot(this.cx, this.cy) / this.scale));
  }

  get pixelsPerMile() {
    return this.scale * NAUTICAL;
  }

  /** Project a unit vector to [x, y], or null beyond the horizon. */
  vector(x, y, z) {
    const { east: e, north: n, out: o } = this;
    if (o[0] * x + o[1] * y + o[2] * z <= 0) return null;
    return [
      this.cx + this.scale * (e[0] * x + e[1] * y),
      this.cy - this.scale * (n[0] * x + n[1] * y + n[2] * z),
    ];
  }

  /** Project degrees to [x, y], or null beyond the horizon. */
  point(lon, lat) {
    return this.vector(...unit(lon, lat));
  }

  /** Give the degrees [lon, lat] under a pixel, or null off the Earth. */
  under(px, py) {
    if (Math.hypot(px - this.cx, py - this.cy) >= this.scale) return null;
    return this.projection.invert([px, py]);
  }

  /** Tell whether a cap of the sphere (unit vector, radius) can be in view. */
  sees(x, y, z, radius) {
    const [o0, o1, o2] = this.out;
    const reach = this.reach + radius;
    return reach >= Math.PI || o0 * x + o1 * y + o2 * z >= Math.cos(reach);
  }

  inside(p, margin = 0) {
    return (
      p[0] >= -margin && p[1] >= -margin &&
      p[0] <= this.width + margin && p[1] <= this.height + margin
    );
  }

  /** Turn the view so that a place lies under a pixel, as if it were held there. */
  hold([lon, lat], px, py) {
    for (let turn = 0; turn < 3; turn++) {
      const here = this.under(px, py);
      if (!here) return;
      const across = ((((lon - here[0] + 180) % 360) + 360) % 360) - 180;
      this.look(this.lon + across, this.lat + lat - here[1], this.scale);
    }
  }

  drag(from, to) {
    const held = this.under(...from);
    if (held && Math.abs(held[1]) < 80 && this.under(...to)) {
      this.hold(held, ...to);
      return;
    }
    const turn = 1 / RADIANS / this.scale;
    const squeeze = Math.max(0.2, Math.cos(this.lat * RADIANS));
    this.look(
      this.lon - ((to[0] - from[0]) * turn) / squeeze,
      this.lat + (to[1] - from[1]) * turn,
      this.scale,
    );
  }

  zoom(factor, px = this.cx, py = this.cy) {
    const held = this.under(px, py);
    this.look(this.lon, this.lat, this.scale * factor);
    if (held && Math.abs(held[1]) < 85) this.hold(held, px, py);
  }

  /** Fly to a view, or jump where motion is not wanted. */
  flyTo(lon, lat, scale) {
    cancelAnimationFrame(this.flight);
    const from = [this.lon, this.lat, Math.log(this.scale)];
    const across = ((((lon - from[0] + 180) % 360) + 360) % 360) - 180;
    const by = [across, lat - from[1], Math.log(scale) - from[2]];
    if (calm.matches || document.hidden) {
      this.look(lon, lat, scale);
      return;
    }
    const start = performance.now();
    const step = (now) => {
      const t = Math.min(1, Math.max(0, (now - start) / 500));
      const eased = t * t * (3 - 2 * t);
      this.look(from[0] + by[0] * eased, from[1] + by[1] * eased, Math.exp(from[2] + by[2] * eased));
      if (t < 1) this.flight = requestAnimationFrame(step);
    };
    this.flight = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.flight);
  }
}

function unit(lon, lat) {
  const cos = Math.cos(lat * RADIANS);
  return [
    cos * Math.cos(lon * RADIANS),
    cos * Math.sin(lon * RADIANS),
    Math.sin(lat * RADIANS),
  ];
}

/** The view that takes in all of x, y, z: [lon, lat, pixels to a radius for this size]. */
function extent({ x: xs, y: ys, z: zs }, width, height) {
  let [sx, sy, sz] = [0, 0, 0];
  for (let k = 0; k < xs.length; k++) {
    sx += xs[k];
    sy += ys[k];
    sz += zs[k];
  }
  const length = Math.hypot(sx, sy, sz);
  const globe = new Globe();
  const whole = Math.min(width, height) * 0.45;
  if (length <= 0.05 * xs.length) return [0, 20, whole];
  const lat = Math.asin(sz / length) / RADIANS;
  const lon = Math.atan2(sy, sx) / RADIANS;
  globe.look(lon, lat, 1);
  const { east: e, north: n, out: o } = globe;
  let [left, right, bottom, top] = [0, 0, 0, 0];
  for (let k = 0; k < xs.length; k++) {
    const [x, y, z] = [xs[k], ys[k], zs[k]];
    if (o[0] * x + o[1] * y + o[2] * z < 0.1) return [lon, lat, whole];
    const across = e[0] * x + e[1] * y;
    const up = n[0] * x + n[1] * y + n[2] * z;
    left = Math.min(left, across);
    right = Math.max(right, across);
    bottom = Math.min(bottom, up);
    top = Math.max(top, up);
  }
  const least = 1e-4;
  const scale = 0.92 * Math.min(width / (right - left + least), height / (top - bottom + least));
  const middle = new Globe().projection.rotate([-lon, -lat, 0]).scale(1).translate([0, 0]);
  const centre = middle.invert([(left + right) / 2, -(bottom + top) / 2]) ?? [lon, lat];
  return [centre[0], centre[1], Math.max(whole, scale)];
}
