/** Two pictures beside one another: what was asked for, and what a plan makes of it. */

import { ScatterplotLayer } from "@deck.gl/layers";
import type { Layer } from "@deck.gl/core";
import { signal } from "@preact/signals";

import type { Sky } from "../airspace/sky";
import type { Palette } from "./colours";
import { Horizon } from "./hatch";

/** Where two lose their separation: nearest at this time and place. */
export interface Meeting {
  a: string;
  b: string;
  at: string;
  lat: number;
  lon: number;
}

export interface Side {
  name: string;
  /** What is to be seen on it, in a few words. */
  words: string;
  sky: Sky;
  /** The intents that are to be seen first. */
  bold: ReadonlySet<string>;
  meetings: Meeting[];
}

/** What stands on the map instead of the airspace: one side, or two beside one another. */
export const comparison = signal<Side[]>([]);

const horizon = new Horizon();
const RADIUS = 7;

/** Draw meetings as rings about a dot: told from aircraft without their colour. */
export function meetingLayers(meetings: Meeting[], colours: Palette): Layer[] {
  const circles = (id: string, radius: number, alpha: number): Layer =>
    new ScatterplotLayer<Meeting>({
      id,
      data: meetings,
      getPosition: ({ lon, lat }) => [lon, lat],
      getFillColor: [...colours.alert, alpha] as [number, number, number, number],
      getLineColor: [...colours.alert, 255] as [number, number, number, number],
      getRadius: radius,
      radiusUnits: "pixels",
      stroked: alpha < 255,
      lineWidthUnits: "pixels",
      getLineWidth: 2,
      pickable: true,
      extensions: [horizon],
    });
  return meetings.length ? [circles("meetings", RADIUS, 50), circles("meetings-dots", 2, 255)] : [];
}
