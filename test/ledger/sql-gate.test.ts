import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import type { Database } from "../../sinks/clickhouse/database.ts";
import { openDatabase } from "../../sinks/clickhouse/open-database.ts";
import { serveLedger } from "../../sinks/clickhouse/server.ts";

let database: Database;
let url: string;
let close: () => void;

beforeAll(async () => {
  database = await openDatabase({ path: mkdtempSync(join(tmpdir(), "cutover-gate-")) });
  await database.insert("plan_object", [{ object: "Case", entity: "job" }]);
  const served = {
    database,
    metrics: openMetrics(),
    positions: () => ({}),
    fresh: async () => {},
    found: async () => {},
    status: async () => ({}),
    report: async () => ({}),
  };
  const { url: address, server } = await serveLedger(served, 0);
  url = address;
  close = () => server.close();
});
afterAll(async () => {
  close();
  await database.close();
});

async function ask(sql: string, format = "JSONEachRow"): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/query?format=${format}`, { method: "POST", body: sql });
  return { status: response.status, text: await response.text() };
}

test.each([
  "SELECT * FROM plan_object",
  "select object, count() as n from record_state group by object having n > 1 order by n desc limit 5;",
  "WITH open AS (SELECT key FROM parked_newest) SELECT count() FROM open WHERE key LIKE 'job-%'",
  "SELECT object, quantilesExact(0.5, 0.95)(duration_ms) FROM outcome FINAL GROUP BY object",
  "SELECT p.object, dateDiff('second', now(), now()) FROM plan_object AS p LEFT JOIN reconciliation AS r ON r.object = p.object -- why not",
  "SELECT object FROM plan_object UNION ALL SELECT object FROM outcome",
  "SELECT key FROM load_record WHERE key IN (SELECT key FROM outcome) AND JSONExtractString(fields, 'Subject') != ''",
])("a question to the ledger's own tables is answered: %s", async (sql) => {
  expect(await ask(sql)).toMatchObject({ status: 200 });
});

test.each([
  ["SELECT file('/etc/passwd')", "function file()"],
  ["SELECT * FROM file('/etc/passwd', 'LineAsString')", "table function file()"],
  ["SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')", "table function url()"],
  ["SELECT * FROM executable('id', 'TSV', 's String')", "table function executable()"],
  ["SELECT * FROM merge('system', '.*')", "table function merge()"],
  ["SELECT * FROM plan_object INTO OUTFILE '/tmp/cutover-gate-out'", "INTO OUTFILE"],
  ["SELECT * FROM plan_object FORMAT CSV", ""],
  ["SELECT * FROM plan_object SETTINGS max_threads = 8", "Set"],
  ["SELECT * FROM plan_object SETTINGS max_threads = 8 FORMAT CSV", ""],
  ["DESCRIBE url('http://127.0.0.1:1/')", "Only SELECT"],
  ["DESCRIBE file('/etc/passwd')", "Only SELECT"],
  ["SELECT 1; SELECT 2", "semicolon"],
  ["SELECT 1; DROP TABLE outcome", "semicolon"],
  ["INSERT INTO plan_object SELECT * FROM plan_object", "Only SELECT"],
  ["WITH x AS (SELECT 1) INSERT INTO plan_object SELECT 'a', 'b'", ""],
  ["DROP TABLE outcome", "Only SELECT"],
  ["SELECT * FROM system.tables", "no table system.tables"],
  ["SELECT * FROM information_schema.tables", "no table information_schema.tables"],
  ["SELECT 1 WHERE 1 IN system.numbers", "system.numbers"],
  ["SELECT * FROM `system`.`one`", "backticks"],
  ['SELECT * FROM "system"."one"', "no table system.one"],
  ['SELECT * FROM "/etc/passwd"', "no table"],
  ["SELECT sleep(3)", "function sleep()"],
  ["SELECT getSetting('max_threads')", "function getSetting()"],
  ["SELECT hostName(), currentDatabase()", "function hostName()"],
  ["SELECT * FROM plan_object WHERE object = (SELECT file('/etc/hosts'))", "function file()"],
  ["SELECT arrayMap(x -> file(x), ['/etc/passwd'])", "function file()"],
  ["SELECT dictGet('d', 'a', 1)", "function dictGet()"],
  ["SELEC 1", "Only SELECT"],
  ["SELECT FROM WHERE", "cannot parse"],
])("anything else is refused with its reason: %s", async (sql, reason) => {
  const { status, text } = await ask(sql);
  expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining(reason) });
});

test("refused statements leave nothing behind, and the ledger can still write", async () => {
  const { existsSync } = await import("node:fs");
  expect(existsSync("/tmp/cutover-gate-out")).toBe(false);
  await database.insert("plan_object", [{ object: "Account", entity: "customer" }]);
  expect((await ask("SELECT count() AS n FROM plan_object")).text).toContain('"n":2');
});

test("answers come in the format asked for, and only from this host's own names", async () => {
  expect((await ask("SELECT 1 AS one", "CSVWithNames")).text).toBe('"one"\n1\n');
  expect((await ask("SELECT 1 AS one", "Native")).status).toBe(400);
  const { request } = await import("node:http");
  const status = await new Promise((resolve) => {
    request(`${url}/status`, { headers: { host: "evil.example" } }, (response) =>
      resolve(response.resume().statusCode),
    ).end();
  });
  expect(status).toBe(400);
});
