// What every map has: its buttons, keys, clock, theme and size, tied together once.

/** Tie the parts of a map. `next`, `close` and others in `acts` are the page's own; `places` are
    what the view takes in. */
function wireMap({ clock, globe, traffic, tracks, stage, strip, acts, places = traffic }) {
  const fit = () => globe.flyTo(...extent(places, globe.width, globe.height));
  const showTracks = (on = !tracks.whole) => {
    tracks.whole = on;
    byId("whole").setAttribute("aria-pressed", String(on));
    stage.moved();
  };
  clock.on("time", () => stage.ticked());
  byId("zoom-in").addEventListener("click", () => globe.zoom(1.5));
  byId("zoom-out").addEventListener("click", () => globe.zoom(1 / 1.5));
  byId("fit").addEventListener("click", fit);
  byId("whole").addEventListener("click", () => showTracks());
  byId("keys").addEventListener("click", () => byId("help").showModal());
  wireClock(clock);
  wireKeys({
    play: () => clock.play(),
    step: (seconds) => clock.step(seconds),
    zoom: (factor) => globe.zoom(factor),
    pan: ([x, y]) => globe.drag([globe.cx, globe.cy], [globe.cx + 80 * x, globe.cy + 80 * y]),
    fit,
    tracks: () => showTracks(),
    help: () => byId("help").showModal(),
    ...acts,
  });
  dark.addEventListener("change", () => {
    theme.read();
    strip.draw();
    stage.moved();
  });
  new ResizeObserver(() => {
    stage.resize();
    strip.resize();
  }).observe(byId("stage"));
  stage.resize();
  strip.resize();
  if (traffic.count > 4000) showTracks(false);
  globe.look(...extent(places, globe.width, globe.height));
}

/** Say that the page stands, and what it shows, for scripts and tests. */
function ready({ clock, globe, traffic, tracks }, more) {
  document.documentElement.dataset.ready = "yes";
  window.detente = {
    time: () => clock.now,
    view: () => ({ lon: globe.lon, lat: globe.lat, scale: globe.scale }),
    look: (lon, lat, scale) => globe.look(lon, lat, scale),
    runs: (id) => tracks.runs(globe, traffic.ids.indexOf(id)),
    aircraft: () => tracks.shown.map(({ i, p }) => ({ id: traffic.ids[i], x: p[0], y: p[1] })),
    ...more,
  };
}

/** Show the first of many rows, and all of them when the button is pressed. */
function wireMore(button, size, first, words, show) {
  const fill = (all) => {
    show(all ? size : first);
    button.textContent = all ? "Fewer" : `All ${size.toLocaleString("en")} ${words}`;
    button.setAttribute("aria-expanded", String(all));
  };
  button.hidden = size <= first;
  button.addEventListener("click", () => fill(button.getAttribute("aria-expanded") !== "true"));
  fill(false);
}

/** Write how many, with a word for one and for several. */
function count(n, one, many = `${one}s`) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** Write the minima of a run, where they are known. */
function minimaText(minima) {
  if (!minima) return "";
  const miles = +(minima.metres / 1852).toFixed(2);
  return `Minima ${miles}\u00a0NM and ${minima.feet.toLocaleString("en")}\u00a0ft.`;
}

/** Write from when to when the page's flights fly. */
function spanText(clock) {
  const last = clock.day(clock.span) === clock.day(0) ? "" : `${clock.day(clock.span)} `;
  return `${clock.day(0)} ${clock.minute(0)} to ${last}${clock.minute(clock.span)} UTC`;
}

/** Write the small print: what altitudes mean, what is not drawn, where things are from. */
function writeNotes(traffic, notes) {
  const reference = traffic.pressure ? "" : `Altitudes in feet above ${traffic.reference}.`;
  byId("notes").replaceChildren(
    ...[reference, ...notes].filter(Boolean).map((text) => element("p", { text })),
  );
}

/** Run a page's start; where the browser is too old, say so. */
function begin(start) {
  start().catch((error) => {
    byId("found").textContent = "This page could not be drawn";
    byId("summary").textContent = `${error.message}. It needs a browser of 2023 or later.`;
    throw error;
  });
}
