import { describe, expect, it } from "vitest";

import { placeAt } from "../airspace/flight";
import type { Path4D } from "../airspace/nouns";
import { Marks } from "./marks";

const START = "2026-11-23T12:00:00Z";
const T0 = Date.parse(START);

const PATH: Path4D = {
  start: START,
  seconds: [0, 300, 900],
  lat: [50, 50.3, 50.3],
  lon: [4, 4, 5],
  alt: [10_000, 12_000, 12_000],
  reference: "pressure",
  protection: null,
  gap: [],
};

function flown(path: Path4D, time: number): Marks {
  const marks = new Marks(time);
  marks.lay(["intent:a/1"], time);
  marks.look(0, "planned", [1, 2, 3], 12);
  marks.fly(0, path, time);
  return marks;
}

describe("a mark", () => {
  it("goes on as it was told", () => {
    const marks = new Marks(T0);
    marks.lay(["track:1"], T0);
    marks.look(0, "conforming", [1, 2, 3], 12);
    marks.tell(0, T0, 0, 10, 1000, 100, 90, 600);
    const [lon, lat, metres] = marks.where("track:1", T0 + 60_000)!;
    expect(lon).toBeCloseTo(10 + 6000 / 111_319.49, 5);
    expect(lat).toBeCloseTo(0, 9);
    expect(metres).toBeCloseTo(1600 * 0.3048, 3);
  });

  it("is nowhere before it was told, and when nobody knows of it", () => {
    const marks = new Marks(T0);
    marks.lay(["track:1"], T0);
    expect(marks.where("track:1", T0)).toBeNull();
    expect(marks.where("track:2", T0)).toBeNull();
  });

  it("is where its path is, at each time, however time goes", () => {
    const marks = flown(PATH, T0);
    for (const seconds of [10, 19.9, 20.1, 150, 299, 301, 600, 899, 450, 100, 0, 880]) {
      const time = T0 + seconds * 1000;
      marks.advance(time);
      const [lon, lat, metres] = marks.where("intent:a/1", time)!;
      const place = placeAt(PATH, time)!;
      // a tenth of a second's flight
      expect(Math.abs(lon - place.lon)).toBeLessThan(3e-4);
      expect(Math.abs(lat - place.lat)).toBeLessThan(3e-4);
      expect(metres / 0.3048).toBeCloseTo(place.alt, 0);
    }
  });

  it("comes when its flight begins and goes when it ends", () => {
    const marks = flown(PATH, T0 - 60_000);
    expect(marks.where("intent:a/1", T0 - 60_000)).toBeNull();
    expect(marks.advance(T0 - 1000)).toBe(0);
    marks.advance(T0 + 1000);
    expect(marks.where("intent:a/1", T0 + 1000)).not.toBeNull();
    marks.advance(T0 + 901_000);
    expect(marks.where("intent:a/1", T0 + 901_000)).toBeNull();
    marks.advance(T0 + 500_000);
    expect(marks.where("intent:a/1", T0 + 500_000)).not.toBeNull();
  });

  it("crosses the antimeridian", () => {
    const marks = flown({ ...PATH, lon: [179.99, -179.99, -179], lat: [0, 0, 0] }, T0);
    const time = T0 + 299_000;
    marks.advance(time);
    const [lon] = marks.where("intent:a/1", time)!;
    expect(lon).toBeGreaterThan(-180);
    expect(lon).toBeLessThan(-179.98);
  });

  it("is not written anew while it stays on its leg", () => {
    const marks = flown(PATH, T0);
    const before = marks.version;
    expect(marks.advance(T0 + 5000)).toBe(0);
    expect(marks.version).toBe(before);
  });
});
