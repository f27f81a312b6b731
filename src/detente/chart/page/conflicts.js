// The page of conflicts: its parts, and what one tells another.

async function start() {
  theme.read();
  const clock = new Clock(block("clock"));
  const [traffic, conflicts, land] = await Promise.all([
    Traffic.read(block("flights")),
    Conflicts.read(block("conflicts")),
    Land.read(block("land")),
  ]);
  const volumes = new Volumes(block("volumes"));
  const about = block("about");
  const globe = new Globe();
  const tracks = new Tracks(traffic);
  const marks = new Marks(conflicts, tracks, about.minima);
  const labels = new Labels();
  const facts = new Facts(clock, traffic, conflicts, volumes);
  const list = new ConflictList(conflicts, traffic, volumes, clock);
  const strip = new Strip(byId("strip"), clock, traffic, conflicts);
  let chosen = null;

  const chosenFlights = () => {
    if (!chosen || chosen.kind === "volume") return [];
    return chosen.kind === "flight" ? [chosen.of] : conflicts.flights(chosen.of);
  };

  const stage = new Stage(globe, {
    *base(ctx, budget) {
      land.draw(ctx, globe);
      yield;
      yield* tracks.drawWhole(ctx, globe, budget);
      land.drawBorders(ctx, globe);
      land.drawNames(ctx, globe);
      marks.place(globe);
      marks.drawResting(ctx, budget / 6);
    },
    live(ctx) {
      marks.place(globe);
      tracks.place(globe, clock.now);
      volumes.draw(ctx, globe, clock.now);
      for (const i of chosenFlights()) tracks.drawChosen(ctx, globe, i);
      tracks.drawLive(ctx, globe, clock.now, clock.unit);
      marks.drawLive(ctx, globe, clock.now, chosen?.kind === "conflict" ? chosen.of : null);
      labels.draw(ctx, globe, tracks, new Set(chosenFlights()));
      drawScale(ctx, globe);
      byId("airborne").textContent = tracks.airborne.toLocaleString("en");
      facts.show(chosen, clock.now);
    },
  });

  const choose = (thing) => {
    chosen = thing;
    list.choose(thing?.kind === "conflict" ? thing.of : null);
    byId("base").classList.toggle("behind", chosenFlights().length > 0);
    stage.ticked();
  };

  const visit = (c) => {
    clock.play(false);
    clock.set(conflicts.closest[c]);
    choose({ kind: "conflict", of: c });
    const close = Math.max(globe.scale, Math.min(globe.width, globe.height) / (55 * NAUTICAL));
    globe.flyTo(conflicts.lon[c] / 100000, conflicts.lat[c] / 100000, close);
  };

  const under = (at) => {
    const c = marks.find(at, clock.now);
    const craft = tracks.find(at);
    if (c !== null && (!craft || conflicts.holds(c, clock.now))) return { kind: "conflict", of: c };
    if (craft) return { kind: "flight", of: craft.i };
    const place = globe.under(...at);
    const volume = place && volumes.find(...place);
    return volume ? { kind: "volume", of: volumes.rows.indexOf(volume) } : null;
  };

  const next = (step) => {
    if (!conflicts.count) return;
    const early = [...conflicts.early];
    let at = chosen?.kind === "conflict" ? early.indexOf(chosen.of) + step : -1;
    if (chosen?.kind !== "conflict") {
      at = early.findIndex((c) => conflicts.entry[c] >= clock.now) + (step < 0 ? -1 : 0);
    }
    visit(early[((at % early.length) + early.length) % early.length]);
  };

  const gestures = new Gestures(globe, byId("live"));
  gestures.on("click", (at) => {
    const thing = under(at);
    if (thing?.kind === "conflict") visit(thing.of);
    else choose(thing);
  });
  gestures.on("hover", (at) => {
    const thing = at && under(at);
    byId("live").classList.toggle("pointing", Boolean(thing));
    facts.point(thing, at, clock.now, [globe.width, globe.height]);
  });
  facts.on("close", () => choose(null));
  facts.on("choose", (thing) => {
    if (thing.kind === "conflict") visit(thing.of);
    else choose(thing);
  });
  list.on("choose", (c) => {
    visit(c);
    if (byId("stage").getBoundingClientRect().bottom < 200) byId("stage").scrollIntoView();
  });
  const parts = { clock, globe, traffic, tracks, stage, strip };
  wireMap({ ...parts, acts: { next, close: () => choose(null) } });
  writeSummary(about, conflicts, clock);
  writeNotes(traffic, about.notes);
  writeParties(traffic.parties, traffic.slot, tracks.hidden, () => stage.moved());
  // Begin at the worst conflict's time, with everything in view.
  if (conflicts.count) clock.set(conflicts.closest[conflicts.worst[0]]);
  ready(parts, {
    chosen: () => chosen,
    marks: () => marks.shown.map(({ c, p }) => ({ conflict: c, x: p[0], y: p[1] })),
  });
}

/** Say in words what the page holds. */
function writeSummary(about, conflicts, clock) {
  byId("found").textContent = conflicts.count
    ? `${count(about.pairs, "pair")} in conflict`
    : "No conflict";
  const losses = conflicts.count
    ? `${count(conflicts.count, "loss", "losses")} of separation among `
    : "";
  const flights = `${losses}${count(about.flights, "flight")}, ${spanText(clock)}.`;
  byId("summary").textContent = `${flights} ${minimaText(about.minima)}`;
}

begin(start);
