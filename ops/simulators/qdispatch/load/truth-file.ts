import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { iso } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import {
  type ChildEntity,
  childFields,
  childrenOf,
  type Child,
  type Entity,
  type Row,
} from "../truth/row.ts";
import { childSchemas } from "./truth-child-schema.ts";
import { jobWithChildren, truthSchemas } from "./truth-schema.ts";

declare global {
  interface JSON {
    /** A reviver may see the text of a number, so that an int64 survives. */
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
  }
}

/** A line of a truth file that cannot be taken; the message names file, line, field and remedy. */
export class TruthLineRefused extends Error {
  constructor(file: string, line: number, said: string) {
    super(`${file}, line ${line}: ${said}`);
    this.name = "TruthLineRefused";
  }
}

const known = [...Object.keys(truthSchemas), ...Object.keys(childSchemas)];
const linesPerTransaction = 2_000;

interface Line {
  readonly entity: string;
  readonly row: Record<string, unknown>;
  readonly at: number;
}

/** Loads NDJSON, one canonical entity a line; the children of a job may come on lines of their own, before or after it. */
export async function loadTruthFile(ledger: Ledger, file: string, now: number): Promise<void> {
  const children: Line[] = [];
  let batch: Line[] = [];
  const flush = (): void => {
    ledger.together(() => {
      for (const { entity, row } of batch) put(ledger, entity as Entity, row, now);
    });
    batch = [];
  };
  let at = 0;
  for await (const text of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    at += 1;
    if (text.trim() === "") continue;
    const line = lineOf(file, at, text);
    if (line.entity in childFields) children.push(line);
    else batch.push(line);
    if (batch.length >= linesPerTransaction) flush();
  }
  flush();
  nest(ledger, file, children, now);
}

function lineOf(file: string, at: number, text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text, exactNumber);
  } catch (cause) {
    throw new TruthLineRefused(
      file,
      at,
      `this is not JSON (${(cause as Error).message}). Write one JSON object a line.`,
    );
  }
  const { entity, ...fields } = (value ?? {}) as Record<string, unknown>;
  const schema = schemaOf(entity);
  if (schema === undefined)
    throw new TruthLineRefused(
      file,
      at,
      `the field entity is ${JSON.stringify(entity) ?? "missing"}. Name one of ${known.join(", ")}.`,
    );
  const parsed = schema.safeParse(fields);
  if (!parsed.success)
    throw new TruthLineRefused(file, at, complaint(String(entity), parsed.error, schema));
  return { entity: String(entity), row: parsed.data, at };
}

function schemaOf(entity: unknown): z.ZodObject | undefined {
  if (entity === "job") return jobWithChildren;
  return ({ ...truthSchemas, ...childSchemas } as Record<string, z.ZodObject>)[String(entity)];
}

function complaint(entity: string, error: z.ZodError, schema: z.ZodObject): string {
  const issue = error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    const names = Object.keys(schema.shape).join(", ");
    return `${entity} has no field ${issue.keys.join(", ")}. Its fields are ${names}.`;
  }
  const field = issue?.path.join(".") || "line";
  return `the field ${field} of this ${entity} is wrong: ${issue?.message}. Mend the field and start again.`;
}

/** Numbers a double cannot hold are kept as the text they came as. */
function exactNumber(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== "number" || context.source === undefined) return value;
  return String(value) === context.source ? value : context.source;
}

function put(ledger: Ledger, entity: Entity, fields: Record<string, unknown>, now: number): void {
  const created = (fields["created_at"] as string | undefined) ?? iso(now);
  const updated = (fields["updated_at"] as string | undefined) ?? created;
  const times = { created_at: utc(created), updated_at: utc(updated) };
  const row = { ...fields, ...times } as Row;
  const deleted = typeof row["deleted_at"] === "string";
  const kind = deleted ? "deleted" : "alive";
  ledger.append(
    entity,
    { ...row, active: !deleted && row.active },
    { kind, commitAt: Date.parse(updated) },
  );
}

function nest(ledger: Ledger, file: string, lines: readonly Line[], now: number): void {
  const byJob = Map.groupBy(lines, ({ row }) => String(row["job_id"]));
  ledger.together(() => {
    for (const [id, children] of byJob) {
      const job = ledger.newest("job", id)?.row;
      if (job === undefined) {
        const { entity, at } = children[0] as Line;
        throw new TruthLineRefused(
          file,
          at,
          `the field job_id of this ${entity} names job ${id}, which the file does not have. Add the job or take the line out.`,
        );
      }
      put(ledger, "job", { ...job, ...nested(job, children) }, now);
    }
  });
}

function nested(job: Row, lines: readonly Line[]): Record<string, Child[]> {
  const lists: Record<string, Child[]> = {};
  for (const [entity, field] of Object.entries(childFields)) {
    const own = lines.filter((line) => line.entity === entity);
    const added = own.map(({ row: { job_id: _job, ...child } }) => ({ id: null, ...child }));
    lists[field] = [...childrenOf(job, entity as ChildEntity), ...added];
  }
  return lists;
}

function utc(time: string): string {
  return new Date(time).toISOString();
}
