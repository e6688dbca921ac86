import { CutoverError } from "../core/errors.ts";
import type { DestinationKind, ObjectPlan, Plan } from "../core/plan.ts";
import { checkSettings } from "./check-settings.ts";
import { checkTogether, mergedCustomFields } from "./check-together.ts";
import { checkTables, customTables } from "./custom-tables.ts";
import { type CompiledMapping, compileMapping } from "./compile-mapping.ts";
import { destinationOf } from "./destination.ts";
import type { PropertyFields } from "./destinations/property-fields.ts";
import { loadSchema } from "./load-schema.ts";
import type { Mapper } from "./mapper.ts";
import { readMappings } from "./mapping-file.ts";
import { defaultPrefix } from "./publisher-prefix.ts";
import { rowMapper } from "./row-mapper.ts";
import { decided, type GivenSettings, holdsFor, type MappingSettings } from "./settings.ts";
import type { CustomField, CustomTable } from "./target-field.ts";
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
  /** Tables made for the migration, by object; none where the destination has none declared. */
  readonly customTables: ReadonlyMap<string, CustomTable>;
  readonly settings: MappingSettings;
  /** What is read of the source under these settings: fields by entity. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
  /** Where custom properties get fields of their own, by entity, and how those are made. */
  readonly properties: {
    readonly objects: ReadonlyMap<string, string>;
    readonly fields: PropertyFields;
  };
}

/** What compiling needs beside the files. */
export interface CompileOptions {
  /** Folder of the mappings, one `*.yaml` per object and entity. */
  readonly folder: string;
  /** What a migration has set; the defaults decide what is left open. */
  readonly settings: GivenSettings;
  readonly destination: DestinationKind;
  /** What custom names begin with instead of `qd`, where the destination has publishers. */
  readonly publisherPrefix?: string;
  /** The plan's hash, see `planHash`. */
  readonly hash: string;
}

/** Compiles all mappings of a folder. Throws MAPPING_INVALID listing every fault with its file and field. */
export function compilePlan(options: CompileOptions): CompiledPlan {
  const { folder, hash, publisherPrefix = defaultPrefix } = options;
  const faults: string[] = [];
  const destination = destinationOf(options.destination, publisherPrefix);
  const settings = decided(destination.rules.settings, options.settings, faults);
  const read = readMappings(folder, faults, publisherPrefix);
  checkSettings(read.mappings, destination.rules, faults);
  const all = { destination, settings, properties: read.properties };
  const compiled = read.mappings
    .filter(({ setting }) => holdsFor(setting, all.settings))
    .map((mapping) => compileMapping(mapping, all, faults));
  checkTogether(read, compiled, destination.rules, faults);
  checkTables(compiled, destination.rules, faults);
  const plans = compiled.map(({ plan }) => plan);
  const { waves, cycle } = computeWaves(plans, orderOf(compiled));
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
    schemas: byObject(compiled, (object, of) =>
      loadSchema(
        object,
        of.map(({ plan }) => plan),
      ),
    ),
    customFields: byObject(compiled, (_, of) => mergedCustomFields(of)),
    customTables: customTables(compiled),
    settings,
    reads: new Map(
      [...Map.groupBy(compiled, ({ plan }) => plan.entity)].map(
        ([entity, of]) => [entity, new Set(of.flatMap(({ reads }) => [...reads]))] as const,
      ),
    ),
    properties: {
      objects: new Map(
        compiled
          .filter(({ fields }) => fields.some(({ rule }) => rule === "misfits"))
          .map(({ plan }) => [plan.entity, plan.object]),
      ),
      fields: destination.rules.properties,
    },
  };
}

/** What the first load takes before an object although no lookup says so; only what is loaded at all. */
function orderOf(compiled: readonly CompiledMapping[]): ReadonlyMap<string, readonly string[]> {
  const loaded = new Set(compiled.map(({ plan }) => plan.object));
  return byObject(compiled, (_, of) =>
    of.flatMap(({ mapping }) => (mapping.after ?? []).filter((name) => loaded.has(name))),
  );
}

function byObject<C extends { readonly plan: ObjectPlan }, T>(
  mappings: readonly C[],
  make: (object: string, mappings: readonly C[]) => T,
): ReadonlyMap<string, T> {
  const groups = Map.groupBy(mappings, ({ plan }) => plan.object);
  return new Map([...groups].map(([object, of]) => [object, make(object, of)]));
}
