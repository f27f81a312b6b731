/** A statement as its form has it: a new one, a withdrawal, or what the same speaker said later. */

import { signal } from "@preact/signals";

import type { Occurrence, Position, Said } from "../airspace/nouns";
import { shown } from "../airspace/sky";
import { session } from "../link/session";
import { instantOf } from "./instant";
import { namesOf } from "./names";
import { onLeaving } from "./registry";

export interface StatementDraft {
  /** The event whose record it is written in. */
  event: string;
  /** Why the form is open, in words; "" for a new statement. */
  title: string;
  id: string;
  /** "event ID" or "statement BY/ID". */
  about: string;
  side: string;
  name: string;
  role: string;
  anonymous: boolean;
  position: Position;
  scope: string;
  claim: string;
  hedge: string;
  outlet: string;
  via: string;
  said: string;
  published: string;
  citation: string;
  onRecord: boolean;
  public: boolean;
  shared: string;
}

/** The statement that is written; null while its form is closed. */
export const writing = signal<StatementDraft | null>(null);
onLeaving(() => void (writing.value = null));

export function newStatement(event: Occurrence): StatementDraft {
  const own = session.value?.role === "party";
  return {
    event: event.id,
    title: "",
    id: `${event.id}-${(shown().statements.rows.size + 1).toString()}`,
    about: `event ${event.id}`,
    side: own ? (session.value?.subject ?? "") : "",
    name: "",
    role: "",
    anonymous: false,
    position: "indicates",
    scope: event.questions[0]?.[0] ?? "flown",
    claim: "",
    hedge: "",
    outlet: "",
    via: "",
    said: "",
    published: "",
    citation: "",
    onRecord: true,
    public: false,
    shared: "",
  };
}

/** What was said stays said. Who openly denies a statement of their own withdraws it. */
export function withdrawalOf(event: Occurrence, said: Said): StatementDraft {
  return {
    ...bySame(event, said),
    title: `Withdraws ${said.name}`,
    id: freeName(`${said.statement.id}-withdrawn`),
    about: `statement ${said.name}`,
    position: "denies",
  };
}

/** Later supersedes earlier: the same speaker, of the same, on the same question. */
export function laterOf(event: Occurrence, said: Said): StatementDraft {
  const { about, position, hedge, id } = said.statement;
  return {
    ...bySame(event, said),
    title: `In place of ${said.name}`,
    id: freeName(`${id}-later`),
    about: `${about.kind} ${about.id}`,
    position,
    hedge,
  };
}

function bySame(event: Occurrence, { statement: s, public: all, shared }: Said): StatementDraft {
  return {
    ...newStatement(event),
    side: s.speaker.side,
    name: s.speaker.name,
    role: s.speaker.role,
    scope: s.scope,
    claim: s.claim,
    public: all,
    // whoever saw the one should see the other
    shared: shared.join(", "),
  };
}

/** Whether its speaker can take it back: who is not named, or off the record, cannot be told apart. */
export function takesBack({ statement: s }: Said): boolean {
  return s.on_record && !s.speaker.anonymous;
}

function freeName(wanted: string): string {
  const taken = new Set(shown().statements.all().map((one) => one.statement.id));
  let name = wanted;
  for (let k = 2; taken.has(name); k++) name = `${wanted}-${k}`;
  return name;
}

/** The event in whose record something was said; undefined where it is of none. */
export function eventOf(said: Said): Occurrence | undefined {
  const seen = new Set<string>();
  for (let one: Said | undefined = said; one && !seen.has(one.name); ) {
    seen.add(one.name);
    const { kind, id } = one.statement.about;
    if (kind === "event") return shown().occurrences.get(id);
    if (kind !== "statement") return undefined;
    one = shown().statements.get(id);
  }
  return undefined;
}

/** Give it as the service takes it. */
export function enteringOf(draft: StatementDraft): Record<string, unknown> {
  const [kind, id] = draft.about.split(/ (.*)/s);
  return {
    statement: {
      id: draft.id,
      about: { kind, id },
      speaker: {
        side: draft.side,
        role: draft.role,
        name: draft.anonymous ? "" : draft.name,
        anonymous: draft.anonymous,
      },
      position: draft.position,
      scope: draft.scope,
      claim: draft.claim,
      hedge: draft.hedge,
      on_record: draft.onRecord,
      outlet: draft.outlet,
      via: namesOf(draft.via),
      said: instantOf(draft.said),
      published: instantOf(draft.published),
      citation: draft.citation,
    },
    public: draft.public,
    shared: draft.public ? [] : namesOf(draft.shared),
  };
}
