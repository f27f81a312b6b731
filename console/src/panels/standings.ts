/** How each event of the record stands, asked of the authority whenever what was said changes. */

import { effect, signal } from "@preact/signals";

import { shown, past } from "../airspace/sky";
import { head } from "../bar/time";
import { read } from "../link/authority";
import { session } from "../link/session";

export interface ReportLine {
  kind: "event" | "seen" | "said" | "differ" | "stands" | "unknown";
  speaker: string;
  text: string;
  entries: number[];
  scope: string;
  statements: string[];
}

export interface Report {
  event: string;
  standing: string;
  synthetic: boolean;
  at: string | null;
  position: number;
  lines: ReportLine[];
  standings: { answers: { scope: string; question: string; standing: string }[] };
}

export const reports = signal<Map<string, Report>>(new Map());
export const standings = signal<Map<string, string>>(new Map());

/** Milliseconds for which changes are gathered before it is asked again. */
const PATIENCE = 250;

let asked = 0;

/** Keep them as long as there is a page. */
export function keepStandings(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = effect(() => {
    const sky = shown();
    void sky.statements.revision.value;
    void sky.occurrences.revision.value;
    void past.value;
    clearTimeout(timer);
    if (session.value && sky.occurrences.rows.size) timer = setTimeout(() => void ask(), PATIENCE);
    else reports.value = standings.value = new Map();
  });
  return () => {
    clearTimeout(timer);
    stop();
    reports.value = standings.value = new Map();
  };
}

async function ask(): Promise<void> {
  const round = ++asked;
  const then = past.peek() ? `?at=${encodeURIComponent(new Date(head.at).toISOString())}` : "";
  const found = await Promise.all(
    [...shown().occurrences.rows.keys()].map((event) =>
      read<Report>(`/v1/occurrences/${encodeURIComponent(event)}/report${then}`).catch(() => null),
    ),
  );
  if (round !== asked) return;
  const known = found.filter((one): one is Report => one !== null);
  reports.value = new Map(known.map((one) => [one.event, one]));
  standings.value = new Map(known.map((one) => [one.event, one.standing]));
}
