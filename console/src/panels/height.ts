/** Heights as they are written down: flight levels, or feet above what the airspace goes by. */

/** What heights are measured from, as the service calls it, and in words. */
export const REFERENCES: [string, string][] = [
  ["pressure", "flight levels"],
  ["wgs84", "feet above WGS84"],
  ["msl-egm96", "feet above mean sea level, EGM96"],
  ["msl-egm2008", "feet above mean sea level, EGM2008"],
  ["agl", "feet above ground"],
];

/** What a field of heights is in: "FL", or "ft". */
export const unitOf = (reference: string): string => (reference === "pressure" ? "FL" : "ft");

/** Feet to a unit of the field. */
const stepOf = (reference: string): number => (reference === "pressure" ? 100 : 1);

/** Read a height: 350 or FL350, 2500 or 2,500 ft; NaN for what is none. */
export function feetOf(text: string, reference: string): number {
  const plain = text.trim().toUpperCase().replace(/^FL?/, "").replace(/\s*FT$/, "").replace(/,(?=\d{3})/g, "");
  return plain === "" ? NaN : rounded(Number(plain) * stepOf(reference));
}

/** Write feet as such a field has them. */
export function heightText(feet: number, reference: string): string {
  return String(rounded(feet / stepOf(reference)));
}

/** Say a height: FL100, or 2,500 ft. */
export function heightWords(text: string, reference: string): string {
  const feet = feetOf(text, reference);
  if (Number.isNaN(feet)) return text;
  return reference === "pressure"
    ? `FL${String(rounded(feet / 100)).padStart(3, "0")}`
    : `${feet.toLocaleString("en")} ft`;
}

/** What a hundred times a decimal fraction leaves over is no height. */
const rounded = (value: number): number => Number(value.toFixed(6));
