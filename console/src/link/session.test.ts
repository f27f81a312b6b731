import { beforeEach, expect, it, vi } from "vitest";

import { claimsOf, ended, expire, farewell, prove, session, signIn, signOut, userOf } from "./session";

const soon = Math.floor(Date.now() / 1000) + 600;
const token = (claims: object): string =>
  `eyJhbGciOiJFZERTQSJ9.${btoa(JSON.stringify({ exp: soon, ...claims })).replace(/=+$/, "")}.c2ln`;
const NORTH = token({ role: "party", party: "north", scope: "file follow" });
const AGAIN = token({ role: "party", party: "north", scope: "follow file", jti: "2" });

beforeEach(() => {
  vi.stubGlobal("sessionStorage", { setItem: vi.fn(), removeItem: vi.fn() });
  signOut();
});

it("finds the token in what is pasted", () => {
  const broken = `${NORTH.slice(0, 30)}\n  ${NORTH.slice(30)}\n`;
  for (const text of [
    NORTH, `  ${NORTH} \n`, broken, `Bearer ${NORTH}`, `Authorization: bearer ${broken}`,
    `http://127.0.0.1:8080/console/#token=${broken}`,
  ]) {
    signOut();
    expect(signIn(text)).toBe(true);
    expect(session.value).toMatchObject({ token: NORTH, role: "party", subject: "north" });
  }
  expect(signIn("http://127.0.0.1:8080/console/")).toBe(false);
  expect(farewell.value).toMatch("not a token");
  expect(signIn(token({ role: "party", party: "north", exp: 1 }))).toBe(false);
  expect(farewell.value).toMatch("has ended");
});

it("keeps the page of one whose token ends, and lets another of the same user go on", () => {
  signIn(NORTH);
  prove(NORTH);
  const before = userOf(session.value!);
  expire(NORTH);
  expect(session.value).not.toBeNull();
  expect(ended.value).not.toBe("");
  signIn(AGAIN);
  expect(ended.value).toBe("");
  expect(userOf(session.value!)).toBe(before);
  // the answer to what went out with the old one
  expire(NORTH);
  expect(ended.value).toBe("");
  expect(userOf(claimsOf(token({ role: "party", party: "south" }))!)).not.toBe(before);
});

it("has no page to keep for a token that was never taken", () => {
  signIn(AGAIN);
  expire(AGAIN);
  expect([session.value, ended.value]).toEqual([null, ""]);
  expect(farewell.value).toMatch("does not take");
});
