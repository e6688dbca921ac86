/** One cell as RFC 4180 wants it. */
function cell(text: string): string {
  return /[",\n\r]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lines of one piece: few enough to stay small, many enough to be worth a write. */
const linesAtOnce = 200;

/** An upload piece by piece: a header and cells in its order, LF line ends, as the job is opened. */
export function* csvPieces(
  header: readonly string[],
  rows: Iterable<readonly string[]>,
): Generator<string> {
  let lines = `${header.map(cell).join(",")}\n`;
  let count = 1;
  for (const row of rows) {
    lines += `${row.map(cell).join(",")}\n`;
    count += 1;
    if (count % linesAtOnce !== 0) continue;
    yield lines;
    lines = "";
  }
  yield lines;
}

/**
 * The wanted columns of a result file, row by row as its bytes come; a column the file does not have
 * is empty. Header names are matched without case, because Salesforce may answer in its own spelling.
 */
export async function* csvColumns(
  bytes: AsyncIterable<Uint8Array>,
  wanted: readonly string[],
): AsyncGenerator<readonly string[]> {
  let places: readonly number[] | undefined;
  for await (const row of csvRows(bytes)) {
    if (places === undefined) {
      const lower = row.map((name) => name.toLowerCase());
      places = wanted.map((name) => lower.indexOf(name.toLowerCase()));
    } else yield places.map((place) => (place < 0 ? "" : (row[place] ?? "")));
  }
}

/** All rows of a CSV file, its header first. */
export async function* csvRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder("utf-8");
  const reader = new CsvReader();
  for await (const piece of bytes) {
    reader.push(decoder.decode(piece, { stream: true }));
    for (let row = reader.row(false); row !== undefined; row = reader.row(false)) yield row;
  }
  reader.push(decoder.decode());
  for (let row = reader.row(true); row !== undefined; row = reader.row(true)) yield row;
}

/** Reads RFC 4180 with LF or CRLF line ends; jsforce's own parser splits at eight characters at once. */
class CsvReader {
  #text = "";
  #at = 0;

  push(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
  }

  /** The next row; undefined where the text has no whole one (left), or none at all at the end. */
  row(atEnd: boolean): string[] | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const start = this.#at;
    const cells: string[] = [];
    for (;;) {
      const value = this.#text[this.#at] === '"' ? this.#quoted() : this.#plain();
      // The end of what is here is the end of the row only where nothing follows.
      if (value === undefined || (this.#at >= this.#text.length && !atEnd)) {
        if (atEnd) throw new Error("A quoted cell has no end: the file is cut off.");
        this.#at = start;
        return undefined;
      }
      cells.push(value);
      const end = this.#text[this.#at];
      if (end === ",") {
        this.#at += 1;
        continue;
      }
      if (end === "\r") {
        this.#at += 1;
        if (this.#at >= this.#text.length && !atEnd) {
          this.#at = start;
          return undefined;
        }
      }
      this.#at += 1;
      return cells;
    }
  }

  #quoted(): string | undefined {
    let from = this.#at + 1;
    let value = "";
    for (;;) {
      const quote = this.#text.indexOf('"', from);
      if (quote < 0) return undefined;
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
