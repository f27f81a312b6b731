/** A plan's two pictures: the flights as they were asked for, and as they would be flown. */

import { blank } from "../airspace/forms";
import { spanOf } from "../airspace/flight";
import type { Intent } from "../airspace/nouns";
import { Sky } from "../airspace/sky";
import type { Side } from "../map/comparison";
import type { Planning, Preview } from "./preview";

/** Give both, the asked one first; what stands besides is in both. */
export function sidesOf(plan: Preview, now: Sky): [Side, Side] {
  const meets = new Set(plan.conflicts.flatMap(({ a, b }) => [a, b]));
  const asked = pictureOf(plan, now, (one) => ({
    extent: one.asked,
    state: meets.has(one.intent) ? "held" : "accepted",
    shared: !meets.has(one.intent),
  }));
  const planned = pictureOf(plan, now, (one) => ({
    extent: one.accepted,
    state: "accepted",
    shared: one.changed === null,
  }));
  const moved = new Set(plan.intents.filter((one) => one.changed).map((one) => one.intent));
  const refused = plan.intents.filter((one) => !one.accepted).length;
  return [
    {
      name: "Before",
      words: `${count(plan.intents.length, "flight")}, ${count(plan.conflicts.length, "conflict")}`,
      sky: asked,
      bold: meets,
      meetings: plan.conflicts,
    },
    {
      name: "After",
      words: `${moved.size} moved, ${refused ? `${refused} refused and not drawn` : "none refused"}`,
      sky: planned,
      bold: moved,
      meetings: [],
    },
  ];
}

function count(n: number, of: string): string {
  return `${n} ${of}${n === 1 ? "" : "s"}`;
}

function pictureOf(plan: Preview, now: Sky, look: (one: Planning) => Partial<Intent>): Sky {
  const sky = new Sky();
  const begin = Math.min(...plan.intents.map((one) => spanOf(one.asked)[0]));
  const end = Math.max(...plan.intents.map((one) => spanOf(one.accepted ?? one.asked)[1]));
  for (const [id, constraint] of now.constraints.rows) sky.constraints.set(id, constraint);
  for (const intent of now.intents.rows.values()) {
    if (!intent.extent || intent.cycle === plan.cycle || intent.state === "ended") continue;
    const [first, last] = spanOf(intent.extent);
    if (first < end && last > begin) sky.intents.set(intent.name, { ...intent, shared: true });
  }
  for (const one of plan.intents) {
    const id = one.intent.slice(one.party.length + 1);
    const drawn = { ...blank(one.intent, one.party, id), ...look(one) };
    if (drawn.extent) sky.intents.set(one.intent, drawn);
    else sky.intents.delete(one.intent);
  }
  sky.settle();
  return sky;
}
