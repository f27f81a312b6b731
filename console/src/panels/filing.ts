/** The flight that is being written, kept while its form is closed. */

import { signal } from "@preact/signals";

import { isPath, type Intent } from "../airspace/nouns";
import { fieldOf } from "./instant";
import { onLeaving, open } from "./registry";
import type { Route } from "./route";

/** Places that are still read and typed by hand. */
const MOST = 60;

export interface Draft extends Route {
  id: string;
  precedence: string;
  /** The version that is amended; null for a new flight. */
  version: number | null;
}

export function blank(): Draft {
  const soon = Math.ceil((Date.now() + 3_600_000) / 300_000) * 300_000;
  return {
    id: "", precedence: "", version: null, departs: fieldOf(soon), speed: "440", rows: [],
  };
}

export const draft = signal<Draft>(blank());
/** What was sent last: its answer stays below the form. */
export const answered = signal("");

/** Write an own flight into the form, to be filed with changes. */
export function amend(intent: Intent): void {
  const extent = intent.asked ?? intent.extent;
  if (!extent || !isPath(extent)) return;
  const start = Date.parse(extent.start);
  draft.value = {
    id: intent.id,
    precedence: intent.precedence,
    version: intent.version,
    departs: fieldOf(start),
    speed: "",
    rows: extent.lat.map((lat, k) => ({
      lat: String(Number(lat.toFixed(5))),
      lon: String(Number(extent.lon[k].toFixed(5))),
      level: String(extent.alt[k] / 100),
      time: k ? new Date(start + extent.seconds[k] * 1000).toISOString().slice(11, 19) : "",
    })),
  };
  answered.value = "";
  open.value = "file";
}

/** Whether the form can hold it: a path of a few places, and not another's. */
export function amendable(intent: Intent): boolean {
  const extent = intent.asked ?? intent.extent;
  const few = extent !== null && isPath(extent) && extent.lat.length <= MOST;
  return few && !intent.shared && intent.state !== "ended";
}

onLeaving(() => {
  draft.value = blank();
  answered.value = "";
});
