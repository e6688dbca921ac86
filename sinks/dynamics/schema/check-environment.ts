import type { DynamicsClient } from "../client.ts";
import {
  customTablesThere,
  duplicateRules,
  organizationOf,
  type Publisher,
  publishersOf,
} from "./environment.ts";
import type { ExpectedTable } from "./expected.ts";
import type { DynamicsFinding } from "./finding.ts";
import type { SchemaOptions } from "./options.ts";

/** So many custom tables an app of the Professional licence may have; the API does not enforce it. */
const professionalTables = 15;

const whole = { field: null, creatable: false } as const;

/** What the environment as a whole lacks. */
export async function environmentFindings(
  client: DynamicsClient,
  expected: readonly ExpectedTable[],
  options: SchemaOptions,
): Promise<DynamicsFinding[]> {
  return [
    ...(await bars(client, expected, options)),
    ...(await uploadFindings(client, options)),
    ...(await duplicateFindings(client, expected, options)),
  ];
}

/** What forbids to create anything at all: no publisher of our prefix, or a table beyond the licence. */
export async function bars(
  client: DynamicsClient,
  expected: readonly ExpectedTable[],
  options: SchemaOptions,
): Promise<DynamicsFinding[]> {
  const publishers = await publishersOf(client);
  const there = options.edition === "professional" ? await customTablesThere(client) : [];
  return [
    ...prefixFindings(publishers, expected, options.publisherPrefix),
    ...tableNumberFindings(there, expected, options),
  ];
}

function prefixFindings(
  publishers: readonly Publisher[],
  expected: readonly ExpectedTable[],
  wanted: string,
): DynamicsFinding[] {
  const needed = expected.some(({ custom, declared }) => custom.length > 0 || declared);
  if (!needed || publishers.some(({ prefix }) => prefix === wanted)) return [];
  const prefixes = publishers.map(({ prefix }) => prefix).join(", ");
  return [
    {
      problem: "prefix_unknown",
      ...{ object: "publisher", ...whole },
      expected: `a publisher with the prefix ${wanted}`,
      found: prefixes === "" ? "no publisher" : prefixes,
      remedy: `create a publisher with the prefix ${wanted}, or set destination.publisher_prefix to one that is there`,
    },
  ];
}

function tableNumberFindings(
  there: readonly string[],
  expected: readonly ExpectedTable[],
  { edition, tableSettings = new Map() }: SchemaOptions,
): DynamicsFinding[] {
  if (edition !== "professional") return [];
  const ours = expected.filter(({ declared }) => declared !== undefined).map(({ name }) => name);
  const all = new Set([...there, ...ours]);
  if (all.size <= professionalTables) return [];
  const known = new Set(there);
  const fresh = ours.filter((name) => !known.has(name));
  const settings = ours.flatMap((name) => {
    const setting = tableSettings.get(name);
    return setting === undefined ? [] : [`${name} is there by ${setting}`];
  });
  const choose = settings.length === 0 ? "" : `choose other settings (${settings.join("; ")}), or `;
  return [
    {
      problem: "too_many_tables",
      ...{ object: "environment", ...whole },
      expected: `at most ${professionalTables} custom tables in the Professional edition`,
      found: `${all.size}: ${there.length} there (${there.join(", ")}), ${fresh.length} to be made (${fresh.join(", ")})`,
      remedy: `${choose}delete custom tables nothing uses any more, or license Enterprise and set edition: enterprise`,
    },
  ];
}

async function uploadFindings(
  client: DynamicsClient,
  { largestFile }: SchemaOptions,
): Promise<DynamicsFinding[]> {
  if (largestFile === undefined) return [];
  const { maxUploadBytes } = await organizationOf(client);
  if (maxUploadBytes >= largestFile) return [];
  return [
    {
      problem: "upload_limit",
      ...{ object: "annotation", field: "documentbody", creatable: false, warns: true },
      expected: `files of ${largestFile} bytes`,
      found: `at most ${maxUploadBytes} bytes`,
      remedy:
        "raise the maximum file size in the environment's e-mail settings (131,072 kilobytes at most); larger files are refused one by one",
    },
  ];
}

async function duplicateFindings(
  client: DynamicsClient,
  expected: readonly ExpectedTable[],
  { duplicateDetection }: SchemaOptions,
): Promise<DynamicsFinding[]> {
  if (duplicateDetection !== true) return [];
  const tables = new Set(expected.map(({ name }) => name));
  const rules = (await duplicateRules(client)).filter(({ table }) => tables.has(table));
  return rules.map(({ name, table }) => ({
    problem: "duplicate_rule",
    ...{ object: table, ...whole, warns: true },
    expected: "no rule that refuses records of the source",
    found: `rule ${name} is published`,
    remedy: "unpublish the rule for the load, or do not ask for duplicate detection",
  }));
}
