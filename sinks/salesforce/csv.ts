/** One cell as RFC 4180 wants it. */
function cell(text: string): string {
  return /[",\n\r]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lines turned into bytes at a time: as one text, an upload would take four times its bytes. */
const linesAtOnce = 500;

/** Rows of one upload: a header and cells in its order, UTF-8 with LF line ends, as the job is opened. */
export function csvBody(header: readonly string[], rows: Iterable<readonly string[]>): Buffer {
  const parts: Buffer[] = [];
  let lines = `${header.map(cell).join(",")}\n`;
  let count = 1;
  for (const row of rows) {
    lines += `${row.map(cell).join(",")}\n`;
    count += 1;
    if (count % linesAtOnce !== 0) continue;
    parts.push(Buffer.from(lines));
    lines = "";
  }
  parts.push(Buffer.from(lines));
  return Buffer.concat(parts);
}

/**
 * The wanted columns of a result file, row by row; a column the file does not have is empty. Header
 * names are matched without case, because Salesforce may answer in its own spelling.
 */
export function* csvColumns(text: string, wanted: readonly string[]): Generator<readonly string[]> {
  const reader = new CsvReader(text);
  const header = reader.row() ?? [];
  const lower = header.map((name) => name.toLowerCase());
  const places = wanted.map((name) => lower.indexOf(name.toLowerCase()));
  for (let row = reader.row(); row !== undefined; row = reader.row()) {
    yield places.map((place) => (place < 0 ? "" : (row[place] ?? "")));
  }
}

/** Reads RFC 4180 with LF or CRLF line ends; jsforce's own parser splits at eight characters at once. */
class CsvReader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** The next row, or undefined at the end. */
  row(): string[] | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const cells: string[] = [];
    for (;;) {
      cells.push(this.#text[this.#at] === '"' ? this.#quoted() : this.#plain());
      const end = this.#text[this.#at];
      if (end === ",") {
        this.#at += 1;
        continue;
      }
      if (end === "\r") this.#at += 1;
      this.#at += 1;
      return cells;
    }
  }

  #quoted(): string {
    let from = this.#at + 1;
    let value = "";
    for (;;) {
      const quote = this.#text.indexOf('"', from);
      if (quote < 0) throw new Error("A quoted cell has no end: the file is cut off.");
      value += this.#text.slice(from, quote);
      if (this.#text[quote + 1] !== '"') {
        this.#at = quote + 1;
        return value;
      }
      value += '"';
      from = quote + 2;
    }
  }

  #plain(): string {
    const from = this.#at;
    while (this.#at < this.#text.length && !",\n\r".includes(this.#text[this.#at] as string)) {
      this.#at += 1;
    }
    return this.#text.slice(from, this.#at);
  }
}
