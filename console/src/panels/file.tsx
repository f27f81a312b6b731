/** Filing a flight: from the map, typed, or out of a file; and what became of it. */

import { useSignal } from "@preact/signals";

import type { Intent } from "../airspace/nouns";
import { shown, sky } from "../airspace/sky";
import { write } from "../link/authority";
import { session } from "../link/session";
import { Answer } from "./answer";
import { chosen } from "./chosen";
import { amend, amendable, answered, begin, blank, draft, extentOf, type Draft } from "./filing";
import { Choice, Form, Overtaken, Text, useAsking } from "./form";
import { readGeojson } from "./geojson";
import { Moving } from "./moving";
import { Unclear } from "./place";
import { choices } from "./precedence";
import { command, open, panel } from "./registry";
import { RouteFields } from "./route-fields";
import { taking } from "./rows";
import { movedVolumes } from "./volume";
import { VolumeFields } from "./volume-fields";

function File() {
  const asking = useAsking();
  const unclear = useSignal<Unclear | null>(null);
  const now = draft.value;
  const set = (change: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...change };
    unclear.value = null;
  };
  const version = versionOf(now);
  const submit = (): void => {
    try {
      const body = { extent: extentOf(now), precedence: now.precedence };
      unclear.value = null;
      taking.value = false;
      const path = `/v1/intents/${encodeURIComponent(now.id)}`;
      void asking.ask(() => write("PUT", path, body, { version })).then((went) => {
        if (went) answered.value = nameOf(now);
      });
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      unclear.value = error;
    }
  };
  return (
    <>
      <Form asking={asking} verb={version === null ? "File it" : "Amend it"} onSubmit={submit}
        onCancel={version === null ? undefined : () => {
          draft.value = blank(now.as);
          answered.value = "";
        }}>
        <Text label="Identifier" value={now.id} required hint="MEDEVAC-1"
          onValue={(id) => set({ id, version: null })} />
        <div class="two">
          <Choice label="It is written as" value={now.as}
            of={[["path", "places and times"], ["volumes", "volumes"]]}
            onValue={(as) => set({ as: as as Draft["as"] })} />
          <Choice label="Precedence" value={now.precedence}
            onValue={(precedence) => set({ precedence })}
            of={choices(now.precedence)} />
        </div>
        {now.as === "path" ? (
          <RouteFields now={now} onChange={(change) => set(change(draft.value))}
            wrong={unclear.value?.row ?? 0} />
        ) : (
          <>
            <VolumeFields of={now.volumes} timed wrong={unclear.value}
              onChange={(change) => set({ volumes: change(draft.value.volumes) })} />
            <Moving what="volumes" count={now.volumes.length}
              onMove={(move) => set({ volumes: movedVolumes(now.volumes, move) })} />
          </>
        )}
        <FromFile set={set} onUnclear={(error) => (unclear.value = error)} />
        {unclear.value && <p class="said" role="alert">{unclear.value.message}</p>}
        <Overtaken meant={version} now={current(now)} onTake={(version) => set({ version })} />
      </Form>
      {answered.value && <Answer name={answered.value} />}
    </>
  );
}

const nameOf = (now: Draft): string => `${session.value?.subject}/${now.id}`;

/** What is amended: as it is by now where its answer stands below, and nothing that is over. */
function versionOf(now: Draft): number | null {
  if (answered.value !== nameOf(now)) return now.version;
  void sky.intents.revision.value;
  const intent = sky.intents.get(answered.value);
  return intent && intent.state !== "ended" ? intent.version : null;
}

function current(now: Draft): number | undefined {
  void sky.intents.revision.value;
  return sky.intents.get(nameOf(now))?.version;
}

function FromFile({ set, onUnclear }: {
  set: (change: Partial<Draft>) => void;
  onUnclear: (error: Unclear) => void;
}) {
  return (
    <label class="field">
      <span>Or out of a GeoJSON file: a line, or polygons</span>
      <input type="file" accept=".geojson,.json,application/geo+json" onChange={(event) => {
        const given = (event.target as HTMLInputElement).files?.[0];
        void given?.text().then((text) => {
          try {
            const read = readGeojson(text, draft.value);
            set("path" in read ? { as: "path", ...read.path } : { as: "volumes", volumes: read.volumes });
          } catch (error) {
            onUnclear(error instanceof Unclear ? error : new Unclear(0, "that is not GeoJSON"));
          }
        });
      }} />
    </label>
  );
}

panel({ id: "file", title: "File", key: "e", scope: "file", roles: ["party"], Body: File });
command({
  id: "new-flight",
  title: "File a new flight",
  scope: "file",
  ready: () => session.value?.role === "party",
  run: () => begin("path"),
});
command({
  id: "new-volumes",
  title: "File a new flight as volumes",
  scope: "file",
  ready: () => session.value?.role === "party",
  run: () => begin("volumes"),
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
command({
  id: "move-flight",
  title: "Move the flight that is written in time or height",
  scope: "file",
  ready: () => open.value === "file" && document.querySelector(".moving") !== null,
  run: () => {
    const found = document.querySelector<HTMLDetailsElement>(".panel .moving");
    if (!found) return;
    found.open = true;
    found.querySelector("input")?.focus();
  },
});

function ofChosen(): Intent | null {
  const now = chosen.value;
  const intent = now?.kind === "intent" ? shown().intents.get(now.id) : undefined;
  return intent && amendable(intent) ? intent : null;
}
