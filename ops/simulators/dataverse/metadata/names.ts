import type { Environment } from "../environment.ts";
import type { Row } from "../rows/row.ts";
import { ApiError, badArgument } from "../web/api-error.ts";
import type { Call } from "../web/call.ts";

const schemaName = /^([A-Za-z][A-Za-z0-9]{1,7})_([A-Za-z0-9_]+)$/;

/** A schema name that a client gave: its prefix must be a publisher's. Throws 400 where it is not. */
export function checkedName(env: Environment, given: unknown, longest = 50): string {
  const name = String(given ?? "");
  const match = schemaName.exec(name);
  const publisher = match === null ? undefined : publisherOf(env, match[1] ?? "");
  if (match === null || publisher === undefined) {
    throw new ApiError(
      400,
      "0x80044366",
      `The name '${name}' does not begin with the customization prefix of a publisher.`,
    );
  }
  if ((match[2] ?? "").length > longest) throw badArgument(`The name '${name}' is too long.`);
  return name;
}

/** The publisher of a prefix. */
function publisherOf(env: Environment, prefix: string): Row | undefined {
  for (const row of env.rows("publisher").walk())
    if (row.values["customizationprefix"] === prefix.toLowerCase()) return row;
  return undefined;
}

/** The first value of a custom option of a publisher; its own values go up from there. */
export function firstOptionValue(env: Environment, name: string): number {
  const prefix = schemaName.exec(name)?.[1] ?? "";
  const value = publisherOf(env, prefix)?.values["customizationoptionvalueprefix"];
  return (typeof value === "number" ? value : 10_000) * 10_000;
}

/** 400 where a customization is meant for a solution that is not there. */
export function checkSolution({ env, headers, query }: Call): void {
  const name = headers["mscrm.solutionuniquename"] ?? query.get("SolutionUniqueName");
  if (name === undefined || name === "") return;
  for (const row of env.rows("solution").walk())
    if (String(row.values["uniquename"]).toLowerCase() === String(name).toLowerCase()) return;
  throw new ApiError(
    400,
    "0x80048541",
    `The solution with the unique name '${String(name)}' was not found.`,
  );
}
