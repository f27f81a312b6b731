/** Coalitions that a party may join, and those of them that it has put aside. */

import { signal } from "@preact/signals";

import { openInvitations } from "../airspace/coalitions";
import type { Coalition } from "../airspace/nouns";
import { sky } from "../airspace/sky";
import { session } from "../link/session";
import { onLeaving } from "./registry";

/** The service knows no declining: an invitation stays open, and here it waits no more. */
export const aside = signal<Set<string>>(new Set());
onLeaving(() => void (aside.value = new Set()));

export function putAside(id: string, on = true): void {
  const next = new Set(aside.value);
  if (on) next.add(id);
  else next.delete(id);
  aside.value = next;
}

/** What waits for an answer of this party. */
export function invitations(): Coalition[] {
  const { role, subject } = session.value ?? {};
  if (role !== "party" || subject === undefined) return [];
  return sky.coalitions
    .all()
    .filter((one) => openInvitations(one).includes(subject) && !aside.value.has(one.id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
