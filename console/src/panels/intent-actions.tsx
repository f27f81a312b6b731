/** What can be done about an intent: by its party, and by the authority's hand. */

import { useSignal } from "@preact/signals";

import type { Intent, Offer } from "../airspace/nouns";
import { sky } from "../airspace/sky";
import { utc } from "../bar/time";
import { write } from "../link/authority";
import { may, session } from "../link/session";
import { actions } from "./actions";
import { AircraftForm, NameKey } from "./aircraft";
import { amend, amendable } from "./filing";
import { Became, Choice, Form, Text, useAsking } from "./form";
import { report } from "./reporting";
import { reportable } from "./volume";

export function IntentActions({ id }: { id: string }) {
  void sky.intents.revision.value;
  const intent = sky.intents.get(id);
  if (!intent || intent.shared) return null;
  const mine = session.value?.role === "party" && intent.party === session.value.subject;
  if (mine && may("file")) return <Own intent={intent} />;
  if (may("decide")) return <Hand intent={intent} />;
  return null;
}

/** A party's own steps. */
function Own({ intent }: { intent: Intent }) {
  const asking = useAsking();
  const path = `/v1/intents/${encodeURIComponent(intent.id)}`;
  const step = (what: string): void => {
    void asking.ask(() => write("POST", `${path}/${what}`, undefined, intent));
  };
  const can = {
    activate: ["accepted", "nonconforming"].includes(intent.state),
    end: reportable(intent),
    withdraw: ["pending", "refused", "held", "accepted"].includes(intent.state) && !intent.airborne,
  };
  return (
    <div class="actions">
      {intent.offers.length > 0 && (
        <>
          <h3>Alternatives {intent.until && `until ${utc(intent.until)}`}</h3>
          <ul class="offers">
            {intent.offers.map((offer) => (
              <li key={offer.id}>
                <span>{offerWords(offer)}</span>
                <button
                  type="button"
                  disabled={asking.busy.value}
                  aria-label={`Take ${offerWords(offer)}`}
                  onClick={() => step(`alternatives/${encodeURIComponent(offer.id)}`)}
                >
                  Take
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <Became of={asking} />
      <p class="buttons">
        {amendable(intent) && <Do name="Change" run={() => amend(intent)} of={asking} />}
        {can.activate && <Do name={intent.state === "accepted" ? "Activate" : "It conforms again"} run={() => step("activate")} of={asking} />}
        {reportable(intent) && (
          <Do name={intent.off_nominal.length ? "Report where it may be now" : "Report it off nominal"}
            run={() => report(intent)} of={asking} />
        )}
        <NameKey intent={intent} />
        {can.end && <Do name="End" run={() => step("end")} of={asking} />}
        {can.withdraw && <Do name="Withdraw" run={() => step("withdraw")} of={asking} />}
      </p>
      <AircraftForm intent={intent} />
    </div>
  );
}

function Do({ name, run, of }: { name: string; run: () => void; of: ReturnType<typeof useAsking> }) {
  return <button type="button" disabled={of.busy.value} onClick={run}>{name}</button>;
}

const HAND = {
  override: "Accept in spite of conflicts",
  hold: "Hold: take the acceptance back",
  release: "Release: accept it again",
  impose: "Impose a change",
} as const;

type Hand = keyof typeof HAND;

/** The authority's hand: each use has a reason, which is kept. */
function Hand({ intent }: { intent: Intent }) {
  const asking = useAsking();
  const what = useSignal<Hand>(firstOf(intent));
  const reason = useSignal("");
  const delay = useSignal("0");
  const feet = useSignal("0");
  const offset = useSignal("0");
  const able = ableOf(intent);
  // what was being decided may be over by now, and then its answer is all that is left
  if (able.length === 0) {
    return asking.problem.value && <div class="actions"><Became of={asking} /></div>;
  }
  const chosen = able.includes(what.value) ? what.value : able[0];
  const body =
    chosen === "impose"
      ? {
          reason: reason.value,
          delay: Math.round(60 * Number(delay.value)),
          feet: Number(feet.value),
          offset: 1852 * Number(offset.value),
        }
      : { reason: reason.value };
  const path = `/v1/airspace/intents/${intent.name.split("/").map(encodeURIComponent).join("/")}`;
  return (
    <div class="actions">
      {intent.offers.length > 0 && (
        <>
          <h3>It was offered</h3>
          <ul class="offers">
            {intent.offers.map((offer) => <li key={offer.id}>{offerWords(offer)}</li>)}
          </ul>
        </>
      )}
      <h3>Decide</h3>
      <Form
        asking={asking}
        verb={HAND[chosen].split(":")[0]}
        onSubmit={() => {
          void asking
            .ask(() => write("POST", `${path}/${chosen}`, body, intent), "Done.")
            .then((went) => went && (reason.value = ""));
        }}
      >
        <Choice
          label="What"
          value={chosen}
          onValue={(value) => (what.value = value as Hand)}
          of={able.map((one) => [one, HAND[one]])}
        />
        {chosen === "impose" && (
          <div class="three">
            <Text label="Later, min" type="number" value={delay.value}
              onValue={(value) => (delay.value = value)} />
            <Text label="Higher, ft" type="number" value={feet.value}
              onValue={(value) => (feet.value = value)} />
            <Text label="Right, NM" type="number" value={offset.value}
              onValue={(value) => (offset.value = value)} />
          </div>
        )}
        <Text label="Reason" value={reason.value} required hint="It is kept in the ledger."
          onValue={(value) => (reason.value = value)} />
      </Form>
    </div>
  );
}

function ableOf(intent: Intent): Hand[] {
  switch (intent.state) {
    case "refused":
      return ["override", "impose"];
    case "held":
      return ["release", "override", "impose"];
    case "accepted":
    case "activated":
      return ["hold", "impose", ...(intent.asked ? (["override"] as Hand[]) : [])];
    case "pending":
      return ["override", "impose"];
    default:
      return [];
  }
}

const firstOf = (intent: Intent): Hand => ableOf(intent)[0] ?? "hold";

/** Say how an alternative differs from what was asked. */
export function offerWords(offer: Offer): string {
  const words = [];
  if (offer.delay) words.push(`${offer.delay / 60} min later`);
  if (offer.feet) {
    const way = offer.feet > 0 ? "higher" : "lower";
    words.push(`${Math.abs(offer.feet).toLocaleString("en-US")} ft ${way}`);
  }
  if (offer.offset) {
    words.push(`${Math.abs(offer.offset / 1852).toFixed(0)} NM ${offer.offset > 0 ? "right" : "left"}`);
  }
  if (offer.speed !== 1) words.push(`${Math.round(100 * (offer.speed - 1))} % speed`);
  return words.join(", ") || "as asked";
}

actions.set("intent", IntentActions);
