import type { Environment } from "../environment.ts";
import type { Row } from "../rows/row.ts";

/** The many-to-many relationship that gives users their roles. */
export const userRoles = "systemuserroles_association";

/** The roles of a user. */
export function rolesOf(env: Pick<Environment, "database" | "rows">, userId: string): Row[] {
  const select = env.database.sql.prepare(
    "SELECT two FROM link WHERE relationship = ? AND one = ?",
  );
  const found = select.all(userRoles, userId) as { two: string }[];
  return found.map(({ two }) => env.rows("role").get(two)).filter((role) => role !== undefined);
}

/** The privileges that none of the roles gives, in lower case; a role gives all but what it names as missing. */
export function missingOf(roles: readonly Row[]): ReadonlySet<string> {
  const [first = [], ...others] = roles.map(namedBy);
  return new Set(first.filter((name) => others.every((other) => other.includes(name))));
}

function namedBy(role: Row): string[] {
  const names = role.values["missingprivileges"];
  const list = typeof names === "string" ? names.toLowerCase().split(/[,;\s]+/) : [];
  return list.filter((name) => name !== "");
}
