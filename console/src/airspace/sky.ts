/** The picture: all that the page knows, folded from the first reads and then from what is told. */

import { batch, signal, type Signal } from "@preact/signals";

import type {
  Alert,
  Coalition,
  Constraint,
  Cycle,
  Intent,
  Occurrence,
  Party,
  Said,
  Seen,
  Unseen,
} from "./nouns";

/** Rows by name. Whoever shows them reads `revision.value`, and is called again when they change. */
export class Table<T> {
  readonly rows = new Map<string, T>();
  readonly revision: Signal<number> = signal(0);
  private touched = false;

  get(name: string): T | undefined {
    return this.rows.get(name);
  }

  set(name: string, row: T): void {
    this.rows.set(name, row);
    this.touched = true;
  }

  delete(name: string): void {
    this.touched = this.rows.delete(name) || this.touched;
  }

  clear(): void {
    this.touched ||= this.rows.size > 0;
    this.rows.clear();
  }

  /** Give the rows, and be called again when they change. */
  all(): T[] {
    void this.revision.value;
    return [...this.rows.values()];
  }

  settle(): void {
    if (!this.touched) return;
    this.touched = false;
    this.revision.value++;
  }
}

export class Sky {
  readonly intents = new Table<Intent>();
  readonly constraints = new Table<Constraint>();
  readonly tracks = new Table<Seen>();
  readonly alerts = new Table<Alert>();
  readonly unseen = new Table<Unseen>();
  readonly statements = new Table<Said>();
  readonly occurrences = new Table<Occurrence>();
  readonly parties = new Table<Party>();
  readonly cycles = new Table<Cycle>();
  readonly coalitions = new Table<Coalition>();
  /** Whether a party was registered when this was known; before, it is what was public. */
  registered = true;

  get tables(): Table<unknown>[] {
    return [
      this.intents,
      this.constraints,
      this.tracks,
      this.alerts,
      this.unseen,
      this.statements,
      this.occurrences,
      this.parties,
      this.cycles,
      this.coalitions,
    ] as Table<unknown>[];
  }

  clear(): void {
    for (const table of this.tables) table.clear();
  }

  /** Tell all who look at tables that changed; once for many changes. */
  settle(): void {
    batch(() => this.tables.forEach((table) => table.settle()));
  }
}

/** What is known now. */
export const sky = new Sky();

/** What was known at the time that is looked at; null while that is now. */
export const past = signal<Sky | null>(null);

/** What is looked at: now, or then. Reading it in a panel follows both. */
export function shown(): Sky {
  return past.value ?? sky;
}
