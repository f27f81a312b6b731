/** That there are alerts now, whatever is looked at: the nearest by name, a press away. */

import type { Alert } from "../airspace/nouns";
import { sky } from "../airspace/sky";
import { goLive } from "../bar/time";
import { choose } from "./chosen";
import { nameOf } from "./fact";
import { command, open } from "./registry";

function nearest(): Alert | null {
  let near: Alert | null = null;
  for (const one of sky.alerts.rows.values()) {
    if (!near || Date.parse(one.start) < Date.parse(near.start)) near = one;
  }
  return near;
}

function go(): void {
  const first = nearest();
  if (!first) return;
  goLive();
  open.value = "work";
  choose("alert", first.id);
}

export function Alarm() {
  void sky.alerts.revision.value;
  const first = nearest();
  const count = sky.alerts.rows.size;
  return (
    <span role="alert" class="alarm">
      {first && (
        <button type="button" onClick={go}>
          {count === 1 ? "Alert" : `${count} alerts`}
          <span class="of">
            : {first.b ? `${nameOf(first.a)} and ${nameOf(first.b)}` : `keep clear, ${nameOf(first.a)}`}
          </span>
        </button>
      )}
    </span>
  );
}

command({
  id: "alert",
  title: "Go to the nearest alert",
  ready: () => sky.alerts.rows.size > 0,
  run: go,
});
