/** The authority's picture: the ledger's outcomes, folded one after the other. */

import { foldCoalition, OF_COALITIONS } from "./coalitions";
import { blank, constraintOf, settled, wholeOccurrence } from "./forms";
import type { Alert, Indication, Intent, Statement, Track, Unseen } from "./nouns";
import type { Sky } from "./sky";

type Wire = Record<string, any>;

/** Fixes of a path at most, as the authority keeps them; then every other one goes. */
const PATH_KEPT = 256;

/** Fold an outcome; one that is known already changes nothing. */
export function foldOutcome(sky: Sky, outcome: Wire): void {
  for (const event of outcome.events as Wire[]) fold(sky, event, outcome);
}

function fold(sky: Sky, event: Wire, outcome: Wire): void {
  if (event.intent !== undefined && event.party !== undefined && event.version !== undefined) {
    foldIntent(sky, event);
    return;
  }
  switch (event.type as string) {
    case "ConstraintPublished":
      if ((sky.constraints.get(event.constraint)?.version ?? 0) < event.version) {
        sky.constraints.set(event.constraint, constraintOf(event));
      }
      break;
    case "ConstraintLifted":
      if ((sky.constraints.get(event.constraint)?.version ?? 0) < event.version) {
        sky.constraints.delete(event.constraint);
      }
      break;
    case "TracksReported":
      for (const track of event.tracks as Track[]) foldTrack(sky, track);
      for (const unseen of (event.unseen ?? []) as Unseen[]) {
        if (unseen.over) sky.unseen.delete(unseen.intent);
        else sky.unseen.set(unseen.intent, unseen);
      }
      break;
    case "TrackIndicated": {
      const seen = sky.tracks.get(event.track);
      const said = event.indication as Indication;
      if (seen && !seen.indications.some((one) => JSON.stringify(one) === JSON.stringify(said))) {
        sky.tracks.set(event.track, { ...seen, indications: [...seen.indications, said] });
      }
      break;
    }
    case "AlertRaised":
      sky.alerts.set(event.alert.id, event.alert as Alert);
      break;
    case "AlertEnded":
      if (event.whole ?? true) sky.alerts.delete(event.id);
      break;
    case "OccurrenceEntered":
      if ((sky.occurrences.get(event.occurrence.id)?.version ?? 0) < event.version) {
        const amended = event.version > 1 ? outcome.at : null;
        sky.occurrences.set(event.occurrence.id, wholeOccurrence({ ...event, amended }));
      }
      break;
    case "StatementEntered": {
      const name = `${event.by}/${(event.statement as Statement).id}`;
      const known = sky.statements.get(name);
      sky.statements.set(name, {
        name,
        by: event.by,
        at: outcome.at,
        public: event.public,
        shared: event.shared ?? [],
        statement: event.statement,
        grade: known?.grade ?? null,
      });
      break;
    }
    case "StatementShared": {
      const known = sky.statements.get(event.statement);
      if (known) {
        sky.statements.set(event.statement, {
          ...known,
          public: known.public || event.public,
          shared: [...new Set([...known.shared, ...(event.shared ?? [])])].sort(),
        });
      }
      break;
    }
    case "StatementGraded": {
      const known = sky.statements.get(event.statement);
      if (known) sky.statements.set(event.statement, { ...known, grade: event.grade });
      break;
    }
    case "PartyRegistered":
      sky.parties.set(event.party, {
        id: event.party,
        name: event.name,
        highest: event.highest,
        suspended: sky.parties.get(event.party)?.suspended ?? false,
      });
      break;
    case "PartySuspended":
    case "PartyReinstated": {
      const known = sky.parties.get(event.party);
      if (known) {
        sky.parties.set(event.party, { ...known, suspended: event.type === "PartySuspended" });
      }
      break;
    }
    case "CycleOpened":
      sky.cycles.set(event.cycle, {
        id: event.cycle,
        start: event.start,
        end: event.end,
        cutoff: event.cutoff,
        published: sky.cycles.get(event.cycle)?.published ?? null,
      });
      break;
    case "CyclePublished": {
      const known = sky.cycles.get(event.cycle);
      if (known) sky.cycles.set(event.cycle, { ...known, published: outcome.at });
      break;
    }
    default:
      if (OF_COALITIONS.has(event.type)) foldCoalition(sky, event.type, event);
  }
}

function foldIntent(sky: Sky, event: Wire): void {
  const name = `${event.party}/${event.intent}`;
  const known = sky.intents.get(name) ?? blank(name, event.party, event.intent);
  if (event.type === "AircraftNamed" && event.version === known.version) {
    // which one flies it makes no new version of the intent
    sky.intents.set(name, { ...known, aircraft: event.aircraft });
    return;
  }
  if (event.type === "AlternativesOffered" && event.version === known.version) {
    const waits = event.waits?.length ? (event.waits as string[]) : known.waits;
    sky.intents.set(name, { ...known, offers: event.offers, until: event.until, waits });
    return;
  }
  if (event.version <= known.version) return;
  const told: Partial<Intent> = { version: event.version, state: event.state };
  if (event.state !== "held") told.airborne = FLOWN.has(event.state);
  const none = event.state === "refused" || event.state === "pending";
  if (none) {
    Object.assign(told, { precedence: event.precedence, extent: null, changed: null, ended: "" });
  }
  switch (event.type as string) {
    case "IntentAccepted":
    case "IntentImposed":
    case "IntentOverridden":
      Object.assign(told, settled, {
        extent: event.extent,
        off_nominal: [],
        precedence: event.precedence,
        changed: event.changed ?? null,
        reason: event.reason ?? "",
        ended: "",
        cycle: event.cycle ?? known.cycle,
        despite: event.despite ?? [],
      });
      break;
    case "IntentReleased":
      Object.assign(told, settled, { extent: event.extent, reason: event.reason });
      break;
    case "IntentRefused":
      Object.assign(told, {
        asked: event.extent,
        because: event.because,
        constraints: event.constraints ?? [],
        reason: "",
        offers: event.offers ?? [],
        until: event.until ?? null,
        waits: event.met ?? [],
      });
      break;
    case "IntentPending":
      Object.assign(told, settled, { asked: event.extent, reason: "", cycle: event.cycle });
      break;
    case "IntentHeld": {
      const { kind, of } = event.cause as { kind: string; of: string };
      Object.assign(told, settled, {
        airborne: event.airborne ?? false,
        because: kind,
        constraints: kind === "constraint" ? [of] : [],
        waits: [kind === "constraint" ? `constraint:${of}` : of].filter(Boolean),
        reason: event.reason ?? "",
      });
      break;
    }
    case "IntentNonconforming":
    case "IntentContingent":
      Object.assign(told, settled, { off_nominal: event.off_nominal });
      // nothing that its party says lets it go that the authority's own hand holds
      if (known.because === "authority") told.because = known.because;
      break;
    case "IntentActivated":
      told.off_nominal = [];
      break;
    case "IntentEnded":
      Object.assign(told, settled, { ended: event.how, reason: "", off_nominal: [] });
      break;
    case "AircraftNamed":
      told.aircraft = event.aircraft;
      break;
  }
  sky.intents.set(name, { ...known, ...told });
}

const FLOWN = new Set(["activated", "nonconforming", "contingent"]);

export function foldTrack(sky: Sky, track: Track): void {
  const known = sky.tracks.get(track.id);
  if (track.ended) {
    sky.tracks.delete(track.id);
    return;
  }
  // what was flown is added to, not copied: ten thousand are told again and again all day
  const path = known?.path ?? [];
  const last = path[path.length - 1];
  const again = last !== undefined && last[0] === track.fix[0];
  if (last && !again && Date.parse(track.fix[0]) < Date.parse(last[0])) return;
  if (!again) path.push(track.fix);
  if (path.length > PATH_KEPT) thin(path);
  const history = known?.history ?? [];
  const before = history[history.length - 1];
  const changed =
    before === undefined || before[2] !== track.conformance || before[3] !== track.intent;
  sky.tracks.set(track.id, {
    track,
    path,
    history: changed
      ? [...history, [0, track.fix[0], track.conformance, track.intent]]
      : history,
    indications: known?.indications ?? [],
  });
}

/** Drop every other of what was flown, and neither its first nor its last. */
function thin<T>(path: T[]): void {
  const end = path[path.length - 1];
  let kept = 1;
  for (let k = 1; k < path.length - 1; k += 2) path[kept++] = path[k];
  path[kept++] = end;
  path.length = kept;
}
