import { describe, expect, it } from "vitest";

import { recalled } from "./known";

const NOTHING = {
  registered: true, intents: [], shared: [], constraints: [], cycles: [], alerts: [],
  occurrences: [], statements: [],
};

function own(version: number, state: string, more = {}) {
  return { type: "OwnIntent", intent: "N1", version, state, ...more };
}

describe("what a party knew", () => {
  it("is what its lists gave then, and not what it was never told", () => {
    const fire = { constraint: "fire", version: 2, volumes: [], effect: "closed" };
    const shared = { type: "SharedIntent", party: "south", intent: "S1", state: "accepted" };
    const known = { ...NOTHING, intents: [own(1, "accepted")], shared: [shared], constraints: [fire] };
    const then = recalled("north", known);
    expect([...then.intents.rows.keys()]).toEqual(["north/N1", "south/S1"]);
    expect(then.constraints.get("fire")?.version).toBe(2);
    expect(then.registered).toBe(true);
  });

  it("has why, in the authority's words", () => {
    const why = { because: "authority", reason: "smoke", airborne: true };
    const known = { ...NOTHING, intents: [own(2, "held", why)] };
    expect(recalled("north", known).intents.get("north/N1")).toMatchObject(why);
  });

  it("says when the party was not registered", () => {
    expect(recalled("north", { ...NOTHING, registered: false }).registered).toBe(false);
    // whoever is no party was never to be
    expect(recalled("", { ...NOTHING, registered: false }).registered).toBe(true);
  });
});
