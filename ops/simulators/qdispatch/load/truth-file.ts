import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { z } from "zod";
import type { Ledger } from "../truth/ledger.ts";
import { type Entity, nests } from "../truth/row.ts";
import { type Line, nest, put, TruthLineRefused } from "./truth-put.ts";
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

const known = [...Object.keys(truthSchemas), ...Object.keys(childSchemas)];
const linesPerTransaction = 2_000;

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
