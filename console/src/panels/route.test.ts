import { describe, expect, it } from "vitest";

import type { Path4D } from "../airspace/nouns";
import { moveOf } from "./move";
import { Unclear } from "./place";
import { legsOf, legsSoFar, moved, pathOf, routeFrom, type Route } from "./route";

const row = (lat: string, lon: string, level = "", time = "") => ({ lat, lon, level, time });
const route = (...rows: Route["rows"]): Route => ({
  departs: "2026-07-01 23:00", speed: "360", reference: "pressure", protection: null, rows,
});
const all = (count: number, later: number, feet = 0) => ({ later, feet, from: 1, to: count });
const MINUTE = 60_000;

describe("a route", () => {
  it("takes times from the speed, along the Earth", () => {
    const [first, second] = legsOf(route(row("47", "8", "350"), row("48", "8")));
    expect(second.time - first.time).toBeCloseTo(600_420, -3);
    expect(second.feet).toBe(35_000);
  });
  it("goes on after midnight, and a day later where that is said", () => {
    const path = pathOf(
      route(row("47", "8", "FL350"), row("48", "8", "", "00:10"), row("49", "8", "", "00:20+1")),
    );
    expect(path.start).toBe("2026-07-01T23:00:00.000Z");
    expect(path.seconds).toEqual([0, 4200, 91_200]);
  });
  const unclear: [Route, number][] = [
    [route(row("47", "8", "350")), 0],
    [route(row("47", "8"), row("48", "8")), 1],
    [route(row("47", "8", "350"), row("x", "8")), 2],
    [route(row("47", "8", "350"), row("47", "8")), 2],
    [route(row("47", "8", "350"), row("48", "8", "", "25:00")), 2],
    [{ ...route(row("47", "8", "350"), row("48", "8")), speed: "" }, 2],
    [{ ...route(row("47", "8", "350"), row("48", "8")), departs: "" }, 0],
  ];
  it.each(unclear)("says what is not clear, and where", (given, at) => {
    expect(() => pathOf(given)).toThrow(Unclear);
    try {
      pathOf(given);
    } catch (error) {
      expect((error as Unclear).row).toBe(at);
    }
  });
  it("is worked out as far as it is clear", () => {
    const [legs, wrong] = legsSoFar(route(row("47", "8", "350"), row("48", "8"), row("x", "8")));
    expect(legs).toHaveLength(2);
    expect(wrong?.row).toBe(3);
  });
});

describe("a path that is written down", () => {
  const path: Path4D = {
    start: "2026-07-01T22:59:58.250Z",
    seconds: [0, 0.5, 60, 100_000],
    lat: [47.1234567, 47.2, 47.3, 48],
    lon: [8, 8.0000001, 179.9999999, -179.9],
    alt: [35_033, 35_000, 0, 12_345],
    reference: "wgs84",
    protection: [5000, 800],
    gap: [2],
  };
  it("is read again as it was, with its gaps and its own room", () => {
    expect(pathOf(routeFrom(path))).toEqual(path);
  });
  it("may have a thousand fixes, each as it was", () => {
    const k = Array.from({ length: 1000 }, (_, i) => i);
    const long: Path4D = {
      ...path,
      reference: "pressure",
      seconds: k.map((i) => 7.3 * i).map((s) => Math.round(s * 1000) / 1000),
      lat: k.map((i) => (4000 + i) / 100), lon: k.map(() => 8), alt: k.map((i) => 10 * i), gap: [],
    };
    expect(pathOf(routeFrom(long))).toEqual(long);
  });
});

describe("moving", () => {
  const rows = [row("47", "8", "350"), row("48", "8"), row("49", "8", "360", "23:30"), row("50", "8")];
  it("moves all, and leaves to the speed what was left to it", () => {
    const later = moved(route(...rows), all(4, 10 * MINUTE, 2000));
    expect(later.departs).toBe("2026-07-01 23:10");
    expect(later.rows.map((one) => [one.level, one.time])).toEqual([
      ["370", ""], ["", ""], ["380", "23:40"], ["", ""],
    ]);
  });
  it("moves some, and the others stay", () => {
    const before = legsOf(route(...rows));
    const after = legsOf(moved(route(...rows), { later: 2 * MINUTE, feet: -500, from: 2, to: 3 }));
    expect(after.map((leg, k) => leg.feet - before[k].feet)).toEqual([0, -500, -500, 0]);
    // rows by the speed are written down to the millisecond
    expect(after.map((leg, k) => Math.round((leg.time - before[k].time) / 1000) + 0)).toEqual([
      0, 120, 120, 0,
    ]);
  });
  it("is refused where rows would pass each other", () => {
    expect(() => moved(route(...rows), { later: -20 * MINUTE, feet: 0, from: 2, to: 2 })).toThrow(/row 2/);
  });
  it.each([
    ["", 1, 9], ["3", 3, 3], ["3-7", 3, 7], ["3-", 3, 9], ["-4", 1, 4],
  ])("takes %s for rows", (which, from, to) => {
    expect(moveOf("1", "", which, 9)).toEqual({ later: MINUTE, feet: 0, from, to });
  });
  it.each([["", "", ""], ["x", "", ""], ["1", "", "0"], ["1", "", "4-2"], ["1", "", "1-10"], ["1", "", "some"]])(
    "does not guess at %s, %s, %s", (later, feet, which) =>
      expect(() => moveOf(later, feet, which, 9)).toThrow(Unclear));
});
