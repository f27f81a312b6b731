/** Forms of the record: a statement, and the authority's grade of one. */

import { useSignal } from "@preact/signals";

import type { Occurrence, Position, Said } from "../airspace/nouns";
import { shown } from "../airspace/sky";
import { write } from "../link/authority";
import { session } from "../link/session";
import { Choice, Form, Text, Tick, useAsking, useFocus, When, Words } from "./form";
import { partiesKnown, partiesOf } from "./names";
import { enteringOf, writing, type StatementDraft } from "./statement-draft";

const POSITIONS: [Position, string][] = [
  ["declares", "declares it"],
  ["confirms", "confirms it"],
  ["indicates", "indicates it"],
  ["denies", "denies it"],
  ["cannot confirm", "cannot confirm it"],
  ["did not coordinate", "did not coordinate"],
];

/** The statement that is written, in the record of its event. */
export function StatementForm({ event, draft: now }: { event: Occurrence; draft: StatementDraft }) {
  const asking = useAsking();
  const place = useFocus<HTMLDivElement>(now.title);
  const own = session.value?.role === "party";
  const set = (change: Partial<StatementDraft>): void => {
    if (writing.value) writing.value = { ...writing.value, ...change };
  };
  const subjects: [string, string][] = [
    [`event ${event.id}`, "the event"],
    ...[...shown().statements.rows.keys()].map(
      (name): [string, string] => [`statement ${name}`, `statement ${name}`],
    ),
  ];
  if (!subjects.some(([one]) => one === now.about)) subjects.push([now.about, now.about]);
  const submit = (): void => {
    if (!now.public) partiesOf(now.shared);
    const path = `/v1/statements/${encodeURIComponent(now.id)}`;
    const body = enteringOf(now);
    void asking.ask(() => write("PUT", path, body)).then((went) => {
      if (went) writing.value = null;
    });
  };
  return (
    <div ref={place}>
      {now.title && <h3>{now.title}</h3>}
      <Form asking={asking} verb="Put on record" onSubmit={submit}>
        <Text label="Identifier" value={now.id} required onValue={(id) => set({ id })} />
        <Choice label="About" value={now.about} of={subjects} onValue={(about) => set({ about })} />
        {!own && (
          <Text label="Who speaks: the side" value={now.side} required hint="a state, an institution"
            onValue={(side) => set({ side })} />
        )}
        <Text label="Their role" value={now.role} onValue={(role) => set({ role })} />
        {!now.anonymous && (
          <Text label="Their name, where it is public" value={now.name}
            onValue={(name) => set({ name })} />
        )}
        <Tick label="Not named" value={now.anonymous} onValue={(anonymous) => set({ anonymous })} />
        <Tick label="On the record" value={now.onRecord} onValue={(onRecord) => set({ onRecord })} />
        <Choice label="What they do with the claim" value={now.position} of={POSITIONS}
          onValue={(position) => set({ position: position as Position })} />
        {event.questions.length > 0 ? (
          <Choice label="Which question" value={now.scope} of={event.questions}
            onValue={(scope) => set({ scope })} />
        ) : (
          <Text label="Which question" value={now.scope} required onValue={(scope) => set({ scope })} />
        )}
        <Words label="The claim, as a clause" value={now.claim} required
          onValue={(claim) => set({ claim })} />
        <Text label="How it hedges" value={now.hedge} hint="indications, appears"
          onValue={(hedge) => set({ hedge })} />
        <Text label="Through which outlet" value={now.outlet} onValue={(outlet) => set({ outlet })} />
        <Text label="Which quotes, with commas" value={now.via} onValue={(via) => set({ via })} />
        <When label="Said, UTC" value={now.said}
          onValue={(said) => set({ said })} />
        <When label="Published, UTC" value={now.published}
          onValue={(published) => set({ published })} />
        <Text label="Where it can be read" value={now.citation}
          onValue={(citation) => set({ citation })} />
        <Tick label="All may see it" value={now.public} onValue={(all) => set({ public: all })} />
        {!now.public && (
          <Text label="Else, which parties, with commas" value={now.shared}
            list={partiesKnown(session.value?.subject)} onValue={(shared) => set({ shared })} />
        )}
      </Form>
    </div>
  );
}

const RELIABILITY: [string, string][] = [
  ["A", "A · completely reliable"],
  ["B", "B · usually reliable"],
  ["C", "C · fairly reliable"],
  ["D", "D · not usually reliable"],
  ["E", "E · unreliable"],
  ["F", "F · cannot be judged"],
];
const CREDIBILITY: [string, string][] = [
  ["1", "1 · confirmed by others"],
  ["2", "2 · probably true"],
  ["3", "3 · possibly true"],
  ["4", "4 · doubtful"],
  ["5", "5 · improbable"],
  ["6", "6 · cannot be judged"],
];

export function GradeForm({ said }: { said: Said }) {
  const asking = useAsking();
  const reliability = useSignal(said.grade?.reliability ?? "F");
  const credibility = useSignal(String(said.grade?.credibility ?? 6));
  const reason = useSignal(said.grade?.reason ?? "");
  const path = `/v1/airspace/statements/${said.name.split("/").map(encodeURIComponent).join("/")}/grade`;
  return (
    <Form
      asking={asking}
      main={false}
      verb="Grade it"
      onSubmit={() => {
        const body = {
          reliability: reliability.value,
          credibility: Number(credibility.value),
          reason: reason.value,
        };
        void asking.ask(() => write("PUT", path, body), "Graded; nobody else is told.");
      }}
    >
      <h3>The authority's grade</h3>
      <Choice label="Source" value={reliability.value} of={RELIABILITY}
        onValue={(value) => (reliability.value = value)} />
      <Choice label="Information" value={credibility.value} of={CREDIBILITY}
        onValue={(value) => (credibility.value = value)} />
      <Text label="Reason" value={reason.value} onValue={(value) => (reason.value = value)} />
    </Form>
  );
}
