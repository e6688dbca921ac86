import type { IncomingHttpHeaders } from "node:http";

/** The preferences of all `Prefer` headers, by name in lower case; quotes are gone, a flag is "true". */
export function preferencesOf(headers: IncomingHttpHeaders): Map<string, string> {
  const preferences = new Map<string, string>();
  const header = headers["prefer"];
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  for (const match of text.matchAll(/([\w.-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;]+)))?/g)) {
    preferences.set((match[1] ?? "").toLowerCase(), match[2] ?? match[3] ?? "true");
  }
  return preferences;
}

/** The `Preference-Applied` header for what was honoured. */
export function appliedPreferences(
  applied: readonly (string | undefined)[],
): Record<string, string> {
  const honoured = applied.filter((one) => one !== undefined);
  return honoured.length === 0 ? {} : { "Preference-Applied": honoured.join(",") };
}
