import { expect, it } from "vitest";

import { foldNotice } from "./notices";
import { foldOutcome } from "./outcomes";
import { Sky } from "./sky";

type Wire = Record<string, any>;

const aircraft = { callsign: "NOR12", address: "4b1a2c", registration: "", kind: "" };
const volume = { centre: [47, 8], radius: 1000 };
const own = { type: "OwnIntent", intent: "A", version: 1, state: "activated" };
const said = { party: "north", intent: "A", version: 1, state: "activated" };

it("takes the aircraft's name, which makes no new version", () => {
  const [party, whole] = [new Sky(), new Sky()];
  const tell = (content: object, event: object): void => {
    foldNotice(party, { number: 1, at: "", contents: [content] }, "north");
    foldOutcome(whole, { at: "", by: "north", events: [event] });
  };
  tell(own, { ...said, type: "IntentActivated" });
  tell({ ...own, aircraft }, { ...said, type: "AircraftNamed", aircraft });
  for (const sky of [party, whole]) expect(sky.intents.get("north/A")?.aircraft).toEqual(aircraft);
});

it("knows where a flight may be until it conforms again, or is over", () => {
  for (const [state, type] of [["activated", "IntentActivated"], ["ended", "IntentEnded"]]) {
    const [party, whole] = [new Sky(), new Sky()];
    const tell = (version: number, content: object, event: object): void => {
      foldNotice(party, { number: version, at: "", contents: [{ ...own, version, ...content }] }, "north");
      foldOutcome(whole, { at: "", by: "north", events: [{ ...said, version, ...event }] });
    };
    tell(1, {}, { type: "IntentActivated" });
    const adrift = { state: "nonconforming", off_nominal: [volume] };
    tell(2, adrift, { ...adrift, type: "IntentNonconforming" });
    for (const sky of [party, whole]) expect(sky.intents.get("north/A")?.off_nominal).toHaveLength(1);
    tell(3, { state, ended: state === "ended" ? "ended" : "" }, { state, type, how: "ended" });
    for (const sky of [party, whole]) {
      expect(sky.intents.get("north/A")).toMatchObject({ state, off_nominal: [] });
    }
  }
});

it("says why as the intent does that is read back, whatever became of it", () => {
  const party = new Sky();
  const whole = new Sky();
  const path = { start: "", seconds: [], lat: [], lon: [], alt: [], reference: "pressure" };
  let version = 0;
  const tell = (content: Wire, event: Wire, expected: Wire): void => {
    if (event.type !== "AlternativesOffered") version++;
    const { state } = content;
    foldNotice(party, { number: 1, at: "", contents: [{ ...own, version, ...content }] }, "north");
    const outcome = { at: "", by: "", events: [{ ...said, version, state, ...event }] };
    foldOutcome(whole, outcome);
    for (const sky of [party, whole]) {
      expect(sky.intents.get("north/A")).toMatchObject({ version, state, ...expected });
    }
  };
  const refused = {
    state: "refused", precedence: "state", because: "constraint", constraints: ["k"],
  };
  tell(
    { ...refused, asked: path, airborne: false },
    { ...refused, type: "IntentRefused", extent: path },
    { ...refused, extent: null, reason: "", airborne: false },
  );
  const imposed = { precedence: "state", extent: path, reason: "by order", changed: { id: "level" } };
  tell(
    { ...imposed, state: "accepted", airborne: false },
    { ...imposed, type: "IntentImposed" },
    { ...imposed, because: "", constraints: [], asked: null },
  );
  tell({ state: "activated", airborne: true }, { type: "IntentActivated" },
    { reason: "by order", airborne: true });
  tell(
    { state: "held", because: "authority", reason: "smoke", airborne: true },
    { type: "IntentHeld", cause: { kind: "authority", of: "" }, reason: "smoke", airborne: true },
    { because: "authority", reason: "smoke", airborne: true },
  );
  const until = "2026-07-01T14:00:00Z";
  tell({ state: "held", alternatives: { offers: [{ id: "x" }], until }, airborne: null },
    { type: "AlternativesOffered", offers: [{ id: "x" }], until },
    { offers: [{ id: "x" }], airborne: true });
  // its party's word does not let it go
  tell({ state: "nonconforming", off_nominal: [volume], airborne: true },
    { type: "IntentNonconforming", off_nominal: [volume] },
    { because: "authority", reason: "smoke", offers: [] });
  tell({ state: "nonconforming", reason: "clear", airborne: true },
    { type: "IntentReleased", extent: path, reason: "clear" },
    { because: "", reason: "clear" });
  tell({ state: "activated", airborne: true }, { type: "IntentActivated", back: true },
    { off_nominal: [], reason: "clear" });
  tell({ state: "ended", ended: "ended", airborne: false }, { type: "IntentEnded", how: "ended" },
    { ended: "ended", because: "", reason: "", airborne: false });
});
