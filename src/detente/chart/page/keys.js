// The keyboard: every act that the pointer has, and the same keys wherever the focus is.

/** Wire the keys. `acts` names what each does; text fields keep their own keys. */
function wireKeys(acts) {
  const keys = {
    " ": acts.play,
    ArrowLeft: () => acts.step(-10),
    ArrowRight: () => acts.step(10),
    PageDown: () => acts.step(300),
    PageUp: () => acts.step(-300),
    Home: () => acts.step(-Infinity),
    End: () => acts.step(Infinity),
    "+": () => acts.zoom(1.5),
    "=": () => acts.zoom(1.5),
    "-": () => acts.zoom(1 / 1.5),
    0: acts.fit,
    n: () => acts.next(1),
    p: () => acts.next(-1),
    t: acts.tracks,
    f: acts.flip,
    "?": acts.help,
    Escape: acts.close,
  };
  const pans = {
    ArrowLeft: [1, 0],
    ArrowRight: [-1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
    const { target } = event;
    const types = target.matches("input[type=search], select, textarea");
    if (types && event.key !== "Escape") return;
    if (target.matches("button, summary") && event.key === " ") return;
    const act = event.shiftKey && pans[event.key] ? () => acts.pan(pans[event.key]) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
