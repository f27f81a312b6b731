/** Places in a row, typed or taken from the map: of a flight, or the corners of an area. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { mapView } from "../map/current";
import { sketch } from "../map/sketch";
import { placesOf, runsOf } from "./route";

/** Whether clicks on the map are places. */
export const taking = signal(false);

interface Placed {
  lat: string;
  lon: string;
}

/** Show the places over the map, and take more from it, as long as the form is there. */
export function useMap(rows: Placed[], ring: boolean, add: (lat: string, lon: string) => void): void {
  const view = mapView.value;
  const on = taking.value;
  useEffect(() => {
    const places = placesOf(rows);
    sketch.value = {
      strokes: [{ runs: runsOf(places, ring), pen: "new" }],
      points: places.map(([lon, lat]) => [lon, lat, 0]),
    };
  }, [rows, ring]);
  useEffect(() => {
    if (!view || !on) return;
    view.ask(([lon, lat]) => add(lat.toFixed(4), lon.toFixed(4)));
    return () => view.ask(null);
  });
  useEffect(
    () => () => {
      sketch.value = null;
      taking.value = false;
    },
    [],
  );
}

export function TakeKey({ what }: { what: string }) {
  return (
    <button
      type="button"
      aria-pressed={taking.value}
      onClick={() => (taking.value = !taking.value)}
    >
      {taking.value ? `Click on the map for ${what}` : "Take from the map"}
    </button>
  );
}

interface Column<R> {
  key: keyof R & string;
  title: string;
  hint: (row: R, k: number) => string;
}

/** A table of fields; each has a name of its own, and its rows can be moved away. */
export function Rows<R extends object>({ of, columns, onChange, wrong = 0 }: {
  of: R[];
  columns: Column<R>[];
  onChange: (rows: R[]) => void;
  /** The row that is not clear, the first 1; 0 for none. */
  wrong?: number;
}) {
  return (
    <table class="places">
      <thead>
        <tr>
          {columns.map((column) => <th key={column.key} scope="col">{column.title}</th>)}
          <th><span class="unseen">Remove</span></th>
        </tr>
      </thead>
      <tbody>
        {of.map((row, k) => (
          <tr key={k} data-wrong={wrong === k + 1}>
            {columns.map((column) => (
              <td key={column.key}>
                <input
                  aria-label={`${column.title} ${k + 1}`}
                  value={row[column.key] as string}
                  placeholder={column.hint(row, k)}
                  inputMode="text"
                  autocomplete="off"
                  onInput={(event) => {
                    const value = (event.target as HTMLInputElement).value;
                    onChange(of.map((one, i) => (i === k ? { ...one, [column.key]: value } : one)));
                  }}
                />
              </td>
            ))}
            <td>
              <button
                type="button"
                class="plain"
                aria-label={`Remove ${k + 1}`}
                onClick={() => onChange(of.filter((_, i) => i !== k))}
              >
                ×
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
