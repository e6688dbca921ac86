import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFolder, aTenant, bearerOf, type Json, type Tenant } from "./tenant.ts";

const minute = 60_000;

async function sha256Of(url: string): Promise<string> {
  const reply = await fetch(url);
  expect(reply.status).toBe(200);
  return createHash("sha256")
    .update(Buffer.from(await reply.arrayBuffer()))
    .digest("hex");
}

test("a file comes by its signed address without a token, and is what the truth says, from every start", async () => {
  const tenants = [await aTenant({ realities: false }), await aTenant({ realities: false })];
  const hashes = await Promise.all(
    tenants.map(async (tenant) => {
      const { rows } = await tenant.follow("attachments");
      const truth = new Map(
        (await tenant.truth("attachment")).map((line) => [Number(line["id"]), line["row"]]),
      );
      expect(rows.length).toBe(36);
      return Promise.all(
        rows.map(async (row) => {
          const sha256 = await sha256Of(row["url"]);
          expect(sha256).toBe(truth.get(row["id"])?.["sha256"]);
          return sha256;
        }),
      );
    }),
  );
  expect(hashes[0]).toEqual(hashes[1]);
  expect(new Set(hashes[0]).size).toBe(36);
});

test("an address expires after 15 minutes with 403, and asking for the row again gives a fresh one", async () => {
  const tenant = await aTenant({ realities: false });
  const row = await tenant.json("/attachments/1001");
  await tenant.admin("clock", { advance_ms: 15 * minute - 5_000 });
  expect((await fetch(row["url"])).status).toBe(200);
  await tenant.admin("clock", { advance_ms: 10_000 });
  const late = await fetch(row["url"]);
  expect([late.status, await late.json()]).toMatchObject([403, { error: { code: "url_expired" } }]);
  const signedOn = Date.parse(row["urlExpiresOn"]);
  await tenant.admin("clock", { advance_ms: 20 * minute }); // the bearer token is dead too by now
  const again = await aFreshRow(tenant.ready, "1001");
  expect(Date.parse(again["urlExpiresOn"])).toBeGreaterThan(signedOn);
  expect((await fetch(again["url"])).status).toBe(200);
});

async function aFreshRow(ready: Tenant["ready"], id: string): Promise<Json> {
  const authorization = `Bearer ${await bearerOf(ready)}`;
  const reply = await fetch(`${ready.http}/attachments/${id}`, { headers: { authorization } });
  return (await reply.json()) as Json;
}

test("an address can be ended by hand, and one that somebody wrote himself is refused", async () => {
  const tenant = await aTenant({ realities: false });
  const { url } = await tenant.json("/attachments/1001");
  await tenant.admin("change", { entity: "attachment", id: "1001", expire_url: true });
  expect((await fetch(url)).status).toBe(403);
  const fresh = (await tenant.json("/attachments/1001"))["url"] as string;
  expect((await fetch(fresh)).status).toBe(200);
  for (const forged of [
    fresh.replace("/files/1001", "/files/1002"),
    fresh.replace(/expires=\d+/, "expires=99999999999999"),
    fresh.replace(/&signature=.*/, ""),
  ])
    expect((await fetch(forged)).status, forged).toBe(403);
});

test("a planted file shows its fault: expired when listed, gone for good, empty, of another type, two of one name", async () => {
  const tenant = await aTenant({ size: 500 });
  const wanted: string[] = (await tenant.admin("planted"))["file_problem"].ids;
  const { rows } = await tenant.follow("attachments", "", 500);
  const odd = rows.filter((row) => wanted.includes(String(row["id"])));
  const statuses = new Map<string, number>();
  for (const row of odd)
    statuses.set(String(row["id"]), (await fetch(row["url"], { method: "HEAD" })).status);
  const by = (status: number): string[] =>
    [...statuses].filter(([, one]) => one === status).map(([id]) => id);
  expect([by(403).length, by(404).length]).toEqual([2, 1]);
  const [expired = ""] = by(403);
  expect((await fetch((await tenant.json(`/attachments/${expired}`))["url"])).status).toBe(200);
  expect(odd.filter((row) => row["size"] === 0)).toHaveLength(2);
  expect(odd.filter((row) => /[\\/:]/.test(row["fileName"]))).toHaveLength(1);
  const twins = Map.groupBy(odd, (row) => `${row["jobId"]} ${row["fileName"]}`);
  expect([...twins.values()].filter((group) => group.length === 2)).toHaveLength(2);
});

test("large files are there when they are asked for, and else only in large tenants", async () => {
  for (const [largeFiles, largest] of [
    [true, 60_000_000],
    [false, 4_000_000],
  ] as const) {
    const tenant = await aTenant({ size: 500, realities: false, largeFiles });
    const census = await tenant.json("/attachments?pageSize=1000");
    const sizes = census["data"].map((row: Json) => row["size"]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(largest);
    expect(sizes.filter((size: number) => size === 60_000_000)).toHaveLength(largeFiles ? 1 : 0);
    expect(sizes.filter((size: number) => size > 307_200).length).toBeGreaterThan(1);
  }
});

test("other bytes may come under the same id", async () => {
  const tenant = await aTenant({ realities: false });
  const before = await tenant.json("/attachments/1002");
  const first = await sha256Of(before["url"]);
  await tenant.admin("change", { entity: "attachment", id: "1002", new_bytes: true });
  const after = await tenant.json("/attachments/1002");
  expect(await sha256Of(after["url"])).not.toBe(first);
  expect(after["size"]).not.toBe(before["size"]);
  expect(after["modifiedOn"]).not.toBe(before["modifiedOn"]);
});

test("a file of 200 MB is streamed, and the simulator's memory stays flat", async () => {
  const truth = join(aFolder(), "truth.ndjson");
  const line = { entity: "attachment", id: 1, parent_type: "customer", parent_id: 1 };
  writeFileSync(truth, JSON.stringify({ ...line, mime_type: "image/png", size: 200_000_000 }));
  const tenant = await aTenant({ truth });
  const reply = await fetch((await tenant.json("/attachments/1"))["url"]);
  const before = process.memoryUsage.rss();
  let [bytes, peak] = [0, 0];
  for await (const chunk of reply.body ?? []) {
    bytes += chunk.length;
    peak = Math.max(peak, process.memoryUsage.rss() - before);
  }
  expect(bytes).toBe(200_000_000);
  expect(peak).toBeLessThan(100_000_000); // the reader of this test included
});

test("where files are opened by a bearer token, addresses carry no signature and say no end", async () => {
  const tenant = await aTenant({ realities: false, bearerFiles: true });
  const row = await tenant.json("/attachments/1001");
  expect(row["url"]).toBe(`${tenant.ready.http}/files/1001`);
  expect(row["urlExpiresOn"]).toBeNull();
  expect((await fetch(row["url"])).status).toBe(401);
  expect((await tenant.get("/files/1001")).status).toBe(200);
  await tenant.admin("clock", { advance_ms: 16 * minute });
  expect((await tenant.get("/files/1001")).status).toBe(401);
});
