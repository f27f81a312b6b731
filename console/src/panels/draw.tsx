/** Publishing a constraint: an area drawn on the map or typed, its heights, times, and reason. */

import { signal, useSignal } from "@preact/signals";

import type { Constraint } from "../airspace/nouns";
import { sky } from "../airspace/sky";
import { write } from "../link/authority";
import { choose } from "./chosen";
import { Choice, Form, Text, useAsking, When } from "./form";
import { fieldOf, instantOf } from "./instant";
import { command, onLeaving, open, panel } from "./registry";
import { placesOf } from "./route";
import { Rows, taking, TakeKey, useMap } from "./rows";

interface Draft {
  id: string;
  version: number | null;
  rows: { lat: string; lon: string }[];
  /** Nautical miles; "" for a polygon. */
  radius: string;
  lower: string;
  upper: string;
  start: string;
  end: string;
  effect: "closed" | "limited";
  permitted: string;
  reason: string;
}

function blank(): Draft {
  return {
    id: "", version: null, rows: [], radius: "", lower: "", upper: "",
    start: "", end: "", effect: "closed", permitted: "", reason: "",
  };
}

const draft = signal<Draft>(blank());

function Draw() {
  const asking = useAsking();
  const held = useSignal<string[] | null>(null);
  const now = draft.value;
  const set = (change: Partial<Draft>): void => void (draft.value = { ...draft.value, ...change });
  const circle = now.radius !== "";
  const add = (lat: string, lon: string): void => {
    const rows = draft.value.rows;
    set({ rows: draft.value.radius === "" ? [...rows, { lat, lon }] : [{ lat, lon }] });
  };
  useMap(now.rows, !circle, add);
  const submit = (): void => {
    const path = `/v1/constraints/${encodeURIComponent(now.id)}`;
    held.value = null;
    taking.value = false;
    void asking
      .ask(async () => {
        placed(now);
        const body = {
          volumes: [volumeOf(now)],
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
  const columns = [
    { key: "lat" as const, title: "Lat", hint: () => "47.5" },
    { key: "lon" as const, title: "Lon", hint: () => "8.5" },
  ];
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
        <div class="two">
          <Choice label="Shape" value={circle ? "circle" : "polygon"}
            of={[["polygon", "corners"], ["circle", "a circle"]]}
            onValue={(shape) => set({ radius: shape === "circle" ? "10" : "" })} />
          {circle && (
            <Text label="Radius, NM" type="number" value={now.radius} required
              onValue={(radius) => set({ radius })} />
          )}
        </div>
        {now.rows.length > 0 && (
          <Rows of={now.rows} columns={columns} onChange={(rows) => set({ rows })} />
        )}
        <p class="buttons">
          <TakeKey what={circle ? "the middle" : "the next corner"} />
          {!(circle && now.rows.length > 0) && (
            <button type="button" onClick={() => add("", "")}>Type one</button>
          )}
          {now.rows.length > 0 && (
            <button type="button" class="plain" onClick={() => set({ rows: [] })}>Clear</button>
          )}
        </p>
        <div class="two">
          <Text label="From level, FL" type="number" value={now.lower} hint="ground"
            onValue={(lower) => set({ lower })} />
          <Text label="To level, FL" type="number" value={now.upper} hint="unlimited"
            onValue={(upper) => set({ upper })} />
          <When label="From, UTC" value={now.start}
            onValue={(start) => set({ start })} />
          <When label="To, UTC" value={now.end}
            onValue={(end) => set({ end })} />
        </div>
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

interface Outcome {
  events: { type: string; party: string; intent: string }[];
}

const split = (text: string): string[] =>
  text.split(",").map((one) => one.trim()).filter(Boolean);

function placed(now: Draft): void {
  const places = placesOf(now.rows);
  if (places.length < now.rows.length) throw new Error("a latitude or longitude is not clear");
  if (now.radius !== "" ? places.length !== 1 : places.length < 3) {
    throw new Error(now.radius !== "" ? "where is its middle?" : "an area has three corners or more");
  }
}

function volumeOf(now: Draft) {
  const places = placesOf(now.rows).map(([lon, lat]): [number, number] => [lat, lon]);
  const feet = (level: string): number | null => (level === "" ? null : 100 * Number(level));
  return {
    corners: now.radius === "" ? places : [],
    centre: now.radius === "" ? null : (places[0] ?? null),
    radius: now.radius === "" ? 0 : 1852 * Number(now.radius),
    lower: feet(now.lower),
    upper: feet(now.upper),
    start: instantOf(now.start),
    end: instantOf(now.end),
  };
}

/** Write a constraint into the form, to be published with changes. */
export function change(constraint: Constraint): void {
  const [volume] = constraint.volumes;
  const level = (feet: number | null): string => (feet === null ? "" : String(feet / 100));
  const corners = volume.centre ? [volume.centre] : volume.corners;
  draft.value = {
    id: constraint.id,
    version: constraint.version,
    rows: corners.map(([lat, lon]) => ({ lat: String(lat), lon: String(lon) })),
    radius: volume.centre ? String(Number((volume.radius / 1852).toFixed(3))) : "",
    lower: level(volume.lower),
    upper: level(volume.upper),
    start: volume.start ? fieldOf(Date.parse(volume.start)) : "",
    end: volume.end ? fieldOf(Date.parse(volume.end)) : "",
    effect: constraint.effect,
    permitted: Array.isArray(constraint.permitted) ? constraint.permitted.join(", ") : "",
    reason: constraint.reason,
  };
  open.value = "draw";
}

onLeaving(() => void (draft.value = blank()));
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
