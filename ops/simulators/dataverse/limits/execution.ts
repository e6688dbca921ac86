import type { Environment } from "../environment.ts";
import type { Reply } from "../web/call.ts";

/** The milliseconds of execution a request costs by the model, and its entitlement counted: each row of a bulk message and each operation of a batch is one. */
export function costOf(
  { settings, log }: Pick<Environment, "settings" | "log">,
  reply: Reply,
): number {
  const { requestMs, rowMs, singleMs } = settings.current().execution;
  const { operations, rows } = reply;
  log.count("power_platform_requests", Math.max(1, operations ?? rows ?? 1));
  if (operations !== undefined) return requestMs + operations * singleMs;
  return requestMs + (rows === undefined ? singleMs : rows * rowMs);
}
