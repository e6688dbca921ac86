import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { doubles, fold } from "./fold.ts";
import { type PolledTenant, planHash, polledTenant } from "./polled-tenant.ts";
import { differences } from "./truth.ts";

let tenant: PolledTenant;
const children: ChildProcess[] = [];

beforeAll(async () => {
  tenant = await polledTenant("killed", { args: ["--size", "60", "--seed", "11"] });
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await tenant.close();
});

function start(fault: string): ChildProcess {
  const { connection, migration, stateFolder, profilePath, environment } = tenant;
  const options = { connection, migration, stateFolder, profilePath, planHash };
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "poller-child.ts"), JSON.stringify(options)],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, ...environment, CUTOVER_FAULT: fault },
    },
  );
  children.push(child);
  return child;
}

async function dies(fault: string): Promise<void> {
  const [, signal] = await once(start(fault), "exit");
  expect(signal).toBe("SIGKILL");
}

test("kills in every place of a transaction lose nothing and double nothing, with the store or without", async () => {
  // Sent but not committed; committed, but not in the store; fetched only. Each has committed before.
  await dies("poller.produced:kill@3");
  await dies("poller.committed:kill@2");
  await dies("poller.page_fetched:kill@6");
  await tenant.call("POST", "tick", { changes: 100 });
  await dies("poller.committed:kill@1");
  await tenant.call("POST", "tick", { changes: 100 });
  const last = start("");
  await tenant.finish();
  const found = await fold(tenant);
  expect(await differences(tenant, found)).toEqual([]);
  expect(doubles(found)).toEqual([]);
  last.kill("SIGTERM");
  expect(await once(last, "exit")).toEqual([0, null]);

  // The store is lost: it is rebuilt from the topics, so that reading everything again writes nothing.
  rmSync(tenant.stateFolder, { recursive: true });
  const rebuilt = tenant.poll();
  await tenant.call("POST", "tick", { changes: 50 });
  await tenant.finish();
  await rebuilt.stop();
  const after = await fold(tenant);
  expect(await differences(tenant, after)).toEqual([]);
  expect(doubles(after)).toEqual([]);
});
