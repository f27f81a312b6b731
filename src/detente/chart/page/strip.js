// The strip over the slider: how many fly, and when separation is lost.

class Strip {
  constructor(canvas, clock, traffic, conflicts) {
    this.surface = new Surface(canvas);
    this.clock = clock;
    this.traffic = traffic;
    this.conflicts = conflicts;
    this.#count(240);
  }

  /** Show these conflicts, and count the flights again: others may be left out now. */
  show(conflicts) {
    this.conflicts = conflicts;
    this.#count(240);
    this.draw();
  }

  #count(bins) {
    const { traffic, clock } = this;
    const change = new Int32Array(bins + 1);
    const bin = (time) => Math.max(0, Math.min(bins - 1, Math.floor((time / clock.span) * bins)));
    for (let i = 0; i < traffic.count; i++) {
      if (traffic.absent[i]) continue;
      change[bin(traffic.from(i))] += 1;
      change[bin(traffic.to(i)) + 1] -= 1;
    }
    this.flying = new Int32Array(bins);
    for (let i = 0, sum = 0; i < bins; i++) this.flying[i] = sum += change[i];
    this.most = this.flying.reduce((a, b) => Math.max(a, b), 1);
  }

  resize() {
    const box = this.surface.canvas.parentElement.getBoundingClientRect();
    this.surface.fit(box.width, box.height);
    this.draw();
  }

  draw() {
    const { surface, clock, flying } = this;
    const { ctx, width, height } = surface;
    surface.clear();
    // The thumb is 16 px wide: its middle goes from 8 to width - 8.
    const at = (time) => 8 + (time / clock.span) * (width - 16);
    const base = height - 1;
    ctx.beginPath();
    ctx.moveTo(at(0), base);
    flying.forEach((n, i) => {
      const top = base - (n / this.most) * (height - 8);
      ctx.lineTo(at((i / flying.length) * clock.span), top);
      ctx.lineTo(at(((i + 1) / flying.length) * clock.span), top);
    });
    ctx.lineTo(at(clock.span), base);
    ctx.closePath();
    ctx.fillStyle = theme.soft;
    ctx.globalAlpha = 0.22;
    ctx.fill();
    ctx.fillStyle = theme.conflict;
    const { entry, exit, severity, count } = this.conflicts;
    ctx.globalAlpha = 0.8;
    for (let c = 0; c < count; c++) {
      const tall = 3 + 9 * (severity[c] / 10000);
      ctx.fillRect(at(entry[c]), base - tall, Math.max(1.2, at(exit[c]) - at(entry[c])), tall);
    }
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.soft;
    ctx.font = "10px system-ui, sans-serif";
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    const minutes = clock.seconds(clock.span) / 60;
    const room = width / 64;
    const step = [1, 5, 15, 30, 60, 120, 180, 360, 720, 1440].find((m) => minutes / m <= room);
    if (!step) return;
    const first = Math.ceil(clock.start / 60000 / step) * step;
    for (let m = first; m <= clock.start / 60000 + minutes; m += step) {
      const time = (m * 60000 - clock.start) / clock.unit;
      const x = at(time);
      ctx.fillRect(x, 0, 0.5, height);
      if (x < width - 36) ctx.fillText(clock.minute(time), x + 3, 1);
    }
  }
}
