/** Times as they are typed: UTC, the same whatever the browser's language. */

const WHEN = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)Z?$/;

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

/** Write a time as such a field has it, to the millisecond where it has any. */
export function fieldOf(time: number): string {
  return shortened(new Date(time).toISOString().slice(0, 23).replace("T", " "));
}

/** The same without its day: "14:05". */
export function clockOf(time: number): string {
  return shortened(new Date(time).toISOString().slice(11, 23));
}

/** Leave out seconds and their parts where there are none. */
function shortened(text: string): string {
  return text.replace(/(:00)?\.000$/, "");
}
