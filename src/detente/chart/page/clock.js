// Time: where it stands, whether it runs, how fast. Times are UTC.

let clockUnit = () => 1;

/** Time in the page's units since its start. Listeners hear "time" and "play". */
class Clock extends Signals {
  constructor({ start, span, unit }) {
    super();
    this.start = start;
    this.span = Math.max(1, span);
    this.unit = unit;
    this.now = 0;
    this.speed = 60;
    this.playing = false;
    clockUnit = () => unit;
  }

  set(time) {
    this.now = Math.max(0, Math.min(this.span, time));
    this.tell("time");
  }

  step(seconds) {
    this.set(this.now + (seconds * 1000) / this.unit);
  }

  play(on = !this.playing) {
    if (on === this.playing) return;
    if (on && this.now >= this.span) this.now = 0;
    this.playing = on;
    this.tell("play");
    if (on) this.#run();
  }

  #run() {
    let last = performance.now();
    const frame = (now) => {
      if (!this.playing) return;
      const passed = Math.min(200, Math.max(0, now - last));
      last = now;
      this.set(this.now + (passed * this.speed) / this.unit);
      if (this.now >= this.span) this.play(false);
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  #date(time) {
    return new Date(this.start + time * this.unit);
  }

  hour(time = this.now) {
    return this.#date(time).toISOString().slice(11, 19);
  }

  /** A time in a list: with its day, where there are several. */
  when(time) {
    const several = this.day(0) !== this.day(this.span);
    return several ? `${this.day(time).slice(5)} ${this.hour(time)}` : this.hour(time);
  }

  minute(time) {
    return this.#date(time).toISOString().slice(11, 16);
  }

  day(time = this.now) {
    return this.#date(time).toISOString().slice(0, 10);
  }

  seconds(ticks) {
    return (ticks * this.unit) / 1000;
  }
}

/** Write a duration: 45 s, 2 min 05 s, 1 h 10 min. */
function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** Tie the clock to its button, slider, speed and reading. */
function wireClock(clock) {
  const [slider, play, speed] = [byId("slider"), byId("play"), byId("speed")];
  slider.max = String(clock.span);
  slider.step = String(Math.max(1, Math.round(1000 / clock.unit)));
  slider.addEventListener("input", () => clock.set(Number(slider.value)));
  play.addEventListener("click", () => clock.play());
  speed.addEventListener("change", () => {
    clock.speed = Number(speed.value);
  });
  clock.on("play", () => {
    play.setAttribute("aria-label", clock.playing ? "Pause" : "Play");
    play.classList.toggle("playing", clock.playing);
  });
  const show = () => {
    slider.value = String(clock.now);
    slider.setAttribute("aria-valuetext", `${clock.day()} ${clock.hour()} UTC`);
    byId("hour").textContent = clock.hour();
    byId("day").textContent = `${clock.day()} UTC`;
  };
  clock.on("time", show);
  show();
}
