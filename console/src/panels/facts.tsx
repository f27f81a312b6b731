/** The facts of what was chosen, beside the map. */

import type { ComponentChildren } from "preact";

import { altitudeText, placeAt, spanOf } from "../airspace/flight";
import { isPath, type Intent, type Seen } from "../airspace/nouns";
import { shown } from "../airspace/sky";
import { day, head, tick, utc } from "../bar/time";
import { chooseNothing, chosen, followed, type Kind } from "./chosen";
import { actions } from "./actions";

export function Facts() {
  const now = chosen.value;
  if (!now) return null;
  const Actions = actions.get(now.kind);
  return (
    <aside class="facts" aria-label={`About ${now.id}`}>
      <header>
        <span class="quiet">{now.kind}</span>
        <h2>{now.id}</h2>
        <button type="button" class="plain close" aria-label="Close" onClick={chooseNothing}>
          ×
        </button>
      </header>
      <Of kind={now.kind} id={now.id} />
      {Actions && <Actions id={now.id} />}
    </aside>
  );
}

function Of({ kind, id }: { kind: Kind; id: string }) {
  const sky = shown();
  for (const table of sky.tables) void table.revision.value;
  const intent = kind === "intent" ? sky.intents.get(id) : undefined;
  const track = kind === "track" ? sky.tracks.get(id) : undefined;
  const constraint = kind === "constraint" ? sky.constraints.get(id) : undefined;
  if (intent) return <IntentFacts intent={intent} />;
  if (track) return <TrackFacts seen={track} />;
  if (constraint) {
    return (
      <dl>
        <Fact name="Effect">{constraint.effect}</Fact>
        <Fact name="Reason">{constraint.reason || "–"}</Fact>
        {constraint.volumes.map((volume) => (
          <>
            <Fact name="Heights">
              {volume.lower === null ? "ground" : altitudeText(volume.lower, volume.reference)} to{" "}
              {volume.upper === null ? "unlimited" : altitudeText(volume.upper, volume.reference)}
            </Fact>
            <Fact name="Times">
              {volume.start ? `${day(volume.start)} ${utc(volume.start)}` : "always"}
              {volume.end ? ` to ${utc(volume.end)}` : volume.start ? " on" : ""}
            </Fact>
          </>
        ))}
      </dl>
    );
  }
  if (["intent", "track", "constraint"].includes(kind)) {
    return <p class="quiet">It is not in the picture at this time.</p>;
  }
  return null;
}

function IntentFacts({ intent }: { intent: Intent }) {
  void tick.value;
  const extent = intent.extent ?? intent.asked;
  const span = extent && (isPath(extent) || extent.length) ? spanOf(extent) : null;
  const place = extent && isPath(extent) ? placeAt(extent, head.at) : null;
  return (
    <>
      <Follow mark={`intent:${intent.name}`} />
      <dl>
        <Fact name="Party">{intent.party}</Fact>
        <Fact name="State">
          <span class={`state state-${intent.state}`} aria-hidden="true" /> {intent.state}
          {intent.because && ` · ${intent.because}`}
        </Fact>
        {intent.reason && <Fact name="Reason">{intent.reason}</Fact>}
        {intent.precedence && <Fact name="Precedence">{intent.precedence}</Fact>}
        {span && (
          <Fact name="Times">
            {day(span[0])} {utc(span[0])} to {utc(span[1])}
          </Fact>
        )}
        {place && (
          <Fact name="At this time">
            {altitudeText(place.alt)} · {bearing(place.course)} · {position(place.lat, place.lon)}
          </Fact>
        )}
        {intent.aircraft?.callsign && <Fact name="Callsign">{intent.aircraft.callsign}</Fact>}
        {intent.waits.length > 0 && <Fact name="Waits for">{intent.waits.join(", ")}</Fact>}
        {intent.despite.length > 0 && <Fact name="In spite of">{intent.despite.join(", ")}</Fact>}
        {intent.constraints.length > 0 && (
          <Fact name="Constraints">{intent.constraints.join(", ")}</Fact>
        )}
        {intent.changed && <Fact name="Changed by">{intent.changed.id}</Fact>}
        <Fact name="Version">{intent.version}</Fact>
      </dl>
    </>
  );
}

function TrackFacts({ seen }: { seen: Seen }) {
  void tick.value;
  const { track } = seen;
  const [at, lat, lon, pressure, geometric] = track.fix;
  return (
    <>
      <Follow mark={`track:${track.id}`} />
      <dl>
        <Fact name="Conformance">
          <span class={`shape shape-${track.conformance}`} aria-hidden="true" /> {track.conformance}
          {track.synthetic && " · made up"}
        </Fact>
        {track.intent && <Fact name="Intent">{track.intent}</Fact>}
        <Fact name="Last seen">
          {utc(at)}, {Math.max(0, Math.round((head.at - Date.parse(at)) / 1000))} s ago
        </Fact>
        <Fact name="Height">
          {[
            pressure !== null && altitudeText(pressure),
            geometric !== null && `${altitudeText(geometric, "wgs84")} above WGS84`,
          ]
            .filter(Boolean)
            .join(" · ") || "not known"}
        </Fact>
        <Fact name="Motion">
          {track.speed === null ? "–" : `${Math.round(track.speed * 1.943844)} kt`}
          {track.course !== null && ` · ${bearing(track.course)}`}
        </Fact>
        <Fact name="Position">{position(lat, lon)}</Fact>
        {track.callsign && <Fact name="Says it is">{track.callsign}</Fact>}
        {track.address && <Fact name="Address">{track.address}</Fact>}
        {track.squawk && <Fact name="Squawk">{track.squawk}</Fact>}
        {track.kind && <Fact name="Type">{track.kind}</Fact>}
        <Fact name="Seen by">{track.sources.join(", ") || "–"}</Fact>
      </dl>
    </>
  );
}

function Follow({ mark }: { mark: string }) {
  const on = followed.value === mark;
  return (
    <button
      type="button"
      class="follow"
      aria-pressed={on}
      onClick={() => (followed.value = on ? null : mark)}
    >
      {on ? "Following" : "Follow on the map"}
    </button>
  );
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function bearing(degrees: number): string {
  return `${String(Math.round(degrees) % 360).padStart(3, "0")}°`;
}

export function position(lat: number, lon: number): string {
  const half = (value: number, positive: string, negative: string, wide: number): string => {
    const minutes = Math.round(Math.abs(value) * 600) / 10;
    const whole = Math.floor(minutes / 60);
    const rest = (minutes - 60 * whole).toFixed(1).padStart(4, "0");
    return `${String(whole).padStart(wide, "0")}°${rest}′${value < 0 ? negative : positive}`;
  };
  return `${half(lat, "N", "S", 2)} ${half(lon, "E", "W", 3)}`;
}
