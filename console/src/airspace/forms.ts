/** From the forms of the wire to those of the page, where they differ. */

import type { Alert, Constraint, Intent, Occurrence, Offer, Said, Volume4D } from "./nouns";

type Wire = Record<string, any>;

/** An intent as the authority reads it. */
export function wholeIntent(given: Wire): Intent {
  return {
    ...blank(`${given.party}/${given.id}`, given.party, given.id),
    version: given.version,
    state: given.state,
    precedence: given.precedence,
    extent: given.extent,
    asked: given.proposal,
    off_nominal: given.off_nominal ?? [],
    offers: given.offers ?? [],
    until: given.until ?? null,
    because: given.because ?? "",
    reason: given.reason ?? "",
    constraints: given.constraints ?? [],
    changed: given.changed ?? null,
    ended: given.ended ?? "",
    airborne: given.airborne ?? false,
    waits: given.waits ?? [],
    despite: given.despite ?? [],
    cycle: given.cycle ?? "",
    aircraft: given.aircraft ?? null,
  };
}

/** A party's own intent, as its list gives it. */
export function ownIntent(given: Wire, party: string): Intent {
  return {
    ...blank(`${party}/${given.intent}`, party, given.intent),
    version: given.version,
    state: given.state,
    precedence: given.precedence ?? "",
    extent: given.extent ?? null,
    asked: given.asked ?? null,
    off_nominal: given.off_nominal ?? [],
    offers: (given.alternatives?.offers as Offer[]) ?? [],
    until: given.alternatives?.until ?? null,
    because: given.because ?? "",
    reason: given.reason ?? "",
    constraints: given.constraints ?? [],
    cycle: given.cycle ?? "",
    changed: given.changed ?? null,
    ended: given.ended ?? "",
    aircraft: given.aircraft ?? null,
    airborne: given.airborne ?? null,
  };
}

/** What another member shares: its intent, or only what its flight occupies. */
export function sharedIntent(given: Wire): Intent {
  const whole = given.type === "SharedIntent";
  const party = whole ? given.party : "shared";
  const id = whole ? given.intent : given.handle;
  return {
    ...blank(`${party}/${id}`, party, id),
    state: whole ? given.state : "accepted",
    extent: whole ? given.extent : (given.volumes as Volume4D[]),
    off_nominal: given.off_nominal ?? [],
    shared: true,
  };
}

export function blank(name: string, party: string, id: string): Intent {
  return {
    name,
    party,
    id,
    version: 0,
    state: "pending",
    precedence: "",
    extent: null,
    asked: null,
    off_nominal: [],
    offers: [],
    until: null,
    because: "",
    reason: "",
    constraints: [],
    cycle: "",
    changed: null,
    ended: "",
    shared: false,
    waits: [],
    despite: [],
    aircraft: null,
    airborne: null,
  };
}

/** What an intent is no more that was answered otherwise. */
export const settled: Partial<Intent> = {
  asked: null,
  offers: [],
  until: null,
  because: "",
  constraints: [],
  waits: [],
};

export function constraintOf(given: Wire): Constraint {
  return {
    id: given.constraint ?? given.id,
    version: given.version,
    volumes: given.volumes,
    effect: given.effect,
    permitted: given.permitted,
    reason: given.reason ?? "",
  };
}

/** An alert as a party is told it: a volume and its times, and nothing of why. */
export function toldAlert(given: Wire, party: string): Alert {
  return {
    id: given.alert,
    a: given.intent ? `intent:${party}/${given.intent}` : "",
    b: "",
    start: given.volume?.start ?? "",
    closest: null,
    vertical: null,
    avoid: [{ party, intent: given.intent, volume: given.volume, handle: given.alert }],
    synthetic: false,
  };
}

export function occurrenceOf(given: Wire, version: number): Occurrence {
  return {
    id: given.event ?? given.id,
    version,
    description: given.description ?? "",
    start: given.start,
    end: given.end,
    place: given.place ?? "",
    corners: given.corners ?? [],
    centre: given.centre ?? null,
    radius: given.radius ?? 0,
    questions: given.questions ?? [],
    synthetic: given.synthetic ?? false,
    tracks: given.tracks ?? [],
    intents: given.intents ?? [],
    public: false,
    shared: [],
    amended: null,
  };
}

/** An event as the authority reads it. */
export function wholeOccurrence(given: Wire): Occurrence {
  return {
    ...occurrenceOf(given.occurrence, given.version),
    public: given.public ?? false,
    shared: given.shared ?? [],
    amended: given.amended ?? null,
  };
}

export function saidOf(given: Wire): Said {
  return {
    name: given.name ?? `${given.by}/${given.statement.id}`,
    by: given.by,
    at: given.at,
    public: given.public ?? false,
    shared: given.shared ?? [],
    statement: given.statement,
    grade: given.grade ?? null,
  };
}
