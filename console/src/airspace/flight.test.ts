import { describe, expect, it } from "vitest";

import { wrapped } from "./earth";
import {
  altitudeText, heightsText, holdsAt, legAt, linesOf, nextChange, placeAt, shapeOf, spanOf,
} from "./flight";
import type { Path4D, Volume4D } from "./nouns";

const START = "2026-11-23T12:00:00Z";
const T0 = Date.parse(START);

function path(more: Partial<Path4D> = {}): Path4D {
  return {
    start: START,
    seconds: [0, 600, 1200, 1800],
    lat: [50, 50, 51, 51],
    lon: [4, 5, 5, 6],
    alt: [30_000, 35_000, 35_000, 31_000],
    reference: "pressure",
    protection: null,
    gap: [],
    ...more,
  };
}

const volume: Volume4D = {
  corners: [[50, 4], [50, 5], [51, 5]],
  centre: null,
  radius: 0,
  lower: 1000,
  upper: null,
  reference: "pressure",
  start: START,
  end: "2026-11-23T13:00:00Z",
  buffer: [0, 0],
};

describe("a declared flight", () => {
  it("is where it says at its fixes, and between them on the way", () => {
    expect(placeAt(path(), T0)).toMatchObject({ lat: 50, lon: 4, alt: 30_000 });
    const half = placeAt(path(), T0 + 900_000)!;
    expect(half.lat).toBeCloseTo(50.5, 3);
    expect(half.alt).toBe(35_000);
    expect(half.course).toBeCloseTo(0, 6);
    expect(placeAt(path(), T0 + 1_800_000)).toMatchObject({ lat: 51, lon: 6 });
  });

  it("is nowhere before, after, and in a gap", () => {
    expect(placeAt(path(), T0 - 1)).toBeNull();
    expect(placeAt(path(), T0 + 1_800_001)).toBeNull();
    expect(legAt(path({ gap: [1] }), T0 + 700_000)).toBeNull();
    expect(legAt(path({ gap: [1] }), T0 + 1_300_000)).not.toBeNull();
  });

  it("is drawn in as many lines as it has gaps and crossings", () => {
    expect(linesOf(path()).length).toBe(1);
    expect(linesOf(path({ gap: [1] })).length).toBe(2);
    expect(linesOf(path({ lon: [179, -179, -178, -177] })).length).toBe(2);
  });

  it("says when it begins and ends", () => {
    expect(spanOf(path())).toEqual([T0, T0 + 1_800_000]);
    expect(spanOf([volume])).toEqual([T0, T0 + 3_600_000]);
    expect(spanOf([{ ...volume, end: null }])).toEqual([T0, Infinity]);
  });
});

describe("a volume", () => {
  it("holds from its start, and no more at its end", () => {
    expect([-1, 0, 3_599_999, 3_600_000].map((t) => holdsAt(volume, T0 + t))).toEqual([
      false, true, true, false,
    ]);
    expect(holdsAt({ ...volume, start: null, end: null }, 0)).toBe(true);
  });

  it("is drawn from its floor", () => {
    const { parts: [ring], middle } = shapeOf(volume)!;
    expect(ring[0][2]).toBeCloseTo(304.8, 6);
    expect(middle[2]).toBeCloseTo(304.8, 6);
    expect(shapeOf({ ...volume, corners: [] })).toBeNull();
  });

  it("has no edge where a map cuts it, and one middle", () => {
    const box = { ...volume, corners: [[5, 178], [5, -178], [8, -177], [8, 178]] as [number, number][] };
    const ring = { ...volume, corners: [], centre: [0, 180] as [number, number], radius: 90_000 };
    for (const one of [box, ring]) {
      const { parts, edges, middle } = shapeOf(one)!;
      expect(parts.length).toBe(2);
      for (const line of edges) {
        for (let k = 1; k < line.length; k++) {
          const both = [line[k - 1], line[k]];
          // a piece of the antimeridian would be an edge that nobody drew
          expect(both.every(([lon]) => Math.abs(lon) === 180) && both[0][1] !== both[1][1]).toBe(false);
        }
      }
      expect(Math.abs(wrapped(middle[0] - 180))).toBeLessThan(2);
    }
  });

  it("around a pole has its circle for an edge, and is filled up to the pole", () => {
    const cap = { ...volume, corners: [], centre: [90, 0] as [number, number], radius: 200_000 };
    const { parts, edges, middle } = shapeOf(cap)!;
    expect(middle[1]).toBe(90);
    expect(parts.flat().some(([, lat]) => lat === 90)).toBe(true);
    for (const [, lat] of edges.flat()) expect(lat).toBeLessThan(88.3);
  });

  it("tells when what holds will be other", () => {
    const later = { ...volume, start: "2026-11-23T14:00:00Z", end: null };
    expect(nextChange([volume, later], T0 - 1)).toEqual([-Infinity, T0]);
    expect(nextChange([volume, later], T0)).toEqual([T0, T0 + 3_600_000]);
    expect(nextChange([volume, later], T0 + 3_600_000)).toEqual([T0 + 3_600_000, T0 + 7_200_000]);
    expect(nextChange([later], T0 + 9e6)).toEqual([T0 + 7_200_000, Infinity]);
    expect(nextChange([], T0)).toEqual([-Infinity, Infinity]);
  });
});

it("says altitudes as their reference does", () => {
  expect(altitudeText(35_000)).toBe("FL350");
  expect(altitudeText(6_000)).toBe("FL060");
  expect(altitudeText(3_000)).toBe("3,000 ft");
  expect(altitudeText(35_000, "wgs84")).toBe("35,000 ft WGS84");
  expect(altitudeText(400, "agl")).toBe("400 ft AGL");
  expect(altitudeText(400, "msl-egm96")).toBe("400 ft MSL");
  expect(heightsText(volume)).toBe("1,000 ft to unlimited");
  expect(heightsText({ ...volume, lower: null, upper: 34_000 })).toBe("ground to FL340");
  expect(altitudeText(null)).toBe("");
});
