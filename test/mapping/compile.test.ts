import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type SourceEntity, sourceEntities } from "../../pipeline/core/source-record.ts";
import { compilePlan } from "../../pipeline/mapping/compile.ts";
import { computeWaves } from "../../pipeline/mapping/waves.ts";
import { compiledFrom, defaultFolder, foolishFolder } from "./default-mappings.ts";

function faultOf(folder: string): string {
  try {
    compiledFrom(folder);
  } catch (error) {
    expect(error).toMatchObject({ code: "MAPPING_INVALID" });
    return (error as Error).message;
  }
  throw new Error("The mapping was taken.");
}

test.each([
  [
    "an unknown rule",
    "case.yaml",
    "{ copy: title,",
    "{ copi: title,",
    'case.yaml: fields.Subject: unknown rule "copi": did you mean "copy"?',
  ],
  [
    "an unknown source field",
    "case.yaml",
    "copy: title",
    "copy: titel",
    'fields.Subject: unknown field "titel" of job: did you mean "title"?',
  ],
  [
    "an unknown nested field",
    "case.yaml",
    "copy: location.city",
    "copy: location.town",
    'fields.Site_City__c: unknown nested field "town"',
  ],
  [
    "an unknown destination field",
    "case.yaml",
    "  Subject:",
    "  Subjekt:",
    'case.yaml: fields.Subjekt: unknown destination field "Subjekt": it is no standard field of Case and not among custom_fields: did you mean "Subject"?',
  ],
  [
    "an unknown key beside a rule",
    "case.yaml",
    "overflow: Subject_Full__c",
    "overflo: Subject_Full__c",
    'fields.Subject: unknown key "overflo"',
  ],
  [
    "an unknown key of a custom field",
    "case.yaml",
    "external_id: true",
    "externalid: true",
    'custom_fields.Source_Key__c: unknown key "externalid": did you mean "external_id"?',
  ],
  [
    "a rule on a field of the wrong type",
    "account.yaml",
    "{ money: balance }",
    "{ boolean: tax_exempt }",
    "fields.Balance__c: fills boolean fields, but Balance__c is of type decimal",
  ],
  [
    "a source field nobody mentions",
    "case.yaml",
    "  source_url: links into the old system end with it\n",
    "",
    "job.source_url is neither mapped nor listed under not_carried with a reason",
  ],
  [
    "a field both mapped and not carried",
    "contact.yaml",
    "  raw: stays",
    "  title: no use\n  raw: stays",
    "not_carried.title: is mapped",
  ],
  [
    "a table that gives what the picklist does not take",
    "case.yaml",
    "      Cancelled: Cancelled\n    required",
    "      Cancelled: Canceled\n    required",
    'the table gives "Canceled", which is not among the values of Work_Order_Status__c',
  ],
  [
    "a lookup into an object nobody fills",
    "contact.yaml",
    "{ lookup: customer_id, object: Account }",
    "{ lookup: location_id, object: Account }",
    "no mapping makes Account from service_location",
  ],
  [
    "a reference by a field that names no record",
    "case.yaml",
    "{ lookup: customer_id,",
    "{ lookup: number,",
    "fields.AccountId: number names no other record of the source",
  ],
  [
    "a required field left out",
    "account.yaml",
    "  Name: { copy: name }\n",
    "",
    "Name is required by the destination and not filled",
  ],
  [
    "a mapping without its key",
    "contact.yaml",
    "  Source_Key__c: { source_key: id }\n",
    "",
    "no unique external id holds the source key",
  ],
  [
    "an entity nobody takes",
    "not-mapped.yaml",
    "zone:",
    "# zone:",
    "zone has no mapping and is not listed with a reason",
  ],
  ["YAML that is none", "case.yaml", "object: Case", "object: [Case", "case.yaml: "],
])("%s is refused with file, field and remedy", (_, file, from, to, message) => {
  expect(faultOf(foolishFolder(file, from, to))).toContain(message);
});

test("all faults of a folder are reported at once", () => {
  const folder = foolishFolder("case.yaml", "{ copy: number }", "{ copy: nummer }");
  const second = foolishFolder("case.yaml", "{ copy: route_id }", "{ copi: route_id }");
  expect(faultOf(folder)).toContain("nummer");
  expect(faultOf(second).split("\n").length).toBeGreaterThan(1);
});

test("every field of every source schema is mapped or left out with a reason", () => {
  const { plan } = compiledFrom(defaultFolder);
  const notMapped = parse(readFileSync(join(defaultFolder, "not-mapped.yaml"), "utf8")) as object;
  const mapped = plan.objects.map(({ entity }) => entity as SourceEntity);
  expect(new Set([...mapped, ...Object.keys(notMapped)])).toEqual(new Set(sourceEntities));
});

const choices: Readonly<Record<string, readonly unknown[]>> = {
  audit_fields: [true, false],
  further_sites: ["text", "accounts"],
  shared_contacts: ["relations", "copies"],
  crew: ["junction", "team"],
  long_notes: ["split", "file"],
  invoices: ["object", "json", "none"],
};

test("every combination of settings compiles, its custom fields are all filled, and its waves end", () => {
  let combinations: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(choices)) {
    combinations = combinations.flatMap((one) =>
      values.map((value) => ({ ...one, [name]: value })),
    );
  }
  expect(combinations).toHaveLength(96);
  for (const settings of combinations) {
    const { plan, customFields, schemas } = compilePlan({
      folder: defaultFolder,
      settings,
      destination: "salesforce",
      hash: "x",
    });
    expect(plan.waves.flat().toSorted()).toEqual([...schemas.keys()].toSorted());
    for (const [object, fields] of customFields) {
      const filled = plan.objects.filter((each) => each.object === object);
      const names = new Set(filled.flatMap((each) => each.fields.map(({ name }) => name)));
      expect(fields.filter(({ name }) => !names.has(name))).toEqual([]);
    }
  }
});

test("a setting decides which rows there are", () => {
  const pairs = (settings: object): string[] =>
    compilePlan({
      folder: defaultFolder,
      settings,
      destination: "salesforce",
      hash: "x",
    }).plan.objects.map(({ object, entity }) => `${object} from ${entity}`);
  const standard = pairs({});
  expect(standard).toEqual(
    expect.arrayContaining([
      "AccountContactRelation from contact_link",
      "Job_Technician__c from assignment",
      "Invoice__c from invoice",
      "Payment__c from payment",
    ]),
  );
  const other = pairs({
    further_sites: "accounts",
    shared_contacts: "copies",
    crew: "team",
    invoices: "none",
  });
  expect(other.filter((pair) => !standard.includes(pair)).toSorted()).toEqual([
    "Account from service_location",
    "CaseTeamMember from assignment",
    "Contact from contact_link",
  ]);
  expect(standard.filter((pair) => !other.includes(pair))).toHaveLength(4);
});

test("waves follow the references, and a lookup of an object to itself orders nothing", () => {
  expect(compiledFrom(defaultFolder).plan.waves).toEqual([
    ["Account", "User"],
    ["Contact"],
    ["AccountContactRelation", "Case"],
    [
      "CaseComment",
      "ContentVersion",
      "Event",
      "Invoice__c",
      "Job_Technician__c",
      "Task",
      "Work_Order_Line_Item__c",
    ],
    ["ContentDocumentLink", "Payment__c"],
  ]);
});

test("objects that refer to one another in a circle are named", () => {
  const refersTo = (object: string, target: string) => ({
    object,
    entity: "job",
    identity: "external_id" as const,
    keyField: "K",
    idField: "I",
    fields: [
      {
        name: "F",
        type: "reference" as const,
        reference: { object: target, relationship: "R", whenDeleted: "park" as const },
      },
    ],
  });
  const { waves, cycle } = computeWaves([
    refersTo("A", "B"),
    refersTo("B", "A"),
    refersTo("C", "C"),
  ]);
  expect(waves).toEqual([["C"]]);
  expect(cycle).toEqual(["A", "B"]);
});

test("creation stamps are planned only where the org grants them, and are never updated", () => {
  const stamps = (audit: boolean) =>
    compiledFrom(defaultFolder, audit)
      .plan.objects.find(({ object }) => object === "Case")
      ?.fields.filter(({ name }) => ["CreatedDate", "CreatedById", "ClosedDate"].includes(name));
  expect(stamps(false)).toEqual([]);
  expect(stamps(true)).toEqual([
    expect.objectContaining({ name: "CreatedDate", createOnly: true }),
    expect.objectContaining({
      name: "CreatedById",
      createOnly: true,
      owner: true,
      unresolved: "empty",
    }),
    expect.objectContaining({ name: "ClosedDate", createOnly: true }),
  ]);
});

test("the plan says how each row is found, and what a lookup does when its target is deleted", () => {
  const plan = compilePlan({
    folder: defaultFolder,
    settings: { audit_fields: true },
    destination: "salesforce",
    hash: "x",
  }).plan.objects.find(({ object }) => object === "Case");
  expect(plan).toMatchObject({ keyField: "Source_Key__c", idField: "Source_System_ID__c" });
  const reference = (name: string) => plan?.fields.find((field) => field.name === name)?.reference;
  expect(reference("AccountId")).toEqual({
    object: "Account",
    relationship: "Account",
    whenDeleted: "park",
  });
  expect(reference("ParentId")?.whenDeleted).toBe("clear");
});
