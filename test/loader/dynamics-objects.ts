import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";
import type { CustomField } from "../../pipeline/mapping/target-field.ts";
import type { SchemaPlan } from "../../sinks/dynamics/schema/expected.ts";

const keyField = "qd_sourcekey";
const key: FieldPlan = { name: keyField, type: "string", length: 100 };
const text = (name: string, length: number): FieldPlan => ({ name, type: "string", length });
const lookup = (name: string, object: string, whenDeleted: "park" | "clear" = "park") =>
  ({ name, type: "reference", reference: { object, whenDeleted } }) satisfies FieldPlan;
const keyed = { identity: "external_id", keyField, idField: "qd_sourcesystemid" } as const;

const account: ObjectPlan = {
  ...{ object: "account", entity: "customer", ...keyed },
  fields: [key, text("name", 160), { name: "telephone1", type: "phone", length: 50 }],
};

const contact: ObjectPlan = {
  ...{ object: "contact", entity: "contact", ...keyed, find: { by: ["emailaddress1"] } },
  fields: [
    key,
    lookup("parentcustomerid", "account"),
    text("lastname", 50),
    { name: "emailaddress1", type: "email", length: 100 },
    text("qd_sourcesystemid", 100),
  ],
};

const order: ObjectPlan = {
  ...{ object: "qd_serviceorder", entity: "job", ...keyed },
  fields: [
    key,
    lookup("qd_account", "account"),
    text("qd_name", 300),
    { name: "qd_total", type: "decimal", precision: 18, scale: 2 },
    { name: "overriddencreatedon", type: "datetime", createOnly: true },
  ],
};

const note: ObjectPlan = {
  object: "annotation",
  entity: "note",
  identity: "primary_key",
  keyField: "",
  idField: "",
  fields: [
    lookup("objectid", "qd_serviceorder"),
    text("subject", 500),
    { name: "notetext", type: "textarea", length: 100_000 },
  ],
};

/** A plan small enough to be seen whole: accounts, contacts that may be there, orders, and notes without a key. */
export const dynamicsObjects: Plan = {
  hash: "plan-of-the-test",
  objects: [account, contact, order, note],
  waves: [["account"], ["contact", "qd_serviceorder"], ["annotation"]],
};

const sourceKey: CustomField = { name: keyField, type: "text", length: 100, unique: true };
const sourceId: CustomField = { name: "qd_sourcesystemid", type: "text", length: 100 };

/** The same as it is created in an environment. */
export const dynamicsSchema: SchemaPlan = {
  plan: dynamicsObjects,
  customFields: new Map([
    ["account", [sourceKey]],
    ["contact", [sourceKey, sourceId]],
    [
      "qd_serviceorder",
      [
        sourceKey,
        { name: "qd_name", type: "text", length: 300 },
        { name: "qd_account", type: "lookup", referenceTo: "account" },
        { name: "qd_total", type: "money", precision: 18, scale: 2 },
      ],
    ],
  ]),
  customTables: new Map([
    [
      "qd_serviceorder",
      { label: "Service Order", plural: "Service Orders", notes: true, activities: false },
    ],
  ]),
};
