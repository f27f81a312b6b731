/** The page of somebody who is signed in: the map, what stands beside it, and the bar of time. */

import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";

import { keep } from "./airspace/reading";
import { past } from "./airspace/sky";
import { Timeline } from "./bar/timeline";
import { head, tick, duration, utc } from "./bar/time";
import { line, reconnect } from "./link/authority";
import { may, signOut, type Session } from "./link/session";
import { palette, setTheme, theme } from "./map/colours";
import { MapView } from "./map/view";
import { comparison, type Side } from "./map/comparison";
import { mapView } from "./map/current";
import { Alarm } from "./panels/alarm";
import { Facts } from "./panels/facts";
import { listen } from "./panels/keys";
import { Palette } from "./panels/palette";
import { forgetAll, open, panels, type Panel } from "./panels/registry";
import { keepStandings } from "./panels/standings";
import { MapKeys } from "./map/keys";
import { Renewal } from "./sign-in";
import { MapSigns } from "./map/signs";
import "./panels/all";

export function Page({ who }: { who: Session }) {
  useEffect(() => {
    const ending = new AbortController();
    keep(who, ending.signal).catch((error: Error) => {
      if (!ending.signal.aborted) signOut(error.message);
    });
    const deaf = listen();
    const still = keepStandings();
    return () => {
      ending.abort();
      deaf();
      still();
      past.value = null;
      forgetAll();
    };
  }, []);
  // where there is room for it beside the map; before the map is, which is made as wide as it finds
  useState(() => matchMedia("(min-width: 1000px)").matches && (open.value = "work"));
  const mine = panels.filter(
    (one) => (!one.roles || one.roles.includes(who.role)) && (!one.scope || may(one.scope)),
  );
  const current = mine.find((one) => one.id === open.value);
  return (
    <div class="page" data-open={current ? "yes" : "no"}>
      <header class="top">
        <h1 class="brand">Detente</h1>
        <Status />
        <Renewal />
        <Alarm />
        <span class="who" title={who.role}>
          {who.subject} <span class="quiet">{who.role}</span>
        </span>
        <ThemeKey />
        <button type="button" class="plain leave" onClick={() => signOut()}>Sign out</button>
      </header>
      <nav class="bar" aria-label="Panels">
        {mine.map((one) => <Tab key={one.id} panel={one} current={one === current} />)}
      </nav>
      {current && (
        <section class="panel" data-panel={current.id} aria-label={current.title}>
          <header>
            <h2>{current.title}</h2>
            <button
              type="button"
              class="plain close"
              aria-label={`Close ${current.title.toLowerCase()}`}
              onClick={() => {
                open.value = "";
                document.querySelector<HTMLElement>(`.tab[data-opens="${current.id}"]`)?.focus();
              }}
            >
              ×
            </button>
          </header>
          <div class="panel-body" tabIndex={0}><current.Body /></div>
        </section>
      )}
      <main class="middle">
        <Grounds />
        <MapKeys />
        <MapSigns />
        <Facts />
      </main>
      <Timeline />
      <Palette />
    </div>
  );
}

function Tab({ panel, current }: { panel: Panel; current: boolean }) {
  const count = panel.waiting?.() ?? 0;
  const place = useRef<HTMLButtonElement>(null);
  // on a phone the bar is wider than it shows
  useEffect(() => void (current && place.current?.scrollIntoView({ block: "nearest", inline: "nearest" })), [current]);
  return (
    <button
      ref={place}
      type="button"
      class="tab"
      data-opens={panel.id}
      aria-pressed={current}
      aria-keyshortcuts={panel.key}
      onClick={() => (open.value = current ? "" : panel.id)}
    >
      {panel.title}
      {count > 0 && <span class="count" aria-label={`${count} waiting`}>{count}</span>}
    </button>
  );
}

/** The map, or two beside one another, which look at the same place. */
function Grounds() {
  const sides = comparison.value;
  return (
    <div class="grounds">
      <Ground side={sides[0] ?? null} key="first" />
      {sides[1] && <Ground side={sides[1]} second key="second" />}
    </div>
  );
}

function Ground({ side, second }: { side: Side | null; second?: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<MapView | null>(null);
  useEffect(() => {
    const made = new MapView(place.current as HTMLElement, second ? mapView.peek() : null);
    view.current = made;
    if (!second) mapView.value = made;
    let first = true;
    const stop = effect(() => {
      void palette.value;
      if (!first) made.recolour();
      first = false;
    });
    return () => {
      stop();
      if (!second) mapView.value = null;
      made.remove();
    };
  }, []);
  useEffect(() => view.current?.show(side), [side]);
  return (
    <div class="ground-side">
      <div class="ground" ref={place} />
      {side && <p class="side-name"><b>{side.name}</b> {side.words}</p>}
    </div>
  );
}

/** Whether what is shown is live, or how old it is. What counts on is not read aloud each second. */
function Status() {
  const now = line.value;
  void tick.value;
  if (now.state === "stale") {
    const again = Math.max(0, Math.round((now.again - Date.now()) / 1000));
    return (
      <span class="status" data-state="stale">
        <span role="alert">
          {now.since === null
            ? <b>The authority does not answer.</b>
            : <><b>Stale</b> since {utc(now.since)}<span class="unseen">: the connection is lost</span></>}
        </span>
        {now.since !== null && <span class="since quiet">({duration(Date.now() - now.since)})</span>}
        {again < Infinity && (
          <>
            <span class="quiet again">{again ? `Again in ${again} s` : "Reconnecting"}</span>
            <button type="button" class="plain" onClick={reconnect}>Reconnect</button>
          </>
        )}
      </span>
    );
  }
  const state = now.state === "reading" ? "reading" : head.live ? "live" : head.where;
  const words = { reading: "Reading …", live: "Live", past: "Past", planned: "Planned", now: "Live" };
  return (
    <span class="status" data-state={state} role="status">
      <span class="lamp" aria-hidden="true" /> {words[state]}
    </span>
  );
}

function ThemeKey() {
  const next = { system: "light", light: "dark", dark: "system" } as const;
  const name = { system: "Auto", light: "Day", dark: "Night" }[theme.value];
  return (
    <button
      type="button"
      class="plain theme"
      aria-label={`${name} colours; change to ${next[theme.value]}`}
      onClick={() => setTheme(next[theme.value])}
    >
      {name}
    </button>
  );
}

