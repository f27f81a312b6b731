/** Areas: constraints and volumes, flat or as high as they are. */

import { PathLayer, SolidPolygonLayer } from "@deck.gl/layers";
import type { Layer } from "@deck.gl/core";

import { heightOf, outlinesOf } from "../airspace/flight";
import type { Point } from "../airspace/earth";
import type { Volume4D } from "../airspace/nouns";
import { Horizon, Stripes } from "./hatch";

export interface Area {
  name: string;
  outline: Point[];
  /** Metres. */
  height: number;
}

const stripes = new Stripes();
const horizon = new Horizon();

export function areasOf(name: string, volumes: readonly Volume4D[]): Area[] {
  return volumes.flatMap((volume) =>
    outlinesOf(volume).map((outline) => ({ name, outline, height: heightOf(volume) })),
  );
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
  const raised = look.lift > 0;
  const model = lifted(look.lift);
  const fill = new SolidPolygonLayer<Area>({
    id: `${id}-fill`,
    data: areas,
    getPolygon: (area) => area.outline,
    getElevation: (area) => area.height * look.lift,
    getFillColor: [...look.colour, raised ? look.alpha * 0.6 : look.alpha],
    extruded: raised,
    material: false,
    modelMatrix: model,
    pickable: look.pickable,
    // seen from outside and from within
    parameters: { cullMode: "none", depthWriteEnabled: false },
    extensions: look.striped ? [stripes, horizon] : [horizon],
    updateTriggers: { getElevation: look.lift },
  });
  const edge = (level: string, up: boolean): Layer =>
    new PathLayer<Area>({
      id: `${id}-${level}`,
      data: areas,
      getPath: (area) =>
        area.outline
          .concat([area.outline[0]])
          .map(([lon, lat, z]): Point => [lon, lat, up ? z + area.height : z]) as any,
      getColor: [...look.colour, raised && !up ? 120 : 230],
      getWidth: look.width,
      widthUnits: "pixels",
      modelMatrix: model,
      extensions: [horizon],
    });
  return raised ? [fill, edge("floor", false), edge("top", true)] : [fill, edge("floor", false)];
}

/** Scale heights; a flat map has none, for a height would shift what is not straight below. */
export function lifted(lift: number): any {
  return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, lift, 0, 0, 0, 0, 1];
}
