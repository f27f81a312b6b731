import { beforeEach, describe, expect, it } from "vitest";

import { Playhead } from "./playhead";

let now = 0;
let head: Playhead;

beforeEach(() => {
  now = 1_000_000;
  head = new Playhead(() => now);
});

describe("the time that is looked at", () => {
  it("is now, and goes on", () => {
    expect(head.live).toBe(true);
    now += 5000;
    expect(head.at).toBe(now);
    expect(head.where).toBe("now");
  });

  it("stays where it was put", () => {
    head.seek(400_000);
    now += 5000;
    expect(head.at).toBe(400_000);
    expect(head.where).toBe("past");
    expect(head.playing).toBe(false);
  });

  it("plays at any speed, and changes it without a jump", () => {
    head.seek(400_000);
    head.play(60);
    now += 1000;
    expect(head.at).toBe(460_000);
    head.play(5);
    expect(head.at).toBe(460_000);
    now += 1000;
    expect(head.at).toBe(465_000);
    head.pause();
    now += 1000;
    expect(head.at).toBe(465_000);
  });

  it("leaves now when it is held, or played at another speed", () => {
    head.pause();
    expect(head.live).toBe(false);
    expect(head.where).toBe("now");
    now += 60_000;
    expect(head.where).toBe("past");
    head.goLive();
    expect([head.live, head.speed, head.at]).toEqual([true, 1, now]);
    head.play(20);
    now += 1000;
    expect(head.where).toBe("planned");
    expect(head.at).toBe(now + 19_000);
  });

  it("goes on from a place that it is put to while it plays", () => {
    head.seek(400_000);
    head.play(10);
    now += 1000;
    head.seek(2_000_000);
    now += 1000;
    expect(head.at).toBe(2_010_000);
    expect(head.where).toBe("planned");
  });
});
