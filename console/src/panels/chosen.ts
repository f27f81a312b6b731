/** What its user looks at: one flight, track, constraint, … beside the map and on it. */

import { signal } from "@preact/signals";

import { onLeaving, open } from "./registry";

export type Kind =
  | "intent"
  | "track"
  | "constraint"
  | "alert"
  | "unseen"
  | "event"
  | "statement"
  | "cycle"
  | "party"
  | "coalition";

export interface Chosen {
  kind: Kind;
  id: string;
}

export const chosen = signal<Chosen | null>(null);

/** The mark that the map keeps in its middle: "track:ID" or "intent:party/id". */
export const followed = signal<string | null>(null);

const narrow = matchMedia("(max-width: 760px)");

export function choose(kind: Kind, id: string): void {
  // on a phone there is no room for both; a cycle is shown by its panel alone
  if (narrow.matches && kind !== "cycle") open.value = "";
  chosen.value = { kind, id };
}

export function chooseNothing(): void {
  chosen.value = null;
  followed.value = null;
}

/** Before a panel is opened from beside the map: on a phone there is no room for both. */
export function makeRoom(): void {
  if (narrow.matches) chooseNothing();
}

onLeaving(chooseNothing);
