import type { ObjectPlan } from "../core/plan.ts";
import type { CompiledField } from "./compile-field.ts";
import type { DestinationRules } from "./destinations/destination-rules.ts";
import type { MappingFile } from "./mapping-file.ts";
import type { FieldContext } from "./rule-site.ts";

/** Notes a fault of the file at a place. */
export type Say = (place: string, text: string) => void;

/** Each field is filled once, each required one at all, and no custom field is ordered for nothing. */
export function checkFields(
  { mapping, targets }: FieldContext,
  fields: readonly CompiledField[],
  say: Say,
): void {
  const filled = new Set<string>();
  for (const { plan } of fields) {
    if (filled.has(plan.name)) say(`fields.${plan.name}`, "is filled twice");
    filled.add(plan.name);
  }
  for (const target of targets.values()) {
    if (target.required && !filled.has(target.name)) {
      say("fields", `${target.name} is required by the destination and not filled`);
    }
  }
  // A field with a fault is not compiled, but its name is meant.
  const meant = (name: string): boolean =>
    filled.has(name) || Object.hasOwn({ ...mapping.fields, ...mapping.rows }, name);
  for (const name of Object.keys(mapping.custom_fields)) {
    if (!meant(name)) say(`custom_fields.${name}`, "is filled by no field of the mapping");
  }
}

/** A mapping's part of the plan, checked: a row must be known again. */
export function objectPlan(
  { mapping, destination }: FieldContext,
  fields: readonly CompiledField[],
  say: Say,
): ObjectPlan {
  const { identity, natural_key: naturalKey, find } = mapping;
  const { examples } = destination;
  const named = (rule: string): string | undefined =>
    fields.find((field) => field.rule === rule && field.spec[rule] === "id")?.plan.name;
  const keyField = named("source_key");
  const idField = named("copy");
  const keyed = identity === "external_id" || identity === "user";
  const key = keyField === undefined ? undefined : mapping.custom_fields[keyField];
  if (keyed && (keyField === undefined || key?.external_id !== true || key.unique !== true)) {
    say("fields", `no unique external id holds the source key: add ${examples.sourceKey}`);
  }
  if (keyed && idField === undefined) {
    say("fields", `no field holds the source's own id: add ${examples.sourceId}`);
  }
  checkNaturalKey(mapping, fields, say);
  checkFind(mapping, fields, say);
  return {
    object: mapping.object,
    entity: mapping.from,
    identity,
    ...(naturalKey === undefined ? {} : { naturalKey }),
    ...(find === undefined ? {} : { find }),
    keyField: keyField ?? "",
    idField: idField ?? "",
    fields: fields.map(({ plan }) => plan),
  };
}

function checkNaturalKey(mapping: MappingFile, fields: readonly CompiledField[], say: Say): void {
  const { identity, natural_key: key } = mapping;
  if ((identity === "natural") !== (key !== undefined)) {
    say("natural_key", "names the fields that together are unique, where identity is natural");
  }
  for (const name of key ?? []) {
    if (!fields.some(({ plan }) => plan.name === name)) {
      say("natural_key", `${name} is filled by no field of the mapping`);
    }
  }
}

/** Rows of others can be found only where ours can be told from them. */
function checkFind(mapping: MappingFile, fields: readonly CompiledField[], say: Say): void {
  const { find, identity } = mapping;
  if (find !== undefined && identity !== "external_id") {
    say("find", "is for rows that have a field for the source key: identity external_id");
  }
  for (const name of find?.by ?? []) {
    if (!fields.some(({ plan }) => plan.name === name)) {
      say("find", `${name} is filled by no field of the mapping`);
    }
  }
}

/** Custom fields are named as the destination names them, and no longer than it makes them. */
export function checkCustomFields(mapping: MappingFile, rules: DestinationRules, say: Say): void {
  for (const [name, { length = 0 }] of Object.entries(mapping.custom_fields)) {
    if (!rules.isCustom(name)) say(`custom_fields.${name}`, `must be ${rules.customForm}`);
    if (length <= rules.longestText) continue;
    say(`custom_fields.${name}`, `${rules.title} has no text field of ${length} characters`);
  }
}
