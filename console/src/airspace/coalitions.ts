/** Coalitions as the page holds them; a party and a lead read theirs again where they change. */

import type { Coalition } from "./nouns";
import type { Sky } from "./sky";

type Wire = Record<string, any>;

/** The kinds of what is told of coalitions: in the authority's outcomes and in a party's notices. */
export const OF_COALITIONS = new Set([
  "CoalitionFormed",
  "PartiesInvited",
  "CoalitionJoined",
  "CoalitionLeft",
]);

/** As the authority reads it: whole, or, without the register, who is in it. */
export function wholeCoalition(given: Wire): Coalition {
  if (given.id === undefined) return rollOf(given);
  return { id: given.id, name: given.name, members: given.members, invited: given.invited };
}

/** As anybody else's list gives it: who is in it. */
export function rollOf(given: Wire): Coalition {
  const members = (given.members as string[]).map((one) => [one, ""]);
  return { id: given.coalition, name: "", members: Object.fromEntries(members), invited: [] };
}

/** As a party's own list gives it: with what it shares itself, or only that it may join. */
export function ownCoalition(given: Wire, party: string): Coalition {
  const roll = rollOf(given);
  if (given.shares === null) return { ...roll, invited: [party] };
  return { ...roll, members: { ...roll.members, [party]: given.shares } };
}

/** Whether a party is in it. */
export function isIn(coalition: Coalition, party: string): boolean {
  return Object.hasOwn(coalition.members, party);
}

/** Who may join and has not. */
export function openInvitations(coalition: Coalition): string[] {
  return coalition.invited.filter((one) => !isIn(coalition, one));
}

/** Fold what became of a coalition, as the authority is told it; what is known already changes nothing. */
export function foldCoalition(sky: Sky, kind: string, told: Wire): void {
  const id = told.coalition as string;
  const known = sky.coalitions.get(id) ?? { id, name: "", members: {}, invited: [] };
  const next = { ...known };
  if (kind === "CoalitionFormed" || kind === "PartiesInvited") {
    const invited: string[] = told.invited ?? told.parties;
    next.invited = [...new Set([...known.invited, ...invited])];
    next.name = told.name ?? known.name;
  } else if (kind === "CoalitionJoined") {
    next.members = { ...known.members, [told.party]: told.shares };
  } else if (kind === "CoalitionLeft") {
    const { [told.party]: _, ...others } = known.members;
    next.members = others;
  }
  sky.coalitions.set(id, next);
}
