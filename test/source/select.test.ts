import { expect, test } from "vitest";
import { Fault } from "../../pipeline/source/coerce.ts";
import type { FieldSpec } from "../../pipeline/source/profile-schema.ts";
import { compileSelect } from "../../pipeline/source/select.ts";
import { textFault } from "../../pipeline/source/text-faults.ts";

const times = { timezone: "America/New_York", format: "iso8601" } as const;

function selected(row: object, fields: Readonly<Record<string, FieldSpec>>) {
  return compileSelect("job", fields, { ...times, idField: "id" })(row);
}

test("ids, codes and decimals become texts, however the source writes them", () => {
  const row = { id: 7, no: "007", customer: "12", zip: true, tags: ["a", 1, null] };
  const fields = { number: "$.no", customer_id: "$.customer", zone_id: "$.zip", tags: "$.tags[*]" };
  expect(selected(row, fields)).toMatchObject({
    id: "7",
    number: "007",
    customer_id: "12",
    zone_id: "true",
    tags: ["a", "1"],
    active: true,
    title: null,
  });
});

test("a time without an offset is a time of the tenant's zone, on both sides of a change of clocks", () => {
  const at = (due: unknown) => {
    const record = selected({ id: 1, due }, { due_at: "$.due" });
    return record instanceof Fault ? record.what : new Date(Number(record["due_at"])).toISOString();
  };
  expect(at("2025-07-01 09:00:00")).toBe("2025-07-01T13:00:00.000Z");
  expect(at("2025-01-01T09:00")).toBe("2025-01-01T14:00:00.000Z");
  expect(at("2025-01-01T09:00:00+01:00")).toBe("2025-01-01T08:00:00.000Z");
  expect(at("2025-01-01T09:00:00.123Z")).toBe("2025-01-01T09:00:00.123Z");
  expect(at("2025-02-30")).toBe("is no moment in time");
  expect(at("soon")).toBe("is no moment in time");
});

test("money is an exact amount; without one there is none", () => {
  const fields = { total: { money: "$.total", currency: "$.currency" } };
  const total = (value: unknown) => {
    const record = selected({ id: 1, total: value, currency: "USD" }, fields);
    return record instanceof Fault ? record : record["total"];
  };
  expect(total("-12.50")).toEqual({ amount: "-12.50", currency: "USD" });
  expect(total("1e-7")).toEqual({ amount: "0.0000001", currency: "USD" });
  expect(total(null)).toBeNull();
  expect(total("12,50")).toEqual(new Fault("total", "is no decimal number"));
});

test("a wrong value names its field, also inside a list", () => {
  const fields = { emails: { each: "$.mails[*]", fields: { value: "$.v" } } };
  const contact = compileSelect("contact", fields, { ...times, idField: "id" });
  expect(contact({ id: 1, mails: [{ v: "a@b.example" }, {}] })).toEqual(
    new Fault("emails[1].value", "is missing"),
  );
  expect(selected({ id: 1, seq: 1.5 }, { route_sequence: "$.seq" })).toBeInstanceOf(Fault);
  expect(selected({ id: 1, t: { a: 1 } }, { title: "$.t" })).toEqual(
    new Fault("title", "is an object, not a text"),
  );
});

test("custom properties keep their text and tell their type", () => {
  const custom = { each: "$.c[*]", fields: { key: "$.k", value: "$.v" } };
  const values = ["12", 12, "12 units", true, null, ["a"], "2025-01-01"];
  const row = { id: 1, c: values.map((v, k) => ({ k, v })) };
  const record = selected(row, { custom }) as { custom?: unknown };
  expect(record.custom).toMatchObject([
    { value: "12", type_guess: "number" },
    { value: "12", type_guess: "number" },
    { value: "12 units", type_guess: "text" },
    { value: "true", type_guess: "boolean" },
    { value: null, type_guess: "unknown" },
    { value: '["a"]', type_guess: "list" },
    { value: "2025-01-01", type_guess: "date" },
  ]);
});

test("a lone surrogate or NUL is found wherever it stands, a pair is text", () => {
  const found = (record: object) => textFault(record, JSON.stringify(record))?.field;
  expect(found({ a: [{ b: "x\ud83dy" }] })).toBe("a[0].b");
  expect(found({ a: "\u0000" })).toBe("a");
  expect(found({ a: "👩‍🔧", b: "\\ud83d" })).toBeUndefined();
});

test("a part of a row and amounts inside a list are read like the row itself", () => {
  const appointment = compileSelect(
    "appointment",
    { recurrence: { of: "$.series", fields: { text: "$.words", exdates: "$.not[*]" } } },
    { ...times, idField: "id" },
  );
  expect(appointment({ id: 1, series: { words: "every 2nd Tue", not: ["2025-01-14"] } })).toEqual(
    expect.objectContaining({
      recurrence: { rrule: null, text: "every 2nd Tue", series_id: null, exdates: ["2025-01-14"] },
    }),
  );
  expect(appointment({ id: 1 })).toMatchObject({ recurrence: null });
  const amount = { money: "$.sum", currency: "^.currency" };
  const payment = compileSelect(
    "payment",
    { applications: { each: "$.to[*]", fields: { invoice_id: "$.invoice", amount } } },
    { ...times, idField: "id" },
  );
  expect(payment({ id: 1, currency: "USD", to: [{ invoice: 7, sum: "1.50" }] })).toMatchObject({
    applications: [{ invoice_id: "7", amount: { amount: "1.50", currency: "USD" }, at: null }],
  });
});
