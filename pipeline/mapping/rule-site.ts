import { references } from "../core/source-record.ts";
import { didYouMean } from "../core/did-you-mean.ts";
import type { DestinationRules } from "./destinations/destination-rules.ts";
import type { MappingFile } from "./mapping-file.ts";
import {
  MappingFault,
  type Path,
  type PropertyField,
  type RuleSite,
  type Source,
} from "./rules/rule.ts";
import type { MappingSettings } from "./settings.ts";
import type { Shape } from "./source-shape.ts";
import type { TargetField } from "./target-field.ts";

/** What compiling a field looks things up in. */
export interface FieldContext {
  readonly mapping: MappingFile;
  readonly destination: DestinationRules;
  readonly targets: ReadonlyMap<string, TargetField>;
  readonly source: ReadonlyMap<string, Shape>;
  readonly settings: MappingSettings;
  readonly properties: readonly PropertyField[];
}

/** What one field's rule may see; the paths it asks for are added to `reads`. */
export function siteOf(
  target: TargetField,
  context: FieldContext,
  reads: Set<string>,
  perRow = false,
): RuleSite {
  const { object, from: entity } = context.mapping;
  const { destination, settings, properties } = context;
  return {
    object,
    entity,
    target,
    destination,
    settings,
    perRow,
    properties,
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
      if (path === "id") return entity;
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
