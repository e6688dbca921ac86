import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";

const key: FieldPlan = { name: "Source_Key__c", type: "string", length: 100 };
const lookup = (
  name: string,
  object: string,
  relationship: string,
  whenDeleted: "park" | "clear" = "park",
): FieldPlan => ({ name, type: "reference", reference: { object, relationship, whenDeleted } });

const account: ObjectPlan = {
  object: "Account",
  entity: "customer",
  identity: "external_id",
  keyField: "Source_Key__c",
  idField: "Source_System_ID__c",
  fields: [key, { name: "Name", type: "string", length: 255 }, { name: "Phone", type: "phone" }],
};

const job: ObjectPlan = {
  object: "Case",
  entity: "job",
  identity: "external_id",
  keyField: "Source_Key__c",
  idField: "Source_System_ID__c",
  fields: [
    key,
    lookup("AccountId", "Account", "Account"),
    lookup("ParentId", "Case", "Parent", "clear"),
    { name: "OwnerId", type: "reference", owner: true },
    { name: "Subject", type: "string", length: 255 },
    { name: "Description", type: "textarea", length: 32_000 },
    { name: "Total__c", type: "decimal", precision: 18, scale: 2 },
    { name: "CreatedDate", type: "datetime", createOnly: true },
  ],
};

const line: ObjectPlan = {
  object: "Work_Order_Line_Item__c",
  entity: "line_item",
  identity: "external_id",
  keyField: "Source_Key__c",
  idField: "Source_System_ID__c",
  fields: [
    key,
    lookup("Case__c", "Case", "Case__r"),
    { name: "Quantity__c", type: "decimal", precision: 15, scale: 3 },
    { name: "Kind__c", type: "picklist" },
  ],
};

/** A plan small enough to be seen whole: a customer, its jobs, their lines. */
export const threeObjects: Plan = {
  hash: "plan-of-the-test",
  objects: [account, job, line],
  waves: [["Account"], ["Case"], ["Work_Order_Line_Item__c"]],
};

const keyField = {
  name: "Source_Key__c",
  type: "Text",
  length: 100,
  externalId: true,
  unique: true,
};

/** The same as an org's admin creates it. */
export const threeObjectsSchema = {
  objects: [
    { name: "Account", fields: [keyField] },
    {
      name: "Case",
      fields: [keyField, { name: "Total__c", type: "Number", precision: 18, scale: 2 }],
    },
    {
      name: "Work_Order_Line_Item__c",
      label: "Work order line item",
      fields: [
        keyField,
        {
          name: "Case__c",
          type: "Lookup",
          referenceTo: "Case",
          relationshipName: "Lines__r",
          deleteConstraint: "Restrict",
        },
        { name: "Quantity__c", type: "Number", precision: 15, scale: 3 },
        {
          name: "Kind__c",
          type: "Picklist",
          restricted: true,
          values: ["Labor", "Material"],
        },
      ],
    },
  ],
};
