import type { Allowance, DescribedField, DestinationUser } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { soqlPages } from "./soql-pages.ts";
import { soqlChunks, soqlIn, soqlSelect } from "./soql.ts";

interface RawField {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly restrictedPicklist: boolean;
  readonly picklistValues: readonly { readonly value: string; readonly active: boolean }[];
  readonly referenceTo: readonly string[];
}

/** An object's fields as our user sees them; undefined where there is no such object for it. */
export async function describe(
  client: SalesforceClient,
  object: string,
): Promise<readonly DescribedField[] | undefined> {
  const path = `sobjects/${encodeURIComponent(object)}/describe`;
  const reply = await client.call({ api: "describe", method: "GET", path, accept: [404] });
  if (reply.statusCode === 404) return undefined;
  const { fields } = JSON.parse(reply.body) as { fields: readonly RawField[] };
  return fields.map((field) => ({
    name: field.name,
    type: field.type,
    length: field.length,
    precision: field.precision,
    scale: field.scale,
    createable: field.createable,
    updateable: field.updateable,
    unique: field.unique,
    externalId: field.externalId,
    restrictedValues: field.restrictedPicklist
      ? field.picklistValues.filter(({ active }) => active).map(({ value }) => value)
      : null,
    referenceTo: field.referenceTo,
  }));
}

/** Users of these e-mail addresses; a sandbox's addresses end in `.invalid`. */
export async function users(
  client: SalesforceClient,
  emails: readonly string[],
): Promise<readonly DestinationUser[]> {
  const found: DestinationUser[] = [];
  const columns = ["Id", "Username", "Email", "IsActive", "UserType"];
  for (const chunk of soqlChunks(emails.flatMap((email) => [email, `${email}.invalid`]))) {
    const soql = soqlSelect(columns, "User", soqlIn("Email", chunk));
    for await (const page of soqlPages(client, soql)) {
      for (const row of page) {
        found.push({
          id: row["Id"] as string,
          email: String(row["Email"] ?? "").toLowerCase(),
          username: row["Username"] as string,
          active: row["IsActive"] === true,
          standard: row["UserType"] === "Standard",
        });
      }
    }
  }
  return found;
}

/** What the org still grants for today. */
export async function allowance(client: SalesforceClient): Promise<Allowance> {
  const reply = await client.call({ api: "limits", method: "GET", path: "limits" });
  const limits = JSON.parse(reply.body) as Record<string, { Max: number; Remaining: number }>;
  const grant = (name: string) => ({
    max: limits[name]?.Max ?? Number.POSITIVE_INFINITY,
    remaining: limits[name]?.Remaining ?? Number.POSITIVE_INFINITY,
  });
  return { calls: grant("DailyApiRequests"), batches: grant("DailyBulkApiBatches") };
}
