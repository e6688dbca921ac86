/** Names of column delimiters and what they stand for. */
export const delimiters: Readonly<Record<string, string>> = {
  COMMA: ",",
  TAB: "\t",
  PIPE: "|",
  SEMICOLON: ";",
  CARET: "^",
  BACKQUOTE: "`",
};

/** Names of line endings and what they stand for. */
export const lineEndings = { LF: "\n", CRLF: "\r\n" } as const;

/** A row of cells as text: every cell quoted, as clients rely on to split safely. */
export function csvLine(cells: readonly string[], delimiter: string, ending: string): string {
  let line = "";
  for (const [at, cell] of cells.entries()) {
    const text = cell.includes('"') ? cell.replaceAll('"', '""') : cell;
    line += at === 0 ? `"${text}"` : `${delimiter}"${text}"`;
  }
  return line + ending;
}

/** Reads rows of cells from CSV text (RFC 4180: quotes, newlines within quotes); blank lines are no rows. */
export function* csvRows(text: string, delimiter: string): Generator<string[]> {
  let at = 0;
  while (at < text.length) {
    const cells: string[] = [];
    for (;;) {
      const cell =
        text.charCodeAt(at) === 34 ? quotedCell(text, at) : plainCell(text, at, delimiter);
      cells.push(cell.text);
      at = cell.next;
      if (text.startsWith(delimiter, at) && at < text.length) at += 1;
      else break;
    }
    if (text.charCodeAt(at) === 13) at += 1;
    at += 1;
    if (cells.length > 1 || cells[0] !== "") yield cells;
  }
}

function quotedCell(text: string, start: number): { text: string; next: number } {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { text: value + text.slice(from), next: text.length };
    value += text.slice(from, quote);
    if (text.charCodeAt(quote + 1) !== 34) return { text: value, next: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}

function plainCell(text: string, start: number, delimiter: string): { text: string; next: number } {
  const separator = delimiter.charCodeAt(0);
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === separator || code === 10 || code === 13) break;
  }
  return { text: text.slice(start, at), next: at };
}
