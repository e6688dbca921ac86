import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "csv-parse";
import { expect, test } from "vitest";
import { aContact, aCustomer } from "../../builders.ts";
import { aContactLink } from "../../document-builders.ts";
import { aTechnician } from "../../visit-builders.ts";
import { dynamicsPlan, mappedInto, rowOf } from "./mapped-rows.ts";

const place = { label: null, line2: null, region: "MA", country: "US", kind: "service" };
const locations = [
  { ...place, id: "1", is_primary: false, line1: "1 First St", city: "Boston", postal_code: "1" },
  { ...place, id: "2", is_primary: true, line1: "2 Second St", city: "Quincy", postal_code: "2" },
  { ...place, id: "3", is_primary: false, line1: "3 Third St", city: "Malden", postal_code: "3" },
];

test("an account has its customer's main site and the next one as addresses 1 and 2", () => {
  const account = rowOf("account", "customer", aCustomer({ locations }));
  expect(account).toMatchObject({
    name: "Beacon Hill Bakery",
    address1_line1: "2 Second St",
    address1_city: "Quincy",
    address2_line1: "1 First St",
    address2_postalcode: "1",
    creditlimit: "1000.00",
    qd_balance: "12.50",
    qd_accountkind: "Customer",
  });
  const text = rowOf("account", "customer", aCustomer({ locations }), { further_sites: "text" });
  expect(JSON.parse(String(text["qd_serviceaddresses"]))).toHaveLength(2);
});

test.each([
  ["account", 0, 3, "Customer", false],
  ["historical", 1, 0, "Customer", false],
  ["historical", 0, 3, "Historical", false],
  ["lead", 0, 3, "Historical", false],
  ["lead", 0, 0, "Historical", true],
  ["lead", 1, 0, "Customer", false],
] as const)(
  "a customer routed as %s with %i open and %i closed jobs is a %s, and a lead: %s",
  (route, work_open, work_closed, kind, isLead) => {
    const customer = aCustomer({ work_open, work_closed });
    const settings = { customers_without_work: route };
    expect(rowOf("account", "customer", customer, settings)).toMatchObject({
      qd_accountkind: kind,
    });
    if (route !== "lead") {
      expect(dynamicsPlan(settings).plan.waves.flat()).not.toContain("lead");
      return;
    }
    const operation = isLead ? "upsert" : "delete";
    expect(mappedInto("lead", "customer", customer, settings)).toMatchObject({
      record: { operation, key: "customer-1" },
    });
    if (!isLead) return;
    expect(rowOf("lead", "customer", customer, settings)).toMatchObject({
      companyname: "Beacon Hill Bakery",
      lastname: "Beacon Hill Bakery",
      parentaccountid: "customer-1",
    });
  },
);

test("a contact belongs to its customer's account and is found by its first e-mail", () => {
  expect(rowOf("contact", "contact", aContact())).toMatchObject({
    parentcustomerid: "customer-1",
    emailaddress1: "ada@bakery.example",
    lastname: "Baker",
    mobilephone: "+1 617 555 0101",
    qd_contacttype: "Site",
  });
  const found = dynamicsPlan().plan.objects.filter(({ find }) => find !== undefined);
  expect(found.map(({ object, entity, find }) => [object, entity, find])).toEqual([
    ["contact", "contact", { by: ["emailaddress1"] }],
  ]);
});

test("a contact of several customers is a copy for each, or one with a row for every other", () => {
  expect(rowOf("contact", "contact_link", aContactLink())).toMatchObject({
    qd_copyofkey: "contact-1",
    parentcustomerid: "customer-2",
    qd_contacttype: "Billing",
  });
  const own = aContactLink({ customer_id: "1" });
  expect(mappedInto("contact", "contact_link", own)).toMatchObject({
    record: { operation: "delete" },
  });
  const relations = { shared_contacts: "relations" } as const;
  expect(rowOf("qd_contactlink", "contact_link", aContactLink(), relations)).toMatchObject({
    qd_contact: "contact-1",
    qd_account: "customer-2",
  });
});

test("a technician is a user of the environment, or a row beside it", () => {
  expect(rowOf("systemuser", "technician", aTechnician())).toMatchObject({
    qd_sourcekey: "technician-7",
    qd_certifications: "Gas (until 2027-05-31)",
  });
  const table = { technicians: "table" } as const;
  expect(rowOf("qd_technician", "technician", aTechnician(), table)).toMatchObject({
    qd_name: "Tess Ray",
    qd_user: "user-3",
    qd_isactive: true,
    qd_hourlyrate: "42.50",
  });
});

const corpus = resolve(import.meta.dirname, "../../../../shared/data/boston-311-2015-sample.csv");

test("every neighbourhood of the real service requests is a route zone", async (context) => {
  if (!existsSync(corpus)) return context.skip(`${corpus} is not there`);
  const fields = dynamicsPlan().customFields.get("qd_serviceorder") ?? [];
  const zones = fields.find(({ name }) => name === "qd_routezone")?.values ?? [];
  const named = new Set<string>();
  for await (const row of createReadStream(corpus).pipe(parse({ columns: true, bom: true }))) {
    named.add((row as { neighborhood: string }).neighborhood);
  }
  named.delete("");
  expect([...named].filter((name) => !zones.includes(name))).toEqual([]);
});
