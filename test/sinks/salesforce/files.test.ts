import { afterAll, beforeAll, expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import { writeBlob } from "../../../pipeline/stage/blob-folder.ts";
import { resultKey, type Sink, type SinkRow } from "../../../sinks/sink.ts";
import { keylessObjects, keylessSchema } from "../../loader/keyless-objects.ts";
import { type SimulatedOrg, simulatedOrg } from "./simulated-org.ts";

const plan = keylessObjects.objects.find(({ object }) => object === "ContentVersion") as ObjectPlan;
const megabyte = 1024 * 1024;
let org: SimulatedOrg;
let sink: Sink;

beforeAll(async () => {
  org = await simulatedOrg(keylessSchema);
  sink = await org.sink({ timeoutMs: 30_000 });
});
afterAll(async () => {
  await sink.close();
  await org.close();
});

const aFile = (key: string, VersionData: string, destinationId: string | null = null): SinkRow => ({
  key,
  destinationId,
  fields: { Title: key, PathOnClient: `${key}.bin`, VersionData },
});

async function send(operation: "insert" | "update", ...rows: readonly SinkRow[]) {
  const results = await sink.send([{ plan, operation, rows }]);
  return rows.map(({ key }) => results.get(resultKey("ContentVersion", key)));
}

test("a file of 200 MB is streamed: memory does not hold it, and what stands there has its checksum", async () => {
  async function* bytes() {
    const piece = Buffer.alloc(megabyte, "0123456789abcdef");
    for (let at = 0; at < 200; at += 1) yield piece;
  }
  const { sha256, size } = await writeBlob(org.blobFolder, bytes());
  const before = process.resourceUsage().maxRSS / 1024;
  const [result] = await send("insert", aFile("attachment-huge", `sha256:${sha256}:${size}`));
  expect(result).toMatchObject({ kind: "created" });
  expect(process.resourceUsage().maxRSS / 1024 - before).toBeLessThan(100);
  const [row] = await org.query("SELECT ContentSize FROM ContentVersion");
  expect(row?.["ContentSize"]).toBe(200 * megabyte);
});

test("bytes that stand there are not sent again; others are a version more; a refused one leaves the key where it was", async () => {
  const [made] = await send("insert", aFile("attachment-v", "text:one"));
  const document = made?.kind === "created" ? made.destinationId : "";
  expect(document).toMatch(/^069/);
  const versions = () =>
    org.query(
      `SELECT VersionNumber, Source_Key__c FROM ContentVersion WHERE ContentDocumentId = '${document}' ORDER BY VersionNumber`,
    );
  await send("update", aFile("attachment-v", "text:one", document));
  expect(await versions()).toHaveLength(1);
  await send("update", aFile("attachment-v", "text:two", document));
  expect(await versions()).toMatchObject([
    { VersionNumber: "1", Source_Key__c: null },
    { VersionNumber: "2", Source_Key__c: "attachment-v" },
  ]);
  await org.admin("POST", "settings", { limits: { FileStorageMB: 0 } });
  const [refused] = await send("update", aFile("attachment-v", "text:three", document));
  expect(refused).toMatchObject({ kind: "refused", class: "storage" });
  const [large] = await send("insert", aFile("attachment-full", `text:${"x".repeat(megabyte)}`));
  expect(large).toMatchObject({ kind: "refused", class: "storage" });
  await org.admin("POST", "settings", { limits: { FileStorageMB: 10_240 } });
  expect((await versions()).at(-1)).toMatchObject({ Source_Key__c: "attachment-v" });
  const found = await sink.ask(plan, [aFile("attachment-v", "text:two")], () => false);
  expect(found.get("attachment-v")).toMatchObject({ destinationId: document, whole: true });
  const changed = await sink.ask(plan, [aFile("attachment-v", "text:three")], () => false);
  expect(changed.get("attachment-v")).toMatchObject({ destinationId: document, whole: false });
});

test("a file whose document is gone is said to be gone, one that is deleted takes its versions along", async () => {
  const [made] = await send("insert", aFile("attachment-g", "text:gone"));
  const destinationId = made?.kind === "created" ? made.destinationId : "";
  const row = { key: "attachment-g", destinationId, fields: {} };
  const name = resultKey("ContentVersion", "attachment-g");
  const deleted = await sink.send([{ plan, operation: "delete", rows: [row] }]);
  expect(deleted.get(name)).toMatchObject({ kind: "deleted" });
  const again = await sink.send([{ plan, operation: "delete", rows: [row] }]);
  expect(again.get(name)).toMatchObject({ kind: "gone" });
  expect(await send("update", aFile("attachment-g", "text:gone", destinationId))).toEqual([
    { kind: "gone", destinationId },
  ]);
});
