import type { FieldPlan } from "../core/plan.ts";
import { references, type SourceEntity } from "../core/source-record.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type FieldOptions, fieldOptions, optionNames } from "./field-options.ts";
import type { MappingFile } from "./mapping-file.ts";
import {
  type CompiledRule,
  Fault,
  MappingFault,
  type Path,
  type ReadField,
  type Rule,
  type RuleSite,
  type Source,
} from "./rules/rule.ts";
import { rules } from "./rules.ts";
import type { Shape } from "./source-shape.ts";
import { isText, type TargetField } from "./target-field.ts";
import { fitText, restOf } from "./text-length.ts";
import { faultsOf } from "./zod-faults.ts";

/** One destination field, compiled. */
export interface CompiledField {
  readonly plan: FieldPlan;
  /** Source fields it reads, dotted; the first names it in errors. */
  readonly reads: readonly string[];
  readonly read: ReadField;
  /** The rule's word and YAML, for what depends on them. */
  readonly rule: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What compiling a field looks things up in. */
export interface FieldContext {
  readonly mapping: MappingFile;
  readonly targets: ReadonlyMap<string, TargetField>;
  readonly source: ReadonlyMap<string, Shape>;
}

/** Compiles one field of a mapping, and the one its text flows over into; MappingFault where it cannot be. */
export function compileField(
  name: string,
  yaml: Readonly<Record<string, unknown>>,
  context: FieldContext,
): CompiledField[] {
  const target = targetNamed(name, context);
  const { rule, spec, options } = parts(yaml);
  const reads = new Set<string>();
  const site = siteOf(target, context, reads);
  const compiled = rule.compile(spec, site);
  const raw = options.when === undefined ? compiled.read : gated(compiled.read, options.when, site);
  const shared = { reads: [...reads], rule: rule.name, spec: yaml };
  const field = {
    ...shared,
    plan: planOf(target, compiled, options),
    read: checked(raw, target, options),
  };
  if (options.overflow === undefined) return [field];
  const full = targetNamed(options.overflow, context);
  if (!isText(full.type) || !isText(target.type)) {
    throw new MappingFault("overflow goes from a text field into a text field");
  }
  const rest = restOf(raw, target.length ?? 0, full.length ?? 0);
  return [field, { ...shared, plan: planOf(full, {}, {}), read: rest }];
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

function siteOf(target: TargetField, context: FieldContext, reads: Set<string>): RuleSite {
  const { object, from } = context.mapping;
  const entity = from as SourceEntity;
  return {
    object,
    entity,
    target,
    path(path, ...kinds) {
      const found = resolved(path, context.source, entity);
      if (!kinds.includes(found.shape.kind)) {
        throw new MappingFault(
          `${path} is ${found.shape.kind}, and this needs ${kinds.join(" or ")}`,
        );
      }
      reads.add(path);
      return found;
    },
    referenced(path) {
      const named = references[entity][path];
      if (named !== undefined) return named;
      resolved(path, context.source, entity);
      throw new MappingFault(`${path} names no other record of the source`);
    },
  };
}

function resolved(path: string, source: ReadonlyMap<string, Shape>, entity: string): Path {
  const [first = "", ...rest] = path.split(".");
  const shape = source.get(first);
  if (shape === undefined) {
    throw new MappingFault(
      `unknown field "${first}" of ${entity}${didYouMean(first, source.keys())}`,
    );
  }
  const get = (record: Source): unknown => record[first];
  return rest.length === 0 ? { get, shape } : inner(rest, { get, shape });
}

/** Steps into a nested record; money has an amount and a currency. */
function inner([name = "", ...rest]: string[], outer: Path): Path {
  const fields =
    outer.shape.kind === "record"
      ? outer.shape.fields
      : new Map<string, Shape>(
          outer.shape.kind === "money"
            ? ["amount", "currency"].map((key) => [key, { kind: "text" }])
            : [],
        );
  const shape = fields.get(name);
  if (shape === undefined) {
    throw new MappingFault(`unknown nested field "${name}"${didYouMean(name, fields.keys())}`);
  }
  const get = (record: Source): unknown => (outer.get(record) as Source | null)?.[name] ?? null;
  return rest.length === 0 ? { get, shape } : inner(rest, { get, shape });
}

function gated(
  read: ReadField,
  when: NonNullable<FieldOptions["when"]>,
  site: RuleSite,
): ReadField {
  const { get } = site.path(when.field, "text");
  const wanted = new Set<unknown>(when.in);
  return (record) => (wanted.has(get(record)) ? read(record) : null);
}

function checked(read: ReadField, target: TargetField, options: FieldOptions): ReadField {
  const fitted = isText(target.type)
    ? fitText(read, target.length ?? 255, options.overflow !== undefined)
    : read;
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
  const { name, type, length, precision, scale } = target;
  return {
    name,
    type,
    ...(length === undefined ? {} : { length }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(target.audit || options.create_only === true ? { createOnly: true as const } : {}),
    ...plan,
  };
}
