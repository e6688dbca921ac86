import { randomBytes } from "node:crypto";
import type { Environment } from "../environment.ts";
import { newGuid } from "../identifier.ts";

/** An application registered in the tenant; without a user the environment does not know it. */
export interface Application {
  readonly clientId: string;
  readonly secret: string;
  readonly userId: string | null;
}

/** The tenant and its applications, kept with the environment. */
export interface Tenant {
  readonly id: string;
  find(clientId: string): Application | undefined;
  /** Adds an application; a known client id gets the new user and secret. */
  add(application: Partial<Application>): Application;
}

/** Opens the tenant of an environment. */
export function tenantOf({ settings }: Pick<Environment, "settings">): Tenant {
  const read = (): Application[] =>
    JSON.parse(settings.read("applications") ?? "[]") as Application[];
  return {
    id: settings.keep("tenant", newGuid),
    find: (clientId) => read().find((one) => one.clientId === clientId.toLowerCase()),
    add(given) {
      const application: Application = {
        clientId: (given.clientId ?? newGuid()).toLowerCase(),
        secret: given.secret ?? randomBytes(24).toString("base64url"),
        userId: given.userId ?? null,
      };
      const others = read().filter((one) => one.clientId !== application.clientId);
      settings.put("applications", JSON.stringify([...others, application]));
      return application;
    },
  };
}
