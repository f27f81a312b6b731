/** The aircraft on the map: where they are seen, and others where they are declared to be. */

import type { Layer } from "@deck.gl/core";

import type { Intent, Seen } from "../airspace/nouns";
import type { Sky } from "../airspace/sky";
import type { Chosen } from "../panels/chosen";
import type { Palette } from "./colours";
import { pathOf } from "./lines";
import { MarkLayer, type Shown } from "./mark-layer";
import { Marks, type Shape } from "./marks";
import type { Frame } from "./scene";

/** Milliseconds between two looks for marks that begin another leg. */
const LEGS_EVERY = 100;
/** Milliseconds after which marks are counted from another time on. */
const FAR = 3_600_000;

const NONE: ReadonlyMap<string, Seen> = new Map();

interface Columns {
  length: number;
  attributes: object;
}

export class Aircraft {
  /** By "intent:party/id": declared, and nothing is seen of them. */
  readonly planned = new Marks(Date.now());
  /** By "track:id". */
  readonly seen = new Marks(Date.now());
  private readonly told = new Map<string, Seen>();
  /** The track of each intent that is seen. */
  private readonly tracks = new Map<string, string>();
  /** And the other way: ahead, where nothing is seen yet, a track is where it is planned to be. */
  private readonly intents = new Map<string, string>();
  private chosen = "";
  private advanced = -Infinity;
  private readonly drawn = new Map<Marks, { version: number; shown: Shown; columns: Columns }>(
    [this.planned, this.seen].map((marks) => [
      marks,
      { version: -1, shown: { seconds: 0, lift: 0, scale: 1 }, columns: columnsOf(marks) },
    ]),
  );

  get length(): number {
    return this.planned.at.size + this.seen.at.size;
  }

  /**
   * Take up the picture's aircraft: what was told since, and what is chosen now.
   *
   * @param all whether it is another picture, or in other colours
   * @param declared whether intents changed
   */
  take(sky: Sky, frame: Frame, all: boolean, declared: boolean): void {
    const { colours, chosen } = frame;
    const rows = frame.ahead ? NONE : sky.tracks.rows;
    let others = all || declared;
    if (all) this.told.clear();
    for (const [id, seen] of rows) {
      const before = this.told.get(id);
      if (before === seen) continue;
      others ||= (before?.track.intent || "") !== (seen.track.intent || "");
      this.told.set(id, seen);
      this.trackMark(seen, colours, chosen);
    }
    if (all || this.told.size > rows.size) {
      others = true;
      for (const id of this.told.keys()) if (!rows.has(id)) this.told.delete(id);
      for (const mark of this.seen.at.keys()) if (!rows.has(mark.slice(6))) this.seen.drop(mark);
    }
    if (others) this.declared(sky, frame, all);
    const now = chosen ? `${chosen.kind}:${chosen.id}` : "";
    if (now === this.chosen) return;
    for (const mark of [this.chosen, now]) {
      const seen = this.told.get(mark.slice(6));
      if (mark.startsWith("track:") && seen) this.trackMark(seen, colours, chosen);
      if (this.planned.at.has(mark)) this.plannedMark(mark, frame);
    }
    this.chosen = now;
  }

  private declared(sky: Sky, frame: Frame, all: boolean): void {
    const { ahead } = frame;
    this.tracks.clear();
    this.intents.clear();
    for (const [id, { track }] of sky.tracks.rows) {
      if (!track.intent) continue;
      this.intents.set(`track:${id}`, `intent:${track.intent}`);
      if (!ahead) this.tracks.set(`intent:${track.intent}`, `track:${id}`);
    }
    const marks = this.planned;
    for (const intent of sky.intents.rows.values()) {
      const mark = `intent:${intent.name}`;
      const path = pathOf(intent.extent);
      if (!path || !isFlown(intent) || this.tracks.has(mark)) {
        marks.drop(mark);
      } else if (all || marks.pathOf(mark) !== path) {
        marks.fly(this.plannedMark(mark, frame), path, frame.time);
      }
    }
    for (const mark of marks.at.keys()) {
      if (!sky.intents.rows.has(mark.slice(7))) marks.drop(mark);
    }
  }

  private plannedMark(mark: string, { colours, chosen }: Frame): number {
    const isChosen = chosen?.kind === "intent" && mark === `intent:${chosen.id}`;
    const ink = isChosen ? colours.chosen : colours.planned;
    const k = this.planned.place(mark);
    this.planned.look(k, "planned", [...ink, isChosen ? 255 : 210], isChosen ? 18 : 12);
    return k;
  }

  private trackMark({ track }: Seen, colours: Palette, chosen: Chosen | null): void {
    const isChosen = chosen?.kind === "track" && chosen.id === track.id;
    const [at, lat, lon, pressure, geometric] = track.fix;
    const shape: Shape = track.conformance;
    const size = shape === "conforming" || shape === "tentative" ? 13 : 16;
    const k = this.seen.place(`track:${track.id}`);
    this.seen.look(k, shape, isChosen ? colours.chosen : colours[shape], isChosen ? 21 : size);
    const feet = pressure ?? geometric ?? 0;
    this.seen.tell(k, Date.parse(at), lat, lon, feet, track.speed, track.course, track.climb);
  }

  /** Let all go on to the time that is shown; tells whether layers are to be made anew. */
  move({ time, wall, lift, zoom }: Frame): boolean {
    for (const marks of this.drawn.keys()) if (Math.abs(time - marks.base) > FAR) marks.rebase(time);
    // between two of these a mark goes straight on: what is left of its leg, and a little more
    if (wall - this.advanced > LEGS_EVERY) {
      this.advanced = wall;
      this.planned.advance(time);
      this.seen.advance(time);
    }
    let changed = false;
    for (const [marks, now] of this.drawn) {
      now.shown.seconds = (time - marks.base) / 1000;
      now.shown.lift = lift;
      now.shown.scale = Math.max(0.6, Math.min(1, (zoom - 1) / 6));
      if (marks.version === now.version) continue;
      now.version = marks.version;
      now.columns = columnsOf(marks);
      changed = true;
    }
    return changed;
  }

  /** Make their layers: those that are seen above those that are not. */
  layers({ halo }: Palette): Layer[] {
    return [...this.drawn].map(
      ([marks, { columns, shown }]) =>
        new MarkLayer({
          id: marks === this.planned ? "planned" : "seen",
          data: columns as any,
          shown,
          halo,
          pickable: true,
          parameters: { depthCompare: "always" },
        } as any),
    );
  }

  /** Give the mark in a place of a layer. */
  nameOf(layer: string, k: number): string {
    return (layer === "planned" ? this.planned : this.seen).ids[k];
  }

  /** Give where a mark is drawn: longitude, latitude, metres; an intent that is seen, as its track. */
  where(mark: string, time: number): [number, number, number] | null {
    const track = mark.startsWith("track:") ? mark : this.tracks.get(mark);
    const intent = track && !this.seen.at.has(track) ? this.intents.get(track) : undefined;
    if (intent) return this.planned.where(intent, time);
    return track ? this.seen.where(track, time) : this.planned.where(mark, time);
  }
}

/** Objects of their own each time: what they hold is written in place. */
function columnsOf(marks: Marks): Columns {
  return {
    length: marks.length,
    attributes: {
      getPosition: { value: marks.positions, size: 3 },
      getVelocity: { value: marks.velocities, size: 3 },
      getSince: { value: marks.since, size: 1 },
      getShape: { value: marks.shapes, size: 1 },
      getAngle: { value: marks.angles, size: 1 },
      getSize: { value: marks.sizes, size: 1 },
      getColor: { value: marks.colours, size: 4, normalized: true },
    },
  };
}

function isFlown(intent: Intent): boolean {
  return intent.state !== "ended" && intent.state !== "refused" && intent.state !== "pending";
}
