import type { Tenant } from "./auth/credentials.ts";
import { userRoles } from "./auth/roles.ts";
import type { Environment } from "./environment.ts";
import type { Extension } from "./extension.ts";
import { newGuid } from "./identifier.ts";
import type { Values } from "./rows/row.ts";
import { writerOf } from "./write/writer.ts";

/** The names under which the first rows are found again. */
export interface Seeded {
  readonly adminId: string;
  readonly businessUnitId: string;
  readonly roleId: string;
}

/** Fills a new environment with what every one has: business unit, role, currency, an administrator, an application user. */
export function seedEnvironment(
  env: Environment,
  tenant: Tenant,
  extensions: readonly Extension[],
): Seeded {
  const known = env.settings.read("seeded");
  if (known !== undefined) return JSON.parse(known) as Seeded;
  return env.database.transaction(() => {
    const seeded = { adminId: newGuid(), businessUnitId: newGuid(), roleId: newGuid() };
    const writer = writerOf(env, { userId: seeded.adminId, businessUnitId: seeded.businessUnitId });
    const add = (table: string, id: string, values: Values): void => {
      if (env.model.table(table) !== undefined)
        writer.create(table, values, { id, internal: true });
    };
    add("businessunit", seeded.businessUnitId, { name: "Cutover Simulator" });
    add("role", seeded.roleId, {
      name: "System Administrator",
      businessunitid: { table: "businessunit", id: seeded.businessUnitId },
    });
    const currency = newGuid();
    env.settings.put("currency", currency);
    add("transactioncurrency", currency, {
      isocurrencycode: "USD",
      currencyname: "US Dollar",
      currencysymbol: "$",
      currencyprecision: 2,
      exchangerate: 1,
    });
    addUser(env, seeded, {
      id: seeded.adminId,
      fullname: "Admin User",
      domainname: "admin@cutover.example",
    });
    const application = tenant.add({ userId: newGuid() });
    const id = application.userId ?? "";
    addUser(env, seeded, {
      id,
      fullname: "# Cutover Integration",
      domainname: "integration@cutover.example",
      applicationid: application.clientId,
      accessmode: 4,
    });
    env.settings.put("client", application.clientId);
    env.settings.put("seeded", JSON.stringify(seeded));
    for (const extension of extensions) extension.seed?.(writer);
    return seeded;
  });
}

/** Adds a user with the administrator's role. */
export function addUser(
  env: Environment,
  seeded: Seeded,
  user: Values & { readonly id: string },
): void {
  const { id, ...values } = user;
  const unit = { table: "businessunit", id: seeded.businessUnitId };
  const writer = writerOf(env, { userId: seeded.adminId, businessUnitId: seeded.businessUnitId });
  const usual = {
    internalemailaddress: values["domainname"] ?? null,
    isdisabled: false,
    accessmode: 0,
    azureactivedirectoryobjectid: newGuid(),
    businessunitid: unit,
  };
  writer.create("systemuser", { ...usual, ...values }, { id, internal: true });
  giveRole(env, id, seeded.roleId);
}

/** Gives a user a role. */
export function giveRole(env: Environment, userId: string, roleId: string): void {
  env.database.sql
    .prepare("INSERT OR IGNORE INTO link VALUES (?, ?, ?)")
    .run(userRoles, userId, roleId);
}
