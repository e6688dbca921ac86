/** Columns that hold the source key are known to their table by this. */
export function keyNameOf(column: string): string {
  return `${column}_key`;
}

/**
 * The schema name of a logical one: the words of its label where they are the same letters
 * (`qd_sourcekey`, "Source Key": `qd_SourceKey`), else the name with a capital.
 */
export function schemaNameOf(logical: string, label?: string): string {
  const { prefix, rest } = partsOf(logical);
  const words = (label ?? "")
    .split(/[^A-Za-z0-9]+/)
    .map(capital)
    .join("");
  return `${prefix}${words.toLowerCase() === rest ? words : capital(rest)}`;
}

/** The label of something the mapping gives none. */
export function labelOf(logical: string): string {
  return capital(partsOf(logical).rest.replaceAll("_", " "));
}

/** The relationship of a lookup: `qd_account_qd_serviceorder`, with the column behind where that says more than the target. */
export function relationshipNameOf(table: string, column: string, target: string): string {
  const { prefix, rest } = partsOf(column);
  const to = partsOf(target).rest;
  const name = `${prefix}${to}_${table}`;
  return (rest === to ? name : `${name}_${rest}`).slice(0, prefix.length + 100);
}

/** A custom name's prefix with its `_`, and the rest; a name of the service has no prefix. */
function partsOf(name: string): { readonly prefix: string; readonly rest: string } {
  const at = name.indexOf("_") + 1;
  return { prefix: name.slice(0, at), rest: name.slice(at) };
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
