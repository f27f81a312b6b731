/** What a party knew at a time: what it was told until then, folded again. */

import { read } from "../link/authority";
import { foldNotice } from "./notices";
import { Sky } from "./sky";

interface Notice {
  number: number;
  at: string;
  contents: Record<string, unknown>[];
}

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
  await readOn(party, signal);
  const then = new Sky();
  for (const notice of told) {
    if (Date.parse(notice.at) > at) break;
    foldNotice(then, notice, party);
  }
  return then;
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
