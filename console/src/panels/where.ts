/** Where on the map something is, to fly there. */

import { placeAt } from "../airspace/flight";
import { isPath, type Extent, type Volume4D } from "../airspace/nouns";
import { shown } from "../airspace/sky";
import { head } from "../bar/time";
import { mapView } from "../map/current";
import type { Kind } from "./chosen";

export type At = [lon: number, lat: number];

export function whereIs(kind: Kind, id: string): At | null {
  const sky = shown();
  switch (kind) {
    case "intent": {
      const intent = sky.intents.get(id);
      const extent = intent?.extent ?? intent?.asked;
      return extent ? ofExtent(extent) : null;
    }
    case "track": {
      const fix = sky.tracks.get(id)?.track.fix;
      return fix ? [fix[2], fix[1]] : null;
    }
    case "constraint":
      return ofVolumes(sky.constraints.get(id)?.volumes ?? []);
    case "alert": {
      const alert = sky.alerts.get(id);
      if (!alert) return null;
      const volumes = alert.avoid.flatMap((one) => one.volume ?? []);
      return ofVolumes(volumes) ?? ofSubject(alert.a) ?? ofSubject(alert.b);
    }
    case "event": {
      const event = sky.occurrences.get(id);
      if (!event) return null;
      return event.centre ? [event.centre[1], event.centre[0]] : middle(event.corners);
    }
    default:
      return null;
  }
}

/** Of "track:ID" or "intent:party/id". */
function ofSubject(subject: string): At | null {
  const [kind, id] = split(subject);
  return kind ? whereIs(kind, id) : null;
}

export function split(subject: string): [Kind | null, string] {
  const [kind, id] = subject.split(/:(.*)/s);
  return kind === "track" || kind === "intent" ? [kind, id] : [null, subject];
}

function ofExtent(extent: Extent): At | null {
  if (!isPath(extent)) return ofVolumes(extent);
  const place = placeAt(extent, head.at);
  if (place) return [place.lon, place.lat];
  const half = extent.lat.length >> 1;
  return [extent.lon[half], extent.lat[half]];
}

function ofVolumes(volumes: Volume4D[]): At | null {
  const first = volumes[0];
  if (!first) return null;
  return first.centre ? [first.centre[1], first.centre[0]] : middle(first.corners);
}

function middle(corners: [lat: number, lon: number][]): At | null {
  const n = corners.length;
  if (n === 0) return null;
  const first = corners[0][1];
  // across the antimeridian the sum of longitudes would lie on the other side of the Earth
  const near = (lon: number): number => lon - 360 * Math.round((lon - first) / 360);
  const lon = corners.reduce((sum, corner) => sum + near(corner[1]), 0) / n;
  const lat = corners.reduce((sum, corner) => sum + corner[0], 0) / n;
  return [lon - 360 * Math.round(lon / 360), lat];
}

export function showOnMap(kind: Kind, id: string): void {
  const at = whereIs(kind, id);
  if (at) mapView.value?.flyTo(...at);
}
