// The page of what is known: its parts, and what one tells another.

async function start() {
  theme.read();
  const clock = new Clock(block("clock"));
  const [traffic, land] = await Promise.all([Traffic.read(block("flights")), Land.read(block("land"))]);
  const [about, rows, states] = [block("about"), block("volumes"), block("states")];
  // What is shared may not say whose it is; a constraint is nobody's.
  const named = rows.filter((row) => row.role === "intent" || (row.role === "shared" && row.party));
  const parties = new Set([...traffic.parties, ...named.map((row) => row.party)]);
  const choices = new Choices([...parties], about.states);
  const volumes = new IntentVolumes(rows, choices);
  const globe = new Globe();
  const tracks = new IntentTracks(traffic, states, choices);
  const labels = new Labels();
  const list = new DecisionList(block("decisions"), clock);
  const stateOf = ({ kind, of }) => about.states[kind === "flight" ? states[of] : volumes.rows[of].state];
  const facts = new AirspaceFacts(clock, traffic, volumes, list, stateOf);
  const strip = new Strip(byId("strip"), clock, traffic, NOTHING);
  let chosen = null;
  traffic.aside = (i) => (states[i] > 1 ? ` ${stateName(about.states[states[i]])}` : "");

  const chosenFlights = () => (chosen?.kind === "flight" ? [chosen.of] : []);

  const stage = new Stage(globe, {
    *base(ctx, budget) {
      land.draw(ctx, globe);
      yield;
      if (tracks.whole) yield* volumes.drawWhole(ctx, globe);
      yield* tracks.drawWhole(ctx, globe, budget);
      land.drawBorders(ctx, globe);
      land.drawNames(ctx, globe);
    },
    live(ctx) {
      tracks.place(globe, clock.now);
      volumes.draw(ctx, globe, clock.now);
      if (chosen?.kind === "volume") volumes.drawChosen(ctx, globe, volumes.rows[chosen.of]);
      for (const i of chosenFlights()) tracks.drawChosen(ctx, globe, i);
      tracks.drawLive(ctx, globe, clock.now, clock.unit);
      labels.draw(ctx, globe, tracks, new Set(chosenFlights()));
      drawScale(ctx, globe);
      byId("airborne").textContent = tracks.airborne.toLocaleString("en");
      facts.show(chosen, clock.now);
    },
  });

  const nameOf = ({ kind, of }) => (kind === "flight" ? traffic.ids[of] : volumes.rows[of].id);

  const choose = (thing, d = thing && list.about(nameOf(thing))) => {
    chosen = thing;
    list.choose(d);
    byId("base").classList.toggle("behind", chosenFlights().length > 0);
    stage.ticked();
  };

  /** Where an intent is in what is drawn, or null. */
  const find = (id) => {
    const i = traffic.ids.indexOf(id);
    if (i >= 0) return { kind: "flight", of: i };
    const of = volumes.rows.findIndex((row) => row.id === id && row.role === "intent");
    return of < 0 ? null : { kind: "volume", of };
  };

  /** Go to the intent that a decision is about, at a time at which it flies. */
  const visit = (d) => {
    const thing = find(list.decisions[d][1]);
    if (thing) {
      clock.play(false);
      const row = volumes.rows[thing.of];
      const [from, to] =
        thing.kind === "flight"
          ? [traffic.from(thing.of), traffic.to(thing.of)]
          : [row.start ?? clock.now, row.end ?? clock.now];
      if (clock.now < from || clock.now > to) clock.set((from + to) / 2);
      const here =
        thing.kind === "flight"
          ? (traffic.at(thing.of, clock.now) ?? traffic.at(thing.of, from))
          : row;
      const lat = Math.atan2(here.z, Math.hypot(here.x, here.y)) / RADIANS;
      const close = Math.min(globe.width, globe.height) / (150 * NAUTICAL);
      globe.flyTo(Math.atan2(here.y, here.x) / RADIANS, lat, Math.max(globe.scale, close));
    }
    choose(thing, d);
    if (!thing) byId("said").textContent = `${list.decisions[d][1]} is not on the map`;
  };

  const under = (at) => {
    const craft = tracks.find(at);
    if (craft) return { kind: "flight", of: craft.i };
    const place = globe.under(...at);
    const row = place && volumes.findAt(...place, clock.now);
    return row ? { kind: "volume", of: volumes.rows.indexOf(row) } : null;
  };

  const next = (step) => {
    const { found } = list;
    if (!found.length) return;
    const last = found.indexOf(list.chosen);
    visit(found[last < 0 ? (step > 0 ? 0 : found.length - 1) : (last + step + found.length) % found.length]);
  };

  const gestures = new Gestures(globe, byId("live"));
  gestures.on("click", (at) => choose(under(at)));
  gestures.on("hover", (at) => {
    const thing = at && under(at);
    byId("live").classList.toggle("pointing", Boolean(thing));
    facts.point(thing, at, clock.now, [globe.width, globe.height]);
  });
  facts.on("close", () => choose(null));
  list.on("choose", (d) => {
    visit(d);
    if (byId("stage").getBoundingClientRect().bottom < 200) byId("stage").scrollIntoView();
  });

  const colourBy = (party) => {
    choices.byParty = party;
    byId(party ? "by-party" : "by-state").checked = true;
    byId("panel").classList.toggle("plain", party);
    stage.moved();
  };
  const several = choices.parties.length > 1;
  byId("colours").hidden = !several;
  byId("parties-part").hidden = !several;
  byId("by-party").addEventListener("change", () => colourBy(true));
  byId("by-state").addEventListener("change", () => colourBy(false));

  const parts = { clock, globe, traffic, tracks, stage, strip };
  const flip = () => several && colourBy(!choices.byParty);
  const edges = volumes.places();
  const places = Object.fromEntries(
    ["x", "y", "z"].map((axis, k) => [axis, Array.from(traffic[axis]).concat(edges[k])]),
  );
  wireMap({ ...parts, places, acts: { next, flip, close: () => choose(null) } });
  colourBy(several);
  writeSummary(about, volumes, clock);
  writeNotes(traffic, about.notes);
  writeStates(about, choices, () => stage.moved());
  writeRoles(volumes, choices, () => stage.moved());
  writeParties(choices.parties, intentSlots(traffic, volumes), choices.hiddenParties, () => stage.moved());
  // Begin when most fly, with everything in view.
  const busiest = strip.flying.indexOf(strip.most);
  clock.set(traffic.count ? ((busiest + 0.5) / strip.flying.length) * clock.span : clock.span / 2);
  ready(parts, {
    chosen: () => chosen,
    colours: () => (choices.byParty ? "party" : "state"),
    holding: () =>
      volumes.rows
        .filter((row) => volumes.style(row, volumes.holds(row, clock.now)))
        .map(({ id, role }) => ({ id, role })),
  });
}

/** The slot of each intent's party, and of each party that only shares. */
function intentSlots(traffic, volumes) {
  const seen = new Map();
  for (const row of volumes.rows) {
    if (row.role !== "constraint" && row.slot >= 0) seen.set(`${row.role} ${row.id}`, row.slot);
  }
  return [...traffic.slot, ...seen.values()];
}

/** How many different things of a role there are. */
function countOf(volumes, role) {
  return new Set(volumes.rows.filter((row) => row.role === role).map((row) => row.id)).size;
}

function writeStates(about, choices, change) {
  const rows = about.states.flatMap((name, state) =>
    about.counts[state]
      ? [legendRow(stateMark(name), stateName(name), about.counts[state], hiding(choices.hiddenStates, state, change))]
      : [],
  );
  byId("states").replaceChildren(...rows);
  byId("states-part").hidden = rows.length === 0;
}

function writeRoles(volumes, choices, change) {
  const rows = [["constraint", "constraints"], ["shared", "shared volumes"]].flatMap(([role, name]) => {
    const size = countOf(volumes, role);
    const mark = element("span", { class: `area ${role}` });
    return size ? [legendRow(mark, name, size, hiding(choices.hiddenRoles, role, change))] : [];
  });
  byId("roles").replaceChildren(...rows);
  byId("roles-part").hidden = rows.length === 0;
}

/** Say in words what the page holds. */
function writeSummary(about, volumes, clock) {
  // A track that nobody declared is no intent.
  const tracks = about.counts[about.states.indexOf("undeclared")];
  const total = about.counts.reduce((a, b) => a + b, 0) - tracks;
  const seen = tracks ? ` and ${count(tracks, "undeclared track")}` : "";
  byId("found").textContent = (total ? count(total, "intent") : "No intent") + seen;
  const kinds = about.states.flatMap((name, state) =>
    about.counts[state] ? [`${about.counts[state].toLocaleString("en")} ${stateName(name)}`] : [],
  );
  const constraints = countOf(volumes, "constraint");
  if (constraints) kinds.push(count(constraints, "constraint"));
  const words = kinds.length ? `${kinds.join(", ")}. ` : "";
  byId("summary").textContent = `${words}${spanText(clock)}.`;
  byId("note").textContent = about.note;
  byId("note").hidden = !about.note;
}

begin(start);
