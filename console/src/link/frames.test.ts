import { expect, it } from "vitest";

import { Frames } from "./frames";

const STREAM =
  'retry: 1204\nid: 41\n\n:\n\nevent: constraint\nid: 42\ndata: {"a":1}\n\ndata: x\ndata: y\n\n';

it("reads frames however they are cut", () => {
  const whole = new Frames().take(STREAM);
  expect(whole).toEqual([
    { id: "41", event: "", data: null, retry: 1204 },
    { id: "42", event: "constraint", data: '{"a":1}', retry: null },
    { id: "42", event: "", data: "x\ny", retry: null },
  ]);
  for (let cut = 1; cut < 9; cut++) {
    const frames = new Frames();
    const found = [];
    for (let k = 0; k < STREAM.length; k += cut) found.push(...frames.take(STREAM.slice(k, k + cut)));
    expect(found).toEqual(whole);
  }
});

it("gives nothing for what is not whole, and nothing for a sign of life", () => {
  const frames = new Frames();
  expect(frames.take("data: half")).toEqual([]);
  expect(frames.take("\n\n:\n\n").map((one) => one.data)).toEqual(["half"]);
});
