// The page of a plan: its parts, and what one tells another.

async function start() {
  theme.read();
  const clock = new Clock(block("clock"));
  const [{ traffic, filedAt }, before, after, land] = await Promise.all([
    readBoth(block("flights"), block("planned")),
    Conflicts.read(block("before")),
    Conflicts.read(block("after")),
    Land.read(block("land")),
  ]);
  const volumes = new Volumes(block("volumes"));
  const [about, unsolved] = [block("about"), block("unsolved")];
  const changes = new Changes(block("changes"), traffic, filedAt, before);
  const globe = new Globe();
  const tracks = new Tracks(traffic);
  tracks.strong.add(MOVED);
  const states = {
    filed: { conflicts: before, marks: new Marks(before, tracks, about.minima) },
    plan: { conflicts: after, marks: new Marks(after, tracks, about.minima) },
  };
  let state = states.plan;
  const beside = [...changes.dearest].filter((j) => changes.rows[j].offset);
  const labels = new Labels();
  const facts = new PlanFacts(clock, traffic, changes, volumes, unsolved);
  const list = new ChangeList(changes, volumes);
  const strip = new Strip(byId("strip"), clock, traffic, after);
  let chosen = null;
  facts.conflicts = after;
  traffic.aside = (i, here) => otherLevel(changes, i, here, clock);

  const chosenFlights = () => {
    if (chosen?.kind === "change") return [changes.shown[chosen.of]];
    if (chosen?.kind === "flight") return [chosen.of];
    return chosen?.kind === "conflict" ? state.conflicts.flights(chosen.of) : [];
  };

  const stage = new Stage(globe, {
    *base(ctx, budget) {
      land.draw(ctx, globe);
      yield;
      yield* tracks.drawWhole(ctx, globe, budget);
      // Many ghosts are faint, so that the map stays a map.
      const strength = Math.min(0.4, 1.6 / Math.sqrt(beside.length));
      for (const j of tracks.whole ? beside : []) {
        drawGhostTrack(ctx, globe, traffic, changes.ghost[j], strength);
      }
      land.drawBorders(ctx, globe);
      land.drawNames(ctx, globe);
      state.marks.place(globe);
      state.marks.drawResting(ctx, budget / 6);
    },
    live(ctx) {
      const { marks } = state;
      marks.place(globe);
      tracks.place(globe, clock.now);
      volumes.draw(ctx, globe, clock.now);
      if (chosen?.kind === "change") {
        drawGhostTrack(ctx, globe, traffic, changes.ghost[chosen.of], 0.9);
      }
      for (const i of chosenFlights()) tracks.drawChosen(ctx, globe, i);
      if (chosen?.kind === "change" && state === states.plan) {
        drawFormer(ctx, globe, before, changes.reasons[chosen.of]);
      }
      tracks.drawLive(ctx, globe, clock.now, clock.unit);
      drawGhosts(ctx, globe, changes, tracks, clock.now);
      marks.drawLive(ctx, globe, clock.now, chosen?.kind === "conflict" ? chosen.of : null);
      labels.draw(ctx, globe, tracks, new Set(chosenFlights()));
      drawScale(ctx, globe);
      byId("airborne").textContent = tracks.airborne.toLocaleString("en");
      facts.show(chosen, clock.now);
    },
  });

  const choose = (thing) => {
    chosen = thing;
    list.choose(thing?.kind === "change" ? thing.of : null);
    byId("base").classList.toggle("behind", chosenFlights().length > 0);
    stage.ticked();
  };

  const look = (lon, lat, miles) => {
    const close = Math.min(globe.width, globe.height) / (miles * NAUTICAL);
    globe.flyTo(lon, lat, Math.max(globe.scale, close));
  };

  const visitConflict = (c) => {
    const { conflicts } = state;
    clock.play(false);
    clock.set(conflicts.closest[c]);
    choose({ kind: "conflict", of: c });
    look(conflicts.lon[c] / 100000, conflicts.lat[c] / 100000, 55);
  };

  /** Go to where a flight was in conflict as filed; or, where it makes way, to its middle. */
  const visit = (j) => {
    clock.play(false);
    const c = changes.worst(j);
    const i = changes.shown[j];
    if (c !== null) {
      clock.set(before.closest[c]);
      look(before.lon[c] / 100000, before.lat[c] / 100000, 75);
    } else {
      clock.set((traffic.from(i) + traffic.to(i)) / 2);
      const { x, y, z } = traffic.at(i, clock.now) ?? traffic.at(i, traffic.from(i));
      look(Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS, 75);
    }
    choose({ kind: "change", of: j });
  };

  const show = (name) => {
    if (state === states[name]) return;
    const plan = name === "plan";
    state = states[name];
    changes.show(plan);
    byId(plan ? "show-plan" : "show-filed").checked = true;
    facts.conflicts = state.conflicts;
    strip.show(state.conflicts);
    if (chosen?.kind !== "change") chosen = null;
    choose(chosen);
    stage.moved();
    const pairs = plan ? about.after : about.before;
    byId("said").textContent = `${plan ? "As planned" : "As filed"}: ${count(pairs, "pair")} in conflict`;
  };

  const go = (thing) => {
    if (thing?.kind === "conflict") visitConflict(thing.of);
    else if (thing?.kind === "change") visit(thing.of);
    else choose(thing);
  };

  const under = (at) => {
    const c = state.marks.find(at, clock.now);
    const craft = tracks.find(at);
    if (c !== null && (!craft || state.conflicts.holds(c, clock.now))) {
      return { kind: "conflict", of: c };
    }
    if (craft) return facts.flightOrChange(craft.i);
    const place = globe.under(...at);
    const volume = place && volumes.find(...place);
    return volume ? { kind: "volume", of: volumes.rows.indexOf(volume) } : null;
  };

  const next = (step) => {
    const rows = list.found;
    if (!rows.length) return;
    const last = chosen?.kind === "change" ? rows.indexOf(chosen.of) : step > 0 ? -1 : 0;
    visit(rows[(last + step + rows.length) % rows.length]);
  };

  const gestures = new Gestures(globe, byId("live"));
  gestures.on("click", (at) => {
    const thing = under(at);
    if (thing?.kind === "conflict") visitConflict(thing.of);
    else choose(thing);
  });
  gestures.on("hover", (at) => {
    const thing = at && under(at);
    byId("live").classList.toggle("pointing", Boolean(thing));
    facts.point(thing, at, clock.now, [globe.width, globe.height]);
  });
  facts.on("close", () => choose(null));
  facts.on("choose", go);
  const bringMap = () => {
    if (byId("stage").getBoundingClientRect().bottom < 200) byId("stage").scrollIntoView();
  };
  list.on("choose", (j) => {
    visit(j);
    bringMap();
  });
  byId("show-filed").addEventListener("change", () => show("filed"));
  byId("show-plan").addEventListener("change", () => show("plan"));
  byId("others").addEventListener("click", () => {
    const hide = !tracks.hidden.has(SLOTS);
    if (hide) tracks.hidden.add(SLOTS);
    else tracks.hidden.delete(SLOTS);
    byId("others").setAttribute("aria-pressed", String(!hide));
    stage.moved();
  });

  const parts = { clock, globe, traffic, tracks, stage, strip };
  const flip = () => show(state === states.plan ? "filed" : "plan");
  wireMap({ ...parts, acts: { next, flip, close: () => choose(null) } });
  writeSummary(about, changes, clock);
  writeNotes(traffic, about.notes);
  writeDelays(changes);
  writeBurden(block("burden"), about.fairness, (party) => {
    byId("filter").value = party;
    list.filter();
    byId("filter").scrollIntoView({ block: "nearest" });
  });
  writeRemainder(after, traffic, volumes, clock, unsolved, (c) => {
    show("plan");
    visitConflict(c);
    bringMap();
  });
  // Begin when the dearest change is under way, with everything in view.
  if (changes.count) {
    const c = changes.worst(changes.dearest[0]);
    clock.set(c === null ? traffic.from(changes.planned[changes.dearest[0]]) : before.closest[c]);
  }
  ready(parts, {
    chosen: () => chosen,
    state: () => (state === states.plan ? "plan" : "filed"),
    marks: () => state.marks.shown.map(({ c, p }) => ({ conflict: c, x: p[0], y: p[1] })),
  });
}

/** The level of the other version at the same place on its way, where that differs. */
function otherLevel(changes, i, here, clock) {
  const j = changes.at.get(i);
  if (j === undefined || !changes.rows[j].feet) return "";
  const { traffic } = changes;
  const planned = i === changes.planned[j];
  const other = planned ? changes.filed[j] : changes.planned[j];
  const later = ((planned ? -1 : 1) * changes.rows[j].delay * 1000) / clock.unit;
  const time = clock.now + later;
  const there = traffic.flies(other, time) ? traffic.at(other, time) : null;
  if (!there || Math.abs(there.alt - here.alt) < 50) return "";
  return planned ? ` was ${traffic.level(there.alt)}` : ` to be ${traffic.level(there.alt)}`;
}

/** Where a selected flight was in conflict as filed. */
function drawFormer(ctx, globe, before, conflicts) {
  ctx.setLineDash([2, 2]);
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = theme.conflict;
  for (const c of conflicts) {
    const p = globe.vector(...before.places[c]);
    if (!p) continue;
    ctx.beginPath();
    outlineMark(ctx, before.kind[c], p[0], p[1], 7);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/** Say in words what the plan comes to. */
function writeSummary(about, changes, clock) {
  byId("found").textContent = about.before
    ? `${about.before.toLocaleString("en")} → ${count(about.after, "pair")} in conflict`
    : "No conflict as filed";
  const kinds = [
    [changes.rows.filter((row) => row.delay).length, "later"],
    [changes.rows.filter((row) => row.feet).length, "on another level"],
    [changes.rows.filter((row) => row.offset).length, "beside the route"],
    [changes.rows.filter((row) => row.speed !== 1).length, "at another speed"],
  ].filter(([n]) => n);
  const how = kinds.map(([n, words]) => `${n.toLocaleString("en")} ${words}`).join(", ");
  const moved = `${changes.count.toLocaleString("en")} of ${count(about.flights, "flight")} moved`;
  const cost = changes.count
    ? ` Cost ${about.cost.toLocaleString("en")}${about.optimal ? ", proven to be the least" : ""}.`
    : "";
  byId("summary").textContent =
    `${moved}${how ? `: ${how}` : ""}.${cost} ${spanText(clock)}. ${minimaText(about.minima)}`;
  const left = about.after ? `found ${count(about.after, "pair")} in conflict` : "found no conflict";
  byId("checked").textContent = `Checked: detection ran over the planned flights and ${left}.`;
  byId("checked").classList.toggle("solved", about.after === 0);
  byId("pairs-filed").textContent = about.before.toLocaleString("en");
  byId("pairs-plan").textContent = about.after.toLocaleString("en");
}

begin(start);
