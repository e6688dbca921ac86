import { didYouMean } from "../core/did-you-mean.ts";
import { sourceEntities } from "../core/source-record.ts";
import type { CompiledMapping } from "./compile-mapping.ts";
import { customFieldsOf } from "./destination.ts";
import type { DestinationRules } from "./destinations/destination-rules.ts";
import { type MappingFolder, notMappedFile } from "./mapping-file.ts";
import { sourceFields } from "./source-shape.ts";
import type { CustomField } from "./target-field.ts";

/** What no mapping shows alone: pairs, targets of references, fields and entities nobody takes. */
export function checkTogether(
  read: MappingFolder,
  compiled: readonly CompiledMapping[],
  rules: DestinationRules,
  faults: string[],
): void {
  checkPairs(compiled, faults);
  checkShared(compiled, rules, faults);
  for (const [entity, of] of Map.groupBy(compiled, ({ plan }) => plan.entity)) {
    checkCarried(entity, of, faults);
  }
  checkEntities(read, compiled, faults);
  for (const { entity, object, key } of read.properties) {
    if (read.mappings.some((each) => each.from === entity && each.object === object)) continue;
    faults.push(`custom-properties.yaml: ${key}: no mapping makes ${object} from ${entity}`);
  }
}

/** One mapping for each object and entity, and one for whatever a lookup refers to. */
function checkPairs(compiled: readonly CompiledMapping[], faults: string[]): void {
  const pairs = new Set<string>();
  for (const { plan, mapping } of compiled) {
    const pair = `${plan.object} from ${plan.entity}`;
    if (pairs.has(pair)) faults.push(`${mapping.file}: a second mapping fills ${pair}`);
    pairs.add(pair);
  }
  for (const { fields, mapping } of compiled) {
    for (const { plan, targets } of fields) {
      for (const { object, entity } of targets) {
        if (pairs.has(`${object} from ${entity}`)) continue;
        faults.push(
          `${mapping.file}: fields.${plan.name}: no mapping makes ${object} from ${entity}, so the lookup has no target`,
        );
      }
    }
  }
}

/** Mappings of one object share its columns; objects of one carrier share its custom ones. */
function checkShared(
  compiled: readonly CompiledMapping[],
  { carrier }: DestinationRules,
  faults: string[],
): void {
  const known = new Map<string, string>();
  const differs = (name: string, definition: unknown): boolean => {
    const text = JSON.stringify(definition);
    const first = known.get(name) ?? text;
    known.set(name, first);
    return first !== text;
  };
  for (const { plan, mapping } of compiled) {
    if (differs(`${plan.object} known by`, plan.identity)) {
      faults.push(`${mapping.file}: identity: another mapping of ${plan.object} has another`);
    }
    for (const { name, type } of plan.fields) {
      if (differs(`${plan.object}.${name}`, type)) {
        faults.push(`${mapping.file}: fields.${name}: another mapping gives it another type`);
      }
    }
    for (const [name, spec] of Object.entries(mapping.custom_fields)) {
      if (differs(`${carrier(plan.object)}.${name} defined`, spec)) {
        faults.push(`${mapping.file}: custom_fields.${name}: another mapping defines it otherwise`);
      }
    }
  }
}

/** Every field of the source is mapped, or listed with the reason why not. */
function checkCarried(
  entity: string,
  mappings: readonly CompiledMapping[],
  faults: string[],
): void {
  const source = [...sourceFields(entity).keys()];
  const listed = new Set(mappings.flatMap(({ mapping }) => Object.keys(mapping.not_carried)));
  const files = mappings.map(({ mapping }) => mapping.file).join(", ");
  for (const name of source) {
    if (listed.has(name) || mappings.some(({ spokenFor }) => spokenFor.has(name))) continue;
    faults.push(
      `${files}: fields: ${entity}.${name} is neither mapped nor listed under not_carried with a reason`,
    );
  }
  for (const { mapping, spokenFor } of mappings) {
    for (const name of Object.keys(mapping.not_carried)) {
      const place = `${mapping.file}: not_carried.${name}`;
      if (spokenFor.has(name)) faults.push(`${place}: is mapped: take it off the list`);
      if (source.includes(name)) continue;
      faults.push(`${place}: unknown field of ${entity}${didYouMean(name, source)}`);
    }
  }
}

/** Every entity has a mapping, or is listed with the reason why not. */
function checkEntities(
  read: MappingFolder,
  compiled: readonly CompiledMapping[],
  faults: string[],
): void {
  for (const entity of sourceEntities) {
    const of = compiled.filter(({ plan }) => plan.entity === entity);
    const listed = Object.hasOwn(read.notMapped, entity);
    // Where every mapping depends on a setting, the reason holds under the others.
    if (listed && of.some(({ mapping }) => mapping.setting === undefined)) {
      faults.push(`${notMappedFile}: ${entity} is mapped: take it off the list`);
    }
    if (!listed && of.length === 0) {
      faults.push(`${notMappedFile}: ${entity} has no mapping and is not listed with a reason`);
    }
  }
}

/** The custom fields of an object's mappings, each once; those no setting asks for left out. */
export function mergedCustomFields(mappings: readonly CompiledMapping[]): CustomField[] {
  const filled = new Set(mappings.flatMap(({ plan }) => plan.fields.map(({ name }) => name)));
  const fields = new Map(
    mappings.flatMap(({ mapping }) => customFieldsOf(mapping)).map((field) => [field.name, field]),
  );
  return [...fields.values()].filter(({ name }) => filled.has(name));
}
