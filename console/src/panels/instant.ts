/** Times as they are typed: UTC, the same whatever the browser's language. */

const WHEN = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)Z?$/;

/** Read a time as it is typed: 2026-07-01 14:05, UTC, for the page knows no other; NaN for none. */
export function timeOf(text: string): number {
  const found = WHEN.exec(text.trim());
  return found ? Date.parse(`${found[1]}T${found[2]}Z`) : NaN;
}

/** The same for the service: null where nothing was typed. */
export function instantOf(text: string): string | null {
  if (!text.trim()) return null;
  const time = timeOf(text);
  if (Number.isNaN(time)) throw new Error(`“${text}” is no time, as 2026-07-01 14:05`);
  return new Date(time).toISOString();
}

/** Write a time as such a field has it. */
export function fieldOf(time: number): string {
  return new Date(time).toISOString().slice(0, time % 60_000 ? 19 : 16).replace("T", " ");
}
