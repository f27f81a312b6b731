/** Letting more see a statement of one's own. */

import { useSignal } from "@preact/signals";

import type { Said } from "../airspace/nouns";
import { write } from "../link/authority";
import { may, session } from "../link/session";
import { Form, Text, Tick, useAsking } from "./form";
import { namesOf, partiesKnown, partiesOf } from "./names";

/** Whether its user may let more see it: who entered it may, as long as not all do. */
export function shares(said: Said): boolean {
  const { role, subject } = session.value ?? {};
  return may("speak") && !said.public && said.by === (role === "authority" ? "authority" : subject);
}

export function ShareForm({ said }: { said: Said }) {
  const asking = useAsking();
  const all = useSignal(false);
  const who = useSignal("");
  const submit = (): void => {
    const parties = all.value ? [] : partiesOf(who.value);
    const words = all.value ? "All may see it." : `Shared with ${parties.join(", ")}.`;
    const path = `/v1/statements/${encodeURIComponent(said.statement.id)}/share`;
    const body = { public: all.value, shared: parties };
    void asking.ask(() => write("POST", path, body), words).then((went) => {
      if (went) who.value = "";
    });
  };
  const others = partiesKnown(session.value?.subject).filter((one) => !said.shared.includes(one));
  const last = namesOf(who.value).slice(0, -1);
  return (
    <Form asking={asking} main={false} verb="Share it" onSubmit={submit}>
      <h3>Let more see it</h3>
      <Tick label="All may see it" value={all.value} onValue={(value) => (all.value = value)} />
      {!all.value && (
        <Text label="Parties, with commas" value={who.value} required
          list={others.map((one) => [...last, one].join(", "))}
          onValue={(value) => (who.value = value)} />
      )}
      <p class="quiet small">What was seen cannot be unseen.</p>
    </Form>
  );
}
