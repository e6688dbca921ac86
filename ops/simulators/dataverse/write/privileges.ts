import type { Caller, Environment } from "../environment.ts";
import { workFaults } from "../fault-kinds.ts";
import type { TableDef } from "../model.ts";
import { ApiError } from "../web/api-error.ts";

/** What privileges of a table allow. */
export const accesses: readonly string[] = [
  ...["Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share"],
];

/** Throws 403 where a caller lacks a privilege: a named one, or the one for an access to a table (`prvCreateaccount`). */
export function demand(env: Environment, caller: Caller, access: string, table?: TableDef): void {
  if (table !== undefined) playRefusal(env, `${access} ${table.logicalName}`);
  const { missingPrivileges } = env.settings.current();
  if (missingPrivileges.length === 0 && (caller.missing?.size ?? 0) === 0) return;
  const name = table === undefined ? access : `prv${access}${table.schemaName}`;
  const lower = name.toLowerCase();
  const denied = missingPrivileges.some((one) => one.toLowerCase() === lower);
  if (!denied && caller.missing?.has(lower) !== true) return;
  throw privilegeDenied(caller.userId, name);
}

/** A fault plan may refuse a write, as a plug-in would. */
function playRefusal(env: Environment, work: string): void {
  const fault = env.faults.take("refuse_write", work);
  if (fault === undefined) return;
  const { kind: _kind, ...rest } = fault;
  const { status, code, message } = workFaults.refuse_write.parse(rest);
  throw new ApiError(status, code, message);
}

/** 403: a user lacks a privilege. */
export function privilegeDenied(userId: string, privilege: string): ApiError {
  return new ApiError(
    403,
    "0x80040220",
    `Principal user (Id=${userId}, type=8, roleCount=1, privilegeCount=1, accessMode=4) is missing ${privilege} privilege.`,
  );
}
