import { afterEach, expect, test } from "vitest";
import type { CustomField } from "../../../../pipeline/mapping/target-field.ts";
import { checkSchema } from "../../../../sinks/dynamics/schema/check-schema.ts";
import { createSchema } from "../../../../sinks/dynamics/schema/create-schema.ts";
import type { SchemaPlan } from "../../../../sinks/dynamics/schema/expected.ts";
import {
  addPublisher,
  column,
  definition,
  label,
} from "../../../simulators/dataverse-metadata/definitions.ts";
import { aPlan } from "./a-plan.ts";
import { type Door, openDoor } from "./door.ts";

const options = { edition: "enterprise", publisherPrefix: "qd", pollMs: 5 } as const;
const doors: Door[] = [];

afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});

async function anEnvironment(): Promise<Door> {
  const door = await openDoor();
  doors.push(door);
  await addPublisher(door.environment);
  return door;
}

/** The plan with other custom columns of account. */
function withColumns(...fields: readonly CustomField[]): SchemaPlan {
  const plan = aPlan();
  return { ...plan, customFields: new Map([...plan.customFields, ["account", fields]]) };
}

async function ofAccount({ client }: Door, plan: SchemaPlan): Promise<string[]> {
  const findings = await checkSchema(client, plan, options);
  return findings
    .filter(({ object }) => object === "account")
    .map(
      ({ problem, field, warns }) => `${problem} ${field ?? ""}${warns === true ? " warns" : ""}`,
    );
}

async function make(door: Door, path: string, body: object): Promise<void> {
  const reply = await door.environment.call("POST", path, body);
  expect([reply.status, reply.text]).toEqual([204, ""]);
}

test("a key column too long or secured has no index, and the key is not asked for in vain", async () => {
  const key: CustomField = { name: "qd_sourcekey", type: "text", length: 100 };
  const long = await anEnvironment();
  const columns = `${definition("account")}/Attributes`;
  await make(long, columns, column("String", "qd_SourceKey", { MaxLength: 500 }));
  expect(await ofAccount(long, withColumns(key))).toEqual(["too_long_for_key qd_sourcekey"]);
  const secured = await anEnvironment();
  const hidden = column("String", "qd_SourceKey", { MaxLength: 100, IsSecured: true });
  await make(secured, columns, hidden);
  await make(secured, columns, column("String", "qd_Zone", { MaxLength: 100, IsSecured: true }));
  const plan = withColumns(key, { name: "qd_zone", type: "text", length: 100 });
  expect(await ofAccount(secured, plan)).toEqual([
    ...["field_secured qd_sourcekey warns", "field_secured qd_zone warns"],
    "field_secured qd_sourcekey",
  ]);
  const { refused } = await createSchema(secured.client, plan, options);
  expect(refused.map(({ name }) => name)).toEqual(["key account.qd_sourcekey_key"]);
});

test("a table with ten alternate keys has no room for ours", async () => {
  const door = await anEnvironment();
  const names = ["telephone1", "telephone2", "telephone3", "fax", "accountnumber"];
  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((two) => [one, two]));
  for (const [at, KeyAttributes] of pairs.entries())
    await make(door, `${definition("account")}/Keys`, { SchemaName: `qd_k${at}`, KeyAttributes });
  expect(pairs).toHaveLength(10);
  const found = await ofAccount(door, aPlan());
  expect(found).toEqual(expect.arrayContaining(["keys_full qd_sourcekey"]));
});

test("more decimal places than any column has are the mapping's fault, and nothing rounds them", async () => {
  const door = await anEnvironment();
  const plan = withColumns(
    { name: "qd_sourcekey", type: "text", length: 100 },
    { name: "qd_fine", type: "number", precision: 15, scale: 12 },
    { name: "qd_price", type: "money", precision: 18, scale: 5 },
  );
  const faults = ["too_many_places qd_fine", "too_many_places qd_price"];
  expect(await ofAccount(door, plan)).toEqual(expect.arrayContaining(faults));
  const { refused } = await createSchema(door.client, plan, options);
  const names = ["column account.qd_fine", "column account.qd_price"];
  expect(refused.map(({ name }) => name)).toEqual(names);
});

test("options two columns share are added once, behind those that are there", async () => {
  const door = await anEnvironment();
  const option = (Value: number, text: string) => ({ Value, Label: label(text) });
  await make(door, "GlobalOptionSetDefinitions", {
    "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
    ...{ Name: "qd_zones", IsGlobal: true, OptionSetType: "Picklist" },
    ...{ DisplayName: label("Zones"), Options: [option(410_000_007, "North")] },
  });
  const bound = { "GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='qd_zones')" };
  for (const name of ["qd_Zone", "qd_OtherZone"])
    await make(door, `${definition("account")}/Attributes`, column("Picklist", name, bound));
  const values = ["North", "South"];
  const plan = withColumns(
    { name: "qd_sourcekey", type: "text", length: 100 },
    { name: "qd_zone", type: "choice", values },
    { name: "qd_otherzone", type: "choice", values: [...values, "East"] },
  );
  expect(await ofAccount(door, plan)).toContain("values_missing qd_zone");
  const { created, refused } = await createSchema(door.client, plan, options);
  expect(refused).toEqual([]);
  expect(created.filter((name) => name.startsWith("option account"))).toEqual([
    ...["option account.qd_zone South", "option account.qd_otherzone East"],
  ]);
  expect(await ofAccount(door, plan)).toEqual([]);
  const set = await door.environment.call("GET", "GlobalOptionSetDefinitions(Name='qd_zones')");
  const made = (set.json.Options as { Value: number }[]).map(({ Value }) => Value);
  expect(made).toEqual([410_000_007, 410_000_008, 410_000_009]);
});

test("a table of an app that is not installed is named, and nothing is made for it", async () => {
  const door = await anEnvironment();
  const plan = aPlan();
  const key: CustomField = { name: "qd_sourcekey", type: "text", length: 100 };
  const more = { ...plan, customFields: new Map([...plan.customFields, ["msdyn_asset", [key]]]) };
  const { created, refused } = await createSchema(door.client, more, options);
  expect(refused).toEqual([]);
  expect(created.filter((name) => name.includes("msdyn"))).toEqual([]);
  expect(await checkSchema(door.client, more, options)).toMatchObject([
    { problem: "feature_off", object: "msdyn_asset", creatable: false },
  ]);
});
