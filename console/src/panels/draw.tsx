/** Publishing a constraint: an area drawn on the map or typed, its heights, times, and reason. */

import { signal, useSignal } from "@preact/signals";

import type { Constraint, Volume4D } from "../airspace/nouns";
import { sky } from "../airspace/sky";
import { write } from "../link/authority";
import { choose } from "./chosen";
import { Choice, Form, Overtaken, Text, useAsking } from "./form";
import { Unclear } from "./place";
import { onReference, referenceHere } from "./reference";
import { command, onLeaving, open, openForm, panel } from "./registry";
import { taking } from "./rows";
import { blankVolume, draftOf, volumesOf, type Draft as VolumeDraft } from "./volume";
import { VolumeFields } from "./volume-fields";

interface Draft {
  id: string;
  version: number | null;
  /** Never empty: one is always written. */
  volumes: VolumeDraft[];
  effect: "closed" | "limited";
  permitted: string;
  reason: string;
}

function blank(): Draft {
  return {
    id: "", version: null, volumes: [blankVolume(referenceHere())],
    effect: "closed", permitted: "", reason: "",
  };
}

let untouched = blank();
const draft = signal<Draft>(untouched);
onReference(() => {
  if (draft.value === untouched) draft.value = untouched = blank();
});

function Draw() {
  const asking = useAsking();
  const held = useSignal<string[] | null>(null);
  const now = draft.value;
  const unclear = useSignal<Unclear | null>(null);
  const set = (change: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...change };
    unclear.value = null;
  };
  const submit = (): void => {
    const path = `/v1/constraints/${encodeURIComponent(now.id)}`;
    held.value = unclear.value = null;
    taking.value = false;
    void asking
      .ask(async () => {
        const body = {
          volumes: read(now.volumes),
          effect: now.effect,
          permitted: now.effect === "limited" ? split(now.permitted) : [],
          reason: now.reason,
        };
        const { value } = await write<Outcome>("PUT", path, body, { version: now.version });
        held.value = value.events
          .filter((event) => event.type === "IntentHeld")
          .map((event) => `${event.party}/${event.intent}`);
        draft.value = blank();
      });
  };
  const read = (volumes: VolumeDraft[]): Volume4D[] => {
    try {
      return volumesOf(volumes, false);
    } catch (error) {
      if (error instanceof Unclear) unclear.value = error;
      throw error;
    }
  };
  return (
    <>
      <Form
        asking={asking}
        verb={now.version === null ? "Publish it to all" : "Publish the change"}
        onSubmit={submit}
        onCancel={now.version === null ? undefined : () => (draft.value = blank())}
      >
        <Text label="Identifier" value={now.id} required hint="storm-1"
          onValue={(id) => set({ id, version: null })} />
        <VolumeFields of={now.volumes} timed={false} wrong={unclear.value}
          onChange={(change) => set({ volumes: change(draft.value.volumes) })} />
        <p class="quiet small">Without times it holds until it is lifted.</p>
        <Choice label="Effect" value={now.effect}
          of={[["closed", "closed to all"], ["limited", "limited to some"]]}
          onValue={(effect) => set({ effect: effect as Draft["effect"] })} />
        {now.effect === "limited" && (
          <Text label="Who may enter, with commas" value={now.permitted} required
            list={[...sky.parties.rows.keys()]}
            onValue={(permitted) => set({ permitted })} />
        )}
        <Text label="Reason, which all may read" value={now.reason}
          onValue={(reason) => set({ reason })} />
        <Overtaken meant={now.version} now={current(now)} onTake={(version) => set({ version })} />
      </Form>
      {held.value && (
        <section class="answered" aria-label="What became of it">
          <p role="status">
            Published. {held.value.length === 0 ? "It holds up no flight." : "It holds up:"}
          </p>
          <ul class="rows">
            {held.value.map((name) => (
              <li key={name}>
                <button type="button" class="row" onClick={() => choose("intent", name)}>
                  <span class="state state-held" aria-hidden="true" />
                  <span class="row-name">{name}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function current(now: Draft): number | undefined {
  void sky.constraints.revision.value;
  return sky.constraints.get(now.id)?.version;
}

interface Outcome {
  events: { type: string; party: string; intent: string }[];
}

const split = (text: string): string[] =>
  text.split(",").map((one) => one.trim()).filter(Boolean);

/** Write a constraint into the form, to be published with changes. */
export function change(constraint: Constraint): void {
  draft.value = {
    id: constraint.id,
    version: constraint.version,
    volumes: constraint.volumes.map(draftOf),
    effect: constraint.effect,
    permitted: Array.isArray(constraint.permitted) ? constraint.permitted.join(", ") : "",
    reason: constraint.reason,
  };
  openForm("draw");
}

onLeaving(() => void (draft.value = untouched = blank()));
panel({ id: "draw", title: "Constraint", key: "c", scope: "close", Body: Draw });
command({
  id: "draw-on-map",
  title: "Draw a constraint on the map",
  scope: "close",
  run: () => {
    draft.value = blank();
    open.value = "draw";
    // once the form is there
    setTimeout(() => (taking.value = true));
  },
});
