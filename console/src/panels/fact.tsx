/** One fact, and how facts are written. */

import type { ComponentChildren } from "preact";

import { shown } from "../airspace/sky";
import { choose } from "./chosen";
import { split } from "./where";

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Name a subject as people do, and lead to it. */
export function Subject({ name }: { name: string }) {
  const [kind, id] = name.startsWith("constraint:")
    ? (["constraint", name.slice(11)] as const)
    : split(name);
  if (!kind || !known(kind, id)) return <>{nameOf(name)}</>;
  return (
    <button type="button" class="link" onClick={() => choose(kind, id)}>{nameOf(name)}</button>
  );
}

function known(kind: string, id: string): boolean {
  const sky = shown();
  const table = kind === "track" ? sky.tracks : kind === "intent" ? sky.intents : sky.constraints;
  return table.rows.has(id);
}

/** Name a subject: a track by what it says it is. */
export function nameOf(subject: string): string {
  const [kind, id] = split(subject);
  if (kind === "track") {
    const track = shown().tracks.get(id)?.track;
    return track?.callsign || track?.address || id;
  }
  return kind ? id : subject.replace(/^constraint:/, "");
}

export function bearing(degrees: number): string {
  return `${String(Math.round(degrees) % 360).padStart(3, "0")}°`;
}

export function position(lat: number, lon: number): string {
  const half = (value: number, positive: string, negative: string, wide: number): string => {
    const minutes = Math.round(Math.abs(value) * 600) / 10;
    const whole = Math.floor(minutes / 60);
    const rest = (minutes - 60 * whole).toFixed(1).padStart(4, "0");
    return `${String(whole).padStart(wide, "0")}°${rest}′${value < 0 ? negative : positive}`;
  };
  return `${half(lat, "N", "S", 2)} ${half(lon, "E", "W", 3)}`;
}
