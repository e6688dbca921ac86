import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inChunk } from "../../sinks/clickhouse/buckets.ts";
import type { Database } from "../../sinks/clickhouse/database.ts";
import { Judging } from "../../sinks/clickhouse/judging.ts";
import { openDatabase } from "../../sinks/clickhouse/open-database.ts";

const records = 20_000;
const chunks = 20;

/** Views by chunk of records or of destination rows, with the tables they read. */
const views: Readonly<Record<string, { tables: readonly string[]; of: "key" | "destination_id" }>> =
  {
    source_newest: { tables: ["source_record"], of: "key" },
    load_newest: { tables: ["load_record"], of: "key" },
    outcome_newest: { tables: ["outcome"], of: "key" },
    request_newest: { tables: ["request_key"], of: "key" },
    parked_newest: { tables: ["parked"], of: "key" },
    rejected_newest: { tables: ["rejected"], of: "key" },
    stamp_newest: { tables: ["load_record", "outcome"], of: "key" },
    observed_newest: { tables: ["observed_row"], of: "destination_id" },
  };

let database: Database;

beforeAll(async () => {
  database = await openDatabase({ path: mkdtempSync(join(tmpdir(), "cutover-ledger-")) });
  for (const table of new Set(Object.values(views).flatMap((view) => view.tables))) {
    const id = table === "observed_row" ? ", destination_id" : "";
    await database.command(
      `INSERT INTO ${table} (key, ${table === "request_key" ? "source_offset" : "offset"}${id})
       SELECT concat('job-', toString(number)), number${id === "" ? "" : ", toString(number)"} FROM numbers(${records})`,
    );
    await database.command(`OPTIMIZE TABLE ${table} FINAL`);
  }
});

afterAll(() => database.close());

test("however many chunks there are, every record is in one of them, and all rows of it in the same", async () => {
  for (const count of [1, 7, 64]) {
    let seen = 0;
    for (let chunk = 0; chunk < count; chunk += 1) {
      const [row] = await database.select<{ n: number; apart: number }>(
        `SELECT count() AS n, countIf(NOT ${inChunk("concat(key, '/2')", chunk, count)}) AS apart
         FROM source_record WHERE ${inChunk("key", chunk, count)}`,
      );
      seen += row?.n ?? 0;
      expect(row?.apart).toBe(0);
    }
    expect(seen).toBe(records);
  }
});

/** How many rows of a table a view reads under a condition. */
async function rowsRead(view: string, condition: string, table: string): Promise<number> {
  const plan = await database.select<{ table: string; rows: number }>(
    `EXPLAIN ESTIMATE SELECT * FROM ${view} WHERE ${condition}`,
  );
  return plan.find((each) => each.table === table)?.rows ?? 0;
}

test.each(Object.entries(views))(
  "a chunk of %s reads its own part of the tables and little beside it",
  async (view, { tables, of }) => {
    for (const table of tables) {
      const read = await rowsRead(view, inChunk(of, 3, chunks), table);
      expect(read, table).toBeGreaterThan(0);
      expect(read, table).toBeLessThan((2 * records) / chunks);
      // A share the tables are not in the order of is looked for in all of them.
      const unordered = `cityHash64(${of}) % ${chunks} = 3`;
      expect(await rowsRead(view, unordered, table), table).toBe(records);
    }
  },
);

test("states stay as they are while somebody works with them, however much is written meanwhile", async () => {
  let writes = 1;
  const writer = { writes: () => writes, between: <T>(work: () => Promise<T>) => work() };
  const judging = new Judging(database, writer);
  const order: string[] = [];
  let later: Promise<unknown> = Promise.resolve();
  await judging.during(async () => {
    expect(judging.judgedAt).toBe(1);
    writes = 2;
    later = judging.fresh().then(() => order.push("judged anew"));
    await database.select("SELECT count() FROM record_state");
    order.push("done");
    expect(judging.judgedAt).toBe(1);
  });
  await later;
  expect(order).toEqual(["done", "judged anew"]);
  expect(judging.judgedAt).toBe(2);
});

test("a judging that fails is its caller's, and the next one judges", async () => {
  let broken = true;
  const writer = {
    writes: () => 1,
    between: <T>(work: () => Promise<T>) => (broken ? Promise.reject(new Error("broken")) : work()),
  };
  const judging = new Judging(database, writer);
  await expect(judging.fresh()).rejects.toThrow("broken");
  broken = false;
  await judging.fresh();
  expect(judging.judgedAt).toBe(1);
});
