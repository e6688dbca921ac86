import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";

const keyed = {
  identity: "external_id",
  keyField: "Source_Key__c",
  idField: "Source_System_ID__c",
} as const;
const keyless = { keyField: "", idField: "" } as const;

function lookup(
  name: string,
  reference: Omit<NonNullable<FieldPlan["reference"]>, "whenDeleted">,
  whenDeleted: "park" | "clear" = "park",
): FieldPlan {
  return { name, type: "reference", reference: { ...reference, whenDeleted } };
}

const account: ObjectPlan = {
  ...{ object: "Account", entity: "customer", ...keyed },
  fields: [{ name: "Name", type: "string", length: 255 }],
};

const job: ObjectPlan = {
  ...{ object: "Case", entity: "job", ...keyed },
  fields: [
    { name: "Subject", type: "string", length: 255 },
    { name: "Total__c", type: "decimal", precision: 12, scale: 2 },
    { name: "OwnerId", type: "reference", owner: true },
    { name: "CreatedDate", type: "datetime", createOnly: true },
    lookup("AccountId", { object: "Account", relationship: "Account" }),
    lookup("ContactId", { object: "Contact", relationship: "Contact" }, "clear"),
  ],
};

const comment: ObjectPlan = {
  ...{ object: "CaseComment", entity: "note", identity: "content", ...keyless },
  fields: [
    lookup("ParentId", { object: "Case", relationship: "Parent" }),
    { name: "CommentBody", type: "textarea", length: 4000, perRow: true },
    { name: "CreatedById", type: "reference", owner: true, createOnly: true, unresolved: "empty" },
  ],
};

const file: ObjectPlan = {
  ...{ object: "ContentVersion", entity: "attachment", ...keyed },
  fields: [
    { name: "Title", type: "string", length: 255 },
    { name: "VersionData", type: "file" },
  ],
};

const link: ObjectPlan = {
  ...{ object: "ContentDocumentLink", entity: "attachment", identity: "natural", ...keyless },
  naturalKey: ["ContentDocumentId", "LinkedEntityId"],
  fields: [
    lookup("ContentDocumentId", { object: "ContentVersion", relationship: "ContentDocument" }),
    lookup("LinkedEntityId", {
      ...{ object: "Case", relationship: "LinkedEntity" },
      byEntity: { job: "Case", customer: "Account" },
    }),
    { name: "ShareType", type: "picklist" },
  ],
};

const crew: ObjectPlan = {
  ...{ object: "Job_Technician__c", entity: "assignment", ...keyed },
  fields: [
    lookup("Case__c", { object: "Case", relationship: "Case__r" }),
    { name: "User__c", type: "reference", owner: true, unresolved: "empty" },
  ],
};

const user: ObjectPlan = {
  ...{ object: "User", entity: "technician", ...keyed, identity: "user" },
  fields: [{ name: "Skills__c", type: "textarea", length: 1000 }],
};

/** A plan with every kind of object and field the ledger treats differently. */
export const plan: Plan = {
  hash: "plan-1",
  waves: [
    ["Account", "User"],
    ["Case", "ContentVersion"],
    ["CaseComment", "ContentDocumentLink"],
  ],
  objects: [account, job, comment, file, link, crew, user],
};
