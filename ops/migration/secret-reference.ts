import { z } from "zod";
import { secretFromEnvironment } from "../../pipeline/stage/environment.ts";
import { Secret } from "../../pipeline/stage/secret.ts";

/** A secret as `migration.yaml` writes it: the name of an environment variable, `${NAME}`. */
export const secretText = z
  .string()
  .regex(/^\$\{[A-Z0-9_]+\}$/, "name an environment variable, e.g. ${CLIENT_SECRET}");

/** The secret a `${NAME}` stands for. */
export function secretOf(reference: string): Secret {
  return new Secret(secretFromEnvironment(reference.slice(2, -1)));
}
