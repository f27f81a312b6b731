// What is known of a change: what, why, at what cost, and its profile before and after.

class PlanFacts extends Facts {
  constructor(clock, traffic, changes, volumes, unsolved) {
    super(clock, traffic, changes.before, volumes);
    Object.assign(this, { changes, unsolved });
    this.profile = element("div", { class: "profile" });
    byId("facts-rows").after(this.profile);
  }

  describe(thing, time) {
    if (thing.kind === "change") return this.#change(thing.of);
    const said = super.describe(thing, time);
    if (thing.kind === "conflict" && this.conflicts !== this.changes.before) {
      said.rows.push(["Why left", this.unsolved[thing.of]]);
    }
    return said;
  }

  #change(j) {
    const { changes, clock } = this;
    const row = changes.rows[j];
    const reasons = changes.reasons[j];
    const rows = [
      ["Party", this.traffic.partyName(changes.filed[j])],
      ["Change", row.words],
      ["Cost", row.cost.toLocaleString("en")],
      [
        "Why",
        reasons.length
          ? `in conflict as filed with ${count(changes.others(j, this.volumes).length, "other")}, first at ` +
            clock.when(changes.before.entry[reasons[0]])
          : "makes way for a flight that had to move itself",
      ],
    ];
    if (row.precedence) rows.splice(1, 0, ["Precedence", row.precedence]);
    return { title: changes.name(j), rows };
  }

  show(thing, time) {
    super.show(thing, time);
    const j = thing?.kind === "change" ? thing.of : null;
    if (j !== this.profiled) {
      this.profiled = j;
      this.profile.replaceChildren(...(j === null ? [] : this.#profile(j)));
    }
    if (j !== null) this.#mark(time);
  }

  /** Level over time, as filed and as planned. */
  #profile(j) {
    const { changes, traffic, clock } = this;
    const [filed, planned] = [changes.filed[j], changes.planned[j]];
    const first = Math.min(traffic.from(filed), traffic.from(planned));
    const last = Math.max(traffic.to(filed), traffic.to(planned));
    let [low, high] = [Infinity, -Infinity];
    for (const i of [filed, planned]) {
      for (let k = traffic.starts[i]; k < traffic.starts[i + 1]; k++) {
        low = Math.min(low, traffic.alt[k]);
        high = Math.max(high, traffic.alt[k]);
      }
    }
    const across = (time) => ((time - first) / (last - first)) * 232;
    // At least 4,000 ft from top to bottom, so that a wobble looks like one.
    const span = Math.max(4000, high - low);
    const up = (alt) => 5 + (((low + high) / 2 + span / 2 - alt) / span) * 42;
    const line = (i) => {
      let path = "";
      for (let k = traffic.starts[i]; k < traffic.starts[i + 1]; k++) {
        const pen = k === traffic.starts[i] || traffic.gap[k - 1] ? "M" : "L";
        path += `${pen}${across(traffic.time[k]).toFixed(1)} ${up(traffic.alt[k]).toFixed(1)}`;
      }
      return path;
    };
    this.now = drawing("line", { class: "now", y1: 0, y2: 52 });
    this.across = (time) => (first <= time && time <= last ? across(time) : null);
    const top = traffic.level(high);
    return [
      drawing("svg", { viewBox: "0 0 232 52", role: "img", "aria-label": `Level over time, highest ${top}` }, [
        drawing("path", { class: "filed", d: line(filed) }),
        drawing("path", { class: "planned", d: line(planned) }),
        this.now,
      ]),
      element("p", { class: "key" }, [
        element("span", { text: clock.minute(first) }),
        element("span", { class: "dashed", text: "filed" }),
        element("span", { class: "solid", text: "planned" }),
        element("span", { text: clock.minute(last) }),
      ]),
    ];
  }

  #mark(time) {
    const x = this.across(time);
    this.now.setAttribute("visibility", x === null ? "hidden" : "visible");
    for (const end of ["x1", "x2"]) this.now.setAttribute(end, x ?? 0);
  }

  links(thing) {
    const { changes } = this;
    if (thing.kind === "change") {
      return changes.reasons[thing.of].slice(0, 6).map((c) => {
        const text = `${this.clock.minute(changes.before.closest[c])} ${changes.other(thing.of, c, this.volumes)}`;
        const others = changes.before.flights(c).filter((i) => i !== changes.filed[thing.of]);
        if (others.length) return [text, this.flightOrChange(others[0])];
        return [text, { kind: "volume", of: changes.before.b[c] }];
      });
    }
    return super
      .links(thing)
      .map(([text, to]) => [text, to.kind === "flight" ? this.flightOrChange(to.of) : to]);
  }

  flightOrChange(i) {
    const { at } = this.changes;
    return at.has(i) ? { kind: "change", of: at.get(i) } : { kind: "flight", of: i };
  }
}
