import type { FieldFacts } from "./field.ts";
import { lookup, picklist, readOnly, required } from "./field-facts.ts";
import type { ObjectFacts } from "./sobject.ts";

const name = (length = 255): FieldFacts => ({
  name: "Name",
  type: "string",
  length,
  nillable: false,
  nameField: true,
});

const organization: ObjectFacts = {
  name: "Organization",
  keyPrefix: "00D",
  setup: true,
  readOnly: true,
  fields: [
    name(80),
    { name: "InstanceName", type: "string", length: 5 },
    { name: "OrganizationType", type: "picklist", length: 40 },
    { name: "IsSandbox", type: "boolean" },
    { name: "NamespacePrefix", type: "string", length: 15 },
    { name: "TrialExpirationDate", type: "datetime" },
    { name: "LanguageLocaleKey", type: "picklist", length: 40 },
    { name: "TimeZoneSidKey", type: "picklist", length: 40 },
  ],
};

const user: ObjectFacts = {
  name: "User",
  keyPrefix: "005",
  setup: true,
  refuses: ["delete", "undelete"],
  fields: [
    { name: "Username", type: "string", length: 80, ...required, unique: true, idLookup: true },
    { name: "LastName", type: "string", length: 80, ...required },
    { name: "FirstName", type: "string", length: 40 },
    { ...name(121), ...readOnly },
    { name: "Email", type: "email", length: 128, ...required },
    { name: "Alias", type: "string", length: 8, ...required },
    { name: "CommunityNickname", type: "string", length: 40, defaulted: true },
    { name: "IsActive", type: "boolean", defaultValue: true },
    {
      name: "UserType",
      type: "picklist",
      length: 40,
      createable: false,
      updateable: false,
      values: ["Standard", "PowerPartner", "CspLitePortal", "CsnOnly", "Guest"],
    },
    { name: "FederationIdentifier", type: "string", length: 512, unique: true },
    lookup("Profile", ["Profile"], required),
    lookup("UserRole", ["UserRole"]),
    { name: "TimeZoneSidKey", type: "picklist", length: 40, ...required, defaulted: true },
    { name: "LocaleSidKey", type: "picklist", length: 40, ...required, defaulted: true },
    { name: "LanguageLocaleKey", type: "picklist", length: 40, ...required, defaulted: true },
    { name: "EmailEncodingKey", type: "picklist", length: 40, ...required, defaulted: true },
  ],
};

const profile: ObjectFacts = {
  name: "Profile",
  keyPrefix: "00e",
  setup: true,
  readOnly: true,
  fields: [name(), { name: "UserType", type: "picklist", length: 40 }],
};

const userRole: ObjectFacts = {
  name: "UserRole",
  keyPrefix: "00E",
  setup: true,
  fields: [
    name(80),
    { name: "DeveloperName", type: "string", length: 80 },
    { name: "ParentRoleId", type: "reference", referenceTo: ["UserRole"] },
  ],
};

const group: ObjectFacts = {
  name: "Group",
  keyPrefix: "00G",
  setup: true,
  fields: [
    name(40),
    { name: "DeveloperName", type: "string", length: 80 },
    { name: "Type", type: "picklist", length: 40, values: ["Regular", "Queue"] },
  ],
};

const queueObject: ObjectFacts = {
  name: "QueueSobject",
  keyPrefix: "03g",
  setup: true,
  fields: [
    lookup("Queue", ["Group"], required),
    { name: "SobjectType", type: "picklist", length: 40 },
  ],
};

const caseStatus: ObjectFacts = {
  name: "CaseStatus",
  keyPrefix: "01J",
  setup: true,
  readOnly: true,
  fields: [
    { name: "MasterLabel", type: "string", ...required },
    { name: "ApiName", type: "string" },
    { name: "SortOrder", type: "int", precision: 9 },
    { name: "IsDefault", type: "boolean" },
    { name: "IsClosed", type: "boolean" },
  ],
};

const taskStatus: ObjectFacts = { ...caseStatus, name: "TaskStatus" };

const taskPriority: ObjectFacts = {
  ...caseStatus,
  name: "TaskPriority",
  fields: caseStatus.fields.map((field) =>
    field.name === "IsClosed" ? { ...field, name: "IsHighPriority" } : field,
  ),
};

/** Case team roles: Object Reference, "CaseTeamRole"; the prefix is any free one, clients read it from describe. */
const caseTeamRole: ObjectFacts = {
  name: "CaseTeamRole",
  keyPrefix: "0Bc",
  setup: true,
  refuses: ["delete"],
  fields: [
    { ...name(80), idLookup: true },
    picklist("AccessLevel", ["None", "Read", "Edit"], { ...required, restricted: true }),
    { name: "PreferencesVisibleInCSP", type: "boolean" },
  ],
};

const recordType: ObjectFacts = {
  name: "RecordType",
  keyPrefix: "012",
  setup: true,
  readOnly: true,
  fields: [
    name(80),
    { name: "DeveloperName", type: "string", length: 80 },
    { name: "NamespacePrefix", type: "string", length: 15 },
    { name: "SobjectType", type: "picklist", length: 40 },
    { name: "IsActive", type: "boolean" },
  ],
};

/** The setup objects clients read. */
export const setupObjects: readonly ObjectFacts[] = [
  organization,
  user,
  profile,
  userRole,
  group,
  queueObject,
  caseStatus,
  taskStatus,
  taskPriority,
  caseTeamRole,
  recordType,
];
