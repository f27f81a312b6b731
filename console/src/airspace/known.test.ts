import { describe, expect, it } from "vitest";

import { rememberedAt } from "./known";

const AT = Date.parse("2026-11-23T12:00:00Z");
const NOTHING = {
  registered: true, intents: [], shared: [], constraints: [], cycles: [], alerts: [],
  occurrences: [], statements: [],
};

function own(version: number, state: string, more = {}) {
  return { type: "OwnIntent", intent: "N1", version, state, ...more };
}

function notice(number: number, at: string, ...contents: Record<string, unknown>[]) {
  return { number, at, contents };
}

describe("what a party knew", () => {
  it("is what its lists gave then, and not what it was never told", () => {
    const fire = { constraint: "fire", version: 2, volumes: [], effect: "closed" };
    const shared = { type: "SharedIntent", party: "south", intent: "S1", state: "accepted" };
    const known = { ...NOTHING, intents: [own(1, "accepted")], shared: [shared], constraints: [fire] };
    const then = rememberedAt(AT, "north", known, []);
    expect([...then.intents.rows.keys()]).toEqual(["north/N1", "south/S1"]);
    expect(then.constraints.get("fire")?.version).toBe(2);
    expect(then.registered).toBe(true);
  });

  it("has the authority's words, as far as they were said by then", () => {
    const told = [
      notice(1, "2026-11-23T11:00:00Z", own(1, "accepted")),
      notice(2, "2026-11-23T11:30:00Z", own(2, "held", { because: "authority", reason: "smoke" })),
      notice(3, "2026-11-23T12:30:00Z", own(3, "accepted", { reason: "clear" })),
    ];
    const held = { ...NOTHING, intents: [own(2, "held", { because: "authority" })] };
    expect(rememberedAt(AT, "north", held, told).intents.get("north/N1")?.reason).toBe("smoke");
    // what was swept is not there, though it was told of
    expect(rememberedAt(AT, "north", NOTHING, told).intents.rows.size).toBe(0);
    // of another version, the words are another's
    const first = { ...NOTHING, intents: [own(1, "accepted")] };
    expect(rememberedAt(AT, "north", first, told).intents.get("north/N1")?.reason).toBe("");
  });

  it("says when the party was not registered", () => {
    expect(rememberedAt(AT, "north", { ...NOTHING, registered: false }, []).registered).toBe(false);
  });
});
