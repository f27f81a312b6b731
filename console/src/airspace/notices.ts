/** A party's picture: what it is told, folded one notice after the other. */

import { constraintOf, occurrenceOf, ownIntent, saidOf, sharedIntent, toldAlert } from "./forms";
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
  if (known && told.aircraft && told.version === known.version) {
    // which one flies it makes no new version of the intent
    sky.intents.set(name, { ...known, aircraft: told.aircraft });
    return;
  }
  if (known && told.version <= known.version) return;
  if (!known) {
    sky.intents.set(name, told);
    return;
  }
  const next: Intent = { ...known, version: told.version, state: told.state };
  if (told.extent) {
    // accepted, as it says: what it waited for and could have done instead is over
    Object.assign(next, {
      extent: told.extent,
      off_nominal: [],
      precedence: told.precedence || known.precedence,
      asked: null,
      offers: [],
      until: null,
      because: "",
      constraints: [],
      changed: told.changed,
      reason: told.reason,
      cycle: told.cycle || known.cycle,
    });
  } else if (content.alternatives) {
    Object.assign(next, { offers: told.offers, until: told.until });
  }
  if (told.asked) Object.assign(next, { asked: told.asked, cycle: told.cycle });
  if (told.because) {
    Object.assign(next, {
      because: told.because,
      constraints: told.constraints,
      reason: told.reason,
    });
  }
  if (told.off_nominal.length) {
    // who said where it may be has done with what it waited for
    Object.assign(next, {
      off_nominal: told.off_nominal, asked: null, offers: [], until: null, because: "", constraints: [],
    });
  } else if (told.state === "activated" || told.ended) next.off_nominal = [];
  // a release says no more than that it is accepted again, as it was
  if (told.state === "accepted" && known.state === "held" && !told.because) {
    Object.assign(next, { because: "", constraints: [], offers: [], until: null, asked: null });
  }
  if (told.ended) next.ended = told.ended;
  if (told.aircraft) next.aircraft = told.aircraft;
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
