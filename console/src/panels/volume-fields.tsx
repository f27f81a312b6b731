/** Volumes that are written: areas drawn on the map or typed, one after the other. */

import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import type { Sketch } from "../map/sketch";
import { Choice, Text, When } from "./form";
import { REFERENCES, unitOf } from "./height";
import { placesOf, type Placed } from "./place";
import { Rows, ShowKey, TakeKey, useMap } from "./rows";
import { nextAfter, strokeOf, volumeWords, type Draft } from "./volume";

const COLUMNS = [
  { key: "lat" as const, title: "Lat", hint: () => "47.5" },
  { key: "lon" as const, title: "Lon", hint: () => "8.5" },
];
const blankPlace = (): Placed => ({ lat: "", lon: "" });

/** The volumes over the map: all of them thin, and the one that is written with its corners. */
function sketchOf(drafts: Draft[], at: number): Sketch {
  return {
    strokes: drafts.map((one, k) => ({ runs: strokeOf(one), pen: k === at ? "new" : "before" })),
    points: drafts[at] ? placesOf(drafts[at].rows).map(([lon, lat]) => [lon, lat, 0]) : [],
  };
}

/**
 * @param of never empty: one is always written
 * @param timed whether each must have its times
 * @param wrong the volume and the row in it that are not clear, the first 1
 */
export function VolumeFields({ of, onChange, timed, wrong }: {
  of: Draft[];
  /** Reads what is written as it is by then: clicks on the map come when they come. */
  onChange: (change: (now: Draft[]) => Draft[]) => void;
  timed: boolean;
  wrong?: { volume: number; row: number } | null;
}) {
  const wanted = useSignal(0);
  const at = Math.min(wanted.value, of.length - 1);
  useEffect(() => {
    if (wrong?.volume) wanted.value = wrong.volume - 1;
  }, [wrong]);
  const drawn = useMemo(() => sketchOf(of, at), [of, at]);
  const set = (change: Partial<Draft> | ((one: Draft) => Partial<Draft>)): void =>
    onChange((now) => now.map((one, k) =>
      k === at ? { ...one, ...(typeof change === "function" ? change(one) : change) } : one));
  useMap(drawn, (lat, lon) => set((one) => ({
    rows: one.shape === "circle" ? [{ lat, lon }] : [...one.rows, { lat, lon }],
  })));
  const now = of[at];
  return (
    <>
      {of.length > 1 && <List of={of} at={wanted} wrong={wrong?.volume ?? 0} onChange={onChange} />}
      <div class="volume" role={of.length > 1 ? "group" : undefined}
        aria-label={of.length > 1 ? `Volume ${at + 1}` : undefined}>
        <Area now={now} set={set} key={at}
          wrong={wrong && (wrong.volume || 1) === at + 1 ? wrong.row : 0} />
        <Limits now={now} set={set} timed={timed} />
      </div>
      <p class="buttons">
        <button type="button" onClick={() => {
          onChange((all) => [...all, nextAfter(all[at])]);
          wanted.value = of.length;
        }}>
          Add a volume
        </button>
      </p>
    </>
  );
}

function List({ of, at, wrong, onChange }: {
  of: Draft[];
  at: Signal<number>;
  wrong: number;
  onChange: (change: (now: Draft[]) => Draft[]) => void;
}) {
  return (
    <ul class="offers volumes" aria-label="Volumes">
      {of.map((one, k) => (
        <li key={k} data-wrong={wrong === k + 1}>
          <button type="button" class="row" aria-current={k === Math.min(at.value, of.length - 1)}
            onClick={() => (at.value = k)}>
            <b>{k + 1}</b> <span class="volume-words">{volumeWords(one)}</span>
          </button>
          <button type="button" class="plain" aria-label={`Remove volume ${k + 1}`}
            onClick={() => {
              onChange((all) => all.filter((_, i) => i !== k));
              if (at.value > k) at.value--;
            }}>
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

type Set = (change: Partial<Draft> | ((one: Draft) => Partial<Draft>)) => void;

function Area({ now, set, wrong }: { now: Draft; set: Set; wrong: number }) {
  const circle = now.shape === "circle";
  return (
    <>
      <div class="two">
        <Choice label="Shape" value={now.shape}
          of={[["polygon", "corners"], ["circle", "a circle"]]}
          onValue={(shape) => set({ shape: shape as Draft["shape"] })} />
        {circle && (
          <Text label="Radius, NM" type="number" value={now.radius} required
            onValue={(radius) => set({ radius })} />
        )}
      </div>
      {now.rows.length > 0 && (
        <Rows of={now.rows} columns={COLUMNS} blank={circle ? undefined : blankPlace} wrong={wrong}
          onChange={(rows) => set({ rows })} />
      )}
      <p class="buttons">
        <TakeKey what={circle ? "the middle" : "the next corner"} />
        {!(circle && now.rows.length > 0) && (
          <button type="button" onClick={() => set((one) => ({ rows: [...one.rows, blankPlace()] }))}>
            Type one
          </button>
        )}
        {now.rows.length > 0 && (
          <button type="button" class="plain" onClick={() => set({ rows: [] })}>Clear</button>
        )}
        <ShowKey />
      </p>
    </>
  );
}

function Limits({ now, set, timed }: { now: Draft; set: Set; timed: boolean }) {
  const unit = unitOf(now.reference);
  return (
    <>
      <div class="two">
        <Text label={unit === "FL" ? "From level, FL" : "From, ft"} value={now.lower} hint="ground"
          onValue={(lower) => set({ lower })} />
        <Text label={unit === "FL" ? "To level, FL" : "To, ft"} value={now.upper} hint="unlimited"
          onValue={(upper) => set({ upper })} />
        <When label="From, UTC" value={now.start} required={timed}
          onValue={(start) => set({ start })} />
        <When label="To, UTC" value={now.end} required={timed}
          onValue={(end) => set({ end })} />
      </div>
      <Choice label="Heights are" value={now.reference} of={REFERENCES}
        onValue={(reference) => set({ reference })} />
    </>
  );
}
