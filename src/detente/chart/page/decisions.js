// The table of decisions, the newest first; and what is known of an intent.

class DecisionList extends Listing {
  constructor(decisions, clock) {
    super(decisions.map((_, d) => d).reverse());
    Object.assign(this, { decisions, clock });
    this.filter();
  }

  text(d) {
    const [, flight, decision, taken] = this.decisions[d];
    return `${flight} ${decision} ${stateName(decision)} ${taken}`;
  }

  none() {
    return this.decisions.length ? "No decision has that flight or word." : "No decision yet.";
  }

  row(d) {
    const [time, flight, decision, taken] = this.decisions[d];
    return [
      element("span", { class: "moment", text: momentText(this.clock, time) }),
      element("b", { class: "name", text: flight }),
      element("span", { class: "verdict" }, [
        ...(Object.hasOwn(LOOKS, decision) ? [stateMark(decision, false)] : []),
        stateName(decision),
      ]),
      ...(taken ? [element("span", { class: "taken", text: taken })] : []),
    ];
  }

  /** The newest decision about an intent, or null. */
  about(id) {
    return this.order.find((d) => this.decisions[d][1] === id) ?? null;
  }
}

/** A time with its day, where that is not the day on which the page begins. */
function momentText(clock, time) {
  const day = clock.day(time) === clock.day(0) ? "" : `${clock.day(time).slice(5)} `;
  return `${day}${clock.hour(time)}`;
}

const NOTHING = { count: 0, early: [], entry: [], exit: [], severity: [] };

class AirspaceFacts extends Facts {
  constructor(clock, traffic, volumes, list, stateOf) {
    super(clock, traffic, NOTHING, volumes);
    Object.assign(this, { list, stateOf });
  }

  describe(thing, time) {
    const { title, rows } = super.describe(thing, time);
    const row = thing.kind === "volume" ? this.volumes.rows[thing.of] : null;
    const said = rows
      .filter(([name, value]) => name !== "Party" || value !== "no party given")
      .map(([name, value]) => [name === "On record" ? "Flies" : name, value]);
    if (row?.role === "shared") said.unshift(["Shared", "what a flight occupies"]);
    if (row?.role === "constraint" || row?.role === "shared") return { title, rows: said };
    said.unshift(["State", stateName(this.stateOf(thing))]);
    const { decisions } = this.list;
    const about = decisions.filter(([, flight]) => flight === title).slice(-4);
    for (const [at, , decision, taken] of about.reverse()) {
      const words = taken ? `${stateName(decision)}: ${taken}` : stateName(decision);
      said.push([momentText(this.clock, at), words]);
    }
    return { title, rows: said };
  }
}
