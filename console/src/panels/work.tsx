/** What waits for somebody: the nearest in time first, each a step away from what to do about it. */

import { computed } from "@preact/signals";
import { memo } from "preact/compat";

import { spanOf } from "../airspace/flight";
import type { Conformance, Intent } from "../airspace/nouns";
import { past, shown } from "../airspace/sky";
import { head, tick, utc } from "../bar/time";
import { line } from "../link/authority";
import { may, session } from "../link/session";
import { choose, chosen, type Kind } from "./chosen";
import { nameOf } from "./fact";
import { openForm, panel } from "./registry";
import { standings } from "./standings";

/** Rows of a group that are shown. */
const MOST = 100;

interface Item {
  kind: Kind;
  id: string;
  /** What is drawn before it. */
  mark: string;
  name: string;
  what: string;
  at: number;
}

const GROUPS: readonly [string, () => Item[]][] = [
  ["Alerts", alerts],
  ["Tracks that nobody declared", () => tracks("undeclared")],
  ["Tracks off their intents", () => tracks("nonconforming")],
  ["Declared, and not seen", unseen],
  ["Held", () => intents("held")],
  ["Off nominal, by their parties' word", () => [
    ...intents("contingent"),
    ...intents("nonconforming"),
  ]],
  ["Refused", () => intents("refused")],
  ["Contested", contested],
];

function alerts(): Item[] {
  return shown().alerts.all().map((one) => ({
    kind: "alert",
    id: one.id,
    mark: "stroke stroke-alert",
    name: one.b
      ? `${nameOf(one.a)} and ${nameOf(one.b)}`
      : `Keep clear${one.a ? `: ${nameOf(one.a)}` : ""}`,
    what: one.closest === null ? "" : `${(one.closest / 1852).toFixed(1)} NM`,
    at: Date.parse(one.start),
  }));
}

/** Of each kind, since when it is of that kind: the list keeps its order while tracks are told. */
function tracks(conformance: Conformance): Item[] {
  const items: Item[] = [];
  const { tracks: table } = shown();
  void table.revision.value;
  for (const { track, path, history } of table.rows.values()) {
    if (track.conformance !== conformance) continue;
    const since = history[history.length - 1]?.[1] ?? path[0]?.[0] ?? track.fix[0];
    items.push({
      kind: "track",
      id: track.id,
      mark: `shape shape-${conformance}`,
      name: track.callsign || track.address || track.id,
      what: track.intent || (track.synthetic ? "made up" : track.sources.join(", ")),
      at: Date.parse(since),
    });
  }
  return items;
}

function unseen(): Item[] {
  return shown().unseen.all().map((one) => ({
    kind: "intent",
    id: one.intent,
    mark: "shape shape-planned",
    name: one.intent,
    what: "not seen",
    at: Date.parse(one.since),
  }));
}

function intents(state: string): Item[] {
  void tick.value;
  const now = Math.floor(head.at / 60_000) * 60_000;
  return shown()
    .intents.all()
    .filter((one) => one.state === state && !one.shared && endOf(one) > now)
    .map((one) => ({
      kind: "intent",
      id: one.name,
      mark: `state state-${state}`,
      name: session.value?.role === "party" ? one.id : one.name,
      what: one.because || (one.offers.length ? `${one.offers.length} alternatives` : ""),
      at: startOf(one),
    }));
}

function contested(): Item[] {
  return shown()
    .occurrences.all()
    .filter((one) => standings.value.get(one.id) === "contested")
    .map((one) => ({
      kind: "event",
      id: one.id,
      mark: "stroke stroke-refused",
      name: one.id,
      what: one.place,
      at: Date.parse(one.start),
    }));
}

const groups = computed(() =>
  GROUPS.map(([title, items]) => ({
    title,
    items: items().sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
  })).filter(({ items }) => items.length > 0),
);

const waiting = computed(() => groups.value.reduce((count, { items }) => count + items.length, 0));

function Work() {
  if (groups.value.length === 0) {
    const { value: now } = line;
    if (now.state === "reading" || (now.state === "stale" && now.since === null)) {
      return <p class="quiet">Nothing is read yet.</p>;
    }
    if (!shown().registered) {
      return <p class="quiet">You were not registered then. What was public is shown.</p>;
    }
    if (past.value) return <p class="quiet">Nothing waited for a decision then.</p>;
    return <><p class="quiet">Nothing waits for a decision.</p><First /></>;
  }
  return (
    <>
      {groups.value.map(({ title, items }) => (
        <section key={title} aria-label={title}>
          <h3>{title} <span class="quiet">{items.length}</span></h3>
          <ul class="rows">
            {items.slice(0, MOST).map((one) => <Row key={`${one.kind}:${one.id}`} item={one} />)}
          </ul>
          {items.length > MOST && <p class="quiet">The first {MOST} of {items.length}.</p>}
        </section>
      ))}
    </>
  );
}

/** What comes first where there is nothing yet. */
function First() {
  const { value: who } = session;
  if (who?.role === "party" && may("file") && shown().intents.all().every((one) => one.shared)) {
    return <Step words="You have filed no flight yet." to="file" verb="File one" />;
  }
  if (may("register") && shown().parties.all().length === 0) {
    return (
      <Step words="No party is registered, so nobody can file a flight yet." to="parties"
        verb="Register a party" />
    );
  }
  return null;
}

function Step({ words, to, verb }: { words: string; to: string; verb: string }) {
  return (
    <>
      <p class="quiet">{words}</p>
      <p class="buttons"><button type="button" onClick={() => openForm(to)}>{verb}</button></p>
    </>
  );
}

/** Drawn again only where something in it changed: the list is made anew with each track told. */
const Row = memo(function Row({ item }: { item: Item }) {
  const now = chosen.value;
  return (
    <li>
      <button
        type="button"
        class="row"
        aria-current={now?.kind === item.kind && now.id === item.id}
        onClick={() => choose(item.kind, item.id)}
      >
        <span class={item.mark} aria-hidden="true" />
        <span class="row-name">{item.name}</span>
        <span class="row-more">{item.what}</span>
        <span class="row-end">{utc(item.at, false)}</span>
      </button>
    </li>
  );
}, ({ item: a }, { item: b }) =>
  a.name === b.name && a.what === b.what && a.at === b.at && a.mark === b.mark && a.id === b.id);

const startOf = (intent: Intent): number => ends(intent)[0];
const endOf = (intent: Intent): number => ends(intent)[1];

function ends(intent: Intent): [number, number] {
  const extent = intent.asked ?? intent.extent;
  return extent && (!Array.isArray(extent) || extent.length) ? spanOf(extent) : [0, Infinity];
}

panel({ id: "work", title: "Work", key: "w", Body: Work, waiting: () => waiting.value });
