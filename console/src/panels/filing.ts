/** The flight that is being written, kept while its form is closed. */

import { signal } from "@preact/signals";

import { isPath, type Extent, type Intent } from "../airspace/nouns";
import { makeRoom } from "./chosen";
import { fieldOf } from "./instant";
import { onReference, referenceHere } from "./reference";
import { onLeaving, openForm } from "./registry";
import { pathOf, routeFrom, type Route } from "./route";
import { blankVolume, draftOf, volumesOf, type Draft as VolumeDraft } from "./volume";

export interface Draft extends Route {
  id: string;
  precedence: string;
  /** The version that is amended; null for a new flight. */
  version: number | null;
  as: "path" | "volumes";
  /** Never empty: one is always written. */
  volumes: VolumeDraft[];
}

const MINUTES = 60_000;

/** Give times to begin with: an hour ahead. */
function soon(): number {
  return Math.ceil((Date.now() + 60 * MINUTES) / (5 * MINUTES)) * 5 * MINUTES;
}

export function blank(as: Draft["as"] = "path"): Draft {
  const [start, reference] = [soon(), referenceHere()];
  return {
    id: "", precedence: "", version: null, as,
    departs: fieldOf(start), speed: "440", reference, protection: null, rows: [],
    volumes: [blankNext(start, reference)],
  };
}

function blankNext(start: number, reference: string): VolumeDraft {
  const times = { start: fieldOf(start), end: fieldOf(start + 60 * MINUTES) };
  return { ...blankVolume(reference), ...times };
}

let untouched = blank();
export const draft = signal<Draft>(untouched);
/** What was sent last: its answer stays below the form. */
export const answered = signal("");

/** Read what is to be filed. @throws Unclear */
export function extentOf(now: Draft): Extent {
  return now.as === "path" ? pathOf(now) : volumesOf(now.volumes, true);
}

export function begin(as: Draft["as"]): void {
  draft.value = blank(as);
  answered.value = "";
  openForm("file");
}

/** Write an own flight into the form, to be filed with changes. */
export function amend(intent: Intent): void {
  const extent = intent.asked ?? intent.extent;
  if (!extent) return;
  const { id, precedence, version } = intent;
  draft.value = isPath(extent)
    ? { ...blank("path"), ...routeFrom(extent), id, precedence, version }
    : { ...blank("volumes"), volumes: extent.map(draftOf), id, precedence, version };
  answered.value = "";
  makeRoom();
  openForm("file");
}

/** Whether it can be changed: it has something to change, and is its party's and not over. */
export function amendable(intent: Intent): boolean {
  const extent = intent.asked ?? intent.extent;
  const some = extent !== null && (isPath(extent) || extent.length > 0);
  return some && !intent.shared && !["ended", "contingent"].includes(intent.state);
}

onReference(() => {
  if (draft.value === untouched) draft.value = untouched = blank();
});
onLeaving(() => {
  draft.value = untouched = blank();
  answered.value = "";
});
