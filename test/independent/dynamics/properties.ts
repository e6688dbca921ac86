import { moment, number, text } from "../canonical-text.ts";
import type { Columns, Parts, Row } from "../rule.ts";
import { comparableText } from "./forms.ts";
import { propertiesOf } from "./head.ts";

interface Definition {
  readonly key: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** What a value is in a column of the property's type; undefined where it does not fit. */
type Read = (value: string, options: readonly string[]) => string | null | undefined;

const reads: Readonly<Record<string, Read>> = {
  text: comparableText,
  long_text: comparableText,
  url: (value) => (/^https?:\/\/\S+$/.test(value) ? value : undefined),
  integer: (value) => (/^-?(0|[1-9]\d*)$/.test(value) ? number(value) : undefined),
  number: (value) => (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) ? number(value) : undefined),
  boolean: (value) => (value === "true" || value === "false" ? value : undefined),
  date: (value) => (/^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined),
  datetime: (value) => (Number.isNaN(Date.parse(value)) ? undefined : moment(value)),
  picklist: (value, options) => (options.includes(value) ? value : undefined),
  multi_picklist(value, options) {
    const chosen = (value.startsWith("[") ? JSON.parse(value) : [value]) as string[];
    return chosen.every((each) => options.includes(each)) ? chosen.toSorted().join(";") : undefined;
  },
};

/** The column of each of a job's properties, typed as the tenant has defined it. */
export function propertyColumns(row: Row, parts: Parts): Columns {
  const values = propertiesOf(row);
  const entries = definitionsOf(parts).map(({ key, type, options }) => {
    const first = values.find((each) => each.key === key)?.value ?? null;
    const held = first === null ? null : (reads[type]?.(first, options) ?? null);
    return [columnOf(key), type === "boolean" ? (held ?? "false") : held] as const;
  });
  return Object.fromEntries(entries);
}

/** The values that do not fit, and what a key says a second time, by their labels. */
export function misfits(row: Row, parts: Parts): string | null {
  const known = new Map(definitionsOf(parts).map((each) => [each.key, each]));
  const seen = new Set<string>();
  const lines = propertiesOf(row).flatMap(({ key, label, value }) => {
    const definition = known.get(key);
    if (definition === undefined || value === null) return [];
    const isSecond = seen.has(key);
    seen.add(key);
    const fits = reads[definition.type]?.(value, definition.options) !== undefined;
    return fits && !isSecond ? [] : [`${label ?? key}: ${value}`];
  });
  return text(lines.join("\n"));
}

function definitionsOf({ truth }: Parts): readonly Definition[] {
  return [...truth.custom_property_def.values()]
    .filter(({ deleted, row }) => !deleted && row["entity"] === "job")
    .map(({ row }) => row as unknown as Definition);
}

function columnOf(key: string): string {
  return `qd_${key.replace(/[^A-Za-z0-9]/g, "").toLowerCase()}`;
}
