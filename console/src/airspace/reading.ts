/** Begins the picture and keeps it: the first reads, and then what is told, as it comes. */

import { follow, line, read, readAll, untilRead } from "../link/authority";
import type { Frame } from "../link/frames";
import { may, type Session } from "../link/session";
import { OF_COALITIONS, ownCoalition, rollOf, wholeCoalition } from "./coalitions";
import { rules, type Rules } from "./charter";
import { constraintOf, saidOf, sharedIntent, wholeIntent, wholeOccurrence } from "./forms";
import { fillOwn, fillPublic, recalled, type Wire } from "./known";
import type { Alert, Cycle, Party, Seen, Unseen } from "./nouns";
import { foldNotice } from "./notices";
import { foldOutcome } from "./outcomes";
import { Sky, sky } from "./sky";

/** Milliseconds for which what is told is put together before the page is told that it changed. */
const AT_ONCE = 32;

/** Keep the picture until `signal` is aborted. */
export async function keep(session: Session, signal: AbortSignal): Promise<void> {
  sky.clear();
  rules.value = null;
  line.value = { state: "reading" };
  void untilRead(async () => void (rules.value = await read<Rules>("/v1/charter", signal)), signal);
  if (session.role === "authority") await keepWhole(signal);
  else if (session.role === "party") await keepOwn(session.subject, signal);
  else await keepPublic(session, signal);
}

async function keepWhole(signal: AbortSignal): Promise<void> {
  const position = await untilRead(async () => {
    const head = await read<{ position: number }>("/v1/ledger/head", signal);
    await readWhole(sky, signal);
    return head.position;
  }, signal);
  sky.settle();
  line.value = { state: "live" };
  // what came between the head and the reads comes once more, and changes nothing
  await told("/v1/ledger/events", position, signal, (frame) => {
    foldOutcome(sky, JSON.parse(frame.data as string) as Wire);
  });
}

async function readWhole(into: Sky, signal: AbortSignal): Promise<void> {
  const [
    intents, constraints, parties, coalitions, cycles, tracks, unseen, alerts, occurrences, said,
  ] = await Promise.all([
    readAll<Wire>("/v1/airspace/intents", signal),
    readAll<Wire>("/v1/constraints", signal),
    may("register") ? readAll<Party>("/v1/parties", signal) : [],
    read<Wire[]>(may("register") ? "/v1/airspace/coalitions" : "/v1/coalitions", signal),
    readAll<Cycle>("/v1/cycles", signal),
    readAll<Seen>("/v1/airspace/tracks?ended=false&fixes=1", signal),
      read<Unseen[]>("/v1/airspace/unseen", signal),
      read<Alert[]>("/v1/airspace/alerts", signal),
      readAll<Wire>("/v1/airspace/occurrences", signal),
      readAll<Wire>("/v1/airspace/statements", signal),
    ]);
  for (const one of intents) into.intents.set(`${one.party}/${one.id}`, wholeIntent(one));
  for (const one of constraints) into.constraints.set(one.constraint, constraintOf(one));
  for (const one of parties) into.parties.set(one.id, one);
  for (const one of coalitions.map(wholeCoalition)) into.coalitions.set(one.id, one);
  for (const one of cycles) into.cycles.set(one.id, one);
  for (const one of tracks) into.tracks.set(one.track.id, one);
  for (const one of unseen) into.unseen.set(one.intent, one);
  for (const one of alerts) into.alerts.set(one.id, one);
  fillRecord(into, occurrences, said);
}

function fillRecord(into: Sky, occurrences: Wire[], said: Wire[]): void {
  for (const one of occurrences) {
    into.occurrences.set(one.occurrence.id, wholeOccurrence(one));
  }
  for (const one of said) {
    const row = saidOf(one);
    into.statements.set(row.name, row);
  }
}

async function keepOwn(party: string, signal: AbortSignal): Promise<void> {
  // the first id says where the stream begins: what is read after it has all that came before
  let begun = false;
  let waiting: Frame[] | null = null;
  let fail: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const following = follow(
    "/v1/events",
    null,
    (frame) => {
      if (!begun) hold(() => readOwn(party, signal));
      begun = true;
      take(frame);
    },
    signal,
  );
  await Promise.race([following, failed]);

  /** Let what is told wait until something is read. */
  function hold(reading: () => Promise<void>): void {
    waiting = [];
    void untilRead(reading, signal).then(() => {
      if (signal.aborted) return;
      const told = waiting ?? [];
      waiting = null;
      told.forEach(take);
      settle();
    }, (error: Error) => fail(error));
  }

  function take(frame: Frame): void {
    if (waiting) {
      waiting.push(frame);
      return;
    }
    if (frame.data === null) return;
    const notice = JSON.parse(frame.data) as Wire;
    foldNotice(sky, notice, party);
    settle();
    // others may join, or share other flights from now on; notices say only what becomes of those
    if (notice.contents.some((one: Wire) => OF_COALITIONS.has(one.kind))) {
      hold(() => readMembership(party, signal));
    }
  }
}

/** Read what a party belongs to, and what is shared with it there. */
async function readMembership(party: string, signal: AbortSignal): Promise<void> {
  if (!may("member")) return;
  const [coalitions, shared] = await Promise.all([
    read<Wire[]>("/v1/memberships", signal),
    read<Wire[]>("/v1/shared", signal),
  ]);
  sky.coalitions.clear();
  for (const one of coalitions) sky.coalitions.set(one.coalition, ownCoalition(one, party));
  for (const [name, one] of [...sky.intents.rows]) if (one.shared) sky.intents.delete(name);
  for (const one of shared.map(sharedIntent)) sky.intents.set(one.name, one);
}

async function readOwn(party: string, signal: AbortSignal): Promise<void> {
  const [intents, constraints, cycles, alerts, occurrences, said] = await Promise.all([
    readAll<Wire>("/v1/intents", signal),
    readAll<Wire>("/v1/constraints", signal),
    readAll<Cycle>("/v1/cycles", signal),
    read<Wire[]>("/v1/alerts", signal),
    readAll<Wire>("/v1/occurrences", signal),
    readAll<Wire>("/v1/statements", signal),
    readMembership(party, signal),
  ]);
  const known = { intents, shared: [], constraints, cycles, alerts, occurrences, statements: said };
  fillOwn(sky, party, known);
  sky.settle();
}

/** What anybody may see; nobody tells an observer or a lead of changes, so it is asked for. */
async function keepPublic(session: Session, signal: AbortSignal): Promise<void> {
  let since: number | null = null;
  while (!signal.aborted) {
    const lead = session.role === "lead";
    const reading = () => Promise.all([
      readAll<Wire>("/v1/constraints", signal),
      lead ? read<Wire[]>("/v1/coalitions", signal) : [],
      readAll<Cycle>("/v1/cycles", signal),
      readAll<Wire>("/v1/occurrences", signal),
      readAll<Wire>("/v1/statements", signal),
    ]);
    const [constraints, coalitions, cycles, occurrences, said] =
      await untilRead(reading, signal, since);
    since = Date.now();
    sky.clear();
    for (const one of coalitions.map(rollOf)) sky.coalitions.set(one.id, one);
    fillPublic(sky, { constraints, cycles, occurrences, statements: said });
    sky.settle();
    line.value = { state: "live" };
    await new Promise((done) => setTimeout(done, 15_000));
  }
}

async function told(
  path: string,
  after: number,
  signal: AbortSignal,
  take: (frame: Frame) => void,
): Promise<void> {
  await follow(
    path,
    after,
    (frame) => {
      if (frame.data === null) return;
      take(frame);
      settle();
    },
    signal,
  );
}

let settling: ReturnType<typeof setTimeout> | null = null;

function settle(): void {
  settling ??= setTimeout(() => {
    settling = null;
    sky.settle();
  }, AT_ONCE);
}

/** Read what the authority knew at a time. */
export async function readPast(at: number, track: string, signal: AbortSignal): Promise<Sky> {
  const asked = new URLSearchParams({ at: new Date(at).toISOString(), fixes: "1" });
  if (track) asked.set("track", track);
  const given = await read<Wire>(`/v1/airspace/past?${asked}`, signal);
  const then = new Sky();
  for (const one of given.intents as Wire[]) {
    then.intents.set(`${one.party}/${one.id}`, wholeIntent(one));
  }
  for (const one of given.constraints as Wire[]) then.constraints.set(one.id, constraintOf(one));
  for (const one of given.cycles as Cycle[]) then.cycles.set(one.id, one);
  for (const one of given.tracks as Seen[]) then.tracks.set(one.track.id, one);
  for (const one of given.unseen as Unseen[]) then.unseen.set(one.intent, one);
  for (const one of given.alerts as Alert[]) then.alerts.set(one.id, one);
  fillRecord(then, given.occurrences as Wire[], given.statements as Wire[]);
  return then;
}

/** Read all that is kept of a track: of ten thousand the whole paths would be far too much. */
export async function readTrack(id: string, signal: AbortSignal): Promise<void> {
  const found = await read<Seen>(`/v1/airspace/tracks/${encodeURIComponent(id)}`, signal);
  const known = sky.tracks.get(id);
  // what was told meanwhile is told again soon
  if (known && Date.parse(known.track.fix[0]) <= Date.parse(found.track.fix[0])) {
    sky.tracks.set(id, found);
  } else if (known) sky.tracks.set(id, { ...known, path: found.path });
  sky.settle();
}

/** Read what a party knew at a time; "" for whoever is none: what was public. */
export async function readOwnPast(at: number, party: string, signal: AbortSignal): Promise<Sky> {
  const time = encodeURIComponent(new Date(at).toISOString());
  return recalled(party, await read<Wire>(`/v1/past?at=${time}`, signal));
}
