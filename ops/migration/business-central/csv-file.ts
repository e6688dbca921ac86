import { createHash } from "node:crypto";
import { createWriteStream, renameSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import type { Money } from "../../../pipeline/core/generated/records.ts";
import { exactSum } from "../../../pipeline/source/exact-sum.ts";

/** A value of a cell; null is an empty one. */
export type Cell = string | number | boolean | null;

/** One row, by column. */
export type CsvRow = Readonly<Record<string, Cell>>;

/** What the manifest says of a file. */
export interface CsvFacts {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Exact sums of amounts, by column and currency; an amount without a currency stands under "". */
  readonly sums: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A CSV file being written: RFC 4180, UTF-8, with a header, rows as they come. */
export class CsvFile {
  readonly #path: string;
  readonly #name: string;
  readonly #columns: readonly string[];
  readonly #stream: ReturnType<typeof createWriteStream>;
  readonly #hash = createHash("sha256");
  readonly #sums = new Map<string, Map<string, string>>();
  #rows = 0;
  #bytes = 0;

  constructor(folder: string, name: string, columns: readonly string[]) {
    this.#path = join(folder, name);
    this.#name = name;
    this.#columns = columns;
    this.#stream = createWriteStream(`${this.#path}.part`);
    this.#stream.on("error", () => undefined); // the write that waits for it rejects
  }

  async row(row: CsvRow): Promise<void> {
    if (this.#rows === 0) await this.#line(this.#columns);
    this.#rows += 1;
    await this.#line(this.#columns.map((column) => row[column] ?? null));
  }

  /** Adds an amount to its column's sum. */
  add(column: string, money: Money | null): void {
    if (money === null) return;
    const byCurrency = this.#sums.get(column) ?? new Map<string, string>();
    this.#sums.set(column, byCurrency);
    const currency = money.currency ?? "";
    byCurrency.set(currency, exactSum([byCurrency.get(currency), money.amount]) as string);
  }

  /** Ends the file; only now it stands under its name. */
  async end(): Promise<CsvFacts> {
    if (this.#rows === 0) await this.#line(this.#columns);
    this.#stream.end();
    await once(this.#stream, "close");
    renameSync(`${this.#path}.part`, this.#path);
    const sums = [...this.#sums].map(([column, by]) => [column, sorted(by)] as const);
    return {
      ...{ name: this.#name, rows: this.#rows, bytes: this.#bytes },
      sha256: this.#hash.digest("hex"),
      sums: Object.fromEntries(sums),
    };
  }

  async #line(cells: readonly Cell[]): Promise<void> {
    const line = Buffer.from(`${cells.map(cellText).join(",")}\r\n`, "utf8");
    this.#hash.update(line);
    this.#bytes += line.length;
    if (!this.#stream.write(line)) await once(this.#stream, "drain");
  }
}

function cellText(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function sorted(by: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...by].sort(([a], [b]) => (a < b ? -1 : 1)));
}
