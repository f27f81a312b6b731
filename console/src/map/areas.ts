/** Areas: constraints and volumes, flat or as high as they are. */

import { PathLayer, SolidPolygonLayer } from "@deck.gl/layers";
import type { Layer } from "@deck.gl/core";

import { heightOf, holdsAt, nextChange, shapeOf } from "../airspace/flight";
import type { Point } from "../airspace/earth";
import type { Volume4D } from "../airspace/nouns";
import { Horizon, Stripes } from "./hatch";

/** A volume, or as much of it as a flat map has in one piece. */
export interface Area {
  name: string;
  outline: Point[];
  /** Metres. */
  height: number;
  /** Whether its edge is all around the outline. */
  whole: boolean;
  /** Its edges, and where it is written what it is; of the first part of each volume. */
  edges: Point[][];
  middle: Point | null;
  volume: Volume4D;
}

interface Edge {
  name: string;
  height: number;
  whole: boolean;
  points: Point[];
}

const stripes = new Stripes();
const horizon = new Horizon();

export function areasOf(name: string, volumes: readonly Volume4D[]): Area[] {
  return volumes.flatMap((volume) => {
    const shape = shapeOf(volume);
    const height = heightOf(volume);
    return (shape?.parts ?? []).map((outline, k): Area => ({
      name, outline, height, volume,
      whole: shape!.whole,
      edges: k ? [] : shape!.edges,
      middle: k ? null : shape!.middle,
    }));
  });
}

/** Which volumes hold at a time, and until when the same ones do. */
export class Holding {
  private since = Infinity;
  private until = -Infinity;

  /** Give what picks those that hold at a time, or takes all. */
  at(time: number): (volumes: readonly Volume4D[], all?: boolean) => Volume4D[] {
    [this.since, this.until] = [-Infinity, Infinity];
    return (volumes, all = false) => {
      const [since, until] = nextChange(volumes, time);
      this.since = Math.max(this.since, since);
      this.until = Math.min(this.until, until);
      return volumes.filter((volume) => all || holdsAt(volume, time));
    };
  }

  isOver(time: number): boolean {
    return time < this.since || time >= this.until;
  }
}

export interface Look {
  colour: readonly [number, number, number];
  alpha: number;
  striped: boolean;
  /** What a metre of height is drawn as: 0 for a flat map. */
  lift: number;
  width: number;
  pickable: boolean;
}

/** Draw areas: their fill, and their outlines, which tell them apart where colours do not. */
export function areaLayers(id: string, areas: Area[], look: Look): Layer[] {
  // raised, deck.gl would draw one wall too few of none
  if (areas.length === 0) return [];
  const raised = look.lift > 0;
  const model = lifted(look.lift);
  const alpha = raised ? look.alpha * 0.6 : look.alpha;
  const fill = (part: string, rows: Area[], more: object): Layer =>
    new SolidPolygonLayer<Area>({
      id: `${id}-${part}`,
      data: rows,
      getPolygon: (area: Area) => area.outline,
      getElevation: (area: Area) => area.height,
      getFillColor: [...look.colour, alpha],
      extruded: raised,
      material: false,
      modelMatrix: model,
      pickable: look.pickable,
      // seen from outside and from within
      parameters: { cullMode: "none", depthWriteEnabled: false },
      extensions: look.striped ? [stripes, horizon] : [horizon],
      ...more,
    } as any);
  const edges = areas.flatMap(({ name, height, whole, edges }) =>
    edges.map((points): Edge => ({ name, height, whole, points })),
  );
  const edge = (level: string, up: boolean): Layer =>
    new PathLayer<Edge>({
      id: `${id}-${level}`,
      data: edges,
      getPath: ({ points, height }) =>
        points.map(([lon, lat, z]): Point => [lon, lat, up ? z + height : z]) as any,
      getColor: [...look.colour, raised && !up ? 120 : 230],
      getWidth: look.width,
      widthUnits: "pixels",
      modelMatrix: model,
      extensions: [horizon],
    });
  if (!raised) return [fill("fill", areas, {}), edge("floor", false)];
  const cut = areas.filter((area) => !area.whole);
  const whole = cut.length ? areas.filter((area) => area.whole) : areas;
  const layers = whole.length ? [fill("fill", whole, {})] : [];
  if (cut.length) {
    // where a map cuts a volume there is no wall: its roof and its walls are drawn by themselves
    const roof = ({ outline, height }: Area): Point[] =>
      outline.map(([lon, lat, z]): Point => [lon, lat, z + height]);
    const each = 255 * (1 - Math.sqrt(1 - alpha / 255));
    layers.push(
      fill("roofs", cut, { getPolygon: roof, extruded: false }),
      // to the end and back, so each wall is there twice
      fill("walls", edges.filter((one) => !one.whole) as any, {
        getPolygon: ({ points }: Edge) => [...points, ...points.slice(1, -1).reverse()],
        getFillColor: [...look.colour, each],
      }),
    );
  }
  return [...layers, edge("floor", false), edge("top", true)];
}

/** Scale heights; a flat map has none, for a height would shift what is not straight below. */
export function lifted(lift: number): any {
  return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, lift, 0, 0, 0, 0, 1];
}
