/** The service's forms, as they come over the wire (docs/service.md, /openapi.json). */

export type Instant = string;
/** ISO 8601 with an offset, as the service writes it. */

export interface Path4D {
  start: Instant;
  seconds: number[];
  lat: number[];
  lon: number[];
  /** Feet above `reference`. */
  alt: number[];
  reference: string;
  protection: [number, number] | null;
  gap: number[];
}

export interface Volume4D {
  /** (lat, lon) of a polygon; empty for a circle. */
  corners: [number, number][];
  centre: [number, number] | null;
  radius: number;
  lower: number | null;
  upper: number | null;
  reference: string;
  start: Instant | null;
  end: Instant | null;
  buffer: [number, number];
}

export type Extent = Path4D | Volume4D[];

export function isPath(extent: Extent): extent is Path4D {
  return !Array.isArray(extent);
}

export type IntentState =
  | "pending"
  | "refused"
  | "held"
  | "accepted"
  | "activated"
  | "nonconforming"
  | "contingent"
  | "ended";

export interface Offer {
  id: string;
  delay: number;
  feet: number;
  offset: number;
  speed: number;
  cost: number;
  since: Instant | null;
}

export interface Aircraft {
  callsign: string;
  address: string;
  registration: string;
  kind: string;
}

/** An intent as the page holds it: the authority's whole, or a party's own, or one that is shared. */
export interface Intent {
  /** "party/id". */
  name: string;
  party: string;
  id: string;
  version: number;
  state: IntentState;
  precedence: string;
  /** What is accepted, or was last. */
  extent: Extent | null;
  /** What was last asked for and not accepted. */
  asked: Extent | null;
  off_nominal: Volume4D[];
  offers: Offer[];
  until: Instant | null;
  /** Why it is held or refused. */
  because: string;
  /** The authority's words, of its last answer. */
  reason: string;
  constraints: string[];
  cycle: string;
  changed: Offer | null;
  ended: string;
  /** Another party's, by its leave. */
  shared: boolean;
  /** The authority's alone: what it waits for, and what it was accepted in spite of. */
  waits: string[];
  despite: string[];
  aircraft: Aircraft | null;
  /** It was activated, and is in the air until it ends; null where that was not said. */
  airborne: boolean | null;
}

export interface Constraint {
  id: string;
  version: number;
  volumes: Volume4D[];
  effect: "closed" | "limited";
  permitted: boolean | string[];
  reason: string;
}

export type Conformance = "tentative" | "conforming" | "nonconforming" | "undeclared";

/** at, lat, lon, pressure, geometric, accuracy. */
export type Fix = [Instant, number, number, number | null, number | null, number];

export interface Track {
  id: string;
  conformance: Conformance;
  first: Instant;
  fix: Fix;
  speed: number | null;
  course: number | null;
  climb: number | null;
  intent: string;
  deviation: { lateral: number | null; vertical: number | null; time: number | null } | null;
  address: string;
  callsign: string;
  squawk: string;
  kind: string;
  sources: string[];
  coasted: number;
  ended: boolean;
  synthetic: boolean;
}

export interface Indication {
  what: string;
  by: string;
  at: Instant;
  sure: number | null;
  note: string;
}

export interface Seen {
  track: Track;
  path: Fix[];
  /** position, at, conformance, intent. */
  history: [number, Instant, Conformance, string][];
  indications: unknown[];
}

export interface Unseen {
  intent: string;
  since: Instant;
  over: boolean;
}

export interface Alert {
  id: string;
  /** "track:ID" or "intent:party/id". A party is not told. */
  a: string;
  b: string;
  start: Instant;
  closest: number | null;
  vertical: number | null;
  avoid: { party: string; intent: string; volume: Volume4D | null; handle: string }[];
  synthetic: boolean;
}

export interface Occurrence {
  id: string;
  version: number;
  description: string;
  start: Instant;
  end: Instant;
  place: string;
  corners: [number, number][];
  centre: [number, number] | null;
  radius: number;
  questions: [string, string][];
  synthetic: boolean;
  /** The authority's alone: what belongs to it, who may see it, and when it was amended last. */
  tracks: string[];
  intents: string[];
  public: boolean;
  shared: string[];
  amended: Instant | null;
}

export type Position =
  | "declares"
  | "confirms"
  | "indicates"
  | "denies"
  | "cannot confirm"
  | "did not coordinate";

export interface Statement {
  id: string;
  about: { kind: "intent" | "track" | "event" | "statement"; id: string };
  speaker: { side: string; role: string; name: string; anonymous: boolean };
  position: Position;
  scope: string;
  claim: string;
  hedge: string;
  on_record: boolean;
  outlet: string;
  via: string[];
  said: Instant | null;
  published: Instant | null;
  citation: string;
  synthetic: boolean;
}

export interface Said {
  /** "by/id". */
  name: string;
  by: string;
  at: Instant;
  public: boolean;
  /** The authority's alone: the parties that may see it, beside the one that entered it. */
  shared: string[];
  statement: Statement;
  grade: { reliability: string; credibility: number; reason: string } | null;
}

export interface Party {
  id: string;
  name: string;
  highest: string;
  suspended: boolean;
}

/** What a member lets the others see of its intents; "" where that is not told. */
export type Sharing = "" | "nothing" | "volumes" | "intents";

export interface Coalition {
  id: string;
  name: string;
  members: Record<string, Sharing>;
  /** The authority is told all who may join, a party whether it may itself. */
  invited: string[];
}

export interface Cycle {
  id: string;
  start: Instant;
  end: Instant;
  cutoff: Instant;
  published: Instant | null;
}
