/** Places in a row, typed or taken from the map: of a flight, or the corners of an area. */

import { signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { mapView } from "../map/current";
import { sketch, type Sketch } from "../map/sketch";

/** Whether clicks on the map are places. */
export const taking = signal(false);

/** Show over the map what is written, and take more from it, as long as the form is there. */
export function useMap(drawn: Sketch, add: (lat: string, lon: string) => void): void {
  const view = mapView.value;
  const on = taking.value;
  useEffect(() => {
    sketch.value = drawn;
  }, [drawn]);
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

/** Fly to what is written. */
export function ShowKey() {
  const at = sketch.value?.points[0] ?? sketch.value?.strokes[0]?.runs[0]?.[0];
  if (!at) return null;
  return (
    <button type="button" class="plain" onClick={() => mapView.value?.flyTo(at[0], at[1])}>
      Show
    </button>
  );
}

/** `Enter` in a field that is only for the page takes what is in it, and sends nothing. */
export function unsent(event: KeyboardEvent, take?: () => void): void {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const field = event.target as HTMLInputElement;
  if (take) take();
  else field.dispatchEvent(new Event("change"));
}

interface Column<R> {
  key: keyof R & string;
  title: string;
  hint: (row: R, k: number) => string;
}

/** Rows that are there at once: more are turned over, like pages. */
export const PAGE = 15;

/** A table of fields; each has a name of its own, and rows can be put between and taken away. */
export function Rows<R extends object>({ of, columns, onChange, blank, wrong = 0, onPage }: {
  of: R[];
  columns: Column<R>[];
  onChange: (rows: R[]) => void;
  /** Makes a row to be put between others; left out where there is but one. */
  blank?: () => R;
  /** The row that is not clear, the first 1; 0 for none. */
  wrong?: number;
  /** Told which rows are there: the first of them, from 0. */
  onPage?: (first: number) => void;
}) {
  const place = useRef<HTMLTableElement>(null);
  const wanted = useSignal(0);
  // an empty row that is alone has just been asked for
  const empty = (row: R | undefined): boolean => !columns.some((column) => row?.[column.key]);
  const count = useRef(of.length === 1 && empty(of[0]) ? 0 : of.length);
  const first = of.length > PAGE ? Math.max(0, Math.min(wanted.value, of.length - 1)) : 0;
  const there = of.slice(first, first + PAGE);
  /** The row that is to be typed in as soon as it is there. */
  const wish = useRef(-1);
  useEffect(() => onPage?.(first), [first]);
  useEffect(() => {
    if (wrong && (wrong <= first || wrong > first + PAGE)) wanted.value = wrong - 1;
  }, [wrong]);
  useLayoutEffect(() => {
    if (of.length === count.current + 1 && empty(of[of.length - 1])) {
      wish.current = of.length - 1;
      if (wish.current >= first + PAGE) wanted.value = wish.current - PAGE + 1;
    }
    count.current = of.length;
    if (wish.current < first || wish.current >= first + there.length) return;
    const rows = place.current?.querySelectorAll("tbody tr");
    rows?.[wish.current - first].querySelector("input")?.focus();
    wish.current = -1;
  });
  const change = (k: number, key: keyof R, value: string): void =>
    onChange(of.map((one, i) => (i === k ? { ...one, [key]: value } : one)));
  return (
    <>
      <table class="places" ref={place} hidden={of.length === 0}>
        <thead>
          <tr>
            <th><span class="unseen">Row</span></th>
            {columns.map((column) => <th key={column.key} scope="col">{column.title}</th>)}
            <th><span class="unseen">Put after, remove</span></th>
          </tr>
        </thead>
        <tbody>
          {there.map((row, j) => {
            const k = first + j;
            return (
              <tr key={k} data-wrong={wrong === k + 1}>
                <th scope="row">{k + 1}</th>
                {columns.map((column) => (
                  <td key={column.key} class={`of-${column.key}`}>
                    <input
                      aria-label={`${column.title} ${k + 1}`}
                      aria-invalid={wrong === k + 1 || undefined}
                      value={row[column.key] as string}
                      placeholder={column.hint(row, k)}
                      inputMode="text"
                      autocomplete="off"
                      onInput={(event) =>
                        change(k, column.key, (event.target as HTMLInputElement).value)}
                    />
                  </td>
                ))}
                <td>
                  {blank && (
                    <button
                      type="button"
                      class="plain"
                      aria-label={`Put a row after ${k + 1}`}
                      onClick={() => {
                        count.current = of.length + 1;
                        wish.current = k + 1;
                        if (j + 1 === PAGE) wanted.value = first + 1;
                        onChange([...of.slice(0, k + 1), blank(), ...of.slice(k + 1)]);
                      }}
                    >
                      +
                    </button>
                  )}
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
            );
          })}
        </tbody>
      </table>
      {of.length > PAGE && (
        <p class="buttons turning" role="group" aria-label="Rows that are shown">
          <button type="button" disabled={first === 0}
            onClick={() => (wanted.value = Math.max(0, first - PAGE))}>
            Earlier
          </button>
          <button type="button" disabled={first + PAGE >= of.length}
            onClick={() => (wanted.value = first + PAGE)}>
            Later
          </button>
          <label>
            <span>Row</span>
            <input type="number" min={1} max={of.length} value={first + 1}
              onKeyDown={unsent}
              onChange={(event) => {
                const k = Math.round(Number((event.target as HTMLInputElement).value));
                if (k >= 1) wanted.value = Math.min(k, of.length) - 1;
              }} />
          </label>
          <span class="quiet">to {Math.min(first + PAGE, of.length)} of {of.length}</span>
        </p>
      )}
    </>
  );
}
