/** The form that opens the record of an event. */

import { useSignal } from "@preact/signals";

import { head } from "../bar/time";
import { write } from "../link/authority";
import { choose } from "./chosen";
import { Form, Text, Tick, useAsking, When, Words } from "./form";
import { fieldOf, instantOf } from "./instant";

export function EventForm() {
  const asking = useAsking();
  const open = useSignal(false);
  const form = useSignal({
    id: "",
    description: "",
    question: "",
    place: "",
    start: fieldOf(minute(head.at) - 3_600_000),
    end: fieldOf(minute(head.at)),
    public: false,
  });
  const now = form.value;
  const set = (change: Partial<typeof now>): void => void (form.value = { ...form.value, ...change });
  if (!open.value) {
    return (
      <p class="buttons">
        <button type="button" onClick={() => (open.value = true)}>New event</button>
      </p>
    );
  }
  const submit = (): void => {
    const occurrence = {
      id: now.id,
      description: now.description,
      start: instantOf(now.start),
      end: instantOf(now.end),
      place: now.place,
      questions: [["flown", now.question || "Was it flown?"]],
    };
    const path = `/v1/occurrences/${encodeURIComponent(now.id)}`;
    void asking.ask(() => write("PUT", path, { occurrence, public: now.public })).then((went) => {
      if (!went) return;
      open.value = false;
      choose("event", now.id);
    });
  };
  return (
    <Form asking={asking} verb="Open the record" onSubmit={submit}>
      <h3>A new event</h3>
      <Text label="Identifier" value={now.id} required onValue={(id) => set({ id })} />
      <Words label="What is said to have happened, in neutral words" value={now.description}
        required onValue={(description) => set({ description })} />
      <Text label="The question" value={now.question} hint="Did … fly there?"
        onValue={(question) => set({ question })} />
      <Text label="Place" value={now.place} onValue={(place) => set({ place })} />
      <When label="From, UTC" value={now.start} required
        onValue={(start) => set({ start })} />
      <When label="To, UTC" value={now.end} required
        onValue={(end) => set({ end })} />
      <Tick label="All may see it" value={now.public} onValue={(all) => set({ public: all })} />
    </Form>
  );
}

const minute = (time: number): number => Math.floor(time / 60_000) * 60_000;
