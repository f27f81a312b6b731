import { expect, it } from "vitest";

import type { Track } from "./nouns";
import { foldOutcome } from "./outcomes";
import { Sky } from "./sky";

it("keeps of a track that is told all day no more than the authority does", () => {
  const sky = new Sky();
  const at = (k: number): string => new Date(1_800_000_000_000 + 10_000 * k).toISOString();
  const tell = (k: number, more = {}): void =>
    foldOutcome(sky, { at: at(k), by: "tower", events: [{ type: "TracksReported", tracks: [{
      id: "t-1", conformance: "conforming", intent: "", fix: [at(k), 46, 7 + k, 350, null, 50], ...more,
    } as unknown as Track] }] });
  for (let k = 0; k < 5000; k++) tell(k);
  const { path, history } = sky.tracks.get("t-1")!;
  expect(path.length).toBeLessThanOrEqual(256);
  expect([path[0][0], path[path.length - 1][0]]).toEqual([at(0), at(4999)]);
  const times = path.map(([when]) => when);
  expect(times).toEqual([...new Set(times)].sort());
  expect(history.length).toBe(1);
  tell(5000, { ended: true });
  expect(sky.tracks.rows.size).toBe(0);
});
