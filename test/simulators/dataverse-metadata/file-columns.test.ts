import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../dataverse/environment-client.ts";
import { addPublisher, column, definition } from "./definitions.ts";

let client: EnvironmentClient;
let plan: string;
const octets = { "content-type": "application/octet-stream", "x-ms-file-name": "p.txt" };

beforeAll(async () => {
  client = await openEnvironmentClient();
  await addPublisher(client);
  const file = column("File", "qd_Plan", { MaxSizeInKB: 1 });
  await client.call("POST", `${definition("account")}/Attributes`, file);
  plan = `accounts(${await client.create("accounts", { name: "A" })})/qd_plan`;
});
afterAll(() => client.close());

test("a file goes into its column and out of it, whole and in part, with its name", async () => {
  expect((await client.call("PATCH", plan, "0123456789", octets)).status).toBe(204);
  const whole = await client.call("GET", `${plan}/$value`);
  expect([whole.text, whole.headers.get("x-ms-file-name")]).toEqual(["0123456789", "p.txt"]);
  const part = await client.call("GET", plan, undefined, { range: "bytes=2-4" });
  expect(part.json.value).toBe(Buffer.from("234").toString("base64"));
});

test("a file that is too large is refused, and the one before stays until it is deleted", async () => {
  const refused = await client.call("PATCH", plan, "x".repeat(1_025), octets);
  expect([refused.status, refused.json.error.code]).toEqual([400, "0x80044a02"]);
  expect((await client.call("GET", `${plan}/$value`)).text).toBe("0123456789");
  expect((await client.call("DELETE", plan)).status).toBe(204);
  expect((await client.call("GET", `${plan}/$value`)).status).toBe(204);
});
