import { readFileSync, statSync } from "node:fs";
import { CutoverError } from "../core/errors.ts";

/** The process's environment: the one place that reads it. */
export const environment = {
  logLevel: process.env["CUTOVER_LOG_LEVEL"] ?? "info",
  /** Failpoints, e.g. `loader.settling:kill@3`; only tests set it. */
  fault: process.env["CUTOVER_FAULT"] ?? "",
  /** The positive control of the kill tests; never set outside them. */
  unsafeWithoutTransactions: process.env["CUTOVER_UNSAFE_NO_TRANSACTIONS"] === "1",
  ci: process.env["CI"] === "true",
  noColor: process.env["NO_COLOR"] !== undefined,
} as const;

/**
 * The value of a `${NAME}` in a profile or migration file: from the variable NAME, or from the
 * file NAME_FILE names. Throws CONFIG_INVALID naming the variable when neither is set.
 */
export function secretFromEnvironment(name: string): string {
  const direct = process.env[name];
  if (direct !== undefined) return direct;
  const path = process.env[`${name}_FILE`];
  if (path === undefined) {
    throw new CutoverError(
      "CONFIG_INVALID",
      `Set the environment variable ${name} or ${name}_FILE.`,
    );
  }
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new CutoverError(
      "CONFIG_INVALID",
      `The file named by ${name}_FILE is readable by others: chmod 600 it.`,
    );
  }
  return readFileSync(path, "utf8").trim();
}
