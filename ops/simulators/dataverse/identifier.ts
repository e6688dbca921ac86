import { createHash, randomUUID } from "node:crypto";

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A new GUID, lower case. */
export function newGuid(): string {
  return randomUUID();
}

/** The GUID that always belongs to these names, for definitions every environment has. */
export function guidOf(...names: readonly string[]): string {
  const hash = createHash("sha256").update(names.join("\u0000")).digest("hex");
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `4${hash.slice(13, 16)}`];
  return [...parts, `a${hash.slice(17, 20)}`, hash.slice(20, 32)].join("-");
}

/** A GUID as it is kept (lower case, no braces), or undefined where the text is none. */
export function asGuid(text: string): string | undefined {
  const bare = text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : text;
  return pattern.test(bare) ? bare.toLowerCase() : undefined;
}
