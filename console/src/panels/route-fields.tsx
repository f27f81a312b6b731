/** A flight that is written as places, levels and times. */

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import { utc } from "../bar/time";
import type { Sketch } from "../map/sketch";
import { Choice, Text, When } from "./form";
import { REFERENCES, unitOf } from "./height";
import { Moving } from "./moving";
import { placesOf, runsOf } from "./place";
import { blankRow, legsSoFar, moved, type Route, type Row } from "./route";
import { PAGE, Rows, ShowKey, TakeKey, useMap } from "./rows";

/** The flight over the map, with the places of the rows that are there. */
function sketchOf(rows: Row[], first: number): Sketch {
  return {
    strokes: [{ runs: runsOf(placesOf(rows), false), pen: "new" }],
    points: placesOf(rows.slice(first, first + PAGE)).map(([lon, lat]) => [lon, lat, 0]),
  };
}

export function RouteFields({ now, onChange, wrong }: {
  now: Route;
  /** Reads what is written as it is by then: clicks on the map come when they come. */
  onChange: (change: (now: Route) => Partial<Route>) => void;
  /** The row that is not clear, the first 1; 0 for none. */
  wrong: number;
}) {
  const first = useSignal(0);
  const set = (change: Partial<Route>): void => onChange(() => change);
  const add = (lat: string, lon: string): void =>
    onChange(({ rows }) => ({
      rows: [...rows, { ...blankRow(), lat, lon, level: rows.length ? "" : "350" }],
    }));
  const { rows, departs, speed, reference } = now;
  const drawn = useMemo(() => sketchOf(rows, first.value), [rows, first.value]);
  useMap(drawn, add);
  const [legs] = useMemo(() => legsSoFar(now), [rows, departs, speed, reference]);
  const columns = [
    { key: "lat" as const, title: "Lat", hint: () => "47.5" },
    { key: "lon" as const, title: "Lon", hint: () => "8.5" },
    {
      key: "level" as const,
      title: unitOf(reference) === "FL" ? "Level" : "Feet",
      hint: (_: Row, k: number) => (k ? "same" : unitOf(reference) === "FL" ? "350" : "400"),
    },
    {
      key: "time" as const,
      title: "UTC",
      hint: (_: Row, k: number) => (legs[k] ? utc(legs[k].time, false) : "by speed"),
    },
  ];
  const gaps = rows.flatMap((row, k) => (row.gap && k < rows.length - 1 ? [k + 1] : []));
  return (
    <>
      <div class="two">
        <When label="Departs, UTC" value={departs} required
          onValue={(value) => set({ departs: value })} />
        <Text label="Speed, kt" type="number" value={speed}
          onValue={(value) => set({ speed: value })} />
      </div>
      <Rows of={rows} columns={columns} wrong={wrong} blank={blankRow}
        onChange={(value) => set({ rows: value })} onPage={(value) => (first.value = value)} />
      {gaps.length > 0 && (
        <p class="quiet small">No position is held after {gaps.length > 1 ? "rows" : "row"} {gaps.join(", ")}.</p>
      )}
      <p class="buttons">
        <TakeKey what="the next place" />
        <button type="button" onClick={() => add("", "")}>Add a row</button>
        {rows.length > 0 && (
          <button type="button" class="plain" onClick={() => set({ rows: [] })}>Clear</button>
        )}
        <ShowKey />
      </p>
      {rows.length > 1 && (
        <Moving what="rows" count={rows.length} onMove={(move) => set(moved(now, move))} />
      )}
      <More now={now} set={set} />
    </>
  );
}

/** What most flights leave as it is. */
function More({ now, set }: { now: Route; set: (change: Partial<Route>) => void }) {
  const [across, up] = now.protection ?? [0, 0];
  const own = (wide: number, high: number): void =>
    set({ protection: wide > 0 || high > 0 ? [wide, high] : null });
  return (
    <details class="moving" open={now.protection !== null || now.reference !== "pressure"}>
      <summary>Heights, and room of its own</summary>
      <Choice label="Heights are" value={now.reference} of={REFERENCES}
        onValue={(reference) => set({ reference })} />
      <div class="two">
        <Text label="Room across, NM" type="number" hint="as all"
          value={across ? String(Number((across / 1852).toFixed(4))) : ""}
          onValue={(value) => own(1852 * Number(value), up)} />
        <Text label="Room up and down, ft" type="number" hint="as all"
          value={up ? String(up) : ""}
          onValue={(value) => own(across, Number(value))} />
      </div>
    </details>
  );
}
