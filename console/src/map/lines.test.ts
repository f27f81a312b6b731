import { describe, expect, it } from "vitest";

import { linesOf } from "../airspace/flight";
import type { Path4D } from "../airspace/nouns";
import { columnsOf, SEPARATION } from "./lines";

const PATH: Path4D = {
  start: "2026-11-23T12:00:00Z",
  seconds: [0, 300, 900],
  lat: [50, 50.3, 50.3],
  lon: [4, 4, 5],
  alt: [10_000, 12_000, 12_000],
  reference: "pressure",
  protection: null,
  gap: [],
};
// two lines of one flight: it is cut at the antimeridian
const ACROSS: Path4D = { ...PATH, lat: [0, 0, 0], lon: [179, -179, -178], protection: [500, 100] };

describe("columns of lines", () => {
  it("hold each flight's points, colour and width, in the order that was given", () => {
    const columns = columnsOf([
      { name: "a/1", extent: PATH, colour: [1, 2, 3] },
      { name: "b/2", extent: ACROSS, colour: [4, 5, 6, 7] },
    ]);
    const parts = [...linesOf(PATH), ...linesOf(ACROSS)];
    expect(columns.names).toEqual(["a/1", "b/2", "b/2"]);
    expect(columns.length).toBe(parts.length);
    const { getPath, getColor, getWidth } = columns.attributes;
    expect([...getPath.value]).toEqual(parts.flat(2));
    parts.forEach((points, row) => {
      const [from, to] = [columns.startIndices[row], columns.startIndices[row + 1]];
      expect(to - from).toBe(points.length);
      for (let k = from; k < to; k++) {
        expect([...getColor.value.slice(4 * k, 4 * k + 4)]).toEqual(row ? [4, 5, 6, 7] : [1, 2, 3, 255]);
        expect(getWidth.value[k]).toBe(row ? 500 : SEPARATION);
      }
    });
  });

  it("of no lines are empty", () => {
    const columns = columnsOf([]);
    expect([columns.length, ...columns.startIndices]).toEqual([0, 0]);
  });
});
