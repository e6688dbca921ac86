import { z } from "zod";
import type { Tenant } from "../auth/credentials.ts";
import { userRoles } from "../auth/caller.ts";
import type { Environment } from "../environment.ts";
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
  const roles = user.roles ?? true;
  if (known === undefined) addUser(env, seeded, { id, ...values }, roles);
  else {
    const writer = writerOf(env, { userId: seeded.adminId, businessUnitId: seeded.businessUnitId });
    writer.update(known, values, { internal: true });
    if (roles) giveRole(env, id, seeded.roleId);
    else
      env.database.sql
        .prepare("DELETE FROM link WHERE relationship = ? AND one = ?")
        .run(userRoles, id);
  }
  if (user.application !== true) return { id };
  const { clientId, secret } = tenant.add({ userId: id });
  return { id, client_id: clientId, client_secret: secret };
}

function userNamed(env: Environment, name: string): Row | undefined {
  for (const row of env.rows("systemuser").walk()) {
    if (folded(String(row.values["domainname"] ?? "")) === folded(name)) return row;
  }
  return undefined;
}
