import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { type AdminRoute, answered } from "../../server/admin.ts";
import { BodyRefused } from "../../server/body.ts";
import type { Tenant } from "../auth/credentials.ts";
import type { Environment } from "../environment.ts";
import { settingsPatch } from "../rows/settings.ts";
import type { Seeded } from "../seed.ts";
import { canonicalSnapshot, digestOf, snapshotOf } from "./digest.ts";
import { tamper, tamperOrder } from "./tamper.ts";
import { addUsers, usersOrder } from "./users.ts";

/** What the admin routes need. */
export interface AdminParts {
  readonly env: Environment;
  readonly tenant: Tenant;
  readonly seeded: Seeded;
}

/** The admin addresses only this simulator has. */
export function adminRoutesOf(parts: AdminParts): AdminRoute[] {
  const { env, seeded } = parts;
  return [
    {
      method: "POST",
      path: "users",
      async handle(call) {
        const users = addUsers(parts, (await call.body(usersOrder)).users);
        return { ids: users.map(({ id }) => id), users };
      },
    },
    {
      method: "POST",
      path: "tamper",
      handle: async (call) => tamper(env, seeded, await call.body(tamperOrder)),
    },
    { method: "GET", path: "settings", handle: () => env.settings.current() },
    {
      method: "POST",
      path: "settings",
      handle: async (call) => changeSettings(env, await call.body(settingsPatch)),
    },
    { method: "GET", path: "digest", handle: () => digestOf(env) },
    {
      method: "GET",
      path: "snapshot",
      async handle({ query, res }) {
        const name = query.get("object");
        const table = name === null ? undefined : env.model.table(name);
        if (name !== null && table === undefined)
          throw new BodyRefused(404, `There is no table ${name}.`);
        const lines = table === undefined ? canonicalSnapshot(env) : snapshotOf(env, table);
        res.writeHead(200, { "content-type": "application/x-ndjson" });
        await pipeline(Readable.from(lines), res);
        return answered;
      },
    },
  ];
}

function changeSettings(env: Environment, patch: z.infer<typeof settingsPatch>): unknown {
  try {
    return env.settings.change(patch);
  } catch (error) {
    if (error instanceof z.ZodError) throw new BodyRefused(400, z.prettifyError(error));
    throw error;
  }
}
