/** Lines of declared flights, in columns that go to the graphics card as they are. */

import { linesOf } from "../airspace/flight";
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

/** (lon, lat, metres) of each line of a flight, one after the other: worked out once. */
const drawn = new WeakMap<Extent, Float64Array[]>();

function drawnOf(extent: Path4D): Float64Array[] {
  let found = drawn.get(extent);
  if (!found) {
    found = linesOf(extent).map((points) => new Float64Array(points.flat()));
    drawn.set(extent, found);
  }
  return found;
}

/** Put lines into columns, a colour and a width for each point; colours without alpha are full. */
export function columnsOf(lines: Line[]): Columns {
  const parts = lines.flatMap((line) => drawnOf(line.extent).map((points) => ({ line, points })));
  const n = parts.reduce((sum, { points }) => sum + points.length / 3, 0);
  const path = new Float64Array(3 * n);
  const colours = new Uint8Array(4 * n);
  // a colour at a time
  const inks = new Uint32Array(colours.buffer);
  const ink = new Uint8Array(4);
  const packed = new Uint32Array(ink.buffer);
  const widths = new Float32Array(n);
  const startIndices = new Uint32Array(parts.length + 1);
  let k = 0;
  parts.forEach(({ line, points }, row) => {
    startIndices[row] = k;
    const end = k + points.length / 3;
    path.set(points, 3 * k);
    for (let i = 0; i < 4; i++) ink[i] = line.colour[i] ?? 255;
    inks.fill(packed[0], k, end);
    widths.fill(line.extent.protection?.[0] ?? SEPARATION, k, end);
    k = end;
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
    names: parts.map(({ line }) => line.name),
  };
}

export function pathOf(extent: Extent | null): Path4D | null {
  return extent !== null && isPath(extent) ? extent : null;
}
