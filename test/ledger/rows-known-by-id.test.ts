import { afterAll, beforeAll, expect, test } from "vitest";
import type { FieldPlan } from "../../pipeline/core/plan.ts";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { canonical } from "../../sinks/dynamics/canonical.ts";
import { plan } from "./known-by-id-plan.ts";
import { ourUser } from "./observer-scribe.ts";
import { Scribe } from "./scribe.ts";

// Ids of one environment begin alike for many characters.
const [us, owner, other] = [1, 2, 3].map((n) => `5d0c1f2e-8a51-ef11-a316-00000000000${n}`) as [
  string,
  string,
  string,
];

let scribe: Scribe;
let ledger: Awaited<ReturnType<Scribe["ledger"]>>;

beforeAll(async () => {
  scribe = await new Scribe(plan).open();
  ledger = await scribe.ledger(scribe.folder, canonical);
  await scribe.control("owners", "owners", {
    ...{ revision: 1, owners: { "technician-1": owner }, fallback: us },
  });
  await scribe.created("account", "customer-1", { name: "Boston" }, ["a-1"]);
  await scribe.created("qd_serviceorder", "job-1", anOrder, ["o-1"]);
});
afterAll(async () => {
  await ledger.stop();
  await scribe.close();
  await closeWatermarks();
});

const anOrder = { qd_name: "Boiler", ownerid: "technician-1", qd_account: "customer-1" };
const foundOrder = { qd_name: "Boiler", ownerid: owner, qd_account: "id:a-1" };
const note = plan.objects.find(({ entity }) => entity === "note")?.fields[0] as FieldPlan;
const aNote = { notetext: "<p>On site</p>", createdby: "technician-1", objectid: "job-1" };
const foundNote = {
  // As a reader of it says it: the canonical text, whatever the markup the service made of it.
  ...{
    notetext: canonical(note, "<P>On&#32;site</P>"),
    filename: null,
    createdby: `id:${owner}`,
    objectid: "id:o-1",
  },
};
const asked = { lane: "ask", modified_by: ourUser };

async function states(object: string, begin: string): Promise<readonly string[]> {
  await scribe.level(ledger.client);
  const rows = await ledger.client.query<{ key: string; state: string; reason: string }>(
    `SELECT key, state, reason FROM record_state WHERE object = '${object}' AND startsWith(key, '${begin}') ORDER BY key`,
  );
  return rows.map(({ key, state, reason }) => `${key} ${state} ${reason}`.trim());
}

test("a row known by its id is judged as its record's, whichever entity made it", async () => {
  await scribe.created("annotation", "note-1", aNote, ["n-1"]);
  const photo = { filename: "photo.jpg", createdby: "technician-1", objectid: "customer-1" };
  await scribe.created("annotation", "attachment-1", photo, ["n-2"]);
  await scribe.observed("annotation", "id:n-1", foundNote);
  await scribe.observed("annotation", "id:n-2", {
    ...{ notetext: null, filename: "photo.jpg", createdby: `id:${owner}`, objectid: "id:a-1" },
  });
  expect(await states("annotation", "note-1")).toEqual(["note-1 equal"]);
  expect(await states("annotation", "attachment-1")).toEqual(["attachment-1 equal"]);
});

test("one changed behind our back differs under its source key, and is asked for by its id", async () => {
  await scribe.created("annotation", "note-2", aNote, ["n-3"]);
  const off = canonical(note, "<p>Off site</p>");
  const changed = { ...foundNote, notetext: off };
  await scribe.observed("annotation", "id:n-3", changed);
  expect(await states("annotation", "note-2")).toEqual(["note-2 in_flight recheck"]);
  expect(await ledger.client.suspicious()).toEqual([
    { object: "annotation", key: "note-2", id: "n-3" },
  ]);
  await scribe.observed("annotation", "id:n-3", changed, asked);
  expect(await states("annotation", "note-2")).toEqual(["note-2 differs"]);
  expect(await ledger.client.differences()).toMatchObject([
    { key: "note-2", field: "notetext", found: off, destination_id: "n-3" },
  ]);
});

test("one of ours that no record claims is extra, and one of somebody else is nobody's concern", async () => {
  await scribe.observed("annotation", "id:n-8", foundNote, asked);
  await scribe.observed("annotation", "id:n-9", foundNote, { lane: "ask", modified_by: other });
  await scribe.sweep("annotation", "sweep-1", []);
  await scribe.observed("annotation", "id:n-8", foundNote, asked);
  await scribe.observed("annotation", "id:n-9", foundNote, { lane: "ask", modified_by: other });
  expect(await states("annotation", "id:")).toEqual(["id:n-8 extra unknown_row"]);
});

test("owners whose ids begin alike are different people", async () => {
  await scribe.observed("qd_serviceorder", "job-1", foundOrder, asked);
  expect(await states("qd_serviceorder", "job-1")).toEqual(["job-1 equal"]);
  await scribe.observed("qd_serviceorder", "job-1", { ...foundOrder, ownerid: other }, asked);
  expect(await states("qd_serviceorder", "job-1")).toEqual(["job-1 differs"]);
  const ofOrder = (await ledger.client.differences()).filter(({ key }) => key === "job-1");
  expect(ofOrder).toMatchObject([{ field: "ownerid", expected: owner, found: other }]);
});

test("a row found by a rule and let go again is no loss and nothing left over", async () => {
  const version = await scribe.created("account", "customer-2", { name: "Quincy" }, ["a-2"]);
  const read = { ...asked, destination_id: "a-2" };
  await scribe.observed("account", "customer-2", { name: "Quincy" }, read);
  expect(await states("account", "customer-2")).toEqual(["customer-2 equal"]);
  const gone = await scribe.source("customer", "2", { deleted: true });
  expect(gone.offset).toBeGreaterThan(version.offset);
  await scribe.load("account", "2", gone, null);
  await scribe.outcome("account", "customer-2", gone, "deleted", null, "released");
  // Its key is taken off, the row itself stays.
  await scribe.observed("account", "id:a-2", { name: "Quincy" }, asked);
  await scribe.sweep("account", "sweep-2", []);
  expect(await states("account", "customer-2")).toEqual(["customer-2 equal"]);
  expect(await states("account", "id:")).toEqual([]);
});
