/** What heights are measured from in this airspace, as its charter says. */

import { effect, untracked } from "@preact/signals";

import { rules } from "../airspace/charter";

export function referenceHere(): string {
  return rules.value?.charter.reference ?? "pressure";
}

/** Begin a form anew once that is known, where nothing was written in it by then. */
export function onReference(begin: () => void): void {
  effect(() => {
    if (rules.value) untracked(begin);
  });
}
