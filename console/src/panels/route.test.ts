import { describe, expect, it } from "vitest";

import { degreesOf, distance, legsOf, pathOf, placesOf, routeOf, runsOf, Unclear, type Route } from "./route";

const row = (lat: string, lon: string, level = "", time = "") => ({ lat, lon, level, time });
const route = (...rows: Route["rows"]): Route => ({ departs: "2026-07-01 23:00", speed: "360", rows });

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

describe("a route", () => {
  it("takes times from the speed, along the Earth", () => {
    const [first, second] = legsOf(route(row("47", "8", "350"), row("48", "8")));
    expect(second.time - first.time).toBeCloseTo(600_420, -3);
    expect(second.feet).toBe(35_000);
  });
  it("goes on after midnight", () => {
    const path = pathOf(route(row("47", "8", "FL350"), row("48", "8", "", "00:10")));
    expect(path.start).toBe("2026-07-01T23:00:00.000Z");
    expect(path.seconds).toEqual([0, 4200]);
  });
  it.each([
    [route(row("47", "8", "350")), 0],
    [route(row("47", "8"), row("48", "8")), 1],
    [route(row("47", "8", "350"), row("x", "8")), 2],
    [route(row("47", "8", "350"), row("47", "8")), 2],
    [route(row("47", "8", "350"), row("48", "8", "", "25:00")), 2],
    [{ ...route(row("47", "8", "350"), row("48", "8")), speed: "" }, 2],
    [{ ...route(row("47", "8", "350"), row("48", "8")), departs: "" }, 0],
  ])("says what is not clear, and where", (unclear, at) => {
    expect(() => pathOf(unclear)).toThrow(Unclear);
    try {
      pathOf(unclear);
    } catch (error) {
      expect((error as Unclear).row).toBe(at);
    }
  });
  it("is cut where it crosses the antimeridian", () => {
    const places = placesOf([row("0", "179"), row("0", ""), row("0", "-179")]);
    expect(places).toHaveLength(2);
    expect(runsOf(places, false)).toHaveLength(2);
  });
});

describe("GeoJSON", () => {
  const line = { type: "LineString", coordinates: [[8, 47, 10668], [8, 48, 10668]] };
  it("gives places, levels and times", () => {
    const read = routeOf(
      JSON.stringify({
        type: "Feature",
        geometry: line,
        properties: { times: ["2026-07-01T10:00:00Z", "2026-07-01T10:10:00Z"] },
      }),
      route(),
    );
    expect(pathOf(read)).toMatchObject({
      start: "2026-07-01T10:00:00.000Z", seconds: [0, 600], lat: [47, 48], alt: [35000, 35000],
    });
  });
  it("leaves the times to the speed where it has none", () => {
    expect(routeOf(JSON.stringify(line), route()).departs).toBe("2026-07-01 23:00");
  });
  it.each(["{", "[]", '{"type":"Point","coordinates":[1,2]}'])("refuses %s", (text) =>
    expect(() => routeOf(text, route())).toThrow(Unclear));
});
