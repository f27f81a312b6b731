/** How far some of what is written is moved, and which. */

import { Unclear } from "./place";

/** How far something is moved, and which rows or volumes of it, the first 1. */
export interface Move {
  /** Milliseconds. */
  later: number;
  feet: number;
  from: number;
  to: number;
}

/** Read how far what is moved: minutes, feet, and "3-7", "3-" or "" for all. @throws Unclear */
export function moveOf(later: string, feet: string, which: string, count: number): Move {
  const found = /^(\d+)?\s*([-–])?\s*(\d+)?$/.exec(which.trim());
  if (!found) throw new Unclear(0, `“${which}” names none of them, as 3-7`);
  const [, first, dash, last] = found;
  const from = Number(first ?? 1);
  const to = Number(last ?? (dash || first === undefined ? count : first));
  if (!(from >= 1 && from <= to && to <= count)) throw new Unclear(0, `there are 1 to ${count}`);
  const move = { later: Math.round(60_000 * Number(later)), feet: Number(feet), from, to };
  if (!Number.isFinite(move.later) || !Number.isFinite(move.feet)) throw new Unclear(0, "how far?");
  if (!move.later && !move.feet) throw new Unclear(0, "how far: minutes later, or feet higher?");
  return move;
}
