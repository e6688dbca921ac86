import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../../../../ops/simulators/dataverse/rows/database.ts";
import { tableRows } from "../../../../ops/simulators/dataverse/rows/table-rows.ts";

const database = openDatabase(mkdtempSync(join(tmpdir(), "table-rows-")));
const rows = tableRows(database, { logicalName: "contact" });
const held = (texts: readonly string[], after = ""): string[] =>
  [...rows.holding("emailaddress1", texts, after)].map(({ id }) => id);

afterAll(() => database.close());

test("rows are found by their folded text, with those that keep none, as they are now, in the order of their ids", () => {
  rows.insert("c", 1, { emailaddress1: "José@X.example " });
  expect(held(["jose@x.example"])).toEqual(["c"]);
  rows.insert("b", 2, { emailaddress1: "other@x.example" });
  const empty = rows.insert("a", 3, {});
  rows.insert("d", 4, { emailaddress1: "JOSE@x.example" });
  expect(held(["jose@x.example"])).toEqual(["a", "c", "d"]);
  expect(held(["jose@x.example", "other@x.example"], "a")).toEqual(["b", "c", "d"]);
  const filled = rows.update(empty, 5, { emailaddress1: "other@x.example" });
  expect(held(["other@x.example"])).toEqual(["a", "b"]);
  rows.drop(filled);
  expect(held(["other@x.example"])).toEqual(["b"]);
});

test("an index made in a transaction that is undone is made again", () => {
  const undone = () =>
    database.transaction(() => {
      expect([...rows.holding("jobtitle", ["boss"], "")].map(({ id }) => id)).toEqual([
        "b",
        "c",
        "d",
      ]);
      throw new Error("undone");
    });
  expect(undone).toThrow("undone");
  rows.insert("e", 6, { jobtitle: "Boss" });
  expect([...rows.holding("jobtitle", ["boss"], "d")].map(({ id }) => id)).toEqual(["e"]);
});
