import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../pipeline/core/plan.ts";
import type { ContractKind, Entity } from "./kinds/kind.ts";
import { type Fields, written } from "./scenario.ts";

/** Translates a scenario's words into a destination's. */
export interface Names {
  /** A scenario's key as this run uses it: no two runs meet at the destination. */
  key(key: string): string;
  /** Whether a key at the destination is of this run. */
  isOurs(key: string): boolean;
  plan(key: string): ObjectPlan;
  field(key: string, name: string): FieldPlan;
  /** A row's fields by the destination's names; lookups hold keys. */
  fields(key: string, fields: Fields): Readonly<Record<string, FieldValue>>;
}

/** The names of one run. */
export function namesOf({ plan, fields }: ContractKind, run: string): Names {
  const entityOf = (key: string): Entity => key.slice(0, key.indexOf("-")) as Entity;
  const planOf = (key: string): ObjectPlan => {
    const found = plan.objects.find(({ entity }) => entity === entityOf(key));
    if (found === undefined) throw new Error(`No object of the contract stands for ${key}.`);
    return found;
  };
  const fieldOf = (key: string, name: string): FieldPlan => {
    const own = fields[entityOf(key)][name];
    const found = planOf(key).fields.find((each) => each.name === own);
    if (found === undefined) throw new Error(`${key} has no field ${name}.`);
    return found;
  };
  const keyOf = (key: string): string => key.replace("-", `-${run}-`);
  return {
    key: keyOf,
    isOurs: (key) => key.includes(`-${run}-`),
    plan: planOf,
    field: fieldOf,
    fields(key, given) {
      const named = Object.entries(given).map(([name, value]) => {
        const field = fieldOf(key, name);
        const text = written(value);
        return [field.name, field.reference && text ? keyOf(String(text)) : text] as const;
      });
      return Object.fromEntries(named);
    },
  };
}

const range = /\{(\d+)\.\.(\d+)\}$/;

/** Entries by key, those of a range one by one. */
export function spread<Value>(
  by: Readonly<Record<string, Value>>,
): readonly (readonly [string, Value])[] {
  return Object.entries(by).flatMap(([key, value]) =>
    spreadKey(key).map((one) => [one, value] as const),
  );
}

/** The keys a key stands for. */
export function spreadKey(key: string): readonly string[] {
  const [, from, to] = range.exec(key) ?? [];
  if (from === undefined || to === undefined) return [key];
  const count = Number(to) - Number(from) + 1;
  return Array.from({ length: count }, (_, n) => key.replace(range, String(Number(from) + n)));
}
