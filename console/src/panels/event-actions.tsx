/** An event beside the map: who may see it, what belongs to it, and what it was before. */

import type { Occurrence } from "../airspace/nouns";
import { past, shown, sky } from "../airspace/sky";
import { day, seek, utc } from "../bar/time";
import { may, session } from "../link/session";
import { actions } from "./actions";
import { chosen } from "./chosen";
import { amendmentOf, eventDraft } from "./event-draft";
import { Fact, Subject } from "./fact";
import { command, open } from "./registry";

function EventActions({ id }: { id: string }) {
  const event = shown().occurrences.all().find((one) => one.id === id);
  if (!event) return <p class="quiet">It is not on record at this time.</p>;
  const { amended, tracks, intents } = event;
  return (
    <div class="actions">
      <dl>
        {session.value?.role === "authority" && (
          <Fact name="Seen by">
            {event.public ? "all" : ["the authority", ...event.shared].join(", ")}
          </Fact>
        )}
        {tracks.length > 0 && <Belonging name="Tracks" of={tracks.map((one) => `track:${one}`)} />}
        {intents.length > 0 && (
          <Belonging name="Intents" of={intents.map((one) => `intent:${one}`)} />
        )}
        <Fact name="Version">
          {event.version}
          {amended && `, amended ${day(amended)} ${utc(amended)}`}
        </Fact>
      </dl>
      <p class="buttons">
        <AmendKey event={event} />
        {amended && (
          <button type="button" onClick={() => before(amended)}>As it was before</button>
        )}
      </p>
    </div>
  );
}

function Belonging({ name, of }: { name: string; of: string[] }) {
  return (
    <Fact name={name}>
      <ul>{of.map((one) => <li key={one}><Subject name={one} /></li>)}</ul>
    </Fact>
  );
}

/** Look at the time before it was amended: the ledger has what it was. */
function before(amended: string): void {
  // so near to now there is no past yet
  seek(Math.min(Date.parse(amended) - 1, Date.now() - 2000));
}

function amend(event: Occurrence): void {
  eventDraft.value = amendmentOf(event);
  open.value = "record";
}

/** What was known then is amended by nobody. */
function amendable(event: Occurrence | undefined): event is Occurrence {
  return event !== undefined && may("record") && past.value === null;
}

export function AmendKey({ event }: { event: Occurrence }) {
  if (!amendable(event) || eventDraft.value?.from?.id === event.id) return null;
  return <button type="button" onClick={() => amend(event)}>Amend</button>;
}

actions.set("event", EventActions);
command({
  id: "amend-event",
  title: "Amend the event",
  scope: "record",
  ready: () => amendable(ofChosen()),
  run: () => {
    const event = ofChosen();
    if (event) amend(event);
  },
});

/** The event that was chosen, or the only one. */
function ofChosen(): Occurrence | undefined {
  const rows = sky.occurrences.rows;
  const now = chosen.value;
  if (now?.kind === "event") return rows.get(now.id);
  return rows.size === 1 ? [...rows.values()][0] : undefined;
}
