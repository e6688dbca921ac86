import { afterEach, expect, test } from "vitest";
import { checkSchema } from "../../../../sinks/dynamics/schema/check-schema.ts";
import { createSchema } from "../../../../sinks/dynamics/schema/create-schema.ts";
import type { SchemaPlan } from "../../../../sinks/dynamics/schema/expected.ts";
import type { CreateOptions } from "../../../../sinks/dynamics/schema/options.ts";
import {
  addPublisher,
  column,
  definition,
  table,
} from "../../../simulators/dataverse-metadata/definitions.ts";
import { aPlan } from "./a-plan.ts";
import { type Door, openDoor } from "./door.ts";

const enterprise: CreateOptions = { edition: "enterprise", publisherPrefix: "qd", pollMs: 5 };
const professional: CreateOptions = { ...enterprise, edition: "professional" };
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** An environment with our publisher. */
async function anEnvironment(options: Parameters<typeof openDoor>[0] = {}): Promise<Door> {
  const door = await openDoor(options);
  closers.push(() => door.close());
  await addPublisher(door.environment);
  return door;
}

/** Findings as `problem object.field`. */
async function problems({ client }: Door, plan: SchemaPlan, options = enterprise) {
  const findings = await checkSchema(client, plan, options);
  expect(findings.every(({ remedy, expected }) => remedy !== "" && expected !== "")).toBe(true);
  return findings.map(({ problem, object, field }) => `${problem} ${object}.${field ?? ""}`);
}

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

test("what an admin made by hand is measured against the plan; only what may be mended is touched", async () => {
  const door = await anEnvironment();
  const { environment } = door;
  const plain = table("qd_ServiceOrder", { HasNotes: false, HasActivities: false });
  await environment.call("POST", "EntityDefinitions", plain);
  const wrong = [
    column("String", "qd_SourceKey", { MaxLength: 20 }),
    column("String", "qd_RouteSequence", { MaxLength: 20 }),
    column("Decimal", "qd_Lat", { Precision: 2 }),
    column("Money", "qd_Total", { Precision: 2, MinValue: 0, MaxValue: 100 }),
    column("DateTime", "qd_ScheduleDate", {
      ...{ Format: "DateOnly", DateTimeBehavior: { Value: "UserLocal" } },
    }),
    column("DateTime", "qd_StartedAt", {
      ...{ Format: "DateAndTime", DateTimeBehavior: { Value: "TimeZoneIndependent" } },
    }),
    column("String", "qd_Portal", { MaxLength: 400, RequiredLevel: { Value: "SystemRequired" } }),
    column("Picklist", "qd_WorkOrderStatus", {
      OptionSet: { Options: [{ Value: 5, Label: { LocalizedLabels: [{ Label: "Completed" }] } }] },
    }),
    column("Boolean", "qd_Their", { RequiredLevel: { Value: "SystemRequired" } }),
  ];
  for (const one of wrong) {
    const made = await environment.call("POST", `${definition("qd_serviceorder")}/Attributes`, one);
    expect(made.status).toBe(204);
  }
  const lookup = {
    "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
    SchemaName: "qd_lead_qd_serviceorder",
    ReferencedEntity: "lead",
    ReferencingEntity: "qd_serviceorder",
    Lookup: column("Lookup", "qd_Account"),
  };
  await environment.call("POST", "RelationshipDefinitions", lookup);
  const key = { SchemaName: "qd_sourcekey_key", KeyAttributes: ["qd_portal"] };
  await environment.call("POST", `${definition("qd_serviceorder")}/Keys`, key);
  const plan = aPlan();
  const ofOrder = async (): Promise<string[]> =>
    (await problems(door, plan)).filter((line) => line.includes(" qd_serviceorder.")).sort();
  const forGood = [
    "too_short qd_serviceorder.qd_sourcekey",
    "too_short qd_serviceorder.qd_name",
    "wrong_type qd_serviceorder.qd_routesequence",
    "wrong_precision qd_serviceorder.qd_lat",
    "too_narrow qd_serviceorder.qd_total",
    "date_behaviour qd_serviceorder.qd_scheduledate",
    "date_behaviour qd_serviceorder.qd_startedat",
    "field_required qd_serviceorder.qd_portal",
    "field_required qd_serviceorder.qd_their",
    "wrong_target qd_serviceorder.qd_account",
    "key_other_columns qd_serviceorder.qd_sourcekey",
  ];
  const before = await ofOrder();
  expect(before).toEqual(expect.arrayContaining(forGood));
  expect(before).toContain("values_missing qd_serviceorder.qd_workorderstatus");
  expect(before).toContain("notes_off qd_serviceorder.");
  expect(before).toContain("activities_off qd_serviceorder.");
  const { refused } = await createSchema(door.client, plan, enterprise);
  expect(refused).toEqual([]);
  expect(await ofOrder()).toEqual(forGood.sort());
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
  const door = await openDoor();
  closers.push(() => door.close());
  const plan = aPlan();
  expect(await problems(door, plan)).toContain("prefix_unknown publisher.");
  const { created, refused } = await createSchema(door.client, plan, enterprise);
  expect(created).toEqual([]);
  expect(refused).toMatchObject([{ why: expect.stringMatching(/create a publisher/) }]);
  await addPublisher(door.environment);
  expect(await problems(door, plan)).not.toContain("prefix_unknown publisher.");
});

test("a missing privilege is named for the user that lacks it; what only warns says so", async () => {
  const door = await anEnvironment();
  const { environment, client } = door;
  const plan = aPlan();
  await createSchema(client, plan, enterprise);
  const missingPrivileges = [
    ...[
      "prvOverrideCreatedOnCreatedBy",
      "prvActOnBehalfOfAnotherUser",
      "prvBypassCustomBusinessLogic",
    ],
    ...["prvDeleteqd_ServiceOrder", "prvAppendToAccount"],
  ];
  const rules = [{ table: "account", columns: ["name"] }];
  await environment.admin("POST", "settings", { missingPrivileges, duplicateRules: rules });
  const privileges = ["privilege_missing systemuser.", "privilege_missing systemuser."];
  const tables = ["object_not_permitted account.", "object_not_permitted qd_serviceorder."];
  expect(await problems(door, plan)).toEqual([...privileges, ...tables]);
  const [other] = (
    await environment.admin("POST", "users", {
      users: [{ email: "b@cutover.example", missingPrivileges: ["prvCreateContact"] }],
    })
  ).json.ids;
  const both = Object.create(client, { userIds: { value: [client.userId, other] } });
  const ofOther = (await checkSchema(both, plan, enterprise)).filter(({ found }) =>
    found.includes(other),
  );
  expect(ofOther.map(({ expected }) => expected)).toContain("prvCreateContact");
  const asked = { ...enterprise, bypassPlugins: true, duplicateDetection: true };
  const findings = await checkSchema(client, plan, { ...asked, largestFile: 6_000_000 });
  expect(findings.filter(({ problem }) => problem === "privilege_missing")).toHaveLength(3);
  const warned = findings.filter(({ warns }) => warns === true);
  expect(warned.map(({ problem }) => problem)).toEqual(["upload_limit", "duplicate_rule"]);
  const allowed = await checkSchema(client, plan, { ...enterprise, largestFile: 5_000_000 });
  expect(allowed.filter(({ warns }) => warns === true)).toEqual([]);
});

test("a standard column that is not there, not writeable, too short or leads elsewhere is found", async () => {
  const door = await anEnvironment();
  const plan = aPlan({
    fields: [
      { name: "no_such", type: "string", length: 10 },
      { name: "modifiedon", type: "datetime" },
      { name: "accountnumber", type: "string", length: 400 },
      {
        ...{ name: "primarycontactid", type: "reference" },
        reference: { object: "account", whenDeleted: "park" },
      },
    ],
  });
  await createSchema(door.client, plan, enterprise);
  expect(await problems(door, plan)).toEqual([
    "field_missing account.no_such",
    "field_read_only account.modifiedon",
    "too_short account.accountnumber",
    "wrong_target account.primarycontactid",
  ]);
});
