import type { CompiledPlan } from "../../../pipeline/mapping/compile.ts";
import type { CustomField } from "../../../pipeline/mapping/target-field.ts";
import type { SalesforceClient } from "../salesforce-client.ts";
import { columnFaults } from "./check-column.ts";
import { type DescribedObject, describeObject } from "./described.ts";
import { carrierOf, type ExpectedObject, expectedObjects } from "./expected.ts";
import type { SchemaFinding } from "./finding.ts";
import { metadataTypes } from "./metadata-types.ts";
import { componentsThere } from "./there.ts";
import { missingRoles } from "./team-roles.ts";

/** Salesforce's own bound on external ids of one object. */
const externalIdsAtMost = 25;

/** Stamps an insert may set only with a permission of its own. */
const auditFields: ReadonlySet<string> = new Set(["CreatedDate", "CreatedById"]);

/** An insert may set it with the audit permission, and the describe call says read only all the same. */
const saidReadOnly = "ClosedDate";

/** What else than the plan is expected of the org. */
export interface SchemaOptions {
  /** Case team roles the mapping writes. */
  readonly teamRoles: readonly string[];
}

/** Everything an org lacks for a plan, as our user sees it: each finding blocks. */
export async function checkSchema(
  client: SalesforceClient,
  compiled: CompiledPlan,
  { teamRoles }: SchemaOptions,
): Promise<readonly SchemaFinding[]> {
  const findings: SchemaFinding[] = [];
  const expected = expectedObjects(compiled);
  const unseen: { object: string; field: CustomField }[] = [];
  for (const each of expected) {
    const found = await describeObject(client, each.name);
    if (found === undefined) {
      findings.push(objectMissing(each));
      continue;
    }
    findings.push(...objectFindings(each, found));
    for (const field of each.custom) {
      if (!found.fields.has(field.name)) unseen.push({ object: each.name, field });
    }
  }
  const hidden = await componentsThere(
    client,
    "CustomField",
    unseen.map(({ object, field }) => `${carrierOf(object)}.${field.name}`),
  );
  for (const { object, field } of unseen) {
    const known = hidden.get(`${carrierOf(object)}.${field.name}`);
    findings.push(known === undefined ? fieldMissing(object, field) : fieldHidden(object, field));
  }
  if (expected.some(({ name }) => name === "CaseTeamMember")) {
    findings.push(...(await missingRoles(client, teamRoles)));
  }
  return findings;
}

function objectMissing({ name }: ExpectedObject): SchemaFinding {
  const at = { object: name, field: null, found: "no such object for our user" } as const;
  if (name.endsWith("__c")) {
    const remedy = "create the object, or grant our user read access to it";
    return { problem: "object_missing", expected: "object", remedy, creatable: true, ...at };
  }
  const remedy =
    name === "AccountContactRelation"
      ? 'switch on "Allow users to relate a contact to multiple accounts" in Account Settings'
      : `switch on the feature that ${name} belongs to, or grant our user access to it`;
  return { problem: "feature_off", expected: "object", remedy, creatable: false, ...at };
}

function objectFindings(expected: ExpectedObject, found: DescribedObject): SchemaFinding[] {
  const at = { object: expected.name } as const;
  return [
    ...permissionFindings(expected, found),
    ...externalIdFindings(expected, found),
    ...expected.standard.flatMap((field) => standardFindings(expected, found, field.name)),
    ...expected.custom.flatMap((field) => {
      const column = found.fields.get(field.name);
      if (column === undefined) return [];
      return columnFaults(field, column).map((fault) => ({ ...at, field: field.name, ...fault }));
    }),
  ];
}

function permissionFindings(expected: ExpectedObject, found: DescribedObject): SchemaFinding[] {
  const needed = expected.inserted
    ? (["createable", "updateable", "deletable"] as const)
    : (["updateable"] as const);
  // What cannot be updated at all says so to everyone.
  const lacking = needed.filter((right) => !found[right] && !unalterable(expected.name, right));
  if (lacking.length === 0) return [];
  return [
    {
      problem: "object_not_permitted",
      ...{ object: expected.name, field: null },
      expected: needed.join(", "),
      found: `not ${lacking.join(", not ")}`,
      remedy: "grant our user create, edit and delete on the object",
      creatable: expected.name.endsWith("__c"),
    },
  ];
}

/** ContentVersion is deleted through its document; https://developer.salesforce.com/docs, Object Reference. */
function unalterable(object: string, right: string): boolean {
  return object === "ContentVersion" && right === "deletable";
}

function externalIdFindings(expected: ExpectedObject, found: DescribedObject): SchemaFinding[] {
  const there = [...found.fields.values()].filter(({ externalId, custom }) => externalId && custom);
  const wanted = expected.custom.filter(
    ({ externalId, name }) => externalId === true && !found.fields.has(name),
  );
  if (wanted.length === 0 || there.length + wanted.length <= externalIdsAtMost) return [];
  return [
    {
      problem: "external_ids_full",
      ...{ object: expected.name, field: wanted[0]?.name ?? null },
      expected: `room for ${wanted.length} more external ids`,
      found: `${there.length} of ${externalIdsAtMost} in use`,
      remedy: 'take "External ID" off a field that needs it no more, or ask Salesforce for more',
      creatable: false,
    },
  ];
}

function standardFindings(
  expected: ExpectedObject,
  found: DescribedObject,
  name: string,
): SchemaFinding[] {
  const at = { object: expected.name, field: name, creatable: false } as const;
  const column = found.fields.get(name);
  if (column === undefined) {
    const remedy = "show the field to our user by field-level security, or switch its feature on";
    return [{ problem: "field_hidden", expected: "visible", found: "not visible", remedy, ...at }];
  }
  if (name === saidReadOnly) return [];
  const writeable = expected.inserted ? column.createable : column.updateable;
  if (!writeable && auditFields.has(name)) {
    const remedy =
      'switch on "Set Audit Fields upon Record Creation" for the org and grant it to our user, or set audit_fields: false';
    const access = { expected: "settable on insert", found: "read only" };
    return [{ problem: "audit_not_permitted", ...access, remedy, ...at }];
  }
  if (!writeable) {
    const remedy = "grant our user edit access to the field by field-level security";
    const access = { expected: "writeable", found: "read only" };
    return [{ problem: "field_read_only", ...access, remedy, ...at }];
  }
  const lost = (expected.targets.get(name) ?? []).filter(
    (target) => !column.referenceTo.includes(target),
  );
  if (lost.length === 0 || column.referenceTo.length === 0) return [];
  const targets = {
    expected: `lookup to ${lost.join(", ")}`,
    found: column.referenceTo.join(", "),
  };
  const remedy = "correct the mapping: the field cannot refer to that object";
  return [{ problem: "wrong_target", ...targets, remedy, ...at }];
}

function fieldMissing(object: string, field: CustomField): SchemaFinding {
  const remedy = `create the field on ${carrierOf(object)} and grant our user access to it`;
  const expected = describedField(field);
  const at = { object, field: field.name, expected, creatable: true } as const;
  return { problem: "field_missing", found: "no such field", remedy, ...at };
}

function fieldHidden(object: string, field: CustomField): SchemaFinding {
  const remedy = "grant our user read and edit access to the field by field-level security";
  const at = { object, field: field.name, creatable: true } as const;
  const access = { expected: "visible to our user", found: "there, but hidden from it" };
  return { problem: "field_hidden", ...access, remedy, ...at };
}

function describedField(field: CustomField): string {
  const { length, precision, scale, referenceTo, unique, externalId } = field;
  const type = metadataTypes[field.type];
  const size = length ?? (precision === undefined ? referenceTo : `${precision}, ${scale ?? 0}`);
  const marks = [unique === true ? "unique" : "", externalId === true ? "external id" : ""];
  return [size === undefined ? type : `${type}(${size})`, ...marks].filter(Boolean).join(", ");
}
