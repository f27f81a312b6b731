/** A plan that was worked out, as the service gives it. */

import type { Extent, Offer } from "../airspace/nouns";
import type { Meeting } from "../map/comparison";

export interface Planning {
  intent: string;
  party: string;
  asked: Extent;
  /** null where it would be refused. */
  accepted: Extent | null;
  changed: Offer | null;
  met: string[];
  constraints: string[];
}

export interface Borne {
  party: string;
  flights: number;
  moved: number;
  refused: number;
  /** Seconds. */
  delay: number;
  cost: number;
}

export interface Preview {
  cycle: string;
  at: string;
  early: boolean;
  intents: Planning[];
  burden: Borne[];
  cost: number;
  /** Of the flights as they were asked for, in time's order. */
  conflicts: Meeting[];
}
