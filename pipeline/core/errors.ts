/** What happens after an error: end the process, try again, let the record wait, or refuse the record. */
export type Disposition = "stop" | "retry" | "park" | "reject";

/** What the pipeline does after each error. This table is the only place that decides it. */
export const dispositions = {
  CONFIG_INVALID: "stop",
  PROFILE_INVALID: "stop",
  MAPPING_INVALID: "stop",
  PLAN_NOT_CONFIRMED: "stop",
  SCHEMA_INCOMPATIBLE: "stop",
  TOPIC_CONFLICT: "stop",
  FENCED: "stop",
  OFFSET_OUT_OF_RANGE: "stop",
  SOURCE_AUTH_REFUSED: "stop",
  SOURCE_SCOPE_MISSING: "stop",
  SINK_AUTH_REFUSED: "stop",
  SINK_PERMISSION_MISSING: "stop",
  SINK_SCHEMA_MISMATCH: "stop",
  REFUSAL_CEILING_REACHED: "stop",
  SINK_SYSTEM_UNKNOWN: "stop",
  TRANSACTION_UNKNOWN: "retry",
  TRANSACTION_ABORTED: "retry",
  BROKER_UNAVAILABLE: "retry",
  REGISTRY_UNAVAILABLE: "retry",
  SOURCE_UNAVAILABLE: "retry",
  SOURCE_THROTTLED: "retry",
  SINK_UNAVAILABLE: "retry",
  SINK_THROTTLED: "retry",
  SINK_REPLY_LOST: "retry",
  SINK_SESSION_EXPIRED: "retry",
  SINK_JOB_FAILED: "retry",
  SINK_ROW_LOCKED: "park",
  SINK_STORAGE_FULL: "park",
  PARENT_MISSING: "park",
  PARENT_DELETED: "park",
  OWNER_UNRESOLVED: "park",
  STILL_REFERENCED: "park",
  MATCH_AMBIGUOUS: "park",
  RECORD_UNREADABLE: "reject",
  RECORD_UNMAPPABLE: "reject",
  RECORD_TOO_LARGE: "reject",
  VALUE_NOT_IN_TABLE: "reject",
  VALUE_MISSING: "reject",
  VALUE_INVALID: "reject",
  TEXT_NOT_ENCODABLE: "reject",
  TEXT_TOO_LONG: "reject",
  TIME_IMPOSSIBLE: "reject",
  FILE_EMPTY: "reject",
  FILE_MISSING: "reject",
  SOURCE_ROW_INVALID: "reject",
  SINK_RECORD_REFUSED: "reject",
} as const satisfies Record<string, Disposition>;

/** A code of the error table. */
export type ErrorCode = keyof typeof dispositions;

/** An error of a system or of the configuration: thrown, and decided by the table of dispositions. */
export class CutoverError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CutoverError";
    this.code = code;
  }

  get disposition(): Disposition {
    return dispositions[this.code];
  }
}

/** What is wrong with one record: a value, never thrown across a stage. */
export interface RecordError {
  readonly code: ErrorCode;
  /** One sentence naming the value's place and the remedy; never the value of a personal field in full. */
  readonly message: string;
  readonly field?: string;
  readonly object?: string;
}
