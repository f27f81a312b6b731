// What a plan changes: each moved flight twice, as filed and as planned, in one set of traffic.

/** Read the flights as filed, with the moved ones as planned after them. */
async function readBoth(filed, planned) {
  const [raw, more] = await Promise.all([unpack(filed.packed), unpack(planned)]);
  const fixes = raw.time.length;
  const join = (a, b) => {
    const both = new Int32Array(a.length + b.length);
    both.set(a);
    both.set(b, a.length);
    return both;
  };
  const gap = join(raw.gap, more.gap.map((k) => k + fixes));
  const party = join(raw.party, more.of.map((i) => raw.party[i]));
  for (const name of ["size", "time", "lat", "lon", "alt"]) raw[name] = join(raw[name], more[name]);
  const ids = [...filed.ids, ...Array.from(more.of, (i) => filed.ids[i])];
  const traffic = new Traffic({ ...filed, ids }, { ...raw, gap, party });
  return { traffic, filedAt: more.of };
}

const MOVED = 0;

/** The changes, by number: what, and where in the traffic both versions of the flight are. */
class Changes {
  constructor(rows, traffic, filedAt, before) {
    this.rows = rows;
    this.count = rows.length;
    this.traffic = traffic;
    this.before = before;
    this.filed = filedAt;
    this.planned = Int32Array.from(rows, (_, j) => traffic.count - this.count + j);
    this.at = new Map();
    for (let j = 0; j < this.count; j++) {
      this.at.set(this.filed[j], j);
      this.at.set(this.planned[j], j);
    }
    for (let i = 0; i < traffic.count; i++) traffic.slot[i] = this.at.has(i) ? MOVED : SLOTS;
    this.reasons = rows.map(() => []);
    for (const c of before.early) {
      for (const i of before.flights(c)) if (this.at.has(i)) this.reasons[this.at.get(i)].push(c);
    }
    this.dearest = Int32Array.from(rows, (_, j) => j).sort(
      (j, k) => rows[k].cost - rows[j].cost || j - k,
    );
    this.show(true);
  }

  /** Leave out the version that is not shown. */
  show(plan) {
    this.shown = plan ? this.planned : this.filed;
    this.ghost = plan ? this.filed : this.planned;
    for (let j = 0; j < this.count; j++) {
      this.traffic.absent[this.shown[j]] = 0;
      this.traffic.absent[this.ghost[j]] = 1;
    }
  }

  name(j) {
    return this.traffic.ids[this.filed[j]];
  }

  /** The worst of its conflicts as filed, or null where it only makes way. */
  worst(j) {
    const { severity } = this.before;
    return this.reasons[j].reduce((a, b) => (a === null || severity[b] > severity[a] ? b : a), null);
  }

  /** The others that it was in conflict with as filed, the first in time first. */
  others(j, volumes) {
    return [...new Set(this.reasons[j].map((c) => this.other(j, c, volumes)))];
  }

  /** The other of a conflict, as the traffic or the volumes name it. */
  other(j, c, volumes) {
    const names = this.before.names(c, this.traffic, volumes);
    return names[this.before.a[c] === this.filed[j] ? 1 : 0];
  }
}

/** Draw where the moved flights would be as filed (or, as filed, where they are to be). */
function drawGhosts(ctx, globe, changes, tracks, time) {
  const { traffic, ghost, shown } = changes;
  const place = (i) => {
    const here = traffic.flies(i, time) ? traffic.at(i, time) : null;
    const p = here && globe.vector(here.x, here.y, here.z);
    return p && { p, along: here.along };
  };
  ctx.lineJoin = "round";
  ctx.strokeStyle = theme.parties[MOVED];
  ctx.globalAlpha = 0.75;
  ctx.lineWidth = 1;
  for (let j = 0; j < changes.count; j++) {
    if (!tracks.visible(shown[j])) continue;
    const there = place(ghost[j]);
    if (!there || !globe.inside(there.p, 300)) continue;
    const { p, along } = there;
    const here = place(shown[j])?.p;
    if (here && Math.hypot(p[0] - here[0], p[1] - here[1]) < 5) continue;
    if (here) {
      ctx.setLineDash([2, 3]);
      ctx.beginPath();
      ctx.moveTo(...p);
      ctx.lineTo(...here);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.beginPath();
    dart(ctx, p, turnOf(globe, along), 5);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** Draw the way that a flight does not take, dashed. */
function drawGhostTrack(ctx, globe, traffic, i, strength) {
  ctx.beginPath();
  trace(ctx, globe, traffic, traffic.starts[i], traffic.starts[i + 1] - 1, 2);
  ctx.strokeStyle = theme.ink;
  ctx.globalAlpha = strength;
  ctx.lineWidth = 1.3;
  ctx.setLineDash([4, 4]);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}
