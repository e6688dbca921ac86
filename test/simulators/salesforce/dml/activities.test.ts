import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";
import { type Rows, rowsOf } from "../rows.ts";

let org: OrgClient;
let rows: Rows;
let account = "";
let contact = "";
let job = "";
beforeAll(async () => {
  org = await openOrgClient();
  rows = rowsOf(org);
  account = await rows.create("Account", { Name: "Acme" });
  contact = await rows.create("Contact", { LastName: "Doe", AccountId: account });
  job = await rows.create("Case", { Subject: "Boiler", AccountId: account });
});
afterAll(() => org.close());

const noon = "2026-03-29T12:00:00Z";

test("a timed event takes its end from its length, its length from its end, and refuses the two in conflict", async () => {
  const byLength = await rows.create("Event", {
    Subject: "Visit",
    StartDateTime: noon,
    DurationInMinutes: 90,
    WhatId: job,
  });
  expect(await rows.read("Event", byLength)).toMatchObject({
    EndDateTime: "2026-03-29T13:30:00.000+0000",
    ActivityDateTime: "2026-03-29T12:00:00.000+0000",
    ActivityDate: "2026-03-29",
    ShowAs: "Busy",
    IsAllDayEvent: false,
  });
  const byEnd = await rows.create("Event", {
    ActivityDateTime: noon,
    EndDateTime: "2026-03-30T12:00:30Z",
  });
  expect(await rows.read("Event", byEnd)).toMatchObject({
    DurationInMinutes: 1440,
    StartDateTime: "2026-03-29T12:00:00.000+0000",
    EndDateTime: "2026-03-30T12:00:30.000+0000",
  });
  const conflict = { StartDateTime: noon, EndDateTime: "2026-03-29T13:00:00Z" };
  expect(await rows.refusal("Event", { ...conflict, DurationInMinutes: 30 })).toMatchObject({
    errorCode: "FIELD_INTEGRITY_EXCEPTION",
  });
});

test.each([
  [{ StartDateTime: noon }, "REQUIRED_FIELD_MISSING"],
  [{ DurationInMinutes: 30 }, "REQUIRED_FIELD_MISSING"],
  [{ IsAllDayEvent: true }, "REQUIRED_FIELD_MISSING"],
  [{ StartDateTime: noon, EndDateTime: "2026-03-29T11:00:00Z" }, "FIELD_INTEGRITY_EXCEPTION"],
  [{ StartDateTime: noon, DurationInMinutes: 14 * 1440 + 1 }, "FIELD_INTEGRITY_EXCEPTION"],
  [
    { StartDateTime: noon, ActivityDateTime: "2026-03-29T13:00:00Z", DurationInMinutes: 1 },
    "FIELD_INTEGRITY_EXCEPTION",
  ],
  [{ IsAllDayEvent: true, StartDateTime: noon }, "FIELD_INTEGRITY_EXCEPTION"],
  [
    { IsAllDayEvent: true, ActivityDate: "2026-03-29", DurationInMinutes: 90 },
    "FIELD_INTEGRITY_EXCEPTION",
  ],
  [
    { StartDateTime: noon, DurationInMinutes: 1, ShowAs: "Away" },
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
  ],
])("an event that cannot be is refused: %j", async (fields, errorCode) => {
  expect(await rows.refusal("Event", fields)).toMatchObject({ errorCode });
});

test("an all-day event keeps its plain date in every zone and ends on its last day", async () => {
  const one = await rows.create("Event", { IsAllDayEvent: true, ActivityDate: "2026-03-29" });
  expect(await rows.read("Event", one)).toMatchObject({
    ActivityDate: "2026-03-29",
    StartDateTime: "2026-03-29T00:00:00.000+0000",
    EndDateTime: "2026-03-29T00:00:00.000+0000",
    DurationInMinutes: 1440,
  });
  const three = await rows.create("Event", {
    IsAllDayEvent: true,
    ActivityDate: "2026-03-29",
    DurationInMinutes: 3 * 1440,
  });
  expect(await rows.read("Event", three)).toMatchObject({
    EndDateTime: "2026-03-31T00:00:00.000+0000",
    EndDate: "2026-03-31",
  });
});

test("moving the start of an event moves its end; other changes leave its times alone", async () => {
  const id = await rows.create("Event", { StartDateTime: noon, DurationInMinutes: 60 });
  await rows.update("Event", id, { StartDateTime: "2026-04-01T08:00:00Z" });
  const moved = { EndDateTime: "2026-04-01T09:00:00.000+0000", DurationInMinutes: 60 };
  expect(await rows.read("Event", id)).toMatchObject(moved);
  await rows.update("Event", id, { Subject: "New name" });
  expect(await rows.read("Event", id)).toMatchObject(moved);
});

test("who and what an activity is about is checked by kind, and decides its account", async () => {
  const times = { StartDateTime: noon, DurationInMinutes: 1 };
  expect(await rows.refusal("Event", { ...times, WhoId: account })).toMatchObject({
    errorCode: "MALFORMED_ID",
    message: expect.stringContaining("id value of incorrect type"),
  });
  const direct = await rows.create("Event", { ...times, WhatId: account });
  const byPerson = await rows.create("Task", { WhatId: job, WhoId: contact });
  const none = await rows.create("Task", { WhatId: job });
  expect(await rows.read("Event", direct)).toMatchObject({ AccountId: account });
  expect(await rows.read("Task", byPerson)).toMatchObject({ AccountId: account });
  expect(await rows.read("Task", none)).toMatchObject({ AccountId: null });
  const line = await rows.create("Work_Order_Line_Item__c", { Case__c: job });
  await rows.create("Task", { WhatId: line });
});

test("a task is closed by its status, keeps when, and takes calls and audit stamps", async () => {
  const created = "2021-05-06T07:08:09.000+0000";
  const id = await rows.create("Task", {
    Subject: "Call",
    TaskSubtype: "Call",
    CallType: "Inbound",
    CallDurationInSeconds: 95,
    Status: "Completed",
    ActivityDate: "2021-05-06",
    CreatedDate: created,
    LastModifiedDate: created,
  });
  expect(await rows.read("Task", id)).toMatchObject({
    IsClosed: true,
    CompletedDateTime: expect.any(String),
    CreatedDate: created,
    Priority: "Normal",
  });
  await rows.update("Task", id, { Status: "In Progress", Priority: "High" });
  expect(await rows.read("Task", id)).toMatchObject({
    IsClosed: false,
    CompletedDateTime: null,
    IsHighPriority: true,
  });
  const late = await rows.update("Task", id, { TaskSubtype: "Email" });
  expect(late.json[0].errorCode).toBe("INVALID_FIELD_FOR_INSERT_UPDATE");
  expect(await rows.refusal("Task", { CallType: "Sideways" })).toMatchObject({
    errorCode: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
  });
});

test("a custom field of Activity is on tasks and on events", async () => {
  const fields = [{ name: "Outcome__c", type: "Text", length: 80 }];
  await org.admin("POST", "schema", { objects: [{ name: "Activity", fields }] });
  await rows.create("Task", { Outcome__c: "reached" });
  await rows.create("Event", {
    StartDateTime: noon,
    DurationInMinutes: 1,
    Outcome__c: "held",
  });
});

test("a series is given at creation only and makes its occurrences", async () => {
  const id = await rows.create("Event", {
    Subject: "Service round",
    IsRecurrence: true,
    RecurrenceType: "RecursWeekly",
    RecurrenceInterval: 2,
    RecurrenceDayOfWeekMask: 2 + 8,
    RecurrenceStartDateTime: "2026-06-01T09:00:00Z",
    RecurrenceEndDateOnly: "2026-06-20",
    RecurrenceTimeZoneSidKey: "America/New_York",
    DurationInMinutes: 30,
  });
  const made = await rows.select(
    `SELECT StartDateTime, EndDateTime, IsRecurrence FROM Event WHERE RecurrenceActivityId = '${id}' ORDER BY StartDateTime`,
  );
  expect(made.map((one) => one.StartDateTime.slice(0, 16))).toEqual([
    "2026-06-01T09:00",
    "2026-06-03T09:00",
    "2026-06-15T09:00",
    "2026-06-17T09:00",
  ]);
  expect(made[0]).toMatchObject({
    EndDateTime: "2026-06-01T09:30:00.000+0000",
    IsRecurrence: false,
  });
  const later = await rows.update("Event", id, { IsRecurrence: false });
  expect(later.json[0].errorCode).toBe("INVALID_FIELD_FOR_INSERT_UPDATE");
});

test("a year after its end an event is archived: queryAll sees it, query does not", async () => {
  const id = await rows.create("Event", { StartDateTime: noon, DurationInMinutes: 1 });
  const { now } = (await org.admin("GET", "clock")).json;
  await org.admin("POST", "clock", { at: "2028-01-01T00:00:00Z" });
  await org.signIn();
  const soql = `SELECT Id, IsArchived FROM Event WHERE Id = '${id}'`;
  expect(await rows.select(soql)).toEqual([]);
  const all = await org.rest("GET", `/queryAll?q=${encodeURIComponent(soql)}`);
  expect(all.json.records).toMatchObject([{ Id: id, IsArchived: true }]);
  await org.admin("POST", "clock", { at: now });
  await org.signIn();
});
