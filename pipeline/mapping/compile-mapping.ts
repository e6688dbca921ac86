import type { ObjectPlan } from "../core/plan.ts";
import { type CompiledField, compileField } from "./compile-field.ts";
import { compileCondition, type Holds } from "./condition.ts";
import { type CustomProperty, withProperties } from "./custom-properties.ts";
import type { Destination } from "./destination.ts";
import type { MappingFile } from "./mapping-file.ts";
import { checkCustomFields, checkFields, objectPlan, type Say } from "./object-plan.ts";
import { type FieldContext, siteOf } from "./rule-site.ts";
import { MappingFault } from "./rules/rule.ts";
import type { MappingSettings } from "./settings.ts";
import { sourceFields } from "./source-shape.ts";
import type { TargetField } from "./target-field.ts";

/** A mapping's fields and its part of the plan. */
export interface CompiledMapping {
  readonly plan: ObjectPlan;
  /** Fields of the record's row, or of all its rows together. */
  readonly fields: readonly CompiledField[];
  /** Fields of each of its rows; empty where a record is one row. */
  readonly rowFields: readonly CompiledField[];
  /** Whether a record has a row at all; undefined where each has one. */
  readonly holds: Holds | undefined;
  /** Source fields it reads under these settings. */
  readonly reads: ReadonlySet<string>;
  /** Source fields it reads, or would read under other settings. */
  readonly spokenFor: ReadonlySet<string>;
  /** The file, the fields of custom properties added. */
  readonly mapping: MappingFile;
}

/** Compiles a mapping; adds to `faults` whatever is wrong with it, all at once. */
export function compileMapping(
  file: MappingFile,
  options: {
    readonly destination: Destination;
    readonly settings: MappingSettings;
    readonly properties: readonly CustomProperty[];
  },
  faults: string[],
): CompiledMapping {
  const { destination, settings } = options;
  const { rules } = destination;
  const mine = options.properties.filter(
    ({ entity, object }) => entity === file.from && object === file.object,
  );
  const mapping = withProperties(file, mine, rules.properties);
  const say: Say = (place, text) => faults.push(`${mapping.file}: ${place}: ${text}`);
  if (!destination.isKnownObject(mapping.object)) {
    say("object", `${mapping.object} is no object of the destination, nor ${rules.customForm}`);
  }
  checkCustomFields(mapping, rules, say);
  const context = contextOf(mapping, mine, options);
  const reads = new Set<string>();
  const holds = compiledCondition(mapping, context, reads, say);
  const rowFields = compiledFields(mapping.rows ?? {}, { context, perRow: true }, say);
  const all = [...compiledFields(mapping.fields, { context, perRow: false }, say), ...rowFields];
  checkFields(context, all, say);
  if (mine.length > 0 && !all.some(({ rule }) => rule === "misfits")) {
    say(
      "fields",
      `custom properties have fields here, and none takes what does not fit them: add ${rules.examples.misfits}`,
    );
  }
  const fields = all.filter(
    ({ plan, active }) =>
      active && (settings.audit_fields || context.targets.get(plan.name)?.audit !== true),
  );
  const read = [...reads, ...fields.flatMap((field) => field.reads)];
  const spoken = [...reads, ...all.flatMap((field) => field.reads)];
  return {
    plan: objectPlan(context, fields, say),
    fields: fields.filter(({ plan }) => plan.perRow !== true),
    rowFields,
    holds,
    reads: firstNames(read),
    spokenFor: firstNames(spoken),
    mapping,
  };
}

function firstNames(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.map((path) => path.split(".")[0] as string));
}

function contextOf(
  mapping: MappingFile,
  properties: readonly CustomProperty[],
  { destination, settings }: { destination: Destination; settings: MappingSettings },
): FieldContext {
  const targets = destination.targetFields(mapping);
  return {
    mapping,
    destination: destination.rules,
    targets,
    source: sourceFields(mapping.from),
    settings,
    properties: properties.map(({ key, label, field }) => ({
      key,
      label: label ?? key,
      target: targets.get(field) as TargetField,
    })),
  };
}

function compiledCondition(
  mapping: MappingFile,
  context: FieldContext,
  reads: Set<string>,
  say: Say,
): Holds | undefined {
  if (mapping.rows_when === undefined) return undefined;
  try {
    // A condition fills nothing; it looks at fields as a rule does.
    const nothing: TargetField = { name: "", type: "boolean", required: false, audit: false };
    return compileCondition(mapping.rows_when, siteOf(nothing, context, reads));
  } catch (error) {
    if (!(error instanceof MappingFault)) throw error;
    say("rows_when", error.message);
    return undefined;
  }
}

function compiledFields(
  yaml: MappingFile["fields"],
  { context, perRow }: { readonly context: FieldContext; readonly perRow: boolean },
  say: Say,
): CompiledField[] {
  const all: CompiledField[] = [];
  for (const [name, spec] of Object.entries(yaml)) {
    try {
      all.push(...compileField(name, spec, context, perRow));
    } catch (error) {
      if (!(error instanceof MappingFault)) throw error;
      say(`${perRow ? "rows" : "fields"}.${name}`, error.message);
    }
  }
  return all;
}
