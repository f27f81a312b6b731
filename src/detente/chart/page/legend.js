// The legend: what each mark and colour means, and how many there are. A press hides them.

/** A button that hides and shows things; `press` is told whether they are hidden. */
function legendRow(mark, name, size, press) {
  const button = element("button", { type: "button", "aria-pressed": "true" }, [
    mark,
    element("span", { class: "name", text: name }),
    element("span", { class: "count", text: size.toLocaleString("en") }),
  ]);
  button.addEventListener("click", () => {
    const hide = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!hide));
    press(hide);
  });
  return element("li", {}, [button]);
}

/** Put into a set what is hidden, and take it out again. */
function hiding(hidden, what, change) {
  return (hide) => {
    if (hide) hidden.add(what);
    else hidden.delete(what);
    change();
  };
}

/** Write the parties, the largest first; `slots` says which slot each of many things has. */
function writeParties(parties, slots, hidden, change) {
  const sizes = new Int32Array(SLOTS + 1);
  for (const slot of slots) sizes[slot] += 1;
  const others = parties.length - SLOTS;
  const rows = [];
  sizes.forEach((size, slot) => {
    if (!size) return;
    const name =
      slot < SLOTS
        ? parties[slot] || "no party given"
        : others === 1
          ? parties[SLOTS]
          : `${others.toLocaleString("en")} smaller parties`;
    const mark = element("span", { class: `swatch party-${slot}` });
    rows.push(legendRow(mark, name, size, hiding(hidden, slot, change)));
  });
  byId("parties").replaceChildren(...rows);
}
