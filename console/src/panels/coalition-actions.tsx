/** A coalition beside the map: who is in it, joining and leaving, inviting and dismissing. */

import { useSignal } from "@preact/signals";

import { isIn, openInvitations } from "../airspace/coalitions";
import type { Coalition, Sharing } from "../airspace/nouns";
import { sky } from "../airspace/sky";
import { write } from "../link/authority";
import { may, session } from "../link/session";
import { actions } from "./actions";
import { choose } from "./chosen";
import { Fact, Subject } from "./fact";
import { Became, Choice, Form, Text, useAsking, useFocus } from "./form";
import { aside, putAside } from "./invitations";
import { namesOf, partiesOf } from "./names";

/** What a member shares, in words. */
export const SHARES: Partial<Record<Sharing, string>> = {
  nothing: "nothing",
  volumes: "volumes only",
  intents: "your intents",
};

const LEVELS: [Sharing, string][] = [
  ["nothing", "nothing"],
  ["volumes", "volumes, without names"],
  ["intents", "my intents, with paths"],
];

const pathOf = (id: string): string => `/v1/coalitions/${encodeURIComponent(id)}`;

function CoalitionActions({ id }: { id: string }) {
  const coalition = sky.coalitions.all().find((one) => one.id === id);
  if (!coalition) return <p class="quiet">No coalition that you belong to has this name.</p>;
  const own = session.value?.role === "party" ? session.value.subject : "";
  return (
    <div class="actions">
      <CoalitionFacts coalition={coalition} own={own} />
      {own && may("member") && (
        isIn(coalition, own)
          ? <Member coalition={coalition} own={own} />
          : <Invited key="invited" coalition={coalition} />
      )}
      {may("lead") && <Lead coalition={coalition} />}
    </div>
  );
}

function CoalitionFacts({ coalition, own }: { coalition: Coalition; own: string }) {
  const members = Object.entries(coalition.members).sort();
  const invited = openInvitations(coalition).filter((one) => one !== own);
  const shared = sky.intents.all().filter((one) => one.shared && isIn(coalition, one.party));
  return (
    <dl>
      {coalition.name && coalition.name !== coalition.id && <Fact name="Name">{coalition.name}</Fact>}
      <Fact name="Members">
        {members.length === 0 && (own ? "told to its members only" : "none yet")}
        <ul>
          {members.map(([party, level]) => (
            <li key={party}>
              {sky.parties.get(party) ? (
                <button type="button" class="link" onClick={() => choose("party", party)}>{party}</button>
              ) : party}
              {party === own && " (you)"}
              {!own && level && <span class="quiet"> shares {level}</span>}
            </li>
          ))}
        </ul>
      </Fact>
      {invited.length > 0 && <Fact name="Invited">{invited.join(", ")}</Fact>}
      {shared.length > 0 && (
        <Fact name="Shared with you">
          <ul>{shared.map((one) => <li key={one.name}><Subject name={`intent:${one.name}`} /></li>)}</ul>
        </Fact>
      )}
    </dl>
  );
}

function Member({ coalition, own }: { coalition: Coalition; own: string }) {
  const asking = useAsking();
  const level = useSignal<Sharing>(coalition.members[own] || "nothing");
  const leaving = useAsking();
  const sure = useSignal(false);
  const path = `${pathOf(coalition.id)}/membership`;
  const leave = (): void => {
    void leaving.ask(() => write("DELETE", path)).then((went) => {
      // who has left may come back: that waits for no answer
      if (went) putAside(coalition.id);
    });
  };
  return (
    <>
      <Form
        asking={asking}
        main={false}
        verb="Change what I share"
        onSubmit={() => {
          void asking.ask(() => write("PUT", path, { shares: level.value }), "Changed, from now on.");
        }}
      >
        <Choice label="The other members see" value={level.value} of={LEVELS}
          onValue={(value) => (level.value = value as Sharing)} />
      </Form>
      <Became of={leaving} />
      {sure.value ? (
        <p class="buttons" role="group" aria-label={`Leave ${coalition.id}?`}>
          <button type="button" class="danger" disabled={leaving.busy.value} onClick={leave}>
            Leave it
          </button>
          <button type="button" class="plain" onClick={() => (sure.value = false)}>Stay</button>
        </p>
      ) : (
        <p class="buttons">
          <button type="button" onClick={() => (sure.value = true)}>Leave …</button>
        </p>
      )}
    </>
  );
}

function Invited({ coalition }: { coalition: Coalition }) {
  const asking = useAsking();
  const level = useSignal<Sharing>("nothing");
  const { id } = coalition;
  const later = aside.value.has(id);
  return (
    <>
      <Form
        asking={asking}
        verb="Join"
        onSubmit={() => {
          const body = { shares: level.value };
          void asking.ask(() => write("PUT", `${pathOf(id)}/membership`, body)).then((went) => {
            if (went) putAside(id, false);
          });
        }}
      >
        <p>{later ? "You have put it aside." : "You are invited."}</p>
        <Choice label="The other members see" value={level.value} of={LEVELS}
          onValue={(value) => (level.value = value as Sharing)} />
      </Form>
      {!later && (
        <>
          <p class="buttons">
            <button type="button" onClick={() => putAside(id)}>Decline: put it aside</button>
          </p>
          <p class="quiet small">Nobody is told; the invitation stays open until you take it.</p>
        </>
      )}
    </>
  );
}

/** Inviting and dismissing: the lead's in its own coalition, and the authority's. */
function Lead({ coalition }: { coalition: Coalition }) {
  const inviting = useAsking();
  const dismissing = useAsking();
  const who = useSignal("");
  const sure = useSignal("");
  const members = Object.keys(coalition.members).sort();
  const known = sky.parties.all().map((one) => one.id).filter((one) => !isIn(coalition, one));
  const invite = (): void => {
    const parties = partiesOf(who.value);
    const words = `Invited: ${parties.join(", ")}. Who joins says what it shares.`;
    void inviting
      .ask(() => write("POST", `${pathOf(coalition.id)}/invitations`, { parties }), words)
      .then((went) => went && (who.value = ""));
  };
  const dismiss = (party: string): void => {
    const path = `${pathOf(coalition.id)}/members/${encodeURIComponent(party)}`;
    void dismissing.ask(() => write("DELETE", path), `${party} is a member no more.`).then((went) => {
      if (!went) return;
      sure.value = "";
      // a lead is not told of changes, it asks for them now and then
      const now = sky.coalitions.get(coalition.id);
      if (!now) return;
      const { [party]: _, ...others } = now.members;
      sky.coalitions.set(now.id, { ...now, members: others });
      sky.settle();
    });
  };
  const last = namesOf(who.value).slice(0, -1);
  return (
    <>
      <Form asking={inviting} main={false} verb="Invite" onSubmit={invite}>
        <h3>Invite</h3>
        <Text label="Parties, with commas" value={who.value} required
          list={known.map((one) => [...last, one].join(", "))}
          onValue={(value) => (who.value = value)} />
      </Form>
      {members.length > 0 && <h3>Remove</h3>}
      <Became of={dismissing} />
      {sure.value ? (
        <p class="buttons" role="group" aria-label={`Remove ${sure.value}?`}>
          <button type="button" class="danger" disabled={dismissing.busy.value}
            onClick={() => dismiss(sure.value)}>
            Remove {sure.value} from {coalition.id}
          </button>
          <button type="button" class="plain" onClick={() => (sure.value = "")}>Keep it</button>
        </p>
      ) : (
        <p class="buttons">
          {members.map((one) => (
            <button key={one} type="button" onClick={() => (sure.value = one)}>Remove {one} …</button>
          ))}
        </p>
      )}
    </>
  );
}

export function CoalitionForm({ onDone }: { onDone: () => void }) {
  const asking = useAsking();
  const place = useFocus<HTMLDivElement>();
  const id = useSignal("");
  const name = useSignal("");
  const invited = useSignal("");
  const submit = (): void => {
    const body = { name: name.value, invited: partiesOf(invited.value) };
    void asking.ask(() => write("PUT", pathOf(id.value), body)).then((went) => {
      if (!went) return;
      onDone();
      choose("coalition", id.value);
    });
  };
  return (
    <div ref={place}>
      <Form asking={asking} verb="Form it" onSubmit={submit} onCancel={onDone}>
        <Text label="Identifier" value={id.value} required
          onValue={(value) => (id.value = value)} />
        <Text label="Name, in words" value={name.value} onValue={(value) => (name.value = value)} />
        <Text label="Who may join, with commas" value={invited.value}
          list={sky.parties.all().map((one) => one.id)}
          onValue={(value) => (invited.value = value)} />
      </Form>
    </div>
  );
}

actions.set("coalition", CoalitionActions);
