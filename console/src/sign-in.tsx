/** Where a token is given: at first, and another when it ends. */

import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { tick, utc } from "./bar/time";
import { ended, farewell, session, signIn, signOut } from "./link/session";

export function SignIn() {
  return (
    <main class="sign-in">
      <TokenForm verb="Sign in">
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="40" height="40" />
        <h1>Detente</h1>
        <p class="quiet">
          The airspace, as its authority sees it, or a party. Your token says which.
        </p>
      </TokenForm>
    </main>
  );
}

function TokenForm({ verb, children, onDone }: {
  verb: string;
  children: any;
  onDone?: () => void;
}) {
  const [text, setText] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!signIn(text)) return;
        setText("");
        onDone?.();
      }}
    >
      {children}
      <label class="field">
        <span>Token</span>
        <textarea
          rows={4}
          value={text}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          autofocus
          aria-describedby="sign-in-said"
          onInput={(event) => setText((event.target as HTMLTextAreaElement).value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            (event.target as HTMLTextAreaElement).form?.requestSubmit();
          }}
        />
      </label>
      <p id="sign-in-said" class="said" role="alert">{farewell.value}</p>
      <p class="buttons">
        <button type="submit" class="main" disabled={!text.trim()}>{verb}</button>
        {onDone && <button type="button" class="plain" onClick={onDone}>Not yet</button>}
      </p>
      <p class="quiet small">
        It is kept for this tab alone, and sent to this service alone. On the machine itself,{" "}
        <code>detente token --role {role()} --subject {session.value?.subject || "NAME"}</code>{" "}
        prints one.
      </p>
    </form>
  );
}

const role = (): string => session.value?.role ?? "party";

/** Milliseconds before a token ends at which its user is told. */
const AHEAD = 5 * 60_000;

const asked = signal(false);

/** In the page: that the token ends, or has ended, and where another is given. */
export function Renewal() {
  void tick.value;
  const over = ended.value;
  const until = session.value?.until ?? Infinity;
  useEffect(() => {
    // not over what is being written: what is at the top says it
    asked.value = over !== "" && !document.activeElement?.matches("input, textarea, select");
  }, [over]);
  if (!over && until - Date.now() > AHEAD) return null;
  return (
    <>
      <span role={over ? "alert" : "status"}>
        <button type="button" class="ending" onClick={() => (asked.value = true)}>
          {over ? "Token ended" : <>Token ends {utc(until, false)}</>}
        </button>
      </span>
      {asked.value && <Again over={over} />}
    </>
  );
}

function Again({ over }: { over: string }) {
  const place = useRef<HTMLDialogElement>(null);
  const close = (): void => void (asked.value = false);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    place.current?.showModal();
    farewell.value = "";
    // the key that opened it goes with the old token
    return () => void setTimeout(() => {
      (before?.isConnected ? before : document.querySelector<HTMLElement>(".panel-body"))?.focus();
    });
  }, []);
  return (
    <dialog ref={place} class="palette again" aria-label="Another token" onClose={close}>
      <TokenForm verb="Go on" onDone={close}>
        <h2>{over ? "Your token has ended" : "Your token ends soon"}</h2>
        <p>
          {over || `It is taken until ${utc(session.value?.until ?? 0)}.`} Paste another of{" "}
          <b>{session.value?.subject}</b>, and go on: what you have written stays.
        </p>
      </TokenForm>
      <p><button type="button" class="link" onClick={() => signOut()}>Sign out instead</button></p>
    </dialog>
  );
}
