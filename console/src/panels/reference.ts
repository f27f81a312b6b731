/** What heights are measured from in this airspace: as in whatever is known of it. */

import { isPath } from "../airspace/nouns";
import { sky } from "../airspace/sky";

export function referenceHere(): string {
  for (const { volumes } of sky.constraints.rows.values()) {
    const limited = volumes.find((one) => one.lower !== null || one.upper !== null);
    if (limited) return limited.reference;
  }
  for (const { extent } of sky.intents.rows.values()) {
    if (extent && isPath(extent)) return extent.reference;
    if (extent?.length) return extent[0].reference;
  }
  return "pressure";
}
