/** The page's one playhead, and what was known at the time that it looks at. */

import { effect, signal } from "@preact/signals";

import { readOwnPast, readPast } from "../airspace/reading";
import { past } from "../airspace/sky";
import { may, session } from "../link/session";
import { Playhead } from "./playhead";

export const head = new Playhead();

/** Rises whenever the playhead is touched, and twice a second: what shows the time reads it. */
export const tick = signal(0);

/** Why the past cannot be shown, in words; "" where it can. */
export const lost = signal("");

/** Milliseconds to both sides of now that the slider reaches. */
export const reach = signal(3 * 3_600_000);

/** Milliseconds of wall time between two looks into the past while it plays. */
const LOOK = 700;

let reading: AbortController | null = null;
let readAt = NaN;
let traced = "";

/** Name the track whose whole path is wanted in the past too; "" for none. */
export function trace(track: string): void {
  if (track === traced) return;
  traced = track;
  readAt = NaN;
  if (track) void look();
}

export function seek(time: number): void {
  head.seek(time);
  touch();
}

export function goLive(): void {
  head.goLive();
  touch();
}

export function play(speed: number): void {
  head.play(speed);
  touch();
}

export function pause(): void {
  head.pause();
  touch();
}

export function touch(): void {
  tick.value++;
  void look();
}

/** Let what is known follow the time that is looked at: of now and later, what is known now. */
async function look(): Promise<void> {
  if (head.where !== "past") {
    reading?.abort();
    reading = null;
    readAt = NaN;
    past.value = null;
    lost.value = "";
    return;
  }
  const who = session.value;
  const party = who?.role === "party" ? who.subject : "";
  const at = Math.floor(head.at / 1000) * 1000;
  if (at === readAt || reading) return;
  reading = new AbortController();
  readAt = at;
  try {
    const then = may("decide")
      ? await readPast(at, traced, reading.signal)
      : await readOwnPast(at, party, reading.signal);
    if (head.where === "past") past.value = then;
    lost.value = "";
  } catch (error) {
    if (!reading?.signal.aborted) lost.value = (error as Error).message;
  } finally {
    reading = null;
  }
  // it was moved on meanwhile
  if (head.where === "past" && !head.playing && Math.floor(head.at / 1000) * 1000 !== readAt) {
    void look();
  }
}

let timer: ReturnType<typeof setInterval> | null = null;

/** Keep time while there is a page. */
export function keepTime(): () => void {
  timer = setInterval(() => {
    tick.value++;
    if (head.where === "past" && head.playing) void look();
    else if (head.where !== "past" && past.peek()) void look();
  }, LOOK);
  const stop = effect(() => void tick.value);
  return () => {
    stop();
    if (timer) clearInterval(timer);
    goLive();
  };
}

/** Write a time, in UTC, as the airspace counts it. */
export function utc(time: number | string, seconds = true): string {
  const date = new Date(time);
  if (Number.isNaN(date.valueOf())) return "–";
  return `${date.toISOString().slice(11, seconds ? 19 : 16)}Z`;
}

export function day(time: number | string): string {
  const date = new Date(time);
  return Number.isNaN(date.valueOf()) ? "" : date.toISOString().slice(0, 10);
}

/** Say how long something lasts, or how far off it is: 5 s, 12 min, 3 h 20 min. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}
