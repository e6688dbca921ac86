import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { aFile, aJob, aLink, aNote, KeylessWorld } from "../loader/keyless-world.ts";
import type { RunningLoader } from "../loader/migration-world.ts";
import { ObservedWorld } from "./observed-world.ts";

const world = new KeylessWorld();
const read = new ObservedWorld(world);
let loader: RunningLoader;

beforeAll(async () => {
  await world.open();
  const users = [{ email: "crew@cutover.example", name: "Crew" }];
  const { ids } = await world.org.admin<{ ids: string[] }>("POST", "users", { users });
  await world.owners(2, { "technician-1": ids[0] as string }, ids[0] as string);
  loader = await world.start();
  await read.open();
});
afterAll(async () => {
  await Promise.allSettled([loader.stop(), read.close()]);
  await world.close();
  await closeWatermarks();
});

const settled = () => expect.poll(() => world.passed()).toBe(true);
const one = async (soql: string): Promise<string> =>
  String((await world.org.query(soql))[0]?.["Id"]);

test("comments, files, links and users are read back and equal, whatever Salesforce adds of its own", async () => {
  const role = { AccessLevel: "Edit", PreferencesVisibleInCSP: false };
  await world.org.rest("POST", "sobjects/CaseTeamRole", { Name: "Helper", ...role });
  await world.say(
    aJob("job-1"),
    { object: "Account", key: "customer-1", fields: { Name: "c" } },
    { object: "User", key: "technician-1", fields: { Skills__c: "HVAC" } },
    { object: "User", key: "technician-9", fields: { Skills__c: "none" } },
    {
      object: "CaseTeamMember",
      key: "assignment-1",
      fields: { ParentId: "job-1", MemberId: "technician-1", TeamRoleId: "Helper" },
    },
    aNote("note-1", "job-1", "one", "two"),
    aNote("note-2", "job-1", "three"),
    aFile("attachment-1", world.file("photo")),
    aFile("attachment-2", world.file(Buffer.alloc(300_000, 7))),
    aLink("attachment-1", "attachment-1", "job-1"),
    aLink("attachment-2", "attachment-2", "customer-1"),
  );
  await settled();
  await read.sweep("first");
  expect(await read.recheck("first")).toEqual([]);
  const states = await read.states();
  expect(states.filter(({ state }) => state !== "equal")).toEqual([]);
  expect(states.map(({ key, reason }) => `${key} ${reason}`.trim())).toEqual([
    ...[
      "assignment-1",
      "attachment-1",
      "attachment-1",
      "attachment-2",
      "attachment-2",
      "customer-1",
      "job-1",
    ],
    ...["note-1/1", "note-1/2", "note-2/1", "technician-1", "technician-9 no_user"],
  ]);
});

test("a changed comment, a removed link, a file with other bytes and a comment too many are each named", async () => {
  await world.org.admin("POST", "tamper", {
    object: "CaseComment",
    id: await one("SELECT Id FROM CaseComment LIMIT 1"),
    set: { CommentBody: "edited" },
  });
  await world.org.admin("POST", "tamper", {
    object: "ContentDocumentLink",
    id: await one(
      `SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId = '${await one("SELECT Id FROM Account")}'`,
    ),
    delete: true,
  });
  const [first] = await world.org.query(
    "SELECT ContentDocumentId FROM ContentVersion WHERE Source_Key__c = 'attachment-1'",
  );
  await world.org.rest("POST", "sobjects/ContentVersion", {
    ...{ ContentDocumentId: first?.["ContentDocumentId"], Title: "attachment-1" },
    ...{ PathOnClient: "attachment-1.txt", VersionData: Buffer.from("PHOTO").toString("base64") },
  });
  await world.org.rest("POST", "sobjects/CaseComment", {
    ParentId: await one("SELECT Id FROM Case"),
    CommentBody: "three",
  });
  await read.sweep("second");
  expect((await read.recheck("second")).length).toBe(4);
  const report = await read.ledger.report();
  expect(report.differences).toMatchObject([
    { object: "CaseComment", field: "CommentBody", found: "edited" },
    { object: "ContentVersion", key: "attachment-1", field: "VersionData" },
  ]);
  expect(report.missing).toMatchObject([{ object: "ContentDocumentLink", key: "attachment-2" }]);
  expect(report.extra).toMatchObject([{ object: "CaseComment", reason: "unknown_row" }]);
  expect(report.in_flight).toEqual([]);
});
