// The list of moved flights, the dearest first.

class ChangeList extends Listing {
  constructor(changes, volumes) {
    super(changes.dearest);
    Object.assign(this, { changes, volumes });
    this.filter();
  }

  text(j) {
    const { changes } = this;
    const party = changes.traffic.partyName(changes.filed[j]);
    return `${changes.name(j)} ${party} ${changes.rows[j].words}`;
  }

  none() {
    return this.changes.count
      ? "No moved flight has that name, party or change."
      : "No flight is moved.";
  }

  row(j) {
    const { changes } = this;
    const { words, cost } = changes.rows[j];
    const [first, ...more] = changes.others(j, this.volumes);
    const and = more.length ? ` and ${more.length} more` : "";
    const because = first === undefined ? "makes way" : `for ${first}${and}`;
    return [
      element("span", { class: "pair" }, [
        element("b", { text: changes.name(j) }),
        element("span", { class: "and", text: changes.traffic.partyName(changes.filed[j]) }),
        element("span", { class: "cost", text: cost.toLocaleString("en") }),
      ]),
      element("span", { class: "when" }, [
        element("span", { class: "words", text: words }),
        element("span", { class: "because", text: because }),
      ]),
    ];
  }
}

const FIRST_LEFT = 5;

/** Write what the plan leaves in conflict, with why; a row leads to its conflict. */
function writeRemainder(after, traffic, volumes, clock, unsolved, visit) {
  byId("left").hidden = after.count === 0;
  const row = (c) => {
    const names = after.names(c, traffic, volumes).join(after.kind[c] ? " in " : " and ");
    const button = element("button", { type: "button" }, [
      element("span", { class: "pair" }, [element("b", { text: names })]),
      element("span", { class: "when", text: `${clock.when(after.entry[c])}: ${unsolved[c]}` }),
    ]);
    button.addEventListener("click", () => visit(c));
    return element("li", {}, [button]);
  };
  const show = (most) => byId("left-list").replaceChildren(...[...after.worst].slice(0, most).map(row));
  wireMore(byId("left-more"), after.count, FIRST_LEFT, "conflicts", show);
}
