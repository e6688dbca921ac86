import { findField } from "../schema/sobject.ts";
import { z } from "zod";
import type { Call } from "../rest/call.ts";
import { delimiters } from "./csv.ts";
import type { JobBody } from "./job.ts";
import { bulkError } from "./job-reply.ts";

const operations = ["insert", "update", "upsert", "delete", "hardDelete"];

// Keys a client sends beyond these are ignored, as the real server does.
const ingestOrder = z.object({
  object: z.string(),
  operation: z.string(),
  contentType: z.literal("CSV").default("CSV"),
  lineEnding: z.enum(["LF", "CRLF"]).default("LF"),
  columnDelimiter: z.string().default("COMMA"),
  externalIdFieldName: z.string().nullish(),
  assignmentRuleId: z.string().nullish(),
});

const queryOrder = z.object({
  operation: z.enum(["query", "queryAll"]),
  query: z.string(),
  contentType: z.literal("CSV").default("CSV"),
  lineEnding: z.enum(["LF", "CRLF"]).default("LF"),
  columnDelimiter: z.string().default("COMMA"),
});

/** Checks the order of an ingest job. */
export function ingestBody(call: Call, given: unknown): JobBody {
  const order = parsed(ingestOrder, given);
  const object = call.org.schema.find(order.object);
  if (object === undefined || object.readOnly) {
    throw bulkError("INVALIDENTITY", `Entity '${order.object}' is not supported.`);
  }
  if (!operations.includes(order.operation)) {
    throw bulkError("INVALIDJOB", `Unsupported operation ${order.operation}`);
  }
  if (order.operation === "hardDelete" && !call.org.access.hardDelete) {
    const message =
      "hardDelete operation requires special user profile permission, please contact your system administrator";
    throw bulkError("FEATURENOTENABLED", message);
  }
  checkDelimiter(order.columnDelimiter);
  const keyName = order.externalIdFieldName ?? undefined;
  if (order.operation === "upsert") {
    const key = keyName === undefined ? undefined : findField(object, keyName);
    if (key?.externalId !== true && key?.idLookup !== true) {
      const message = `Field name provided, ${keyName ?? "none"} does not match an External ID, Salesforce Id, or indexed field for ${object.name}`;
      throw bulkError("INVALIDJOB", message);
    }
  }
  const ruleId = order.assignmentRuleId ?? undefined;
  return {
    operation: order.operation,
    object: object.name,
    ...(keyName === undefined ? {} : { externalIdFieldName: keyName }),
    ...(ruleId === undefined ? {} : { assignmentRuleId: ruleId }),
    ...madeBy(call, order),
  };
}

/** Checks the order of a query job. */
export function queryBody(call: Call): Omit<JobBody, "object"> & { query: string } {
  const order = parsed(queryOrder, call.body);
  checkDelimiter(order.columnDelimiter);
  return { operation: order.operation, query: order.query, ...madeBy(call, order) };
}

function madeBy(
  call: Call,
  { lineEnding, columnDelimiter }: { lineEnding: "LF" | "CRLF"; columnDelimiter: string },
): Pick<JobBody, "lineEnding" | "columnDelimiter" | "apiVersion" | "createdById" | "changedAt"> {
  return {
    lineEnding,
    columnDelimiter,
    apiVersion: call.version,
    createdById: call.session.userId,
    changedAt: call.org.clock.now(),
  };
}

function checkDelimiter(name: string): void {
  if (delimiters[name] === undefined)
    throw bulkError("CLIENTINPUTERROR", `Unknown delimiter ${name}`);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw bulkError("CLIENTINPUTERROR", z.prettifyError(result.error));
}
