/** What is on the map: layers out of the picture, made anew only where something in it changed. */

import { PathLayer } from "@deck.gl/layers";
import type { Layer } from "@deck.gl/core";

import { METRES_PER_FOOT, cutLine, densified, type Point } from "../airspace/earth";
import { spanOf } from "../airspace/flight";
import { isPath, type Extent, type Intent } from "../airspace/nouns";
import type { Sky } from "../airspace/sky";
import type { Chosen } from "../panels/chosen";
import { Aircraft } from "./aircraft";
import { areaLayers, areasOf, Holding, lifted, type Area } from "./areas";
import { inkOf, type Palette } from "./colours";
import { Horizon, Soft } from "./hatch";
import { labels } from "./labels";
import { columnsOf, pathOf, type Columns, type Line } from "./lines";

/** Milliseconds ahead of the time that is shown, of which the flights' lines are drawn. */
const AHEAD = 3_600_000;
/** Milliseconds of shown time after which it is looked again which flights are drawn. */
const AGAIN = 30_000;
/** From this zoom on, marks have labels; from the next on, each flight has its room. */
export const CLOSE = 7;
const CLOSER = 9.5;

/** Pixels, with what is soft of it. */
const ALERT = 3.5;

const horizon = new Horizon();
const soft = new Soft(ALERT);

export interface Frame {
  time: number;
  /** Whether what is planned is looked at: what is seen now says nothing of it. */
  ahead: boolean;
  zoom: number;
  /** Whether all is drawn, whenever it is flown. */
  whole: boolean;
  /** The intents whose lines are wider. */
  bold: ReadonlySet<string>;
  /** What a metre of height is drawn as: 0 for a flat map. */
  lift: number;
  colours: Palette;
  chosen: Chosen | null;
  /** Milliseconds on the page's own clock. */
  wall: number;
  /** Pixels of the map. */
  size: [number, number];
  /** Where on the screen a place is. */
  project: (at: [number, number]) => { x: number; y: number };
}

/** Flights that something is or may be in the way of: others may be, for the authority alone. */
export function standsOut(intent: Intent): boolean {
  return intent.state === "held" || intent.state === "refused" || intent.despite.length > 0;
}

export class Scene {
  readonly aircraft = new Aircraft();
  private sky: Sky | null = null;
  private looked = -Infinity;
  // what was taken up last
  private dark: boolean | null = null;
  private drawn = "";
  private shaded = "";
  private intents = -1;
  private tracked = -1;
  private lines: Columns = columnsOf([]);
  private wideLines: Columns = columnsOf([]);
  private chosenLine: Columns = columnsOf([]);
  private volumes: Area[] = [];
  private pickedVolumes: Area[] = [];
  /** Where flights that are off nominal may be. */
  adrift: Area[] = [];
  closed: Area[] = [];
  private avoided: Area[] = [];

  /** Take up what changed; tells of which kinds layers are to be made anew. */
  update(sky: Sky, frame: Frame): { still: boolean; moving: boolean } {
    const anew = sky !== this.sky || frame.colours.dark !== this.dark;
    const chosen = frame.chosen ? `${frame.chosen.kind}:${frame.chosen.id}` : "";
    const [intents, constraints, alerts, tracks] = [
      sky.intents, sky.constraints, sky.alerts, sky.tracks,
    ].map((table) => table.revision.peek());
    const isClosed = frame.chosen?.kind === "constraint";
    const later = Math.abs(frame.time - this.looked) > AGAIN;
    const declared = `${intents}|${chosen}`;
    const areas = `${constraints}|${alerts}|${frame.ahead}|${isClosed ? chosen : ""}`;
    const changed = { still: false, moving: false };
    if (anew || later || declared !== this.drawn || this.planned.isOver(frame.time)) {
      this.drawDeclared(sky, frame);
      changed.still = true;
    }
    if (anew || later || areas !== this.shaded || this.barred.isOver(frame.time)) {
      this.drawClosed(sky, frame);
      changed.still = true;
    }
    if (anew || tracks !== this.tracked || declared !== this.drawn || frame.ahead !== this.ahead) {
      this.aircraft.take(sky, frame, anew || frame.ahead !== this.ahead, intents !== this.intents);
      // the trail of what is chosen
      changed.still ||= frame.chosen?.kind === "track";
    }
    if (anew || later) this.looked = frame.time;
    this.dark = frame.colours.dark;
    this.drawn = declared;
    this.shaded = areas;
    this.intents = intents;
    this.tracked = tracks;
    this.sky = sky;
    this.ahead = frame.ahead;
    changed.moving = this.aircraft.move(frame);
    return changed;
  }

  private ahead = false;
  private written: Layer | null = null;

  /** Which volumes hold: of intents, and of what is closed or avoided. */
  private readonly planned = new Holding();
  private readonly barred = new Holding();

  private drawDeclared(sky: Sky, { time, colours, chosen, whole, bold }: Frame): void {
    const holding = this.planned.at(time);
    const lines: Line[] = [];
    const wide: Line[] = [];
    const picked: Line[] = [];
    this.volumes = [];
    this.pickedVolumes = [];
    this.adrift = [];
    for (const intent of sky.intents.rows.values()) {
      const isChosen = chosen?.kind === "intent" && chosen.id === intent.name;
      const extent = intent.state === "refused" ? intent.asked : (intent.extent ?? intent.asked);
      if (extent !== null && (isChosen || isDrawn(intent, extent, whole ? null : time))) {
        const ink = inkOf(intent.state, intent.shared, colours);
        const kept = isChosen ? this.pickedVolumes : this.volumes;
        if (!isPath(extent)) kept.push(...areasOf(intent.name, holding(extent, isChosen || whole)));
        else if (isChosen) picked.push({ name: intent.name, extent, colour: [...ink, 255] });
        else if (bold.has(intent.name)) wide.push({ name: intent.name, extent, colour: [...ink, 255] });
        else lines.push({ name: intent.name, extent, colour: [...ink, lineAlpha(intent, !whole && spanOf(extent)[0] > time)] });
      }
      if (isChosen && intent.asked && intent.extent && intent.asked !== extent) {
        const asked = pathOf(intent.asked);
        if (asked) picked.push({ name: intent.name, extent: asked, colour: [...colours.refused, 200] });
      }
      this.adrift.push(...areasOf(intent.name, holding(intent.off_nominal)));
    }
    this.lines = columnsOf(lines);
    this.wideLines = columnsOf(wide);
    this.chosenLine = columnsOf(picked);
  }

  private drawClosed(sky: Sky, { time, ahead, chosen, whole }: Frame): void {
    const holding = this.barred.at(time);
    this.closed = [...sky.constraints.rows.values()].flatMap((one) =>
      areasOf(one.id, holding(one.volumes, whole || (chosen?.kind === "constraint" && chosen.id === one.id))),
    );
    this.avoided = [...sky.alerts.rows.values()].flatMap((alert) => {
      const volumes = alert.avoid.flatMap((one) => one.volume ?? []);
      return ahead ? [] : areasOf(alert.id, holding(volumes));
    });
  }

  /** Make the layers of what stands still, the lowest first. */
  still(sky: Sky, frame: Frame): (Layer | null)[] {
    const { colours, lift, zoom, chosen } = frame;
    const model = lifted(lift);
    const area = { alpha: 40, striped: false, lift, width: 1.5, pickable: true };
    const ribbon = (id: string, data: Columns, alpha: number): Layer | null =>
      data.length === 0 ? null : new PathLayer({
        id,
        data: data as any,
        _pathType: "open",
        widthUnits: "meters",
        capRounded: true,
        jointRounded: true,
        opacity: alpha,
        modelMatrix: model,
        extensions: [horizon],
      } as any);
    const line = (id: string, data: Columns, width: number): Layer | null =>
      data.length === 0 ? null : new PathLayer({
        id,
        data: { ...data, attributes: { ...data.attributes, getWidth: undefined } } as any,
        _pathType: "open",
        getWidth: width,
        widthUnits: "pixels",
        jointRounded: true,
        pickable: true,
        modelMatrix: model,
        extensions: [horizon],
      } as any);
    return [
      ...areaLayers("constraints", this.closed, {
        ...area, colour: colours.constraint, alpha: 90, striped: true,
      }),
      ...areaLayers("volumes", this.volumes, { ...area, colour: colours.accepted }),
      ...areaLayers("chosen-volumes", this.pickedVolumes, { ...area, colour: colours.chosen, width: 3 }),
      ...areaLayers("adrift", this.adrift, { ...area, colour: colours.nonconforming, width: 2.5 }),
      ...areaLayers("avoid", this.avoided, { ...area, colour: colours.alert, width: 2.5 }),
      zoom >= CLOSER ? ribbon("room", this.lines, colours.dark ? 0.2 : 0.14) : null,
      line("intents", this.lines, 1.4),
      line("bold", this.wideLines, 2.8),
      ribbon("chosen-room", this.chosenLine, 0.22),
      line("chosen-line", this.chosenLine, 3.5),
      this.trail(sky, colours, chosen, lift),
    ];
  }

  /** Make the layers of what moves; what is written beside it is made anew where it is asked. */
  moving(sky: Sky, frame: Frame, write: boolean): (Layer | null)[] {
    if (write) this.written = labels(this, sky, frame);
    return [
      this.alertLines(sky, frame),
      ...this.aircraft.layers(frame.colours),
      this.written,
    ];
  }

  private trail(sky: Sky, colours: Palette, chosen: Chosen | null, lift: number): Layer | null {
    const seen = chosen?.kind === "track" ? sky.tracks.get(chosen.id) : undefined;
    if (!seen || seen.path.length < 2) return null;
    const points = seen.path.map(([, lat, lon, pressure, geometric]): Point => [
      lon, lat, (pressure ?? geometric ?? 0) * METRES_PER_FOOT,
    ]);
    return new PathLayer({
      id: "trail",
      data: cutLine(densified(points)),
      getPath: (path: Point[]) => path as any,
      getColor: [...colours[seen.track.conformance], 200],
      getWidth: 2.5,
      widthUnits: "pixels",
      modelMatrix: lifted(lift),
      extensions: [horizon],
    });
  }

  /** Count the marks and closed places beyond a latitude. */
  beyond(lat: number): number {
    const closed = this.closed.filter(({ middle }) => middle && Math.abs(middle[1]) > lat).length;
    return closed + this.aircraft.planned.beyond(lat) + this.aircraft.seen.beyond(lat);
  }

  private alertLines(sky: Sky, { time, ahead, colours, lift }: Frame): Layer {
    const lines: Point[][] = [];
    for (const alert of ahead ? [] : sky.alerts.rows.values()) {
      const a = this.aircraft.where(alert.a, time);
      const b = this.aircraft.where(alert.b, time);
      if (a && b) lines.push(...cutLine(densified([a, b])));
    }
    return new PathLayer({
      id: "alerts",
      data: lines,
      getPath: (line: Point[]) => line as any,
      getColor: [...colours.alert, 255] as [number, number, number, number],
      getWidth: ALERT,
      widthUnits: "pixels",
      modelMatrix: lifted(lift),
      extensions: [soft, horizon],
    });
  }
}

function isDrawn(intent: Intent, extent: Extent, time: number | null): boolean {
  if (intent.state === "ended" || intent.state === "refused") return false;
  if (time === null) return true;
  const [start, end] = spanOf(extent);
  return start <= time + AHEAD && end >= time;
}

/** What is flown now stands before what will be. */
function lineAlpha(intent: Intent, later: boolean): number {
  if (standsOut(intent)) return later ? 140 : 220;
  return later ? 60 : 170;
}
