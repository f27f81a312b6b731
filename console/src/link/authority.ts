/** What the page asks of the authority, and what it is told: with a token, and nowhere else. */

import { signal } from "@preact/signals";

import { Frames, type Frame } from "./frames";
import { ended, expire, prove, session } from "./session";

/** What went wrong (RFC 9457), the field, and how to mend it. */
export class Problem extends Error {
  constructor(
    readonly kind: string,
    readonly status: number,
    readonly title: string,
    detail: string,
    readonly field = "",
    readonly mend = "",
    readonly retryAfter = 0,
  ) {
    super(detail || title);
  }
}

export interface Answer<T> {
  value: T;
  /** For If-Match, as it came; "" where there was none. */
  tag: string;
}

export interface Write {
  /** The version that is meant: "3". */
  version?: number | null;
  /** The same request under the same key is done once; by default a key of its own. */
  key?: string;
}

/** How the page is connected: what it shows is live, or is as old as `since`; null: of no time. */
export type Line =
  | { state: "live" }
  | { state: "reading" }
  | { state: "stale"; since: number | null; again: number };

export const line = signal<Line>({ state: "reading" });

const PATIENCE = 30_000;

export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>("GET", path, undefined, {}, signal)).value;
}

/** Read all pages of a list. */
export async function readAll<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const all: T[] = [];
  const joint = path.includes("?") ? "&" : "?";
  let cursor: string | null = null;
  do {
    const place: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: T[]; next: string | null } = await read(
      `${path}${joint}limit=1000${place}`,
      signal,
    );
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

/** Change something; where the answer is lost, the same request is sent again under its key. */
export async function write<T>(
  method: "PUT" | "POST" | "DELETE",
  path: string,
  body?: unknown,
  how: Write = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = {
    "Idempotency-Key": how.key ?? crypto.randomUUID(),
  };
  if (how.version != null) headers["If-Match"] = `"${how.version}"`;
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask<T>(method, path, body, headers);
    } catch (error) {
      const again = error instanceof Problem && (error.status === 503 || error.status === 0);
      if (!again || attempt === 3) throw error;
      await pause((error as Problem).retryAfter * 1000 || 500 * 2 ** attempt);
    }
  }
}

async function ask<T>(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Answer<T>> {
  const limit = AbortSignal.timeout(PATIENCE);
  const token = session.peek()?.token ?? "";
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers: dressed(token, headers, body !== undefined),
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...PLAIN,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem("unreachable", 0, "The authority does not answer", "",
      "", "see that the network is there, and try again");
  }
  if (!answer.ok) throw await problemOf(answer, token);
  prove(token);
  const text = await answer.text();
  return {
    value: (text ? JSON.parse(text) : null) as T,
    tag: answer.headers.get("ETag") ?? "",
  };
}

/** No cookie, no referrer, nothing kept: the token in its header is all that goes out. */
const PLAIN = {
  credentials: "omit",
  cache: "no-store",
  redirect: "error",
  referrerPolicy: "no-referrer",
} as const;

function dressed(token: string, headers: Record<string, string>, body: boolean): Record<string, string> {
  return {
    ...headers,
    ...(body ? { "Content-Type": "application/json" } : {}),
    Authorization: `Bearer ${token}`,
  };
}

async function problemOf(answer: Response, token: string): Promise<Problem> {
  let told: Record<string, string> = {};
  try {
    told = (await answer.json()) as Record<string, string>;
  } catch {
    // a proxy's page, or nothing: the status says enough
  }
  const kind = (told.type ?? "").split("/").pop() ?? "";
  if (answer.status === 401) expire(token);
  const after = Number(answer.headers.get("Retry-After")) || 0;
  const failed = answer.status >= 500;
  return new Problem(
    kind,
    answer.status,
    told.title ?? `The service ${failed ? "failed" : "refused it"} (status ${answer.status})`,
    told.detail ?? "",
    told.field,
    told.mend ?? mendOf(answer.status, after),
    after,
  );
}

/** How it may be mended, where the answer does not say. */
function mendOf(status: number, after: number): string {
  if (status === 429) return after ? `try again in ${after} s` : "try again in a while";
  if (status >= 500) return "try again, and if it fails again tell who runs the service";
  return "";
}

/**
 * Follow what the authority tells, for as long as `signal` is not aborted.
 *
 * A connection that is lost is made again, after the last number that was heard; `line` says so
 * meanwhile. The service gives a sign of life every few seconds: where none comes for `silence`
 * milliseconds the connection is taken for lost.
 */
export async function follow(
  path: string,
  after: number | null,
  told: (frame: Frame) => void,
  signal: AbortSignal,
  silence = 40_000,
): Promise<void> {
  let last = after === null ? "" : String(after);
  let failures = 0;
  let rest = 1000;
  let alive = Date.now();
  while (!signal.aborted) {
    const gone = new AbortController();
    let timer = setTimeout(() => gone.abort(), silence);
    const stop = (): void => gone.abort();
    signal.addEventListener("abort", stop);
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (last) headers["Last-Event-ID"] = last;
      const token = session.peek()?.token ?? "";
      const answer = await fetch(path, {
        headers: dressed(token, headers, false),
        signal: gone.signal,
        ...PLAIN,
      });
      if (!answer.ok || !answer.body) throw await problemOf(answer, token);
      prove(token);
      const frames = new Frames();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(() => gone.abort(), silence);
        alive = Date.now();
        failures = 0;
        for (const frame of frames.take(value)) {
          if (frame.retry !== null) rest = frame.retry;
          if (frame.id) last = frame.id;
          told(frame);
        }
        line.value = { state: "live" };
      }
    } catch (error) {
      if (error instanceof Problem && error.status === 403) throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
    if (signal.aborted) return;
    const pausing = Math.min(30_000, rest * 2 ** failures) * (0.75 + Math.random() / 2);
    failures = Math.min(failures + 1, 6);
    await wait(alive, pausing, signal);
  }
}

/** Read, and again for as long as nobody answers; `since` when what is shown was right. */
export async function untilRead<T>(
  reading: () => Promise<T>,
  signal: AbortSignal,
  since: number | null = null,
): Promise<T> {
  for (let failures = 0; ; failures = Math.min(failures + 1, 4)) {
    try {
      return await reading();
    } catch (error) {
      // who may not read it will not later
      if (signal.aborted || !(error instanceof Problem) || error.status === 403) throw error;
      const pausing = Math.max(1000 * error.retryAfter, 1000 * 2 ** failures);
      await wait(since, pausing * (0.75 + Math.random() / 2), signal);
      signal.throwIfAborted();
    }
  }
}

/** Wait before it is tried again, and say so; without a token that is taken, until there is one. */
async function wait(since: number | null, pausing: number, signal: AbortSignal): Promise<void> {
  do {
    line.value = { state: "stale", since, again: ended.value ? Infinity : Date.now() + pausing };
    await hurry(ended.value ? 2 ** 30 : pausing, signal);
  } while (ended.value && !signal.aborted);
}

const waiting = new Set<() => void>();

/** Try at once, instead of waiting: because its user asks, or because the network is back. */
export function reconnect(): void {
  for (const wake of [...waiting]) wake();
}

addEventListener("online", reconnect);
// with a token that is taken it goes on at once
ended.subscribe((why) => why || reconnect());

function hurry(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      waiting.delete(end);
      done();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
    waiting.add(end);
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
