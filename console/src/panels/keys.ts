/** Keys: a command's key does it, unless something is being written. */

import { may } from "../link/session";
import { commands } from "./registry";

export function canDo(command: { scope?: string; ready?: () => boolean }): boolean {
  return (!command.scope || may(command.scope)) && (command.ready?.() ?? true);
}

export function listen(): () => void {
  const heard = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const writing = target.matches("input:not([type=range]), textarea, select, [contenteditable]");
    const held = event.ctrlKey || event.metaKey;
    if (event.altKey || event.defaultPrevented || (writing && !held)) return;
    // what is open over the page has its own keys
    if (document.querySelector("dialog[open]")) return;
    const name = `${held ? "ctrl+" : ""}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
    const found = commands.find((one) => one.key === name && canDo(one));
    if (!found) return;
    event.preventDefault();
    found.run();
  };
  addEventListener("keydown", heard);
  return () => removeEventListener("keydown", heard);
}
