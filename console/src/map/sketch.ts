/** What is being drawn, over the picture: a flight or an area that nobody has yet. */

import { PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { Layer } from "@deck.gl/core";
import { signal } from "@preact/signals";

import type { Point } from "../airspace/earth";
import type { Palette } from "./colours";
import { lifted } from "./areas";
import { Horizon } from "./hatch";

export type Pen = "new" | "before";

export interface Stroke {
  /** (lon, lat, metres), in runs that are already cut at the antimeridian. */
  runs: Point[][];
  pen: Pen;
}

export interface Sketch {
  strokes: Stroke[];
  /** The places that were given, to be seen while there is but one. */
  points: Point[];
}

export const sketch = signal<Sketch | null>(null);

const horizon = new Horizon();

export function sketchLayers(now: Sketch | null, colours: Palette, lift: number): (Layer | null)[] {
  if (!now) return [];
  const modelMatrix = lifted(lift);
  const ink = { new: colours.chosen, before: colours.planned };
  const wide = { new: 3, before: 1.5 };
  const rows = now.strokes.flatMap(({ runs, pen }) => runs.map((path) => ({ path, pen })));
  return [
    new PathLayer({
      id: "sketch",
      data: rows,
      getPath: (row: (typeof rows)[0]) => row.path as any,
      getColor: (row: (typeof rows)[0]) => [...ink[row.pen], row.pen === "before" ? 170 : 255] as any,
      getWidth: (row: (typeof rows)[0]) => wide[row.pen],
      widthUnits: "pixels",
      jointRounded: true,
      modelMatrix,
      extensions: [horizon],
    } as any),
    new ScatterplotLayer({
      id: "sketch-points",
      data: now.points,
      getPosition: (at: Point) => at as any,
      getFillColor: [...colours.paper, 255] as any,
      getLineColor: [...colours.chosen, 255] as any,
      getRadius: 5,
      radiusUnits: "pixels",
      lineWidthUnits: "pixels",
      getLineWidth: 2.5,
      stroked: true,
      modelMatrix,
      extensions: [horizon],
    } as any),
  ];
}
