/** The time that is looked at: now as it goes on, or another, held or played at some speed. */

export class Playhead {
  /** Where it was when it was last touched; null while it follows now. */
  private held: number | null = null;
  private touched = 0;
  speed = 1;
  playing = true;

  /** @param clock gives now, milliseconds since 1970 */
  constructor(private readonly clock: () => number = Date.now) {}

  get live(): boolean {
    return this.held === null;
  }

  /** The time that is looked at. */
  get at(): number {
    if (this.held === null) return this.clock();
    if (!this.playing) return this.held;
    return this.held + (this.clock() - this.touched) * this.speed;
  }

  get now(): number {
    return this.clock();
  }

  /** Look at another time, and stay there unless it plays. */
  seek(time: number): void {
    if (this.held === null) this.playing = false;
    this.held = time;
    this.touched = this.clock();
  }

  play(speed = this.speed): void {
    const at = this.at;
    this.speed = speed;
    this.playing = true;
    // now, at its own speed, is live
    if (this.held !== null || speed !== 1) {
      this.held = at;
      this.touched = this.clock();
    }
  }

  pause(): void {
    this.held = this.at;
    this.touched = this.clock();
    this.playing = false;
  }

  /** Follow now again. */
  goLive(): void {
    this.held = null;
    this.speed = 1;
    this.playing = true;
  }

  /** Where the time lies: what was, what is, what is planned. */
  get where(): "past" | "now" | "planned" {
    if (this.live) return "now";
    const ahead = this.at - this.clock();
    if (ahead < -1500) return "past";
    return ahead > 1500 ? "planned" : "now";
  }
}
