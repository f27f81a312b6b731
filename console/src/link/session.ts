/** Who looks at the page: a token, kept for this tab alone and sent in one header alone. */

import { batch, signal } from "@preact/signals";

export type Role = "party" | "lead" | "authority" | "observer";

export interface Session {
  token: string;
  role: Role;
  /** The party, the coalition of a lead, or who it is at the authority. */
  subject: string;
  scopes: Set<string>;
  /** Milliseconds since 1970 at which the token ends. */
  until: number;
}

const KEPT = "detente.token";

export const session = signal<Session | null>(null);

/** Why there is no session any more, in words for its user. */
export const farewell = signal("");

/** Why the token is not taken any more, while its page stays for what is written on it; or "". */
export const ended = signal("");

/** The token that the authority took last: one that it never took has no page to keep. */
let proven = "";

/** Take the token out of the address, if it came there, before anything else can see it. */
export function begin(): void {
  // a link that is opened where the page is already
  addEventListener("hashchange", () => void fromAddress());
  if (fromAddress()) return;
  const kept = sessionStorage.getItem(KEPT);
  if (kept) signIn(kept);
}

function fromAddress(): boolean {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found === null) return false;
  history.replaceState(null, "", location.pathname);
  signIn(found);
  return true;
}

/** Sign in, or go on with another token; false where the text is none, or one that has ended. */
export function signIn(text: string): boolean {
  const read = claimsOf(bare(text));
  if (read === null) {
    farewell.value = "That is not a token. It has three parts with dots between them.";
    return false;
  }
  if (read.until <= Date.now()) {
    sessionStorage.removeItem(KEPT);
    farewell.value = "This token has ended. Ask for another.";
    return false;
  }
  sessionStorage.setItem(KEPT, read.token);
  farewell.value = "";
  batch(() => {
    session.value = read;
    ended.value = "";
  });
  return true;
}

export function signOut(why = ""): void {
  sessionStorage.removeItem(KEPT);
  farewell.value = why;
  batch(() => {
    session.value = null;
    ended.value = "";
  });
}

/** Note that the authority took a token. */
export function prove(token: string): void {
  proven = token;
}

/** The authority does not take a token: ask for another, and keep what is written until then. */
export function expire(token: string): void {
  if (token !== session.peek()?.token) return;
  const why = "The authority does not take this token any more.";
  if (token !== proven) signOut(why);
  else {
    sessionStorage.removeItem(KEPT);
    ended.value = why;
  }
}

/** Whose page it is: with another token of the same user it stays as it is. */
export function userOf({ role, subject, scopes }: Session): string {
  return [role, subject, ...[...scopes].sort()].join(" ");
}

/** Find the token in what was pasted: a link, a header, or lines as a terminal breaks them. */
function bare(text: string): string {
  return text.replace(/\s+/g, " ").replace(/^.*(?:[#&]token=|\bbearer )/i, "").replace(/ /g, "");
}

export function may(scope: string): boolean {
  return session.value?.scopes.has(scope) ?? false;
}

/** Read what a token says of its holder. The service checks it; the page only goes by it. */
export function claimsOf(token: string): Session | null {
  const parts = token.split(".");
  if (parts.length !== 3 || !/^[\w-]+$/.test(parts[1])) return null;
  try {
    const bytes = Uint8Array.from(atob(parts[1].replace(/-/g, "+").replace(/_/g, "/")), (c) =>
      c.charCodeAt(0),
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    const role = String(claims.role) as Role;
    const named = role === "lead" ? claims.coalition : role === "party" ? claims.party : undefined;
    return {
      token,
      role,
      subject: String(named ?? claims.sub ?? ""),
      scopes: new Set(String(claims.scope ?? "").split(" ")),
      until: Number(claims.exp ?? 0) * 1000,
    };
  } catch {
    return null;
  }
}
