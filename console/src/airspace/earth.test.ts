import { describe, expect, it } from "vitest";

import {
  ahead, below, between, chord, circle, course, cutLine, cutRing, densified, isPolar, middleOf, surface, wrapped,
  type Point,
} from "./earth";

describe("the ellipsoid", () => {
  it("gives back the place that it was asked for", () => {
    for (const [lat, lon] of [[0, 0], [47.5, 8.5], [-33.9, 151.2], [89.999, -120], [-90, 0]]) {
      const [la, lo] = below(...surface(lat, lon));
      expect(la).toBeCloseTo(lat, 9);
      if (Math.abs(lat) < 90) expect(lo).toBeCloseTo(lon, 9);
    }
  });

  it("has its known radii", () => {
    expect(surface(0, 0)[0]).toBeCloseTo(6_378_137, 6);
    expect(surface(90, 0)[2]).toBeCloseTo(6_356_752.314245, 4);
  });
});

describe("between two fixes", () => {
  it("begins and ends at them", () => {
    expect(between(10, 20, 30, 40, 0)).toEqual([10, 20]);
    expect(between(10, 20, 30, 40, 1)).toEqual([30, 40]);
  });

  it("crosses the antimeridian the short way", () => {
    const [lat, lon] = between(0, 179, 0, -179, 0.5);
    expect(lat).toBeCloseTo(0, 9);
    expect(Math.abs(lon)).toBeCloseTo(180, 9);
  });

  it("crosses the pole", () => {
    const [lat] = between(80, 0, 80, 180, 0.5);
    expect(lat).toBeCloseTo(90, 6);
  });

  it("goes north of the parallel, as the shortest way does", () => {
    // half way of the geodesic from 50N 0E to 50N 40E (GeographicLib): 0.5 km off
    const [lat, lon] = between(50, 0, 50, 40, 0.5);
    expect(lon).toBeCloseTo(20, 9);
    expect(lat).toBeCloseTo(51.749, 1.9);
  });
});

describe("a course", () => {
  it("is from true north", () => {
    expect(course(0, 0, 1, 0)).toBeCloseTo(0, 9);
    expect(course(0, 0, 0, 1)).toBeCloseTo(90, 9);
    expect(course(0, 179.5, 0, -179.5)).toBeCloseTo(90, 9);
    expect(course(50, 0, 49, 0)).toBeCloseTo(180, 9);
  });
});

describe("a line", () => {
  it("has no leg much longer than was asked", () => {
    const line = densified([[0, 0, 0], [30, 40, 1000]], 50_000);
    for (let k = 1; k < line.length; k++) {
      const [a, b] = [line[k - 1], line[k]];
      expect(chord(a[1], a[0], b[1], b[0])).toBeLessThan(55_000);
    }
    expect(line.map((p) => p[2])).toEqual([...line.map((p) => p[2])].sort((a, b) => a - b));
  });

  it("has points where a flat map would draw it beside its way, near poles too", () => {
    for (const [a, b] of [
      [[4, 47, 0], [7, 48, 0]], [[-20, 60, 0], [20, 62, 0]], [[10, 84, 0], [60, 84, 0]],
      [[170, -80, 0], [-150, -78, 0]], [[0, 70, 0], [179, 70, 0]],
    ] as [Point, Point][]) {
      const line = densified([a, b]);
      for (let k = 1; k < line.length; k++) {
        const [p, q] = [line[k - 1], line[k]];
        const [lat, lon] = between(p[1], p[0], q[1], q[0], 0.5);
        if (Math.abs(lat) > 89.9) continue;
        const flat: [number, number] = [(p[1] + q[1]) / 2, p[0] + wrapped(q[0] - p[0]) / 2];
        expect(chord(lat, lon, ...flat)).toBeLessThan(110);
      }
      // and not many more
      expect(line.length).toBeLessThan(400);
    }
    expect(densified([[10, 0, 0], [11, 0, 0]]).length).toBe(2);
  });

  it("over a pole goes up to it and down on the other side, and never along the map", () => {
    for (const sign of [1, -1]) {
      const line = densified([[30, 80 * sign, 0], [-150, 80 * sign, 0]]);
      for (const part of cutLine(line)) {
        for (let k = 1; k < part.length; k++) {
          const high = Math.min(Math.abs(part[k][1]), Math.abs(part[k - 1][1]));
          if (high < 89.9) expect(Math.abs(part[k][0] - part[k - 1][0])).toBeLessThan(1e-6);
        }
      }
    }
  });

  it("is one where it crosses nothing", () => {
    expect(cutLine([[1, 2, 3], [4, 5, 6]])).toEqual([[[1, 2, 3], [4, 5, 6]]]);
  });

  it("is cut at the antimeridian, in both directions, and meets its other part there", () => {
    for (const line of [[[178, 10, 0], [-178, 20, 100]], [[-178, 10, 0], [178, 20, 100]]]) {
      const [first, second] = cutLine(line as Point[]);
      const side = Math.sign(line[0][0]) * 180;
      expect(first[1]).toEqual([side, 15, 50]);
      expect(second[0]).toEqual([-side, 15, 50]);
      for (const [lon] of [...first, ...second]) expect(Math.abs(lon)).toBeLessThanOrEqual(180);
    }
  });

  it("takes longitudes above 180", () => {
    const parts = cutLine([[170, 0, 0], [190, 0, 0]]);
    expect(parts.map((part) => part.length)).toEqual([2, 2]);
    expect(parts[1][1]).toEqual([-170, 0, 0]);
  });
});

function area(ring: Point[]): number {
  return Math.abs(
    ring.reduce((sum, [x, y], k) => {
      const [u, v] = ring[(k + 1) % ring.length];
      return sum + x * v - u * y;
    }, 0) / 2,
  );
}

describe("a ring", () => {
  it("stays as it is away from the antimeridian", () => {
    const ring: Point[] = [[0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]];
    expect(cutRing(ring).map(area)).toEqual([100]);
  });

  it("is cut at the antimeridian without losing anything", () => {
    const ring: Point[] = [[170, 0, 0], [-170, 0, 0], [-170, 10, 0], [170, 10, 0]];
    const parts = cutRing(ring);
    expect(parts.length).toBe(2);
    expect(parts.map(area)).toEqual([100, 100]);
    for (const [lon] of parts.flat()) expect(Math.abs(lon)).toBeLessThanOrEqual(180);
  });

  it("around a pole takes the whole edge of the map", () => {
    for (const pole of [90, -90]) {
      const ring: Point[] = [-135, -45, 45, 135].map((lon) => [lon, pole * (8 / 9), 0]);
      const parts = cutRing(pole > 0 ? ring : ring.reverse());
      expect(parts.map(area).reduce((a, b) => a + b)).toBeCloseTo(360 * 10, 6);
      expect(parts.flat().some(([, lat]) => lat === pole)).toBe(true);
    }
  });

  it("is told whether it goes around a pole", () => {
    expect(isPolar(circle(90, 0, 100_000))).toBe(true);
    expect(isPolar(circle(-89.5, 77, 100_000))).toBe(true);
    expect(isPolar(circle(89, 77, 100_000))).toBe(false);
    expect(isPolar(circle(0, 180, 100_000))).toBe(false);
  });

  it("has its middle inside, wherever it is", () => {
    for (const [lat, lon] of [[0, 180], [12, -179.9], [-89, 30]]) {
      const [la, lo] = middleOf(circle(lat, lon, 50_000));
      expect(la).toBeCloseTo(lat, 2);
      expect(Math.abs(wrapped(lo - lon))).toBeLessThan(0.1);
    }
    expect(middleOf(circle(90, 0, 50_000))[0]).toBeCloseTo(90, 6);
  });
});

describe("a circle", () => {
  it("has its radius everywhere, at the pole and across the antimeridian too", () => {
    for (const [lat, lon] of [[47, 8], [0, 180], [89.9, 0]]) {
      for (const [x, y] of circle(lat, lon, 20_000, 16)) {
        const across = chord(lat, lon, y, x);
        expect(across / 20_000).toBeGreaterThan(0.99);
        expect(across / 20_000).toBeLessThan(1.01);
      }
    }
  });
});

it("goes ahead over a pole and across the antimeridian", () => {
  const [lat, lon] = ahead(89.5, 40, 0, 111_319 * 1);
  expect(lat).toBeCloseTo(89.5, 2);
  expect(Math.abs(wrapped(lon - 40))).toBeCloseTo(180, 6);
  const [equator, over] = ahead(0, 179.5, 90, 111_319);
  expect(equator).toBeCloseTo(0, 9);
  expect(over).toBeCloseTo(-179.5, 3);
});

it("wraps longitudes", () => {
  expect([181, -181, 180, 540, 0].map(wrapped)).toEqual([-179, 179, -180, -180, 0]);
});
