import { expect, test } from "vitest";
import { createSchema } from "../../../../sinks/dynamics/schema/create-schema.ts";
import type { CreateOptions } from "../../../../sinks/dynamics/schema/options.ts";
import {
  addPublisher,
  column,
  definition,
  table,
} from "../../../simulators/dataverse-metadata/definitions.ts";
import { aPlan } from "./a-plan.ts";
import { aDoor, anEnvironment, enterprise, problems } from "./an-environment.ts";
import type { Door } from "./door.ts";

const professional: CreateOptions = { ...enterprise, edition: "professional" };

/** A column's definition as the environment has it. */
async function columnThere({ environment }: Door, of: string, name: string) {
  const at = `${definition(of)}/Attributes(LogicalName='${name}')`;
  return (await environment.call("GET", at)).json;
}

test("an empty environment lacks the whole plan; made once it lacks nothing, and made again nothing is made", async () => {
  const door = await anEnvironment();
  const plan = aPlan();
  const before = await problems(door, plan);
  expect(before).toContain("object_missing qd_serviceorder.");
  expect(before).toContain("field_missing account.qd_accountkind");
  expect(before).toContain("key_missing phonecall.qd_sourcekey");
  const { created, refused } = await createSchema(door.client, plan, enterprise);
  expect(refused).toEqual([]);
  expect(created).toContain("lookup qd_serviceline.qd_serviceorder");
  expect(created).toContain("key qd_serviceorder.qd_sourcekey_key");
  expect(await problems(door, plan)).toEqual([]);
  expect(await createSchema(door.client, plan, enterprise)).toEqual({ created: [], refused: [] });
});

test("names, types and lookups are made as the naming rule and the plan say", async () => {
  const door = await anEnvironment();
  await createSchema(door.client, aPlan(), enterprise);
  const order = (name: string) => columnThere(door, "qd_serviceorder", name);
  expect(await order("qd_sourcekey")).toMatchObject({ SchemaName: "qd_SourceKey", MaxLength: 100 });
  expect(await order("qd_name")).toMatchObject({ IsPrimaryName: true, MaxLength: 300 });
  expect(await order("qd_startedat")).toMatchObject({
    ...{ SchemaName: "qd_StartedAt", Format: "DateAndTime" },
    DateTimeBehavior: { Value: "UserLocal" },
  });
  expect(await order("qd_scheduledate")).toMatchObject({
    ...{ Format: "DateOnly", DateTimeBehavior: { Value: "DateOnly" } },
  });
  expect(await order("qd_lat")).toMatchObject({ AttributeType: "Decimal", Precision: 6 });
  expect(await order("qd_routesequence")).toMatchObject({ AttributeType: "Integer" });
  expect(await order("qd_narrative")).toMatchObject({ MaxLength: 100_000 });
  const { environment } = door;
  const account = await environment.create("accounts", { name: "Acme" });
  const contact = await environment.create("contacts", { lastname: "Ng" });
  const made = await environment.create("qd_serviceorders", {
    "qd_Account@odata.bind": `/accounts(${account})`,
    "qd_Contact@odata.bind": `/contacts(${contact})`,
    ...{ qd_workorderstatus: 410_000_001, qd_tags: "410000000,410000001", qd_total: 12.34 },
  });
  await environment.create("qd_servicelines", {
    "qd_Serviceorder@odata.bind": `/qd_serviceorders(${made})`,
  });
  await environment.create("annotations", {
    "objectid_qd_serviceorder@odata.bind": `/qd_serviceorders(${made})`,
  });
  const shown = await environment.call("GET", `qd_serviceorders(${made})`, undefined, {
    Prefer: 'odata.include-annotations="*"',
  });
  expect(shown.json["qd_workorderstatus@OData.Community.Display.V1.FormattedValue"]).toBe(
    "En Route",
  );
  const relationships = await environment.call(
    "GET",
    `${definition("qd_serviceorder")}/ManyToOneRelationships?$select=SchemaName,CascadeConfiguration`,
  );
  expect(relationships.json.value).toContainEqual(
    expect.objectContaining({
      SchemaName: "qd_account_qd_serviceorder",
      CascadeConfiguration: expect.objectContaining({ Delete: "Restrict" }),
    }),
  );
});

test("writes wait for the customization lock, one at a time, and a run that meets it makes all the same", async () => {
  const door = await anEnvironment();
  await door.environment.admin("POST", "settings", { customizationMs: 5, publishMs: 20 });
  const lock = (match: object) => ({ match, action: { kind: "customization_lock" } });
  const held = [
    { nth: 2 },
    { on: "RelationshipDefinitions", from: 2, until: 3 },
    { on: "Publish" },
  ];
  const locks = held.map((match) => lock({ count: 2, ...match }));
  await door.environment.admin("POST", "faults", { rules: locks });
  const { refused } = await createSchema(door.client, aPlan(), enterprise);
  expect(refused).toEqual([]);
  const { rules } = (await door.environment.admin("GET", "faults")).json;
  expect(rules.map(({ hits }: { hits: number }) => hits)).toEqual([1, 2, 2]);
  // None but those of the plan: our own writes never meet one another.
  expect(await door.answered(429)).toBe(5);
  expect(await problems(door, aPlan())).toEqual([]);
});

test("a cut after each write leaves nothing out and nothing twice", async () => {
  const door = await anEnvironment();
  const plan = aPlan();
  const half = { ...column("Picklist", "qd_AccountKind"), OptionSet: { Options: [] } };
  await door.environment.call("POST", `${definition("account")}/Attributes`, half);
  const action = { kind: "drop_after" };
  const rules = [
    { match: { method: "POST", path: "Definitions", probability: 0.25 }, action },
    { match: { method: "POST", path: "InsertOptionValue", count: 1 }, action },
  ];
  await door.environment.admin("POST", "faults", { seed: 3, rules });
  const { created, refused } = await createSchema(door.client, plan, enterprise);
  const struck = (await door.environment.admin("GET", "faults")).json.rules;
  expect(struck[0].hits).toBeGreaterThan(5);
  expect(struck[1].hits).toBe(1);
  await door.environment.admin("DELETE", "faults");
  expect(refused).toEqual([]);
  expect(created).toContain("option account.qd_accountkind Historical");
  expect(new Set(created).size).toBe(created.length);
  expect(await problems(door, plan)).toEqual([]);
  const at = `${definition("account")}/Attributes(LogicalName='qd_accountkind')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet`;
  const { OptionSet } = (await door.environment.call("GET", at)).json;
  expect(OptionSet.Options).toHaveLength(1);
});

test("a definition the service does not see yet is waited for, and what it refuses is told with its reason", async () => {
  const door = await anEnvironment();
  const notYet = {
    kind: "status",
    status: 404,
    body: { error: { code: "0x80060888", message: "" } },
  };
  const never = {
    kind: "status",
    status: 400,
    body: { error: { code: "0x80048403", message: "no" } },
  };
  const rules = [
    { match: { method: "POST", path: "qd_serviceorder.*Attributes", count: 3 }, action: notYet },
    { match: { method: "POST", path: "contact.*Keys" }, action: never },
  ];
  await door.environment.admin("POST", "faults", { rules });
  const { refused } = await createSchema(door.client, aPlan(), enterprise);
  expect(refused).toEqual([{ name: "key contact.qd_sourcekey_key", why: "0x80048403: no" }]);
  await door.environment.admin("DELETE", "faults");
  expect(await problems(door, aPlan())).toEqual(["key_missing contact.qd_sourcekey"]);
});

test("a key counts once its index is active, and a failed one is tried again and then reported", async () => {
  const door = await anEnvironment();
  const { environment, client } = door;
  const plan = aPlan();
  await environment.admin("POST", "settings", { keyPendingMs: 60, keyInProgressMs: 60 });
  const { refused } = await createSchema(client, plan, enterprise);
  expect(refused).toEqual([]);
  expect(await problems(door, plan)).toEqual([]);
  const keys = `${definition("account")}/Keys`;
  const [{ MetadataId }] = (await environment.call("GET", keys)).json.value;
  await environment.call("DELETE", `${keys}(${MetadataId})`);
  for (const qd_sourcekey of ["café", "CAFE"])
    await environment.create("accounts", { qd_sourcekey });
  const again = await createSchema(client, plan, enterprise);
  expect(again.refused).toEqual([
    { name: "key account.qd_sourcekey_key", why: expect.stringMatching(/same value/) },
  ]);
  expect(door.calls.filter((call) => call === "POST ReactivateEntityKey")).toHaveLength(1);
  expect(await problems(door, plan)).toEqual(["key_failed account.qd_sourcekey"]);
  await environment.admin("POST", "settings", { keyPendingMs: 3_600_000 });
  const waited = await createSchema(client, plan, { ...enterprise, keyWaitMs: 0 });
  expect(waited.refused).toEqual([
    { name: "key account.qd_sourcekey_key", why: expect.stringMatching(/run schema check/) },
  ]);
  expect(await problems(door, plan)).toEqual(["key_pending account.qd_sourcekey"]);
});

test("Professional's sixteenth custom table is refused before anything is made, and fifteen are made", async () => {
  const door = await anEnvironment({ tier: "professional" });
  for (const name of ["qd_TheirOne", "qd_TheirTwo"])
    await door.environment.call("POST", "EntityDefinitions", table(name));
  const twelve = Array.from({ length: 12 }, (_, at) => `qd_more${at}`);
  const plan = aPlan({ tables: twelve });
  const before = door.calls.length;
  const tableSettings = new Map([["qd_more3", "crew: rows"]]);
  const options = { ...professional, tableSettings };
  const { created, refused } = await createSchema(door.client, plan, options);
  expect(created).toEqual([]);
  expect(refused).toHaveLength(1);
  expect(refused[0]?.why).toMatch(/16: 2 there \(qd_theirone, qd_theirtwo\), 14 to be made/);
  expect(refused[0]?.why).toMatch(/qd_more3 is there by crew: rows/);
  expect(door.calls.slice(before).filter((call) => !call.startsWith("GET"))).toEqual([]);
  expect(await problems(door, plan, options)).toContain("too_many_tables environment.");
  const fewer = aPlan({ tables: twelve.slice(1) });
  expect((await createSchema(door.client, fewer, options)).refused).toEqual([]);
  expect(await problems(door, fewer, options)).toEqual([]);
  // Enterprise counts nothing.
  expect(await problems(door, plan)).not.toContain("too_many_tables environment.");
});

test("a prefix no publisher has is found with its remedy, and nothing is made under it", async () => {
  const door = await aDoor();
  const plan = aPlan();
  expect(await problems(door, plan)).toContain("prefix_unknown publisher.");
  const { created, refused } = await createSchema(door.client, plan, enterprise);
  expect(created).toEqual([]);
  expect(refused).toMatchObject([{ why: expect.stringMatching(/create a publisher/) }]);
  await addPublisher(door.environment);
  expect(await problems(door, plan)).not.toContain("prefix_unknown publisher.");
});
