/** An event as its form has it, to be put on record or amended. */

import { signal } from "@preact/signals";

import type { Occurrence } from "../airspace/nouns";
import { fieldOf, instantOf } from "./instant";
import { namesOf } from "./names";
import { onLeaving } from "./registry";
import { placesOf, type Placed } from "./place";

export interface EventDraft {
  /** What is amended; null for a new one. */
  from: Occurrence | null;
  /** The version that is amended. */
  version: number | null;
  id: string;
  description: string;
  place: string;
  start: string;
  end: string;
  shape: "none" | "circle" | "outline";
  rows: Placed[];
  /** Nautical miles. */
  radius: string;
  questions: { scope: string; question: string }[];
  tracks: string[];
  intents: string[];
  synthetic: boolean;
  public: boolean;
  /** Parties that may see it, with commas; of an amendment, more of them. */
  shared: string;
}

/** The event that is written; null while its form is closed. */
export const eventDraft = signal<EventDraft | null>(null);
onLeaving(() => void (eventDraft.value = null));

const HOUR = 3_600_000;

export function newEvent(at: number): EventDraft {
  const minute = Math.floor(at / 60_000) * 60_000;
  return {
    from: null, version: null, id: "", description: "", place: "",
    start: fieldOf(minute - HOUR), end: fieldOf(minute), shape: "none", rows: [], radius: "",
    questions: [{ scope: "flown", question: "" }], tracks: [], intents: [],
    synthetic: false, public: false, shared: "",
  };
}

/** Write an event into the form as it is on record. */
export function amendmentOf(event: Occurrence): EventDraft {
  const corners = event.centre ? [event.centre] : event.corners;
  return {
    from: event,
    version: event.version,
    id: event.id,
    description: event.description,
    place: event.place,
    start: timeText(event.start),
    end: timeText(event.end),
    shape: event.centre ? "circle" : event.corners.length ? "outline" : "none",
    rows: corners.map(([lat, lon]) => ({ lat: String(lat), lon: String(lon) })),
    radius: event.centre ? radiusText(event.radius) : "",
    questions: event.questions.map(([scope, question]) => ({ scope, question })),
    tracks: event.tracks,
    intents: event.intents,
    synthetic: event.synthetic,
    public: event.public,
    shared: "",
  };
}

const timeText = (time: string): string => fieldOf(Date.parse(time));
const radiusText = (metres: number): string => String(Number((metres / 1852).toFixed(3)));

/**
 * Give the event as the service takes it. What was not touched goes back as it came: a field shows
 * less of a time or a radius than is on record.
 *
 * @throws Error what is not clear
 */
export function bodyOf(draft: EventDraft): Record<string, unknown> {
  const { from, shape } = draft;
  const places = placesOf(draft.rows).map(([lon, lat]): [number, number] => [lat, lon]);
  if (shape !== "none" && places.length < draft.rows.length) {
    throw new Error("a latitude or longitude is not clear, as 47.5 or 47.5N");
  }
  if (shape === "circle" && places.length !== 1) throw new Error("where is its middle? Give one place");
  if (shape === "circle" && !(Number(draft.radius) > 0)) throw new Error("how wide is it, in NM?");
  if (shape === "outline" && places.length < 3) {
    throw new Error("an outline has three corners or more");
  }
  const questions = draft.questions
    .map(({ scope, question }): [string, string] => [scope.trim(), question.trim()])
    .filter(([scope, question]) => scope || question);
  if (questions.some(([scope]) => !scope)) {
    throw new Error('each question has a scope, in a word, as "flown"');
  }
  const same = <T>(typed: string, before: string | undefined, was: T | undefined, read: () => T): T =>
    was !== undefined && typed.trim() === before ? was : read();
  return {
    id: draft.id,
    description: draft.description,
    start: same(draft.start, from ? timeText(from.start) : undefined, from?.start, () =>
      instantOf(draft.start) as string),
    end: same(draft.end, from ? timeText(from.end) : undefined, from?.end, () =>
      instantOf(draft.end) as string),
    place: draft.place,
    corners: shape === "outline" ? places : [],
    centre: shape === "circle" ? places[0] : null,
    radius:
      shape === "circle"
        ? same(draft.radius, from?.centre ? radiusText(from.radius) : undefined, from?.radius, () =>
            1852 * Number(draft.radius))
        : 0,
    questions: questions.map(([scope, question]) => [scope, question || `Was it ${scope}?`]),
    tracks: draft.tracks,
    intents: draft.intents,
    synthetic: draft.synthetic,
  };
}

/** Who may see it, as the service takes it: it is never fewer than before. */
export function audienceOf(draft: EventDraft): { public: boolean; shared: string[] } {
  return { public: draft.public, shared: draft.public ? [] : namesOf(draft.shared) };
}
