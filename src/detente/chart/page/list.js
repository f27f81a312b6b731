// The list of conflicts, the worst first, with a filter; and the legend of parties.

const ROWS = 100;

/** How far apart two were, as people of this field read it. */
function apart(metres) {
  return metres < 185 ? `${metres.toLocaleString("en")} m` : `${(metres / 1852).toFixed(2)} NM`;
}

class ConflictList extends Signals {
  #found = [];
  #most = ROWS;

  constructor(conflicts, traffic, volumes, clock) {
    super();
    Object.assign(this, { conflicts, traffic, volumes, clock });
    this.list = byId("list");
    this.more = byId("more");
    this.words = new Map();
    byId("filter").addEventListener("input", () => this.#filter());
    this.more.addEventListener("click", () => {
      this.#most += ROWS * 5;
      this.#fill();
    });
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("button");
      if (row) this.tell("choose", Number(row.dataset.conflict));
    });
    this.list.addEventListener("keydown", (event) => this.#walk(event));
    this.#filter();
  }

  #filter() {
    const wanted = byId("filter").value.trim().toLowerCase();
    this.#found = [...this.conflicts.worst].filter((c) => !wanted || this.#text(c).includes(wanted));
    this.#most = ROWS;
    this.#fill();
  }

  #text(c) {
    if (!this.words.has(c)) {
      const names = this.conflicts.names(c, this.traffic, this.volumes);
      const parties = this.conflicts.parties(c, this.traffic, this.volumes);
      this.words.set(c, [...names, ...parties].join(" ").toLowerCase());
    }
    return this.words.get(c);
  }

  #fill() {
    this.list.replaceChildren(...this.#found.slice(0, this.#most).map((c) => this.#row(c)));
    const left = this.#found.length - Math.min(this.#most, this.#found.length);
    this.more.hidden = left === 0;
    this.more.textContent = `Show more (${left.toLocaleString("en")} left)`;
    byId("nothing").hidden = this.#found.length > 0;
    byId("nothing").textContent = this.conflicts.count
      ? "No conflict has that flight or party."
      : "No conflict: everything is separated.";
    this.choose(this.chosen);
  }

  #row(c) {
    const { conflicts, clock } = this;
    const [a, b] = conflicts.names(c, this.traffic, this.volumes);
    const severity = conflicts.severity[c] / 10000;
    const bar = element("meter", {
      min: 0,
      max: 1,
      value: severity,
      "aria-label": "severity",
      title: `severity ${Math.round(severity * 100)} %`,
    });
    bar.textContent = `${Math.round(severity * 100)} %`;
    const apartText = `${apart(conflicts.horizontal[c])} · ${conflicts.vertical[c]} ft`;
    const lasting = conflicts.lasting(c, clock);
    const button = element("button", { type: "button", "data-conflict": c }, [
      element("span", { class: "pair" }, [
        element("b", { text: a }),
        element("span", { class: "and", text: conflicts.kind[c] === 0 ? "and" : "in" }),
        element("b", { text: b }),
      ]),
      element("span", { class: "when" }, [
        element("span", { text: `${clock.when(conflicts.closest[c])} · ${lasting}` }),
        element("span", { class: "apart", text: apartText }),
      ]),
      bar,
    ]);
    return element("li", {}, [button]);
  }

  #walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.shiftKey) return;
    const rows = [...this.list.querySelectorAll("button")];
    const at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  /** Mark the selected conflict in the list. */
  choose(c) {
    this.chosen = c;
    // Where the whole page scrolls (narrow screens) it must not jump away from the map.
    const scrolls = getComputedStyle(this.list.closest(".rest")).overflowY === "auto";
    for (const row of this.list.querySelectorAll("button")) {
      const on = Number(row.dataset.conflict) === c;
      row.setAttribute("aria-pressed", String(on));
      if (on && scrolls && !row.matches(":focus, :hover")) row.scrollIntoView({ block: "nearest" });
    }
  }
}

/** Write the legend; a party is hidden and shown with its button. */
function writeLegend(traffic, tracks, change) {
  const sizes = new Int32Array(SLOTS + 1);
  for (const slot of traffic.slot) sizes[slot] += 1;
  const others = traffic.parties.length - SLOTS;
  const rows = [];
  sizes.forEach((size, slot) => {
    if (!size) return;
    const name =
      slot < SLOTS
        ? traffic.parties[slot] || "no party given"
        : others === 1
          ? traffic.parties[SLOTS]
          : `${others.toLocaleString("en")} smaller parties`;
    const button = element("button", { type: "button", "aria-pressed": "true" }, [
      element("span", { class: `swatch party-${slot}` }),
      element("span", { class: "name", text: name }),
      element("span", { class: "count", text: size.toLocaleString("en") }),
    ]);
    button.addEventListener("click", () => {
      const hide = !tracks.hidden.has(slot);
      if (hide) tracks.hidden.add(slot);
      else tracks.hidden.delete(slot);
      button.setAttribute("aria-pressed", String(!hide));
      change();
    });
    rows.push(element("li", {}, [button]));
  });
  byId("parties").replaceChildren(...rows);
}
