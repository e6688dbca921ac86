import { expect, test } from "vitest";
import { checkSchema } from "../../../../sinks/dynamics/schema/check-schema.ts";
import { createSchema } from "../../../../sinks/dynamics/schema/create-schema.ts";
import { column, definition, table } from "../../../simulators/dataverse-metadata/definitions.ts";
import { aPlan } from "./a-plan.ts";
import { anEnvironment, enterprise, problems } from "./an-environment.ts";

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
