import { placeColumns } from "./address-columns.ts";
import {
  choice,
  date,
  decimal,
  flag,
  memo,
  money,
  readOnly,
  type States,
  text,
} from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { lineColumns } from "./lines.ts";
import { customer, lookup } from "./relationship.ts";

const states: States = [
  [
    "Active",
    [
      [1, "New"],
      [2, "Partially Shipped"],
      [4, "Billed"],
      [5, "Booked (applies to services)"],
      [6, "Installed (applies to services)"],
    ],
  ],
  [
    "Closed (deprecated)",
    [
      [3, "Canceled (deprecated)"],
      [7, "Paid in Full (deprecated)"],
    ],
  ],
  [
    "Paid",
    [
      [100001, "Complete"],
      [100002, "Partial"],
    ],
  ],
  ["Canceled", [[100003, "Canceled"]]],
];
const totals = [
  "TotalAmount",
  "TotalAmountLessFreight",
  "TotalDiscountAmount",
  "TotalLineItemAmount",
  "TotalLineItemDiscountAmount",
  "TotalTax",
];

/** Invoice: a paid one is read-only. */
export const invoice: Standard = standard("invoice", {
  set: "invoices",
  code: 1090,
  name: "name",
  states,
  hasNotes: true,
  hasActivities: true,
  messages: ["CreateMultiple", "UpdateMultiple"],
  columns: [
    text("Name", 300, { required: "ApplicationRequired" }),
    text("InvoiceNumber", 100, {
      validForUpdate: false,
      autoNumberFormat: "INV-{SEQNUM:5}-{RANDSTRING:6}",
    }),
    memo("Description", 2_000),
    date("DateDelivered"),
    date("DueDate"),
    money("DiscountAmount", { min: 0, max: 1_000_000_000_000 }),
    decimal("DiscountPercentage", 2, [0, 100]),
    money("FreightAmount", { min: 0, max: 1_000_000_000_000 }),
    ...totals.map((name) => money(name, readOnly)),
    flag("IsPriceLocked", false, readOnly),
    choice("PaymentTermsCode", { 1: "Net 30", 2: "2% 10, Net 30", 3: "Net 45", 4: "Net 60" }),
    choice("PricingErrorCode", { 0: "None", 1: "Detail Error" }, { ...readOnly, default: 0 }),
    choice("PriorityCode", { 1: "Default Value" }, { default: 1 }),
    choice(
      "SkipPriceCalculation",
      { 0: "DoPriceCalcAlways", 1: "SkipPriceCalcOnRetrieve" },
      { default: 0 },
    ),
    ...placeColumns("BillTo"),
    ...placeColumns("ShipTo"),
  ],
  lookups: [
    customer("CustomerId", ["invoice_customer_accounts", "invoice_customer_contacts"], "Restrict", {
      required: "ApplicationRequired",
    }),
    lookup("OpportunityId", [{ to: "opportunity", as: "opportunity_invoices" }]),
    lookup("PriceLevelId", [
      { to: "pricelevel", as: "price_level_invoices", onDelete: "Restrict" },
    ]),
  ],
});

/** A line of an invoice. */
export const invoiceDetail: Standard = standard("invoicedetail", {
  set: "invoicedetails",
  code: 1091,
  schemaName: "InvoiceDetail",
  displayName: "Invoice Product",
  name: "invoicedetailname",
  ownership: "None",
  states: undefined,
  messages: ["CreateMultiple", "UpdateMultiple"],
  columns: [text("InvoiceDetailName", 100), date("ActualDeliveryOn"), ...lineColumns()],
  lookups: [
    lookup("InvoiceId", [{ to: "invoice", as: "invoice_details", onDelete: "Cascade" }], {
      required: "SystemRequired",
      validForUpdate: false,
    }),
    lookup("ProductId", [{ to: "product", as: "product_invoice_details", onDelete: "Restrict" }]),
    lookup("UoMId", [
      { to: "uom", as: "unit_of_measurement_invoice_details", onDelete: "Restrict" },
    ]),
  ],
});
