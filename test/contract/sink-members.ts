import { readFileSync } from "node:fs";
import { join } from "node:path";

const file = join(import.meta.dirname, "../../sinks/sink.ts");

/** What `sinks/sink.ts` says a sink has: each member, and whether one may be without it. */
function members(): ReadonlyMap<string, boolean> {
  const [, body = ""] =
    /export interface Sink \{\n(.*?)\n\}/s.exec(readFileSync(file, "utf8")) ?? [];
  const names = body.matchAll(/^ {2}(?:readonly )?(\w+)(\?)?[(:]/gm);
  return new Map([...names].map(([, name, optional]) => [name as string, optional === "?"]));
}

/** Where a sink has something else than `sinks/sink.ts` says: what is missing, and what is beside it. */
export function strangeMembers(sink: object): readonly string[] {
  const said = members();
  const missing = [...said].filter(([name, optional]) => !optional && !(name in sink));
  const beside = Object.keys(sink).filter((name) => !said.has(name));
  return [...missing.map(([name]) => `no ${name}`), ...beside.map((name) => `also ${name}`)];
}
