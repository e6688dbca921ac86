import { text } from "../canonical-text.ts";

/** What a JSON text says: nothing that is empty, keys in one order, and no guess at types. */
export function canonicalJson(value: unknown): string | null {
  const kept = essence(value);
  return kept === undefined ? null : JSON.stringify(kept);
}

function essence(value: unknown): unknown {
  if (value === null || value === undefined || value === "") return undefined;
  if (Array.isArray(value)) {
    const items = value.map(essence).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items.sort(byId);
  }
  if (typeof value !== "object") return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, essence(inner)] as const)
    .filter(([key, inner]) => inner !== undefined && key !== "type_guess")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Records in a list have no order of their own; words keep theirs. */
function byId(a: unknown, b: unknown): number {
  const [one, other] = [a, b].map((each) => (each as { id?: unknown }).id);
  if (typeof one !== "string" || typeof other !== "string") return 0;
  return one < other ? -1 : 1;
}

/** A text as it is compared: trimmed, lines ending in one way, JSON by what it says. */
export function comparableText(value: unknown): string | null {
  const written = text(value)?.replace(/\r\n?|\n/g, "\n") ?? null;
  if (written === null || !/^[[{]/.test(written)) return written;
  try {
    return canonicalJson(JSON.parse(written));
  } catch {
    return written;
  }
}

/** The beginning of a text that is longer than its column. */
export function cut(value: string | null, length: number): string | null {
  return comparableText(value?.slice(0, length));
}

/** The whole of a text where its column is too short for it. */
export function whole(value: string | null, length: number): string | null {
  return (value?.length ?? 0) > length ? comparableText(value) : null;
}

/** A list of words as one text. */
export function joined(values: unknown): string | null {
  return text(((values ?? []) as unknown[]).join("; "));
}

/** A word of the source as the destination's choices have it. */
export function titled(value: unknown): string | null {
  const word = text(value);
  return word === null ? null : word.charAt(0).toUpperCase() + word.slice(1);
}

const kept: Readonly<Record<string, string>> = { b: "b", strong: "b", i: "i", em: "i", li: "li" };

/**
 * HTML by its words' letters and its formatting: where bold, italic and list items begin, and where
 * links lead. What nobody may run or load leaves nothing.
 */
export function htmlWords(html: string): string {
  return html
    .replace(/<(script|style)[\s\S]*?(<\/\1>|$)/gi, "")
    .replace(/<(\/?)([a-z][a-z0-9]*)([^>]*)>/gi, (_tag, closes, name: string, attributes) => {
      if (closes !== "") return "";
      const href = /href\s*=\s*["']?((?:https?|mailto|tel):[^"'\s>]+)/i.exec(
        String(attributes),
      )?.[1];
      if (name.toLowerCase() === "a") return href === undefined ? "" : `\u0001a ${href}\u0002`;
      const mark = kept[name.toLowerCase()];
      return mark === undefined ? "" : `\u0001${mark}\u0002`;
    })
    .replace(/&(lt|gt|amp|quot|apos|nbsp|#\d+|#x[0-9a-f]+);/gi, "")
    .replace(/\u0001([^\u0002]*)\u0002|[^\p{L}\p{N}]/gu, (_all, mark?: string) =>
      mark === undefined ? "" : `<${mark}>`,
    );
}

/** What of an HTML text a browser would run or load from elsewhere; undefined where nothing. */
export function harmIn(html: string): string | undefined {
  const tag = /<(script|style|iframe|object|embed|img|svg|form)\b/i.exec(html)?.[0];
  return tag ?? /<[^>]*(\son\w+\s*=|(?:javascript|data|vbscript):)[^>]*>/i.exec(html)?.[0];
}
