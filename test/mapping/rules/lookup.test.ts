import { expect, test } from "vitest";
import { referencedObject } from "../../../pipeline/core/plan.ts";
import { aContactLink } from "../../document-builders.ts";
import { anAssignment, aTechnician } from "../../visit-builders.ts";
import { compiledFrom, defaultFolder, fieldsOf, mapped, recordOf } from "../default-mappings.ts";

test("a lookup into several objects says which one a key means", () => {
  const { plan } = compiledFrom(defaultFolder);
  const task = plan.objects.find(({ object }) => object === "Task");
  const reference = task?.fields.find(({ name }) => name === "WhatId")?.reference;
  if (reference === undefined) throw new Error("WhatId is no lookup.");
  expect(referencedObject(reference, "job-1")).toBe("Case");
  expect(referencedObject(reference, "customer-1")).toBe("Account");
});

test("every assignment is a row, its user left open where nobody was found", () => {
  const { plan } = compiledFrom(defaultFolder);
  const junction = plan.objects.find(({ object }) => object === "Job_Technician__c");
  expect(junction?.fields.find(({ name }) => name === "User__c")).toMatchObject({
    owner: true,
    unresolved: "empty",
  });
  expect(fieldsOf("assignment", anAssignment())).toMatchObject({
    Case__c: "job-1001",
    User__c: "technician-7",
    Technician_Name__c: "Tess Ray",
    Role__c: "Primary",
    Hours_Worked__c: "1.5000",
  });
});

test("a case team knows its members by case and user", () => {
  const team = { settings: { crew: "team" } } as const;
  expect(recordOf("assignment", anAssignment({ role: "Helper" }), team).fields).toEqual({
    ParentId: "job-1001",
    MemberId: "technician-7",
    TeamRoleId: "Helper",
  });
  expect(mapped("assignment", anAssignment({ technician_id: null }), team)).toMatchObject({
    error: { code: "VALUE_MISSING", field: "technician_id" },
  });
});

test("a contact of a second customer is related to it, and to its own it already is", () => {
  expect(fieldsOf("contact_link", aContactLink())).toMatchObject({
    ContactId: "contact-1",
    AccountId: "customer-2",
    Roles: "Billing",
    IsActive: true,
  });
  const own = aContactLink({ customer_id: "1" });
  expect(recordOf("contact_link", own)).toMatchObject({
    operation: "delete",
    delete_reason: "no_row",
  });
  const copies = { settings: { shared_contacts: "copies" } } as const;
  expect(fieldsOf("contact_link", aContactLink(), copies)).toMatchObject({
    AccountId: "customer-2",
    LastName: "Baker",
    MobilePhone: "+1 617 555 0101",
    Copy_Of_Key__c: "contact-1",
  });
});

test("a technician's skills and certificates are written to the user; who may sign in is not", () => {
  const fields = fieldsOf("technician", aTechnician({ active: false }));
  expect(fields).toMatchObject({
    Skills__c: "Gas; Drains",
    Certifications__c: "Gas (until 2027-05-31)",
    Hourly_Rate__c: "42.50",
    Source_User_Key__c: "user-3",
  });
  expect(Object.keys(fields)).not.toContain("IsActive");
});
