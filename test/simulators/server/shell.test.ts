import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { Agent, fetch as fetchWith } from "undici";
import { virtualClock } from "../../../ops/simulators/server/clock.ts";
import { faultsOf } from "../../../ops/simulators/server/faults.ts";
import { listen, type Listening } from "../../../ops/simulators/server/listen.ts";
import { sendJson } from "../../../ops/simulators/server/reply.ts";
import { requestLog } from "../../../ops/simulators/server/request-log.ts";
import { shellOf } from "../../../ops/simulators/server/shell.ts";

const folder = mkdtempSync(join(tmpdir(), "simulator-shell-"));
let open: Listening;
let worked = 0;

beforeAll(async () => {
  const parts = { clock: virtualClock(), faults: faultsOf(), log: requestLog() };
  const handle = (_req: unknown, res: Parameters<typeof sendJson>[0]): void => {
    worked += 1;
    sendJson(res, 200, { worked, text: "x".repeat(1_000) });
  };
  open = await listen(shellOf({ ...parts, handle }), { httpPort: 0, httpsPort: 0, folder });
});

afterEach(async () => {
  await admin("faults", { method: "DELETE" });
});

afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true });
});

function admin(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${open.http}/__simulator/${path}`, init);
}

function plant(...rules: unknown[]): Promise<Response> {
  return admin("faults", { method: "POST", body: JSON.stringify({ rules }) });
}

test("https is served with a certificate that the named authority signed", async () => {
  const dispatcher = new Agent({ connect: { ca: readFileSync(open.caFile) } });
  const reply = await fetchWith(`${open.https}/x`, { dispatcher });
  expect(reply.status).toBe(200);
  await reply.text();
  await dispatcher.close();
});

test("an idle connection is the client's to close: no reply says when the simulator would", async () => {
  const reply = await fetch(`${open.http}/idle`);
  expect(reply.headers.get("connection")).toBe("keep-alive");
  expect(reply.headers.get("keep-alive")).toBeNull();
});

test("drop_after does the work and then cuts the line, drop_before does not work at all", async () => {
  const before = worked;
  await plant(
    { match: { path: "^/a", nth: 1 }, action: { kind: "drop_after" } },
    { match: { path: "^/b", count: 1 }, action: { kind: "drop_before" } },
  );
  await expect(fetch(`${open.http}/a`)).rejects.toThrow();
  expect(worked).toBe(before + 1);
  await expect(fetch(`${open.http}/b`)).rejects.toThrow();
  expect(worked).toBe(before + 1);
  expect((await fetch(`${open.http}/b`)).status).toBe(200);
});

test("truncate promises the whole length and sends half of it", async () => {
  await plant({ match: { method: "GET" }, action: { kind: "truncate" } });
  const reply = await fetch(`${open.http}/t`);
  expect(Number(reply.headers.get("content-length"))).toBeGreaterThan(1_000);
  await expect(reply.text()).rejects.toThrow();
});

test("a status fault strikes inside its window only and its hits are counted", async () => {
  const action = { kind: "status", status: 503, headers: { "retry-after": "2" }, body: "busy" };
  await plant({ id: "busy", match: { path: "^/s", from: 2, until: 3 }, action });
  const statuses = [];
  for (let call = 0; call < 4; call++) statuses.push((await fetch(`${open.http}/s`)).status);
  expect(statuses).toEqual([200, 503, 503, 200]);
  const { rules } = (await (await admin("faults")).json()) as { rules: unknown[] };
  expect(rules).toMatchObject([{ id: "busy", seen: 4, hits: 2 }]);
});

test("a fault plan with a wrong key is refused with the field's name", async () => {
  const reply = await plant({ match: { pth: "x" }, action: { kind: "delay", ms: 1 } });
  expect(reply.status).toBe(400);
  expect(await reply.text()).toContain("pth");
});

test("the clock moves on request and shows in the Date header", async () => {
  await admin("clock", { method: "POST", body: JSON.stringify({ at: "2031-05-06T07:08:09Z" }) });
  const reply = await fetch(`${open.http}/d`);
  expect(reply.headers.get("date")).toMatch(/^Tue, 06 May 2031 07:08:/);
});

test("the request log keeps no secret of a query", async () => {
  await fetch(`${open.http}/q?client_secret=hush&page=2`);
  const text = await (await admin("requests")).text();
  expect(text).toContain("client_secret=***&page=2");
  expect(text).not.toContain("hush");
});
