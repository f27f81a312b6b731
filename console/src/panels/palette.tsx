/** The palette: every panel, action, flight, track and event by its name, from the keyboard. */

import { signal, useSignal } from "@preact/signals";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

import { sky, shown } from "../airspace/sky";
import { goLive, head, pause, play, seek, tick } from "../bar/time";
import { signOut } from "../link/session";
import { setTheme, theme } from "../map/colours";
import { choose, type Kind } from "./chosen";
import { nameOf } from "./fact";
import { canDo } from "./keys";
import { command, commands, open as panelOpen, panels } from "./registry";
import { showOnMap } from "./where";

const MOST = 30;
const state = signal<"" | "palette" | "keys">("");

interface Entry {
  id: string;
  title: string;
  more: string;
  run: () => void;
}

export function Palette() {
  if (state.value === "palette") return <Dialog title="Find or do"><Search /></Dialog>;
  if (state.value === "keys") return <Dialog title="Keys"><Keys /></Dialog>;
  return null;
}

function Dialog({ title, children }: { title: string; children: any }) {
  const place = useRef<HTMLDialogElement>(null);
  // before another key is heard
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    place.current?.showModal();
    return () => before?.isConnected ? before.focus() : undefined;
  }, []);
  return (
    <dialog
      ref={place}
      class="palette"
      aria-label={title}
      onClose={() => (state.value = "")}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // at once, so that the next key is the page's again
        event.preventDefault();
        event.stopPropagation();
        place.current?.close();
        state.value = "";
      }}
      onClick={(event) => event.target === place.current && (state.value = "")}
    >
      {children}
    </dialog>
  );
}

function Search() {
  const text = useSignal("");
  const at = useSignal(0);
  const id = useId();
  // what can be done, and what is known, may change while it is open
  void tick.value;
  const found = search(text.value);
  const current = Math.min(at.value, found.length - 1);
  const run = (entry: Entry | undefined): void => {
    if (!entry) return;
    state.value = "";
    // after the dialog has given the focus back
    setTimeout(entry.run);
  };
  const key = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step) {
      event.preventDefault();
      at.value = Math.max(0, Math.min(found.length - 1, current + step));
      document.getElementById(`${id}-${at.value}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[current]);
    }
  };
  return (
    <>
      <input
        type="text"
        role="combobox"
        aria-label="Find or do"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found.length ? `${id}-${current}` : undefined}
        autocomplete="off"
        spellcheck={false}
        autofocus
        placeholder="A flight, a track, an event, or what to do"
        value={text.value}
        onKeyDown={key}
        onInput={(event) => {
          text.value = (event.target as HTMLInputElement).value;
          at.value = 0;
        }}
      />
      <ul role="listbox" id={id} aria-label="Found">
        {found.map((entry, k) => (
          <li
            key={entry.id}
            id={`${id}-${k}`}
            role="option"
            aria-selected={k === current}
            onClick={() => run(entry)}
          >
            <span>{entry.title}</span>
            <span class="quiet">{entry.more}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet" role="status">Nothing is called that.</p>}
    </>
  );
}

/** What has all the words in it: what can be done first, then what is known by name. */
function search(text: string): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found: Entry[] = [];
  const fits = (name: string): boolean => {
    const low = name.toLowerCase();
    return words.every((word) => low.includes(word));
  };
  const take = (entry: Entry, also = ""): void => {
    if (found.length < MOST && fits(`${entry.title} ${entry.more} ${also}`)) found.push(entry);
  };
  for (const one of atHand()) take(one);
  for (const one of commands) {
    if (one.id !== "palette" && canDo(one)) {
      take({ id: `do-${one.id}`, title: one.title, more: one.key ?? "", run: one.run });
    }
  }
  if (words.length === 0) return found;
  const now = shown();
  const go = (kind: Kind, id: string, title = id): Entry => ({
    id: `${kind}-${id}`,
    title,
    more: kind,
    run: () => {
      choose(kind, id);
      showOnMap(kind, id);
      if (kind === "event" || kind === "cycle") panelOpen.value = kind === "event" ? "record" : "plan";
    },
  });
  for (const id of now.intents.rows.keys()) take(go("intent", id));
  for (const [id, { track }] of now.tracks.rows) {
    take(go("track", id, nameOf(`track:${id}`)), `${id} ${track.address} ${track.conformance}`);
  }
  for (const id of now.constraints.rows.keys()) take(go("constraint", id));
  for (const id of now.occurrences.rows.keys()) take(go("event", id));
  for (const [id, { statement }] of now.statements.rows) {
    const more = `${statement.speaker.side} ${statement.position}, statement`;
    take({ ...go("statement", id), more }, statement.claim);
  }
  for (const [id, { name }] of sky.parties.rows) take(go("party", id), name);
  for (const [id, { name }] of sky.coalitions.rows) take(go("coalition", id), name);
  for (const id of sky.cycles.rows.keys()) take(go("cycle", id));
  return found;
}

/** The buttons beside what is chosen: each is a thing that can be done about it now. */
function atHand(): Entry[] {
  const title = document.querySelector(".facts h2")?.textContent ?? "";
  const buttons = document.querySelectorAll<HTMLButtonElement>(".facts .actions button:not(:disabled)");
  return [...buttons].map((button, k) => ({
    id: `hand-${k}`,
    title: button.getAttribute("aria-label") ?? button.textContent ?? "",
    more: title,
    run: () => {
      button.focus();
      if (button.type !== "submit") button.click();
    },
  }));
}

function Keys() {
  return (
    <>
      <h2 tabIndex={-1} autofocus>Keys</h2>
      <dl class="keys">
        {commands.filter((one) => one.key && canDo(one) && isHere(one.id)).map((one) => (
          <div key={one.id}>
            <dt><kbd>{one.key}</kbd></dt>
            <dd>{one.title}</dd>
          </div>
        ))}
        <div><dt><kbd>Tab</kbd></dt><dd>From one thing to the next; arrows move the map and the time</dd></div>
      </dl>
      <p class="buttons"><button type="button" onClick={() => (state.value = "")}>Close</button></p>
    </>
  );
}

function isHere(id: string): boolean {
  const of = panels.find((one) => `open-${one.id}` === id);
  return !of || canDo({ scope: of.scope });
}

const MINUTES = 5 * 60_000;

command({ id: "palette", title: "Find or do anything", key: "ctrl+k", run: () => (state.value = "palette") });
command({ id: "keys", title: "Show the keys", key: "?", run: () => (state.value = "keys") });
command({ id: "live", title: "Look at now", key: "n", run: goLive });
command({ id: "earlier", title: "Look five minutes earlier", key: "[", run: () => seek(head.at - MINUTES) });
command({ id: "later", title: "Look five minutes later", key: "]", run: () => seek(head.at + MINUTES) });
command({
  id: "hold",
  title: "Hold the time, or let it go on",
  key: ".",
  run: () => (head.playing ? pause() : play(head.speed)),
});
command({ id: "step", title: "To the next in the list", key: "j", run: () => step(1) });
command({ id: "back", title: "To the one before in the list", key: "k", run: () => step(-1) });
command({
  id: "colours",
  title: "Change between day, night and automatic colours",
  run: () => setTheme(({ system: "light", light: "dark", dark: "system" } as const)[theme.value]),
});
command({ id: "sign-out", title: "Sign out", run: () => signOut() });

/** Move along the rows of the panel that is open. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>(".panel .rows .row")];
  const now = rows.findIndex((row) => row === document.activeElement || row.ariaCurrent === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, now < 0 ? 0 : now + by))];
  next?.focus();
  next?.click();
}
