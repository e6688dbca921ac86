import { CutoverError, type ErrorCode } from "../../pipeline/core/errors.ts";

/** What the process's end says to a script. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  preflight: 3,
  rejected: 4,
  unequal: 5,
  throttled: 6,
  fenced: 7,
  /** What nobody foresaw at the destination: going on could write wrongly. */
  unknown: 8,
  /** What was not read yet is gone from its topic: going on would skip it in silence. */
  lost: 9,
} as const;

const byCode: Partial<Record<ErrorCode, number>> = {
  CONFIG_INVALID: exitCodes.usage,
  PROFILE_INVALID: exitCodes.usage,
  MAPPING_INVALID: exitCodes.usage,
  TOPIC_CONFLICT: exitCodes.usage,
  SCHEMA_INCOMPATIBLE: exitCodes.usage,
  PLAN_NOT_CONFIRMED: exitCodes.preflight,
  SOURCE_AUTH_REFUSED: exitCodes.preflight,
  SOURCE_SCOPE_MISSING: exitCodes.preflight,
  SINK_AUTH_REFUSED: exitCodes.preflight,
  SINK_PERMISSION_MISSING: exitCodes.preflight,
  SINK_SCHEMA_MISMATCH: exitCodes.preflight,
  REFUSAL_CEILING_REACHED: exitCodes.rejected,
  FENCED: exitCodes.fenced,
  SINK_SYSTEM_UNKNOWN: exitCodes.unknown,
  OFFSET_OUT_OF_RANGE: exitCodes.lost,
};

/** The exit code an error ends the process with. */
export function exitCodeOf(error: unknown): number {
  return error instanceof CutoverError
    ? (byCode[error.code] ?? exitCodes.unexpected)
    : exitCodes.unexpected;
}
