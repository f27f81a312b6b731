// The charts beside the map: how long the delays are, and who bears the cost.

/** A table that only readers of the screen's text see. */
function readersTable(caption, head, rows) {
  const cells = (tag, row) => row.map((text) => element(tag, { text }));
  return element("table", { class: "said" }, [
    element("caption", { text: caption }),
    element("thead", {}, [element("tr", {}, cells("th", head))]),
    element("tbody", {}, rows.map((row) => element("tr", {}, cells("td", row)))),
  ]);
}

/** How many flights are delayed by how much: a bar for each minute, or for several. */
function writeDelays(changes) {
  const minutes = changes.rows.map((row) => row.delay / 60).filter((m) => m > 0);
  if (!minutes.length) {
    byId("delays").replaceChildren(element("p", { class: "none", text: "No flight is delayed." }));
    return;
  }
  const most = minutes.reduce((a, b) => Math.max(a, b), 0);
  const step = [1, 2, 5, 10, 15, 30, 60, 120].find((m) => most / m <= 20) ?? 240;
  const bins = new Array(Math.ceil(most / step)).fill(0);
  for (const m of minutes) bins[Math.ceil(m / step) - 1] += 1;
  const tallest = Math.max(...bins);
  const [width, height, floor] = [294, 92, 76];
  const wide = width / Math.max(bins.length, 6);
  const span = (k) => (step === 1 ? `${k + 1} min` : `over ${k * step} to ${(k + 1) * step} min`);
  const bars = bins.map((n, k) => {
    const tall = n ? Math.max(1.5, (n / tallest) * (floor - 16)) : 0;
    return drawing("rect", { class: "bar", x: k * wide + 1, y: floor - tall, width: wide - 2, height: tall }, [
      drawing("title", {}, [`${span(k)}: ${count(n, "flight")}`]),
    ]);
  });
  const labels = [];
  const every = Math.ceil(bins.length / 7);
  for (let k = every - 1; k < bins.length; k += every) {
    labels.push(drawing("text", { x: (k + 0.5) * wide, y: height - 4, class: "tick" }, [`${(k + 1) * step}`]));
  }
  const peak = bins.indexOf(tallest);
  const top = drawing("text", { x: (peak + 0.5) * wide, y: 11, class: "tick" }, [tallest.toLocaleString("en")]);
  const base = drawing("line", { class: "base", x1: 0, x2: width, y1: floor, y2: floor });
  const mean = minutes.reduce((a, b) => a + b, 0) / minutes.length;
  byId("delays").replaceChildren(
    drawing("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, [base, ...bars, ...labels, top]),
    element("p", {
      class: "key",
      text: `${count(minutes.length, "flight")}; mean ${mean.toFixed(1)}, longest ${+most.toFixed(1)} min`,
    }),
    readersTable("Delays", ["delay", "flights"], bins.map((n, k) => [span(k), n.toLocaleString("en")])),
  );
}

const FIRST_PARTIES = 6;

/** What each party bears, beside what its share would be; a name filters the list. */
function writeBurden(accounts, fairness, choose) {
  const rows = accounts
    .map(([party, flights, share, moved, delay, cost]) => ({ party, flights, share, moved, delay, cost }))
    .filter((one) => one.cost || one.share)
    .sort((a, b) => b.cost - a.cost || b.share - a.share || (a.party < b.party ? -1 : 1));
  const sum = (name) => rows.reduce((total, one) => total + one[name], 0);
  const [cost, shares] = [sum("cost"), sum("share")];
  byId("burden-part").hidden = cost === 0;
  if (!cost) return;
  const fair = (one) => (shares ? (cost * one.share) / shares : 0);
  const largest = rows.reduce((most, one) => Math.max(most, one.cost, fair(one)), 1);
  const row = (one) => {
    const name = one.party || "no party given";
    const button = element("button", { type: "button", text: name, title: `Show the flights of ${name}` });
    button.addEventListener("click", () => choose(name));
    const [bears, owes] = [one.cost, fair(one)].map((value) => (100 * value) / largest);
    const bar = drawing("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, [
      drawing("rect", { class: "bar", x: 0, y: 1.5, width: bears, height: 7 }),
      drawing("rect", { class: "share", x: Math.max(0, Math.min(99.2, owes - 0.4)), y: 0, width: 0.8, height: 10 }),
    ]);
    return element("tr", {}, [
      element("th", { scope: "row" }, [button]),
      element("td", { class: "bars" }, [bar]),
      element("td", { text: one.cost.toLocaleString("en") }),
      element("td", { class: "fair", text: Math.round(fair(one)).toLocaleString("en") }),
      element("td", { text: one.moved.toLocaleString("en") }),
    ]);
  };
  const body = byId("burden");
  const show = (most) => body.replaceChildren(...rows.slice(0, most).map(row));
  wireMore(byId("burden-more"), rows.length, FIRST_PARTIES, "parties with a cost or a share", show);
  byId("fairness").textContent =
    `Share: the party's part of the flights in conflict as filed. Jain's index ` +
    `${fairness.jain.toFixed(2)}; the heaviest burden is ${fairness.most.toFixed(1)} times its share.`;
}
