// What every page starts with: its data, its theme, and small ways to make elements.
// The scripts of a page share one scope, in the order that its Python module lists them.

/** Read a data block that the page carries. */
function block(name) {
  return JSON.parse(document.getElementById(`data-${name}`).textContent);
}

const byId = (id) => document.getElementById(id);

/** Make an element. Text always goes in as text, never as markup. */
function element(tag, { text, ...attributes } = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) made.setAttribute(name, value);
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** The colours of the theme in use, read from the style sheet once for each theme. */
const theme = {
  read() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    for (const name of [
      "sea", "land", "border", "coast", "grid", "place", "ink", "soft", "panel", "conflict",
      "volume", "accent",
    ]) {
      this[name] = colour(name);
    }
    this.parties = Array.from({ length: SLOTS + 1 }, (_, i) => colour(`party-${i}`));
  },
};

/** Parties with a colour of their own; all smaller ones share the next. */
const SLOTS = 6;

/** Listeners by name: the few things that the parts of a page tell each other. */
class Signals {
  #listeners = new Map();

  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, []);
    this.#listeners.get(name).push(listener);
  }

  tell(name, value) {
    for (const listener of this.#listeners.get(name) ?? []) listener(value);
  }
}

/** A canvas that fills its parent, sharp on dense screens. */
class Surface {
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d");
  }

  fit(width, height) {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  clear() {
    this.ctx.clearRect(0, 0, this.width, this.height);
  }
}
