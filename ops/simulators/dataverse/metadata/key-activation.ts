import type { Environment } from "../environment.ts";
import type { KeyDef } from "../model.ts";
import { badArgument } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";
import { noDefinition } from "./item.ts";
import { sentIn } from "./made.ts";

const quiet = new WeakMap<Environment, number>();

/** Moves the indexes of new keys on: Pending, InProgress, then Active, or Failed where rows have the same values. */
export function activateKeys(env: Environment): void {
  // As long as no definition changes, no key waits that did not wait before.
  if (quiet.get(env) === env.model.version) return;
  let waiting = false;
  for (const table of env.model.tables)
    for (const key of table.keys)
      if (key.status === "Pending" || key.status === "InProgress")
        waiting = advance(env, table.logicalName, key) || waiting;
  if (!waiting) quiet.set(env, env.model.version);
}

function advance(env: Environment, tableName: string, key: KeyDef): boolean {
  if (env.faults.take("key_pending", `${tableName} ${key.logicalName}`) !== undefined) return true;
  const { keyPendingMs, keyInProgressMs } = env.settings.current();
  const age = env.clock.now() - (key.orderedAt ?? 0);
  if (age < keyPendingMs) return true;
  if (age < keyPendingMs + keyInProgressMs) {
    if (key.status === "Pending") putKey(env, tableName, { ...key, status: "InProgress" });
    return true;
  }
  env.database.transaction(() => {
    const built = env.keys.build(env.model.known(tableName), key);
    putKey(env, tableName, { ...key, status: built ? "Active" : "Failed" });
  });
  return false;
}

function putKey(env: Environment, tableName: string, changed: KeyDef): void {
  const table = env.model.known(tableName);
  const keys = table.keys.map((key) => (key.metadataId === changed.metadataId ? changed : key));
  env.model.putTable({ ...table, keys });
}

/** ReactivateEntityKey: a failed index is tried again. */
export function reactivate(call: Call): Reply {
  const { EntityLogicalName, EntityKeyLogicalName } = sentIn(call);
  const table = call.env.model.table(String(EntityLogicalName));
  const key = table?.keys.find(
    (one) => one.logicalName === String(EntityKeyLogicalName).toLowerCase(),
  );
  if (table === undefined || key === undefined) throw noDefinition();
  if (key.status !== "Failed") throw badArgument("Only a failed key can be reactivated.");
  putKey(call.env, table.logicalName, {
    ...key,
    status: "Pending",
    orderedAt: call.env.clock.now(),
  });
  return { status: 204 };
}
