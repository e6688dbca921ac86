import rdkafka, { type LibrdKafkaError } from "node-rdkafka";
import { CutoverError, type ErrorCode } from "../core/errors.ts";

const { ERRORS } = rdkafka.CODES;

/** librdkafka's codes by what they mean to us. */
export const kafkaCodes = {
  /** No record just now; outages too: the client reconnects by itself, and the watchdog sees a stall. */
  nothingToRead: new Set<number>([
    ERRORS.ERR__TIMED_OUT,
    ERRORS.ERR__PARTITION_EOF,
    ERRORS.ERR__TRANSPORT,
    ERRORS.ERR__ALL_BROKERS_DOWN,
    ERRORS.ERR__RESOLVE,
  ]),
  queueFull: ERRORS.ERR__QUEUE_FULL,
  fatal: ERRORS.ERR__FATAL,
  fenced: new Set<number>([ERRORS.ERR__FENCED, ERRORS.ERR_FENCED_INSTANCE_ID, 90]),
  timedOut: new Set<number>([
    ERRORS.ERR__TIMED_OUT,
    ERRORS.ERR__TIMED_OUT_QUEUE,
    ERRORS.ERR_REQUEST_TIMED_OUT,
    ERRORS.ERR__TRANSPORT,
  ]),
} as const;

/** Our code for a client error; the client's own stays as the cause. */
export function wrapKafkaError(error: LibrdKafkaError): CutoverError {
  return new CutoverError(codeOf(error), `Kafka: ${error.message} (code ${error.code}).`, {
    cause: error,
  });
}

function codeOf(error: LibrdKafkaError): ErrorCode {
  if (kafkaCodes.fenced.has(error.code)) return "FENCED";
  if (
    error.code === ERRORS.ERR__AUTO_OFFSET_RESET ||
    error.code === ERRORS.ERR_OFFSET_OUT_OF_RANGE
  ) {
    return "OFFSET_OUT_OF_RANGE";
  }
  return "BROKER_UNAVAILABLE";
}
