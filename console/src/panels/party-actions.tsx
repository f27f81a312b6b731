/** A party beside the map: what it may, and the authority's hand on it. */

import { useSignal } from "@preact/signals";

import { isIn } from "../airspace/coalitions";
import { sky } from "../airspace/sky";
import { write } from "../link/authority";
import { may } from "../link/session";
import { actions } from "./actions";
import { choose } from "./chosen";
import { Fact } from "./fact";
import { Became, Form, Text, useAsking, useFocus } from "./form";
import { classes } from "./precedence";

const pathOf = (id: string): string => `/v1/parties/${encodeURIComponent(id)}`;

function PartyActions({ id }: { id: string }) {
  void sky.parties.revision.value;
  const asking = useAsking();
  const reason = useSignal("");
  const party = sky.parties.get(id);
  if (!party) return <p class="quiet">No party is registered by this name.</p>;
  const coalitions = sky.coalitions.all().filter((one) => isIn(one, id));
  const reinstate = (): void => {
    void asking.ask(() => write("POST", `${pathOf(id)}/reinstate`), "It may file again.");
  };
  const suspend = (): void => {
    const body = { reason: reason.value };
    void asking
      .ask(() => write("POST", `${pathOf(id)}/suspend`, body), "It files no more; what it has stands.")
      .then((went) => went && (reason.value = ""));
  };
  return (
    <div class="actions">
      <dl>
        <Fact name="Name">{party.name}</Fact>
        <Fact name="Highest">{party.highest}</Fact>
        <Fact name="State">{party.suspended ? "suspended: it files no more" : "it may file"}</Fact>
        {coalitions.length > 0 && (
          <Fact name="Member of">
            <ul>
              {coalitions.map((one) => (
                <li key={one.id}>
                  <button type="button" class="link" onClick={() => choose("coalition", one.id)}>
                    {one.id}
                  </button>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
      {may("register") && party.suspended && (
        <>
          <Became of={asking} />
          <p class="buttons">
            <button type="button" class="main" disabled={asking.busy.value} onClick={reinstate}>
              Reinstate
            </button>
          </p>
        </>
      )}
      {may("register") && !party.suspended && (
        <Form asking={asking} main={false} verb="Suspend" onSubmit={suspend}>
          <Text label="Reason, which it is told" value={reason.value} required
            hint="It is kept in the ledger." onValue={(value) => (reason.value = value)} />
        </Form>
      )}
    </div>
  );
}

export function RegisterForm({ onDone }: { onDone: () => void }) {
  const asking = useAsking();
  const place = useFocus<HTMLDivElement>();
  const id = useSignal("");
  const name = useSignal("");
  const highest = useSignal("state");
  const submit = (): void => {
    const body = { name: name.value, highest: highest.value };
    void asking.ask(() => write("PUT", pathOf(id.value), body)).then((went) => {
      if (!went) return;
      onDone();
      choose("party", id.value);
    });
  };
  return (
    <div ref={place}>
      <Form asking={asking} verb="Register it" onSubmit={submit} onCancel={onDone}>
        <Text label="Identifier" value={id.value} required hint="as its token names it"
          onValue={(value) => (id.value = value)} />
        <Text label="Name, in words" value={name.value} onValue={(value) => (name.value = value)} />
        <Text label="Highest class that it may claim" value={highest.value} list={classes()} required
          onValue={(value) => (highest.value = value)} />
      </Form>
    </div>
  );
}

actions.set("party", PartyActions);
