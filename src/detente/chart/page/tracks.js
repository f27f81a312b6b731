// Tracks and aircraft. The whole tracks lie faint beneath; trails follow the aircraft.

/** Trace the fixes lo..hi of a track; nothing is drawn across a gap or beyond the horizon. */
function trace(ctx, globe, traffic, lo, hi, pixels, end = null) {
  const { x, y, z, gap } = traffic;
  const [e0, e1] = globe.east;
  const [n0, n1, n2] = globe.north;
  const [o0, o1, o2] = globe.out;
  const { cx, cy, scale } = globe;
  let drawing = false;
  let [lastX, lastY] = [0, 0];
  for (let k = lo; k <= hi; k++) {
    if (o0 * x[k] + o1 * y[k] + o2 * z[k] <= 0) {
      drawing = false;
      continue;
    }
    const px = cx + scale * (e0 * x[k] + e1 * y[k]);
    const py = cy - scale * (n0 * x[k] + n1 * y[k] + n2 * z[k]);
    if (!drawing || (k > lo && gap[k - 1])) {
      ctx.moveTo(px, py);
      drawing = true;
    } else if (k < hi && !gap[k] && Math.abs(px - lastX) + Math.abs(py - lastY) < pixels) {
      continue;
    } else {
      ctx.lineTo(px, py);
    }
    [lastX, lastY] = [px, py];
  }
  if (end && drawing && !gap[hi]) ctx.lineTo(end[0], end[1]);
}

class Tracks {
  constructor(traffic) {
    this.traffic = traffic;
    this.hidden = new Set();
    // Slots that are drawn over the others, and more strongly.
    this.strong = new Set();
    // How flights look: by the slot of their party. What extends this may see to it otherwise.
    this.styles = Array.from({ length: SLOTS + 1 }, (_, slot) => ({
      get colour() {
        return theme.parties[slot];
      },
      dash: [],
      width: 1,
      shape: dart,
    }));
    this.whole = true;
    this.trail = 3 * 60 * 1000;
    this.shown = [];
  }

  /** How flight i looks; one of few objects. */
  style(i) {
    return this.styles[this.traffic.slot[i]];
  }

  /** How strongly a whole track is drawn where so many are in view. */
  strength(many) {
    return (dark.matches ? 0.2 : 0.24) * Math.max(0.3, Math.min(1, 18 / Math.sqrt(many + 1)));
  }

  /** Whether flight i is one of those that fly. */
  counts() {
    return true;
  }

  visible(i) {
    return !this.traffic.absent[i] && !this.hidden.has(this.traffic.slot[i]);
  }

  #seen(globe) {
    const { cap, count } = this.traffic;
    const seen = [];
    for (let i = 0; i < count; i++) {
      const at = 4 * i;
      if (this.visible(i) && globe.sees(cap[at], cap[at + 1], cap[at + 2], cap[at + 3])) {
        seen.push(i);
      }
    }
    return seen;
  }

  /** Draw all tracks in view, in steps: each step yields, so that the page stays awake. */
  *drawWhole(ctx, globe, budget) {
    if (!this.whole) return;
    const { starts } = this.traffic;
    const { slot } = this.traffic;
    const seen = this.#seen(globe);
    if (this.strong.size) seen.sort((i, j) => this.strong.has(slot[i]) - this.strong.has(slot[j]));
    let fixes = 0;
    for (const i of seen) fixes += starts[i + 1] - starts[i];
    const every = Math.max(1, Math.ceil(fixes / budget));
    ctx.lineJoin = "bevel";
    const alpha = this.strength(seen.length);
    let done = 0;
    for (let j = 0; j < seen.length; j += every) {
      const i = seen[j];
      const more = this.strong.has(slot[i]) ? 2.5 : 1;
      const style = this.style(i);
      ctx.globalAlpha = Math.min(Math.max(0.6, alpha), more * alpha * Math.sqrt(every));
      ctx.strokeStyle = style.colour;
      ctx.lineWidth = style.width;
      ctx.setLineDash(style.dash);
      ctx.beginPath();
      trace(ctx, globe, this.traffic, starts[i], starts[i + 1] - 1, 1);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.globalAlpha = 1;
      done += starts[i + 1] - starts[i];
      if (done > 4000) {
        done = 0;
        yield;
      }
    }
  }

  /** Place every aircraft in view at a time; `shown` keeps them for labels and pointing. */
  place(globe, time) {
    const { traffic } = this;
    this.shown = [];
    this.airborne = 0;
    for (const i of traffic.order) {
      if (traffic.from(i) > time) break;
      if (traffic.to(i) < time || traffic.absent[i]) continue;
      if (this.counts(i)) this.airborne += 1;
      if (!this.visible(i)) continue;
      const at = 4 * i;
      const { cap } = traffic;
      if (!globe.sees(cap[at], cap[at + 1], cap[at + 2], cap[at + 3])) continue;
      const here = traffic.at(i, time);
      const p = here && globe.vector(here.x, here.y, here.z);
      if (!p || !globe.inside(p, 200)) continue;
      this.shown.push({ i, p, here, turn: turnOf(globe, here.along) });
    }
  }

  drawLive(ctx, globe, time, unit) {
    const { traffic } = this;
    const alike = new Map(this.styles.map((style) => [style, []]));
    for (const craft of this.shown) alike.get(this.style(craft.i)).push(craft);
    ctx.lineJoin = "round";
    ctx.lineCap = "round";
    const since = time - this.trail / unit;
    for (const [style, crafts] of alike) {
      ctx.beginPath();
      for (const { i, here, p } of crafts) {
        const lo = traffic.fixAt(i, Math.max(since, traffic.from(i)));
        trace(ctx, globe, traffic, lo, here.fix, 1.5, p);
      }
      ctx.strokeStyle = style.colour;
      ctx.globalAlpha = 0.75;
      ctx.lineWidth = 1.6;
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
    for (const [style, crafts] of alike) {
      ctx.beginPath();
      for (const craft of crafts) style.shape(ctx, craft.p, craft.turn, this.#size(globe));
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = theme.land;
      ctx.stroke();
      ctx.fillStyle = style.colour;
      ctx.fill("evenodd");
    }
  }

  #size(globe) {
    return Math.max(2.6, Math.min(7, 2.6 + globe.pixelsPerMile));
  }

  /** Draw one whole track strongly: a selected flight, or one of a selected conflict. */
  drawChosen(ctx, globe, i) {
    const { starts } = this.traffic;
    ctx.lineJoin = "round";
    ctx.beginPath();
    trace(ctx, globe, this.traffic, starts[i], starts[i + 1] - 1, 0.5);
    ctx.strokeStyle = theme.land;
    ctx.lineWidth = 5;
    ctx.stroke();
    const style = this.style(i);
    ctx.strokeStyle = style.colour;
    ctx.lineWidth = 2.2;
    ctx.setLineDash(style.dash.map((long) => 1.5 * long));
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /** The pixels of a track as it is drawn, run by run. */
  runs(globe, i) {
    const runs = [];
    const pen = {
      moveTo: (x, y) => runs.push([[x, y]]),
      lineTo: (x, y) => runs[runs.length - 1].push([x, y]),
    };
    trace(pen, globe, this.traffic, this.traffic.starts[i], this.traffic.starts[i + 1] - 1, 0);
    return runs;
  }

  /** Find the aircraft nearest to a pixel. */
  find([px, py], within = 14) {
    let best = null;
    for (const craft of this.shown) {
      const distance = Math.hypot(craft.p[0] - px, craft.p[1] - py);
      if (distance < within) [best, within] = [craft, distance];
    }
    return best;
  }
}

/** Which way a direction points on the screen: clockwise from up. */
function turnOf(globe, [dx, dy, dz]) {
  const right = globe.east[0] * dx + globe.east[1] * dy;
  const up = globe.north[0] * dx + globe.north[1] * dy + globe.north[2] * dz;
  return Math.atan2(right, up);
}

/** A dart that points where the aircraft goes. */
function dart(ctx, [x, y], turn, size) {
  const [s, c] = [Math.sin(turn), Math.cos(turn)];
  const at = (right, up) => [x + right * c + up * s, y + right * s - up * c];
  ctx.moveTo(...at(0, 1.5 * size));
  ctx.lineTo(...at(0.85 * size, -size));
  ctx.lineTo(...at(0, -0.5 * size));
  ctx.lineTo(...at(-0.85 * size, -size));
  ctx.closePath();
}
