import { describe, expect, it } from "vitest";

import { degreesOf, distance, placesOf, runsOf } from "./place";

describe("degrees", () => {
  it.each([
    ["47.5", 47.5],
    ["47,5", 47.5],
    ["47.5S", -47.5],
    ["-47.5", -47.5],
    ["47°30′N", 47.5],
    ["47 30 N", 47.5],
    ["473000N", 47.5],
  ])("reads %s", (text, degrees) => expect(degreesOf(text, 90)).toBeCloseTo(degrees, 9));
  it("reads a longitude of charts", () => expect(degreesOf("0083000W", 180)).toBeCloseTo(-8.5, 9));
  it.each(["", "N", "91", "forty", "47.5X"])("does not guess at %s", (text) =>
    expect(degreesOf(text, 90)).toBeNaN());
});

it("knows a minute of a meridian for a sea mile", () => {
  expect(distance(47, 8, 47 + 1 / 60, 8)).toBeCloseTo(1853.2, 0);
});

it("cuts a line where it crosses the antimeridian", () => {
  const places = placesOf([
    { lat: "0", lon: "179" }, { lat: "0", lon: "" }, { lat: "0", lon: "-179" },
  ]);
  expect(places).toHaveLength(2);
  expect(runsOf(places, false)).toHaveLength(2);
});
