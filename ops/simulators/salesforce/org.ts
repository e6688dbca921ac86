import { type Access, accessOf, accessVersion, unbounded } from "./auth/access.ts";
import { archiveOld } from "./dml/archive.ts";
import { purgeOld } from "./dml/recycle-bin.ts";
import { dropParts } from "./files/blobs.ts";
import type { Clock } from "../server/clock.ts";
import type { Faults } from "../server/faults.ts";
import type { RequestLog } from "../server/request-log.ts";
import { openSchema, type Schema } from "./schema/schema.ts";
import { schemaSeenBy } from "./schema/seen.ts";
import type { SObject } from "./schema/sobject.ts";
import { type Database, openDatabase } from "./store/database.ts";
import { idOf } from "./store/ids.ts";
import { type ObjectRows, objectRows } from "./store/object-rows.ts";
import { type SettingStore, settingStore } from "./store/settings.ts";
import { type Usage, usageOf } from "./store/usage.ts";

/** One org: its schema, rows, settings and clock. Everything a route needs. */
export interface Org {
  readonly id: string;
  readonly folder: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly settings: SettingStore;
  readonly usage: Usage;
  readonly schema: Schema;
  /** When what this user sees of schema and permissions last changed, in whole seconds; it grows with every change. */
  readonly changedAt: number;
  /** What the user may whose view of the org this is. */
  readonly access: Access;
  /** The org as the platform itself knows it, whoever's view this is. */
  readonly whole: Org;
  /** The org as a user sees it: schema and permissions are that user's. */
  as(userId: string): Org;
  /** The rows of an sObject by its canonical name. */
  rows(object: string): ObjectRows;
  /** The SystemModstamp of the next commit: greater than every one before it. */
  nextStamp(): number;
  /** Does what a real org does as time passes: the recycle bin loses its old rows, old activities are archived. */
  tidy(): void;
  close(): void;
}

/** Opens the org kept in a folder. */
export function openOrg(
  folder: string,
  parts: { clock: Clock; faults: Faults; log: RequestLog },
): Org {
  const database = openDatabase(folder);
  dropParts(folder);
  const settings = settingStore(database);
  const stores = new Map<string, ObjectRows>();
  const open = (object: SObject): void => {
    const known = stores.get(object.name);
    if (known === undefined) stores.set(object.name, objectRows(database, object));
    else known.refresh();
  };
  const schema = openSchema(database, {
    changed: open,
    removed(object, field) {
      const rows = stores.get(object.name);
      if (field === undefined) stores.delete(object.name);
      rows?.forget(field);
    },
  });
  for (const object of schema.objects) open(object);
  const rows = (name: string): ObjectRows => {
    const found = stores.get(name);
    if (found === undefined) throw new Error(`There is no sObject ${name}.`);
    return found;
  };
  let lastStamp = newestStamp(database, schema);
  const whole: Org = {
    id: idOf("00D", 1),
    folder,
    database,
    settings,
    usage: usageOf(database, parts.clock),
    schema,
    access: unbounded,
    changedAt: 0,
    get whole() {
      return whole;
    },
    as: (userId) => seenBy(userId),
    ...parts,
    rows,
    nextStamp() {
      lastStamp = Math.max(parts.clock.now(), lastStamp + 1);
      return lastStamp;
    },
    tidy() {
      purgeOld(whole);
      archiveOld(whole);
    },
    close: () => database.close(),
  };
  const seenBy = viewsOf(whole);
  return whole;
}

/** Views of an org by user; a view is made anew when someone's permissions have changed. */
function viewsOf(whole: Org): Org["as"] {
  const views = new Map<string, { org: Org; version: number }>();
  return (userId) => {
    const version = accessVersion(whole);
    const known = views.get(userId);
    const settled = known !== undefined && known.org.access.settlesAt > whole.clock.now();
    if (known?.version === version && settled) return known.org;
    const access = accessOf(whole, userId);
    const soonest = Math.ceil(whole.clock.now() / 1_000);
    const changedAt = Math.max(soonest, (known?.org.changedAt ?? 0) + 1);
    const schema = schemaSeenBy(whole.schema, access);
    const org: Org = { ...whole, whole, access, changedAt, schema };
    views.set(userId, { org, version });
    return org;
  };
}

function newestStamp(database: Database, schema: Schema): number {
  const newest = schema.objects.map(
    (object) =>
      database.sql
        .prepare(`SELECT coalesce(max(stamp), 0) AS at FROM "row_${object.name}"`)
        .get() as {
        at: number;
      },
  );
  return Math.max(0, ...newest.map((row) => row.at));
}
