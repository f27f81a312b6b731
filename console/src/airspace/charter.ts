/** What the authority has laid down for all: read once, for it never changes. */

import { signal } from "@preact/signals";

export interface Charter {
  name: string;
  /** Metres and feet between flights. */
  horizontal: number;
  vertical: number;
  /** What every altitude is measured from. */
  reference: string;
  /** The classes, the highest first. */
  precedence: string[];
  /** Seconds before its start at which a flight may be activated. */
  activation_lead: number;
}

/** The charter, and the classes that the one who looks may claim. */
export interface Rules {
  charter: Charter;
  claims: string[];
}

/** Null until they are read. */
export const rules = signal<Rules | null>(null);
