import type { DynamicsClient } from "../client.ts";
import { readDefinition } from "./described.ts";

/** Who publishes customizations under a prefix. */
export interface Publisher {
  readonly prefix: string;
  /** The first option value of its choices. */
  readonly firstOption: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Every publisher of the environment. */
export async function publishersOf(client: DynamicsClient): Promise<readonly Publisher[]> {
  const rows = await listed(
    client,
    "publishers?$select=customizationprefix,customizationoptionvalueprefix",
  );
  return rows.map((row) => ({
    prefix: String(row["customizationprefix"]),
    firstOption: Number(row["customizationoptionvalueprefix"] ?? 10_000) * 10_000,
  }));
}

/** Custom tables of this environment that no installed app brought. */
export async function customTablesThere(client: DynamicsClient): Promise<readonly string[]> {
  const found = await readDefinition(
    client,
    "EntityDefinitions?$select=LogicalName,IsIntersect&$filter=IsCustomEntity eq true and IsManaged eq false",
  );
  return ((found?.["value"] ?? []) as readonly Json[])
    .filter((table) => table["IsIntersect"] !== true)
    .map((table) => String(table["LogicalName"]));
}

/** What the environment as a whole says of itself. */
export async function organizationOf(
  client: DynamicsClient,
): Promise<{ readonly maxUploadBytes: number; readonly language: number }> {
  const [row] = await listed(client, "organizations?$select=maxuploadfilesize,languagecode");
  const { maxuploadfilesize, languagecode } = row ?? {};
  return {
    maxUploadBytes: typeof maxuploadfilesize === "number" ? maxuploadfilesize : Infinity,
    language: typeof languagecode === "number" ? languagecode : 1033,
  };
}

/** Duplicate detection rules that are published, by the table they look at. */
export async function duplicateRules(
  client: DynamicsClient,
): Promise<readonly { readonly name: string; readonly table: string }[]> {
  const rows = await listed(
    client,
    "duplicaterules?$select=name,baseentityname&$filter=statuscode eq 2",
  );
  return rows.map((row) => ({ name: String(row["name"]), table: String(row["baseentityname"]) }));
}

/** What of the catalogue is known by name: price lists, and products by their number. */
export async function catalogueOf(client: DynamicsClient) {
  const read = async (set: string, name: string) =>
    (await listed(client, `${set}?$select=${name},statecode`)).map((row) => ({
      name: String(row[name]),
      active: row["statecode"] === 0,
    }));
  return {
    priceLists: await read("pricelevels", "name"),
    products: await read("products", "productnumber"),
  };
}

async function listed(client: DynamicsClient, first: string): Promise<readonly Json[]> {
  const rows: Json[] = [];
  for (let path: string | undefined = first; path !== undefined; ) {
    const reply = await client.call({ api: "query", method: "GET", path });
    const page = JSON.parse(reply.body) as Json;
    rows.push(...((page["value"] ?? []) as readonly Json[]));
    path = page["@odata.nextLink"] as string | undefined;
  }
  return rows;
}
