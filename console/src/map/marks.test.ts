import { describe, expect, it } from "vitest";

import { ahead, chord } from "../airspace/earth";
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
  marks.place("intent:a/1");
  marks.look(0, "planned", [1, 2, 3], 12);
  marks.fly(0, path, time);
  return marks;
}

describe("a mark", () => {
  it("goes on as it was told", () => {
    const marks = new Marks(T0);
    marks.place("track:1");
    marks.look(0, "conforming", [1, 2, 3], 12);
    marks.tell(0, T0, 0, 10, 1000, 100, 90, 600);
    const [lon, lat, metres] = marks.where("track:1", T0 + 60_000)!;
    expect(lon).toBeCloseTo(10 + 6000 / 111_319.49, 5);
    expect(lat).toBeCloseTo(0, 9);
    expect(metres).toBeCloseTo(1600 * 0.3048, 3);
  });

  it("is nowhere before it was told, and when nobody knows of it", () => {
    const marks = new Marks(T0);
    marks.place("track:1");
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

  it("is on its way over a pole, and beside one", () => {
    for (const [lat, lon] of [
      [[87, 87, 86], [30, -150, 60]], [[-89, -89, -88], [0, 90, 179]], [[88, 90, 88], [0, 0, 10]],
    ]) {
      const path = { ...PATH, seconds: [0, 1500, 4500], lat, lon };
      const marks = flown(path, T0);
      let worst = 0;
      for (let time = T0; time <= T0 + 4_499_900; time += 300) {
        marks.advance(time);
        const [x, y] = marks.where("intent:a/1", time)!;
        const place = placeAt(path, time)!;
        worst = Math.max(worst, chord(y, x, place.lat, place.lon));
      }
      // at 440 m/s, looked at three times a second
      expect(worst).toBeLessThan(300);
    }
  });

  it("goes on over a pole as it was told, for three minutes", () => {
    const marks = new Marks(T0);
    marks.place("track:1");
    marks.look(0, "conforming", [1, 2, 3], 12);
    marks.tell(0, T0, 89.9, 40, 1000, 230, 20, 600);
    let worst = 0;
    for (let time = T0; time <= T0 + 300_000; time += 100) {
      marks.advance(time);
      const [x, y, metres] = marks.where("track:1", time)!;
      const seconds = Math.min(180, (time - T0) / 1000);
      worst = Math.max(
        worst, chord(y, x, ...ahead(89.9, 40, 20, 230 * seconds)),
        100 * Math.abs(metres / 0.3048 - 1000 - 10 * seconds),
      );
    }
    expect(worst).toBeLessThan(150);
    marks.tell(0, T0 + 300_000, 70, 40, 1000, 230, 20, 600);
    marks.advance(T0 + 310_000);
    expect(marks.where("track:1", T0 + 310_000)![1]).toBeLessThan(71);
  });

  it("does not whirl around a pole when time is played fast", () => {
    const path = { ...PATH, lat: [88, 89.99, 88], lon: [0, 90, -178] };
    const marks = flown(path, T0);
    for (let time = T0; time <= T0 + 870_000; time += 30_000) {
      marks.advance(time);
      for (const later of [0, 15_000, 29_000]) {
        const [x, y] = marks.where("intent:a/1", time + later)!;
        const place = placeAt(path, time + later)!;
        // less than what is flown between two looks
        expect(chord(y, x, place.lat, place.lon)).toBeLessThan(30_000);
      }
    }
  });

  it("is not written anew while it stays on its leg", () => {
    const marks = flown(PATH, T0);
    const before = marks.version;
    expect(marks.advance(T0 + 5000)).toBe(0);
    expect(marks.version).toBe(before);
  });

  it("keeps what others are told while some come and go, and while there is more room", () => {
    const marks = new Marks(T0);
    const known = new Map<string, number>();
    let seed = 7;
    const random = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n;
    for (let step = 0; step < 3000; step++) {
      const id = `track:${random(700)}`;
      if (known.has(id) && random(2)) {
        marks.drop(id);
        known.delete(id);
      } else {
        const k = marks.place(id);
        const lat = random(8000) / 100;
        marks.look(k, "undeclared", [1, 2, 3], 12);
        marks.tell(k, T0, lat, 10, 1000, 0, 0, 0);
        known.set(id, lat);
      }
    }
    expect(known.size).toBeGreaterThan(256);
    for (let k = 0; k < 700; k++) {
      const id = `track:${k}`;
      const lat = known.get(id);
      if (lat === undefined) expect(marks.where(id, T0)).toBeNull();
      else expect(marks.where(id, T0)![1]).toBeCloseTo(lat, 9);
    }
    expect(marks.length).toBeLessThan(700);
    expect([...marks.shapes.subarray(0, marks.length)].filter((shape) => shape >= 0).length).toBe(known.size);
  });

  it("is where it was when it is counted from another time on", () => {
    const marks = flown(PATH, T0);
    const [lon, lat] = marks.where("intent:a/1", T0 + 10_000)!;
    marks.rebase(T0 - 3_600_000);
    const [lon1, lat1] = marks.where("intent:a/1", T0 + 10_000)!;
    expect(lon1).toBeCloseTo(lon, 6);
    expect(lat1).toBeCloseTo(lat, 6);
  });
});
