/** Planning a period jointly: what it would come to, before and after, and then published or not. */

import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { spanOf } from "../airspace/flight";
import type { Cycle } from "../airspace/nouns";
import { shown, sky } from "../airspace/sky";
import { day, duration, play, seek, tick, utc } from "../bar/time";
import { read, write } from "../link/authority";
import { may, session } from "../link/session";
import { comparison } from "../map/comparison";
import { choose, chosen } from "./chosen";
import { Became, Form, Text, useAsking, When } from "./form";
import { fieldOf, instantOf } from "./instant";
import { offerWords } from "./intent-actions";
import { onLeaving, panel } from "./registry";
import { Burden, Lanes } from "./lanes";
import type { Preview } from "./preview";
import { sidesOf } from "./sides";

/** What was worked out and is neither published nor discarded. */
const preview = signal<Preview | null>(null);
type Side = "asked" | "both" | "planned";
const side = signal<Side>("both");

function Plan() {
  const cycles = shown().cycles.all().sort((a, b) => (a.start < b.start ? -1 : 1));
  const now = chosen.value;
  const current =
    cycles.find((one) => now?.kind === "cycle" && one.id === now.id) ??
    cycles.find((one) => one.id === preview.value?.cycle) ??
    cycles.find((one) => !one.published) ??
    cycles[cycles.length - 1];
  return (
    <>
      {cycles.length === 0 && (
        <p class="quiet">
          No cycle was announced. What is filed for one until its cut-off is planned together.
        </p>
      )}
      <ul class="rows" aria-label="Cycles">
        {cycles.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              class="row"
              aria-current={one === current}
              onClick={() => choose("cycle", one.id)}
            >
              <span class={`state state-${one.published ? "accepted" : "pending"}`} aria-hidden="true" />
              <span class="row-name">{one.id}</span>
              <span class="row-more">{one.published ? "published" : "open"}</span>
              <span class="row-end">{utc(one.start, false)}</span>
            </button>
          </li>
        ))}
      </ul>
      {current && <One key={current.id} cycle={current} />}
      {may("decide") && <Announce />}
    </>
  );
}

function One({ cycle }: { cycle: Cycle }) {
  void tick.value;
  const asking = useAsking();
  const plan = preview.value?.cycle === cycle.id ? preview.value : null;
  const early = Date.now() < Date.parse(cycle.cutoff);
  const filed = sky.intents.all().filter((one) => one.cycle === cycle.id && one.state !== "ended");
  const path = `/v1/cycles/${encodeURIComponent(cycle.id)}`;
  const work = (): void => {
    void asking.ask(async () => (preview.value = await read<Preview>(`${path}/preview`)));
  };
  const publish = (): void => {
    void asking.ask(() => write("POST", `${path}/close`), "It is published.").then((went) => {
      if (went) preview.value = null;
    });
  };
  return (
    <section aria-label={`Cycle ${cycle.id}`}>
      <h3>{cycle.id}</h3>
      <dl>
        <div class="fact"><dt>Departures</dt>
          <dd>{day(cycle.start)} {utc(cycle.start, false)} to {utc(cycle.end, false)}</dd></div>
        <div class="fact"><dt>Filed until</dt>
          <dd>
            {utc(cycle.cutoff, false)}
            {!cycle.published && (early
              ? `, in ${duration(Date.parse(cycle.cutoff) - Date.now())}`
              : ", which is over")}
          </dd></div>
        {cycle.published && (
          <div class="fact"><dt>Published</dt><dd>{day(cycle.published)} {utc(cycle.published)}</dd></div>
        )}
        <div class="fact"><dt>Flights</dt><dd>{filed.length}</dd></div>
      </dl>
      <Became of={asking} />
      {may("decide") && !cycle.published && !plan && (
        <p class="buttons">
          <button type="button" class="main" disabled={asking.busy.value} onClick={work}>
            {asking.busy.value ? "Working it out …" : "Work out the plan"}
          </button>
        </p>
      )}
      {plan && <Worked plan={plan} />}
      {plan && (
        <p class="buttons">
          <button type="button" class="main" disabled={asking.busy.value || early} onClick={publish}>
            Publish the plan
          </button>
          <button type="button" disabled={asking.busy.value} onClick={work}>Again</button>
          <button type="button" onClick={() => (preview.value = null)}>Discard</button>
        </p>
      )}
      {plan && early && (
        <p class="quiet small">It can be published when the cut-off is over; until then more may be filed.</p>
      )}
      {!plan && filed.length > 0 && session.value?.role === "party" && (
        <ul class="rows" aria-label="Your flights in it">
          {filed.map((one) => (
            <li key={one.name}>
              <button type="button" class="row" onClick={() => choose("intent", one.name)}>
                <span class={`state state-${one.state}`} aria-hidden="true" />
                <span class="row-name">{one.id}</span>
                <span class="row-more">
                  {one.state}{one.changed && `, ${offerWords(one.changed)}`}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Worked({ plan }: { plan: Preview }) {
  const now = side.value;
  const sides = useMemo(() => sidesOf(plan, sky), [plan]);
  useEffect(() => {
    const [before, after] = sides;
    comparison.value = now === "both" ? [before, after] : now === "asked" ? [before] : [after];
  }, [sides, now]);
  useEffect(() => () => void (comparison.value = []), []);
  const moved = plan.intents.filter((one) => one.changed);
  const refused = plan.intents.filter((one) => !one.accepted);
  if (plan.intents.length === 0) {
    return <p class="quiet" role="status">Nothing is filed for it so far.</p>;
  }
  return (
    <>
      <p role="status">
        As asked, <b>{plan.intents.length}</b> flights meet in <b>{plan.conflicts.length}</b>{" "}
        conflicts. By the plan <b>{moved.length}</b> are moved and <b>{refused.length}</b> refused,
        and none is left. Nothing is decided yet.
      </p>
      <fieldset class="sides">
        <legend>On the map</legend>
        {(["asked", "both", "planned"] as const).map((one) => (
          <label key={one}>
            <input type="radio" name="side" checked={now === one} onChange={() => (side.value = one)} />
            <span>{{ asked: "Before", both: "Side by side", planned: "After" }[one]}</span>
          </label>
        ))}
      </fieldset>
      <p class="buttons">
        <button type="button" onClick={() => flyThrough(plan)}>Let it be flown</button>
      </p>
      <Lanes plans={plan.intents} conflicts={plan.conflicts} />
      <h3>What each bears</h3>
      <Burden of={plan.burden} />
      {moved.length + refused.length > 0 && (
        <details>
          <summary>The {moved.length + refused.length} that change</summary>
          <ul class="rows">
            {[...refused, ...moved].slice(0, 200).map((one) => (
              <li key={one.intent}>
                <button type="button" class="row" onClick={() => choose("intent", one.intent)}>
                  <span class={`state state-${one.accepted ? "accepted" : "refused"}`} aria-hidden="true" />
                  <span class="row-name">{one.intent}</span>
                  <span class="row-more">{one.changed ? offerWords(one.changed) : "refused"}</span>
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** A minute for each second, from the first departure on. */
function flyThrough(plan: Preview): void {
  seek(Math.min(...plan.intents.map((one) => spanOf(one.asked)[0])));
  play(60);
}

/** A cycle that is being written; it stays while another panel is looked at. */
const written = signal<ReturnType<typeof coming> | null>(null);

function coming() {
  const hour = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
  const [start, end] = [fieldOf(hour + 3_600_000), fieldOf(hour + 2 * 3_600_000)];
  return { id: "", start, end, cutoff: fieldOf(hour) };
}

function Announce() {
  const asking = useAsking();
  const now = written.value;
  if (!now) {
    return (
      <p class="buttons">
        <button type="button" onClick={() => (written.value = coming())}>Open a cycle</button>
      </p>
    );
  }
  const set = (change: Partial<typeof now>): void => void (written.value = { ...now, ...change });
  const submit = (): void => {
    const body = {
      start: instantOf(now.start), end: instantOf(now.end), cutoff: instantOf(now.cutoff),
    };
    const path = `/v1/cycles/${encodeURIComponent(now.id)}`;
    void asking.ask(() => write("PUT", path, body)).then((went) => {
      if (!went) return;
      written.value = null;
      choose("cycle", now.id);
    });
  };
  return (
    <Form asking={asking} verb="Announce it to all" opened onSubmit={submit}
      onCancel={() => (written.value = null)}>
      <h3>A new cycle</h3>
      <Text label="Identifier" value={now.id} required hint="evening" onValue={(id) => set({ id })} />
      <When label="Flights that depart from, UTC" value={now.start} required
        onValue={(start) => set({ start })} />
      <When label="to, UTC" value={now.end} required
        onValue={(end) => set({ end })} />
      <When label="are filed until, UTC" value={now.cutoff} required
        onValue={(cutoff) => set({ cutoff })} />
    </Form>
  );
}

onLeaving(() => void (preview.value = written.value = null));
panel({ id: "plan", title: "Plan", key: "p", Body: Plan });
