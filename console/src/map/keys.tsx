/** The keys beside the map: closer, farther, all of it, 3D, and the Earth as a globe. */

import { signal } from "@preact/signals";

import { command } from "../panels/registry";
import { mapView } from "./current";

const raised = signal(false);
const globe = signal(false);

function raise(): void {
  raised.value = !raised.value;
  mapView.value?.setRaised(raised.value);
}

export function round(): void {
  globe.value = !globe.value;
  mapView.value?.setGlobe(globe.value);
}

const fit = (): void => mapView.value?.fit();

command({ id: "fit", title: "Show the whole airspace", key: "f", run: fit });
command({ id: "raise", title: "Show heights, or a flat map", key: "h", run: raise });
command({ id: "globe", title: "Show the Earth as a globe, or flat", key: "g", run: round });

export function MapKeys() {
  return (
    <div class="map-keys" role="group" aria-label="Map">
      <button type="button" aria-label="Closer" onClick={() => mapView.value?.map.zoomIn()}>+</button>
      <button type="button" aria-label="Farther" onClick={() => mapView.value?.map.zoomOut()}>−</button>
      <button type="button" aria-keyshortcuts="f" onClick={fit}>All</button>
      <button type="button" aria-keyshortcuts="h" aria-pressed={raised.value} onClick={raise}>3D</button>
      <button type="button" aria-keyshortcuts="g" aria-pressed={globe.value} onClick={round}>Globe</button>
    </div>
  );
}
