// A long list with a filter: some rows at a time, walked with the arrow keys.

const ROWS = 100;

/** A list of numbered things. What extends it says `order`, `text(of)`, `row(of)`, `none()`. */
class Listing extends Signals {
  #most = ROWS;
  #words = new Map();

  constructor(order) {
    super();
    this.order = [...order];
    this.found = this.order;
    this.list = byId("list");
    this.more = byId("more");
    byId("filter").addEventListener("input", () => this.filter());
    this.more.addEventListener("click", () => {
      this.#most += ROWS * 5;
      this.#fill();
    });
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("button");
      if (row) this.tell("choose", Number(row.dataset.of));
    });
    this.list.addEventListener("keydown", (event) => this.#walk(event));
  }

  filter() {
    const wanted = byId("filter").value.trim().toLowerCase();
    this.found = this.order.filter((of) => !wanted || this.#said(of).includes(wanted));
    this.#most = ROWS;
    this.#fill();
  }

  #said(of) {
    if (!this.#words.has(of)) this.#words.set(of, this.text(of).toLowerCase());
    return this.#words.get(of);
  }

  #fill() {
    const rows = this.found.slice(0, this.#most).map((of) =>
      element("li", {}, [
        element("button", { type: "button", "data-of": of }, this.row(of)),
      ]),
    );
    this.list.replaceChildren(...rows);
    const left = this.found.length - rows.length;
    this.more.hidden = left === 0;
    this.more.textContent = `Show more (${left.toLocaleString("en")} left)`;
    byId("nothing").hidden = this.found.length > 0;
    byId("nothing").textContent = this.none();
    this.choose(this.chosen);
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

  /** Mark what is selected. */
  choose(of) {
    this.chosen = of;
    // Where the whole page scrolls (narrow screens) it must not jump away from the map.
    const scrolls = getComputedStyle(this.list.closest(".rest")).overflowY === "auto";
    for (const row of this.list.querySelectorAll("button")) {
      const on = Number(row.dataset.of) === of;
      row.setAttribute("aria-pressed", String(on));
      if (on && scrolls && !row.matches(":focus, :hover")) row.scrollIntoView({ block: "nearest" });
    }
  }
}
