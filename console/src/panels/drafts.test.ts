import { beforeEach, expect, it } from "vitest";

import type { Occurrence, Said } from "../airspace/nouns";
import { sky } from "../airspace/sky";
import { amendmentOf, audienceOf, bodyOf, newEvent } from "./event-draft";
import { namesOf, partiesOf } from "./names";
import { enteringOf, eventOf, laterOf, newStatement, takesBack, withdrawalOf } from "./statement-draft";

const EVENT: Occurrence = {
  id: "lake", version: 3, description: "Aircraft are said to have flown over the lake.",
  start: "2026-07-01T12:00:00.123456Z", end: "2026-07-01T14:00:30Z", place: "the lake",
  corners: [], centre: [46.90001, 8.4], radius: 30_000,
  questions: [["flown", "Did aircraft fly there?"], ["seen", "Was one seen?"]],
  synthetic: true, tracks: ["t-90"], intents: ["north/N1"], public: false, shared: ["south"],
  amended: null,
};

const SAID: Said = {
  name: "authority/s1", by: "authority", at: "2026-07-01T15:00:00Z", public: false,
  shared: ["south"], grade: null,
  statement: {
    id: "s1", about: { kind: "event", id: "lake" }, position: "confirms", scope: "seen",
    speaker: { side: "east", role: "spokesman", name: "A. Keller", anonymous: false },
    claim: "one was seen", hedge: "it appears", on_record: true, outlet: "Valley Post", via: [],
    said: "2026-07-01T14:30:00Z", published: null, citation: "", synthetic: false,
  },
};

beforeEach(() => {
  sky.clear();
  sky.occurrences.set("lake", EVENT);
  sky.statements.set(SAID.name, SAID);
});

it("gives back an event as it came, where nothing was changed", () => {
  const body = bodyOf(amendmentOf(EVENT));
  const { version: _, public: __, shared: ___, amended: ____, ...whole } = EVENT;
  expect(body).toEqual(whole);
  const outlined = { ...EVENT, centre: null, radius: 0, corners: [[46, 8], [47, 8], [47, 9]] };
  expect(bodyOf(amendmentOf(outlined as Occurrence))).toMatchObject({
    corners: outlined.corners, centre: null, radius: 0,
  });
});

it("changes what was changed, and nothing else", () => {
  const draft = amendmentOf(EVENT);
  const body = bodyOf({
    ...draft, end: "2026-07-01 15:00", radius: "10", tracks: ["t-90", "t-2"],
    questions: [...draft.questions, { scope: "landed", question: "" }, { scope: "", question: " " }],
  });
  expect(body).toMatchObject({
    start: EVENT.start, end: "2026-07-01T15:00:00.000Z", radius: 18_520, tracks: ["t-90", "t-2"],
    questions: [...EVENT.questions, ["landed", "Was it landed?"]], intents: EVENT.intents,
  });
  expect(bodyOf({ ...draft, shape: "none" })).toMatchObject({ centre: null, radius: 0, corners: [] });
});

it.each([
  [{ shape: "circle", rows: [] }, /middle/],
  [{ shape: "circle", radius: "0" }, /how wide/],
  [{ shape: "outline", rows: [{ lat: "1", lon: "1" }] }, /three corners/],
  [{ rows: [{ lat: "north", lon: "1" }] }, /not clear/],
  [{ start: "yesterday" }, /is no time/],
  [{ questions: [{ scope: "", question: "Was it so?" }] }, /scope/],
])("says what is not clear: %o", (change, words) => {
  expect(() => bodyOf({ ...amendmentOf(EVENT), ...change } as never)).toThrow(words);
});

it("shows an event to more, never to fewer", () => {
  expect(audienceOf({ ...newEvent(0), shared: "north, south,, north" })).toEqual({
    public: false, shared: ["north", "south"],
  });
  expect(audienceOf({ ...newEvent(0), public: true, shared: "north" }).shared).toEqual([]);
});

it("withdraws as the record's rule says: the same speaker openly denies the statement", () => {
  const { statement, shared } = enteringOf(withdrawalOf(EVENT, SAID)) as Record<string, any>;
  expect(statement).toMatchObject({
    id: "s1-withdrawn", about: { kind: "statement", id: "authority/s1" }, position: "denies",
    speaker: SAID.statement.speaker, scope: "seen", on_record: true, claim: "one was seen",
  });
  expect(shared).toEqual(["south"]);
  expect(takesBack(SAID)).toBe(true);
  const anonymous = { ...SAID.statement, speaker: { ...SAID.statement.speaker, anonymous: true } };
  expect(takesBack({ ...SAID, statement: anonymous })).toBe(false);
});

it("says anew of the same, on the same question, under a name that is free", () => {
  sky.statements.set("east/s1-later", { ...SAID, statement: { ...SAID.statement, id: "s1-later" } });
  const { statement } = enteringOf(laterOf(EVENT, SAID)) as Record<string, any>;
  expect(statement).toMatchObject({
    id: "s1-later-2", about: SAID.statement.about, scope: "seen", position: "confirms", said: null,
  });
});

it("finds the event of what is said of what was said", () => {
  const about = { kind: "statement" as const, id: SAID.name };
  const answer = { ...SAID, name: "north/a", statement: { ...SAID.statement, id: "a", about } };
  expect(eventOf(answer)?.id).toBe("lake");
  const ring = { ...SAID, name: "x/x", statement: { ...SAID.statement, about: { ...about, id: "x/x" } } };
  sky.statements.set("x/x", ring);
  expect(eventOf(ring)).toBeUndefined();
  expect(newStatement(EVENT).about).toBe("event lake");
});

it("reads names, and asks about one that is not in the register", () => {
  expect(namesOf(" a, b ,,a")).toEqual(["a", "b"]);
  expect(partiesOf("nobody")).toEqual(["nobody"]);
  sky.parties.set("north", { id: "north", name: "North", highest: "state", suspended: false });
  expect(partiesOf("north")).toEqual(["north"]);
  expect(() => partiesOf("north, nroth")).toThrow(/called nroth/);
});
