import type { ObjectPlan } from "../core/plan.ts";
import { type CompiledField, compileField } from "./compile-field.ts";
import { isKnownObject, targetFields } from "./destination.ts";
import { didYouMean } from "../core/did-you-mean.ts";
import type { MappingFile } from "./mapping-file.ts";
import { MappingFault } from "./rules/rule.ts";
import { sourceFields } from "./source-shape.ts";

/** A mapping's fields and its part of the plan. */
export interface CompiledMapping {
  readonly plan: ObjectPlan;
  readonly fields: readonly CompiledField[];
  readonly file: string;
}

/** Compiles a mapping; adds to `faults` whatever is wrong with it, all at once. */
export function compileMapping(
  mapping: MappingFile,
  auditFields: boolean,
  faults: string[],
): CompiledMapping {
  const say = (place: string, text: string): number =>
    faults.push(`${mapping.file}: ${place}: ${text}`);
  if (!isKnownObject(mapping.object)) {
    say(
      "object",
      `${mapping.object} is no object of the destination, nor a custom one ending in __c`,
    );
  }
  const targets = targetFields(mapping);
  const source = sourceFields(mapping.from);
  const all: CompiledField[] = [];
  for (const [name, yaml] of Object.entries(mapping.fields)) {
    try {
      all.push(...compileField(name, yaml, { mapping, targets, source }));
    } catch (error) {
      if (!(error instanceof MappingFault)) throw error;
      say(`fields.${name}`, error.message);
    }
  }
  checkFields(mapping, all, say);
  checkCarried(mapping, all, [...source.keys()], say);
  const fields = all.filter(({ plan }) => auditFields || targets.get(plan.name)?.audit !== true);
  return { plan: objectPlan(mapping, fields, say), fields, file: mapping.file };
}

type Say = (place: string, text: string) => void;

/** Each field is filled once, each required one at all, and no custom field is ordered for nothing. */
function checkFields(mapping: MappingFile, fields: readonly CompiledField[], say: Say): void {
  const filled = new Set<string>();
  for (const { plan } of fields) {
    if (filled.has(plan.name)) say(`fields.${plan.name}`, "is filled twice");
    filled.add(plan.name);
  }
  for (const target of targetFields(mapping).values()) {
    if (target.required && !filled.has(target.name)) {
      say("fields", `${target.name} is required by the destination and not filled`);
    }
  }
  // A field with a fault is not compiled, but its name is meant.
  const meant = (name: string): boolean => filled.has(name) || Object.hasOwn(mapping.fields, name);
  for (const name of Object.keys(mapping.custom_fields)) {
    if (!meant(name)) say(`custom_fields.${name}`, "is filled by no field of the mapping");
  }
}

/** Every field of the source is mapped, or listed with the reason why not. */
function checkCarried(
  mapping: MappingFile,
  fields: readonly CompiledField[],
  source: readonly string[],
  say: Say,
): void {
  const mapped = new Set(fields.flatMap(({ reads }) => reads.map((path) => path.split(".")[0])));
  for (const name of source) {
    const listed = Object.hasOwn(mapping.not_carried, name);
    if (mapped.has(name) && listed) say(`not_carried.${name}`, "is mapped: take it off the list");
    if (!mapped.has(name) && !listed) {
      say(
        "fields",
        `${mapping.from}.${name} is neither mapped nor listed under not_carried with a reason`,
      );
    }
  }
  for (const name of Object.keys(mapping.not_carried)) {
    if (!source.includes(name)) {
      say(`not_carried.${name}`, `unknown field of ${mapping.from}${didYouMean(name, source)}`);
    }
  }
}

function objectPlan(mapping: MappingFile, fields: readonly CompiledField[], say: Say): ObjectPlan {
  const named = (rule: string): string | undefined =>
    fields.find((field) => field.rule === rule && field.spec[rule] === "id")?.plan.name;
  const keyField = named("source_key");
  const idField = named("copy");
  const key = keyField === undefined ? undefined : mapping.custom_fields[keyField];
  if (keyField === undefined || key?.external_id !== true || key.unique !== true) {
    say(
      "fields",
      "no unique external id holds the source key: add Source_Key__c: { source_key: id }",
    );
  }
  if (idField === undefined) {
    say("fields", "no field holds the source's own id: add Source_System_ID__c: { copy: id }");
  }
  return {
    object: mapping.object,
    entity: mapping.from,
    identity: "external_id",
    keyField: keyField ?? "",
    idField: idField ?? "",
    fields: fields.map(({ plan }) => plan),
  };
}
