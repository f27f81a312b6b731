/** Where a token is given. */

import { useState } from "preact/hooks";

import { farewell, signIn } from "./link/session";

export function SignIn() {
  const [text, setText] = useState("");
  return (
    <main class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (signIn(text)) setText("");
        }}
      >
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="40" height="40" />
        <h1>Detente</h1>
        <p class="quiet">
          The airspace, as its authority sees it, or a party. Your token says which.
        </p>
        <label class="field">
          <span>Token</span>
          <textarea
            rows={4}
            value={text}
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
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
        <button type="submit" class="main" disabled={!text.trim()}>Sign in</button>
        <p class="quiet small">
          It is kept for this tab alone, and sent to this service alone. On the machine itself,{" "}
          <code>detente token --role party --subject NAME</code> prints one.
        </p>
      </form>
    </main>
  );
}
