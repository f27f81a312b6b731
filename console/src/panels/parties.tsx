/** Parties and coalitions: the authority's register, a party's memberships, a lead's members. */

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

import { isIn, openInvitations } from "../airspace/coalitions";
import type { Coalition } from "../airspace/nouns";
import { past, sky } from "../airspace/sky";
import { may, session } from "../link/session";
import { choose, chosen, type Kind } from "./chosen";
import { CoalitionForm, SHARES } from "./coalition-actions";
import { aside, invitations } from "./invitations";
import { RegisterForm } from "./party-actions";
import { command, onLeaving, open, panel } from "./registry";

/** Which form is open. */
const form = signal<"" | "party" | "coalition">("");
onLeaving(() => void (form.value = ""));

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

function Parties() {
  const role = session.value?.role;
  return (
    <>
      {past.value && <p class="quiet">As it is now, and not as it was then.</p>}
      {role === "authority" && <Register />}
      {role === "party" && <Memberships own={session.value?.subject ?? ""} />}
      {role === "lead" && <Led />}
    </>
  );
}

/** The authority's register. */
function Register() {
  const parties = sky.parties.all().sort(byId);
  const coalitions = sky.coalitions.all().sort(byId);
  return (
    <>
      {may("register") && (
        <section aria-label="Registered">
          <h3>Registered <span class="quiet">{parties.length}</span></h3>
          <ul class="rows">
            {parties.map((one) => (
              <Row
                key={one.id}
                kind="party"
                id={one.id}
                mark={`state state-${one.suspended ? "held" : "accepted"}`}
                more={one.suspended ? "suspended" : one.name === one.id ? "" : one.name}
                end={one.highest}
              />
            ))}
          </ul>
          <Opened what="party" closed="Register a party">
            <RegisterForm onDone={() => (form.value = "")} />
          </Opened>
        </section>
      )}
      <section aria-label="Coalitions">
        <h3>Coalitions <span class="quiet">{coalitions.length}</span></h3>
        <ul class="rows">
          {coalitions.map((one) => {
            const waits = openInvitations(one).length;
            return (
              <Row
                key={one.id}
                kind="coalition"
                id={one.id}
                mark="stroke stroke-event"
                more={one.name === one.id ? "" : one.name}
                end={`${count(one)}${waits ? `, ${waits} invited` : ""}`}
              />
            );
          })}
        </ul>
        {may("register") && (
          <Opened what="coalition" closed="Form a coalition">
            <CoalitionForm onDone={() => (form.value = "")} />
          </Opened>
        )}
      </section>
    </>
  );
}

function Opened({ what, closed, children }: {
  what: "party" | "coalition";
  closed: string;
  children: ComponentChildren;
}) {
  const now = form.value === what;
  return (
    <>
      <p class="buttons">
        <button type="button" aria-expanded={now} onClick={() => (form.value = now ? "" : what)}>
          {now ? "Close the form" : closed}
        </button>
      </p>
      {now && children}
    </>
  );
}

/** A party's coalitions, those that it may join, and what is shared with it. */
function Memberships({ own }: { own: string }) {
  const all = sky.coalitions.all().sort(byId);
  const members = all.filter((one) => isIn(one, own));
  const open = invitations();
  const later = all.filter((one) => !isIn(one, own) && aside.value.has(one.id));
  const shared = sky.intents.all().filter((one) => one.shared)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return (
    <>
      {open.length > 0 && (
        <section aria-label="Invitations">
          <h3>Invitations <span class="quiet">{open.length}</span></h3>
          <ul class="rows">
            {open.map((one) => (
              <Row key={one.id} kind="coalition" id={one.id} mark="stroke stroke-held"
                more="you may join" />
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Your coalitions">
        <h3>Your coalitions <span class="quiet">{members.length}</span></h3>
        {members.length === 0 && (
          <p class="quiet">None. The authority forms one, and whoever leads it invites.</p>
        )}
        <ul class="rows">
          {members.map((one) => (
            <Row key={one.id} kind="coalition" id={one.id} mark="stroke stroke-event"
              more={`you share ${SHARES[one.members[own]] ?? "what you said"}`} end={count(one)} />
          ))}
        </ul>
      </section>
      {members.length > 0 && (
        <section aria-label="Shared with you">
          <h3>Shared with you <span class="quiet">{shared.length}</span></h3>
          {shared.length === 0 && <p class="quiet">No flight of another member, now.</p>}
          <ul class="rows">
            {shared.map((one) => (
              <Row key={one.name} kind="intent" id={one.name} mark={`state state-${one.state}`}
                more={one.party === "shared" ? "volumes only" : one.state} />
            ))}
          </ul>
        </section>
      )}
      {later.length > 0 && (
        <section aria-label="Put aside">
          <h3>Put aside <span class="quiet">{later.length}</span></h3>
          <ul class="rows">
            {later.map((one) => (
              <Row key={one.id} kind="coalition" id={one.id} mark="stroke stroke-event"
                more="you may still join" />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** What a lead's token is for. */
function Led() {
  const all = sky.coalitions.all().sort(byId);
  return (
    <section aria-label="The coalition that you lead">
      <h3>The coalition that you lead</h3>
      {all.length === 0 && <p class="quiet">It is not formed yet: the authority does that.</p>}
      <ul class="rows">
        {all.map((one) => (
          <Row key={one.id} kind="coalition" id={one.id} mark="stroke stroke-event"
            end={count(one)} />
        ))}
      </ul>
    </section>
  );
}

function count(one: Coalition): string {
  const members = Object.keys(one.members).length;
  return `${members} ${members === 1 ? "member" : "members"}`;
}

function Row({ kind, id, mark, more = "", end = "" }: {
  kind: Kind;
  id: string;
  mark: string;
  more?: string;
  end?: string;
}) {
  const now = chosen.value;
  return (
    <li>
      <button
        type="button"
        class="row"
        aria-current={now?.kind === kind && now.id === id}
        onClick={() => choose(kind, id)}
      >
        <span class={mark} aria-hidden="true" />
        <span class="row-name">{id}</span>
        <span class="row-more">{more}</span>
        <span class="row-end">{end}</span>
      </button>
    </li>
  );
}

panel({
  id: "parties",
  title: "Parties",
  key: "y",
  roles: ["authority", "party", "lead"],
  Body: Parties,
  waiting: () => invitations().length,
});
for (const [what, title] of [
  ["party", "Register a party"],
  ["coalition", "Form a coalition"],
] as const) {
  command({
    id: `new-${what}`,
    title,
    scope: "register",
    run: () => {
      form.value = what;
      open.value = "parties";
    },
  });
}
