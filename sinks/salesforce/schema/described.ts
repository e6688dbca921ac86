import type { SalesforceClient } from "../salesforce-client.ts";

/** A field as our user sees it; names are the describe call's own. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly custom: boolean;
  readonly restrictedPicklist: boolean;
  readonly picklistValues: readonly { readonly value: string; readonly active: boolean }[];
  readonly referenceTo: readonly string[];
}

/** An object as our user sees it. */
export interface DescribedObject {
  readonly name: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly fields: ReadonlyMap<string, DescribedColumn>;
}

/** Describes an object; undefined where there is none for our user. */
export async function describeObject(
  client: SalesforceClient,
  object: string,
): Promise<DescribedObject | undefined> {
  const path = `sobjects/${encodeURIComponent(object)}/describe`;
  const reply = await client.call({ api: "describe", method: "GET", path, accept: [404] });
  if (reply.statusCode === 404) return undefined;
  const { fields, ...head } = JSON.parse(reply.body) as Omit<DescribedObject, "fields"> & {
    readonly fields: readonly DescribedColumn[];
  };
  return { ...head, fields: new Map(fields.map((field) => [field.name, field])) };
}
