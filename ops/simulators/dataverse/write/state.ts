import type { Environment } from "../environment.ts";
import type { TableDef } from "../model.ts";
import type { Row, Values } from "../rows/row.ts";
import { ApiError } from "../web/api-error.ts";
import { factsOf } from "./table-facts.ts";

/** Gives a new row its state and status: a state that is sent is ignored unless the service itself sends it. */
export function startState(
  env: Environment,
  table: TableDef,
  id: string,
  values: Values,
  internal: boolean,
): void {
  const { state, status } = factsOf(table);
  if (state === undefined) return;
  if (!internal) delete values["statecode"];
  values["statecode"] ??= 0;
  if (status !== undefined) settleStatus(env, table, id, values, values["statecode"]);
}

/** Completes a change of state or status: a state alone takes its first status; a status must belong to its state. */
export function changeState(env: Environment, table: TableDef, before: Row, changes: Values): void {
  const { state, status } = factsOf(table);
  if (state === undefined || status === undefined) return;
  const given = changes["statecode"];
  if (given === undefined && changes["statuscode"] === undefined) return;
  const current = given ?? before.values["statecode"] ?? 0;
  const keeps = given !== undefined && given === before.values["statecode"];
  if (keeps && changes["statuscode"] === undefined) return;
  settleStatus(env, table, before.id, changes, current);
}

function settleStatus(
  env: Environment,
  table: TableDef,
  id: string,
  values: Values,
  state: unknown,
): void {
  const { status } = factsOf(table);
  if (status === undefined) return;
  const options = env.model.optionsOf(status).filter((option) => (option.state ?? 0) === state);
  const given = values["statuscode"];
  if (given === undefined || given === null) {
    const usual = options.find((option) => option.value === status.default) ?? options[0];
    values["statuscode"] = usual?.value ?? null;
    return;
  }
  if (options.some((option) => option.value === given)) return;
  throw wrongPair(env, table, id, { state, status: given });
}

function wrongPair(
  env: Environment,
  table: TableDef,
  id: string,
  given: { state: unknown; status: unknown },
): ApiError {
  const column = factsOf(table).state;
  const options = column === undefined ? [] : env.model.optionsOf(column);
  const label =
    options.find((option) => option.value === given.state)?.label ?? String(given.state);
  return new ApiError(
    400,
    "0x80048408",
    `${String(given.status)} is not a valid status code for state code ${table.schemaName}State.${label.replaceAll(" ", "")} on ${table.logicalName} with Id ${id}.`,
  );
}
