/** The facts of a track: what was seen, how it compares, and what evidence there is of its kind. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { altitudeText } from "../airspace/flight";
import type { Indication, Seen, Track } from "../airspace/nouns";
import { readTrack } from "../airspace/reading";
import { past, shown } from "../airspace/sky";
import { day, duration, head, tick, trace, utc } from "../bar/time";
import { write } from "../link/authority";
import { may } from "../link/session";
import { actions } from "./actions";
import { bearing, Fact, position, Subject } from "./fact";
import { Form, Text, useAsking } from "./form";

const KNOTS = 1.943844;

export function TrackFacts({ seen }: { seen: Seen }) {
  void tick.value;
  const { track } = seen;
  const then = past.value !== null;
  // of the others the page has only where they are
  useEffect(() => {
    trace(track.id);
    const ending = new AbortController();
    if (!then) readTrack(track.id, ending.signal).catch(() => {});
    return () => {
      ending.abort();
      trace("");
    };
  }, [track.id, then]);
  const [at, lat, lon, pressure, geometric, accuracy] = track.fix;
  const heights = [
    pressure !== null && altitudeText(pressure),
    geometric !== null && altitudeText(geometric, "wgs84"),
  ];
  return (
    <>
      <dl>
        <Fact name="Conformance">
          <span class={`shape shape-${track.conformance}`} aria-hidden="true" /> {track.conformance}
          {track.synthetic && " · made up"}
        </Fact>
        {track.intent && <Fact name="Intent"><Subject name={`intent:${track.intent}`} /></Fact>}
        {track.deviation && <Fact name="Differs by">{deviationText(track) || "nothing"}</Fact>}
        <Fact name="Last seen">
          {utc(at)}, {duration(Math.max(0, head.at - Date.parse(at)))} ago
        </Fact>
        <Fact name="Height">{heights.filter(Boolean).join(" · ") || "not known"}</Fact>
        <Fact name="Motion">
          {track.speed === null ? "–" : `${Math.round(track.speed * KNOTS)} kt`}
          {track.course !== null && ` · ${bearing(track.course)}`}
          {track.climb !== null && Math.abs(track.climb) > 100 &&
            ` · ${track.climb > 0 ? "+" : "−"}${Math.abs(Math.round(track.climb / 50) * 50)} ft/min`}
        </Fact>
        <Fact name="Position">
          {position(lat, lon)}
          {accuracy > 0 && <span class="quiet"> ± {Math.round(accuracy)} m</span>}
        </Fact>
        {track.callsign && <Fact name="Says it is">{track.callsign}</Fact>}
        {track.address && <Fact name="Address">{track.address}</Fact>}
        {track.squawk && <Fact name="Squawk">{track.squawk}</Fact>}
        {track.kind && <Fact name="Type">{track.kind}</Fact>}
        <Fact name="Seen by">{track.sources.join(", ") || "–"}</Fact>
        <Fact name="Since">{day(track.first)} {utc(track.first)}</Fact>
      </dl>
      {seen.history.length > 1 && (
        <>
          <h3>How it was told apart</h3>
          <ol class="history">
            {seen.history.map(([, when, conformance, intent]) => (
              <li key={when}>
                <time>{utc(when)}</time>
                <span class={`shape shape-${conformance}`} aria-hidden="true" />
                <span>{conformance}{intent && `, ${intent}`}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {seen.indications.length > 0 && (
        <>
          <h3>Indications</h3>
          <ul class="reasons">
            {indicationsOf(seen).map((one) => (
              <li key={`${one.at}${one.by}${one.what}`}>
                <b>{one.what}</b>, by {one.by}, {day(one.at)} {utc(one.at, false)}
                {one.sure !== null && one.sure !== undefined && `, ${Math.round(100 * one.sure)} % sure`}
                {one.note && `: ${one.note}`}
              </li>
            ))}
          </ul>
          <p class="quiet small">Evidence of what it may be; none of it is proof.</p>
        </>
      )}
    </>
  );
}

/** As the list gives them, with their entries, or as they were told. */
function indicationsOf(seen: Seen): Indication[] {
  const found = new Map<string, Indication>();
  for (const one of seen.indications as (Indication | { indication: Indication })[]) {
    const said = "indication" in one ? one.indication : one;
    found.set(`${Date.parse(said.at)} ${said.by} ${said.what}`, said);
  }
  return [...found.values()];
}

export function deviationText({ deviation }: Track): string {
  if (!deviation) return "";
  const { lateral, vertical, time } = deviation;
  const words = [];
  if (lateral) words.push(`${(lateral / 1852).toFixed(1)} NM aside`);
  if (vertical) {
    words.push(`${Math.abs(Math.round(vertical)).toLocaleString("en")} ft ${vertical > 0 ? "high" : "low"}`);
  }
  if (time) words.push(`${Math.abs(Math.round(time))} s ${time > 0 ? "late" : "early"}`);
  return words.join(", ");
}

function TrackActions({ id }: { id: string }) {
  const asking = useAsking();
  const open = useSignal(false);
  const form = useSignal({ what: "", by: "", sure: "", note: "" });
  if (!shown().tracks.get(id) || !may("watch")) return null;
  const now = form.value;
  const set = (change: Partial<typeof now>): void => void (form.value = { ...form.value, ...change });
  if (!open.value) {
    return (
      <p class="buttons actions">
        <button type="button" onClick={() => (open.value = true)}>Attach an indication</button>
      </p>
    );
  }
  const submit = (): void => {
    const body = {
      what: now.what,
      by: now.by,
      sure: now.sure === "" ? null : Number(now.sure) / 100,
      at: new Date().toISOString(),
      note: now.note,
    };
    const path = `/v1/airspace/tracks/${encodeURIComponent(id)}/indications`;
    void asking.ask(() => write("POST", path, body)).then((went) => {
      if (!went) return;
      open.value = false;
      form.value = { what: "", by: "", sure: "", note: "" };
    });
  };
  return (
    <div class="actions">
      <h3>An indication of what it is</h3>
      <Form asking={asking} verb="Attach" opened onSubmit={submit} onCancel={() => (open.value = false)}>
        <Text label="What it may be" value={now.what} required hint="F-4"
          onValue={(what) => set({ what })} />
        <Text label="By whom" value={now.by} required hint="an observer, a sensor, an outlet"
          onValue={(by) => set({ by })} />
        <Text label="How sure they say they are, %" type="number" value={now.sure}
          onValue={(sure) => set({ sure })} />
        <Text label="Note" value={now.note} onValue={(note) => set({ note })} />
      </Form>
    </div>
  );
}

actions.set("track", TrackActions);
