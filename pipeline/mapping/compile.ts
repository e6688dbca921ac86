import { CutoverError } from "../core/errors.ts";
import type { ObjectPlan, Plan } from "../core/plan.ts";
import { references, type SourceEntity, sourceEntities } from "../core/source-record.ts";
import { type CompiledMapping, compileMapping } from "./compile-mapping.ts";
import { customFieldsOf } from "./destination.ts";
import { loadSchema } from "./load-schema.ts";
import type { Mapper } from "./mapper.ts";
import { type MappingFolder, notMappedFile, readMappings } from "./mapping-file.ts";
import { rowMapper } from "./row-mapper.ts";
import type { CustomField } from "./target-field.ts";
import { computeWaves } from "./waves.ts";

/** A mappings folder, compiled: the plan, and what the stages do with it. */
export interface CompiledPlan {
  readonly plan: Plan;
  /** Mappers by the entity they take. */
  readonly mappers: ReadonlyMap<string, readonly Mapper[]>;
  /** Avro schema of the load records, by object. */
  readonly schemas: ReadonlyMap<string, object>;
  /** What must exist at the destination, by object. */
  readonly customFields: ReadonlyMap<string, readonly CustomField[]>;
}

/** What compiling needs beside the files. */
export interface CompileOptions {
  /** Folder of the mappings, one `*.yaml` per object and entity. */
  readonly folder: string;
  readonly settings: {
    /** Whether the org lets an insert set creation stamps. */
    readonly audit_fields: boolean;
  };
  /** The plan's hash, see `planHash`. */
  readonly hash: string;
}

/** Compiles all mappings of a folder. Throws MAPPING_INVALID listing every fault with its file and field. */
export function compilePlan({ folder, settings, hash }: CompileOptions): CompiledPlan {
  const faults: string[] = [];
  const read = readMappings(folder, faults);
  const compiled = read.mappings.map((mapping) =>
    compileMapping(mapping, settings.audit_fields, faults),
  );
  checkTogether(read, compiled, faults);
  const plans = compiled.map(({ plan }) => plan);
  const { waves, cycle } = computeWaves(plans);
  if (cycle.length > 0) {
    faults.push(
      `mappings: ${cycle.join(", ")} refer to one another in a circle, which no order can load`,
    );
  }
  if (faults.length > 0) {
    throw new CutoverError(
      "MAPPING_INVALID",
      `The mapping is not valid:\n  ${faults.join("\n  ")}`,
    );
  }
  return {
    plan: { hash, objects: plans, waves },
    mappers: Map.groupBy(
      compiled.map((mapping) => rowMapper(mapping, hash)),
      ({ entity }) => entity,
    ),
    schemas: byObject(plans, (object, of) => loadSchema(object, of)),
    customFields: mergedCustomFields(read),
  };
}

/** What no mapping shows alone: pairs, targets of references, entities nobody takes. */
function checkTogether(
  read: MappingFolder,
  compiled: readonly CompiledMapping[],
  faults: string[],
): void {
  const pairs = new Set<string>();
  for (const { plan, file } of compiled) {
    const pair = `${plan.object} from ${plan.entity}`;
    if (pairs.has(pair)) faults.push(`${file}: a second mapping fills ${pair}`);
    pairs.add(pair);
  }
  for (const { plan, fields, file } of compiled) {
    for (const { plan: field, spec } of fields) {
      if (field.reference === undefined) continue;
      const entity = references[plan.entity as SourceEntity][spec["lookup"] as string];
      if (pairs.has(`${field.reference.object} from ${entity}`)) continue;
      faults.push(
        `${file}: fields.${field.name}: no mapping makes ${field.reference.object} from ${entity}, so the lookup has no target`,
      );
    }
  }
  for (const entity of sourceEntities) {
    const mapped = compiled.some(({ plan }) => plan.entity === entity);
    const listed = Object.hasOwn(read.notMapped, entity);
    if (mapped && listed)
      faults.push(`${notMappedFile}: ${entity} is mapped: take it off the list`);
    if (!mapped && !listed) {
      faults.push(`${notMappedFile}: ${entity} has no mapping and is not listed with a reason`);
    }
  }
}

function byObject<T>(
  plans: readonly ObjectPlan[],
  make: (object: string, plans: readonly ObjectPlan[]) => T,
): ReadonlyMap<string, T> {
  const groups = Map.groupBy(plans, ({ object }) => object);
  return new Map([...groups].map(([object, of]) => [object, make(object, of)]));
}

function mergedCustomFields({ mappings }: MappingFolder): CompiledPlan["customFields"] {
  const groups = Map.groupBy(mappings, ({ object }) => object);
  return new Map(
    [...groups].map(([object, of]) => {
      const fields = new Map(of.flatMap(customFieldsOf).map((field) => [field.name, field]));
      return [object, [...fields.values()]];
    }),
  );
}
