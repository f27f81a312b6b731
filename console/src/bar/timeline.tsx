/** The bar of time: past on the left, plans on the right, now in the middle. */

import { past } from "../airspace/sky";
import { goLive, head, keepTime, lost, pause, play, reach, seek, tick, day, duration, utc } from "./time";
import { useEffect } from "preact/hooks";

const SPEEDS = [1, 5, 20, 60, 300];
const REACHES: [number, string][] = [
  [3_600_000, "1 h"],
  [3 * 3_600_000, "3 h"],
  [12 * 3_600_000, "12 h"],
  [48 * 3_600_000, "2 days"],
];

/** What keys on the slider do: in milliseconds, or to its ends. Its own steps are of its width. */
const STEPS: Record<string, number> = {
  ArrowLeft: -60_000, ArrowDown: -60_000, ArrowRight: 60_000, ArrowUp: 60_000,
  PageDown: -900_000, PageUp: 900_000, Home: -1, End: 1,
};

export function Timeline() {
  useEffect(keepTime, []);
  void tick.value;
  const { at, now, live, where } = head;
  const ahead = at - now;
  const registered = past.value?.registered ?? true;
  const word = live
    ? "now"
    : where === "past"
      ? `${duration(ahead)} ago, ${registered ? "as known then" : "not registered yet"}`
      : where === "planned"
        ? `in ${duration(ahead)}, as planned now`
        : "now";
  const date = day(at) === day(now) ? "" : `${day(at)}, `;
  const share = Math.max(-1, Math.min(1, ahead / reach.value));
  return (
    <section class="timeline" data-where={where} aria-label="Time">
      <div class="timeline-keys">
        <button
          type="button"
          class="plain"
          aria-label={head.playing ? "Hold the time" : "Let the time go on"}
          onClick={() => (head.playing ? pause() : play(head.speed))}
        >
          {head.playing ? <PauseIcon /> : <PlayIcon />}
        </button>
        <label class="quiet">
          <span class="unseen">Speed</span>
          <select
            value={String(head.speed)}
            onChange={(event) => play(Number((event.target as HTMLSelectElement).value))}
          >
            {SPEEDS.map((speed) => (
              <option value={String(speed)}>{speed}×</option>
            ))}
          </select>
        </label>
      </div>
      <div class="timeline-track">
        <input
          type="range"
          min={-1000}
          max={1000}
          step={1}
          value={Math.round(share * 1000)}
          style={{ "--share": `${(share + 1) * 50}%` } as any}
          aria-label="The time that is looked at"
          aria-valuetext={`${date}${utc(at)}, ${word}`}
          onKeyDown={(event) => {
            const step = STEPS[event.key];
            if (!step) return;
            event.preventDefault();
            if (event.key === "Home" || event.key === "End") seek(Date.now() + step * reach.value);
            else seek(head.at + step);
          }}
          onInput={(event) => {
            const value = Number((event.target as HTMLInputElement).value);
            if (Math.abs(value) < 8) goLive();
            else seek(Date.now() + (value / 1000) * reach.value);
          }}
        />
        <div class="timeline-scale" aria-hidden="true">
          <span>−{duration(reach.value)}</span>
          <span>now</span>
          <span>+{duration(reach.value)}</span>
        </div>
      </div>
      <label class="quiet">
        <span class="unseen">How far the slider reaches</span>
        <select
          value={String(reach.value)}
          onChange={(event) => (reach.value = Number((event.target as HTMLSelectElement).value))}
        >
          {REACHES.map(([span, name]) => (
            <option value={String(span)}>±{name}</option>
          ))}
        </select>
      </label>
      <div class="timeline-clock">
        <time dateTime={new Date(at).toISOString()}>{utc(at)}</time>
        <span class="quiet">{lost.value || (live ? day(at) : date ? date + word.split(",")[0] : word)}</span>
      </div>
      <button type="button" class="now" disabled={live} onClick={goLive}>
        Now
      </button>
    </section>
  );
}

function PlayIcon() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d="M4 2.5v11l9-5.5z" fill="currentColor" />
    </svg>
  );
}

function PauseIcon() {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" fill="currentColor" />
    </svg>
  );
}
