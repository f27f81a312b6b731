// Two canvases, one on the other: what changes with the view, and what changes with time.

const COARSE = 12000;
const SLICE = 10;

class Stage {
  #fine = null;
  #timer = 0;
  #live = 0;
  #base = 0;

  /** `base(ctx, quality)` yields while it draws; `live(ctx)` draws what moves. */
  constructor(globe, { base, live }) {
    this.globe = globe;
    this.paint = { base, live };
    this.base = new Surface(byId("base"));
    this.spare = new Surface(document.createElement("canvas"));
    this.live = new Surface(byId("live"));
    globe.on("view", () => this.moved());
  }

  resize() {
    const box = byId("stage").getBoundingClientRect();
    for (const surface of [this.base, this.spare, this.live]) surface.fit(box.width, box.height);
    this.globe.resize(box.width, box.height);
  }

  /** The view changed: draw at once what can be drawn at once, and the rest when it rests. */
  moved() {
    cancelAnimationFrame(this.#fine);
    clearTimeout(this.#timer);
    if (!this.#base) {
      this.#base = requestAnimationFrame(() => {
        this.#base = 0;
        for (const _ of this.paint.base(this.base.ctx, COARSE)) continue;
      });
    }
    this.ticked();
    this.#timer = setTimeout(() => this.#refine(), 140);
  }

  /** Time or the selection changed. */
  ticked() {
    if (this.#live) return;
    this.#live = requestAnimationFrame(() => {
      this.#live = 0;
      this.live.clear();
      this.paint.live(this.live.ctx);
    });
  }

  #refine() {
    const work = this.paint.base(this.spare.ctx, Infinity);
    const slice = () => {
      const until = performance.now() + SLICE;
      while (performance.now() < until) {
        if (!work.next().done) continue;
        const { ctx, width, height } = this.base;
        ctx.clearRect(0, 0, width, height);
        ctx.drawImage(this.spare.canvas, 0, 0, width, height);
        document.documentElement.dataset.drawn = "whole";
        return;
      }
      this.#fine = requestAnimationFrame(slice);
    };
    document.documentElement.dataset.drawn = "part";
    this.#fine = requestAnimationFrame(slice);
  }
}
