import { afterEach, expect, it } from "vitest";

import { rules, type Rules } from "../airspace/charter";
import { blank } from "../airspace/forms";
import { choices, classes } from "./precedence";
import { onReference, referenceHere } from "./reference";
import { reportable } from "./volume";

afterEach(() => void (rules.value = null));

it("offers the classes that may be claimed, as the charter calls them", () => {
  expect(choices("")).toEqual([["", "the lowest"]]);
  const charter = { reference: "wgs84", precedence: ["rescue", "police", "fun"] };
  const begun: string[] = [];
  onReference(() => begun.push(referenceHere()));
  rules.value = { charter, claims: ["police", "fun"] } as Rules;
  expect(classes()).toEqual(["rescue", "police", "fun"]);
  expect(choices("").map(([one]) => one)).toEqual(["", "police", "fun"]);
  // what is written already stays
  expect(choices("rescue").map(([one]) => one)).toEqual(["", "rescue", "police", "fun"]);
  expect(begun).toEqual(["wgs84"]);
});

it("reports off nominal only what is in the air", () => {
  const held = { ...blank("north/A", "north", "A"), state: "held" as const };
  expect([true, false, null].map((airborne) => reportable({ ...held, airborne }))).toEqual([true, false, false]);
  expect(reportable({ ...held, state: "activated" })).toBe(true);
});
