import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFolder, aTenant, type Json, type Tenant } from "./tenant.ts";

const entities =
  "zone user technician customer service_location contact job line_item contact_link appointment note attachment activity invoice payment custom_property_def".split(
    " ",
  );

async function digest(tenant: Tenant): Promise<string> {
  const all = await Promise.all(entities.map((entity) => tenant.truth(entity)));
  return JSON.stringify(all.map((lines) => lines.map((line) => [line["id"], line["hash"]])));
}

test("two starts of one seed hold the same truth, another seed another one", async () => {
  const [first, second, other] = [await aTenant(), await aTenant(), await aTenant({ seed: 2 })];
  expect(await digest(first)).toBe(await digest(second));
  expect(await digest(first)).not.toBe(await digest(other));
});

test("ids are equal across entities", async () => {
  const tenant = await aTenant();
  const paths =
    "customers contacts jobs locations technicians zones appointments notes attachments activities".split(
      " ",
    );
  for (const path of paths) expect((await tenant.json(`/${path}/1001`))["id"], path).toBe(1_001);
});

test("a restart goes on from the same truth, secret and tokens, and refuses another seed", async () => {
  const folder = aFolder();
  const before = await aTenant({ folder });
  await before.admin("tick", { changes: 50 });
  await before.admin("clock", { advance_ms: 10_000 });
  const { next } = await before.follow("jobs");
  const kept = await digest(before);
  await before.admin("change", { entity: "job", id: "1001", set: { title: "last word" } });
  await before.close();

  const after = await aTenant({ folder });
  expect(after.ready.client_secret).toBe(before.ready.client_secret);
  expect((await after.follow("jobs", next)).rows).toMatchObject([
    { id: 1001, summary: "last word" },
  ]);
  expect((await after.admin("dispatcher"))["applied"]).toBe(50);
  await after.admin("change", { entity: "job", id: "1001", revive: true }); // refused: it lives
  expect(await digest(after)).not.toBe(kept);
  await after.close();
  await expect(aTenant({ folder, seed: 3 })).rejects.toThrow(/another folder/);
});

const corpus = "../shared/data/boston-311-2015-sample.csv";

test.skipIf(!existsSync(corpus))(
  "the corpus of real requests becomes 2,560 jobs of 2,094 customers (skipped without ../shared/data)",
  async () => {
    const tenant = await aTenant({ corpus });
    const jobs = (await tenant.truth("job")).map((line) => line["row"]);
    const count = (suits: (job: Json) => boolean): number => jobs.filter(suits).length;
    expect(jobs).toHaveLength(2_560);
    expect(count((job) => job["status"] === "Pending")).toBe(270);
    expect(count((job) => job["status"] === "Completed")).toBe(2_095);
    expect(count((job) => job["status"] === "Cancelled")).toBe(195);
    expect(count((job) => job["customer_id"] === null)).toBe(78);
    expect(await tenant.truth("customer")).toHaveLength(2_094);
    expect(await tenant.truth("technician")).toHaveLength(69);
    const one = jobs.find((job) => job["id"] === "101001241399");
    expect(one).toMatchObject({
      title: "Sidewalk Repair (Make Safe)",
      channel: "Citizens Connect App",
      created_at: "2015-01-02T19:38:09.000Z",
      completed_at: "2015-01-09T12:59:18.000Z",
      customer_id: "62518",
    });
    const place = await tenant.json("/locations/62518");
    expect(place["address"]).toMatchObject({
      street: "46 Garden St",
      city: "Boston",
      zip: "2114.0",
    });
    expect((await tenant.follow("jobs", "", 500)).rows).toHaveLength(2_560);
    const notes = (await tenant.follow("notes", "", 1_000)).rows;
    expect(notes.every((note) => note["parentType"] === "job" && note["jobId"] > 0)).toBe(true);
    expect(notes.find((note) => note["jobId"] === 101_001_241_399)).toMatchObject({
      body: expect.stringContaining("Case Closed Case Resolved"),
      writtenOn: "2015-01-09T12:59:18.000Z",
    });
    const photos = (await tenant.follow("attachments", "", 1_000)).rows;
    const submitted = photos.filter(({ id }) => String(id).endsWith("-submitted"));
    expect([submitted.length, photos.length]).toEqual([611, 685]);
    const bytes = Buffer.from(await (await fetch(photos[0]?.["url"])).arrayBuffer());
    expect([bytes.length, bytes.subarray(0, 3)]).toEqual([
      photos[0]?.["size"],
      Buffer.from("ffd8ff", "hex"),
    ]);
  },
);

function truthFile(...lines: unknown[]): string {
  const file = join(aFolder(), "truth.ndjson");
  writeFileSync(
    file,
    lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
  );
  return file;
}

test("a truth file is served as it stands, children on lines of their own nested into their job", async () => {
  const truth = truthFile(
    {
      entity: "line_item",
      id: 5,
      job_id: 7,
      kind: "part",
      quantity: "0.333",
      unit_price: { amount: "9.99", currency: "EUR" },
    },
    '{"entity":"customer","id":9007199254740995,"name":"Exact"}',
    '{"entity":"job","id":7,"customer_id":9007199254740995,"title":"\\ud800 alone","status":"Pending"}',
    { entity: "job", id: "J/8", status: "Gone", deleted_at: "2026-01-01T00:00:00Z" },
  );
  const tenant = await aTenant({ truth });
  const { rows } = await tenant.follow("jobs");
  expect(rows).toMatchObject([
    { id: "J/8", active: false },
    {
      id: 7,
      summary: "\ud800 alone",
      items: [{ id: 5, quantity: "0.333", unitPrice: "9.99", currency: "EUR" }],
    },
  ]);
  expect(await (await tenant.get("/jobs/7")).text()).toContain('"customerId":9007199254740995,');
  expect((await tenant.get("/jobs/J%2F8")).status).toBe(200);
});

test.each([
  ['{"entity":"job","id":1', /line 2: this is not JSON/],
  [{ entity: "jobb", id: 1 }, /line 2: the field entity is "jobb". Name one of zone, /],
  [{ entity: "job", id: 1, titel: "x" }, /line 2: job has no field titel. Its fields are id, /],
  [
    { entity: "job", id: 1, due_at: "tomorrow" },
    /line 2: the field due_at of this job is wrong: must be a time such as/,
  ],
  [{ entity: "line_item", job_id: 9 }, /line 2: the field job_id of this line_item names job 9/],
])("a bad line of a truth file is named with its field and what to do: %j", async (line, said) => {
  const truth = truthFile({ entity: "zone", id: 1, name: "North" }, line);
  await expect(aTenant({ truth })).rejects.toThrow(said);
});
