/** What is written on the map: beside marks where there is room, in closed places, at alerts. */

import type { Layer } from "@deck.gl/core";
import { TextLayer } from "@deck.gl/layers";

import { METRES_PER_FOOT, type Point } from "../airspace/earth";
import { altitudeText, heightsText } from "../airspace/flight";
import type { Track } from "../airspace/nouns";
import type { Sky } from "../airspace/sky";
import type { Area } from "./areas";
import type { Ink } from "./colours";
import { Horizon } from "./hatch";
import { pathOf } from "./lines";
import { CLOSE, type Frame, type Scene } from "./scene";

const MOST = 120;
/** Marks for which room is looked for: all others are without, whatever the zoom. */
const TRIED = 500;

const horizon = new Horizon();

export function labels(scene: Scene, sky: Sky, frame: Frame): Layer | null {
  const { time, zoom, colours, lift, chosen } = frame;
  const rows: Label[] = [];
  const taken = new Room(frame);
  const label = (mark: string, text: string, ink: Ink, first: boolean): void => {
    const at = scene.aircraft.where(mark, time);
    if (!at || !(taken.take(at, text, 13) || first)) return;
    rows.push({ text, at: [at[0], at[1], at[2] * lift], ink, beside: true });
  };
  const write = (area: Area, text: string, ink: Ink, [lon, lat]: number[]): void => {
    const at: Point = [lon, lat, (area.outline[0][2] + area.height) * lift];
    taken.take(at, text, -20);
    rows.push({ text, at, ink, beside: false });
  };
  for (const area of scene.closed) {
    if (!area.middle) continue;
    const text = zoom >= CLOSE ? `${area.name}\n${heightsText(area.volume)}` : area.name;
    write(area, text, colours.constraint, area.middle);
  }
  for (const area of scene.adrift) {
    if (!area.middle) continue;
    // at its edge: the flight's own label may be in the middle
    const north = area.outline.reduce((a, b) => (b[1] > a[1] ? b : a));
    write(area, `${area.name} may be here`, colours.nonconforming, north);
  }
  for (const alert of frame.ahead ? [] : sky.alerts.rows.values()) {
    const a = scene.aircraft.where(alert.a, time);
    if (!a || !alert.start) continue;
    const seconds = Math.max(0, Math.round((Date.parse(alert.start) - time) / 1000));
    const text = seconds > 0 ? `conflict in ${seconds} s` : "conflict";
    const at: Point = [a[0], a[1], a[2] * lift];
    taken.take(at, text, 13);
    rows.push({ text, at, ink: colours.alert, beside: true });
  }
  const near = zoom >= CLOSE;
  for (const first of [true, false]) {
    for (const [id, { track }] of sky.tracks.rows) {
      if ((chosen?.kind === "track" && chosen.id === id) !== first) continue;
      const odd = track.conformance === "nonconforming" || track.conformance === "undeclared";
      if (!first && !(near || (odd && zoom > 5))) continue;
      if (!first && taken.full) break;
      label(`track:${id}`, trackText(track), colours.text, first);
    }
    for (const intent of sky.intents.rows.values()) {
      if ((chosen?.kind === "intent" && chosen.id === intent.name) !== first) continue;
      if (!first && (!near || taken.full)) break;
      const at = scene.aircraft.planned.where(`intent:${intent.name}`, time);
      if (!at) continue;
      const { reference } = pathOf(intent.extent) ?? {};
      const text = `${intent.id}\n${altitudeText(at[2] / METRES_PER_FOOT, reference)}`;
      label(`intent:${intent.name}`, text, first ? colours.text : colours.planned, first);
    }
  }
  if (!rows.length) return null;
  return new TextLayer({
    id: "labels",
    data: rows,
    getText: (row) => row.text,
    getPosition: (row) => row.at,
    getColor: (row) => [...row.ink, 255] as [number, number, number, number],
    getSize: 11.5,
    getTextAnchor: (row) => (row.beside ? "start" : "middle"),
    getAlignmentBaseline: "center",
    getPixelOffset: (row) => (row.beside ? [13, 0] : [0, 0]),
    fontFamily: "system-ui, sans-serif",
    fontWeight: 500,
    fontSettings: { fontSize: 36 },
    background: true,
    getBackgroundColor: [...colours.paper, 190] as [number, number, number, number],
    backgroundPadding: [3, 1],
    characterSet: "auto",
    lineHeight: 1.15,
    // on the globe what is turned towards its viewer is taken for its back
    parameters: { depthCompare: "always", cullMode: "none" },
    extensions: [horizon],
  });
}

interface Label {
  text: string;
  at: Point;
  ink: Ink;
  /** Beside a mark, or in the middle of an area. */
  beside: boolean;
}

/** What room on the screen is taken by labels; who comes too late has none. */
class Room {
  private readonly boxes: [number, number, number, number][] = [];

  private tried = 0;

  constructor(private readonly frame: Frame) {}

  get full(): boolean {
    return this.boxes.length >= MOST || this.tried >= TRIED;
  }

  take(at: Point, text: string, offset: number): boolean {
    const { x, y } = this.frame.project([at[0], at[1]]);
    const [width, height] = this.frame.size;
    if (x < 0 || y < 0 || x > width || y > height) return false;
    this.tried++;
    const rows = text.split("\n");
    const wide = 7 * Math.max(...rows.map((row) => row.length));
    const high = 7 * rows.length;
    const box: [number, number, number, number] = [x + offset, y - high, x + offset + wide, y + high];
    const free = this.boxes.every(
      ([w, n, e, s]) => box[0] > e || box[2] < w || box[1] > s || box[3] < n,
    );
    if (free) this.boxes.push(box);
    return free;
  }
}

function trackText(track: Track): string {
  const name = track.callsign || track.intent || track.address || track.id;
  const [, , , pressure, geometric] = track.fix;
  const height = pressure === null ? altitudeText(geometric, "wgs84") : altitudeText(pressure);
  return `${name}\n${height}${arrow(track.climb)}`;
}

function arrow(climb: number | null): string {
  return climb !== null && climb > 200 ? " ↑" : climb !== null && climb < -200 ? " ↓" : "";
}
