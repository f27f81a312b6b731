/** What became of a flight that was filed: below the form, with the ways out. */

import { sky } from "../airspace/sky";
import { choose, chosen } from "./chosen";
import { IntentActions } from "./intent-actions";

const ANSWERS: Record<string, string> = {
  accepted: "It is accepted: nothing is in its way.",
  refused: "It is refused.",
  pending: "It waits for its cycle's plan.",
};

export function Answer({ name }: { name: string }) {
  void sky.intents.revision.value;
  const intent = sky.intents.get(name);
  if (!intent) return <p class="quiet" role="status">Filed.</p>;
  const why =
    intent.because === "constraint"
      ? ` ${intent.constraints.join(", ") || "A constraint"} is in its way.`
      : intent.because === "conflict"
        ? " It would conflict."
        : "";
  const none = intent.state === "refused" && intent.offers.length === 0;
  const kept = intent.state !== "refused" && intent.asked !== null && intent.extent !== null;
  return (
    <section class="answered" aria-label="What became of it" data-state={kept ? "refused" : intent.state}>
      <p role="status">
        <span class={`state state-${intent.state}`} aria-hidden="true" />{" "}
        <b>{intent.id}</b>:{" "}
        {kept
          ? `The change is refused${why ? `:${why}` : "."} It stays as it was, ${intent.state}.`
          : ANSWERS[intent.state] ?? intent.state}
        {intent.state === "refused" && why}
        {none && " No alternative on the public grid is free."}
      </p>
      {chosen.value?.id !== name && (
        <>
          <IntentActions id={name} />
          <p><button type="button" class="link" onClick={() => choose("intent", name)}>Its facts</button></p>
        </>
      )}
    </section>
  );
}
