import { describe, expect, it } from "vitest";

import { readGeojson } from "./geojson";
import { Unclear } from "./place";
import { pathOf, type Route } from "./route";
import { volumesOf } from "./volume";

const otherwise: Route = {
  departs: "2026-07-01 23:00", speed: "360", reference: "pressure", protection: null, rows: [],
};
const read = (given: unknown) => readGeojson(JSON.stringify(given), otherwise);
const ring = [[8, 47], [9, 47], [8.5, 48], [8, 47]];

describe("a line", () => {
  const line = { type: "LineString", coordinates: [[8, 47], [8, 48]] };
  it("gives places, and times where it has them", () => {
    const times = ["2026-07-01T10:00:00Z", "2026-07-01T10:10:00.5Z"];
    const got = read({ type: "Feature", geometry: line, properties: { times } });
    expect("path" in got && pathOf(got.path)).toMatchObject({
      start: "2026-07-01T10:00:00.000Z", seconds: [0, 600.5], lat: [47, 48], alt: [35_000, 35_000],
    });
  });
  it("leaves the times to the speed where it has none", () => {
    const got = read(line);
    expect("path" in got && got.path.departs).toBe("2026-07-01 23:00");
  });
  it("has metres above WGS84, which are not taken for flight levels", () => {
    const got = read({ ...line, coordinates: [[8, 47, 3048], [8, 48, 3048]] });
    expect("path" in got && pathOf(got.path)).toMatchObject({ reference: "wgs84", alt: [10_000, 10_000] });
  });
});

describe("polygons", () => {
  const times = { start: "2026-07-01T10:00:00Z", end: "2026-07-01T11:00:00Z" };
  it("are volumes, with heights and times where they have them; so are points with a radius", () => {
    const properties = { lower: "FL100", upper_ft: 20_000, upper_reference: "pressure", ...times };
    const got = read({
      type: "FeatureCollection",
      features: [
        { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties },
        { type: "Feature", geometry: { type: "MultiPolygon", coordinates: [[ring], [ring]] }, properties },
        { type: "Feature", geometry: { type: "Point", coordinates: [8, 47] }, properties: { ...times, radius_m: 1852 } },
      ],
    });
    const volumes = "volumes" in got ? volumesOf(got.volumes, true) : [];
    expect(volumes).toHaveLength(4);
    expect(volumes[0]).toMatchObject({
      corners: [[47, 8], [47, 9], [48, 8.5]], lower: 10_000, upper: 20_000, start: "2026-07-01T10:00:00.000Z",
    });
    expect(volumes[3]).toMatchObject({ centre: [47, 8], radius: 1852, lower: null });
  });
  it("with a hole, or with heights that nobody can read, are refused", () => {
    expect(() => read({ type: "Polygon", coordinates: [ring, ring] })).toThrow(/hole/);
    const geometry = { type: "Polygon", coordinates: [ring] };
    expect(() => read({ type: "Feature", geometry, properties: { upper: "high" } })).toThrow(/HIGH/);
  });
});

it.each(["{", "[]", "null", "3", '{"type":"Point","coordinates":[1,2]}', '{"type":"FeatureCollection","features":[]}'])(
  "refuses %s", (text) => expect(() => readGeojson(text, otherwise)).toThrow(Unclear));
