import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { ourUser } from "./observer-scribe.ts";
import { Scribe } from "./scribe.ts";

let scribe: Scribe;
let ledger: Awaited<ReturnType<Scribe["ledger"]>>;

beforeAll(async () => {
  scribe = await new Scribe().open();
  ledger = await scribe.ledger();
  await scribe.createdCase("1", { Subject: "Boiler" });
  await scribe.identity("Case", "job-1", await scribe.source("job", "0"), ["500A"]);
});
afterAll(async () => {
  await ledger.stop();
  await scribe.close();
  await closeWatermarks();
});

/** Key and state of every row of an object whose key begins so. */
async function states(object: string, begin: string): Promise<readonly string[]> {
  await scribe.level(ledger.client);
  const rows = await ledger.client.query<{ key: string; state: string; reason: string }>(
    `SELECT key, state, reason FROM record_state WHERE object = '${object}' AND startsWith(key, '${begin}') ORDER BY key`,
  );
  return rows.map(({ key, state, reason }) => `${key} ${state} ${reason}`.trim());
}

const note = { ParentId: "job-1", CreatedById: "technician-1" };
const parts = (...texts: string[]) => texts.map((CommentBody) => ({ CommentBody }));
const comment = (body: string, by = "005000000000001AAA") => ({
  ...{ ParentId: "job-1", CommentBody: body, CreatedById: by },
});
const asked = { lane: "ask", modified_by: ourUser };

test("each part of a note is judged for itself, found by what identity says of its record", async () => {
  await scribe.created("CaseComment", "note-1", note, ["c1", "c2"], parts("one", "two"));
  await scribe.observed("CaseComment", "id:c2", comment("two"));
  expect(await states("CaseComment", "note-1")).toEqual([
    "note-1/1 in_flight not_read",
    "note-1/2 equal",
  ]);
  await scribe.observed("CaseComment", "id:c1", comment("one"));
  expect(await states("CaseComment", "note-1")).toEqual(["note-1/1 equal", "note-1/2 equal"]);
});

test("a comment changed behind our back is named by part, field and text, one removed is missing", async () => {
  await scribe.created("CaseComment", "note-2", note, ["c3", "c4"], parts("three", "four"));
  await scribe.observed("CaseComment", "id:c3", comment("three"));
  await scribe.observed("CaseComment", "id:c4", comment("4"));
  expect(await states("CaseComment", "note-2/2")).toEqual(["note-2/2 in_flight recheck"]);
  expect(await ledger.client.suspicious()).toEqual([
    { object: "CaseComment", key: "note-2/2", id: "c4" },
  ]);
  await scribe.observed("CaseComment", "id:c4", comment("4"), asked);
  expect(await states("CaseComment", "note-2")).toEqual(["note-2/1 equal", "note-2/2 differs"]);
  expect(await ledger.client.differences()).toMatchObject([
    { key: "note-2/2", field: "CommentBody", expected: "four", found: "4", destination_id: "c4" },
  ]);
  await scribe.sweep("CaseComment", "without-c3", []);
  await scribe.observed("CaseComment", "id:c4", comment("four"), asked);
  expect(await states("CaseComment", "note-2/1")).toEqual(["note-2/1 in_flight recheck"]);
  await scribe.absent("CaseComment", "note-2/1");
  expect(await states("CaseComment", "note-2")).toEqual(["note-2/1 missing", "note-2/2 equal"]);
  expect(await ledger.client.deviating()).toMatchObject([{ key: "note-2", source_id: "2" }]);
});

test("an author is compared only where the same one was asked for and confirmed when the row was made", async () => {
  const other = "005000000000009AAA";
  const nobody = { ...note, CreatedById: "technician-9" };
  await scribe.created("CaseComment", "note-3", nobody, ["c5"], parts("x"));
  await scribe.observed("CaseComment", "id:c5", comment("x", ourUser));
  await scribe.created("CaseComment", "note-4", note, ["c6"], parts("x"));
  await scribe.observed("CaseComment", "id:c6", comment("x", other), asked);
  expect(await states("CaseComment", "note-3")).toEqual(["note-3/1 equal"]);
  expect(await states("CaseComment", "note-4")).toEqual(["note-4/1 differs"]);
  const differing = (await ledger.client.differences()).filter(({ key }) => key === "note-4/1");
  expect(differing).toMatchObject([{ field: "CreatedById", expected: "005000000000001AAA" }]);
});

test("a part that a record no longer has is extra until it is gone", async () => {
  await scribe.created("CaseComment", "note-5", note, ["c7", "c8"], parts("a", "b"));
  await scribe.observed("CaseComment", "id:c7", comment("a"));
  await scribe.observed("CaseComment", "id:c8", comment("b"));
  const shorter = await scribe.source("note", "5");
  await scribe.load("CaseComment", "5", shorter, note, parts("a"));
  await scribe.outcome("CaseComment", "note-5", shorter, "updated");
  await scribe.observed("CaseComment", "id:c7", comment("a"));
  await scribe.observed("CaseComment", "id:c8", comment("b"), asked);
  expect(await states("CaseComment", "note-5")).toEqual([
    "note-5/1 equal",
    "note-5/2 extra surplus",
  ]);
  await scribe.observed("CaseComment", "id:c8", comment("b"), { deleted: true });
  await scribe.identity("CaseComment", "note-5", shorter, ["c7"]);
  expect(await states("CaseComment", "note-5")).toEqual(["note-5/1 equal"]);
  expect(await states("CaseComment", "id:c8")).toEqual([]);
});

test("a row nobody claims is extra if we wrote it, and no request may still turn out to be its own", async () => {
  await scribe.sweep("CaseComment", "who-we-are", []);
  await scribe.observed("CaseComment", "id:c20", comment("hello"), {
    ...asked,
    modified_by: "005000000000777AAA",
  });
  expect(await states("CaseComment", "id:c20"), "an agent's own comment").toEqual([]);
  const version = await scribe.source("note", "20");
  await scribe.load("CaseComment", "20", version, note, parts("new"));
  await scribe.request("CaseComment", "note-20", version, "intended");
  await scribe.observed("CaseComment", "id:c21", comment("new"), asked);
  expect(await states("CaseComment", "id:c21")).toEqual(["id:c21 in_flight ledger_behind"]);
  await scribe.outcome("CaseComment", "note-20", version, "created");
  expect(await states("CaseComment", "id:c21")).toEqual(["id:c21 in_flight ledger_behind"]);
  await scribe.identity("CaseComment", "note-20", version, ["c22"]);
  expect(await states("CaseComment", "id:c21")).toEqual(["id:c21 extra unknown_row"]);
});

test("a link is equal where both its ends are the rows their keys became, and differs where one is another", async () => {
  const ends = { ContentDocumentId: "attachment-1", LinkedEntityId: "job-1", ShareType: "V" };
  const digest = createHash("sha256").update("photo").digest("hex");
  const version = await scribe.created(
    "ContentVersion",
    "attachment-1",
    { Title: "photo.jpg", VersionData: `sha256:${digest}:5` },
    ["069A"],
  );
  await scribe.observed("ContentVersion", "attachment-1", {
    Title: "photo.jpg",
    VersionData: digest,
  });
  await scribe.created("ContentDocumentLink", "attachment-1", ends, ["06A1"], null, version);
  const found = { ContentDocumentId: "id:069A", LinkedEntityId: "id:500A", ShareType: "V" };
  await scribe.observed("ContentDocumentLink", "id:06A1", found);
  expect(await states("ContentVersion", "attachment-1")).toEqual(["attachment-1 equal"]);
  expect(await states("ContentDocumentLink", "attachment-1")).toEqual(["attachment-1 equal"]);
  const elsewhere = { ...found, LinkedEntityId: "id:500B" };
  await scribe.observed("ContentDocumentLink", "id:06A1", elsewhere, asked);
  expect(await states("ContentDocumentLink", "attachment-1")).toEqual(["attachment-1 differs"]);
  const differing = (await ledger.client.differences()).filter(({ key }) => key === "attachment-1");
  expect(differing).toMatchObject([
    { field: "LinkedEntityId", expected: "job-1", found: "id:500B" },
  ]);
});

test("a file whose bytes came back changed differs by its digest", async () => {
  const digest = createHash("sha256").update("other").digest("hex");
  const changed = { Title: "photo.jpg", VersionData: digest };
  await scribe.observed("ContentVersion", "attachment-1", changed, asked);
  await scribe.level(ledger.client);
  const differing = (await ledger.client.differences()).filter(
    ({ object }) => object === "ContentVersion",
  );
  expect(differing).toMatchObject([{ key: "attachment-1", field: "VersionData", found: digest }]);
});

test("a technician's user stays empty where nobody was found, and nobody is no row", async () => {
  await scribe.created(
    "Job_Technician__c",
    "assignment-1",
    {
      ...{ Case__c: "job-1", User__c: "technician-9" },
    },
    ["a0A"],
  );
  await scribe.observed("Job_Technician__c", "assignment-1", { Case__c: "job-1", User__c: null });
  expect(await states("Job_Technician__c", "assignment-1")).toEqual(["assignment-1 equal"]);
  const filled = { Case__c: "job-1", User__c: "005000000000009AAA" };
  await scribe.observed("Job_Technician__c", "assignment-1", filled, asked);
  expect(await states("Job_Technician__c", "assignment-1")).toEqual(["assignment-1 differs"]);
  const version = await scribe.source("technician", "9");
  await scribe.load("User", "9", version, { Skills__c: "HVAC" });
  await scribe.outcome("User", "technician-9", version, "unchanged", null, "no_user");
  expect(await states("User", "technician-9")).toEqual(["technician-9 equal no_user"]);
  const line = (await ledger.client.reconciliation()).find(({ object }) => object === "User");
  expect(line).toMatchObject({ source: 1, no_user: 1, equal: 0, destination: 0, unaccounted: 0 });
});

test("a record's whole way can be explained by the key of one of its rows", async () => {
  await scribe.level(ledger.client);
  const way = await ledger.client.explain("CaseComment", "note-1/2");
  expect(way.map(({ stage }) => stage)).toEqual(
    expect.arrayContaining(["source", "transform", "load", "outcome", "read back"]),
  );
  expect(way.slice(-2)).toMatchObject([
    { stage: "now", what: "in_flight", detail: "recheck row 1" },
    { stage: "now", what: "in_flight", detail: "recheck row 2" },
  ]);
});
