// What is known of the thing pointed at (a small card beside it) or selected (a panel).

class Facts extends Signals {
  constructor(clock, traffic, conflicts, volumes) {
    super();
    Object.assign(this, { clock, traffic, conflicts, volumes });
    this.card = byId("card");
    this.panel = byId("facts");
    byId("close").addEventListener("click", () => this.tell("close"));
  }

  flight(i, time) {
    const { traffic, clock } = this;
    const here = traffic.flies(i, time) ? traffic.at(i, time) : null;
    const rows = [["Party", traffic.partyName(i)]];
    if (here) {
      const climb = Math.round(here.climb / 50) * 50;
      rows.push(["Level", traffic.level(here.alt)]);
      rows.push(["Climb", climb ? `${climb.toLocaleString("en")} ft/min` : "level"]);
      rows.push(["Ground speed", `${Math.round(here.knots)} kt`]);
    }
    rows.push(["On record", `${clock.when(traffic.from(i))}–${clock.when(traffic.to(i))}`]);
    return { title: traffic.ids[i], rows };
  }

  conflict(c) {
    const { conflicts, clock } = this;
    const names = conflicts.names(c, this.traffic, this.volumes);
    const parties = conflicts.parties(c, this.traffic, this.volumes);
    const nearest =
      conflicts.kind[c] === 0
        ? `${apart(conflicts.horizontal[c])}, ${conflicts.vertical[c].toLocaleString("en")} ft`
        : "inside";
    return {
      title: names.join(conflicts.kind[c] === 0 ? " and " : " in "),
      rows: [
        ["Parties", parties[0] === parties[1] ? parties[0] : parties.join(" and ")],
        ["Lost", conflicts.when(c, clock)],
        ["Lasted", conflicts.lasting(c, clock)],
        ["Closest", `${clock.when(conflicts.closest[c])}, ${nearest}`],
        ["Level", this.traffic.level(conflicts.alt[c])],
        ["Severity", `${Math.round(conflicts.severity[c] / 100)} %`],
      ],
    };
  }

  #volume(row) {
    const { clock } = this;
    const when = [row.start, row.end].map((t) => (t === null ? "…" : clock.when(t)));
    const rows = [
      ["Party", row.party || "no party given"],
      ["Between", `${row.lower} and ${row.upper}`],
      ["Holds", row.start === null && row.end === null ? "always" : when.join("–")],
    ];
    if (row.effect) rows.unshift(["Effect", row.effect]);
    if (row.reason) rows.push(["Reason", row.reason]);
    return { title: row.id, rows };
  }

  describe(thing, time) {
    if (thing.kind === "flight") return this.flight(thing.of, time);
    if (thing.kind === "conflict") return this.conflict(thing.of);
    return this.#volume(this.volumes.rows[thing.of]);
  }

  /** Show the card beside a pixel, or hide it. */
  point(thing, at, time, [width, height]) {
    this.card.hidden = !thing;
    if (!thing) return;
    const { title, rows } = this.describe(thing, time);
    this.card.replaceChildren(element("b", { text: title }), table(rows));
    const left = at[0] + 16 + this.card.offsetWidth > width;
    const above = at[1] + 16 + this.card.offsetHeight > height;
    this.card.style.left = `${Math.max(4, left ? at[0] - 12 - this.card.offsetWidth : at[0] + 16)}px`;
    this.card.style.top = `${Math.max(4, above ? at[1] - 12 - this.card.offsetHeight : at[1] + 16)}px`;
  }

  /** Show the panel of the selected thing, or hide it; what did not change is left alone. */
  show(thing, time) {
    this.panel.hidden = !thing;
    const key = thing ? `${thing.kind} ${thing.of}` : "";
    const changed = this.panel.dataset.shown !== key;
    this.panel.dataset.shown = key;
    if (!thing) return;
    const { title, rows } = this.describe(thing, time);
    const text = rows.flat().join("\n");
    if (changed || this.text !== text) byId("facts-rows").replaceChildren(table(rows));
    this.text = text;
    if (!changed) return;
    byId("facts-title").textContent = title;
    byId("facts-links").replaceChildren(
      ...this.links(thing).map(([text, to]) => {
        const button = element("button", { type: "button", text });
        button.addEventListener("click", () => this.tell("choose", to));
        return button;
      }),
    );
    byId("said").textContent = `Selected: ${title}`;
  }

  /** Where one can go from a thing: words, and the thing that they lead to. */
  links(thing) {
    const { conflicts, traffic } = this;
    const links = [];
    if (thing.kind === "conflict") {
      for (const i of conflicts.flights(thing.of)) {
        links.push([traffic.ids[i], { kind: "flight", of: i }]);
      }
    } else if (thing.kind === "flight") {
      for (const c of conflicts.early) {
        if (!conflicts.flights(c).includes(thing.of)) continue;
        const other = conflicts.names(c, traffic, this.volumes);
        const which = conflicts.kind[c] === 0 && conflicts.b[c] === thing.of ? 0 : 1;
        const text = `${this.clock.minute(conflicts.closest[c])} ${other[which]}`;
        links.push([text, { kind: "conflict", of: c }]);
        if (links.length === 6) break;
      }
    }
    return links;
  }
}

function table(rows) {
  return element(
    "dl",
    {},
    rows.flatMap(([name, value]) => [
      element("dt", { text: name }),
      element("dd", { text: value }),
    ]),
  );
}
