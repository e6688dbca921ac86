import { expect, test } from "vitest";
import type { MergedLine } from "../../../pipeline/core/generated/records.ts";
import type { GivenSettings } from "../../../pipeline/mapping/settings.ts";
import { aJob, aLineItem, aMeta, envelope } from "../../builders.ts";
import { anInvoice, dollars } from "../../document-builders.ts";
import { anAssignment } from "../../visit-builders.ts";
import { dynamicsPlan, mappedInto, rowOf } from "./mapped-rows.ts";

const professional = { edition: "professional" } as const;

test("a line is a row of its order, or written into its opportunity, its money exact", () => {
  expect(rowOf("qd_serviceline", "line_item", aLineItem())).toMatchObject({
    qd_serviceorder: "job-1001",
    qd_quantity: "1.50000",
    qd_unitprice: "90.00",
    qd_total: "143.10",
  });
  expect(rowOf("opportunityproduct", "line_item", aLineItem(), professional)).toMatchObject({
    opportunityid: "job-1001",
    isproductoverridden: true,
    productdescription: "First hour",
    quantity: "1.50000",
    priceperunit: "90.00",
    tax: "8.10",
    qd_total: "143.10",
  });
  const finer = aLineItem({ unit_price: dollars("1.005") });
  expect(mappedInto("qd_serviceline", "line_item", finer)).toMatchObject({
    kind: "rejected",
    error: { field: "unit_price" },
  });
});

test("what makes a line written in is said once: no update may touch it", () => {
  const { objects } = dynamicsPlan(professional).plan;
  const lines = objects.find(({ object }) => object === "opportunityproduct");
  const once = lines?.fields.filter(({ createOnly }) => createOnly === true);
  expect(once?.map(({ name }) => name)).toEqual(["opportunityid", "isproductoverridden"]);
});

test("under products: catalogue a line says by which names its product may be known, and its opportunity of which price list it is", () => {
  const catalogue = { ...professional, products: "catalogue" } as const;
  const line = (own: Parameters<typeof aLineItem>[0], lines: "rows" | "merged" = "rows") =>
    rowOf("opportunityproduct", "line_item", aLineItem(own), { ...catalogue, lines });
  const both = line({ sku: "L-1", service_type: "Boiler repair" });
  expect(both).toMatchObject({ qd_productnames: "L-1\nBoiler repair", qd_total: "143.10" });
  // Whether it is written in is for the environment to say.
  expect(both).not.toHaveProperty("isproductoverridden");
  expect(both).toMatchObject({ productdescription: "First hour", priceperunit: "90.00" });
  expect(line({ sku: null, service_type: null })).toMatchObject({ qd_productnames: null });
  const listOf = (settings: GivenSettings) =>
    rowOf("opportunity", "job", aJob(), settings)["pricelevelid"];
  expect(listOf(catalogue)).toBe("Standard");
  expect(listOf({ ...catalogue, price_list: "Boston 2026" })).toBe("Boston 2026");
  expect(listOf(professional)).toBeUndefined();
  for (const settings of [professional, { edition: "enterprise" } as const]) {
    const tables = [...dynamicsPlan(settings).customFields.values()].flat();
    expect(tables.map(({ name }) => name)).not.toContain("qd_productnames");
  }
});

test("equal lines merged are one row with the sums of all", () => {
  const merged: MergedLine = {
    ...envelope,
    meta: aMeta(),
    id: "1001.abc",
    job_id: "1001",
    kind: "labor",
    sku: "L-1",
    service_type: "Boiler repair",
    description: null,
    unit: "h",
    unit_price: dollars("90.00"),
    taxable: true,
    position: 1,
    quantity: "4.5",
    total: dollars("405.00"),
    tax: null,
    cost: null,
    lines_count: 3,
    line_ids: ["1", "2", "3"],
  };
  const settings = { ...professional, lines: "merged" } as const;
  expect(rowOf("opportunityproduct", "merged_line", merged, settings)).toMatchObject({
    productdescription: "Boiler repair",
    quantity: "4.50000",
    qd_total: "405.00",
    qd_mergedlines: 3,
    qd_mergedlineids: "1; 2; 3",
  });
  expect(dynamicsPlan(settings).mappers.has("line_item")).toBe(false);
});

test("who worked on a job is a row with user, role and hours", () => {
  expect(rowOf("qd_jobtechnician", "assignment", anAssignment())).toMatchObject({
    qd_serviceorder: "job-1001",
    qd_user: "technician-7",
    qd_role: "Primary",
    qd_hoursworked: "1.5000",
  });
  const rows = { ...professional, crew: "rows" } as const;
  const row = rowOf("qd_jobtechnician", "assignment", anAssignment(), rows);
  expect(row).toMatchObject({ qd_opportunity: "job-1001" });
  expect(row).not.toHaveProperty("qd_serviceorder");
});

test("a bill is a row with its findings, or JSON on its job", () => {
  const odd = anInvoice({ paid: dollars("120.00") });
  expect(rowOf("qd_invoice", "invoice", odd)).toMatchObject({
    qd_name: "INV-41",
    qd_serviceorder: "job-1001",
    qd_total: "110.00",
    qd_linestotal: "100.0000",
    qd_findings: expect.stringContaining("120.00 is said to be paid") as string,
  });
  for (const invoices of ["json", "business_central", "none"] as const) {
    expect(dynamicsPlan({ invoices }).mappers.has("invoice")).toBe(false);
  }
});
