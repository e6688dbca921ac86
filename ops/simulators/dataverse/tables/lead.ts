import { addressColumns } from "./address-columns.ts";
import {
  choice,
  date,
  flag,
  integer,
  memo,
  money,
  readOnly,
  type States,
  text,
} from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { customer, lookup } from "./relationship.ts";

const states: States = [
  [
    "Open",
    [
      [1, "New"],
      [2, "Contacted"],
    ],
  ],
  ["Qualified", [[3, "Qualified"]]],
  [
    "Disqualified",
    [
      [4, "Lost"],
      [5, "Cannot Contact"],
      [6, "No Longer Interested"],
      [7, "Canceled"],
    ],
  ],
];

/** Lead: columns, lengths and status reasons from Microsoft's "Lead Entity Reference" (dynamics-365-customer-engagement, ce/developer/entities/lead.md). */
export const lead: Standard = standard("lead", {
  set: "leads",
  code: 4,
  name: "fullname",
  states,
  hasNotes: true,
  hasActivities: true,
  messages: ["CreateMultiple", "UpdateMultiple"],
  columns: [
    text("FullName", 160, readOnly),
    text("Subject", 300, { required: "ApplicationRequired" }),
    text("FirstName", 50),
    text("MiddleName", 50),
    text("LastName", 50, { required: "ApplicationRequired" }),
    text("Salutation", 100),
    text("CompanyName", 100),
    text("JobTitle", 100),
    memo("Description", 2_000),
    memo("QualificationComments", 2_000),
    text("EMailAddress1", 100, { format: "Email" }),
    text("EMailAddress2", 100, { format: "Email" }),
    text("EMailAddress3", 100, { format: "Email" }),
    text("Telephone1", 50, { format: "Phone" }),
    text("Telephone2", 50, { format: "Phone" }),
    text("Telephone3", 50, { format: "Phone" }),
    text("MobilePhone", 50, { format: "Phone" }),
    text("Fax", 50),
    text("WebSiteUrl", 200, { format: "Url" }),
    text("SIC", 20),
    integer("NumberOfEmployees", 0, 1_000_000),
    money("EstimatedAmount"),
    money("Revenue", { min: 0, max: 100_000_000_000_000 }),
    money("BudgetAmount", { min: 0, max: 1_000_000_000_000 }),
    date("EstimatedCloseDate"),
    choice("LeadQualityCode", { 1: "Hot", 2: "Warm", 3: "Cold" }, { default: 2 }),
    choice("LeadSourceCode", {
      1: "Advertisement",
      2: "Employee Referral",
      3: "External Referral",
      4: "Partner",
      5: "Public Relations",
      6: "Seminar",
      7: "Trade Show",
      8: "Web",
      9: "Word of Mouth",
      10: "Other",
    }),
    choice(
      "PreferredContactMethodCode",
      { 1: "Any", 2: "Email", 3: "Phone", 4: "Fax", 5: "Mail" },
      { default: 1 },
    ),
    choice("PurchaseTimeFrame", {
      0: "Immediate",
      1: "This Quarter",
      2: "Next Quarter",
      3: "This Year",
      4: "Unknown",
    }),
    choice("PriorityCode", { 1: "Default Value" }, { default: 1 }),
    choice("SalesStageCode", { 1: "Default Value" }, { default: 1 }),
    flag("DecisionMaker", false),
    ...["DoNotEMail", "DoNotPhone", "DoNotFax", "DoNotPostalMail", "DoNotBulkEMail"].map((name) =>
      flag(name, false),
    ),
    ...addressColumns(1),
    ...addressColumns(2),
  ],
  lookups: [
    customer("CustomerId", ["lead_customer_accounts", "lead_customer_contacts"], "Cascade"),
    lookup("ParentAccountId", [{ to: "account", as: "lead_parent_account" }]),
    lookup("ParentContactId", [{ to: "contact", as: "lead_parent_contact" }]),
    lookup("QualifyingOpportunityId", [{ to: "opportunity", as: "lead_qualifying_opportunity" }]),
  ],
});
