import { expect, test } from "vitest";
import { aPayment, dollars } from "../../document-builders.ts";
import { fieldsOf } from "../default-mappings.ts";

test("moments inside a JSON text are written out, and what is unknown stays so", () => {
  const applications = [
    { invoice_id: "41", amount: dollars("110.00"), at: Date.UTC(2026, 0, 22, 9, 30) },
    { invoice_id: "42", amount: null, at: null },
  ];
  const written = fieldsOf("payment", aPayment({ applications }))["Applications__c"];
  expect(JSON.parse(String(written))).toEqual([
    { ...applications[0], at: "2026-01-22T09:30:00.000Z" },
    applications[1],
  ]);
});
