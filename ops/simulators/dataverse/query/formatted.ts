import type { Environment } from "../environment.ts";
import type { ColumnDef } from "../model.ts";
import { isLookup, type Value } from "../rows/row.ts";

/** How a person would read a value, or undefined where it has no other form. */
export function formattedOf(env: Environment, column: ColumnDef, value: Value): string | undefined {
  if (value === null) return undefined;
  if (isLookup(value)) return nameOf(env, value.table, value.id);
  switch (column.type) {
    case "picklist":
    case "state":
    case "status":
      return labelOf(env, column, value);
    case "multiselect":
      return String(value)
        .split(",")
        .map((one) => labelOf(env, column, Number(one)))
        .join("; ");
    case "boolean":
      return labelOf(env, column, value === true ? 1 : 0) ?? (value === true ? "Yes" : "No");
    case "money":
      return `$${grouped(Number(value), column.precision ?? 2)}`;
    case "decimal":
    case "double":
      return grouped(Number(value), column.precision ?? 2);
    case "integer":
    case "bigint":
      return grouped(Number(value), 0);
    case "datetime":
      return timeText(String(value));
    default:
      return undefined;
  }
}

function labelOf(env: Environment, column: ColumnDef, value: Value): string | undefined {
  return env.model.optionsOf(column).find((option) => option.value === value)?.label;
}

/** The primary name of a row. */
export function nameOf(env: Environment, table: string, id: string): string | undefined {
  const definition = env.model.table(table);
  if (definition?.primaryName === undefined) return undefined;
  const name = env.rows(table).get(id)?.values[definition.primaryName];
  return typeof name === "string" ? name : undefined;
}

function grouped(value: number, places: number): string {
  return value.toLocaleString("en-US", {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
}

function timeText(value: string): string {
  const [year = "", month = "", day = ""] = value.slice(0, 10).split("-");
  const date = `${Number(month)}/${Number(day)}/${year}`;
  if (value.length === 10) return date;
  const hour = Number(value.slice(11, 13));
  return `${date} ${hour % 12 === 0 ? 12 : hour % 12}:${value.slice(14, 16)} ${hour < 12 ? "AM" : "PM"}`;
}
