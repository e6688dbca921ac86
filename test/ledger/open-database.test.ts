import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../sinks/clickhouse/open-database.ts";

test("tables are kept from one start to the next, and made anew where another version made them", async () => {
  const path = mkdtempSync(join(tmpdir(), "cutover-ledger-"));
  const positions = async (): Promise<number> => {
    const [row] = await database.select<{ n: number }>("SELECT count() AS n FROM position");
    return row?.n ?? -1;
  };
  let database = await openDatabase({ path });
  await database.insert("position", [{ topic: "t", partition: 0, offset: 7 }]);
  await database.close();
  database = await openDatabase({ path });
  expect(await positions()).toBe(1);
  await database.command("TRUNCATE TABLE table_layout");
  await database.insert("table_layout", [{ hash: "another" }]);
  await database.close();
  database = await openDatabase({ path });
  expect(await positions()).toBe(0);
  await database.close();
});
