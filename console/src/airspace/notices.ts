/** A party's picture: what it is told, folded one notice after the other. */

import { constraintOf, occurrenceOf, ownIntent, saidOf, settled, sharedIntent, toldAlert } from "./forms";
import type { Intent } from "./nouns";
import type { Sky } from "./sky";

type Wire = Record<string, any>;

/** Fold a notice; one that is known already changes nothing. */
export function foldNotice(sky: Sky, notice: Wire, party: string): void {
  for (const content of notice.contents as Wire[]) fold(sky, content, party, notice.at);
}

function fold(sky: Sky, content: Wire, party: string, at: string): void {
  switch (content.type as string) {
    case "OwnIntent":
      foldOwn(sky, content, party);
      break;
    case "SharedIntent":
    case "SharedVolumes":
      foldShared(sky, content);
      break;
    case "PublicConstraint": {
      const known = sky.constraints.get(content.constraint)?.version ?? 0;
      if (known >= content.version) break;
      if (content.lifted) sky.constraints.delete(content.constraint);
      else sky.constraints.set(content.constraint, constraintOf(content));
      break;
    }
    case "ToldAlert":
      if (content.over) sky.alerts.delete(content.alert);
      else sky.alerts.set(content.alert, toldAlert(content, party));
      break;
    case "ToldOccurrence":
      if ((sky.occurrences.get(content.event)?.version ?? 0) < content.version) {
        sky.occurrences.set(content.event, {
          ...occurrenceOf(content, content.version),
          amended: content.version > 1 ? at : null,
        });
      }
      break;
    case "ToldStatement":
      sky.statements.set(content.name, saidOf(content));
      break;
    case "Message":
      foldMessage(sky, content.kind, content.facts, at);
      break;
  }
}

function foldOwn(sky: Sky, content: Wire, party: string): void {
  const name = `${party}/${content.intent}`;
  const known = sky.intents.get(name);
  const told = ownIntent(content, party);
  if (known && told.version === known.version) {
    // which one flies it, and what it could do instead, make no new version of the intent
    const { aircraft, offers, until } = told;
    if (aircraft) sky.intents.set(name, { ...known, aircraft });
    else if (until) sky.intents.set(name, { ...known, offers, until });
    return;
  }
  if (known && told.version < known.version) return;
  if (!known) {
    sky.intents.set(name, told);
    return;
  }
  const next: Intent = { ...known, version: told.version, state: told.state };
  next.airborne = told.airborne ?? known.airborne;
  const byHand = known.because === "authority";
  if (told.ended) {
    Object.assign(next, settled, { off_nominal: [], reason: "", ended: told.ended });
  } else if (told.extent) {
    Object.assign(next, settled, {
      extent: told.extent,
      off_nominal: [],
      precedence: told.precedence || known.precedence,
      changed: told.changed,
      reason: told.reason,
      ended: "",
      cycle: told.cycle || known.cycle,
    });
  } else if (told.asked || told.because) {
    // refused, pending, or held: what it may have been offered before is over
    const { asked, because, constraints, reason, offers, until, precedence } = told;
    Object.assign(next, { asked, because, constraints, reason, offers, until });
    if (asked) next.cycle = told.cycle;
    if (told.state === "refused" || told.state === "pending") {
      Object.assign(next, { precedence, extent: null, changed: null, ended: "" });
    }
  } else if (told.off_nominal.length) {
    // nothing that its party says lets it go that the authority's own hand holds
    Object.assign(next, settled, { off_nominal: told.off_nominal });
    if (byHand) next.because = known.because;
  } else if (known.state === "held" || told.state === "nonconforming") {
    // released: a notice says no more than that it is accepted again, as it was
    Object.assign(next, settled, { reason: told.reason });
  } else if (told.state === "activated") next.off_nominal = [];
  sky.intents.set(name, next);
}

function foldShared(sky: Sky, content: Wire): void {
  const told = sharedIntent(content);
  const over = content.gone || told.state === "ended" || told.state === "refused";
  if (over) {
    sky.intents.delete(told.name);
    return;
  }
  const known = sky.intents.get(told.name);
  const says = Array.isArray(told.extent) ? told.extent.length > 0 : told.extent !== null;
  sky.intents.set(told.name, known && !says ? { ...told, extent: known.extent } : told);
}

function foldMessage(sky: Sky, kind: string, facts: Record<string, string>, at: string): void {
  if (kind === "CycleOpened") {
    sky.cycles.set(facts.cycle, {
      id: facts.cycle,
      start: facts.start,
      end: facts.end,
      cutoff: facts.cutoff,
      published: null,
    });
  } else if (kind === "CyclePublished") {
    const known = sky.cycles.get(facts.cycle);
    if (known) sky.cycles.set(facts.cycle, { ...known, published: at });
  }
}
