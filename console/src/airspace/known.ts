/** What a party knows, now or at a time, as its lists give it. */

import { constraintOf, occurrenceOf, ownIntent, saidOf, sharedIntent, toldAlert } from "./forms";
import type { Cycle } from "./nouns";
import { Sky } from "./sky";

export type Wire = Record<string, any>;

/** Fill in all that a party knows, now or then, as its lists give it. */
export function fillOwn(into: Sky, party: string, known: Wire): void {
  for (const one of known.intents as Wire[]) {
    into.intents.set(`${party}/${one.intent}`, ownIntent(one, party));
  }
  for (const one of (known.shared as Wire[]).map(sharedIntent)) into.intents.set(one.name, one);
  for (const one of known.alerts as Wire[]) into.alerts.set(one.alert, toldAlert(one, party));
  fillPublic(into, known);
}

export function fillPublic(into: Sky, known: Wire): void {
  for (const one of known.constraints as Wire[]) {
    into.constraints.set(one.constraint, constraintOf(one));
  }
  for (const one of known.cycles as Cycle[]) into.cycles.set(one.id, one);
  for (const one of known.occurrences as Wire[]) {
    into.occurrences.set(one.event, occurrenceOf(one, one.version));
  }
  for (const one of known.statements as Wire[]) into.statements.set(one.name, saidOf(one));
}

/** What a party ("" for whoever is none) knew at a time, as the service recalls it. */
export function recalled(party: string, known: Wire): Sky {
  const then = new Sky();
  then.registered = party === "" || (known.registered as boolean);
  fillOwn(then, party, known);
  return then;
}
