import type { Call } from "./call.ts";

/** Whether the client asks to save rows that a duplicate rule warns of (`Sforce-Duplicate-Rule-Header`). */
export function savesDuplicates(call: Call): boolean {
  const header = call.headers["sforce-duplicate-rule-header"];
  const text = Array.isArray(header) ? header.join(";") : (header ?? "");
  return /(^|;)\s*allowSave\s*=\s*true\s*(;|$)/i.test(text);
}
