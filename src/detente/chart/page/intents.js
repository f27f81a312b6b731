// Intents on the map: those that are trajectories, and those that are volumes.

const LOOKS_EACH = SLOTS + 2;

/** What is hidden, and whether colours say the party or the state. */
class Choices {
  constructor(parties, states) {
    Object.assign(this, { parties, states });
    this.byParty = parties.length > 1;
    this.hiddenParties = new Set();
    this.hiddenStates = new Set();
    this.hiddenRoles = new Set();
  }

  /** The slot of a party's colour. */
  slot(party) {
    return Math.min(this.parties.indexOf(party), SLOTS);
  }

  shows(state, slot) {
    return !this.hiddenStates.has(state) && !this.hiddenParties.has(slot);
  }
}

class IntentTracks extends Tracks {
  constructor(traffic, states, choices) {
    super(traffic);
    Object.assign(this, { states, choices });
    // For each state: in its own colour, then in those of the parties.
    this.styles = choices.states.flatMap((name) =>
      Array.from({ length: LOOKS_EACH }, (_, k) => ({
        get colour() {
          return k ? theme.parties[k - 1] : LOOKS[name].colour();
        },
        dash: LOOKS[name].dash,
        width: LOOKS[name].width,
        shape: LOOKS[name].shape,
      })),
    );
  }

  style(i) {
    const colour = this.choices.byParty ? 1 + this.traffic.slot[i] : 0;
    return this.styles[this.states[i] * LOOKS_EACH + colour];
  }

  strength(many) {
    return Math.max(0.14, Math.min(0.8, 7 / Math.sqrt(many + 1)));
  }

  visible(i) {
    return super.visible(i) && this.choices.shows(this.states[i], this.traffic.slot[i]);
  }

  counts(i) {
    return FLYING.has(this.choices.states[this.states[i]]);
  }
}

const hatches = new Map();

/** Lines from lower left to upper right, in a colour. */
function hatch(ctx, colour) {
  if (!hatches.has(colour)) {
    const tile = new Surface(document.createElement("canvas"));
    tile.fit(8, 8);
    tile.ctx.strokeStyle = colour;
    tile.ctx.lineWidth = 1.2;
    for (const shift of [-8, 0, 8]) {
      tile.ctx.moveTo(shift - 2, 10);
      tile.ctx.lineTo(shift + 10, -2);
    }
    tile.ctx.stroke();
    const pattern = ctx.createPattern(tile.canvas, "repeat");
    const small = 8 / tile.canvas.width;
    pattern.setTransform(new DOMMatrix([small, 0, 0, small, 0, 0]));
    hatches.set(colour, pattern);
  }
  return hatches.get(colour);
}

class IntentVolumes extends Volumes {
  constructor(rows, choices) {
    super(rows);
    this.choices = choices;
    for (const row of this.rows) row.slot = choices.slot(row.party);
  }

  shows(row) {
    const { choices } = this;
    if (row.role === "intent") return choices.shows(row.state, row.slot);
    if (choices.hiddenRoles.has(row.role)) return false;
    return row.role === "constraint" || !choices.hiddenParties.has(row.slot);
  }

  #colour(row) {
    if (this.choices.byParty && row.slot >= 0) return theme.parties[row.slot];
    return row.role === "intent" ? LOOKS[this.choices.states[row.state]].colour() : theme.soft;
  }

  style(row, holds) {
    if (!this.shows(row)) return null;
    if (row.role === "constraint") return super.style(row, holds);
    if (!holds) return null;
    const colour = this.#colour(row);
    if (row.role === "shared") {
      return { colour, fill: colour, hatched: true, inside: 0.5, border: 0.8, width: 1, dash: [], named: false };
    }
    const look = LOOKS[this.choices.states[row.state]];
    const width = look.width + 0.4;
    return { colour, fill: colour, inside: 0.16, border: 0.95, width, dash: look.dash, named: true };
  }

  drawOne(ctx, globe, row, style) {
    if (style?.hatched) style.fill = hatch(ctx, style.fill);
    super.drawOne(ctx, globe, row, style);
  }

  /** All that intents and others occupy at any time, faintly; it yields, as drawing tracks does. */
  *drawWhole(ctx, globe) {
    const rows = this.rows.filter((row) => row.role !== "constraint" && this.shows(row));
    const border = Math.max(0.1, Math.min(0.45, 5 / Math.sqrt(rows.length + 1)));
    let done = 0;
    for (const row of rows) {
      const colour = this.#colour(row);
      const dash = row.role === "shared" ? [1, 3] : LOOKS[this.choices.states[row.state]].dash;
      this.drawOne(ctx, globe, row, { colour, fill: colour, inside: 0, border, width: 1, dash });
      if (++done % 100 === 0) yield;
    }
  }

  /** All volumes of one intent, or of one that others share, strongly. */
  drawChosen(ctx, globe, chosen) {
    for (const row of this.rows) {
      if (row.id !== chosen.id || row.role !== chosen.role || !this.shows(row)) continue;
      const colour = row.role === "constraint" ? theme.volume : this.#colour(row);
      const dash = row.role === "intent" ? LOOKS[this.choices.states[row.state]].dash : [];
      this.drawOne(ctx, globe, row, { colour, fill: colour, inside: 0.05, border: 1, width: 2.6, dash });
    }
  }

  /** Find what is drawn under a place at a time. */
  findAt(lon, lat, time) {
    return this.find(lon, lat, (row) => this.style(row, this.holds(row, time)) !== null);
  }

  /** Edges of them all, x, y and z apart, for the view that takes in everything. */
  places() {
    const edges = this.rows.flatMap((row) => row.shape.coordinates[0].map((at) => unit(...at)));
    return [0, 1, 2].map((k) => edges.map((at) => at[k]));
  }
}
