/** Forms: a label above each field, and what went wrong said beneath, with how to mend it. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import { Problem } from "../link/authority";

interface Written {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: string;
  required?: boolean;
}

export function Text({ label, value, onValue, hint, required, type = "text", list }: Written & {
  type?: "text" | "number" | "url";
  list?: string[];
}) {
  const id = useId();
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type={type}
        step={type === "number" ? "any" : undefined}
        value={value}
        placeholder={hint}
        required={required}
        list={list && id}
        onInput={(event) => onValue((event.target as HTMLInputElement).value)}
      />
      {list && <datalist id={id}>{list.map((one) => <option key={one} value={one} />)}</datalist>}
    </label>
  );
}

/** A time in UTC, typed the same everywhere, whatever the browser's language. */
export function When({ label, value, onValue, required }: Omit<Written, "hint">) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="text"
        value={value}
        placeholder="YYYY-MM-DD hh:mm"
        pattern={"\\s*\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?)?Z?\\s*"}
        title="Year, month, day, and the time in UTC: 2026-07-01 14:05"
        autocomplete="off"
        required={required}
        onInput={(event) => onValue((event.target as HTMLInputElement).value)}
      />
    </label>
  );
}

export function Words({ label, value, onValue, hint, required }: Written) {
  return (
    <label class="field">
      <span>{label}</span>
      <textarea
        rows={3}
        value={value}
        placeholder={hint}
        required={required}
        onInput={(event) => onValue((event.target as HTMLTextAreaElement).value)}
      />
    </label>
  );
}

export function Choice({ label, value, onValue, of }: Written & { of: [string, string][] }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select
        value={value}
        onChange={(event) => onValue((event.target as HTMLSelectElement).value)}
      >
        {of.map(([one, words]) => <option key={one} value={one}>{words}</option>)}
      </select>
    </label>
  );
}

export function Tick({ label, value, onValue }: {
  label: string;
  value: boolean;
  onValue: (value: boolean) => void;
}) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={value}
        onChange={(event) => onValue((event.target as HTMLInputElement).checked)}
      />
      <span>{label}</span>
    </label>
  );
}

/** Where a form comes up, and whenever `again` changes, its first field has the focus. */
export function useFocus<E extends HTMLElement>(again?: unknown) {
  const place = useRef<E>(null);
  useEffect(() => {
    place.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, [again]);
  return place;
}

/** What is asked of the authority from one place of the page, and what became of it. */
export function useAsking() {
  const busy = useSignal(false);
  const problem = useSignal<Error | null>(null);
  const done = useSignal("");
  async function ask(work: () => Promise<unknown>, words = ""): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    done.value = "";
    try {
      await work();
      done.value = words;
      return true;
    } catch (error) {
      problem.value = error as Error;
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, problem, done, ask };
}

type Asking = ReturnType<typeof useAsking>;

export function Became({ of }: { of: Asking }) {
  const wrong = of.problem.value;
  return (
    <>
      {wrong && <p class="said" role="alert">{inWords(wrong)}</p>}
      {of.done.value && <p class="done" role="status">{of.done.value}</p>}
    </>
  );
}

/** It was changed meanwhile: what was typed is kept, and goes over that only knowingly. */
export function Overtaken({ meant, now, onTake }: {
  meant: number | null;
  /** By now; undefined where there is none any more. */
  now: number | undefined;
  onTake: (version: number) => void;
}) {
  if (meant === null || now === undefined || now <= meant) return null;
  return (
    <div class="said" role="alert">
      It is at version {now} by now: it was changed meanwhile. What you typed is kept.
      <p class="buttons">
        <button type="button" onClick={() => onTake(now)}>Put mine over version {now}</button>
      </p>
    </div>
  );
}

export function inWords(wrong: Error): string {
  if (!(wrong instanceof Problem)) return wrong.message;
  // the page is told of it by itself
  if (wrong.status === 412) return "It was changed meanwhile: look at how it is now, and decide again";
  const where = wrong.field ? ` (${wrong.field})` : "";
  return `${wrong.message}${where}${wrong.mend ? `: ${wrong.mend}` : ""}`;
}

export function Form({ asking, onSubmit, onCancel, children, verb, main = true, opened = false }: {
  asking: Asking;
  onSubmit: () => void;
  onCancel?: () => void;
  children: ComponentChildren;
  verb: string;
  main?: boolean;
  /** In place of the button that opened it: whoever pressed that goes on in its first field. */
  opened?: boolean;
}) {
  const place = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (opened) place.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, []);
  return (
    <form
      ref={place}
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        try {
          onSubmit();
        } catch (error) {
          asking.problem.value = error as Error;
        }
      }}
    >
      {children}
      <Became of={asking} />
      <p class="buttons">
        <button type="submit" class={main ? "main" : ""} disabled={asking.busy.value}>
          {asking.busy.value ? "…" : verb}
        </button>
        {onCancel && <button type="button" class="plain" onClick={onCancel}>Cancel</button>}
      </p>
    </form>
  );
}
