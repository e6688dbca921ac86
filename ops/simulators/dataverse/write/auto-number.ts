import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import type { Values } from "../rows/row.ts";
import { factsOf } from "./table-facts.ts";

/** Fills auto-number columns that came without a value, such as `WO-{SEQNUM:5}`. */
export function numberColumns(env: Environment, table: TableDef, values: Values): void {
  for (const { logicalName, autoNumberFormat = "" } of factsOf(table).autoNumbers) {
    if (values[logicalName] !== undefined && values[logicalName] !== null) continue;
    const name = `sequence ${table.logicalName} ${logicalName}`;
    const next = Number(env.settings.read(name) ?? 999) + 1;
    env.settings.put(name, String(next));
    values[logicalName] = formatted(autoNumberFormat, next, env.clock.now());
  }
}

function formatted(format: string, next: number, now: number): string {
  return format
    .replace(/\{SEQNUM:(\d+)\}/g, (_all, length: string) =>
      String(next).padStart(Number(length), "0"),
    )
    .replace(/\{RANDSTRING:(\d+)\}/g, (_all, length: string) =>
      next.toString(36).toUpperCase().padStart(Number(length), "X").slice(-Number(length)),
    )
    .replace(/\{DATETIMEUTC:([^}]+)\}/g, () =>
      new Date(now).toISOString().slice(0, 10).replaceAll("-", ""),
    );
}
