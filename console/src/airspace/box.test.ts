import { describe, expect, it } from "vitest";

import { boxOf, capOf, zoomOf } from "./box";
import { MAP_END } from "./earth";

describe("a box", () => {
  it("is the narrowest", () => {
    expect(boxOf([[5, 40], [9, 47], [7, 50]])).toEqual({ west: 5, south: 40, east: 9, north: 50 });
    expect(boxOf([[3, 4]])).toEqual({ west: 3, south: 4, east: 3, north: 4 });
    expect(boxOf([])).toBeNull();
  });

  it("lies across the antimeridian where those in it do", () => {
    const { west, east } = boxOf([[177, 0], [-178, 1], [182, 2], [-176, 0]])!;
    expect([west, east]).toEqual([177, 184]);
  });

  it("ends where a flat map does", () => {
    const { south, north } = boxOf([[0, 89.9], [10, -90]])!;
    expect([south, north]).toEqual([-MAP_END, MAP_END]);
  });
});

describe("a cap", () => {
  it("has all in it, at a pole and across the antimeridian", () => {
    const pole = capOf([[0, 87], [120, 87], [-120, 87]])!;
    expect(pole.lat).toBeCloseTo(90, 6);
    expect(pole.radius).toBeCloseTo(3, 6);
    const date = capOf([[178, 0], [-178, 0]])!;
    expect(Math.abs(date.lon)).toBeCloseTo(180, 9);
    expect(date.radius).toBeCloseTo(2, 6);
    expect(capOf([])).toBeNull();
  });

  it("has a middle even where those in it are all around the Earth", () => {
    const { lat, lon, radius } = capOf([[0, 0], [180, 0]])!;
    expect([lat, lon, radius].every(Number.isFinite)).toBe(true);
  });

  it("is as wide as asked", () => {
    // at the equator, zoom 0, the Earth's radius is 512 / 2π pixels
    const far = (2 * 512) / (2 * Math.PI);
    expect(zoomOf({ lat: 0, lon: 0, radius: 90 }, far)).toBeCloseTo(0, 9);
    expect(zoomOf({ lat: 0, lon: 0, radius: 30 }, far)).toBeCloseTo(1, 9);
    expect(zoomOf({ lat: 60, lon: 0, radius: 30 }, far)).toBeCloseTo(0, 9);
    expect(zoomOf({ lat: 0, lon: 0, radius: 0 }, far)).toBeGreaterThan(9);
  });
});
