import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFolder, aTenant, type Json, type Tenant } from "./tenant.ts";

const entities = "zone user technician customer service_location contact job line_item".split(" ");

async function digest(tenant: Tenant): Promise<string> {
  const all = await Promise.all(entities.map((entity) => tenant.truth(entity)));
  return JSON.stringify(all.map((lines) => lines.map((line) => [line["id"], line["hash"]])));
}

test("two starts of one seed hold the same truth, another seed another one", async () => {
  const [first, second, other] = [await aTenant(), await aTenant(), await aTenant({ seed: 2 })];
  expect(await digest(first)).toBe(await digest(second));
  expect(await digest(first)).not.toBe(await digest(other));
});

test("ids are equal across entities, and the planted realities can be counted and found", async () => {
  const tenant = await aTenant({ size: 500 });
  for (const path of ["customers", "contacts", "jobs", "locations", "technicians", "zones"])
    expect((await tenant.json(`/${path}/1001`))["id"]).toBe(1_001);
  const planted = await tenant.admin("planted");
  expect(planted).toMatchObject({
    job_without_customer: 20,
    job_without_location: 40,
    status_unseen: 10,
    job_number_twice: 4,
    completed_before_created: 6,
    money_odd: 20,
    text_lone_surrogate: 1,
    customer_with_40_addresses: 2,
    job_with_9_technicians: 2,
    technician_without_user: 1,
    technician_without_email: 1,
  });
  const [cut] = (await tenant.admin("planted?kind=text_lone_surrogate")) as unknown as Json[];
  expect(await (await tenant.get(`/jobs/${cut?.["id"]}`)).text()).toContain("\\ud83d and on");
  const [busy] = (await tenant.admin("planted?kind=job_with_9_technicians")) as unknown as Json[];
  expect((await tenant.json(`/jobs/${busy?.["id"]}`))["assignments"]).toHaveLength(9);
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
