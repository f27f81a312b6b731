/** Filing a flight: its places from the map, typed, or out of a file; and what became of it. */

import { useSignal } from "@preact/signals";

import type { Intent } from "../airspace/nouns";
import { shown, sky } from "../airspace/sky";
import { utc } from "../bar/time";
import { write } from "../link/authority";
import { session } from "../link/session";
import { choose, chosen } from "./chosen";
import { amend, amendable, answered, blank, draft, type Draft } from "./filing";
import { Choice, Form, Text, useAsking, When } from "./form";
import { IntentActions } from "./intent-actions";
import { command, open, panel } from "./registry";
import { legsOf, pathOf, routeOf, Unclear, type Row } from "./route";
import { Rows, taking, TakeKey, useMap } from "./rows";

const CLASSES = ["", "scheduled", "state", "humanitarian", "medical", "emergency", "other"];

function File() {
  const asking = useAsking();
  const unclear = useSignal<Unclear | null>(null);
  const now = draft.value;
  const set = (change: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...change };
    unclear.value = null;
  };
  const add = (lat: string, lon: string): void => {
    const rows = draft.value.rows;
    set({ rows: [...rows, { lat, lon, level: rows.length ? "" : "350", time: "" }] });
  };
  useMap(now.rows, false, add);
  const times = timesOf(now);
  const submit = (): void => {
    try {
      const body = { extent: pathOf(now), precedence: now.precedence };
      unclear.value = null;
      taking.value = false;
      answered.value = "";
      const path = `/v1/intents/${encodeURIComponent(now.id)}`;
      void asking.ask(() => write("PUT", path, body, { version: now.version })).then((went) => {
        if (went) answered.value = `${session.value?.subject}/${now.id}`;
      });
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      unclear.value = error;
    }
  };
  const columns = [
    { key: "lat" as const, title: "Lat", hint: () => "47.5" },
    { key: "lon" as const, title: "Lon", hint: () => "8.5" },
    { key: "level" as const, title: "Level", hint: (_: Row, k: number) => (k ? "same" : "350") },
    {
      key: "time" as const,
      title: "UTC",
      hint: (_: Row, k: number) => (times[k] ? utc(times[k], false) : "by speed"),
    },
  ];
  return (
    <>
      <Form asking={asking} verb={now.version === null ? "File it" : "Amend it"} onSubmit={submit}>
        <Text label="Identifier" value={now.id} required hint="MEDEVAC-1"
          onValue={(id) => set({ id, version: null })} />
        <Choice
          label="Precedence"
          value={now.precedence}
          onValue={(precedence) => set({ precedence })}
          of={CLASSES.map((one) => [one, one || "the lowest"])}
        />
        <div class="two">
          <When label="Departs, UTC" value={now.departs} required
            onValue={(departs) => set({ departs })} />
          <Text label="Speed, kt" type="number" value={now.speed}
            onValue={(speed) => set({ speed })} />
        </div>
        <Rows of={now.rows} columns={columns} wrong={unclear.value?.row}
          onChange={(rows) => set({ rows })} />
        <p class="buttons">
          <TakeKey what="the next place" />
          <button type="button" onClick={() => add("", "")}>Add a row</button>
          {now.rows.length > 0 && (
            <button type="button" class="plain" onClick={() => set({ rows: [] })}>Clear</button>
          )}
        </p>
        <label class="field">
          <span>Or out of a GeoJSON file: a line</span>
          <input type="file" accept=".geojson,.json,application/geo+json" onChange={(event) => {
            const given = (event.target as HTMLInputElement).files?.[0];
            void given?.text().then((text) => {
              try {
                set(routeOf(text, draft.value));
              } catch (error) {
                unclear.value = error as Unclear;
              }
            });
          }} />
        </label>
        {unclear.value && <p class="said" role="alert">{unclear.value.message}</p>}
      </Form>
      {answered.value && <Answer name={answered.value} />}
    </>
  );
}

/** When each row is flown, where that is clear: beside what was typed. */
function timesOf(now: Draft): number[] {
  for (let n = now.rows.length; n > 0; n--) {
    try {
      return legsOf({ ...now, rows: now.rows.slice(0, n) }).map((leg) => leg.time);
    } catch {
      // so far it is not clear yet
    }
  }
  return [];
}

const ANSWERS: Record<string, string> = {
  accepted: "It is accepted: nothing is in its way.",
  refused: "It is refused.",
  pending: "It waits for its cycle's plan.",
};

function Answer({ name }: { name: string }) {
  void sky.intents.revision.value;
  const intent = sky.intents.get(name);
  if (!intent) return <p class="quiet" role="status">Filed.</p>;
  const why =
    intent.because === "constraint"
      ? ` ${intent.constraints.join(", ") || "A constraint"} is in its way.`
      : intent.because === "conflict"
        ? " It would conflict."
        : "";
  const none = intent.state === "refused" && intent.offers.length === 0;
  return (
    <section class="answered" aria-label="What became of it" data-state={intent.state}>
      <p role="status">
        <span class={`state state-${intent.state}`} aria-hidden="true" />{" "}
        <b>{intent.id}</b>: {ANSWERS[intent.state] ?? intent.state}{intent.state === "refused" && why}
        {none && " No alternative on the public grid is free."}
      </p>
      {chosen.value?.id !== name && (
        <>
          <IntentActions id={name} />
          <p><button type="button" class="link" onClick={() => choose("intent", name)}>Its facts</button></p>
        </>
      )}
    </section>
  );
}

panel({ id: "file", title: "File", key: "e", scope: "file", roles: ["party"], Body: File });
command({
  id: "new-flight",
  title: "File a new flight",
  scope: "file",
  run: () => {
    draft.value = blank();
    answered.value = "";
    open.value = "file";
  },
});
command({
  id: "amend",
  title: "Amend the flight that is chosen",
  scope: "file",
  ready: () => ofChosen() !== null,
  run: () => {
    const intent = ofChosen();
    if (intent) amend(intent);
  },
});

function ofChosen(): Intent | null {
  const now = chosen.value;
  const intent = now?.kind === "intent" ? shown().intents.get(now.id) : undefined;
  return intent && amendable(intent) ? intent : null;
}
