/** What was chosen, beside the map: its facts, and what can be done about it. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { altitudeText, heightsText, placeAt, spanOf } from "../airspace/flight";
import { isPath, type Alert, type Constraint, type Intent, type Path4D } from "../airspace/nouns";
import { past, shown } from "../airspace/sky";
import { day, duration, head, tick, utc } from "../bar/time";
import { readAll } from "../link/authority";
import { may } from "../link/session";
import { actions } from "./actions";
import { aircraftWords } from "./aircraft";
import { chooseNothing, chosen, followed, type Kind } from "./chosen";
import { bearing, Fact, nameOf, position, Subject } from "./fact";
import { command } from "./registry";
import { TrackFacts } from "./track-facts";
import { showOnMap, whereIs } from "./where";

const WORDS: Partial<Record<Kind, string>> = {
  unseen: "not seen",
  event: "event of the record",
};

export function Facts() {
  const now = chosen.value;
  const title = useRef<HTMLHeadingElement>(null);
  if (!now || now.kind === "cycle") return null;
  const Actions = actions.get(now.kind);
  return (
    <aside class="facts" aria-label={`About ${titleOf(now.kind, now.id)}`}>
      <header>
        <div>
          <span class="quiet small">{WORDS[now.kind] ?? now.kind}</span>
          <h2 ref={title} tabIndex={-1}>{titleOf(now.kind, now.id)}</h2>
        </div>
        <button type="button" class="plain close" aria-label="Close" onClick={close}>
          ×
        </button>
      </header>
      <div class="facts-body" tabIndex={0}>
        <Of kind={now.kind} id={now.id} />
        {Actions && past.value && (
          <p class="then quiet small">The facts are as known then. What you do, you do now.</p>
        )}
        {Actions && <Actions key={`${now.kind}:${now.id}`} id={now.id} />}
      </div>
    </aside>
  );
}

/** Close it; who is in it goes on where it was chosen. */
function close(): void {
  const within = document.querySelector(".facts")?.contains(document.activeElement);
  const from = document.querySelector<HTMLElement>(".panel [aria-current=true]")
    ?? document.querySelector<HTMLElement>(".panel-body, .ground canvas");
  chooseNothing();
  if (within) from?.focus();
}

function titleOf(kind: Kind, id: string): string {
  if (kind === "track") return nameOf(`track:${id}`);
  if (kind !== "alert") return id;
  const alert = shown().alerts.get(id);
  return alert?.b ? `${nameOf(alert.a)} and ${nameOf(alert.b)}` : "Keep clear";
}

function Of({ kind, id }: { kind: Kind; id: string }) {
  const sky = shown();
  for (const table of sky.tables) void table.revision.value;
  const intent = kind === "intent" ? sky.intents.get(id) : undefined;
  const track = kind === "track" ? sky.tracks.get(id) : undefined;
  const constraint = kind === "constraint" ? sky.constraints.get(id) : undefined;
  const alert = kind === "alert" ? sky.alerts.get(id) : undefined;
  const gone = ["intent", "track", "constraint", "alert"].includes(kind);
  return (
    <>
      <OnMap kind={kind} id={id} />
      {intent && <IntentFacts intent={intent} />}
      {track && <TrackFacts seen={track} />}
      {constraint && <ConstraintFacts constraint={constraint} />}
      {alert && <AlertFacts alert={alert} />}
      {gone && !(intent || track || constraint || alert) && (
        <p class="quiet">It is not in the picture at this time.</p>
      )}
    </>
  );
}

function OnMap({ kind, id }: { kind: Kind; id: string }) {
  if (!whereIs(kind, id)) return null;
  const mark = `${kind}:${id}`;
  const on = followed.value === mark;
  return (
    <p class="buttons">
      <button type="button" onClick={() => showOnMap(kind, id)}>Show on the map</button>
      {canFollow(kind, id) && (
        <button
          type="button"
          aria-pressed={on}
          onClick={() => (followed.value = on ? null : mark)}
        >
          {on ? "Following" : "Follow"}
        </button>
      )}
    </p>
  );
}

/** Volumes do not move. */
function canFollow(kind: Kind, id: string): boolean {
  const extent = kind === "intent" ? shown().intents.get(id)?.extent : null;
  return kind === "track" || (!!extent && isPath(extent));
}

function IntentFacts({ intent }: { intent: Intent }) {
  void tick.value;
  const extent = intent.extent ?? intent.asked;
  const span = extent && (isPath(extent) || extent.length) ? spanOf(extent) : null;
  const place = extent && isPath(extent) ? placeAt(extent, head.at) : null;
  const unseen = shown().unseen.get(intent.name);
  const track = shown().tracks.all().find((one) => one.track.intent === intent.name);
  return (
    <dl>
      <Fact name="Party">{intent.party}</Fact>
      <Fact name="State">
        <span class={`state state-${intent.state}`} aria-hidden="true" /> {intent.state}
        {intent.because && ` · ${BECAUSE[intent.because] ?? intent.because}`}
        {intent.shared && " · shared with you"}
      </Fact>
      {intent.reason && <Fact name="Reason">{intent.reason}</Fact>}
      {intent.asked && intent.extent && (
        <Fact name="Asked for">a change that is not accepted</Fact>
      )}
      {intent.precedence && <Fact name="Precedence">{intent.precedence}</Fact>}
      {span && Number.isFinite(span[0]) && (
        <Fact name="Times">{day(span[0])} {utc(span[0], false)} to {utc(span[1], false)}</Fact>
      )}
      {place && (
        <Fact name="At this time">
          {altitudeText(place.alt, (extent as Path4D).reference)} · {bearing(place.course)}<br />{position(place.lat, place.lon)}
        </Fact>
      )}
      {extent && isPath(extent) && <Fact name="Heights">{levelsText(extent)}</Fact>}
      {extent && !isPath(extent) && (
        <Fact name={extent.length === 1 ? "Volume" : `${extent.length} volumes`}>
          {[...new Set(extent.map(heightsText))].map((one) => <div key={one}>{one}</div>)}
        </Fact>
      )}
      {aircraftWords(intent.aircraft) && (
        <Fact name="Aircraft">{aircraftWords(intent.aircraft)}</Fact>
      )}
      {track && <Fact name="Seen as"><Subject name={`track:${track.track.id}`} /></Fact>}
      {unseen && <Fact name="Not seen">since {utc(unseen.since)}, where the watch looks</Fact>}
      <InItsWay intent={intent} />
      {intent.despite.length > 0 && (
        <Fact name="In spite of"><Names of={intent.despite} /></Fact>
      )}
      {intent.cycle && <Fact name="Cycle">{intent.cycle}</Fact>}
      {intent.changed && <Fact name="Changed by">{intent.changed.id}</Fact>}
      <Fact name="Version">{intent.version}</Fact>
    </dl>
  );
}

function levelsText({ alt, reference }: Path4D): string {
  const [low, high] = [Math.min(...alt), Math.max(...alt)];
  const from = altitudeText(low, reference);
  return low === high ? from : `${from} to ${altitudeText(high, reference)}`;
}

const BECAUSE: Record<string, string> = {
  conflict: "it would conflict",
  constraint: "a constraint is in its way",
  precedence: "one of a higher class goes first",
  "off-nominal": "another is not where it was declared",
  authority: "by the authority",
  probes: "too many refusals; later it is looked at again",
};

/** What is in the way of an intent that waits; the authority asks which flights, a party never. */
function InItsWay({ intent }: { intent: Intent }) {
  const asked = useSignal<string[] | null>(null);
  const waits = intent.state === "held" || intent.state === "refused";
  const known = intent.waits.length
    ? intent.waits
    : intent.constraints.map((one) => `constraint:${one}`);
  const name = waits && !intent.waits.length && may("decide") ? intent.name : "";
  const key = `${name}@${intent.version}`;
  useEffect(() => {
    if (!name) return;
    type Clash = { intent: string; met: string[]; constraints: string[] };
    readAll<Clash>("/v1/airspace/conflicts").then(
      (all) => {
        const found = all.find((one) => one.intent === name);
        asked.value = found
          ? [...found.met, ...found.constraints.map((one) => `constraint:${one}`)]
          : [];
      },
      () => undefined,
    );
  }, [key]);
  const all = known.length ? known : (asked.value ?? []);
  if (!all.length) {
    return waits && asked.value ? <Fact name="In its way">nothing now</Fact> : null;
  }
  return <Fact name="In its way"><Names of={all} /></Fact>;
}

function Names({ of }: { of: string[] }) {
  return (
    <ul>
      {of.map((name) => (
        <li key={name}><Subject name={name.includes(":") ? name : `intent:${name}`} /></li>
      ))}
    </ul>
  );
}

function ConstraintFacts({ constraint }: { constraint: Constraint }) {
  const { permitted } = constraint;
  return (
    <dl>
      <Fact name="Effect">
        {constraint.effect}
        {permitted === true && " · you may enter"}
        {Array.isArray(permitted) && permitted.length > 0 && ` to ${permitted.join(", ")}`}
      </Fact>
      <Fact name="Reason">{constraint.reason || "–"}</Fact>
      {constraint.volumes.map((volume, k) => (
        <>
          <Fact name={constraint.volumes.length > 1 ? `Heights ${k + 1}` : "Heights"}>
            {heightsText(volume)}
          </Fact>
          <Fact name="Times">
            {volume.start ? `${day(volume.start)} ${utc(volume.start, false)}` : "until it is lifted"}
            {volume.end ? ` to ${utc(volume.end, false)}` : volume.start ? " on" : ""}
          </Fact>
        </>
      ))}
    </dl>
  );
}

function AlertFacts({ alert }: { alert: Alert }) {
  void tick.value;
  const volume = alert.avoid.find((one) => one.volume)?.volume;
  const off = Date.parse(alert.start) - head.at;
  return (
    <dl>
      {alert.b && (
        <>
          <Fact name="One"><Subject name={alert.a} /></Fact>
          <Fact name="Another"><Subject name={alert.b} /></Fact>
          <Fact name="Separation">
            {off > 0 ? `would be lost in ${duration(off)}` : `was to be lost ${duration(off)} ago`},{" "}
            {utc(alert.start)}
          </Fact>
          {alert.closest !== null && (
            <Fact name="Closest">
              {(alert.closest / 1852).toFixed(1)} NM
              {alert.vertical !== null && `, ${Math.round(alert.vertical).toLocaleString("en")} ft`}
            </Fact>
          )}
          {alert.avoid.length > 0 && (
            <Fact name="Told to">{[...new Set(alert.avoid.map((one) => one.party))].join(", ")}</Fact>
          )}
        </>
      )}
      {!alert.b && alert.a && <Fact name="Your flight"><Subject name={alert.a} /></Fact>}
      {volume && (
        <>
          <Fact name={alert.b ? "They avoid" : "Avoid"}>
            {heightsText(volume)}
          </Fact>
          <Fact name="Times">
            {volume.start ? utc(volume.start) : "now"}{volume.end && ` to ${utc(volume.end)}`}
          </Fact>
        </>
      )}
      {alert.synthetic && <Fact name="Source">made up</Fact>}
    </dl>
  );
}

command({
  id: "facts",
  title: "Go to the facts and actions of what is chosen",
  key: "a",
  ready: () => chosen.value !== null,
  run: () => document.querySelector<HTMLElement>(".facts h2")?.focus(),
});
command({
  id: "show",
  title: "Show what is chosen on the map",
  key: "s",
  ready: () => chosen.value !== null,
  run: () => chosen.value && showOnMap(chosen.value.kind, chosen.value.id),
});
command({
  id: "close",
  title: "Close what is beside the map",
  key: "Escape",
  ready: () => chosen.value !== null,
  run: close,
});
