import { expect, it } from "vitest";

import { openInvitations, ownCoalition, wholeCoalition } from "./coalitions";
import { foldOutcome } from "./outcomes";
import { Sky } from "./sky";

it("folds the authority's coalitions, and twice the same is once", () => {
  const sky = new Sky();
  const at = "2026-07-01T12:00:00Z";
  const events = [
    { type: "CoalitionFormed", coalition: "ring", name: "The Ring", invited: ["north"] },
    { type: "PartiesInvited", coalition: "ring", parties: ["south", "north"] },
    { type: "CoalitionJoined", coalition: "ring", party: "north", shares: "volumes" },
    { type: "CoalitionJoined", coalition: "ring", party: "north", shares: "intents" },
  ];
  for (let k = 0; k < 2; k++) foldOutcome(sky, { at, by: "authority", events });
  const ring = sky.coalitions.get("ring")!;
  expect(ring).toEqual({
    id: "ring", name: "The Ring", members: { north: "intents" }, invited: ["north", "south"],
  });
  expect(openInvitations(ring)).toEqual(["south"]);
  const left = [{ type: "CoalitionLeft", coalition: "ring", party: "north" }];
  foldOutcome(sky, { at, by: "authority", events: left });
  expect(sky.coalitions.get("ring")!.members).toEqual({});
});

it("reads each one's own list", () => {
  const invited = { coalition: "ring", members: [], shares: null };
  expect(openInvitations(ownCoalition(invited, "north"))).toEqual(["north"]);
  const member = { coalition: "ring", members: ["north", "south"], shares: "nothing" };
  expect(ownCoalition(member, "north").members).toEqual({ north: "nothing", south: "" });
  expect(wholeCoalition({ coalition: "ring", members: ["north"] }).members).toEqual({ north: "" });
});

it("keeps to whom a statement was shown", () => {
  const sky = new Sky();
  const statement = { id: "s", about: { kind: "event", id: "e" } };
  const events = [
    { type: "StatementEntered", statement, by: "authority", public: false, shared: ["south"] },
    { type: "StatementShared", statement: "authority/s", public: false, shared: ["north"] },
  ];
  for (let k = 0; k < 2; k++) foldOutcome(sky, { at: "", by: "authority", events });
  expect(sky.statements.get("authority/s")!.shared).toEqual(["north", "south"]);
  const all = [{ type: "StatementShared", statement: "authority/s", public: true, shared: [] }];
  foldOutcome(sky, { at: "", by: "authority", events: all });
  expect(sky.statements.get("authority/s")).toMatchObject({ public: true, shared: ["north", "south"] });
});
