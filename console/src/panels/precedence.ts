/** The classes of precedence, as the charter names them. */

import { rules } from "../airspace/charter";

/** All of them, the highest first; until they are known, those of a charter that does not say. */
export function classes(): string[] {
  return rules.value?.charter.precedence ?? CLASSES;
}

const CLASSES = ["emergency", "medical", "humanitarian", "state", "scheduled", "other"];

/** What a party may choose from: the lowest class, or one that it may claim. */
export function choices(now: string): [string, string][] {
  const claims = rules.value?.claims ?? [];
  const named = now && !claims.includes(now) ? [now, ...claims] : claims;
  return [["", "the lowest"], ...named.map((one): [string, string] => [one, one])];
}
