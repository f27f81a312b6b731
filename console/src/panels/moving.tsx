/** Moving all, or some, of what is written: later, earlier, higher or lower. */

import { useSignal } from "@preact/signals";

import { Text } from "./form";
import { moveOf, type Move } from "./move";
import { Unclear } from "./place";
import { unsent } from "./rows";

/** @param what "rows", or "volumes" */
export function Moving({ what, count, onMove }: {
  what: string;
  count: number;
  /** May throw what is not clear. */
  onMove: (move: Move) => void;
}) {
  const later = useSignal("");
  const feet = useSignal("");
  const which = useSignal("");
  const said = useSignal("");
  const wrong = useSignal("");
  const move = (): void => {
    said.value = wrong.value = "";
    try {
      const asked = moveOf(later.value, feet.value, which.value, count);
      onMove(asked);
      said.value = `Moved ${what} ${asked.from} to ${asked.to}. It is sent when you file it.`;
      later.value = feet.value = "";
    } catch (error) {
      if (!(error instanceof Unclear)) throw error;
      wrong.value = error.message;
    }
  };
  return (
    <details
      class="moving"
      onKeyDown={(event) => {
        if ((event.target as HTMLElement).matches("input")) unsent(event, move);
      }}
    >
      <summary>Move all or some {what}: time, height</summary>
      <div class="three">
        <Text label="Min later" type="number" value={later.value} hint="−10: earlier"
          onValue={(value) => (later.value = value)} />
        <Text label="Feet higher" type="number" value={feet.value} hint="−1000"
          onValue={(value) => (feet.value = value)} />
        <Text label={`Which ${what}`} value={which.value} hint={`1-${count}: all`}
          onValue={(value) => (which.value = value)} />
      </div>
      <p class="buttons"><button type="button" onClick={move}>Move them</button></p>
      {wrong.value && <p class="said" role="alert">{wrong.value}</p>}
      {said.value && <p class="done" role="status">{said.value}</p>}
    </details>
  );
}
