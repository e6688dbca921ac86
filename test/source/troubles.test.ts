import { afterAll, beforeAll, expect, test } from "vitest";
import { Secret } from "../../pipeline/stage/secret.ts";
import type { Profile } from "../../pipeline/source/profile.ts";
import { doubles, fold } from "./fold.ts";
import { type PolledTenant, planHash, polledTenant } from "./polled-tenant.ts";
import { differences } from "./truth.ts";

let tenant: PolledTenant;

beforeAll(async () => {
  const args = ["--size", "25", "--seed", "9", "--quiet"];
  tenant = await polledTenant("troubles", { args, gates: false });
});

afterAll(() => tenant.close());

/** How a poller ends that cannot begin. */
async function refusal(change: (profile: Profile) => Profile = (profile) => profile) {
  const { ended } = tenant.poll(change(tenant.profile()));
  return ended.then(
    () => ({ code: "", message: "" }),
    (error: { code: string; message: string }) => error,
  );
}

function withAuth(profile: Profile, changes: object): Profile {
  const auth = { ...profile.source.auth, ...changes };
  return { ...profile, source: { ...profile.source, auth } };
}

test("without a confirmed and approved plan nothing is read", async () => {
  expect(await refusal()).toMatchObject({ code: "PLAN_NOT_CONFIRMED" });
  await tenant.writer.say("plan", "plan", { hash: planHash }, "test");
  await tenant.writer.say("gate", "approve", { plan: "another", passed: true }, "test");
  expect((await refusal()).message).toContain("cutover approve");
  await tenant.writer.say("gate", "approve", { plan: planHash, passed: true }, "test");
});

test("a wrong secret and a missing scope end the poller with what to do, and without the secret", async () => {
  const secret = { client_secret: new Secret("wrong-and-secret") };
  const refused = await refusal((profile) => withAuth(profile, secret));
  expect(refused).toMatchObject({ code: "SOURCE_AUTH_REFUSED" });
  expect(refused.message).toContain("check client id, secret and scopes");
  expect(JSON.stringify(refused) + refused.message).not.toContain("wrong-and-secret");
  const scopes = { scopes: ["customers:read", "settings:read"] };
  const missing = await refusal((profile) => withAuth(profile, scopes));
  expect(missing).toMatchObject({ code: "SOURCE_SCOPE_MISSING" });
  // Which of the lists that need jobs:read is refused first is a matter of chance.
  expect(missing.message).toMatch(
    /\/export\/(payments|invoices|appointments|jobs|notes|activities|attachments) /,
  );
});

test("throttling, outages, lost and cut replies, maintenance pages, lost sessions and late visibility lose nothing", async () => {
  const status = (code: number, headers = {}, body: unknown = {}) => ({
    kind: "status",
    status: code,
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  const rules = [
    { match: { path: "export", nth: 2 }, action: status(429, { "retry-after": "1" }) },
    { match: { path: "export", nth: 5 }, action: status(503) },
    { match: { path: "export/jobs", nth: 1 }, action: status(502) },
    { match: { path: "export", nth: 9 }, action: { kind: "drop_before" } },
    { match: { path: "export/jobs", nth: 3 }, action: { kind: "truncate" } },
    { match: { path: "export/customers", nth: 1 }, action: status(401) },
    // Outages before a refusal say nothing of our credentials.
    { match: { path: "export/users", nth: 1 }, action: status(503) },
    { match: { path: "export/users", nth: 2 }, action: status(503) },
    { match: { path: "export/users", nth: 3 }, action: status(401) },
    { match: { path: "export/jobs", nth: 6 }, action: status(410) },
    { match: { path: "export/customers\\?.*from=\\d{4}-", nth: 1 }, action: status(410) },
    {
      match: { path: "export/contacts", nth: 1 },
      action: status(200, { "content-type": "text/html" }, "<html>back soon</html>"),
    },
    { match: { path: "export/locations", nth: 1 }, action: status(200, {}, "") },
    { match: { path: "export", from: 12, probability: 0.1 }, action: { kind: "delay", ms: 300 } },
  ];
  await tenant.call("POST", "faults", { rules });
  const poller = tenant.poll();
  await tenant.said("snapshot_end", tenant.profile().streams.length);
  // Seen only by the full lane: the token has passed before these become visible.
  await tenant.call("POST", "settings", { visibility_lag_ms: 1900 });
  for (let round = 0; round < 4; round++) await tenant.call("POST", "tick", { changes: 25 });
  await tenant.call("POST", "settings", { visibility_lag_ms: 0 });
  await tenant.call("POST", "tick", { changes: 25 });
  await tenant.finish();
  await poller.stop();
  const played = await tenant.call<{ hits: number }[]>("GET", "faults");
  expect(JSON.stringify(played)).not.toContain('"hits":0');
  const found = await fold(tenant);
  expect(await differences(tenant, found)).toEqual([]);
  expect(doubles(found)).toEqual([]);
});

test("a list that glitches to empty deletes nothing, however short it is, and what is gone goes all the same", async () => {
  const before = await fold(tenant);
  const [job = ""] = before.alive("job").keys();
  const empty = { data: [], hasMore: false, page: 1, totalCount: 0 };
  const action = { kind: "status", status: 200, headers: { "content-type": "application/json" } };
  const lists = { path: "^/(zones|users|technicians)\\?" };
  await tenant.call("DELETE", "faults");
  await tenant.call("POST", "faults", {
    rules: [
      { match: lists, action: { ...action, body: empty } },
      // Asked one by one, the source stumbles; a census of its own loses its place.
      {
        match: { path: "^/(zones|users|technicians)/", nth: 1 },
        action: { ...action, status: 502 },
      },
      { match: { path: "^/contacts\\?.*fields=id", nth: 1 }, action: { ...action, status: 410 } },
    ],
  });
  await tenant.call("POST", "change", { entity: "job", id: job, hard_delete: true });
  const poller = tenant.poll();
  await tenant.finish();
  await poller.stop();
  expect(JSON.stringify(await tenant.call("GET", "faults"))).not.toContain('"hits":0');
  const found = await fold(tenant);
  expect(await differences(tenant, found)).toEqual([]);
  expect(found.newest("job", job)?.meta.delete_reason).toBe("census");
  expect(found.alive("zone").size).toBe(before.alive("zone").size);
});

test("jobs that go without a trace are gone when the poller has fenced, although what they hold went between two censuses", async () => {
  const jobs = [...(await fold(tenant)).alive("job").keys()].slice(0, 18);
  await tenant.call("DELETE", "faults");
  const second = { path: "^/jobs\\?.*fields=id", nth: 2 };
  await tenant.call("POST", "faults", {
    rules: [{ match: second, action: { kind: "delay", ms: 4000 } }],
  });
  for (const id of jobs) {
    await tenant.call("POST", "change", { entity: "job", id, hard_delete: true });
  }
  const poller = tenant.poll(withoutRegularCensus(tenant.profile()));
  await tenant.finish();
  await poller.stop();
  const found = await fold(tenant);
  expect(jobs.filter((id) => found.alive("job").has(id))).toEqual([]);
  expect(await differences(tenant, found)).toEqual([]);
});

/** Only the finish takes censuses. */
function withoutRegularCensus(profile: Profile): Profile {
  const streams = profile.streams.map((stream) => {
    const { census } = stream.deletes;
    if (census === undefined) return stream;
    return { ...stream, deletes: { ...stream.deletes, census: { ...census, every: 3_600_000 } } };
  });
  return { ...profile, streams };
}
