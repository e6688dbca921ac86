import { afterAll, beforeAll, expect, test } from "vitest";
import { findRows } from "../../../sinks/dynamics/find.ts";
import { aRow, planOf, text, type Writing, writing } from "./writing.ts";

let env: Writing;
beforeAll(async () => {
  env = await writing();
});
afterAll(() => env.close());

const contact = planOf("contact", [text("lastname"), text("emailaddress1")], {
  find: { by: ["emailaddress1"] },
});
const find = (plan: typeof contact, rows: Record<string, Record<string, string | null>>) =>
  findRows(
    env.parts.client,
    plan,
    Object.entries(rows).map(([key, fields]) => aRow(key, fields)),
  );

test("contacts are found by e-mail as the database compares, with every one that fits", async () => {
  const ann = await env.raw.create("contacts", { lastname: "A", emailaddress1: "Ann@X.example" });
  const twins = await Promise.all(
    ["jose@x.example", "José@x.example"].map((emailaddress1) =>
      env.raw.create("contacts", { lastname: "T", emailaddress1 }),
    ),
  );
  const found = await find(contact, {
    one: { emailaddress1: "ann@x.example" },
    two: { emailaddress1: "JOSE@x.example" },
    none: { emailaddress1: "nobody@x.example" },
    empty: { emailaddress1: null },
    quoted: { emailaddress1: "o'brien#%/@x.example" },
  });
  expect(found.get("one")).toEqual([ann]);
  expect([...(found.get("two") ?? [])].sort()).toEqual(twins.sort());
  expect([...found.keys()].sort()).toEqual(["one", "two"]);
});

test("rows that carry a source key, and inactive ones, are not found", async () => {
  await env.raw.create("contacts", {
    lastname: "O",
    emailaddress1: "ours@x.example",
    qd_sourcekey: "contact-1",
  });
  const merged = await env.raw.create("contacts", {
    lastname: "M",
    emailaddress1: "merged@x.example",
  });
  await env.raw.call("PATCH", `contacts(${merged})`, { statecode: 1, statuscode: 2 });
  const found = await find(contact, {
    ours: { emailaddress1: "ours@x.example" },
    merged: { emailaddress1: "merged@x.example" },
  });
  expect(found.size).toBe(0);
});

test("hostile values are asked for as they are", async () => {
  const emailaddress1 = "o'brien+a&b#c%41@x.example";
  const id = await env.raw.create("contacts", { lastname: "H", emailaddress1 });
  expect((await find(contact, { h: { emailaddress1 } })).get("h")).toEqual([id]);
});

test("several columns must all fit, and a thousand rows are asked for by one call", async () => {
  const both = planOf("contact", [text("lastname"), text("emailaddress1")], {
    find: { by: ["emailaddress1", "lastname"] },
  });
  const emailaddress1 = "both@x.example";
  const id = await env.raw.create("contacts", { lastname: "Right", emailaddress1 });
  await env.raw.create("contacts", { lastname: "Wrong", emailaddress1 });
  const rows = Object.fromEntries(
    Array.from({ length: 1000 }, (_, at) => [
      `k-${at}`,
      { emailaddress1: `many-${at}@x.example`, lastname: "M" },
    ]),
  );
  let found: ReadonlyMap<string, readonly string[]> = new Map();
  const calls = await env.counted(async () => {
    found = await find(both, { ...rows, right: { emailaddress1, lastname: "RIGHT" } });
  });
  expect([...found]).toEqual([["right", [id]]]);
  expect(calls).toEqual({ batch_query: 1 });
});

test("a query without its answer fails the look: what was not seen is not taken for missing", async () => {
  const rows = Array.from({ length: 400 }, (_, at) =>
    aRow(`lost-${at}`, { lastname: "L", emailaddress1: `lost-${at}@x.example` }),
  );
  const { client } = env.parts;
  const cutOff: typeof client = Object.create(client, {
    call: {
      async value(...call: Parameters<typeof client.call>) {
        const reply = await client.call(...call);
        return { ...reply, body: reply.body.slice(0, reply.body.length * 0.6) };
      },
    },
  });
  await expect(findRows(cutOff, contact, rows)).rejects.toMatchObject({ code: "SINK_UNAVAILABLE" });
  expect((await findRows(client, contact, rows)).size).toBe(0);
});
