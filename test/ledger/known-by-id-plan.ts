import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";

const keyed = {
  identity: "external_id",
  keyField: "qd_sourcekey",
  idField: "qd_sourcesystemid",
} as const;

const account: ObjectPlan = {
  ...{ object: "account", entity: "customer", ...keyed },
  fields: [{ name: "name", type: "string", length: 160 }],
};

const order: ObjectPlan = {
  ...{ object: "qd_serviceorder", entity: "job", ...keyed },
  fields: [
    { name: "qd_name", type: "string", length: 200 },
    { name: "ownerid", type: "reference", owner: true },
    {
      name: "qd_account",
      type: "reference",
      reference: { object: "account", whenDeleted: "park" },
    },
  ],
};

const regarding: FieldPlan = {
  ...{ name: "objectid", type: "reference" },
  reference: {
    ...{ object: "qd_serviceorder", whenDeleted: "park" },
    byEntity: { job: "qd_serviceorder", customer: "account" },
  },
};

const note: ObjectPlan = {
  ...{ object: "annotation", entity: "note", identity: "primary_key", keyField: "", idField: "" },
  fields: [
    { name: "notetext", type: "textarea", length: 100_000, html: true },
    { name: "createdby", type: "reference", owner: true, createOnly: true, unresolved: "empty" },
    regarding,
  ],
};

const file: ObjectPlan = {
  ...{ ...note, entity: "attachment" },
  fields: [
    { name: "filename", type: "string", length: 255 },
    { name: "createdby", type: "reference", owner: true, createOnly: true, unresolved: "empty" },
    regarding,
  ],
};

/** A plan whose notes and files share an object that has no column for the source key. */
export const plan: Plan = {
  hash: "plan-2",
  waves: [["account"], ["qd_serviceorder"], ["annotation"]],
  objects: [account, order, note, file],
};
