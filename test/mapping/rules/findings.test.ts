import { expect, test } from "vitest";
import { anInvoice, aPayment, dollars } from "../../document-builders.ts";
import { fieldsOf, mapped } from "../default-mappings.ts";
import { aJob } from "../../builders.ts";

test("a bill whose sums agree says nothing", () => {
  expect(fieldsOf("invoice", anInvoice())["Findings__c"]).toBeNull();
  expect(fieldsOf("payment", aPayment())["Findings__c"]).toBeNull();
});

test.each([
  ["lines that miss a cent", { lines_total: "99.99" }, "Its 2 lines add up to 99.99"],
  ["no lines", { lines_total: null, lines_count: 0 }, "Its 0 lines add up to 0.00"],
  ["a wrong total", { total: dollars("111.00") }, "Subtotal, tax and fees less the discount"],
  ["a payment too few", { payments_total: "10.005" }, "Its 1 payments add up to 10.005"],
  [
    "more paid than billed",
    { paid: dollars("120.00"), payments_total: "120" },
    "120.00 is paid of 110.00",
  ],
  ["a job that was cancelled", { job_status: "Cancelled" }, "The job of this bill is cancelled."],
])("a bill with %s says so, and its amounts stay as they are", (_, changes, finding) => {
  const invoice = anInvoice(changes);
  const fields = fieldsOf("invoice", invoice);
  expect(fields["Findings__c"]).toContain(finding);
  expect(fields).toMatchObject({
    Subtotal__c: invoice.subtotal?.amount,
    Total__c: invoice.total?.amount,
    Paid__c: invoice.paid?.amount,
  });
});

test("a refund that names no payment says so, and one that does says nothing", () => {
  const back = { amount: dollars("-20.00"), applications: [] };
  const said = (refund_of: string | null) =>
    fieldsOf("payment", aPayment({ ...back, refund_of }))["Findings__c"];
  expect(said(null)).toContain("does not say which payment");
  expect(said("40")).toBeNull();
});

test("a payment for several bills keeps all it is applied to", () => {
  const applications = ["41", "42"].map((invoice_id) => ({
    invoice_id,
    amount: dollars("50.00"),
    at: null,
  }));
  const fields = fieldsOf("payment", aPayment({ applications, invoice_id: null }));
  expect(fields["Invoice__c"]).toBeNull();
  expect(JSON.parse(String(fields["Applications__c"]))).toEqual(applications);
  expect(fields["Findings__c"]).toContain("makes 100.00, and the amount is 110.00");
});

test("an invoice names its case, its customer and its days", () => {
  expect(fieldsOf("invoice", anInvoice({ adjusts_invoice_id: "40" }))).toMatchObject({
    Case__c: "job-1001",
    Account__c: "customer-1",
    Adjusts_Invoice__c: "invoice-40",
    Issued_On__c: "2026-01-21",
    Lines_Count__c: 2,
  });
  expect(mapped("invoice", anInvoice({ due_on: "2026-02-31" }))).toMatchObject({
    error: { code: "VALUE_INVALID", field: "due_on" },
  });
});

test("where invoices are no objects, the case carries them as JSON, or nothing does", () => {
  const member = {
    id: "41",
    number: "INV-41",
    status: "paid",
    issued_on: "2026-01-21",
    due_on: null,
    subtotal: "100.00",
    tax: null,
    fees: null,
    discount: null,
    total: "110.00",
    paid: "110.00",
    balance: "0.00",
    currency: "USD",
    lines_total: "100.00",
    payments_total: "110.00",
  };
  const job = aJob({ invoices: [member], invoices_count: 1 });
  const json = fieldsOf("job", job, { settings: { invoices: "json" } })["Invoices__c"];
  expect(JSON.parse(String(json))).toEqual([member]);
  for (const invoices of ["object", "none"] as const) {
    expect(fieldsOf("job", job, { settings: { invoices } })).not.toHaveProperty("Invoices__c");
  }
});
