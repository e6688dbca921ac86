import type { FieldValue, LoadRecord } from "../../pipeline/core/load-record.ts";
import { type FieldPlan, type ObjectPlan, referencedObject } from "../../pipeline/core/plan.ts";
import type { SourceEntity, SourceRecord } from "../../pipeline/core/source-record.ts";
import { comparableEmail } from "../independent/canonical-text.ts";
import type { FoundRow, Org } from "../independent/salesforce-rows.ts";
import type { Fold } from "../source/fold.ts";
import { compiledFrom, defaultFolder, mapped } from "./default-mappings.ts";

/** A load record with the plan it was made by. */
interface Made {
  readonly plan: ObjectPlan;
  readonly record: LoadRecord;
}

const { plan: wholePlan } = compiledFrom(defaultFolder);

/** Who owns what nobody else does. */
const fallback = "fallback.owner@rehearsal.example";

/**
 * An org as the mapped records of a source would fill it, through a loader that has no trouble: ids
 * are keys, people are users by an e-mail they alone have, and a row waits while a row it refers to
 * is not there.
 */
export function loadedOrg(source: Fold): { readonly org: Org; readonly waiting: Set<string> } {
  const { made, waiting } = mappedRecords(source);
  while (dropped(made, source, waiting) > 0);
  const users = usersOf(source);
  const answers = (soql: string): Promise<FoundRow[]> =>
    Promise.resolve(answer(soql, made, source, users));
  return {
    waiting,
    org: {
      query: answers,
      queryAll: answers,
      bytes: (id) => Promise.resolve(bytesOf(made, id)),
    },
  };
}

function mappedRecords(source: Fold): { made: Made[]; waiting: Set<string> } {
  const made: Made[] = [];
  const waiting = new Set<string>();
  for (const plan of wholePlan.objects) {
    for (const record of source.alive(plan.entity as SourceEntity).values()) {
      const result = mapped(plan.entity, record as unknown as SourceRecord, plan);
      if (result.kind === "rejected") waiting.add(`${plan.entity}-${record.id}`);
      else if (result.kind === "mapped" && result.record.operation === "upsert") {
        made.push({ plan, record: result.record });
      }
    }
  }
  for (const key of source.rejected.keys()) waiting.add(key.replace("|", "-"));
  return { made, waiting };
}

/** Takes rows away whose parent is not there; a lookup that may be cleared waits only while its target lives. */
function dropped(made: Made[], source: Fold, waiting: Set<string>): number {
  const there = new Set(made.map(({ plan, record }) => `${plan.object} ${record.key}`));
  const stays = ({ plan, record }: Made): boolean =>
    plan.fields.every((field) => {
      const key = record.fields?.[field.name];
      if (field.reference === undefined || typeof key !== "string") return true;
      if (there.has(`${referencedObject(field.reference, key)} ${key}`)) return true;
      return field.reference.whenDeleted === "clear" && isDeleted(key, source);
    });
  const gone = made.filter((each) => !stays(each));
  for (const each of gone) {
    waiting.add(each.record.key);
    made.splice(made.indexOf(each), 1);
  }
  return gone.length;
}

function isDeleted(key: string, source: Fold): boolean {
  const dash = key.indexOf("-");
  const entity = key.slice(0, dash) as SourceEntity;
  return source.newest(entity, key.slice(dash + 1))?.meta.deleted === true;
}

/** Source key → e-mail of the user who is that person. */
function usersOf(source: Fold): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const entity of ["user", "technician"] as const) {
    const emails = [...source.alive(entity).values()].map(
      ({ id, email }) => [`${entity}-${id}`, comparableEmail(email)] as const,
    );
    for (const [key, email] of emails) {
      const isOne = emails.filter(([, other]) => other === email).length === 1;
      if (email !== "" && isOne) users.set(key, email);
    }
  }
  return users;
}

function answer(
  soql: string,
  made: readonly Made[],
  source: Fold,
  users: ReadonlyMap<string, string>,
): FoundRow[] {
  const [, columns = "", object = ""] = /^SELECT (.+?) FROM (\w+)/.exec(soql) ?? [];
  if (soql === "SELECT Id, Email FROM User") {
    return [...users.values(), fallback].map((email) => ({ Id: email, Email: email }));
  }
  return made
    .filter(({ plan, record }) => plan.object === object && isWritten(plan, record, users))
    .flatMap(({ plan, record }) =>
      (record.rows ?? [{}]).map((row, at) => {
        const value = reader(plan, { ...record.fields, ...row }, { record, at, source, users });
        return Object.fromEntries(columns.split(", ").map((name) => [name, value(name)]));
      }),
    );
}

/** A user is written where one was found. */
function isWritten(
  { identity }: ObjectPlan,
  { key }: LoadRecord,
  users: ReadonlyMap<string, string>,
): boolean {
  return identity !== "user" || users.has(key);
}

function reader(
  plan: ObjectPlan,
  fields: Readonly<Record<string, FieldValue>>,
  of: {
    readonly record: LoadRecord;
    readonly at: number;
    readonly source: Fold;
    readonly users: ReadonlyMap<string, string>;
  },
): (column: string) => unknown {
  const plans = new Map(plan.fields.map((field) => [field.name, field]));
  return (column) => {
    const lookup = column.replace(/\.Source_Key__c$/, "");
    const name =
      lookup === column ? column : lookup.replace(/__r$/, "__c").replace(/^[A-Za-z]+$/, "$&Id");
    const field = plans.get(name);
    if (field === undefined) {
      return isColumn(plan.object, name) ? null : derived(column, fields, of.record, of.at);
    }
    return held(field, fields[name] ?? null, of);
  };
}

/** Whether another mapping of the object fills it. */
function isColumn(object: string, name: string): boolean {
  return wholePlan.objects.some(
    (plan) => plan.object === object && plan.fields.some((field) => field.name === name),
  );
}

/** What the org makes itself of what it was given. */
function derived(
  column: string,
  fields: Readonly<Record<string, FieldValue>>,
  { key }: LoadRecord,
  at: number,
): unknown {
  if (column === "Id") return at === 0 ? key : `${key}/${at}`;
  if (column === "ContentDocumentId") return key;
  if (column === "IsClosed") return fields["Status"] === "Closed";
  if (column === "ActivityDate") return iso(fields["StartDateTime"] ?? null)?.slice(0, 10);
  if (column === "ContentSize") return String(fields["VersionData"]).split(":")[2];
  throw new Error(`The org holds no ${column}.`);
}

function held(
  field: FieldPlan,
  value: FieldValue,
  { source, users }: { readonly source: Fold; readonly users: ReadonlyMap<string, string> },
): unknown {
  if (field.owner === true) {
    const email = value === null ? undefined : users.get(String(value));
    return email ?? (field.unresolved === "empty" ? null : fallback);
  }
  if (field.reference?.whenDeleted === "clear" && value !== null) {
    return isDeleted(String(value), source) ? null : value;
  }
  if (field.type === "datetime") return iso(value);
  if (field.type === "boolean") return value === true;
  return typeof value === "string" ? value.trim() : value;
}

function iso(value: FieldValue): string | null {
  return value === null ? null : new Date(Number(value)).toISOString();
}

function bytesOf(made: readonly Made[], id: string): { sha256: string; text: string } {
  const { record } = made.find(
    (each) => each.plan.object === "ContentVersion" && each.record.key === id,
  ) as Made;
  const value = String(record.fields?.["VersionData"]);
  if (value.startsWith("text:")) return { sha256: "", text: value.slice("text:".length) };
  return { sha256: value.split(":")[1] ?? "", text: "" };
}
