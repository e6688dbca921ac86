import { z } from "zod";
import type { Tenant } from "../auth/credentials.ts";
import { userRoles } from "../auth/roles.ts";
import type { Caller, Environment } from "../environment.ts";
import type { Writer } from "../extension.ts";
import { newGuid } from "../identifier.ts";
import { folded } from "../rows/fold.ts";
import type { Row, Values } from "../rows/row.ts";
import { addUser, giveRole, type Seeded } from "../seed.ts";
import { writerOf } from "../write/writer.ts";

const newUser = z.strictObject({
  email: z.string(),
  username: z.string().optional(),
  name: z.string().optional(),
  active: z.boolean().optional(),
  /** Without any role, where false. */
  roles: z.boolean().optional(),
  /** Privileges it lacks, such as `prvCreateAccount`; it gets a role of its own. */
  missingPrivileges: z.array(z.string()).optional(),
  /** An application user: it signs in with a client id and secret of its own. */
  application: z.boolean().optional(),
});

/** The shape of `POST /__simulator/users`. */
export const usersOrder = z.strictObject({ users: z.array(newUser) });

/** A user as an admin orders it. */
export type NewUser = z.infer<typeof newUser>;

interface Added {
  readonly id: string;
  readonly client_id?: string;
  readonly client_secret?: string;
}

/** Creates users; one whose domain name is there is brought to what is ordered. In the order of the list. */
export function addUsers(
  parts: { env: Environment; tenant: Tenant; seeded: Seeded },
  users: readonly NewUser[],
): Added[] {
  return parts.env.database.transaction(() => users.map((user) => addOne(parts, user)));
}

/** Disables the user of an e-mail; its rows and roles stay. */
export function disableUser(env: Environment, caller: Caller, email: string): void {
  const user = userNamed(env, email);
  if (user === undefined) throw new Error(`There is no user ${email}.`);
  env.database.transaction(() => {
    writerOf(env, caller).update(user, { isdisabled: true }, { internal: true });
  });
}

function addOne(parts: { env: Environment; tenant: Tenant; seeded: Seeded }, user: NewUser): Added {
  const { env, tenant, seeded } = parts;
  const domainname = user.username ?? user.email.trim();
  const values: Values = {
    domainname,
    internalemailaddress: user.email.trim(),
    fullname: user.name ?? user.email.split("@")[0] ?? user.email,
    isdisabled: user.active === false,
  };
  const known = userNamed(env, domainname);
  const id = known?.id ?? newGuid();
  const writer = writerOf(env, { userId: seeded.adminId, businessUnitId: seeded.businessUnitId });
  if (known === undefined) addUser(env, seeded, { id, ...values });
  else writer.update(known, values, { internal: true });
  settleRoles(env, id, roleFor(writer, seeded, user));
  if (user.application !== true) return { id };
  const { clientId, secret } = tenant.add({ userId: id });
  return { id, client_id: clientId, client_secret: secret };
}

/** The role a user is to have, or none. */
function roleFor(writer: Writer, seeded: Seeded, user: NewUser): string | undefined {
  if (user.roles === false) return undefined;
  const { missingPrivileges = [] } = user;
  if (missingPrivileges.length === 0) return seeded.roleId;
  const missingprivileges = missingPrivileges.join(" ");
  const businessunitid = { table: "businessunit", id: seeded.businessUnitId };
  const values = { name: `Less than ${user.email}`, missingprivileges, businessunitid };
  return writer.create("role", values, { internal: true }).id;
}

function settleRoles(env: Environment, userId: string, roleId: string | undefined): void {
  const remove = env.database.sql.prepare("DELETE FROM link WHERE relationship = ? AND one = ?");
  remove.run(userRoles, userId);
  if (roleId !== undefined) giveRole(env, userId, roleId);
}

function userNamed(env: Environment, name: string): Row | undefined {
  for (const row of env.rows("systemuser").walk()) {
    if (folded(String(row.values["domainname"] ?? "")) === folded(name)) return row;
  }
  return undefined;
}
