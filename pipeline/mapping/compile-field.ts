import type { FieldPlan } from "../core/plan.ts";
import { didYouMean } from "../core/did-you-mean.ts";
import { compileCondition } from "./condition.ts";
import { type FieldOptions, fieldOptions, optionNames } from "./field-options.ts";
import { type FieldContext, siteOf } from "./rule-site.ts";
import {
  type CompiledRule,
  Fault,
  MappingFault,
  type ReadField,
  type ReadRows,
  type Rule,
  type RuleSite,
} from "./rules/rule.ts";
import { rules } from "./rules.ts";
import { holdsFor } from "./settings.ts";
import { isText, type TargetField } from "./target-field.ts";
import { fitText, restOf } from "./text-length.ts";
import { faultsOf } from "./zod-faults.ts";

/** One destination field, compiled. */
export interface CompiledField {
  readonly plan: FieldPlan;
  /** Source fields it reads, dotted; the first names it in errors. */
  readonly reads: readonly string[];
  readonly read: ReadField;
  /** Of a field that stands in each of a record's rows: the values of all rows. */
  readonly readRows?: ReadRows;
  /** The rule's word and YAML, for what depends on them. */
  readonly rule: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** What a lookup may refer to. */
  readonly targets: NonNullable<CompiledRule["targets"]>;
  /** Whether the field is there under the settings; if not, what it reads is still spoken for. */
  readonly active: boolean;
}

/** Compiles one field of a mapping, and the one its text flows over into; MappingFault where it cannot be. */
export function compileField(
  name: string,
  yaml: Readonly<Record<string, unknown>>,
  context: FieldContext,
  perRow = false,
): CompiledField[] {
  const target = targetNamed(name, context);
  const { rule, spec, options } = parts(yaml);
  const reads = new Set<string>();
  const site = siteOf(target, context, reads, perRow);
  const compiled = rule.compile(spec, site);
  if (perRow && compiled.readRows === undefined) {
    throw new MappingFault(`${rule.name} gives one value: it stands under fields, not under rows`);
  }
  const raw = gated(compiled.read, options, site);
  const shared = {
    reads: [...reads],
    rule: rule.name,
    spec: yaml,
    targets: compiled.targets ?? [],
    active: holdsFor(options.setting, context.settings),
  };
  const field = {
    ...shared,
    plan: { ...planOf(target, compiled, options), ...(perRow ? { perRow: true as const } : {}) },
    read: checked(raw, target, options),
    ...(compiled.readRows === undefined ? {} : { readRows: compiled.readRows }),
  };
  if (options.whole_in !== undefined && !Object.hasOwn(context.mapping.fields, options.whole_in)) {
    throw new MappingFault(`whole_in names ${options.whole_in}, which the mapping does not fill`);
  }
  if (options.overflow === undefined) return [field];
  const full = targetNamed(options.overflow, context);
  if (!isText(full.type) || !isText(target.type)) {
    throw new MappingFault("overflow goes from a text field into a text field");
  }
  const rest = restOf(raw, target.length ?? 0, full.length ?? 0);
  return [field, { ...shared, plan: planOf(full, {}, {}), read: rest, targets: [] }];
}

function targetNamed(name: string, { targets, mapping }: FieldContext): TargetField {
  const target = targets.get(name);
  if (target !== undefined) return target;
  throw new MappingFault(
    `unknown destination field "${name}": it is no standard field of ${mapping.object} and not among custom_fields${didYouMean(name, targets.keys())}`,
  );
}

function parts(yaml: Readonly<Record<string, unknown>>): {
  rule: Rule;
  spec: unknown;
  options: FieldOptions;
} {
  const keys = Object.keys(yaml);
  const word = keys.find((key) => rules.has(key));
  if (word === undefined) {
    const wrong = keys[0] ?? "";
    throw new MappingFault(`unknown rule "${wrong}"${didYouMean(wrong, rules.keys())}`);
  }
  const rule = rules.get(word) as Rule;
  const entries = Object.entries(yaml);
  const spec = entries.filter(([key]) => !optionNames.includes(key));
  const options = entries.filter(([key]) => optionNames.includes(key));
  return {
    rule,
    spec: valid(rule.schema, Object.fromEntries(spec)),
    options: valid(fieldOptions, Object.fromEntries(options)),
  };
}

function valid<T>(schema: Rule<T>["schema"], value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new MappingFault(faultsOf(result.error, schema).join("; "));
}

function gated(read: ReadField, { when, otherwise }: FieldOptions, site: RuleSite): ReadField {
  if (when === undefined) {
    if (otherwise === undefined) return read;
    throw new MappingFault("otherwise says what stands there while `when` does not hold: add it");
  }
  const holds = compileCondition(when, site);
  const other = otherwise ?? null;
  return (record) => (holds(record) ? read(record) : other);
}

function checked(read: ReadField, target: TargetField, options: FieldOptions): ReadField {
  const cuts = options.overflow !== undefined || options.whole_in !== undefined;
  const fitted = isText(target.type) ? fitText(read, target.length ?? 255, cuts) : read;
  if (!target.required && options.required !== true) return fitted;
  const missing = new Fault(
    "VALUE_MISSING",
    "is empty, but the destination field is required: fill it at the source.",
  );
  return (record) => fitted(record) ?? missing;
}

function planOf(
  target: TargetField,
  { plan }: Pick<CompiledRule, "plan">,
  options: FieldOptions,
): FieldPlan {
  const { name, type, length, precision, scale, html } = target;
  return {
    name,
    type,
    ...(length === undefined ? {} : { length }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(html === undefined ? {} : { html }),
    ...(target.audit || options.create_only === true ? { createOnly: true as const } : {}),
    ...plan,
  };
}
