import type { FieldValue } from "../../pipeline/core/load-record.ts";
import type { FieldPlan } from "../../pipeline/core/plan.ts";
import type { Operation, SinkRow } from "../sink.ts";
import { columnValue } from "./column-value.ts";
import { codes, type Refusal, refused } from "./errors.ts";
import { type LateText, textOnce } from "./late-text.ts";
import { authorField, type RowForm } from "./row-form.ts";
import { type StateChange, stateFields, stateOf } from "./row-state.ts";

/** What a row is written with. */
export interface Payload {
  /** Columns and binds: the members of its JSON, without the braces. */
  readonly members: LateText;
  /** The user it is created for. */
  readonly author: string | null;
  /** The state it is to have in the end. */
  readonly state: StateChange | undefined;
  /** Ids its lookups name. */
  readonly lookups: readonly string[];
}

/** The payload of an insert or update, or the refusal the service would answer it with. */
export function payloadOf(form: RowForm, operation: Operation, row: SinkRow): Payload | Refusal {
  const made = columnsOf(form, operation, row);
  if ("kind" in made) return made;
  const { columns, ...rest } = made;
  const again = (): string => {
    const anew = columnsOf(form, operation, row);
    if ("kind" in anew) throw new Error(`A row was refused that had been taken: ${anew.message}`);
    return membersOf(anew.columns);
  };
  return { members: textOnce(membersOf(columns), again), ...rest };
}

function membersOf(columns: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(columns).slice(1, -1);
}

function columnsOf(
  form: RowForm,
  operation: Operation,
  row: SinkRow,
): (Omit<Payload, "members"> & { readonly columns: Record<string, unknown> }) | Refusal {
  const { plan, table } = form;
  // Made each time they are asked for.
  const { fields } = row;
  const columns: Record<string, unknown> = {};
  const lookups: string[] = [];
  const inserts = operation === "insert";
  if (plan.keyField !== "") {
    columns[plan.keyField] = fields[plan.keyField] === null ? null : row.key;
  }
  for (const field of plan.fields) {
    const value = fields[field.name];
    if (value === undefined || field.type === "file" || field.name === plan.keyField) continue;
    if (field.name === authorField || stateFields.includes(field.name)) continue;
    if (field.createOnly === true && !inserts) continue;
    const column = table.columns.get(field.name);
    if (column === undefined) return undeclared(form, field);
    if (!(inserts ? column.createable : column.updateable)) continue;
    if (isLookup(field)) {
      const bound = bind(form, field, row, value);
      if ("kind" in bound) return bound;
      // A new row's empty lookups are empty already.
      if (value === null && inserts) continue;
      columns[`${bound.nav}@odata.bind`] = bound.address;
      if (typeof value === "string") lookups.push(value);
      continue;
    }
    const written = columnValue(field, column, value);
    if ("refusal" in written) return written.refusal;
    columns[field.name] = written.value;
  }
  const state = stateOf(form, fields);
  if (state !== undefined && "kind" in state) return state;
  // A row begins open: only its reason is left to be said.
  const begins = inserts && state?.statecode === 0;
  if (begins && state.statuscode !== undefined) columns["statuscode"] = state.statuscode;
  const author = fields[authorField];
  return {
    columns,
    author: inserts && typeof author === "string" && author !== "" ? author : null,
    state: begins ? undefined : state,
    lookups,
  };
}

function isLookup({ owner, reference }: FieldPlan): boolean {
  return owner === true || reference !== undefined;
}

/** The navigation property and address a lookup is written by. */
function bind(
  form: RowForm,
  field: FieldPlan,
  row: SinkRow,
  value: FieldValue,
): { readonly nav: string; readonly address: string | null } | Refusal {
  const { reference } = field;
  const several = reference?.byEntity !== undefined;
  const one = reference?.object ?? "systemuser";
  const target = several ? (row.targets?.[field.name] ?? one) : one;
  // An owner is one of several tables behind the column's own name.
  const isOwner = form.table.columns.get(field.name)?.type === "owner";
  const nav = isOwner ? field.name : form.table.nav(field.name, target);
  if (nav === undefined) return undeclared(form, field);
  if (value === null || value === "") return { nav, address: null };
  return { nav, address: `/${form.sets.get(target) ?? target}(${String(value)})` };
}

function undeclared({ table }: RowForm, { name }: FieldPlan): Refusal {
  const message = `The table ${table.logical} has no column ${name} that could take this value. Create it, or grant it to our user.`;
  return refused(codes.badPayload, name, message);
}
