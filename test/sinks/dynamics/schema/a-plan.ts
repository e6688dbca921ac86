import type { FieldPlan, ObjectPlan } from "../../../../pipeline/core/plan.ts";
import type { CustomField, CustomTable } from "../../../../pipeline/mapping/target-field.ts";
import type { SchemaPlan } from "../../../../sinks/dynamics/schema/expected.ts";

const sourceKey: CustomField = {
  ...{ name: "qd_sourcekey", type: "text", label: "Source Key", length: 100, unique: true },
};
const order: readonly CustomField[] = [
  sourceKey,
  { name: "qd_name", type: "text", label: "Name", length: 300 },
  { name: "qd_account", type: "lookup", label: "Account", referenceTo: "account" },
  { name: "qd_contact", type: "lookup", referenceTo: "contact", deleteConstraint: "set_null" },
  { name: "qd_narrative", type: "long_text", length: 100_000, html: true },
  { name: "qd_routesequence", type: "number", precision: 9, scale: 0 },
  { name: "qd_lat", type: "number", precision: 9, scale: 6 },
  { name: "qd_total", type: "money", precision: 18, scale: 2 },
  { name: "qd_taxable", type: "checkbox" },
  { name: "qd_scheduledate", type: "date" },
  { name: "qd_startedat", type: "datetime", label: "Started At" },
  { name: "qd_workorderstatus", type: "choice", values: ["Unassigned", "En Route", "Completed"] },
  { name: "qd_tags", type: "multi_choice", values: ["Gate code", "Dog"] },
  { name: "qd_siteemail", type: "email" },
  { name: "qd_sitephone", type: "phone" },
  { name: "qd_portal", type: "url", length: 200 },
];
const line: readonly CustomField[] = [
  sourceKey,
  { name: "qd_serviceorder", type: "lookup", referenceTo: "qd_serviceorder" },
  { name: "qd_parentline", type: "lookup", referenceTo: "qd_serviceline" },
  { name: "qd_helper", type: "lookup", referenceTo: "qd_serviceorder" },
];

/** A table of the plan that hangs on nothing. */
export const plainTable: CustomTable = {
  ...{ label: "Thing", plural: "Things", notes: false, activities: false },
};

/** A plan with standard and custom tables, lookups of every kind, notes and activities. */
export function aPlan(
  more: { readonly tables?: readonly string[]; readonly fields?: readonly FieldPlan[] } = {},
): SchemaPlan {
  const { tables = [], fields = [] } = more;
  const account = { whenDeleted: "park", object: "account" } as const;
  const jobs = { whenDeleted: "park", object: "qd_serviceorder" } as const;
  const stamped: readonly FieldPlan[] = [
    { name: "overriddencreatedon", type: "datetime", createOnly: true },
    { ...{ name: "createdby", type: "reference", owner: true, createOnly: true } },
    { name: "ownerid", type: "reference", owner: true },
  ];
  const objects = [
    anObject("account", [...stamped, text("name", 160), ...fields]),
    anObject("contact", [{ name: "parentcustomerid", type: "reference", reference: account }]),
    anObject("qd_serviceorder", order.map(filled)),
    anObject("qd_serviceline", line.map(filled)),
    anObject("annotation", [
      { name: "notetext", type: "textarea", length: 100_000, html: true },
      { name: "documentbody", type: "file" },
      {
        ...{ name: "objectid", type: "reference" },
        reference: { ...jobs, byEntity: { customer: "account" } },
      },
    ]),
    anObject("phonecall", [
      text("subject", 200),
      { name: "statecode", type: "picklist", length: 100 },
      { name: "regardingobjectid", type: "reference", reference: jobs },
    ]),
    { ...anObject("systemuser", [text("title", 100)]), identity: "user", keyField: "" },
  ] satisfies readonly ObjectPlan[];
  return {
    plan: { hash: "plan", objects, waves: [] },
    customFields: new Map([
      ["account", [sourceKey, { name: "qd_accountkind", type: "choice", values: ["Historical"] }]],
      ["contact", [sourceKey]],
      ["qd_serviceorder", order],
      ["qd_serviceline", line],
      ["phonecall", [sourceKey]],
      ...tables.map((name) => [name, [sourceKey]] as const),
    ]),
    customTables: new Map([
      [
        "qd_serviceorder",
        { label: "Service Order", plural: "Service Orders", notes: true, activities: true },
      ],
      ["qd_serviceline", { ...plainTable, label: "Service Line", plural: "Service Lines" }],
      ...tables.map((name) => [name, plainTable] as const),
    ]),
  };
}

function anObject(object: string, fields: readonly FieldPlan[]): ObjectPlan {
  const keyless = object === "annotation";
  return {
    ...{ object, entity: "job", idField: `${object}id`, fields },
    ...(keyless
      ? { identity: "primary_key", keyField: "" }
      : { identity: "external_id", keyField: "qd_sourcekey" }),
  };
}

function text(name: string, length: number): FieldPlan {
  return { name, type: "string", length };
}

/** A field of the plan for a column, its type being of no matter here. */
function filled({ name, referenceTo, length }: CustomField): FieldPlan {
  if (referenceTo !== undefined) {
    const reference = { object: referenceTo, whenDeleted: "park" } as const;
    return { name, type: "reference", reference };
  }
  return { name, type: "string", ...(length === undefined ? {} : { length }) };
}
