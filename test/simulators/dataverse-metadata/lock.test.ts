import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../dataverse/environment-client.ts";
import { addPublisher, table } from "./definitions.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient({ tier: "professional" });
  await addPublisher(client);
});
afterAll(() => client.close());

test("of customizations at the same time one is done and the others meet the lock, not a limit", async () => {
  await client.admin("POST", "settings", { customizationMs: 150 });
  const names = ["qd_One", "qd_Two", "qd_Three"];
  const replies = await Promise.all(
    names.map((name) => client.call("POST", "EntityDefinitions", table(name))),
  );
  const codes = replies.map(({ status, json }) => [status, json?.error.code]);
  expect(codes.filter(([status]) => status === 204)).toHaveLength(1);
  expect(codes.filter(([status, code]) => status === 429 && code === "0x80071151")).toHaveLength(2);
});

test("customizations one after the other never meet it", async () => {
  await client.admin("POST", "settings", { customizationMs: 30 });
  for (const name of ["qd_Four", "qd_Five", "qd_Six"])
    expect((await client.call("POST", "EntityDefinitions", table(name))).status).toBe(204);
});

test("a publish that is running locks as well", async () => {
  await client.admin("POST", "settings", { publishMs: 150 });
  const [published, meanwhile] = await Promise.all([
    client.call("POST", "PublishAllXml"),
    client.call("POST", "EntityDefinitions", table("qd_Seven")),
  ]);
  const statuses = [published.status, meanwhile.status].sort();
  expect(statuses).toEqual([204, 429]);
});

test("a fault plan holds the lock for as many customizations as it says", async () => {
  await client.admin("POST", "settings", { customizationMs: 0, publishMs: 0 });
  const rule = { match: { count: 2 }, action: { kind: "customization_lock" } };
  await client.admin("POST", "faults", { rules: [rule] });
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++)
    statuses.push((await client.call("POST", "PublishAllXml")).status);
  expect(statuses).toEqual([429, 429, 204]);
});

test("without the privilege to customize, nothing is made", async () => {
  await client.admin("POST", "settings", { missingPrivileges: ["prvCreateEntity"] });
  const refused = await client.call("POST", "EntityDefinitions", table("qd_Never"));
  expect([refused.status, refused.json.error.code]).toEqual([403, "0x80040220"]);
  await client.admin("POST", "settings", { missingPrivileges: [] });
});

test("the Professional tier refuses the sixteenth custom table", async () => {
  await client.admin("POST", "settings", { customizationMs: 0, publishMs: 0 });
  const statuses: number[] = [];
  for (let number = 0; number < 16; number++)
    statuses.push(
      (await client.call("POST", "EntityDefinitions", table(`qd_More${number}`))).status,
    );
  expect(statuses.filter((status) => status === 204).length).toBeLessThan(15);
  expect(statuses.at(-1)).toBe(403);
});
