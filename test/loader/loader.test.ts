import { afterAll, beforeAll, expect, test } from "vitest";
import { closeWatermarks } from "../../pipeline/kafka/watermarks.ts";
import { LoaderWorld } from "./loader-world.ts";
import type { RunningLoader } from "./migration-world.ts";

interface Faults {
  readonly rules: readonly { readonly hits: number }[];
}

const world = new LoaderWorld();
let loader: RunningLoader;
const account = (key: string, Name: string, more = {}) => ({
  object: "Account",
  key,
  fields: { Name, ...more },
});
const job = (key: string, Subject: string, more = {}) => ({
  object: "Case",
  key,
  fields: { Subject, ...more },
});
const line = (key: string, Case__c: string, Quantity__c = "1.000", more = {}) => ({
  object: "Work_Order_Line_Item__c",
  key,
  fields: { Case__c, Quantity__c, ...more },
});
const gone = (object: string, key: string) => ({ object, key, fields: null });
const settled = () => expect.poll(() => world.passed()).toBe(true);
const parkedFor = (id: string) => expect.poll(async () => (await world.parked()).get(id));

beforeAll(async () => {
  await world.open();
  loader = await world.start();
});
afterAll(async () => {
  await loader.stop();
  await world.close();
  await closeWatermarks();
});

test("a row is created, updated, left alone when nothing changed, deleted, and created again when it revives", async () => {
  await world.say(account("customer-life", "one"));
  await settled();
  await world.say(account("customer-life", "two"));
  await settled();
  await world.say(account("customer-life", "two"));
  await settled();
  expect((await world.org.rows("Account")).get("customer-life")).toMatchObject({ Name: "two" });
  await world.say(gone("Account", "customer-life"));
  await settled();
  expect((await world.org.rows("Account")).has("customer-life")).toBe(false);
  await world.say(account("customer-life", "three", { Phone: "5" }));
  await settled();
  await world.say(account("customer-life", "three"));
  await settled();
  const revived = (await world.org.rows("Account")).get("customer-life");
  expect([revived?.["Name"], revived?.["Phone"] ?? null]).toEqual(["three", null]);
  expect(await world.outcomesOf("Account", "customer-life")).toEqual([
    "created",
    "updated",
    "unchanged",
    "deleted",
    "created",
    "updated",
  ]);
});

test("many versions of a key at once end in the newest, each older one superseded exactly once", async () => {
  await world.say(...Array.from({ length: 10 }, (_, n) => account("customer-many", `name ${n}`)));
  await settled();
  expect((await world.org.rows("Account")).get("customer-many")).toMatchObject({ Name: "name 9" });
  const ended = await world.outcomesOf("Account", "customer-many");
  expect(ended).toHaveLength(10);
  expect(ended.filter((outcome) => outcome === "superseded").length).toBeGreaterThan(0);
});

test("a child waits for its parent without holding the partition, and goes when the parent comes", async () => {
  await world.say(job("job-early", "early", { AccountId: "customer-late" }));
  await parkedFor("Case|job-early").toBe("parent_missing");
  await settled();
  await world.say(job("job-early", "early, again", { AccountId: "customer-late" }));
  await settled();
  await world.say(account("customer-late", "late"));
  await parkedFor("Case|job-early").toBe(undefined);
  const parent = (await world.org.rows("Account")).get("customer-late");
  expect((await world.org.rows("Case")).get("job-early")).toMatchObject({
    Subject: "early, again",
    AccountId: parent?.["Id"],
  });
  expect(await world.outcomesOf("Case", "job-early")).toEqual(["superseded", "created"]);
});

test("a parked version that a newer one replaces on its way ends once, also when a third comes meanwhile", async () => {
  await world.say(job("job-thrice", "one", { AccountId: "customer-never" }));
  await parkedFor("Case|job-thrice").toBe("parent_missing");
  await world.org.admin("POST", "faults", {
    rules: [
      {
        match: { method: "POST", path: "/composite", count: 1 },
        action: { kind: "delay", ms: 1500 },
      },
    ],
  });
  await world.say(job("job-thrice", "two"));
  await expect
    .poll(async () => (await world.org.admin<Faults>("GET", "faults")).rules[0]?.hits)
    .toBe(1);
  await world.say(job("job-thrice", "three"));
  await settled();
  await world.org.admin("DELETE", "faults");
  expect((await world.org.rows("Case")).get("job-thrice")).toMatchObject({ Subject: "three" });
  expect(await world.outcomesOf("Case", "job-thrice")).toEqual([
    "superseded",
    "created",
    "updated",
  ]);
});

test("a parent among the batch is loaded first, also of the same object, and rows in a circle are parked", async () => {
  await world.say(
    job("job-c3", "3", { ParentId: "job-c2" }),
    job("job-c2", "2", { ParentId: "job-c1" }),
    job("job-c1", "1"),
    job("job-x", "x", { ParentId: "job-y" }),
    job("job-y", "y", { ParentId: "job-x" }),
  );
  await settled();
  const rows = await world.org.rows("Case");
  expect(rows.get("job-c3")?.["ParentId"]).toBe(rows.get("job-c2")?.["Id"]);
  expect(rows.get("job-c2")?.["ParentId"]).toBe(rows.get("job-c1")?.["Id"]);
  const parked = await world.parked();
  expect([parked.get("Case|job-x"), parked.get("Case|job-y")]).toEqual([
    "parent_missing",
    "parent_missing",
  ]);
});

test("deletes go children first: a parent's waits until nothing refers to it any more", async () => {
  await world.say(job("job-del", "to go"), line("line-1", "job-del"), line("line-2", "job-del"));
  await settled();
  await world.say(gone("Case", "job-del"));
  await parkedFor("Case|job-del").toBe("still_referenced");
  await world.say(gone("Work_Order_Line_Item__c", "line-1"));
  await settled();
  expect((await world.org.rows("Case")).has("job-del")).toBe(true);
  await world.say(job("job-other", "takes the line"), line("line-2", "job-other"));
  await parkedFor("Case|job-del").toBe(undefined);
  expect((await world.org.rows("Case")).has("job-del")).toBe(false);
  expect(await world.outcomesOf("Case", "job-del")).toEqual(["created", "deleted"]);
  await world.say(line("line-3", "job-del"), gone("Work_Order_Line_Item__c", "line-never"));
  await parkedFor("Work_Order_Line_Item__c|line-3").toBe("parent_deleted");
  await settled();
  expect(await world.outcomesOf("Work_Order_Line_Item__c", "line-never")).toEqual([
    "unchanged: never_created",
  ]);
  await world.say(job("job-kid", "cleared", { ParentId: "job-del" }));
  await settled();
  const kid = (await world.org.rows("Case")).get("job-kid");
  expect([kid?.["Subject"], kid?.["ParentId"] ?? null]).toEqual(["cleared", null]);
});

test("an owner nobody has resolved parks the record, and the amendment wakes it", async () => {
  const { ids } = await world.org.admin<{ ids: string[] }>("POST", "users", {
    users: [{ email: "tech@cutover.example", name: "Tech One" }],
  });
  await world.say(job("job-owned", "owned", { OwnerId: "technician-7" }));
  await parkedFor("Case|job-owned").toBe("owner_unresolved");
  await world.owners(2, { "technician-7": ids[0] as string }, null);
  await parkedFor("Case|job-owned").toBe(undefined);
  expect((await world.org.rows("Case")).get("job-owned")).toMatchObject({ OwnerId: ids[0] });
});

test("refused rows of a batch are refused alone, with a letter that names code and field; a mended one wakes its children", async () => {
  const rows = Array.from({ length: 80 }, (_, n) =>
    line(`line-r${n}`, "job-other", "2.500", { Kind__c: n % 30 === 5 ? "Nonsense" : "Labor" }),
  );
  await world.say(...rows);
  await settled();
  const refused = (await world.outcomes()).filter(({ outcome }) => outcome === "refused");
  expect(refused.map(({ key }) => key).sort()).toEqual(["line-r35", "line-r5", "line-r65"]);
  expect(await world.letters()).toHaveLength(3);
  expect((await world.letters())[0]).toMatchObject({
    "cutover.stage": "load",
    "cutover.field": "Kind__c",
    "cutover.error.code": "SINK_RECORD_REFUSED",
  });
  const there = [...(await world.org.rows("Work_Order_Line_Item__c")).keys()];
  expect(there.filter((key) => key.startsWith("line-r"))).toHaveLength(77);
  await world.say(
    account("customer-bad", ""),
    job("job-orphan", "o", { AccountId: "customer-bad" }),
  );
  await parkedFor("Case|job-orphan").toBe("parent_refused");
  await world.say(account("customer-bad", "mended"));
  await parkedFor("Case|job-orphan").toBe(undefined);
});

test("a repair writes again what nobody changed here, and makes a lost row anew", async () => {
  await world.say(account("customer-drift", "truth"), account("customer-gone", "truth"));
  await settled();
  const first = (await world.org.rows("Account")).get("customer-gone")?.["Id"];
  await world.org.admin("POST", "tamper", {
    object: "Account",
    key: "customer-drift",
    set: { Name: "lie" },
  });
  await world.org.admin("POST", "tamper", {
    object: "Account",
    key: "customer-gone",
    delete: true,
  });
  await world.say(
    { ...account("customer-drift", "truth"), repair: true },
    { ...account("customer-gone", "truth"), repair: true },
  );
  await settled();
  const rows = await world.org.rows("Account");
  expect(rows.get("customer-drift")).toMatchObject({ Name: "truth" });
  expect(rows.get("customer-gone")).toMatchObject({ Name: "truth" });
  expect(rows.get("customer-gone")?.["Id"]).not.toBe(first);
  expect((await world.identities()).get("Account|customer-gone")?.destination_id).toBe(
    rows.get("customer-gone")?.["Id"],
  );
});

test("a reply dropped behind the commit, a 503 to an upload and a lost session lose and double nothing", async () => {
  await world.org.admin("POST", "faults", {
    rules: [
      { match: { method: "POST", path: "/composite", count: 1 }, action: { kind: "drop_after" } },
      {
        match: { method: "PUT", path: "/batches", count: 1 },
        action: { kind: "status", status: 503 },
      },
      {
        match: { method: "PUT", path: "/batches", nth: 2 },
        action: {
          kind: "status",
          status: 401,
          body: [{ message: "Session expired or invalid", errorCode: "INVALID_SESSION_ID" }],
        },
      },
    ],
  });
  await world.say(account("customer-dropped", "dropped"));
  await settled();
  await world.say(...Array.from({ length: 200 }, (_, n) => account(`customer-f${n}`, `f ${n}`)));
  await settled();
  await world.org.admin("DELETE", "faults");
  expect(await world.outcomesOf("Account", "customer-dropped")).toEqual([
    "created: confirmed_late",
  ]);
  const keys = [...(await world.org.rows("Account")).keys()];
  expect(keys.filter((key) => key.startsWith("customer-f"))).toHaveLength(200);
  const ended = (await world.outcomes()).filter(({ key }) => key.startsWith("customer-f"));
  expect(ended.map(({ outcome }) => outcome)).toEqual(Array(200).fill("created"));
});

test("on request every parked record is tried once more, and the log says when that is done", async () => {
  const before = await world.parked();
  expect(before.size).toBeGreaterThan(0);
  await world.control.say("retry_parked", "loader", { request: "r1" }, "test");
  const { followControl } = await import("../../pipeline/kafka/control.ts");
  const follower = await followControl(world.connection, world.migration);
  await expect
    .poll(async () => {
      await follower.catchUp();
      return follower.state.get("parked_retried", "loader");
    })
    .toEqual({ request: "r1" });
  await follower.close();
  expect(await world.parked()).toEqual(before);
});

test("in all of this no version of a record has ended twice", async () => {
  const ended = new Map<string, number>();
  for (const { object, key, version } of await world.outcomes()) {
    const name = `${object}|${key}|${version.offset}`;
    ended.set(name, (ended.get(name) ?? 0) + 1);
  }
  expect([...ended].filter(([, count]) => count !== 1)).toEqual([]);
});
