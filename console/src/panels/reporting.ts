/** The report that is being written of a flight off nominal. */

import { signal } from "@preact/signals";

import type { Intent } from "../airspace/nouns";
import { makeRoom } from "./chosen";
import { fieldOf } from "./instant";
import { onReference, referenceHere } from "./reference";
import { onLeaving, openForm } from "./registry";
import { blankVolume, type Draft } from "./volume";

const MINUTE = 60_000;

let untouched = blank();
/** What is being written: of which flight, and whether it comes back; kept while it is closed. */
export const reporting = signal<{ name: string; final: boolean; volumes: Draft[] }>(untouched);

export function blank(): { name: string; final: boolean; volumes: Draft[] } {
  return { name: "", final: false, volumes: [forNow()] };
}

/** A volume for the next quarter of an hour. */
export function forNow(): Draft {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  return { ...blankVolume(referenceHere()), start: fieldOf(now), end: fieldOf(now + 15 * MINUTE) };
}

/** Open the form for a flight. */
export function report(intent: Intent): void {
  if (reporting.value.name !== intent.name) reporting.value = { ...blank(), name: intent.name };
  makeRoom();
  openForm("off-nominal");
}

onReference(() => {
  if (reporting.value === untouched) reporting.value = untouched = blank();
});
onLeaving(() => void (reporting.value = untouched = blank()));
