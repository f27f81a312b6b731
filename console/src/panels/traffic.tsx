/** Flights and tracks, the nearest in time first: what the map shows, in words. */

import { signal } from "@preact/signals";

import { altitudeText, spanOf } from "../airspace/flight";
import { isPath, type Intent } from "../airspace/nouns";
import { shown } from "../airspace/sky";
import { head, tick, utc } from "../bar/time";
import { choose, chosen } from "./chosen";
import { onLeaving, panel } from "./registry";

const MOST = 200;
const wanted = signal("");

function Traffic() {
  const sky = shown();
  void tick.value;
  const text = wanted.value.toLowerCase();
  const fits = (...words: string[]) => words.some((word) => word.toLowerCase().includes(text));
  const at = Math.floor(head.at / 60_000) * 60_000;
  const intents = sky.intents
    .all()
    .filter((one) => one.state !== "ended" && fits(one.name, one.state) && endOf(one) > at)
    .sort((a, b) => startOf(a) - startOf(b) || (a.name < b.name ? -1 : 1));
  const tracks = sky.tracks
    .all()
    .filter(({ track }) => fits(track.id, track.callsign, track.address, track.conformance));
  return (
    <>
      <label class="field">
        <span>Find</span>
        <input
          type="search"
          value={wanted.value}
          placeholder="a flight, a party, a state"
          onInput={(event) => (wanted.value = (event.target as HTMLInputElement).value)}
        />
      </label>
      {tracks.length > 0 && (
        <>
          <h3>Tracks <span class="quiet">{tracks.length}</span></h3>
          <ul class="rows">
            {tracks.slice(0, MOST).map(({ track }) => (
              <li key={track.id}>
                <button
                  type="button"
                  class="row"
                  aria-current={isChosen("track", track.id)}
                  onClick={() => choose("track", track.id)}
                >
                  <span class={`shape shape-${track.conformance}`} aria-hidden="true" />
                  <span class="row-name">{track.callsign || track.address || track.id}</span>
                  <span class="row-more">{track.conformance}</span>
                  <span class="row-end">{altitudeText(track.fix[3] ?? track.fix[4])}</span>
                </button>
              </li>
            ))}
          </ul>
          <Rest of={tracks} />
        </>
      )}
      <h3>Intents <span class="quiet">{intents.length}</span></h3>
      {intents.length === 0 && (
        <p class="quiet" role="status">{text ? "None is called that." : "None is declared."}</p>
      )}
      <ul class="rows">
        {intents.slice(0, MOST).map((one) => (
          <li key={one.name}>
            <button
              type="button"
              class="row"
              aria-current={isChosen("intent", one.name)}
              onClick={() => choose("intent", one.name)}
            >
              <span class={`state state-${one.state}`} aria-hidden="true" />
              <span class="row-name">{one.id}</span>
              <span class="row-more">{one.party} · {one.state}</span>
              <span class="row-end">{utc(startOf(one), false)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Rest of={intents} />
    </>
  );
}

function Rest({ of }: { of: unknown[] }) {
  if (of.length <= MOST) return null;
  return <p class="quiet">The first {MOST} of {of.length}: narrow them with Find.</p>;
}

function isChosen(kind: string, id: string): boolean {
  return chosen.value?.kind === kind && chosen.value.id === id;
}

const spans = new WeakMap<Intent, [number, number]>();

function span(intent: Intent): [number, number] {
  let found = spans.get(intent);
  if (!found) {
    const extent = intent.extent ?? intent.asked;
    const empty = !extent || (!isPath(extent) && extent.length === 0);
    spans.set(intent, (found = empty ? [NaN, Infinity] : spanOf(extent!)));
  }
  return found;
}

const startOf = (intent: Intent): number => span(intent)[0];
const endOf = (intent: Intent): number => span(intent)[1];

onLeaving(() => void (wanted.value = ""));
panel({ id: "traffic", title: "Traffic", key: "t", Body: Traffic });
