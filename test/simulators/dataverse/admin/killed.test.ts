import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import type { DataverseReady } from "../../../../ops/simulators/dataverse/start.ts";

const main = join(import.meta.dirname, "../../../../ops/simulators/dataverse/main.ts");

async function begin(folder: string): Promise<{ ready: DataverseReady; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [main, "--folder", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  return { ready: JSON.parse(String(line)) as DataverseReady, kill };
}

async function tokenOf({
  http,
  tenant,
  client_id,
  client_secret,
}: DataverseReady): Promise<string> {
  const form = {
    grant_type: "client_credentials",
    client_id,
    client_secret,
    scope: `${http}/.default`,
  };
  const reply = await fetch(`${http}/${tenant}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return ((await reply.json()) as { access_token: string }).access_token;
}

test("killed in the middle of a load it has every call whole or not at all, and knows its tokens", async () => {
  const folder = mkdtempSync(join(tmpdir(), "simulator-dataverse-"));
  const first = await begin(folder);
  const headers = {
    authorization: `Bearer ${await tokenOf(first.ready)}`,
    "content-type": "application/json",
  };
  const target = { "@odata.type": "Microsoft.Dynamics.CRM.account", name: "Whole" };
  const body = JSON.stringify({ Targets: Array.from({ length: 500 }, () => target) });
  const url = `${first.ready.http}/api/data/v9.2/accounts/Microsoft.Dynamics.CRM.CreateMultiple`;
  const send = (): Promise<number> =>
    fetch(url, { method: "POST", headers, body }).then(({ status }) => status);
  expect(await send()).toBe(200);
  const cut = Promise.allSettled([send(), send(), send()]);
  await send();
  await first.kill();
  await cut;
  const second = await begin(folder);
  const reply = await fetch(
    `${second.ready.http}/api/data/v9.2/RetrieveTotalRecordCount(EntityNames=['account'])`,
    { headers },
  );
  const { EntityRecordCountCollection } = (await reply.json()) as {
    EntityRecordCountCollection: { Values: number[] };
  };
  const [rows = 0] = EntityRecordCountCollection.Values;
  expect(rows).toBeGreaterThanOrEqual(1_000);
  expect(rows % 500).toBe(0);
  await second.kill();
  rmSync(folder, { recursive: true });
});
