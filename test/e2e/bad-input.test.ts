import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Hooks } from "../../ops/migration/rehearse/rehearse.ts";
import { openPlainProducer } from "../../pipeline/kafka/plain-producer.ts";
import { openHttp } from "../../pipeline/source/http.ts";
import { loadProfile } from "../../pipeline/source/profile.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { sourceTopic } from "../../topics/index.ts";
import { rehearsed, type Rehearsed, seen } from "./rehearsed.ts";
import { contactLine, customerLine, jobLine, lineOf, truthFile } from "./truth-lines.ts";

const truth = truthFile([
  customerLine("1"),
  customerLine("2", { name: null }),
  contactLine("1", "1"),
  contactLine("2", "1", { first_name: null, last_name: null, display_name: null }),
  jobLine("1", "1", { line_items: [lineOf("11")] }),
  jobLine("2", "1", { status: "Frozen", line_items: [lineOf("21")] }),
  jobLine("3", "1", { description: "x".repeat(2 * 1024 * 1024) }),
  jobLine("4", "1", { description: "Cut off here \ud83d and on" }),
  jobLine("5", "1", { line_items: [lineOf("51")] }),
]);

/** Bytes no schema wrote, where the transform expects a job. */
const live: Hooks["live"] = async ({ context, ledger }) => {
  const producer = await openPlainProducer(context.connection);
  const topic = sourceTopic(context.migration.name, "job").name;
  await producer.send(topic, "broken", Buffer.from("this is no Avro"));
  await producer.close();
  await seen(ledger, "SELECT 1 FROM rejected WHERE source_id = 'broken'");
};

interface Letter {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
}

let run: Rehearsed;
let letters: ReadonlyMap<string, Letter>;

beforeAll(async () => {
  run = await rehearsed({ truth }, { live });
  const rows = await run.ledger.query<Letter & { entity: string; source_id: string }>(
    "SELECT entity, source_id, code, field, message FROM rejected FINAL",
  );
  letters = new Map(rows.map((row) => [`${row.entity} ${row.source_id}`, row]));
}, 240_000);

afterAll(() => run?.close());

test("the neighbours of every bad record go through", async () => {
  const { differences, rows } = await run.compare();
  expect(differences).toEqual([]);
  const found = Object.entries(rows).filter(([, count]) => count > 0);
  expect(Object.fromEntries(found)).toEqual({
    ...{ Account: 1, Contact: 1, Case: 2 },
    Work_Order_Line_Item__c: 2,
  });
});

test.each([
  ["an unknown status", "job 2", "VALUE_NOT_IN_TABLE", ["status", '"Frozen"', "add an entry"]],
  ["a missing required name", "customer 2", "VALUE_MISSING", ["name", "Account.Name"]],
  ["a contact without any name", "contact 2", "VALUE_MISSING", ["Contact.LastName"]],
  ["a 2 MB description", "job 3", "TEXT_TOO_LONG", ["description", "131072"]],
  ["a lone surrogate", "job 4", "TEXT_NOT_ENCODABLE", ["description", "surrogate"]],
  [
    "a broken Avro message",
    "job broken",
    "RECORD_UNREADABLE",
    ["source.job, partition", "framing", "order the record again"],
  ],
])("%s is rejected by name, with what mends it", (_what, record, code, words) => {
  const letter = letters.get(record);
  expect(letter?.code).toBe(code);
  for (const word of words) expect(letter?.message).toContain(word);
});

test("a line of a rejected job waits, and says for which job", async () => {
  const waiting = await run.ledger.query(
    "SELECT key, state, waits_for_key FROM record_state WHERE key = 'line_item-21'",
  );
  expect(waiting).toEqual([{ key: "line_item-21", state: "parked", waits_for_key: "job-2" }]);
});

test("a wrong profile key is named with its place and the key that was meant", async () => {
  const folder = copyOf(run, "source-profile.yaml", (text) =>
    text.replace("page_size: 500", "pagesize: 500"),
  );
  const end = await cutover(["stage", "poller", "--migration", folder]);
  expect(end.code).toBe(2);
  for (const word of ["source-profile.yaml", "defaults", "pagesize", "page_size"]) {
    expect(end.stderr).toContain(word);
  }
});

test("a mapping that names an unknown field is named with its file, field and the field that was meant", async () => {
  const folder = copyOf(run, "mappings/case.yaml", (text) =>
    text.replace("  Priority:", "  Priorty:"),
  );
  const end = await cutover(["topics", "apply", "--migration", folder]);
  expect(end.code).toBe(2);
  for (const word of ["case.yaml", "Priorty", "Priority"]) expect(end.stderr).toContain(word);
});

test("a wrong secret at the destination ends with who can mend it, and never shows the secret", async () => {
  const folder = copyOf(run, "migration.yaml", (text) => text);
  const end = await cutover(["stage", "loader", "--migration", folder], {
    SF_CLIENT_SECRET: "wrong-secret-7",
  });
  expect(end.code).toBe(3);
  expect(end.stderr).toContain("SINK_AUTH_REFUSED");
  expect(end.stderr).toMatch(/client.?secret|credentials/i);
  expect(end.stderr).not.toContain("wrong-secret-7");
});

test("a wrong secret at the source ends with who can mend it, and never shows the secret", async () => {
  const right = process.env["QD_CLIENT_SECRET"];
  process.env["QD_CLIENT_SECRET"] = "wrong-secret-7";
  const { source } = loadProfile(run.surroundings.migration.profilePath);
  process.env["QD_CLIENT_SECRET"] = right;
  const http = openHttp(source, { log: openLog("test"), metrics: openMetrics() });
  const error = await http
    .get("/export/zones", {}, AbortSignal.timeout(10_000))
    .catch((thrown: unknown) => thrown);
  await http.close();
  expect(error).toMatchObject({ code: "SOURCE_AUTH_REFUSED" });
  expect(String(error)).toContain("source.auth");
  expect(String(error)).not.toContain("wrong-secret-7");
});

/** The migration's folder once more, one of its files changed; its state stays where it is. */
function copyOf({ surroundings }: Rehearsed, file: string, edit: (text: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), "cutover-bad-"));
  for (const part of ["migration.yaml", "source-profile.yaml", "mappings"]) {
    cpSync(join(surroundings.migration.folder, part), join(folder, part), { recursive: true });
  }
  const path = join(folder, file);
  writeFileSync(path, edit(readFileSync(path, "utf8")));
  return folder;
}

function cutover(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stderr: string }> {
  const main = join(import.meta.dirname, "../../ops/cli/main.ts");
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ["pipe", "ignore", "pipe"],
    env: { ...process.env, ...environment },
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stderr })));
}
