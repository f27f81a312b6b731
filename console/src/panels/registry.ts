/**
 * What stands beside the map. A panel is a file in this folder that ends with `panel({...})`, and
 * is named in `all.ts`; its commands are in the palette as long as its user may do them.
 */

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

import type { Role } from "../link/session";

export interface Panel {
  id: string;
  title: string;
  /** The key that opens it, with nothing held: "w". */
  key: string;
  /** Whose page has it; everybody's where this is left out. */
  roles?: Role[];
  /** What its user's token needs. */
  scope?: string;
  Body: ComponentType;
  /** How much waits in it: shown at its name. Reads signals, so it is kept up to date. */
  waiting?: () => number;
}

export interface Command {
  id: string;
  title: string;
  /** "g", or "ctrl+k". */
  key?: string;
  scope?: string;
  /** Whether it can be done now. */
  ready?: () => boolean;
  run: () => void;
}

export const panels: Panel[] = [];
export const commands: Command[] = [];

/** The panel that is open; "" for none, so that there is only the map. */
export const open = signal("");

/** Open a panel, from the keyboard or to write in it: the next `Tab` is its first field. */
export function openForm(id: string): void {
  open.value = id;
  setTimeout(() => {
    const body = document.querySelector<HTMLElement>(".panel-body");
    if (body) body.scrollTop = 0;
    body?.focus();
  });
}

const kept: (() => void)[] = [];

/** Name what is forgotten when its user leaves: the next one in this tab may be another. */
export function onLeaving(forget: () => void): void {
  kept.push(forget);
}

export function forgetAll(): void {
  open.value = "";
  for (const forget of kept) forget();
}

export function panel(made: Panel): void {
  panels.push(made);
  command({
    id: `open-${made.id}`,
    title: `Open ${made.title.toLowerCase()}`,
    key: made.key,
    scope: made.scope,
    run: () => (open.value === made.id ? (open.value = "") : openForm(made.id)),
  });
}

export function command(made: Command): void {
  commands.push(made);
}
