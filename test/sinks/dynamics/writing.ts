import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldPlan, ObjectPlan } from "../../../pipeline/core/plan.ts";
import type { DynamicsClient } from "../../../sinks/dynamics/client.ts";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";
import { sendGroups } from "../../../sinks/dynamics/send.ts";
import { type SendParts, sendParts } from "../../../sinks/dynamics/send-parts.ts";
import type { WriteOptions } from "../../../sinks/dynamics/write-headers.ts";
import {
  type Operation,
  type RowResult,
  resultKey,
  type SinkGroup,
  type SinkRow,
} from "../../../sinks/sink.ts";
import {
  addPublisher,
  column,
  definition,
} from "../../simulators/dataverse-metadata/definitions.ts";
import { type SimulatedEnvironment, simulatedEnvironment } from "./simulated-environment.ts";

/** A plan of a table that carries source keys, with these fields. */
export function planOf(
  object: string,
  fields: readonly FieldPlan[],
  own: Partial<ObjectPlan> = {},
): ObjectPlan {
  return {
    object,
    entity: "job",
    identity: "external_id",
    keyField: "qd_sourcekey",
    idField: "",
    fields,
    ...own,
  };
}

/** A text field. */
export function text(name: string, own: Partial<FieldPlan> = {}): FieldPlan {
  return { name, type: "string", ...own };
}

/** A lookup to one table, or to several by the entity its key begins with. */
export function lookup(name: string, object: string, byEntity?: Record<string, string>): FieldPlan {
  const more = byEntity === undefined ? {} : { byEntity };
  return { name, type: "reference", reference: { object, whenDeleted: "park", ...more } };
}

/** An owner. */
export const owner: FieldPlan = { name: "ownerid", type: "reference", owner: true };

/** A row to be created. */
export function aRow(key: string, fields: SinkRow["fields"], own: Partial<SinkRow> = {}): SinkRow {
  return { key, destinationId: null, fields, ...own };
}

/** A simulated environment, and our writes to it. */
export interface Writing extends SimulatedEnvironment {
  readonly parts: SendParts;
  readonly blobFolder: string;
  /** Opens another writer beside the first. */
  another(options?: WriteOptions): Promise<SendParts>;
  /** Sends rows of one plan and operation; results by source key. */
  send(
    plan: ObjectPlan,
    operation: Operation,
    rows: readonly SinkRow[],
    parts?: SendParts,
  ): Promise<ReadonlyMap<string, RowResult>>;
  /** The row of a source key, changed. */
  changed(plan: ObjectPlan, key: string, fields: SinkRow["fields"]): SinkRow;
  /** A row as raw HTTP reads it; undefined where there is none. */
  // oxlint-disable-next-line typescript/no-explicit-any
  row(set: string, id: string): Promise<any>;
  /** How many calls were made while something was done, by their label. */
  counted(work: () => Promise<unknown>): Promise<Record<string, number>>;
}

/** Starts one whose accounts, contacts, opportunities and their products carry source keys. */
export async function writing(
  start: Parameters<typeof simulatedEnvironment>[0] = { limits: "off" },
): Promise<Writing> {
  const environment = await simulatedEnvironment(start);
  const { raw } = environment;
  await addPublisher(raw);
  for (const table of ["account", "contact", "opportunity", "opportunityproduct", "task"]) {
    const made = await raw.call(
      "POST",
      `${definition(table)}/Attributes`,
      column("String", "qd_SourceKey", { MaxLength: 100 }),
    );
    if (made.status !== 204) throw new Error(made.text);
    await raw.call("POST", `${definition(table)}/Keys`, {
      SchemaName: "qd_SourceKey_Key",
      KeyAttributes: ["qd_sourcekey"],
    });
  }
  const blobFolder = mkdtempSync(join(tmpdir(), "blobs-"));
  const open = async (client: DynamicsClient, options: WriteOptions = {}): Promise<SendParts> =>
    sendParts(client, { blobFolder, ...options });
  const parts = await open(await environment.client());
  return {
    ...environment,
    parts,
    blobFolder,
    another: async (options) => open(await environment.client(), options),
    async send(plan, operation, rows, by = parts) {
      const groups: readonly SinkGroup[] = [{ plan, operation, rows }];
      const results = await sendGroups(by, groups);
      return new Map(
        rows.flatMap(({ key }) => {
          const result = results.get(resultKey(plan.object, key));
          return result === undefined ? [] : [[key, result] as const];
        }),
      );
    },
    changed: (plan, key, fields) => aRow(key, fields, { destinationId: rowGuid(plan.object, key) }),
    async row(set, id) {
      const reply = await raw.call("GET", `${set}(${id})`);
      return reply.status === 404 ? undefined : reply.json;
    },
    async counted(work) {
      const before = await callsOf(environment);
      await work();
      const after = await callsOf(environment);
      return Object.fromEntries(
        Object.entries(after).flatMap(([name, count]) => {
          const more = count - (before[name] ?? 0);
          return more === 0 ? [] : [[name, more]];
        }),
      );
    },
    async close() {
      await environment.close();
      rmSync(blobFolder, { recursive: true });
    },
  };
}

async function callsOf({ metrics }: SimulatedEnvironment): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const { values } = (await metrics.registry.getSingleMetric("cutover_calls_total")?.get()) ?? {
    values: [],
  };
  for (const { labels, value } of values) {
    const api = String((labels as Record<string, unknown>)["api"]);
    counts[api] = (counts[api] ?? 0) + value;
  }
  return counts;
}
