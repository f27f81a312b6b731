/** Names as they are typed: with commas between them. */

import { sky } from "../airspace/sky";

export const namesOf = (text: string): string[] =>
  [...new Set(text.split(",").map((one) => one.trim()).filter(Boolean))];

/**
 * Read names of parties; who knows the register is told of one that is not in it.
 *
 * @throws Error which, and what to do: the service would take it, and show nobody anything
 */
export function partiesOf(text: string): string[] {
  const names = namesOf(text);
  const unknown = names.filter((one) => sky.parties.rows.size > 0 && !sky.parties.rows.has(one));
  if (unknown.length) {
    throw new Error(`no party is called ${unknown.join(", ")}: see Parties, or register it first`);
  }
  return names;
}

/** Parties that may be meant: all that are registered, or the members of the same coalitions. */
export function partiesKnown(except = ""): string[] {
  const members = sky.coalitions.all().flatMap((one) => Object.keys(one.members));
  const all = new Set([...sky.parties.all().map((one) => one.id), ...members]);
  return [...all].filter((one) => one !== except).sort();
}
