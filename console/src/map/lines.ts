/** Lines of declared flights, in columns that go to the graphics card as they are. */

import { linesOf } from "../airspace/flight";
import type { Point } from "../airspace/earth";
import { isPath, type Extent, type Path4D } from "../airspace/nouns";

/** Metres of which half is drawn to each side, where a flight names no minimum of its own. */
export const SEPARATION = 9260;

export interface Line {
  name: string;
  extent: Path4D;
  colour: readonly number[];
}

interface Column {
  value: Float64Array | Uint8Array | Float32Array;
  size: number;
  normalized?: boolean;
}

export interface Columns {
  length: number;
  startIndices: Uint32Array;
  attributes: Record<string, Column>;
  /** The flight of each line. */
  names: string[];
}

const drawn = new WeakMap<Extent, Point[][]>();

export function columnsOf(lines: Line[]): Columns {
  const parts: { name: string; points: Point[]; colour: readonly number[]; width: number }[] = [];
  let n = 0;
  for (const { name, extent, colour } of lines) {
    let found = drawn.get(extent);
    if (!found) drawn.set(extent, (found = linesOf(extent)));
    for (const points of found) {
      parts.push({ name, points, colour, width: extent.protection?.[0] ?? SEPARATION });
      n += points.length;
    }
  }
  const path = new Float64Array(3 * n);
  const colours = new Uint8Array(4 * n);
  const widths = new Float32Array(n);
  const startIndices = new Uint32Array(parts.length + 1);
  let k = 0;
  parts.forEach((part, row) => {
    startIndices[row] = k;
    for (const point of part.points) {
      path.set(point, 3 * k);
      colours.set(part.colour, 4 * k);
      widths[k] = part.width;
      k++;
    }
  });
  startIndices[parts.length] = k;
  return {
    length: parts.length,
    startIndices,
    attributes: {
      getPath: { value: path, size: 3 },
      getColor: { value: colours, size: 4, normalized: true },
      getWidth: { value: widths, size: 1 },
    },
    names: parts.map((part) => part.name),
  };
}

export function pathOf(extent: Extent | null): Path4D | null {
  return extent !== null && isPath(extent) ? extent : null;
}
