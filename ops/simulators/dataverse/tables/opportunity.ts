import {
  choice,
  date,
  decimal,
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
      [1, "In Progress"],
      [2, "On Hold"],
    ],
  ],
  ["Won", [[3, "Won"]]],
  [
    "Lost",
    [
      [4, "Canceled"],
      [5, "Out-Sold"],
    ],
  ],
];

/** Values from Microsoft's table definition for Business Central's connector (`msdyn_forecastcategory` of its Opportunity table). */
const forecastCategories = {
  100000001: "Pipeline",
  100000002: "Best case",
  100000003: "Committed",
  100000004: "Omitted",
  100000005: "Won",
  100000006: "Lost",
};
const totals = [
  "TotalAmount",
  "TotalAmountLessFreight",
  "TotalDiscountAmount",
  "TotalLineItemAmount",
  "TotalLineItemDiscountAmount",
  "TotalTax",
];

/** Opportunity: totals are made of its lines; closing it goes through WinOpportunity and LoseOpportunity. */
export const opportunity: Standard = standard("opportunity", {
  set: "opportunities",
  code: 3,
  name: "name",
  states,
  hasNotes: true,
  hasActivities: true,
  messages: ["CreateMultiple", "UpdateMultiple"],
  columns: [
    text("Name", 300, { required: "ApplicationRequired" }),
    memo("Description", 2_000),
    money("EstimatedValue"),
    date("EstimatedCloseDate"),
    money("ActualValue"),
    date("ActualCloseDate"),
    integer("CloseProbability", 0, 100),
    flag("IsRevenueSystemCalculated", false),
    choice(
      "SkipPriceCalculation",
      { 0: "DoPriceCalcAlways", 1: "SkipPriceCalcOnRetrieve" },
      { default: 0 },
    ),
    text("StepName", 200),
    choice("SalesStage", { 0: "Qualify", 1: "Develop", 2: "Propose", 3: "Close" }),
    choice("SalesStageCode", { 1: "Default Value" }, { default: 1 }),
    choice("OpportunityRatingCode", { 1: "Hot", 2: "Warm", 3: "Cold" }, { default: 2 }),
    choice("PriorityCode", { 1: "Default Value" }, { default: 1 }),
    choice("PricingErrorCode", { 0: "None", 1: "Detail Error" }, { ...readOnly, default: 0 }),
    choice("PurchaseProcess", { 0: "Individual", 1: "Committee", 2: "Unknown" }),
    choice("PurchaseTimeframe", {
      0: "Immediate",
      1: "This Quarter",
      2: "Next Quarter",
      3: "This Year",
      4: "Unknown",
    }),
    choice("msdyn_forecastcategory", forecastCategories, { default: 100000001 }),
    money("BudgetAmount", { min: 0, max: 1_000_000_000_000 }),
    money("DiscountAmount", { min: 0, max: 1_000_000_000_000 }),
    decimal("DiscountPercentage", 2, [0, 100]),
    money("FreightAmount", { min: 0, max: 1_000_000_000_000 }),
    ...totals.map((name) => money(name, readOnly)),
    memo("CustomerNeed", 2_000),
    memo("CurrentSituation", 2_000),
    memo("ProposedSolution", 2_000),
    memo("QualificationComments", 2_000),
  ],
  lookups: [
    customer(
      "CustomerId",
      ["opportunity_customer_accounts", "opportunity_customer_contacts"],
      "Cascade",
      {
        required: "ApplicationRequired",
      },
    ),
    lookup("ParentAccountId", [{ to: "account", as: "opportunity_parent_account" }]),
    lookup("ParentContactId", [{ to: "contact", as: "opportunity_parent_contact" }]),
    lookup("PriceLevelId", [
      { to: "pricelevel", as: "price_level_opportunties", onDelete: "Restrict" },
    ]),
    lookup("OriginatingLeadId", [{ to: "lead", as: "opportunity_originating_lead" }]),
  ],
});
