import { describe, expect, it } from "vitest";

import type { Volume4D } from "../airspace/nouns";
import { Unclear } from "./place";
import { around, blankVolume, draftOf, movedVolumes, nextAfter, strokeOf, volumesOf, volumeWords } from "./volume";

const polygon: Volume4D = {
  corners: [[47.1234567, 8], [47, 9], [48, 8.5]],
  centre: null, radius: 0, lower: 10_050, upper: null, reference: "pressure",
  start: "2026-07-01T12:00:00.000Z", end: "2026-07-01T13:30:10.500Z", buffer: [100, 50],
};
const circle: Volume4D = {
  ...polygon, corners: [], centre: [47, 8], radius: 18_520, lower: null, upper: 400, reference: "agl",
};

describe("a volume that is written down", () => {
  it("is read again as it was", () => {
    expect(volumesOf([polygon, circle].map(draftOf), true)).toEqual([polygon, circle]);
  });
  it("is said in a line", () => {
    expect(volumeWords(draftOf(polygon))).toBe("3 corners, FL100.5 to unlimited, 12:00 to 13:30:10.500");
    expect(volumeWords(draftOf(circle))).toContain("circle of 10 NM, ground to 400 ft");
  });
  it("is drawn: a circle as it is wide, a polygon as far as it goes", () => {
    expect(strokeOf(draftOf(circle))[0].length).toBeGreaterThan(20);
    expect(strokeOf({ ...draftOf(polygon), rows: draftOf(polygon).rows.slice(0, 2) })).toHaveLength(1);
    expect(strokeOf({ ...draftOf(circle), radius: "" })).toEqual([]);
  });
});

describe("what is not clear", () => {
  const good = draftOf(polygon);
  it.each([
    [{ rows: good.rows.slice(0, 2) }, 0],
    [{ rows: [...good.rows, { lat: "x", lon: "8" }] }, 4],
    [{ shape: "circle" as const }, 0],
    [{ shape: "circle" as const, rows: good.rows.slice(0, 1), radius: "0" }, 0],
    [{ lower: "high" }, 0],
    [{ lower: "200", upper: "100" }, 0],
    [{ start: "" }, 0],
    [{ end: good.start }, 0],
  ])("is said with its volume and row", (change, row) => {
    try {
      volumesOf([good, { ...good, ...change }], true);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Unclear);
      expect(error).toMatchObject({ volume: 2, row });
    }
  });
  it("is no time, of a constraint", () => {
    expect(volumesOf([{ ...good, start: "", end: "" }], false)[0]).toMatchObject({ start: null, end: null });
  });
});

describe("several", () => {
  it("follow one another", () => {
    expect(nextAfter({ ...draftOf(polygon), end: "2026-07-01 13:00" })).toMatchObject({
      start: "2026-07-01 13:00", end: "2026-07-01 14:00", lower: "100.5", rows: [],
    });
  });
  it("are moved, and where there is no limit none comes", () => {
    const [first, second] = movedVolumes([draftOf(polygon), draftOf(circle)], {
      later: 600_000, feet: 1000, from: 1, to: 1,
    });
    expect(first).toMatchObject({ lower: "110.5", upper: "", start: "2026-07-01 12:10" });
    expect(second).toEqual(draftOf(circle));
  });
});

it("begins a report around where the flight should be", () => {
  const made = around({ ...blankVolume(), start: polygon.start!.slice(0, 16), end: "2026-07-01 13:00" },
    { lat: 47.00001, lon: 8, alt: 35_040 }, "pressure");
  expect(volumesOf([made], true)[0]).toMatchObject({
    centre: [47, 8], radius: 18_520, lower: 33_000, upper: 37_100, reference: "pressure",
  });
});
