import { expect, test } from "vitest";
import { aContact, aCustomer, aJob, aLineItem, aMeta } from "../builders.ts";
import { fieldsOf, mapped } from "./default-mappings.ts";

const hour = 3_600_000;

test("a row carries its key, its version and everything a later stage asks for", () => {
  const job = aJob({ id: "OLD/7", meta: aMeta({ revision: 3, repair: true, order: "o-1" }) });
  expect(mapped("job", job)).toMatchObject({
    kind: "mapped",
    record: {
      key: expect.stringMatching(/^job-x-[a-z2-7]{26}$/) as string,
      source_id: "OLD/7",
      entity: "job",
      plan: "the-plan",
      revision: 3,
      repair: true,
      order: "o-1",
      operation: "upsert",
      version: { run: 1, partition: 2, offset: 7 },
      committed_at: 1_700_000_000_000,
    },
  });
});

test("a deleted record is a delete that says why, whatever its body holds", () => {
  const meta = aMeta({ deleted: true, delete_reason: "census" });
  expect(mapped("job", aJob({ meta, status: "never heard of" }))).toMatchObject({
    record: { operation: "delete", delete_reason: "census", fields: null, key: "job-1001" },
  });
});

test("a root whose members are still to come makes no row yet", () => {
  const pending = aJob({ meta: aMeta({ members: "pending" }) });
  expect(mapped("job", pending)).toEqual({ kind: "skipped", reason: "members_pending" });
});

test("the hash follows the content alone", () => {
  const hash = (job: ReturnType<typeof aJob>) => {
    const result = mapped("job", job);
    return result.kind === "mapped" ? result.record.hash : result;
  };
  const meta = aMeta({ read_at: 1, order: "again", hash: "f".repeat(32) });
  expect(hash(aJob({ meta, raw: '{"a":1}' }))).toBe(hash(aJob()));
  expect(hash(aJob({ title: "Other" }))).not.toBe(hash(aJob()));
  // Neighbouring texts do not run into one another.
  const moved = hash(aJob({ cancel_reason: "ab", service_type: "c" }));
  expect(moved).not.toBe(hash(aJob({ cancel_reason: "a", service_type: "bc" })));
});

test.each(["Completed ", "Terminé", "On Hold", "completed"])(
  "the status %j nobody confirmed is rejected, and the error names field and value",
  (status) => {
    expect(mapped("job", aJob({ status }))).toMatchObject({
      kind: "rejected",
      error: {
        code: "VALUE_NOT_IN_TABLE",
        field: "status",
        object: "Case",
        message: expect.stringContaining(JSON.stringify(status)) as string,
      },
    });
  },
);

test("what a destination requires and the source lacks is rejected as missing", () => {
  for (const [entity, record, field] of [
    ["customer", aCustomer({ name: "  " }), "name"],
    ["job", aJob({ status: null }), "status"],
    ["contact", aContact({ first_name: null, last_name: null, display_name: " " }), "first_name"],
  ] as const) {
    expect(mapped(entity, record)).toMatchObject({
      kind: "rejected",
      error: { code: "VALUE_MISSING", field },
    });
  }
});

test("the owner is the primary technician, else the job's owner, else left to the fallback", () => {
  const owner = (changes: Parameters<typeof aJob>[0]) => fieldsOf("job", aJob(changes))["OwnerId"];
  const helper = { id: "8", technician_id: "8", role: "Helper", hours_worked: null };
  const primary = { id: "9", technician_id: "9", role: "Primary", hours_worked: null };
  expect(owner({ assignments: [helper, primary] })).toBe("technician-9");
  expect(owner({ assignments: [helper] })).toBe("user-1");
  expect(owner({ assignments: [], owner_id: null })).toBeNull();
});

test("a status time is the last time the status was entered", () => {
  const events = [
    { id: "1", to: "In Progress", at: 5 * hour },
    { id: "2", to: "Completed", at: 6 * hour },
    { id: "3", to: "In Progress", at: 9 * hour },
    { id: "4", to: "Completed", at: null },
  ];
  expect(fieldsOf("job", aJob({ status_events: events }))).toMatchObject({
    In_Progress_At__c: 9 * hour,
    Completed_At__c: 6 * hour,
    Pending_At__c: null,
  });
});

test("only a closed job is given a closed date, and what the source said stands beside it", () => {
  const reopened = aJob({ status: "Assigned", completed_at: 4 * hour });
  expect(fieldsOf("job", reopened)).toMatchObject({
    Status: "Working",
    ClosedDate: null,
    Source_Closed_At__c: 4 * hour,
  });
  const cancelled = aJob({ status: "Cancelled", completed_at: null, cancelled_at: hour });
  expect(fieldsOf("job", cancelled)).toMatchObject({ Status: "Closed", ClosedDate: hour });
});

test("a text too long for its field is cut there and whole in the overflow field", () => {
  const title = `${"é".repeat(254)}😀 and on`;
  const fields = fieldsOf("job", aJob({ title, description: "d".repeat(32_001) }));
  // The pair of the emoji is not torn.
  expect(fields["Subject"]).toBe("é".repeat(254));
  expect(fields["Subject_Full__c"]).toBe(title);
  expect(fields["Description"]).toHaveLength(32_000);
  expect(fields["Description_Full__c"]).toHaveLength(32_001);
  expect(fieldsOf("job", aJob())["Description_Full__c"]).toBeNull();
});

test("a text no field can take is rejected, and the error says how long it may be", () => {
  expect(mapped("job", aJob({ description: "x".repeat(2_000_000) }))).toMatchObject({
    error: {
      code: "TEXT_TOO_LONG",
      field: "description",
      message: expect.stringContaining("2000000 characters") as string,
    },
  });
  expect(mapped("customer", aCustomer({ account_number: "9".repeat(41) }))).toMatchObject({
    error: { code: "TEXT_TOO_LONG", field: "account_number" },
  });
});

test.each([
  [{ lat: "42.35", lng: "-71.0587" }, ["42.350000", "-71.058700", null]],
  [{ lat: "0", lng: "0.0" }, [null, null, "0, 0.0"]],
  [{ lat: "142.5", lng: "-271.25" }, [null, null, "142.5, -271.25"]],
  [{ lat: "n/a", lng: "n/a" }, [null, null, "n/a, n/a"]],
  [{ lat: "42.35", lng: null }, [null, null, "42.35, "]],
  [{ lat: null, lng: null }, [null, null, null]],
])("the position %j becomes %j", (position, [latitude, longitude, asSent]) => {
  expect(fieldsOf("job", aJob(position))).toMatchObject({
    Latitude__c: latitude,
    Longitude__c: longitude,
    Position_As_Sent__c: asSent,
  });
});

test("a customer's main address is the one it names, and the others are kept", () => {
  const site = (id: string, city: string, more = {}) => ({
    id,
    kind: "service",
    is_primary: false,
    label: null,
    line1: `${id} Beacon St`,
    line2: id === "2" ? "Unit 4" : null,
    city,
    region: "MA",
    postal_code: "02116",
    country: "US",
    ...more,
  });
  const locations = [
    site("1", "Boston"),
    site("2", "Quincy"),
    site("3", "Roxbury", { is_primary: true }),
  ];
  const fields = fieldsOf("customer", aCustomer({ locations, billing_address_id: "2" }));
  expect(fields).toMatchObject({ BillingCity: "Quincy", BillingStreet: "2 Beacon St\nUnit 4" });
  const further = JSON.parse(String(fields["Service_Address__c"])) as { city: string }[];
  expect(further.map(({ city }) => city)).toEqual(["Boston", "Roxbury"]);
  const primary = fieldsOf("customer", aCustomer({ locations, billing_address_id: "gone" }));
  expect(primary["BillingCity"]).toBe("Roxbury");
});

test("a contact's numbers and addresses each find one place, and none is lost", () => {
  const phone = (value: string, kind: string | null) => ({ value, kind, label: null });
  const fields = fieldsOf(
    "contact",
    aContact({
      emails: ["nobody at home", " A@x.example ", "b@x.example"].map((value) => ({
        value,
        label: null,
      })),
      phones: [phone("1", "office"), phone("2", "Mobile"), phone("3", "mobile"), phone("4", null)],
      roles: ["site manager", "site", "site"],
    }),
  );
  expect(fields).toMatchObject({
    Email: "A@x.example",
    Other_Emails__c: "nobody at home; b@x.example",
    Phone: "1",
    MobilePhone: "2",
    Other_Phones__c: "3; 4",
    Contact_Role__c: "Site;Site Manager",
  });
});

test("a line's money and quantity are exact, and what is finer than its field is rejected", () => {
  const line = (quantity: string, amount: string) =>
    mapped("line_item", aLineItem({ quantity, total: { amount, currency: null } }));
  expect(line("1.333", "-0099999999.9")).toMatchObject({
    record: { fields: { Quantity__c: "1.333", Total__c: "-99999999.90", Currency__c: null } },
  });
  expect(line("1", "0.005")).toMatchObject({ error: { code: "VALUE_INVALID", field: "total" } });
  expect(line("one", "1")).toMatchObject({ error: { code: "VALUE_INVALID", field: "quantity" } });
});

test("cleared fields are null, and an open yes or no is no", () => {
  const fields = fieldsOf(
    "customer",
    aCustomer({ tax_exempt: null, website: "", tags: [], balance: null }),
  );
  expect(fields).toMatchObject({
    Tax_Exempt__c: false,
    Website: null,
    Tags__c: null,
    Balance__c: null,
  });
});
