import fc from "fast-check";
import { expect, test } from "vitest";
import { csvColumns, csvPieces } from "../../../sinks/salesforce/csv.ts";

const cell = fc.string({
  unit: fc.constantFrom("a", "é", "😀", '"', ",", "\n", "\r", ";", "|", " ", "#N/A"),
});

/** The bytes in pieces of a size, as a network would cut them: within characters, quotes, line ends. */
async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, wanted: string[], size = 1024): Promise<(readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const row of csvColumns(cut(text, size), wanted)) rows.push(row);
  return rows;
}

test("every cell comes back as it was written, whatever stands in it and wherever the bytes are cut", async () => {
  const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 7 }), async (written, size) => {
      const text = [...csvPieces(["A", "B", "C"], written)].join("");
      expect(await read(text, ["A", "B", "C"], size)).toEqual(written);
      expect(await read(text, ["c", "D"], size)).toEqual(written.map((row) => [row[2], ""]));
    }),
  );
});

test("a result file is read with CRLF and a byte order mark too, and a cut-off one is an error", async () => {
  const text = '\uFEFF"sf__Id","Key"\r\n"001","x ""y"""\r\n';
  for (const size of [1, 2, 3, 100]) {
    expect(await read(text, ["Key", "sf__Id"], size)).toEqual([['x "y"', "001"]]);
  }
  await expect(read('"Key"\n"cut', ["Key"])).rejects.toThrow("cut off");
});
