import { afterAll, beforeAll, expect, test } from "vitest";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";
import type { RowResult } from "../../../sinks/sink.ts";
import { aRow, lookup, owner, planOf, text, type Writing, writing } from "./writing.ts";

let env: Writing;
beforeAll(async () => {
  env = await writing();
});
afterAll(() => env.close());

const account = planOf("account", [
  text("name"),
  text("accountnumber"),
  { name: "numberofemployees", type: "int" },
  { name: "creditlimit", type: "decimal", scale: 2 },
  { name: "accountcategorycode", type: "picklist" },
  { name: "overriddencreatedon", type: "datetime", createOnly: true },
  lookup("parentaccountid", "account"),
  owner,
]);

test("a thousand rows are one call, and each is known by the key we made for it", async () => {
  const rows = Array.from({ length: 1000 }, (_, at) =>
    aRow(`many-${at}`, { name: `Customer ${at}`, overriddencreatedon: Date.UTC(2019, 0, 5, 8) }),
  );
  let results = new Map();
  const calls = await env.counted(async () => {
    results = new Map(await env.send(account, "insert", rows));
  });
  expect(calls["create_multiple"]).toBe(1);
  expect(calls["batch"]).toBeUndefined();
  expect(results.size).toBe(1000);
  const id = rowGuid("account", "many-17");
  expect(results.get("many-17")).toEqual({ kind: "created", destinationId: id });
  expect(await env.row("accounts", id)).toMatchObject({
    name: "Customer 17",
    qd_sourcekey: "many-17",
    createdon: "2019-01-05T08:00:00Z",
  });
});

const bound = (culprits: number, rows: number): number =>
  Math.floor(culprits * (2 * Math.log2(rows) + 1));
const sum = (calls: Record<string, number>): number =>
  Object.values(calls).reduce((all, one) => all + one, 0);

/** The unit a write-in line must not have: the service says so, and does not say of which line. */
const unit = async (): Promise<string> => {
  const group = await env.raw.create("uomschedules", { name: "Units", baseuomname: "Each" });
  return env.raw.create("uoms", {
    name: "Each",
    quantity: 1,
    "uomscheduleid@odata.bind": `/uomschedules(${group})`,
  });
};

const line = planOf("opportunityproduct", [
  text("productdescription"),
  { name: "isproductoverridden", type: "boolean", createOnly: true },
  { name: "quantity", type: "decimal", scale: 2 },
  { name: "priceperunit", type: "decimal", scale: 2 },
  lookup("uomid", "uom"),
  lookup("opportunityid", "opportunity"),
]);

test("three bad rows of a thousand are found within the bound, and the innocent are created", async () => {
  const uomid = await unit();
  const opportunityid = await env.raw.create("opportunities", { name: "Roof" });
  const bad = new Set([3, 500, 998]);
  const rows = Array.from({ length: 1000 }, (_, at) =>
    aRow(`line-${at}`, {
      productdescription: `Line ${at}`,
      isproductoverridden: true,
      quantity: "1.5",
      priceperunit: "10.1",
      opportunityid,
      uomid: bad.has(at) ? uomid : null,
    }),
  );
  await env.parts.forms.of(line);
  let results = new Map<string, RowResult>();
  const calls = await env.counted(async () => {
    results = new Map(await env.send(line, "insert", rows));
  });
  expect(sum(calls)).toBeLessThanOrEqual(bound(3, 1000));
  expect(sum(calls)).toBe(20);
  for (const [at, { key }] of rows.entries()) {
    const wanted = bad.has(at)
      ? { kind: "refused", code: "0x80043afa", class: "refuse" }
      : { kind: "created", destinationId: rowGuid("opportunityproduct", key) };
    expect(results.get(key)).toMatchObject(wanted);
  }
  const stands = await env.raw.call("GET", "opportunityproducts/$count");
  expect(stands.text.replace(/^\ufeff/, "")).toBe("997");
});

test("rows that refer to what is not there are told by what the refusal names, and are known the next time", async () => {
  const missing = rowGuid("account", "nobody");
  const rows = (name: string) =>
    Array.from({ length: 400 }, (_, at) =>
      aRow(`${name}-${at}`, { name: `C ${at}`, parentaccountid: at % 200 === 7 ? missing : null }),
    );
  let results = new Map<string, RowResult>();
  const first = await env.counted(async () => {
    results = new Map(await env.send(account, "insert", rows("first")));
  });
  expect(first).toEqual({ create_multiple: 2, batch: 1 });
  const refusal = { kind: "refused", code: "0x80040217", class: "retry" };
  expect(results.get("first-7")).toMatchObject(refusal);
  expect(results.get("first-8")).toMatchObject({ kind: "created" });
  const second = await env.counted(() => env.send(account, "insert", rows("second")));
  expect(second).toEqual({ create_multiple: 1, batch: 1 });
  await env.raw.create("accounts", { accountid: missing, name: "Somebody" });
  expect((await env.send(account, "insert", rows("third"))).get("third-7")?.kind).toBe("created");
  const then = await env.counted(() => env.send(account, "insert", rows("fourth")));
  expect(then).toEqual({ create_multiple: 1 });
});

test("owners who are disabled or without a role are refused by field, their rows' neighbours created", async () => {
  const { json } = await env.raw.admin("POST", "users", {
    users: [
      { email: "left@x.example", active: false },
      { email: "bare@x.example", roles: false },
    ],
  });
  const [disabled, bare] = json.ids as [string, string];
  const results = await env.send(account, "insert", [
    ...["a", "b", "c", "d"].map((key) => aRow(`owned-${key}`, { name: key })),
    aRow("owned-left", { name: "L", ownerid: disabled }),
    aRow("owned-bare", { name: "B", ownerid: bare }),
  ]);
  const refused = { kind: "refused", field: "ownerid", class: "refuse" };
  expect(results.get("owned-left")).toMatchObject({ ...refused, code: "0x80040225" });
  expect(results.get("owned-bare")).toMatchObject({ ...refused, code: "0x80042f09" });
  expect(results.get("owned-d")).toMatchObject({ kind: "created" });
});

test("what the environment would refuse is refused before it leaves, with its code and field", async () => {
  const refusals = {
    long: { name: "😀".repeat(81) },
    label: { name: "x", accountcategorycode: "Nobody's choice" },
    range: { name: "x", numberofemployees: -1 },
    places: { name: "x", creditlimit: "1e20" },
    early: { name: "x", overriddencreatedon: Date.UTC(1700, 0, 1) },
    nul: { name: "a\u0000b" },
    half: { name: "a\ud800b" },
  };
  const rows = Object.entries(refusals).map(([key, fields]) => aRow(key, fields));
  let results = new Map<string, RowResult>();
  const calls = await env.counted(async () => {
    results = new Map(await env.send(account, "insert", rows));
  });
  expect(calls["create_multiple"]).toBeUndefined();
  expect(calls["batch"]).toBeUndefined();
  const said = Object.fromEntries(
    [...results].map(([key, result]) => [
      key,
      result.kind === "refused" ? [result.code, result.field] : null,
    ]),
  );
  expect(said).toEqual({
    long: ["0x80044331", "name"],
    label: ["0x8004431a", "accountcategorycode"],
    range: ["0x8004432f", "numberofemployees"],
    places: ["0x80044330", "creditlimit"],
    early: ["0x80040239", "overriddencreatedon"],
    nul: ["0x80040278", "name"],
    half: ["0x80040278", "name"],
  });
});

test("a column the table does not have refuses the row by its name", async () => {
  const odd = planOf("account", [text("name"), text("qd_nowhere")]);
  const results = await env.send(odd, "insert", [aRow("odd", { name: "x", qd_nowhere: "y" })]);
  expect(results.get("odd")).toMatchObject({ code: "0x80048d19", field: "qd_nowhere" });
});

test("rows are changed a thousand at once; one that is gone is told, the others are changed", async () => {
  const rows = Array.from({ length: 300 }, (_, at) => aRow(`up-${at}`, { name: `C ${at}` }));
  await env.send(account, "insert", rows);
  const gone = rowGuid("account", "up-250");
  await env.raw.call("DELETE", `accounts(${gone})`);
  const changes = rows.map(({ key }) => env.changed(account, key, { name: `New ${key}` }));
  let results = new Map<string, RowResult>();
  const calls = await env.counted(async () => {
    results = new Map(await env.send(account, "update", changes));
  });
  expect(calls["update_multiple"]).toBe(2);
  expect(results.get("up-250")).toEqual({ kind: "gone", destinationId: gone });
  expect(results.get("up-251")?.kind).toBe("updated");
  expect((await env.row("accounts", rowGuid("account", "up-251"))).name).toBe("New up-251");
});

test("a row that was created already is a duplicate with its id, and its neighbours are created", async () => {
  const rows = ["a", "b", "c", "d"].map((key) => aRow(`twice-${key}`, { name: key }));
  await env.send(account, "insert", rows.slice(0, 2));
  const results = await env.send(account, "insert", rows);
  const destinationId = rowGuid("account", "twice-a");
  expect(results.get("twice-a")).toMatchObject({
    kind: "refused",
    class: "duplicate",
    destinationId,
  });
  expect(results.get("twice-d")?.kind).toBe("created");
});

test("a row of another id that carries our source key is the duplicate", async () => {
  const other = await env.raw.create("accounts", { name: "By hand", qd_sourcekey: "handmade" });
  const rows = ["handmade", "beside-1", "beside-2"].map((key) => aRow(key, { name: key }));
  const results = await env.send(account, "insert", rows);
  expect(results.get("handmade")).toMatchObject({ class: "duplicate", destinationId: other });
  expect(results.get("beside-2")?.kind).toBe("created");
});

test("deletes go one by one; a row that is gone already is told", async () => {
  const rows = ["x", "y"].map((key) => aRow(`del-${key}`, { name: key }));
  await env.send(account, "insert", rows);
  await env.raw.call("DELETE", `accounts(${rowGuid("account", "del-y")})`);
  const results = await env.send(
    account,
    "delete",
    rows.map(({ key }) => env.changed(account, key, {})),
  );
  expect([...results.values()].map(({ kind }) => kind)).toEqual(["deleted", "gone"]);
  expect(await env.row("accounts", rowGuid("account", "del-x"))).toBeUndefined();
});

test("a row that is let go loses our key and keeps the rest", async () => {
  await env.send(account, "insert", [aRow("let-go", { name: "Kept" })]);
  const released = env.changed(account, "let-go", { qd_sourcekey: null });
  expect((await env.send(account, "update", [released])).get("let-go")?.kind).toBe("updated");
  const row = await env.row("accounts", rowGuid("account", "let-go"));
  expect(row).toMatchObject({ name: "Kept", qd_sourcekey: null });
});

test("a reply that is cut off after the commit leaves all rows of its call unknown, and nothing doubles", async () => {
  const rows = Array.from({ length: 50 }, (_, at) => aRow(`cut-${at}`, { name: `C ${at}` }));
  await env.raw.admin("POST", "faults", {
    rules: [{ match: { path: "CreateMultiple", nth: 1 }, action: { kind: "drop_after" } }],
  });
  await expect(env.send(account, "insert", rows)).rejects.toMatchObject({
    code: "SINK_REPLY_LOST",
  });
  await env.raw.admin("DELETE", "faults");
  const again = await env.send(account, "insert", rows);
  expect(
    [...again.values()].every((one) => one.kind === "refused" && one.class === "duplicate"),
  ).toBe(true);
});

test("hostile values arrive letter for letter", async () => {
  const values = {
    quotes: `O'Brien "&" <b>`,
    signs: "a#b/c%d?e+f\\g",
    emoji: "😀👩‍🚒 family",
    rtl: "\u202eשלום",
    na: "#N/A",
    proto: "__proto__",
    batch: "--batch_x\r\n\r\nHTTP/1.1 204\r\n",
  };
  const described = planOf("account", [text("name"), { name: "description", type: "textarea" }]);
  const rows = Object.entries(values).map(([key, value]) =>
    aRow(`hostile-${key}`, { name: value.split("\r")[0] ?? "", description: value }),
  );
  await env.send(described, "insert", rows);
  // Few rows of a table go within a batch.
  await env.send(described, "insert", [
    aRow("__proto__", { name: "p", description: values.batch }),
  ]);
  for (const [key, value] of Object.entries(values)) {
    const row = await env.row("accounts", rowGuid("account", `hostile-${key}`));
    expect(row.description).toBe(value);
  }
  const proto = await env.row("accounts", rowGuid("account", "__proto__"));
  expect(proto).toMatchObject({ description: values.batch, qd_sourcekey: "__proto__" });
  const long = aRow("forty", { name: "n", description: "x".repeat(40_000) });
  const said = (await env.send(described, "insert", [long])).get("forty");
  if (said?.kind === "refused")
    expect(said).toMatchObject({ code: "0x80044331", field: "description" });
  else expect(said?.kind).toBe("created");
});
