import { afterEach, beforeEach, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../environment-client.ts";

let client: EnvironmentClient;
beforeEach(async () => {
  client = await openEnvironmentClient();
});
afterEach(() => client.close());

const digest = async (of: EnvironmentClient = client): Promise<string> =>
  (await of.admin("GET", "digest")).json.digest;

async function fill(of: EnvironmentClient, order: readonly string[]): Promise<void> {
  for (const name of order) {
    const parent = await of.create("accounts", {
      name,
      overriddencreatedon: "2019-01-01T00:00:00Z",
      revenue: 1.5,
    });
    await of.create("contacts", {
      lastname: `Of ${name}`,
      "parentcustomerid_account@odata.bind": `/accounts(${parent})`,
    });
  }
}

test("a restart keeps rows, versions, tokens, settings, clock and digest", async () => {
  await fill(client, ["A", "B"]);
  await client.admin("POST", "settings", { limits: { dopHint: 9 } });
  await client.admin("POST", "clock", { advance_ms: 60_000 });
  const before = await client.call("GET", "accounts?$orderby=name");
  const sum = await digest();
  await client.restart();
  const after = await client.call("GET", "accounts?$orderby=name");
  expect(after.json.value).toEqual(before.json.value);
  expect([after.headers.get("x-ms-dop-hint"), await digest()]).toEqual(["9", sum]);
  expect((await client.admin("GET", "clock")).json.offset_ms).toBe(60_000);
  const id = before.json.value[0].accountid;
  const written = await client.call(
    "PATCH",
    `accounts(${id})`,
    {},
    { prefer: "return=representation" },
  );
  expect(written.json.versionnumber).toBeGreaterThan(before.json.value[1].versionnumber);
});

test("environments with the same content have the same digest, whatever the order and the ids", async () => {
  const other = await openEnvironmentClient();
  await fill(client, ["A", "B", "C"]);
  await fill(other, ["C", "A", "B"]);
  expect(await digest(other)).toBe(await digest());
  await other.create("accounts", { name: "D" });
  expect(await digest(other)).not.toBe(await digest());
  await other.close();
});

test("what somebody else edits shows in the digest and bears their name", async () => {
  await fill(client, ["A"]);
  const sum = await digest();
  const { json } = await client.call("GET", "accounts?$select=accountid");
  const id = json.value[0].accountid;
  const me = (await client.call("GET", "WhoAmI")).json.UserId;
  await client.admin("DELETE", "counters");
  await client.admin("POST", "tamper", { object: "account", id, set: { telephone1: "555" } });
  expect(await digest()).not.toBe(sum);
  expect((await client.admin("GET", "counters")).json).toEqual({});
  expect((await client.call("GET", `accounts(${id})`)).json._modifiedby_value).not.toBe(me);
  await client.admin("POST", "tamper", { object: "account", id, set: { telephone1: null } });
  expect(await digest()).toBe(sum);
  await client.admin("POST", "tamper", { object: "account", id, delete: true });
  expect((await client.call("GET", `accounts(${id})`)).status).toBe(404);
});

test("the snapshot says what the digest stands for: lookups as what they point to, no ids, no stamps", async () => {
  await fill(client, ["A"]);
  const { text } = await client.admin("GET", "snapshot");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const account = lines.find(({ object }) => object === "account").fields;
  expect(account).toMatchObject({
    name: "A",
    createdon: "2019-01-01T00:00:00Z",
    ownerid: "integration@cutover.example",
  });
  expect(account).not.toHaveProperty("modifiedon");
  expect(lines.find(({ object }) => object === "contact").fields.parentcustomerid).toMatch(
    /^account [0-9a-f]{64}$/,
  );
  const rows = (await client.admin("GET", "snapshot?object=account")).text.trim().split("\n");
  expect(JSON.parse(rows[0] ?? "")).toHaveProperty("accountid");
});

test("deleting a row lets go of what refers to it, and the rest goes with it, as its relationships say", async () => {
  await fill(client, ["A"]);
  const { json } = await client.call("GET", "accounts?$select=accountid");
  const id = json.value[0].accountid;
  await client.create("annotations", {
    subject: "N",
    "objectid_account@odata.bind": `/accounts(${id})`,
  });
  await client.call("DELETE", `accounts(${id})`);
  expect((await client.call("GET", "annotations/$count")).text).toBe("0");
});

test("a connection that is cut after the work was done leaves the work done", async () => {
  await client.admin("POST", "faults", {
    faults: [{ kind: "drop_after", on: "POST .*accounts", nth: 1 }],
  });
  await expect(client.call("POST", "accounts", { name: "Cut" })).rejects.toThrow();
  expect((await client.call("GET", "accounts/$count?$filter=name eq 'Cut'")).text).toBe("1");
});
