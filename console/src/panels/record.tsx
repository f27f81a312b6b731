/** The record of an event: who said what, through whom, in the order said; what stands, and why. */

import type { Occurrence, Said } from "../airspace/nouns";
import { shown } from "../airspace/sky";
import { day, utc } from "../bar/time";
import { may } from "../link/session";
import { choose, chosen } from "./chosen";
import { AmendKey } from "./event-actions";
import { EventForm } from "./event-form";
import { command, open, panel } from "./registry";
import { reports, standings, type ReportLine } from "./standings";
import { eventOf, newStatement, writing } from "./statement-draft";
import { StatementForm } from "./statement-form";

function Record() {
  const events = shown().occurrences.all().sort((a, b) => (a.start < b.start ? 1 : -1));
  const draft = writing.value;
  const event = events.find((one) => one.id === draft?.event) ?? current(events);
  return (
    <>
      {events.length === 0 && <p class="quiet">No event is on record.</p>}
      {events.length > 1 && (
        <ul class="rows" aria-label="Events">
          {events.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                class="row"
                aria-current={one === event}
                onClick={() => {
                  if (draft?.event !== one.id) writing.value = null;
                  choose("event", one.id);
                }}
              >
                <span class="stroke stroke-event" aria-hidden="true" />
                <span class="row-name">{one.id}</span>
                <span class="row-more">{standings.value.get(one.id) ?? ""}</span>
                <span class="row-end">{day(one.start)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {event && <Event key={event.id} event={event} />}
      {may("record") && <EventForm />}
    </>
  );
}

function Event({ event }: { event: Occurrence }) {
  const report = reports.value.get(event.id);
  const draft = writing.value?.event === event.id ? writing.value : null;
  const said = saidOf(event);
  return (
    <article class="event">
      <h3>{event.id}{event.synthetic && " · holds what is made up"}</h3>
      <p>{event.description}</p>
      <p class="quiet">
        {event.place && `${event.place}, `}
        {day(event.start)} {utc(event.start, false)} to{" "}
        {day(event.end) === day(event.start) ? "" : `${day(event.end)} `}{utc(event.end, false)}
      </p>
      {report?.standings.answers.map((answer) => (
        <div class="answer" key={answer.scope}>
          <p>
            <b class={`stands stands-${answer.standing}`}>{answer.standing}</b>{" "}
            {answer.question || answer.scope}
          </p>
          <details>
            <summary>Why</summary>
            <ul class="reasons">
              {of(report.lines, "stands", answer.scope).map((line) => (
                <li key={line.text}>{line.text}</li>
              ))}
            </ul>
          </details>
        </div>
      ))}
      <Lines title="What was seen and declared" lines={of(report?.lines, "seen")} />
      <h3>Said <span class="quiet">{said.length}</span></h3>
      <ol class="voices">
        {said.map((one) => <Voice key={one.name} said={one} />)}
      </ol>
      <Lines title="What is not known" lines={of(report?.lines, "unknown")} />
      <p class="buttons">
        {may("speak") && (
          <button
            type="button"
            aria-expanded={draft !== null}
            onClick={() => (writing.value = draft ? null : newStatement(event))}
          >
            {draft ? "Close the form" : "Enter a statement"}
          </button>
        )}
        <AmendKey event={event} />
      </p>
      {draft && <StatementForm event={event} draft={draft} />}
    </article>
  );
}

function of(lines: ReportLine[] = [], kind: ReportLine["kind"], scope?: string): ReportLine[] {
  return lines.filter((one) => one.kind === kind && (scope === undefined || one.scope === scope));
}

function Lines({ title, lines }: { title: string; lines: ReportLine[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="reasons">{lines.map((line) => <li key={line.text}>{line.text}</li>)}</ul>
    </>
  );
}

/** What was said of an event, and of what was said, in the order in which it was said. */
export function saidOf(event: Occurrence): Said[] {
  const all = shown().statements.all();
  const belong = new Set<string>();
  for (let before = -1; before !== belong.size; ) {
    before = belong.size;
    for (const one of all) {
      const { kind, id } = one.statement.about;
      if ((kind === "event" && id === event.id) || (kind === "statement" && belong.has(id))) {
        belong.add(one.name);
      }
    }
  }
  return all.filter((one) => belong.has(one.name)).sort((a, b) => (when(a) < when(b) ? -1 : 1));
}

function when({ statement, at }: Said): string {
  return new Date(statement.said ?? statement.published ?? at).toISOString();
}

function Voice({ said }: { said: Said }) {
  const { statement: s } = said;
  const current = chosen.value?.kind === "statement" && chosen.value.id === said.name;
  return (
    <li class="voice" data-position={s.position}>
      <button
        type="button"
        class="row voice-row"
        aria-current={current}
        onClick={() => choose("statement", said.name)}
      >
        <span class="row-name">{s.speaker.side || said.by}</span>
        <span class="row-more">{s.position}</span>
        <span class="row-end">{day(when(said))}</span>
      </button>
      <p>
        {s.speaker.anonymous ? "Not named" : s.speaker.name || said.by}
        {s.speaker.role && `, ${s.speaker.role}`}
        {s.outlet && `, to ${[s.outlet, ...s.via].join(", quoting ")}`}: “{s.claim}”
        {s.hedge && <span class="quiet"> ({s.hedge})</span>}
        {s.synthetic && <span class="quiet"> · made up</span>}
      </p>
    </li>
  );
}

/** The event that is looked at: the one that was chosen, or the only one. */
function current(events = shown().occurrences.all()): Occurrence | undefined {
  const now = chosen.value;
  const of = now?.kind === "statement" ? shown().statements.get(now.id) : undefined;
  const id = now?.kind === "event" ? now.id : of && eventOf(of)?.id;
  return events.find((one) => one.id === id) ?? (events.length === 1 ? events[0] : undefined);
}

panel({ id: "record", title: "Record", key: "r", Body: Record });
command({
  id: "new-statement",
  title: "Enter a statement",
  scope: "speak",
  ready: () => current() !== undefined,
  run: () => {
    const event = current();
    if (!event) return;
    open.value = "record";
    writing.value ??= newStatement(event);
  },
});
