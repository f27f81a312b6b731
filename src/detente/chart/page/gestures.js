// Dragging, the wheel, two fingers, a double click: how a hand moves the view.

/** Let the pointer move a globe. Clicks that were no drag are told as "click" and "hover". */
class Gestures extends Signals {
  #down = new Map();
  #moved = 0;
  #spread = 0;

  constructor(globe, target) {
    super();
    this.globe = globe;
    this.target = target;
    target.addEventListener("pointerdown", (event) => this.#press(event));
    target.addEventListener("pointermove", (event) => this.#move(event));
    target.addEventListener("pointerup", (event) => this.#release(event, true));
    target.addEventListener("pointercancel", (event) => this.#release(event, false));
    target.addEventListener("pointerleave", () => this.tell("hover", null));
    target.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    target.addEventListener("dblclick", (event) => {
      globe.zoom(event.shiftKey ? 0.5 : 2, ...this.#at(event));
    });
  }

  #at(event) {
    const box = this.target.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #press(event) {
    this.globe.stop();
    this.target.setPointerCapture(event.pointerId);
    if (this.#down.size === 0) this.#moved = 0;
    this.#down.set(event.pointerId, this.#at(event));
    this.#spread = this.#distance();
    this.tell("hover", null);
  }

  #distance() {
    const [a, b] = [...this.#down.values()];
    return b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
  }

  #middle() {
    const held = [...this.#down.values()];
    return [0, 1].map((axis) => held.reduce((sum, p) => sum + p[axis], 0) / held.length);
  }

  #move(event) {
    const at = this.#at(event);
    if (!this.#down.has(event.pointerId)) {
      if (event.pointerType === "mouse") this.tell("hover", at);
      return;
    }
    const before = this.#middle();
    const last = this.#down.get(event.pointerId);
    this.#moved += Math.hypot(at[0] - last[0], at[1] - last[1]);
    this.#down.set(event.pointerId, at);
    if (this.#moved > 4) this.globe.drag(before, this.#middle());
    if (this.#down.size > 1) {
      const spread = this.#distance();
      if (this.#spread > 0 && spread > 0) this.globe.zoom(spread / this.#spread, ...this.#middle());
      this.#spread = spread;
    }
  }

  #release(event, whole) {
    if (!this.#down.delete(event.pointerId)) return;
    this.#spread = this.#distance();
    if (whole && this.#down.size === 0 && this.#moved <= 4) {
      this.tell("click", this.#at(event));
    }
  }

  #wheel(event) {
    event.preventDefault();
    this.globe.stop();
    const lines = event.deltaMode === 1 ? 16 : 1;
    const by = Math.max(-240, Math.min(240, event.deltaY * lines));
    this.globe.zoom(Math.exp(-by * (event.ctrlKey ? 0.01 : 0.0022)), ...this.#at(event));
  }
}
