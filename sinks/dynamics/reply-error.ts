import { CutoverError, type ErrorCode } from "../../pipeline/core/errors.ts";
import { codes, isCode, type ServiceError, serviceError } from "./errors.ts";

/** Another customization holds the lock: no limit of a user, a wait of minutes at most. */
export const customizationLock = "0x80071151";

/** The service's codes that speak of the system or the schema, not of a row. */
const systemCodes: Readonly<Record<string, ErrorCode>> = {
  [codes.privilege]: "SINK_PERMISSION_MISSING",
  [codes.notAMember]: "SINK_PERMISSION_MISSING",
  [codes.userDisabled]: "SINK_PERMISSION_MISSING",
  [codes.userWithoutRoles]: "SINK_PERMISSION_MISSING",
  "0x8006088a": "SINK_SCHEMA_MISMATCH",
  "0x80041102": "SINK_SCHEMA_MISMATCH",
  "0x80041103": "SINK_SCHEMA_MISMATCH",
  "0x80060890": "SINK_SCHEMA_MISMATCH",
};

const remedies: Partial<Record<ErrorCode, string>> = {
  SINK_PERMISSION_MISSING:
    " Give the application user of this client_id an active user in the environment with a role that grants this.",
  SINK_SCHEMA_MISMATCH: " Create what is missing, or grant it to our user.",
};

/** The error a reply means that is no answer to its call; after a 5xx nobody knows whether a write was done. */
export function replyError(
  { status, body }: { readonly status: number; readonly body: string },
  what: string,
  write: boolean,
): CutoverError {
  const error = serviceError(status, body);
  const code = codeOf(error, write);
  const said = error.message === "" ? error.code : `${error.code}: ${error.message.slice(0, 500)}`;
  return new CutoverError(code, `Dynamics, ${what}: ${said}${remedies[code] ?? ""}`, {
    cause: { status, code: error.code },
  });
}

function codeOf(error: ServiceError, write: boolean): ErrorCode {
  const { status } = error;
  if (status === 401) return "SINK_SESSION_EXPIRED";
  if (status === 429) return "SINK_THROTTLED";
  if (status === 408 || status >= 500) return write ? "SINK_REPLY_LOST" : "SINK_UNAVAILABLE";
  const known = systemCodes[error.code.toLowerCase()];
  if (known !== undefined) return known;
  // A column in a query that the table does not have comes without a code.
  if (status === 400 && isCode(error, "http_400") && /property named/.test(error.message)) {
    return "SINK_SCHEMA_MISMATCH";
  }
  return "SINK_SYSTEM_UNKNOWN";
}

/** Whether a reply is the service's own error, not a gateway's page. */
export function isServiceError(body: string): boolean {
  return body.trimStart().startsWith("{") && serviceError(0, body).code !== "HTTP_0";
}
