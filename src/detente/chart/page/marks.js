// Conflicts on the map. Shape tells the kind, size and filling the severity.

const KINDS = ["flight and flight", "flight and volume", "volume and volume"];

/** How far apart two were, as people of this field read it. */
function apart(metres) {
  return metres < 185 ? `${metres.toLocaleString("en")} m` : `${(metres / 1852).toFixed(2)} NM`;
}

class Conflicts {
  static async read(source) {
    return new Conflicts(await unpack(source.packed));
  }

  constructor(columns) {
    Object.assign(this, columns);
    this.count = this.kind.length;
    this.places = Array.from({ length: this.count }, (_, c) =>
      unit(this.lon[c] / 100000, this.lat[c] / 100000),
    );
    this.worst = Int32Array.from({ length: this.count }, (_, c) => c).sort(
      (c, d) => this.severity[d] - this.severity[c] || this.entry[c] - this.entry[d],
    );
    this.early = Int32Array.from(this.worst).sort((c, d) => this.entry[c] - this.entry[d]);
  }

  holds(c, time) {
    return this.entry[c] <= time && time <= this.exit[c];
  }

  /** From when to when, in words; a page's time may end before the conflict does. */
  when(c, clock) {
    const from = `${this.beyond[c] & 1 ? "before " : ""}${clock.when(this.entry[c])}`;
    return `${from}–${this.beyond[c] & 2 ? "after " : ""}${clock.when(this.exit[c])}`;
  }

  lasting(c, clock) {
    const shown = duration(clock.seconds(this.exit[c] - this.entry[c]));
    return this.beyond[c] ? `over ${shown}` : shown;
  }

  /** The flights of a conflict. */
  flights(c) {
    if (this.kind[c] === 0) return [this.a[c], this.b[c]];
    return this.kind[c] === 1 ? [this.a[c]] : [];
  }

  names(c, traffic, volumes) {
    const a = this.kind[c] === 2 ? volumes.rows[this.a[c]].id : traffic.ids[this.a[c]];
    const b = this.kind[c] === 0 ? traffic.ids[this.b[c]] : volumes.rows[this.b[c]].id;
    return [a, b];
  }

  parties(c, traffic, volumes) {
    const name = (text) => text || "no party given";
    const a = this.kind[c] === 2 ? name(volumes.rows[this.a[c]].party) : traffic.partyName(this.a[c]);
    const b = this.kind[c] === 0 ? traffic.partyName(this.b[c]) : name(volumes.rows[this.b[c]].party);
    return [a, b];
  }
}

/** Outline a mark of a kind about a place. */
function outlineMark(ctx, kind, x, y, size) {
  const corners = [
    [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
    [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    [[0, -1.3], [1.2, 0.9], [-1.2, 0.9]],
  ][kind];
  corners.forEach(([dx, dy], i) => {
    if (i) ctx.lineTo(x + dx * size, y + dy * size);
    else ctx.moveTo(x + dx * size, y + dy * size);
  });
  ctx.closePath();
}

/** Draw a mark: hollow below a third of severity, dotted below two, full above. */
function drawMark(ctx, kind, x, y, severity, paper) {
  const size = 3.6 + 3.6 * severity;
  ctx.beginPath();
  outlineMark(ctx, kind, x, y, size);
  ctx.lineWidth = 4;
  ctx.strokeStyle = paper;
  ctx.stroke();
  ctx.fillStyle = severity >= 2 / 3 ? theme.conflict : paper;
  ctx.fill();
  ctx.lineWidth = 1.6;
  ctx.strokeStyle = theme.conflict;
  ctx.stroke();
  if (severity >= 1 / 3 && severity < 2 / 3) {
    ctx.beginPath();
    ctx.arc(x, y, size * 0.42, 0, 2 * Math.PI);
    ctx.fillStyle = theme.conflict;
    ctx.fill();
  }
}

const PIECE = 100;

class Marks {
  constructor(conflicts, tracks, minima) {
    this.conflicts = conflicts;
    this.tracks = tracks;
    this.minima = minima;
    this.shown = [];
  }

  #visible(c) {
    const flights = this.conflicts.flights(c);
    return flights.length === 0 || flights.some((i) => this.tracks.visible(i));
  }

  /** Place the conflicts in view, the worst last so that it lies on top. */
  place(globe) {
    const { conflicts } = this;
    this.shown = [];
    for (let j = conflicts.count - 1; j >= 0; j--) {
      const c = conflicts.worst[j];
      const p = globe.vector(...conflicts.places[c]);
      if (p && globe.inside(p, 10) && this.#visible(c)) this.shown.push({ c, p });
    }
  }

  /** Where every other conflict lies: small, so that the present stands out; the worst first. */
  drawResting(ctx, most = Infinity) {
    const { kind, severity } = this.conflicts;
    const drawn = this.shown.slice(Math.max(0, this.shown.length - most));
    ctx.lineWidth = 1.1;
    ctx.strokeStyle = theme.conflict;
    ctx.fillStyle = theme.conflict;
    ctx.globalAlpha = this.shown.length > 2000 ? 0.3 : 0.6;
    // In pieces: a path of tens of thousands of marks takes minutes to stroke.
    for (let at = 0; at < drawn.length; at += PIECE) {
      ctx.beginPath();
      for (const { c, p } of drawn.slice(at, at + PIECE)) {
        outlineMark(ctx, kind[c], p[0], p[1], 1.8 + 2 * (severity[c] / 10000));
      }
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }

  /** The conflicts of the present, and the selected one. */
  drawLive(ctx, globe, time, chosen) {
    const { conflicts } = this;
    for (const { c, p } of this.shown) {
      const now = conflicts.holds(c, time);
      if (!now && c !== chosen) continue;
      if (now) this.#link(ctx, globe, c, time, c === chosen);
      drawMark(ctx, conflicts.kind[c], p[0], p[1], conflicts.severity[c] / 10000, theme.panel);
      if (c !== chosen) continue;
      ctx.beginPath();
      ctx.arc(p[0], p[1], 15, 0, 2 * Math.PI);
      ctx.lineWidth = 2;
      ctx.strokeStyle = theme.ink;
      ctx.stroke();
    }
  }

  /** A line between the two, and a circle of half the minimum about each: they overlap. */
  #link(ctx, globe, c, time, chosen) {
    const { traffic } = this.tracks;
    const places = this.conflicts
      .flights(c)
      .map((i) => (traffic.flies(i, time) ? traffic.at(i, time) : null))
      .map((here) => here && globe.vector(here.x, here.y, here.z));
    if (places.length === 0 || places.some((p) => !p)) return;
    ctx.strokeStyle = theme.conflict;
    ctx.lineWidth = chosen ? 2 : 1.4;
    if (places.length === 2) {
      ctx.beginPath();
      ctx.moveTo(...places[0]);
      ctx.lineTo(...places[1]);
      ctx.stroke();
    }
    const radius = ((this.minima?.metres ?? 0) / 2 / EARTH) * globe.scale;
    if (radius < 7 || this.conflicts.kind[c] !== 0) return;
    for (const p of places) {
      ctx.beginPath();
      ctx.arc(p[0], p[1], radius, 0, 2 * Math.PI);
      ctx.fillStyle = theme.conflict;
      ctx.globalAlpha = 0.09;
      ctx.fill();
      ctx.globalAlpha = 0.7;
      ctx.lineWidth = 1;
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
  }

  /** Find the conflict nearest to a pixel; of those near, one of the present goes first. */
  find([px, py], time, within = 12) {
    let best = null;
    let least = within;
    for (const { c, p } of this.shown) {
      const distance = Math.hypot(p[0] - px, p[1] - py) - (this.conflicts.holds(c, time) ? 6 : 0);
      if (distance <= least) [best, least] = [c, distance];
    }
    return best;
  }
}
