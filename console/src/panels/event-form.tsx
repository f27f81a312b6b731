/** The form of an event: it opens its record, or amends it. */

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import { sky } from "../airspace/sky";
import { head } from "../bar/time";
import { write } from "../link/authority";
import type { Sketch } from "../map/sketch";
import { choose, chosen } from "./chosen";
import { audienceOf, bodyOf, eventDraft, newEvent, type EventDraft } from "./event-draft";
import { Choice, Form, Text, Tick, useAsking, useFocus, When, Words } from "./form";
import { partiesKnown, partiesOf } from "./names";
import { placesOf, runsOf } from "./place";
import { command, open } from "./registry";
import { Rows, taking, TakeKey, useMap } from "./rows";

export function EventForm() {
  const draft = eventDraft.value;
  if (draft) return <Written key={draft.from?.id ?? ""} now={draft} />;
  return (
    <p class="buttons">
      <button type="button" onClick={() => (eventDraft.value = newEvent(head.at))}>New event</button>
    </p>
  );
}

function Written({ now }: { now: EventDraft }) {
  const asking = useAsking();
  const place = useFocus<HTMLDivElement>(now.from?.id);
  const set = (change: Partial<EventDraft>): void => {
    if (eventDraft.value) eventDraft.value = { ...eventDraft.value, ...change };
  };
  const submit = (): void => {
    const path = `/v1/occurrences/${encodeURIComponent(now.id)}`;
    if (!now.public) partiesOf(now.shared);
    const body = { occurrence: bodyOf(now), ...audienceOf(now) };
    void asking.ask(() => write("PUT", path, body, { version: now.version })).then((went) => {
      if (!went) return;
      eventDraft.value = null;
      choose("event", now.id);
    });
  };
  return (
    <div ref={place}>
      <Form
        asking={asking}
        verb={now.from ? "Amend it" : "Open the record"}
        onSubmit={submit}
        onCancel={() => (eventDraft.value = null)}
      >
        <h3>{now.from ? `Amend ${now.id}` : "A new event"}</h3>
        {!now.from && (
          <Text label="Identifier" value={now.id} required onValue={(id) => set({ id })} />
        )}
        <Words label="What is said to have happened, in neutral words" value={now.description}
          required onValue={(description) => set({ description })} />
        <div class="two">
          <When label="From, UTC" value={now.start} required onValue={(start) => set({ start })} />
          <When label="To, UTC" value={now.end} required onValue={(end) => set({ end })} />
        </div>
        <Where now={now} set={set} />
        <section class="questions" aria-label="Questions">
          <h3>Questions</h3>
          <Rows
            of={now.questions}
            columns={[
              { key: "scope", title: "Scope", hint: () => "flown" },
              { key: "question", title: "Question", hint: () => "Did … fly there?" },
            ]}
            onChange={(questions) => set({ questions })}
          />
          <p class="buttons">
            <button
              type="button"
              onClick={() => set({ questions: [...now.questions, { scope: "", question: "" }] })}
            >
              Ask another
            </button>
          </p>
        </section>
        <Attached name="Tracks" one="track" of={now.tracks} known={[...sky.tracks.rows.keys()]}
          onChange={(tracks) => set({ tracks })} />
        <Attached name="Intents" one="intent" of={now.intents} known={[...sky.intents.rows.keys()]}
          onChange={(intents) => set({ intents })} />
        <Tick label="Positions or flights are made up" value={now.synthetic}
          onValue={(synthetic) => set({ synthetic })} />
        <h3>Who sees it</h3>
        {now.from?.public ? (
          <p class="quiet">All may see it: what was seen cannot be unseen.</p>
        ) : (
          <Tick label="All may see it" value={now.public} onValue={(all) => set({ public: all })} />
        )}
        {!now.public && (
          <Text label={now.from ? "More parties, with commas" : "Else, which parties, with commas"}
            value={now.shared} list={partiesKnown()} onValue={(shared) => set({ shared })} />
        )}
        <Overtaken now={now} set={set} />
      </Form>
    </div>
  );
}

type Set = (change: Partial<EventDraft>) => void;

/** Its place: a name, and where it is known an area, typed or taken from the map. */
function Where({ now, set }: { now: EventDraft; set: Set }) {
  const circle = now.shape === "circle";
  const add = (lat: string, lon: string): void => {
    const rows = eventDraft.value?.rows ?? [];
    set({ rows: circle ? [{ lat, lon }] : [...rows, { lat, lon }] });
  };
  const drawn = useMemo((): Sketch => {
    const places = now.shape === "none" ? [] : placesOf(now.rows);
    return {
      strokes: circle ? [] : [{ runs: runsOf(places, true), pen: "new" }],
      points: places.map(([lon, lat]) => [lon, lat, 0]),
    };
  }, [now.rows, now.shape]);
  useMap(drawn, add);
  return (
    <>
      <Text label="Place" value={now.place} onValue={(place) => set({ place })} />
      <div class="two">
        <Choice label="Area" value={now.shape}
          of={[["none", "not known"], ["circle", "a circle"], ["outline", "corners"]]}
          onValue={(value) => {
            const shape = value as EventDraft["shape"];
            if (shape === "none") taking.value = false;
            set({ shape, radius: now.radius || "10" });
          }} />
        {circle && (
          <Text label="Radius, NM" type="number" value={now.radius} required
            onValue={(radius) => set({ radius })} />
        )}
      </div>
      {now.shape !== "none" && (
        <>
          {now.rows.length > 0 && (
            <Rows
              of={now.rows}
              columns={[
                { key: "lat", title: "Lat", hint: () => "47.5" },
                { key: "lon", title: "Lon", hint: () => "8.5" },
              ]}
              onChange={(rows) => set({ rows })}
            />
          )}
          <p class="buttons">
            <TakeKey what={circle ? "the middle" : "the next corner"} />
            {!(circle && now.rows.length > 0) && (
              <button type="button" onClick={() => set({ rows: [...now.rows, { lat: "", lon: "" }] })}>
                Type one
              </button>
            )}
          </p>
        </>
      )}
    </>
  );
}

/** What belongs to the event, by name: each can be taken away, and more attached. */
function Attached({ name, one, of, known, onChange }: {
  name: string;
  one: "track" | "intent";
  of: string[];
  known: string[];
  onChange: (names: string[]) => void;
}) {
  const typed = useSignal("");
  const now = chosen.value;
  const near = now?.kind === one && !of.includes(now.id) ? now.id : "";
  const attach = (id: string): void => {
    if (id && !of.includes(id)) onChange([...of, id]);
    typed.value = "";
  };
  return (
    <section aria-label={name}>
      <h3>{name} that belong to it</h3>
      <ul class="offers">
        {of.map((id) => (
          <li key={id}>
            <span>{id}</span>
            <button
              type="button"
              class="plain"
              aria-label={`Take ${id} away`}
              onClick={() => onChange(of.filter((other) => other !== id))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <div
        class="attach"
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !typed.value.trim()) return;
          // it is not the whole form that is meant
          event.preventDefault();
          attach(typed.value.trim());
        }}
      >
        <Text label={`Another ${one}`} value={typed.value} list={known}
          hint={one === "track" ? "" : "party/id"} onValue={(value) => (typed.value = value)} />
        <button type="button" aria-label={`Attach the ${one}`} disabled={!typed.value.trim()}
          onClick={() => attach(typed.value.trim())}>
          Attach
        </button>
      </div>
      {near && (
        <p class="buttons">
          <button type="button" onClick={() => attach(near)}>Attach {near}, which is chosen</button>
        </p>
      )}
    </section>
  );
}

/** Somebody amended it meanwhile: what was typed is kept, and goes over theirs only knowingly. */
function Overtaken({ now, set }: { now: EventDraft; set: Set }) {
  void sky.occurrences.revision.value;
  const version = now.from ? sky.occurrences.get(now.id)?.version : undefined;
  if (version === undefined || version === now.version) return null;
  return (
    <div class="said" role="alert">
      It is at version {version} by now: somebody amended it. What you typed is kept.
      <p class="buttons">
        <button type="button" onClick={() => set({ version })}>Put mine over version {version}</button>
      </p>
    </div>
  );
}

command({
  id: "new-event",
  title: "Open the record of a new event",
  scope: "record",
  // an amendment that is being typed is not thrown away
  ready: () => !eventDraft.value?.from,
  run: () => {
    eventDraft.value ??= newEvent(head.at);
    open.value = "record";
  },
});
