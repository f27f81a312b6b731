/** Which aircraft flies an intent, by its party's word: shown, named, or taken back. */

import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Aircraft, Intent } from "../airspace/nouns";
import { shown } from "../airspace/sky";
import { write } from "../link/authority";
import { session } from "../link/session";
import { chosen } from "./chosen";
import { Form, Text, useAsking } from "./form";
import { command, onLeaving } from "./registry";

const NONE: Aircraft = { callsign: "", address: "", registration: "", kind: "" };

/** The intent whose aircraft is being named; "" for none. */
const naming = signal("");

/** Say which aircraft was named; "" for none. */
export function aircraftWords(one: Aircraft | null): string {
  return one ? [one.callsign, one.address, one.registration, one.kind].filter(Boolean).join(" · ") : "";
}

/** Whether it may still be said which one flies it. */
export function nameable(intent: Intent): boolean {
  return !["ended", "refused"].includes(intent.state);
}

export function NameKey({ intent }: { intent: Intent }) {
  if (!nameable(intent) || naming.value === intent.name) return null;
  return (
    <button type="button" onClick={() => (naming.value = intent.name)}>
      {aircraftWords(intent.aircraft) ? "Name another aircraft" : "Name its aircraft"}
    </button>
  );
}

export function AircraftForm({ intent }: { intent: Intent }) {
  return naming.value === intent.name && nameable(intent) ? <Naming intent={intent} /> : null;
}

function Naming({ intent }: { intent: Intent }) {
  const asking = useAsking();
  const place = useRef<HTMLDivElement>(null);
  const typed = useSignal<Aircraft>({ ...NONE, ...intent.aircraft });
  const set = (change: Partial<Aircraft>): void => void (typed.value = { ...typed.value, ...change });
  // whoever asked for it goes on typing
  useEffect(() => place.current?.querySelector("input")?.focus(), []);
  const say = (aircraft: Aircraft): void => {
    const path = `/v1/intents/${encodeURIComponent(intent.id)}/aircraft`;
    void asking
      .ask(() => write("PUT", path, aircraft, intent))
      .then((went) => went && (naming.value = ""));
  };
  const now = aircraftWords(intent.aircraft);
  return (
    <div ref={place}>
      <h3>The aircraft that flies it</h3>
      <p class="quiet small">{now ? `Named now: ${now}` : "None is named yet: what is seen is told to be this flight by its place alone."}</p>
      <Form asking={asking} verb="Name it" onSubmit={() => say(typed.value)}
        onCancel={() => (naming.value = "")}>
        <div class="two">
          <Text label="Callsign" value={typed.value.callsign} hint="NOR12"
            onValue={(callsign) => set({ callsign })} />
          <Text label="Address, six hex digits" value={typed.value.address} hint="4b1a2c"
            onValue={(address) => set({ address })} />
          <Text label="Registration" value={typed.value.registration} hint="HB-JXA"
            onValue={(registration) => set({ registration })} />
          <Text label="Type" value={typed.value.kind} hint="A320"
            onValue={(kind) => set({ kind })} />
        </div>
        {now && (
          <p class="buttons">
            <button type="button" disabled={asking.busy.value} onClick={() => say(NONE)}>
              Name none any more
            </button>
          </p>
        )}
      </Form>
    </div>
  );
}

onLeaving(() => void (naming.value = ""));
command({
  id: "aircraft",
  title: "Name the aircraft of the flight that is chosen",
  scope: "file",
  ready: () => ofChosen() !== null,
  run: () => (naming.value = ofChosen()?.name ?? ""),
});

function ofChosen(): Intent | null {
  const now = chosen.value;
  const intent = now?.kind === "intent" ? shown().intents.get(now.id) : undefined;
  const own = intent && !intent.shared && intent.party === session.value?.subject;
  return own && session.value?.role === "party" && nameable(intent) ? intent : null;
}
