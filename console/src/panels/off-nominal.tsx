/** A flight that is not where it was declared: its party says so, and where it may be. */

import { useSignal } from "@preact/signals";

import { altitudeText, placeAt } from "../airspace/flight";
import { isPath, type Intent } from "../airspace/nouns";
import { sky } from "../airspace/sky";
import { write } from "../link/authority";
import { session } from "../link/session";
import { mapView } from "../map/current";
import { choose, chosen } from "./chosen";
import { Choice, Form, useAsking } from "./form";
import { placesOf, Unclear } from "./place";
import { command, panel } from "./registry";
import { blank, forNow, report, reporting } from "./reporting";
import { taking } from "./rows";
import { around, draftOf, reportable, volumesOf, type Draft } from "./volume";
import { VolumeFields } from "./volume-fields";

function flights(): Intent[] {
  void sky.intents.revision.value;
  const own = session.value?.subject;
  return sky.intents.all().filter((one) => one.party === own && !one.shared && reportable(one));
}

function OffNominal() {
  const asking = useAsking();
  const unclear = useSignal<Unclear | null>(null);
  const of = flights();
  const now = reporting.value;
  const intent = of.find((one) => one.name === now.name) ?? of[0];
  const set = (change: Partial<typeof now>): void => {
    reporting.value = { ...reporting.value, ...change };
    unclear.value = null;
    asking.done.value = "";
  };
  if (!intent) {
    return (
      <>
        <p class="quiet">None of your flights is being flown. One can be reported once it is activated.</p>
        {asking.done.value && <p class="done" role="status">{asking.done.value}</p>}
      </>
    );
  }
  const final = now.final || intent.state === "contingent";
  const submit = (): void => {
    const path = `/v1/intents/${encodeURIComponent(intent.id)}/${final ? "contingency" : "nonconforming"}`;
    taking.value = false;
    void asking
      .ask(async () => {
        try {
          const volumes = volumesOf(now.volumes, true);
          await write("POST", path, { volumes }, intent);
        } catch (error) {
          if (error instanceof Unclear) unclear.value = error;
          throw error;
        }
        reporting.value = { ...blank(), name: intent.name };
        choose("intent", intent.name);
      }, `${intent.id} is reported; who would be in its way is held.`);
  };
  const begin = begun(intent);
  return (
    <Form asking={asking} verb={final ? "Declare the contingency" : "Report it"} onSubmit={submit}>
      <Choice label="Flight" value={intent.name} of={of.map((one) => [one.name, `${one.id}, ${one.state}`])}
        onValue={(name) => set({ name })} />
      <Choice label="What becomes of it" value={final ? "final" : "back"}
        of={[
          ...(intent.state === "contingent" ? [] : [["back", "non-conforming: it will come back"] as [string, string]]),
          ["final", "contingency: it will not come back"],
        ]}
        onValue={(value) => set({ final: value === "final" })} />
      <h3>Where it may be</h3>
      {begin.length > 0 && (
        <p class="buttons">
          {begin.map(([words, volumes]) => (
            <button key={words} type="button" onClick={() => {
              const made = volumes();
              set({ volumes: made });
              const [at] = placesOf(made[0].rows);
              if (at) mapView.value?.flyTo(...at);
            }}>{words}</button>
          ))}
        </p>
      )}
      <VolumeFields of={now.volumes} timed wrong={unclear.value}
        onChange={(change) => set({ volumes: change(reporting.value.volumes) })} />
    </Form>
  );
}

/** What the volumes can begin with: one press, where there is no time to draw. */
function begun(intent: Intent): [string, () => Draft[]][] {
  const ways: [string, () => Draft[]][] = [];
  const { extent } = intent;
  const place = extent && isPath(extent) ? placeAt(extent, Date.now()) : null;
  if (place && extent && isPath(extent)) {
    ways.push([
      `10 NM around where it should be, ${altitudeText(place.alt, extent.reference)}`,
      () => [around(forNow(), place, extent.reference)],
    ]);
  }
  if (extent && !isPath(extent) && extent.length > 0) {
    ways.push(["Its declared volumes", () => extent.map(draftOf)]);
  }
  if (intent.off_nominal.length > 0) {
    ways.push(["What was last reported", () => intent.off_nominal.map(draftOf)]);
  }
  return ways;
}

panel({
  id: "off-nominal", title: "Off nominal", key: "o", scope: "file", roles: ["party"], Body: OffNominal,
});
command({
  id: "report",
  title: "Report the flight that is chosen off nominal",
  scope: "file",
  ready: () => ofChosen() !== undefined,
  run: () => {
    const intent = ofChosen();
    if (intent) report(intent);
  },
});

function ofChosen(): Intent | undefined {
  const now = chosen.value;
  if (session.value?.role !== "party" || now?.kind !== "intent") return undefined;
  return flights().find((one) => one.name === now.id);
}
