import { sourceKey } from "../../pipeline/core/source-key.ts";
import { rowGuid } from "../../sinks/dynamics/row-guid.ts";
import { compareTables } from "../independent/dynamics/difference.ts";
import { type Environment, openEnvironment } from "../independent/dynamics-rows.ts";
import { readTruth } from "../independent/truth.ts";
import type { Judged } from "./fault-plans.ts";
import { hasLeft, refusalsAmiss } from "./refusals.ts";

/** What an environment's rows are judged by. */
interface JudgedRows {
  readonly environment: Environment;
  readonly run: Pick<Judged, "ledger" | "surroundings">;
}

/** What an environment has too little, too much, or half done of, a line each. */
export async function amissInDynamics(run: Judged): Promise<string[]> {
  const environment = await openEnvironment(run.surroundings.destination);
  const judged = { environment, run };
  const found = [rowsAmiss(judged), jobsAmiss(judged), refusalsAmiss(run), valuesAmiss(run)];
  return [...(await Promise.all(found)).flat(), ...countsAmiss(run)];
}

/** Rows that are not one for each record the loader says it created, with the id made of its key. */
export async function rowsAmiss({ environment, run }: JudgedRows): Promise<string[]> {
  const identities = await run.ledger.query<{ object: string; key: string; id: string }>(
    `SELECT object, key, argMax(destination_id, offset) AS id FROM identity
    WHERE object IN (SELECT object FROM plan_object WHERE NOT is_user)
    GROUP BY object, key HAVING isNotNull(id) AND NOT argMax(deleted, offset)`,
  );
  const amiss: string[] = [];
  for (const [object, records] of Map.groupBy(identities, (each) => each.object)) {
    const rows = await rowsOf(environment, object);
    const ids = new Set(rows.map(({ id }) => id));
    const ours = new Set(records.map(({ key }) => rowGuid(object, key)));
    for (const { key, id } of records) {
      if (id !== rowGuid(object, key))
        amiss.push(`${object} ${key}: its id is not made of its key`);
      if (!ids.has(id)) amiss.push(`${object} ${key}: no row`);
    }
    amiss.push(
      ...rows.flatMap(({ id }) => (ours.has(id) ? [] : [`${object} ${id}: of no record`])),
    );
    const keyed = Map.groupBy(rows, ({ key }) => key);
    for (const [key, same] of keyed) {
      if (key !== null && same.length > 1) amiss.push(`${object} ${key}: ${same.length} rows`);
    }
  }
  return amiss;
}

/** Jobs without their row, and those not closed just as often as the source has them closed: once, or not at all. */
export async function jobsAmiss({ environment, run }: JudgedRows): Promise<string[]> {
  const closed = run.surroundings.migration.file.settings.edition === "professional";
  const { job } = await readTruth(run.surroundings.qdispatch.admin);
  const excused = await withoutRow(run);
  const rows = await environment.rows(
    `${closed ? "opportunities" : "qd_serviceorders"}?$select=qd_sourcesystemid,statecode`,
  );
  const closings = await environment.rows(
    "opportunitycloses?$select=activityid,_opportunityid_value",
  );
  const closingsOf = Map.groupBy(closings, (one) => String(one["_opportunityid_value"]));
  const byJob = new Map(rows.map((row) => [String(row["qd_sourcesystemid"]), row]));
  const amiss: string[] = [];
  for (const { id, deleted, row: source } of job.values()) {
    const key = sourceKey("job", id);
    const row = byJob.get(id);
    if (row === undefined) {
      if (!deleted && !excused.has(key)) amiss.push(`${key}: lost`);
      continue;
    }
    if (deleted) amiss.push(`${key}: gone at the source`);
    if (!closed) continue;
    const state = { Completed: 1, Cancelled: 2 }[String(source["status"])] ?? 0;
    if (row["statecode"] !== state) amiss.push(`${key}: state ${String(row["statecode"])}`);
    const its = closingsOf.get(String(row["opportunityid"])) ?? [];
    const wanted = state === 0 ? [] : [rowGuid("opportunityclose", key)];
    if (its.map((one) => one["activityid"]).join() !== wanted.join())
      amiss.push(`${key}: closed by ${its.length} rows instead of ${wanted.length}`);
  }
  if (rows.length !== byJob.size) amiss.push(`${rows.length} rows of ${byJob.size} jobs`);
  const known = new Set(rows.map((row) => String(row["opportunityid"])));
  for (const id of closingsOf.keys()) if (!known.has(id)) amiss.push(`closings of no job: ${id}`);
  return amiss;
}

/** Values that are not the source's, by a road of its own; where somebody has left, the ledger's counts say it. */
async function valuesAmiss(run: Judged): Promise<readonly string[]> {
  if (await hasLeft(run)) return [];
  const { qdispatch, destination, migration } = run.surroundings;
  const { edition = "enterprise" } = migration.file.settings;
  return (await compareTables(qdispatch, destination, edition)).differences;
}

/** Objects of whose rows more differ than such as refused what was newest. */
export function countsAmiss({ reconciliation }: Pick<Judged, "reconciliation">): string[] {
  return reconciliation
    .filter(
      ({ destination, equal, refused_records, unaccounted }) =>
        destination - equal > refused_records || destination < equal || unaccounted !== 0,
    )
    .map(
      ({ object, destination, equal }) => `${object}: ${equal} of ${destination} rows are equal`,
    );
}

/** Jobs the ledger says no row stands for: rejected, refused, or waiting. */
async function withoutRow({ ledger }: Pick<Judged, "ledger">): Promise<ReadonlySet<string>> {
  const found = await ledger.query<{ key: string }>(
    `SELECT record AS key FROM record_state
    WHERE object IN ('opportunity', 'qd_serviceorder') AND state IN ('rejected', 'refused', 'parked')`,
  );
  return new Set(found.map(({ key }) => key));
}

interface RowFound {
  readonly id: string;
  readonly key: string | null;
}

/** Ids of a table's rows, and source keys where the table has a column for them. */
async function rowsOf(environment: Environment, table: string): Promise<RowFound[]> {
  const [definition] = await environment.rows(
    `EntityDefinitions?$select=EntitySetName,PrimaryIdAttribute&$filter=LogicalName eq '${table}'`,
  );
  const attributes = await environment.rows(
    `EntityDefinitions(LogicalName='${table}')/Attributes?$select=LogicalName`,
  );
  const keyed = attributes.some((one) => one["LogicalName"] === "qd_sourcekey");
  const id = String(definition?.["PrimaryIdAttribute"]);
  const columns = keyed ? `${id},qd_sourcekey` : id;
  const rows = await environment.rows(
    `${String(definition?.["EntitySetName"])}?$select=${columns}`,
  );
  return rows.map((row) => ({
    id: String(row[id]),
    key: typeof row["qd_sourcekey"] === "string" ? row["qd_sourcekey"] : null,
  }));
}
