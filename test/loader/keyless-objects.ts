import type { FieldPlan, ObjectPlan, Plan } from "../../pipeline/core/plan.ts";

const key: FieldPlan = { name: "Source_Key__c", type: "string", length: 100 };
const keyed = { keyField: "Source_Key__c", idField: "Source_System_ID__c" } as const;
const keyless = { keyField: "", idField: "" } as const;
const lookup = (name: string, object: string): FieldPlan => ({
  name,
  type: "reference",
  reference: { object, relationship: name.replace(/Id$/, ""), whenDeleted: "park" },
});

const job: ObjectPlan = {
  object: "Case",
  entity: "job",
  identity: "external_id",
  ...keyed,
  fields: [key, { name: "Subject", type: "string", length: 255 }],
};

const customer: ObjectPlan = {
  object: "Account",
  entity: "customer",
  identity: "external_id",
  ...keyed,
  fields: [key, { name: "Name", type: "string", length: 255 }],
};

const contact: ObjectPlan = {
  object: "Contact",
  entity: "contact",
  identity: "external_id",
  ...keyed,
  fields: [key, { name: "LastName", type: "string", length: 80 }],
};

const relation: ObjectPlan = {
  object: "AccountContactRelation",
  entity: "contact_link",
  identity: "external_id",
  ...keyed,
  fields: [
    key,
    lookup("ContactId", "Contact"),
    lookup("AccountId", "Account"),
    { name: "Roles", type: "multipicklist" },
  ],
};

const note: ObjectPlan = {
  object: "CaseComment",
  entity: "note",
  identity: "content",
  ...keyless,
  fields: [
    lookup("ParentId", "Case"),
    { name: "IsPublished", type: "boolean" },
    { name: "CreatedDate", type: "datetime", createOnly: true },
    { name: "CommentBody", type: "textarea", length: 4000, perRow: true },
  ],
};

const attachment: ObjectPlan = {
  object: "ContentVersion",
  entity: "attachment",
  identity: "external_id",
  ...keyed,
  fields: [
    key,
    { name: "Title", type: "string", length: 255 },
    { name: "PathOnClient", type: "string", length: 500 },
    { name: "VersionData", type: "file" },
  ],
};

const link: ObjectPlan = {
  object: "ContentDocumentLink",
  entity: "attachment",
  identity: "natural",
  naturalKey: ["ContentDocumentId", "LinkedEntityId"],
  ...keyless,
  fields: [
    lookup("ContentDocumentId", "ContentVersion"),
    {
      ...lookup("LinkedEntityId", "Case"),
      reference: {
        object: "Case",
        byEntity: { customer: "Account" },
        relationship: "LinkedEntity",
        whenDeleted: "park",
      },
    },
    { name: "ShareType", type: "picklist" },
  ],
};

const member: ObjectPlan = {
  object: "CaseTeamMember",
  entity: "assignment",
  identity: "natural",
  naturalKey: ["ParentId", "MemberId"],
  ...keyless,
  fields: [
    lookup("ParentId", "Case"),
    { name: "MemberId", type: "reference", owner: true, unresolved: "empty" },
    { name: "TeamRoleId", type: "string" },
  ],
};

const technician: ObjectPlan = {
  object: "User",
  entity: "technician",
  identity: "user",
  ...keyed,
  fields: [key, { name: "Skills__c", type: "string", length: 255 }],
};

/** A plan of what has no key of ours, is several rows, a file or a user. */
export const keylessObjects: Plan = {
  hash: "plan-of-the-keyless",
  objects: [customer, contact, relation, job, technician, note, attachment, link, member],
  waves: [],
};

const keyField = {
  name: "Source_Key__c",
  type: "Text",
  length: 100,
  externalId: true,
  unique: true,
};

/** The same as an org's admin creates it. */
export const keylessSchema = {
  objects: [
    { name: "Account", fields: [keyField] },
    { name: "Contact", fields: [keyField] },
    { name: "AccountContactRelation", fields: [keyField] },
    { name: "Case", fields: [keyField] },
    { name: "ContentVersion", fields: [keyField] },
    { name: "User", fields: [keyField, { name: "Skills__c", type: "Text", length: 255 }] },
  ],
};
