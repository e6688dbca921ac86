import type { TableRules, Writer } from "../../extension.ts";
import type { TableDef } from "../../model.ts";
import { isLookup, type LookupValue, type Row, type Values } from "../../rows/row.ts";
import { ApiError, noSuchRow } from "../../web/api-error.ts";
import { demand } from "../../write/privileges.ts";

/** Who may own rows: a user who is enabled, licensed and has a role that reads the table; a team with such a role. */
export const ownershipRules: TableRules = {
  beforeCreate: checkOwner,
  beforeUpdate(writer, before, changes) {
    checkOwner(writer, writer.env.model.known(before.table), changes);
  },
};

function checkOwner(writer: Writer, table: TableDef, values: Values): void {
  const owner = values["ownerid"];
  // The caller itself was judged when it called.
  if (!isLookup(owner) || owner.id === writer.caller.userId) return;
  if (table.ownership !== "UserOwned" || known(writer, table, owner)) return;
  demand(writer.env, writer.caller, "Assign", table);
  const row = writer.env.rows(owner.table).get(owner.id);
  if (row === undefined) throw noSuchRow(owner.table, owner.id);
  if (owner.table === "systemuser") refuseUser(row);
  const roles = rolesOf(writer, owner);
  if (roles.length === 0) throw withoutRoles(owner);
  const privilege = `prvRead${table.schemaName}`;
  if (roles.every((role) => lacks(role, privilege))) throw cannotRead(owner, privilege);
  note(writer, table, owner);
}

/** Owners found fit within one request, whose thousand rows may all have the same. */
const fit = new WeakMap<Writer, Set<string>>();

function known(writer: Writer, table: TableDef, owner: LookupValue): boolean {
  return fit.get(writer)?.has(`${table.logicalName} ${owner.id}`) === true;
}

function note(writer: Writer, table: TableDef, owner: LookupValue): void {
  const owners = fit.get(writer) ?? new Set();
  fit.set(writer, owners.add(`${table.logicalName} ${owner.id}`));
}

function refuseUser(user: Row): void {
  if (user.values["isdisabled"] === true) {
    throw new ApiError(
      403,
      "0x80040225",
      `The specified user(Id = ${user.id}) is disabled. Consider enabling this user. Additional Details: {0}`,
    );
  }
  if (user.values["islicensed"] === false) {
    const message = `The user with id ${user.id} has not been assigned a license.`;
    throw new ApiError(403, "0x8004D24B", message);
  }
}

/** The roles of a user (of its own and of its teams) or of a team. */
function rolesOf({ env }: Writer, { table, id }: LookupValue): Row[] {
  const own = linked(
    env,
    table === "team" ? "teamroles_association" : "systemuserroles_association",
    id,
  );
  const teams =
    table === "team"
      ? []
      : env.database.sql.prepare(teamsOfUser).all("teammembership_association", id);
  const ids = [
    ...own,
    ...(teams as { one: string }[]).flatMap(({ one }) => linked(env, "teamroles_association", one)),
  ];
  return ids.map((role) => env.rows("role").get(role)).filter((role) => role !== undefined);
}

const teamsOfUser = "SELECT one FROM link WHERE relationship = ? AND two = ?";

function linked(env: Writer["env"], relationship: string, one: string): string[] {
  const found = env.database.sql
    .prepare("SELECT two FROM link WHERE relationship = ? AND one = ?")
    .all(relationship, one);
  return (found as { two: string }[]).map(({ two }) => two);
}

function lacks(role: Row, privilege: string): boolean {
  const names = role.values["missingprivileges"];
  if (typeof names !== "string") return false;
  return names.split(/[,;\s]+/).some((name) => name.toLowerCase() === privilege.toLowerCase());
}

function withoutRoles({ table, id }: LookupValue): ApiError {
  return table === "team"
    ? new ApiError(403, "0x80042f0a", `The team with id ${id} has not been assigned any roles.`)
    : new ApiError(403, "0x80042f09", `The user with id ${id} has not been assigned any roles.`);
}

function cannotRead({ table, id }: LookupValue, privilege: string): ApiError {
  return new ApiError(
    403,
    "0x80040220",
    `Principal ${table === "team" ? "team" : "user"} (Id=${id}, type=${table === "team" ? 9 : 8}, roleCount=1, privilegeCount=1, accessMode=0) is missing ${privilege} privilege.`,
  );
}
