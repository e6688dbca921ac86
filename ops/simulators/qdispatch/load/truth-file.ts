import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { iso } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import {
  type ChildEntity,
  childrenOf,
  type Child,
  type Entity,
  nests,
  type Row,
} from "../truth/row.ts";
import { childSchemas } from "./truth-child-schema.ts";
import { contactWithLinks, jobWithChildren, truthSchemas } from "./truth-schema.ts";

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

/** Loads NDJSON, one canonical entity a line; nested records may come on lines of their own, before or after their parent. */
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
    if (line.entity in nests) children.push(line);
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
  if (entity === "contact") return contactWithLinks;
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
  const byParent = Map.groupBy(lines, (line) => parentOf(line).join(" "));
  ledger.together(() => {
    for (const children of byParent.values()) {
      const first = children[0] as Line;
      const [parent, id] = parentOf(first);
      const row = ledger.newest(parent, id)?.row;
      if (row !== undefined) put(ledger, parent, { ...row, ...nested(row, children) }, now);
      else
        throw new TruthLineRefused(
          file,
          first.at,
          `the field ${parent}_id of this ${first.entity} names ${parent} ${id}, which the file does not have. Add the ${parent} or take the line out.`,
        );
    }
  });
}

function parentOf({ entity, row }: Line): readonly ["job" | "contact", string] {
  const { parent, reference } = nests[entity as ChildEntity];
  return [parent, String(row[reference])];
}

function nested(parent: Row, lines: readonly Line[]): Record<string, Child[]> {
  const lists: Record<string, Child[]> = {};
  for (const [entity, { field, reference }] of Object.entries(nests)) {
    const own = lines.filter((line) => line.entity === entity);
    if (own.length === 0) continue;
    const added = own.map(({ row: { [reference]: _parent, ...child } }) => ({
      id: null,
      ...child,
    }));
    lists[field] = [...childrenOf(parent, entity as ChildEntity), ...added];
  }
  return lists;
}

function utc(time: string): string {
  return new Date(time).toISOString();
}
