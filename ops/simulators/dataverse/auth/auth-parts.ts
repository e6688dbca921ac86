import type { Environment } from "../environment.ts";
import type { Tenant } from "./credentials.ts";
import type { Tokens } from "./tokens.ts";

/** What the token endpoint needs. */
export interface AuthParts {
  readonly env: Environment;
  readonly tenant: Tenant;
  readonly tokens: Tokens;
}
