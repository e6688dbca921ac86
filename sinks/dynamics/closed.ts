import { CutoverError } from "../../pipeline/core/errors.ts";
import type { DynamicsClient } from "./client.ts";
import { joined, type LateText } from "./late-text.ts";
import type { TableFacts } from "./metadata.ts";
import type { BatchRequest } from "./multipart.ts";
import { type ApiRow, rowsReferring, standingRows } from "./standing.ts";
import type { Write } from "./write.ts";
import type { WriteHeaders } from "./write-headers.ts";

/** The opportunity a row is, or names as a line does; a line that goes, or is only changed, names none. */
export function opportunityOf({ form, id, row }: Write): string | undefined {
  if (form.plan.object === "opportunity") return id;
  const parent = row.fields["opportunityid"];
  return typeof parent === "string" ? parent : undefined;
}

/** An opportunity as it stands, and the activity that its last closing left. */
export interface StandingOpportunity {
  readonly id: string;
  readonly etag: string;
  readonly statecode: number;
  readonly statuscode: number;
  readonly actualvalue: number | null;
  readonly actualclosedate: string | null;
  readonly close: ApiRow | undefined;
}

/** Opportunities by id with what their closing says; those not there are missing. */
export async function standingOpportunities(
  client: DynamicsClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StandingOpportunity>> {
  const table = await tableOf(client, "opportunity");
  const columns = ["statecode", "statuscode", "actualvalue", "actualclosedate"];
  const rows = await standingRows(client, table, ids, columns);
  const closed = [...rows].filter(([, row]) => row["statecode"] !== 0).map(([id]) => id);
  const closes = await lastCloses(client, closed);
  return new Map(
    [...rows].map(([id, row]) => [
      id,
      {
        id,
        etag: String(row["@odata.etag"]),
        statecode: row["statecode"] as number,
        statuscode: row["statuscode"] as number,
        actualvalue: (row["actualvalue"] as number | null | undefined) ?? null,
        actualclosedate: (row["actualclosedate"] as string | null | undefined) ?? null,
        close: closes.get(id),
      },
    ]),
  );
}

/** The newest close activity of each opportunity, whole: closing again must lose nothing of it. */
async function lastCloses(
  client: DynamicsClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ApiRow>> {
  const table = await tableOf(client, "opportunityclose");
  const columns = ["_opportunityid_value", "createdon", ...kept(table)];
  const rows = await rowsReferring(client, table, "opportunityid", ids, columns);
  const newest = new Map<string, ApiRow>();
  for (const row of rows) {
    const id = String(row["_opportunityid_value"]).toLowerCase();
    const known = newest.get(id);
    if (known === undefined || String(known["createdon"]) <= String(row["createdon"]))
      newest.set(id, row);
  }
  return newest;
}

/** Columns of a close activity that are made again with it: what it says, and columns of our own. */
function kept({ columns }: TableFacts): readonly string[] {
  const said = ["subject", "description", "actualstart", "actualend", "actualrevenue"];
  const own = [...columns.values()].filter(({ name, createable, readable, targets }) => {
    return name.includes("_") && createable && readable && targets.length === 0;
  });
  return [...said.filter((name) => columns.has(name)), ...own.map(({ name }) => name)];
}

/** Opens an opportunity, provided nobody has changed it since it was read. */
export function openRequest(
  table: TableFacts,
  { id, etag }: StandingOpportunity,
  headers: WriteHeaders,
): BatchRequest {
  return {
    method: "PATCH",
    path: `${table.set}(${id})`,
    headers: { ...headers, "If-Match": etag },
    body: `{"statecode":0,"statuscode":1}`,
  };
}

/** Closes an opportunity by the action of its state. */
export function closeRequest(
  state: number,
  status: number,
  close: LateText | string,
  headers: WriteHeaders,
): BatchRequest {
  return {
    method: "POST",
    path: state === 1 ? "WinOpportunity" : "LoseOpportunity",
    headers,
    body: joined([`{"Status":${status},"OpportunityClose":`, close, "}"]),
  };
}

/** The closing of an opportunity as it was, with the same activity. */
export function sameClose(
  table: TableFacts,
  { id, actualclosedate, actualvalue, close }: StandingOpportunity,
): Record<string, unknown> {
  const again: Record<string, unknown> = {
    "@odata.type": "Microsoft.Dynamics.CRM.opportunityclose",
    "opportunityid@odata.bind": `/opportunities(${id})`,
  };
  if (close === undefined) {
    again["subject"] = "Opportunity closed";
    if (actualclosedate !== null) again["actualend"] = `${actualclosedate}T00:00:00Z`;
    if (actualvalue !== null) again["actualrevenue"] = actualvalue;
    return again;
  }
  again["activityid"] = close[table.primaryId];
  for (const name of kept(table)) if (close[name] != null) again[name] = close[name];
  return again;
}

/** A table the closing of opportunities needs. Throws SINK_SCHEMA_MISMATCH where it is missing. */
export async function tableOf(client: DynamicsClient, logical: string): Promise<TableFacts> {
  const table = await client.metadata.table(logical);
  if (table !== undefined) return table;
  throw new CutoverError(
    "SINK_SCHEMA_MISMATCH",
    `Dynamics has no table ${logical} for our user. Grant reading and writing it.`,
  );
}
