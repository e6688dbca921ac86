import type { FieldFacts } from "./field.ts";
import { lookup, owner, picklist, readOnly } from "./field-facts.ts";
import type { ObjectFacts } from "./sobject.ts";

function address(prefix: string): FieldFacts[] {
  return [
    { name: `${prefix}Street`, type: "textarea", length: 255 },
    { name: `${prefix}City`, type: "string", length: 40 },
    { name: `${prefix}State`, type: "string", length: 80 },
    { name: `${prefix}PostalCode`, type: "string", length: 20 },
    { name: `${prefix}Country`, type: "string", length: 80 },
    { name: `${prefix}Latitude`, type: "double", precision: 18, scale: 15 },
    { name: `${prefix}Longitude`, type: "double", precision: 18, scale: 15 },
  ];
}

const account: ObjectFacts = {
  name: "Account",
  keyPrefix: "001",
  fields: [
    { name: "Name", type: "string", nillable: false, nameField: true },
    picklist("Type", ["Prospect", "Customer - Direct", "Customer - Channel", "Other"]),
    lookup("MasterRecord", ["Account"], { ...readOnly, deleteRule: "keep" }),
    lookup("Parent", ["Account"], { childRelationship: "ChildAccounts" }),
    ...address("Billing"),
    ...address("Shipping"),
    { name: "Phone", type: "phone" },
    { name: "Fax", type: "phone" },
    { name: "AccountNumber", type: "string", length: 40 },
    { name: "Website", type: "url" },
    { name: "Sic", type: "string", length: 20 },
    picklist("Industry", ["Agriculture", "Construction", "Energy", "Utilities", "Other"]),
    { name: "AnnualRevenue", type: "currency" },
    { name: "NumberOfEmployees", type: "int", precision: 8 },
    picklist("Rating", ["Hot", "Warm", "Cold"]),
    { name: "Description", type: "textarea", length: 32_000 },
    owner(["User"]),
    picklist("AccountSource", ["Web", "Phone Inquiry", "Partner Referral", "Other"]),
    { name: "Site", type: "string", length: 80 },
  ],
};

const contact: ObjectFacts = {
  name: "Contact",
  keyPrefix: "003",
  fields: [
    lookup("MasterRecord", ["Contact"], { ...readOnly, deleteRule: "keep" }),
    lookup("Account", ["Account"], { deleteRule: "cascade", childRelationship: "Contacts" }),
    { name: "LastName", type: "string", length: 80, nillable: false },
    { name: "FirstName", type: "string", length: 40 },
    picklist("Salutation", ["Mr.", "Ms.", "Mrs.", "Dr.", "Prof."], { length: 40 }),
    { name: "Name", type: "string", length: 121, nillable: false, nameField: true, ...readOnly },
    ...address("Mailing"),
    ...address("Other"),
    { name: "Phone", type: "phone" },
    { name: "Fax", type: "phone" },
    { name: "MobilePhone", type: "phone" },
    { name: "HomePhone", type: "phone" },
    { name: "OtherPhone", type: "phone" },
    lookup("ReportsTo", ["Contact"]),
    { name: "Email", type: "email", idLookup: true },
    { name: "Title", type: "string", length: 128 },
    { name: "Department", type: "string", length: 80 },
    picklist("LeadSource", ["Web", "Phone Inquiry", "Partner Referral", "Other"]),
    { name: "Birthdate", type: "date" },
    { name: "Description", type: "textarea", length: 32_000 },
    owner(["User"]),
  ],
};

const serviceCase: ObjectFacts = {
  name: "Case",
  keyPrefix: "500",
  fields: [
    {
      name: "CaseNumber",
      type: "string",
      length: 30,
      nillable: false,
      defaulted: true,
      autoNumber: true,
      nameField: true,
      idLookup: true,
      ...readOnly,
    },
    lookup("MasterRecord", ["Case"], { ...readOnly, deleteRule: "keep" }),
    lookup("Contact", ["Contact"], { deleteRule: "restrict", childRelationship: "Cases" }),
    lookup("Account", ["Account"], { deleteRule: "restrict", childRelationship: "Cases" }),
    lookup("Parent", ["Case"], { childRelationship: "Cases" }),
    { name: "SuppliedName", type: "string", length: 80 },
    { name: "SuppliedEmail", type: "email" },
    { name: "SuppliedPhone", type: "string", length: 40 },
    { name: "SuppliedCompany", type: "string", length: 80 },
    picklist("Type", ["Mechanical", "Electrical", "Electronic", "Structural", "Other"]),
    picklist("Status", ["New", "Working", "Escalated", "Closed"], { defaulted: true, length: 40 }),
    picklist("Reason", [
      "Installation",
      "Equipment Complexity",
      "Performance",
      "Breakdown",
      "Other",
    ]),
    picklist("Origin", ["Phone", "Email", "Web"]),
    { name: "Subject", type: "string" },
    picklist("Priority", ["High", "Medium", "Low"], { defaulted: true, defaultValue: "Medium" }),
    { name: "Description", type: "textarea", length: 32_000 },
    { name: "IsClosed", type: "boolean", ...readOnly },
    { name: "ClosedDate", type: "datetime", ...readOnly },
    { name: "IsEscalated", type: "boolean" },
    owner(["Group", "User"]),
    { name: "Comments", type: "textarea", length: 4_000, inBytes: true },
  ],
};

/** The business objects an org has before anything is created in it. */
export const businessObjects: readonly ObjectFacts[] = [account, contact, serviceCase];
