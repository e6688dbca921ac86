import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { destinationKinds } from "../../pipeline/mapping/destinations/rules-of.ts";

const root = join(import.meta.dirname, "../..");

/** What every destination shares. */
const common = ["pipeline", "topics", "sinks/loader", "sinks/observer", "sinks/clickhouse"];

/** Where a destination's own things stand, below the folders above. */
const own = [/^pipeline\/mapping\/(salesforce|dynamics|destinations)\//, /\/generated\//];

/** The one list of the kinds there are. */
const kinds = "pipeline/core/plan.ts";

/** Names and words that only one destination has. */
const words =
  /salesforce|dynamics|dataverse|\bsoql\b|\bapex\b|\bfetchxml\b|\bodata\b|__[cr]\b|systemuser|\bsobject/i;

/** Custom names of the mappings; the source's environment variables are in capitals. */
const prefixed = /\bqd_[a-z]/;

/** Objects and fields only one destination has: what is not a plain word of the language too. */
const names = destinationKinds.flatMap((kind) => {
  const file = join(root, `pipeline/mapping/destinations/${kind}.yaml`);
  const facts = parse(readFileSync(file, "utf8"), { merge: true }) as Record<string, object>;
  return [...Object.keys(facts), ...Object.values(facts).flatMap((fields) => Object.keys(fields))];
});
const telling = new RegExp(
  `\\b(${[...new Set(names)].filter((name) => /[a-z][A-Z]/.test(name) || name.length > 12).join("|")})\\b`,
);

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesOf(path) : [path];
  });
}

/** Lines that know a destination, as `file:line: text`. */
function telltales(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, at) => {
    return words.test(line) || prefixed.test(line) || telling.test(line)
      ? [`${path}:${at + 1}: ${line.trim()}`]
      : [];
  });
}

test("what every destination shares holds no word of any of them", () => {
  const shared = [
    ...common.flatMap(filesOf),
    ...readdirSync(join(root, "sinks"))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `sinks/${name}`),
  ].filter((path) => !own.some((place) => place.test(path)));
  expect(shared.length).toBeGreaterThan(150);
  const found = shared.flatMap((path) => telltales(path, readFileSync(join(root, path), "utf8")));
  expect(found).toEqual([expect.stringContaining(`${kinds}:2: export type DestinationKind`)]);
});

test("the search finds what it is for", () => {
  const lines = [
    "// Salesforce takes years 1700 to 4000.",
    'if (name.endsWith("__c")) return;',
    "Tags__c: { list: tags }",
    'const field = "OwnerId";',
    "qd_sourcekey: { source_key: id }",
    'return "AccountContactRelation";',
    "const at = row.overriddencreatedon;",
  ];
  for (const line of lines) expect(telltales("a.ts", line)).toHaveLength(1);
  expect(telltales("a.ts", "const owner = the.dynamic(case, account, task);")).toEqual([]);
});
