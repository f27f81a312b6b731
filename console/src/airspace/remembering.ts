/** What a party knew at a time: as its lists would have given it then. */

import { read } from "../link/authority";
import { type Notice, rememberedAt, type Wire } from "./known";
import type { Sky } from "./sky";

/** What was told, in order: it never changes, so each is asked for once. */
const told: Notice[] = [];
let whose = "";

/** Forget what a party was told: the next user of this tab may be another. */
export function forgetTold(): void {
  told.length = 0;
  whose = "";
}

export async function readOwnPast(at: number, party: string, signal: AbortSignal): Promise<Sky> {
  if (whose !== party) forgetTold();
  whose = party;
  const time = encodeURIComponent(new Date(at).toISOString());
  const [known] = await Promise.all([
    read<Wire>(`/v1/past?at=${time}`, signal),
    readOn(party, signal),
  ]);
  return rememberedAt(at, party, known, told);
}

async function readOn(party: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const after = told[told.length - 1]?.number ?? 0;
    const page = await read<{ items: Notice[]; next: number | null }>(
      `/v1/notices?after=${after}&limit=1000`,
      signal,
    );
    if (whose !== party) return;
    // two looks may have asked for the same
    const last = told[told.length - 1]?.number ?? 0;
    told.push(...page.items.filter((one) => one.number > last));
    if (page.next === null) return;
  }
}
