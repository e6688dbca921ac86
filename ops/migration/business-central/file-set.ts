import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cell, type CsvFacts, CsvFile, type CsvRow } from "./csv-file.ts";
import { columns, type FileName } from "./columns.ts";

const names = Object.keys(columns) as FileName[];

/** The files of phase two while they are written. */
export class FileSet {
  readonly #folder: string;
  readonly #files: ReadonlyMap<FileName, CsvFile>;
  readonly #leftOut = new Map<string, number>();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#files = new Map(names.map((name) => [name, new CsvFile(folder, name, columns[name])]));
  }

  async row(name: FileName, row: CsvRow, currencyOf = "Currency Code"): Promise<void> {
    const file = this.#files.get(name) as CsvFile;
    const currency = row[currencyOf];
    for (const column of summed[name]) {
      const amount: Cell = row[column] ?? null;
      if (typeof amount !== "string") continue;
      file.add(column, { amount, currency: typeof currency === "string" ? currency : null });
    }
    await file.row(row);
  }

  finding(name: FileName, key: string, finding: string): Promise<void> {
    return this.row("findings.csv", { File: name, "No.": key, Finding: finding });
  }

  /** Counts a record that is in no file, under the reason. */
  leaveOut(reason: string): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1);
  }

  /** Ends the files, and with the manifest says that they are whole. */
  async end(facts: { readonly migration: string; readonly complete: boolean }): Promise<Manifest> {
    const files: CsvFacts[] = [];
    for (const file of this.#files.values()) files.push(await file.end());
    const leftOut = Object.fromEntries([...this.#leftOut].sort(([a], [b]) => (a < b ? -1 : 1)));
    const manifest: Manifest = { format: 1, ...facts, files, left_out: leftOut };
    const path = join(this.#folder, "manifest.json");
    writeFileSync(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(`${path}.part`, path);
    return manifest;
  }
}

/** What the set holds: counts, exact sums per currency and the SHA-256 of each file. */
export interface Manifest {
  readonly format: 1;
  readonly migration: string;
  /** False while the source has not been read to its end: bills or members may still be missing. */
  readonly complete: boolean;
  readonly files: readonly CsvFacts[];
  /** Records that are in no file, by reason. */
  readonly left_out: Readonly<Record<string, number>>;
}

/** Columns with amounts, which are added up. */
const summed: Readonly<Record<FileName, readonly string[]>> = {
  "customers.csv": [],
  "sales-invoice-headers.csv": [
    ...["Amount", "Tax Amount", "Fees", "Discount Amount", "Amount Including Tax"],
  ],
  "sales-invoice-lines.csv": ["Tax Amount", "Line Amount"],
  "cash-receipt-journal.csv": ["Amount"],
  "findings.csv": [],
};
