import { afterAll, beforeAll, expect, test } from "vitest";
import { doubles, fold } from "./fold.ts";
import { type PolledTenant, polledTenant } from "./polled-tenant.ts";
import { differences, wrongMembers } from "./truth.ts";

let tenant: PolledTenant;

beforeAll(async () => {
  tenant = await polledTenant("poller", { args: ["--size", "40", "--seed", "7"] });
});

afterAll(() => tenant.close());

test("after snapshot, delta and finish the source topics hold what lives at the source", async () => {
  const poller = tenant.poll();
  await tenant.said("snapshot_end", tenant.profile().streams.length);
  for (let round = 0; round < 3; round++) await tenant.call("POST", "tick", { changes: 150 });
  await tenant.finish();
  const found = await fold(tenant);
  expect(await differences(tenant, found)).toEqual([]);
  expect(wrongMembers(found)).toEqual([]);
  expect(doubles(found)).toEqual([]);

  // Orders are carried out although polling is over, each once, in one version of its own.
  const [id = ""] = found.alive("job").keys();
  const order = { entity: "job", ids: [id, "nobody"], why: "test", repair: true };
  await tenant.writer.say("order", "order-1", order, "test");
  await expect
    .poll(async () => (await fold(tenant)).newest("job", id)?.meta)
    .toMatchObject({ order: "order-1", repair: true, hash: found.newest("job", id)?.meta.hash });
  await poller.stop();
  const again = tenant.poll();
  await tenant.writer.say("order", "order-2", { ...order, repair: false }, "test");
  await expect.poll(async () => (await fold(tenant)).newest("job", id)?.meta.order).toBe("order-2");
  await again.stop();
  expect((await fold(tenant)).count()).toBe(found.count() + 2);
});

test("a root read before its members is written pending, and whole when they have come; only then its snapshot ends", async () => {
  const early = await polledTenant("pending", { args: ["--size", "10", "--seed", "3", "--quiet"] });
  try {
    const slow = { match: { path: "export/locations" }, action: { kind: "delay", ms: 6000 } };
    await early.call("POST", "faults", { rules: [slow] });
    const profile = early.profile();
    const poller = early.poll({ ...profile, streams: profile.streams.toReversed() });
    await early.said("snapshot_end", profile.streams.length);
    await early.call("DELETE", "faults");
    const ended = [...early.control.state.all("snapshot_end").keys()];
    await early.finish();
    await poller.stop();
    const found = await fold(early);
    expect(await differences(early, found)).toEqual([]);
    expect(wrongMembers(found)).toEqual([]);
    expect(doubles(found)).toEqual([]);
    for (const root of ["customers", "jobs"]) {
      expect(ended.indexOf(root)).toBeGreaterThan(ended.indexOf("locations"));
    }
    const members = [...(found.versions.get("job")?.values() ?? [])].flat();
    expect(new Set(members.map(({ meta }) => meta.members))).toEqual(new Set(["pending", "whole"]));
  } finally {
    await early.close();
  }
});
