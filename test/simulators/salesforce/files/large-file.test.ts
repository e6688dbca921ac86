import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReadyLine } from "../../../../ops/simulators/server/ready.ts";

const main = join(import.meta.dirname, "../../../../ops/simulators/salesforce/main.ts");
const folder = mkdtempSync(join(tmpdir(), "simulator-large-"));
const megabyte = Buffer.alloc(1024 * 1024, 7);

let child: ChildProcess;
let ready: ReadyLine;
let token = "";
beforeAll(async () => {
  child = spawn(process.execPath, [main, "--folder", folder], { stdio: ["ignore", "pipe", 2] });
  const lines = createInterface({ input: child.stdout as Readable });
  const [line] = (await once(lines, "line")) as [string];
  ready = JSON.parse(line) as ReadyLine;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: ready.client_id,
    client_secret: ready.client_secret,
  });
  const reply = await fetch(`${ready.http}/services/oauth2/token`, { method: "POST", body: form });
  token = ((await reply.json()) as { access_token: string }).access_token;
});
afterAll(async () => {
  child.kill("SIGTERM");
  await once(child, "exit");
  rmSync(folder, { recursive: true });
});

/** The most memory the simulator has had so far. */
function peakMegabytes(): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

function* upload(): Iterable<Buffer> {
  yield Buffer.from(
    '--b\r\nContent-Disposition: form-data; name="entity_content"\r\nContent-Type: application/json\r\n\r\n{"PathOnClient":"film.mp4"}\r\n',
  );
  yield Buffer.from(
    '--b\r\nContent-Disposition: form-data; name="VersionData"; filename="film.mp4"\r\nContent-Type: video/mp4\r\n\r\n',
  );
  for (let sent = 0; sent < 200; sent++) yield megabyte;
  yield Buffer.from("\r\n--b--\r\n");
}

test("a file of 200 MB comes and goes without costing memory", async () => {
  const before = peakMegabytes();
  const path = `${ready.http}/services/data/v59.0/sobjects/ContentVersion`;
  const headers = { authorization: `Bearer ${token}` };
  const reply = await fetch(path, {
    method: "POST",
    headers: { ...headers, "content-type": "multipart/form-data; boundary=b" },
    body: Readable.toWeb(Readable.from(upload())) as ReadableStream,
    duplex: "half",
  });
  const { id } = (await reply.json()) as { id: string };
  expect(reply.status).toBe(201);
  const download = await fetch(`${path}/${id}/VersionData`, { headers });
  let bytes = 0;
  for await (const piece of download.body ?? []) bytes += (piece as Uint8Array).length;
  expect(bytes).toBe(200 * megabyte.length);
  expect(peakMegabytes() - before).toBeLessThan(60);
});
