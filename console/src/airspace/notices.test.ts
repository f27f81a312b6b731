import { expect, it } from "vitest";

import { foldNotice } from "./notices";
import { foldOutcome } from "./outcomes";
import { Sky } from "./sky";

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
