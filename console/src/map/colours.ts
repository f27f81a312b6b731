/** The map's colours by day and by night. Each state also has a shape, a line or a label. */

import { signal } from "@preact/signals";

import type { IntentState } from "../airspace/nouns";

export type Ink = [number, number, number];

export interface Palette {
  dark: boolean;
  sea: string;
  land: string;
  shore: string;
  border: string;
  grid: string;
  halo: [number, number, number];
  text: Ink;
  paper: Ink;
  conforming: Ink;
  nonconforming: Ink;
  undeclared: Ink;
  tentative: Ink;
  planned: Ink;
  accepted: Ink;
  waiting: Ink;
  refused: Ink;
  shared: Ink;
  constraint: Ink;
  alert: Ink;
  chosen: Ink;
}

const day: Palette = {
  dark: false,
  sea: "#dfe7ec",
  land: "#f7f6f2",
  shore: "#a9b8c2",
  border: "#cbc9c0",
  grid: "#cfd9df",
  halo: [1, 1, 1],
  text: [24, 38, 50],
  paper: [255, 255, 255],
  conforming: [15, 92, 138],
  nonconforming: [160, 84, 0],
  undeclared: [150, 30, 96],
  tentative: [88, 100, 110],
  planned: [62, 84, 102],
  accepted: [50, 110, 150],
  waiting: [160, 98, 0],
  refused: [140, 60, 60],
  shared: [74, 98, 130],
  constraint: [178, 58, 40],
  alert: [190, 18, 28],
  chosen: [16, 24, 32],
};

const night: Palette = {
  dark: true,
  sea: "#0e161d",
  land: "#18222b",
  shore: "#3d505f",
  border: "#32414c",
  grid: "#1b2831",
  halo: [0.05, 0.08, 0.1],
  text: [226, 234, 240],
  paper: [14, 22, 29],
  conforming: [108, 190, 240],
  nonconforming: [255, 184, 84],
  undeclared: [245, 134, 196],
  tentative: [150, 162, 172],
  planned: [140, 162, 180],
  accepted: [92, 158, 204],
  waiting: [240, 178, 80],
  refused: [214, 130, 126],
  shared: [134, 160, 196],
  constraint: [240, 122, 98],
  alert: [255, 98, 92],
  chosen: [255, 255, 255],
};

const dark = matchMedia("(prefers-color-scheme: dark)");

/** The user's choice goes before the system's. */
export type Theme = "light" | "dark" | "system";

export const theme = signal<Theme>((localStorage.getItem("detente.theme") as Theme) ?? "system");
export const palette = signal<Palette>(day);

export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === "system") localStorage.removeItem("detente.theme");
  else localStorage.setItem("detente.theme", chosen);
  paint();
}

export function paint(): void {
  const wanted = theme.value === "system" ? (dark.matches ? "dark" : "light") : theme.value;
  document.documentElement.dataset.theme = wanted;
  palette.value = wanted === "dark" ? night : day;
}

dark.addEventListener("change", paint);

/** The colour of an intent's line. */
export function inkOf(state: IntentState, shared: boolean, colours: Palette): Ink {
  if (shared) return colours.shared;
  if (state === "held" || state === "pending") return colours.waiting;
  if (state === "refused") return colours.refused;
  if (state === "nonconforming" || state === "contingent") return colours.nonconforming;
  return colours.accepted;
}
