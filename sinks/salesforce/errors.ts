import { CutoverError, type ErrorCode } from "../../pipeline/core/errors.ts";
import type { RowResult } from "../sink.ts";

/** A refused row. */
export type Refusal = Extract<RowResult, { kind: "refused" }>;

/** What a row's code means for what happens next; every other code refuses the row. */
const classes: Readonly<Record<string, Refusal["class"]>> = {
  UNABLE_TO_LOCK_ROW: "locked",
  TOO_MANY_LOCK_FAILURE: "locked",
  TooManyLockFailure: "locked",
  SERVER_UNAVAILABLE: "retry",
  UNKNOWN_EXCEPTION: "retry",
  QUERY_TIMEOUT: "retry",
  API_CURRENTLY_DISABLED: "retry",
  ALL_OR_NONE_OPERATION_ROLLED_BACK: "retry",
  PROCESSING_HALTED: "retry",
  // A day's quota, e.g. of new file versions: tomorrow there is room again.
  LIMIT_EXCEEDED: "storage",
  // A child of this record that our memory does not know may be going at this moment.
  DELETE_FAILED: "retry",
  STORAGE_LIMIT_EXCEEDED: "storage",
};

/** Codes that say the row named, or a row it refers to, is not there. */
export const goneCodes: ReadonlySet<string> = new Set([
  "ENTITY_IS_DELETED",
  "INVALID_CROSS_REFERENCE_KEY",
  "NOT_FOUND",
]);

const idInText =
  /\b([0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?)\b(?!.*\b[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?\b)/s;

/** A refusal from its parts; `keyField` tells a second row of our key from any other duplicate. */
export function refusal(
  code: string,
  message: string,
  fields: readonly string[],
  keyField: string,
): Refusal {
  const ours =
    code === "DUPLICATE_VALUE" &&
    (keyField === "" || message.includes(keyField) || fields.includes(keyField));
  return {
    kind: "refused",
    code,
    message: message.slice(0, 1000),
    field: fields[0] ?? null,
    class: ours ? "duplicate" : (classes[code] ?? (goneCodes.has(code) ? "retry" : "refuse")),
    destinationId: ours && keyField !== "" ? (idInText.exec(message)?.[1] ?? null) : null,
  };
}

/** A refusal from Bulk's `CODE:message:Field1 Field2 --`; messages may hold colons and line breaks. */
export function bulkRefusal(text: string, keyField: string): Refusal {
  const first = text.indexOf(":");
  if (first < 0) return refusal("UNKNOWN_ROW_ERROR", text, [], keyField);
  const body = text.endsWith("--") ? text.slice(first + 1, -2) : text.slice(first + 1);
  const last = body.lastIndexOf(":");
  const message = last < 0 ? body : body.slice(0, last);
  const fields =
    last < 0
      ? []
      : body
          .slice(last + 1)
          .split(/\s+/)
          .filter(Boolean);
  return refusal(text.slice(0, first), message, fields, keyField);
}

/** The codes of an error reply: REST answers with an array, OAuth with an object. */
export function codesOf(body: string): { code: string; message: string }[] {
  try {
    const parsed: unknown = JSON.parse(body);
    const list = Array.isArray(parsed) ? parsed : [parsed];
    return list.flatMap((entry: Record<string, unknown>) => {
      const code = entry["errorCode"] ?? entry["statusCode"] ?? entry["error"];
      const message = entry["message"] ?? entry["error_description"] ?? "";
      return typeof code === "string" ? [{ code, message: String(message) }] : [];
    });
  } catch {
    return [];
  }
}

const systemCodes: Readonly<Record<string, ErrorCode>> = {
  REQUEST_LIMIT_EXCEEDED: "SINK_THROTTLED",
  EXCEEDEDQUOTA: "SINK_THROTTLED",
  ExceededQuota: "SINK_THROTTLED",
  INVALID_SESSION_ID: "SINK_SESSION_EXPIRED",
  API_DISABLED_FOR_ORG: "SINK_PERMISSION_MISSING",
  API_CURRENTLY_DISABLED: "SINK_UNAVAILABLE",
  FEATURENOTENABLED: "SINK_PERMISSION_MISSING",
  INSUFFICIENT_ACCESS: "SINK_PERMISSION_MISSING",
  INSUFFICIENT_ACCESS_OR_READONLY: "SINK_PERMISSION_MISSING",
  INVALID_FIELD: "SINK_SCHEMA_MISMATCH",
  INVALID_TYPE: "SINK_SCHEMA_MISMATCH",
  INVALIDENTITY: "SINK_SCHEMA_MISMATCH",
  STORAGE_LIMIT_EXCEEDED: "SINK_STORAGE_FULL",
  QUERY_TIMEOUT: "SINK_UNAVAILABLE",
  // Others' queries of our user have closed this one: it is asked for anew.
  INVALID_QUERY_LOCATOR: "SINK_UNAVAILABLE",
};

/** Whether a code speaks of the system, not of the row that was sent; a full storage parks the row. */
export function isSystemCode(code: string): boolean {
  const of = systemCodes[code];
  return of !== undefined && of !== "SINK_SCHEMA_MISMATCH" && of !== "SINK_STORAGE_FULL";
}

/** The system error an HTTP reply means; after a 5xx to a write nobody knows whether it was done. */
export function replyError(
  status: number,
  body: string,
  what: string,
  write: boolean,
): CutoverError {
  const [first] = codesOf(body);
  const said = first === undefined ? `HTTP ${status}` : `${first.code}: ${first.message}`;
  const code = codeOf(status, first?.code, write);
  return new CutoverError(code, `Salesforce, ${what}: ${said.slice(0, 500)}${remedyOf(code)}`, {
    cause: { status, code: first?.code ?? null },
  });
}

function codeOf(status: number, said: string | undefined, write: boolean): ErrorCode {
  if (status === 401) return "SINK_SESSION_EXPIRED";
  if (status === 420 || status === 429) return "SINK_THROTTLED";
  if (status >= 500) return write ? "SINK_REPLY_LOST" : "SINK_UNAVAILABLE";
  return systemCodes[said ?? ""] ?? "SINK_SYSTEM_UNKNOWN";
}

function remedyOf(code: ErrorCode): string {
  if (code === "SINK_PERMISSION_MISSING") return " Grant it to the integration user.";
  if (code === "SINK_SCHEMA_MISMATCH") return " Create the field, or grant it to our user.";
  return "";
}
