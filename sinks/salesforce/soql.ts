const name = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$/;

/** A text as a SOQL literal. */
export function soqlText(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `'${escaped}'`;
}

/** A moment as a SOQL literal. */
export function soqlTime(at: number): string {
  return new Date(at).toISOString();
}

/** An object, field or `Parent.Field` name, checked: names come from the plan, never from a record. */
export function soqlName(text: string): string {
  if (!name.test(text)) throw new Error(`Not a name in SOQL: ${JSON.stringify(text)}`);
  return text;
}

/** `SELECT … FROM …` with a condition and an order, names checked. */
export function soqlSelect(
  fields: readonly string[],
  object: string,
  condition = "",
  order = "",
): string {
  const columns = [...new Set(fields)].map(soqlName).join(",");
  const where = condition === "" ? "" : ` WHERE ${condition}`;
  const by = order === "" ? "" : ` ORDER BY ${order}`;
  return `SELECT ${columns} FROM ${soqlName(object)}${where}${by}`;
}

/** `field IN (…)`. */
export function soqlIn(field: string, texts: readonly string[]): string {
  return `${soqlName(field)} IN (${texts.map(soqlText).join(",")})`;
}

/**
 * Splits texts so that each `IN` list stays below the longest URI Salesforce takes (16,384 bytes,
 * REST guide), counted as they will be encoded.
 */
export function soqlChunks(texts: readonly string[], mostBytes = 10_000): readonly string[][] {
  const chunks: string[][] = [];
  let chunk: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    // The quotes go as %27 once the URL is parsed, which encodeURIComponent leaves as they are.
    const size = encodeURIComponent(soqlText(text)).replaceAll("'", "%27").length + 3;
    if (chunk.length > 0 && bytes + size > mostBytes) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(text);
    bytes += size;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}
