// The list of conflicts, the worst first.

class ConflictList extends Listing {
  constructor(conflicts, traffic, volumes, clock) {
    super(conflicts.worst);
    Object.assign(this, { conflicts, traffic, volumes, clock });
    this.filter();
  }

  text(c) {
    const names = this.conflicts.names(c, this.traffic, this.volumes);
    return [...names, ...this.conflicts.parties(c, this.traffic, this.volumes)].join(" ");
  }

  none() {
    return this.conflicts.count
      ? "No conflict has that flight or party."
      : "No conflict: everything is separated.";
  }

  row(c) {
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
    return [
      element("span", { class: "pair" }, [
        element("b", { text: a }),
        element("span", { class: "and", text: conflicts.kind[c] === 0 ? "and" : "in" }),
        element("b", { text: b }),
      ]),
      element("span", { class: "when" }, [
        element("span", { text: `${clock.when(conflicts.closest[c])} · ${conflicts.lasting(c, clock)}` }),
        element("span", { class: "apart", text: apartText }),
      ]),
      bar,
    ];
  }
}
