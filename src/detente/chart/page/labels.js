// Labels of aircraft: the level first, the name too when closer; none lies on another.

const LEVEL_FROM = 2.6;
const NAME_FROM = 5;
const MOST_LABELS = 160;

class Labels {
  #taken = new Set();

  draw(ctx, globe, tracks, chosen) {
    this.#taken.clear();
    const closeness = globe.pixelsPerMile;
    ctx.font = "11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    const first = tracks.shown.filter((craft) => chosen.has(craft.i));
    const rest = closeness < LEVEL_FROM ? [] : tracks.shown.filter((c) => !chosen.has(c.i));
    // The aircraft that matter stay clear of every label.
    for (const { p } of first) this.#take(p[0] - 14, p[1] - 14, 28, 28);
    let count = 0;
    for (const craft of [...first, ...rest]) {
      if (count >= MOST_LABELS) break;
      if (!globe.inside(craft.p)) continue;
      const named = closeness >= NAME_FROM || chosen.has(craft.i);
      if (this.#write(ctx, tracks.traffic, craft, named, chosen.has(craft.i))) count += 1;
    }
  }

  #write(ctx, traffic, { i, p, here }, named, always) {
    const way = here.climb > 300 ? " ↑" : here.climb < -300 ? " ↓" : "";
    const lines = [`${traffic.level(here.alt)}${way}${traffic.aside(i, here)}`];
    if (named) lines.unshift(shorten(traffic.ids[i], 14));
    const width = Math.max(...lines.map((line) => line.length)) * 6.7;
    const tall = 13 * lines.length;
    const away = always ? 22 : 10;
    const places = [
      [p[0] + away, p[1] - 8],
      [p[0] - away - width, p[1] - 8],
      [p[0] - width / 2, p[1] + away + 5],
      [p[0] - width / 2, p[1] - away - tall + 8],
    ];
    const free = places.find(([left, top]) => this.#free(left, top - 7, width, tall));
    if (!free && !always) return false;
    const [left, top] = free ?? places[0];
    this.#take(left, top - 7, width, tall);
    lines.forEach((line, row) => {
      ctx.strokeStyle = theme.land;
      ctx.lineWidth = 3;
      ctx.strokeText(line, left, top + 13 * row);
      ctx.fillStyle = theme.ink;
      ctx.fillText(line, left, top + 13 * row);
    });
    return true;
  }

  #free(...box) {
    return this.#cells(...box).every((cell) => !this.#taken.has(cell));
  }

  #take(...box) {
    for (const cell of this.#cells(...box)) this.#taken.add(cell);
  }

  #cells(left, top, width, height) {
    const cells = [];
    for (let x = Math.floor(left / 12); x <= Math.floor((left + width) / 12); x++) {
      for (let y = Math.floor(top / 8); y <= Math.floor((top + height) / 8); y++) {
        cells.push(x * 65536 + y);
      }
    }
    return cells;
  }
}

/** Cut long text, at a whole character. */
function shorten(text, most) {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}
