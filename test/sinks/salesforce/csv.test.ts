import fc from "fast-check";
import { expect, test } from "vitest";
import { csvBody, csvColumns } from "../../../sinks/salesforce/csv.ts";

const cell = fc.string({
  unit: fc.constantFrom("a", "é", "😀", '"', ",", "\n", ";", "|", " ", "#N/A"),
});

test("every cell comes back as it was written, whatever stands in it", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 20 }), (rows) => {
      const text = csvBody(["A", "B", "C"], rows).toString();
      expect([...csvColumns(text, ["A", "B", "C"])]).toEqual(rows);
      expect([...csvColumns(text, ["c", "D"])]).toEqual(rows.map((row) => [row[2], ""]));
    }),
  );
});

test("a result file is read with CRLF and a byte order mark too, and a cut-off one is an error", () => {
  const text = '\uFEFF"sf__Id","Key"\r\n"001","x ""y"""\r\n';
  expect([...csvColumns(text, ["Key", "sf__Id"])]).toEqual([['x "y"', "001"]]);
  expect(() => [...csvColumns('"Key"\n"cut', ["Key"])]).toThrow("cut off");
});
