import { afterAll, beforeAll, expect, test } from "vitest";
import { aRow, planOf, text, type Writing, writing } from "./writing.ts";

let env: Writing;
beforeAll(async () => {
  env = await writing();
});
afterAll(() => env.close());

const account = planOf("account", [text("name")]);
const rows = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => aRow(`${name}-${at}`, { name: `C ${at}` }));

/** Refuses writes of accounts as the service does. */
const refusing = (match: object, status: number, code: string) =>
  env.raw.admin("POST", "faults", {
    rules: [
      { match: { on: "Create account", ...match }, action: { kind: "refuse_write", status, code } },
    ],
  });
const calm = () => env.raw.admin("DELETE", "faults");

test("a row whose parent another write holds is locked, its neighbours are created", async () => {
  await refusing({ nth: 2 }, 500, "0x80044339");
  const results = await env.send(account, "insert", rows("few", 2));
  await calm();
  expect(
    [...results.values()].map((one) => (one.kind === "refused" ? one.class : one.kind)),
  ).toEqual(["created", "locked"]);
});

test("a lock that has gone when the halves are sent costs no row", async () => {
  await refusing({ nth: 5 }, 500, "0x80044339");
  const results = await env.send(account, "insert", rows("many", 500));
  await calm();
  expect([...results.values()].every(({ kind }) => kind === "created")).toBe(true);
  expect(results.size).toBe(500);
});

test("what a timeout of the database or an unexpected error refused may go the next time", async () => {
  for (const code of ["0x80044151", "0x80040216"]) {
    await refusing({ count: 1 }, 500, code);
    const [result] = (await env.send(account, "insert", rows(code, 1))).values();
    await calm();
    expect(result).toMatchObject({ kind: "refused", code, class: "retry" });
  }
});

test("a plug-in's refusal is the row's, with the service's code and words", async () => {
  await refusing({ nth: 2 }, 400, "0x80040265");
  const results = await env.send(account, "insert", rows("plug-in", 2));
  await calm();
  expect(results.get("plug-in-1")).toMatchObject({ code: "0x80040265", class: "refuse" });
});

test("a gateway's error to a write says nothing: all rows are of unknown fate", async () => {
  await env.raw.admin("POST", "faults", {
    rules: [{ match: { path: "CreateMultiple" }, action: { kind: "status", status: 503 } }],
  });
  const sent = env.send(account, "insert", rows("gateway", 5));
  await expect(sent).rejects.toMatchObject({ code: "SINK_REPLY_LOST" });
  await calm();
});

test("what is known when a reply is lost stays known; the other rows are missing from the results", async () => {
  await env.raw.admin("POST", "faults", {
    rules: [{ match: { path: "CreateMultiple", nth: 2 }, action: { kind: "drop_after" } }],
  });
  const results = await env.send(account, "insert", rows("half", 1500));
  await calm();
  expect([500, 1000]).toContain(results.size);
  expect([...results.values()].every(({ kind }) => kind === "created")).toBe(true);
});

test("records of several rows are refused, not cut down to one", async () => {
  const several = aRow("several", { name: "x" }, { rows: [{ name: "a" }, { name: "b" }] });
  const [result] = (await env.send(account, "insert", [several])).values();
  expect(result).toMatchObject({ kind: "refused", code: "ROWS_NOT_OFFERED" });
});
