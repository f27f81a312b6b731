/** A plan as a timeline for each party, and as what each bears. */

import { spanOf } from "../airspace/flight";
import { duration, utc } from "../bar/time";
import type { Meeting } from "../map/comparison";
import type { Borne, Planning } from "./preview";

const WIDE = 320;
const HIGH = 7;
const MOST = 60;

/** A row for each flight: as it was asked for above, as it would be flown below. */
export function Lanes({ plans, conflicts }: { plans: Planning[]; conflicts: Meeting[] }) {
  if (plans.length === 0) return null;
  const spans = plans.flatMap((one) => [spanOf(one.asked), ...(one.accepted ? [spanOf(one.accepted)] : [])]);
  const begin = Math.min(...spans.map(([start]) => start));
  const end = Math.max(...spans.map(([, last]) => last));
  const x = (time: number): number => ((time - begin) / Math.max(1, end - begin)) * WIDE;
  const meets = new Map<string, number[]>();
  for (const { a, b, at } of conflicts) {
    for (const name of [a, b]) meets.set(name, [...(meets.get(name) ?? []), Date.parse(at)]);
  }
  const parties = [...new Set(plans.map((one) => one.party))].sort();
  return (
    <figure class="lanes">
      {parties.map((party) => {
        const own = plans
          .filter((one) => one.party === party)
          .sort((a, b) => spanOf(a.asked)[0] - spanOf(b.asked)[0]);
        const changed = own.filter((one) => one.changed || !one.accepted).length;
        const rows = own.slice(0, MOST);
        const high = rows.length * HIGH;
        return (
          <div class="lane" key={party}>
            <span>{party}</span>
            <svg viewBox={`0 0 ${WIDE} ${high}`} preserveAspectRatio="none" height={high} role="img"
              aria-label={`${party}: ${own.length} flights, ${changed} of them change`}>
              {rows.map((one, k) => <Bars key={one.intent} plan={one} y={k * HIGH} x={x}
                meets={meets.get(one.intent) ?? []} />)}
            </svg>
            {own.length > MOST && <span class="quiet small">and {own.length - MOST} more</span>}
          </div>
        );
      })}
      <figcaption>
        <span>{utc(begin, false)}</span>
        <span class="quiet">
          <i class="bar-asked" aria-hidden="true" /> asked{" "}
          <i class="bar-planned" aria-hidden="true" /> planned{" "}
          <i class="bar-refused" aria-hidden="true" /> refused{" "}
          <i class="bar-meets" aria-hidden="true" /> conflict
        </span>
        <span>{utc(end, false)}</span>
      </figcaption>
    </figure>
  );
}

function Bars({ plan, y, x, meets }: {
  plan: Planning;
  y: number;
  x: (time: number) => number;
  /** When it would lose its separation, as it was asked for. */
  meets: number[];
}) {
  const bar = (extent: Planning["asked"], name: string, top: number, high: number) => {
    const [start, end] = spanOf(extent);
    return <rect class={name} x={x(start)} width={Math.max(1, x(end) - x(start))} y={top} height={high} />;
  };
  return (
    <g>
      <title>{plan.intent}</title>
      {plan.accepted && bar(plan.asked, "bar-asked", y, 2)}
      {plan.accepted && bar(plan.accepted, plan.changed ? "bar-planned" : "bar-same", y + 2, 3)}
      {!plan.accepted && bar(plan.asked, "bar-refused", y, 5)}
      {meets.map((at) => <rect class="bar-meets" x={x(at) - 1} width={2} y={y - 1} height={4} />)}
    </g>
  );
}

export function Burden({ of }: { of: Borne[] }) {
  const most = Math.max(1, ...of.map((one) => one.cost));
  return (
    <table class="burden">
      <thead>
        <tr>
          <th scope="col">Party</th>
          <th scope="col" class="number">Flights</th>
          <th scope="col" class="number">Moved</th>
          <th scope="col" class="number">Refused</th>
          <th scope="col" class="number">Delay</th>
          <th scope="col">Cost</th>
        </tr>
      </thead>
      <tbody>
        {of.map((one) => (
          <tr key={one.party}>
            <th scope="row">{one.party}</th>
            <td class="number">{one.flights}</td>
            <td class="number">{one.moved}</td>
            <td class="number">{one.refused}</td>
            <td class="number">{duration(one.delay * 1000)}</td>
            <td>
              <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="bar-planned" width={(100 * one.cost) / most} height="6" />
              </svg>
              {one.cost.toLocaleString("en")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
