/** What can be done about a constraint: change it, or lift it. */

import { useSignal } from "@preact/signals";

import { sky } from "../airspace/sky";
import { write } from "../link/authority";
import { may } from "../link/session";
import { actions } from "./actions";
import { chooseNothing } from "./chosen";
import { change } from "./draw";
import { Became, useAsking } from "./form";

function ConstraintActions({ id }: { id: string }) {
  void sky.constraints.revision.value;
  const asking = useAsking();
  const sure = useSignal(false);
  const constraint = sky.constraints.get(id);
  if (!constraint || !may("close")) return null;
  const lift = (): void => {
    const path = `/v1/constraints/${encodeURIComponent(id)}`;
    void asking.ask(() => write("DELETE", path, undefined, constraint)).then((went) => went && chooseNothing());
  };
  return (
    <div class="actions">
      <Became of={asking} />
      {sure.value ? (
        <p class="buttons" role="group" aria-label={`Lift ${id}?`}>
          <button type="button" class="danger" disabled={asking.busy.value} onClick={lift}>
            Lift it for all
          </button>
          <button type="button" class="plain" onClick={() => (sure.value = false)}>Keep it</button>
        </p>
      ) : (
        <p class="buttons">
          {constraint.volumes.length > 0 && (
            <button type="button" onClick={() => change(constraint)}>Change</button>
          )}
          <button type="button" onClick={() => (sure.value = true)}>Lift …</button>
        </p>
      )}
    </div>
  );
}

actions.set("constraint", ConstraintActions);
