/** What the map says of itself: whom it follows, and that something lies beyond its end. */

import { head, tick } from "../bar/time";
import { chosen, followed } from "../panels/chosen";
import { nameOf } from "../panels/fact";
import { command } from "../panels/registry";
import { mapView } from "./current";
import { round } from "./keys";

function follow(): void {
  const now = chosen.value;
  const mark = now && `${now.kind}:${now.id}`;
  followed.value = followed.value === mark ? null : mark;
}

command({
  id: "follow",
  title: "Follow what is chosen on the map, or stop",
  key: "o",
  ready: () => followed.value !== null || ["intent", "track"].includes(chosen.value?.kind ?? ""),
  run: () => (chosen.value ? follow() : (followed.value = null)),
});

function seeGlobe(): void {
  round();
  mapView.value?.fit();
}

export function MapSigns() {
  void tick.value;
  const view = mapView.value;
  const mark = followed.value;
  const beyond = view?.beyond ?? 0;
  const there = mark && view?.scene.aircraft.where(mark, head.at);
  return (
    <div class="map-signs">
      <p role="status" data-empty={mark ? undefined : ""}>
        {mark && (
          <>
            <span>
              Following <b>{nameOf(mark)}</b>
              {!there && <span class="quiet">, not in the air at this time</span>}
            </span>
            <button type="button" class="plain" onClick={() => (followed.value = null)}>Stop</button>
          </>
        )}
      </p>
      {beyond > 0 && (
        <p>
          <span>{beyond} beyond 85°, where a flat map ends</span>
          <button type="button" class="plain" onClick={seeGlobe}>Globe</button>
        </p>
      )}
    </div>
  );
}
