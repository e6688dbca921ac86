import type { Access } from "../auth/access.ts";
import type { Field } from "./field.ts";
import type { Schema } from "./schema.ts";
import type { SObject, Verb } from "./sobject.ts";

/** The schema as a user sees it: hidden objects and fields are not there, fields that may only be read cannot be written. */
export function schemaSeenBy(schema: Schema, access: Access): Schema {
  const seen = new Map<SObject, SObject | undefined>();
  const view = (object: SObject | undefined): SObject | undefined => {
    if (object === undefined) return undefined;
    if (!seen.has(object)) seen.set(object, objectSeenBy(object, access));
    return seen.get(object);
  };
  return {
    ...schema,
    get objects() {
      return schema.objects.flatMap((object) => view(object) ?? []);
    },
    find: (name) => view(schema.find(name)),
    byPrefix: (prefix) => view(schema.byPrefix(prefix)),
    childrenOf: (parent) =>
      schema.childrenOf(parent).flatMap((relation) => {
        const child = view(relation.child);
        const field = child?.fields.get(relation.field.name.toLowerCase());
        return child === undefined || field === undefined ? [] : [{ child, field }];
      }),
  };
}

function objectSeenBy(object: SObject, access: Access): SObject | undefined {
  const may = access.object(object);
  if (!may.read) return undefined;
  const withheld = new Set<Verb>();
  if (!may.create) withheld.add("create");
  if (!may.edit) withheld.add("update");
  if (!may.delete) withheld.add("delete");
  const fields = new Map<string, Field>();
  const parents = new Map<string, Field>();
  for (const [key, field] of object.fields) {
    const grant = access.field(object, field);
    if (grant === "hidden") continue;
    const own = grant === "edit" ? field : { ...field, createable: false, updateable: false };
    fields.set(key, own);
    if (own.relationshipName !== null) parents.set(own.relationshipName.toLowerCase(), own);
  }
  return { ...object, withheld, fields, parents };
}
