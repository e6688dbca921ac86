import type { CompiledPlan } from "../../../pipeline/mapping/compile.ts";
import type { SchemaCreated } from "../../schema-finding.ts";
import type { Component, SalesforceClient } from "../salesforce-client.ts";
import { missingValues } from "./check-column.ts";
import { fieldComponent, objectComponent, permissionSet, valueSet } from "./components.ts";
import { describeObject } from "./described.ts";
import { carrierOf, type ExpectedObject, expectedObjects } from "./expected.ts";
import { grantToUs } from "./grant.ts";
import { chunksOf, componentsThere } from "./there.ts";

/** Our permission set's API name. */
const permissionSetName = "Cutover_Migration";

/**
 * Makes the objects, fields and picklist values a plan lacks, and grants them to our user. Safe to
 * repeat; what exists is never changed but by values it lacks, whatever its type.
 */
export async function createSchema(
  client: SalesforceClient,
  compiled: CompiledPlan,
): Promise<SchemaCreated> {
  const expected = expectedObjects(compiled);
  const maker = new Maker(client);
  const lacking = await lackingOf(client, expected);
  // Objects first: lookups refer to them.
  await maker.save("CustomObject", lacking.objects);
  await maker.save("CustomField", lacking.fields);
  await maker.save("CustomField", await extended(client, lacking.values));
  const refused = new Set(maker.refused.map(({ name }) => name));
  const set = permissionSet(permissionSetName, expected, (field) => !refused.has(field));
  const granted = await maker.save("PermissionSet", [set]);
  if (granted) await grantToUs(client, permissionSetName);
  return { created: maker.created, refused: maker.refused };
}

class Maker {
  readonly created: string[] = [];
  readonly refused: { readonly name: string; readonly why: string }[] = [];
  readonly #client: SalesforceClient;

  constructor(client: SalesforceClient) {
    this.#client = client;
  }

  /** Whether all were made. */
  async save(type: string, components: readonly Component[]): Promise<boolean> {
    const before = this.refused.length;
    for (const chunk of chunksOf(components)) {
      for (const result of await this.#client.saveMetadata(type, chunk)) {
        const { fullName: name, success, errors } = result;
        const why = errors.map(({ statusCode, message }) => `${statusCode}: ${message}`).join("; ");
        if (success) this.created.push(`${type} ${name}`);
        else this.refused.push({ name: `${type} ${name}`, why });
      }
    }
    return this.refused.length === before;
  }
}

interface Lacking {
  readonly objects: readonly Component[];
  readonly fields: readonly Component[];
  /** Values to be added, by the field's full name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

async function lackingOf(
  client: SalesforceClient,
  expected: readonly ExpectedObject[],
): Promise<Lacking> {
  const objects: Component[] = [];
  const fields = new Map<string, Component>();
  const values = new Map<string, readonly string[]>();
  for (const each of expected) {
    const found = await describeObject(client, each.name);
    if (found === undefined && each.name.endsWith("__c")) objects.push(objectComponent(each));
    for (const field of each.custom) {
      const column = found?.fields.get(field.name);
      const fullName = `${carrierOf(each.name)}.${field.name}`;
      if (column === undefined) fields.set(fullName, fieldComponent(each.name, field));
      else if (missingValues(field, column).length > 0)
        values.set(fullName, missingValues(field, column));
    }
  }
  const hidden = await componentsThere(client, "CustomField", [...fields.keys()]);
  const names = objects.map(({ fullName }) => fullName);
  const known = await componentsThere(client, "CustomObject", names);
  return {
    objects: objects.filter(({ fullName }) => !known.has(fullName)),
    fields: [...fields.values()].filter(({ fullName }) => !hidden.has(fullName)),
    values,
  };
}

/** The fields as they stand, with the values they lack added behind their own. */
async function extended(
  client: SalesforceClient,
  values: ReadonlyMap<string, readonly string[]>,
): Promise<readonly Component[]> {
  const found = await componentsThere(client, "CustomField", [...values.keys()]);
  return [...found.values()].map((component) => {
    const set = component["valueSet"] as {
      readonly restricted?: unknown;
      readonly valueSetDefinition?: { readonly value?: unknown };
    };
    const own = [set?.valueSetDefinition?.value ?? []].flat() as { readonly fullName: string }[];
    const all = [...own.map(({ fullName }) => fullName), ...(values.get(component.fullName) ?? [])];
    return { ...component, valueSet: valueSet(all, String(set?.restricted) === "true") };
  });
}
