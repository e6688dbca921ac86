import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { type AdminRoute, answered } from "../../server/admin.ts";
import { BodyRefused } from "../../server/body.ts";
import { registerCertificate } from "../auth/signing-key.ts";
import type { Org } from "../org.ts";
import { schemaOrder } from "../schema/custom.ts";
import { settingsPatch } from "../store/settings.ts";
import { canonicalSnapshot, digestOf, snapshotOf } from "./digest.ts";
import { tamper, tamperOrder } from "./tamper.ts";
import { addUsers, usersOrder } from "./users.ts";

/** The admin addresses only this simulator has. */
export function adminRoutesOf(org: Org): AdminRoute[] {
  return [
    {
      method: "POST",
      path: "schema",
      async handle(call) {
        const { objects } = await call.body(schemaOrder);
        refuseUnknown(org, objects);
        org.schema.apply(objects);
        return { objects: objects.map(({ name, fields }) => ({ name, fields: fields.length })) };
      },
    },
    {
      method: "POST",
      path: "users",
      handle: async (call) => ({ ids: addUsers(org, (await call.body(usersOrder)).users) }),
    },
    {
      method: "POST",
      path: "tamper",
      handle: async (call) => tamper(org, await call.body(tamperOrder)),
    },
    {
      method: "POST",
      path: "certificate",
      async handle(call) {
        const { pem } = await call.body(z.strictObject({ pem: z.string() }));
        register(org, pem);
      },
    },
    { method: "GET", path: "settings", handle: () => org.settings.current() },
    {
      method: "POST",
      path: "settings",
      handle: async (call) => changeSettings(org, await call.body(settingsPatch)),
    },
    { method: "GET", path: "digest", handle: () => digestOf(org) },
    {
      method: "GET",
      path: "snapshot",
      async handle({ query, res }) {
        const name = query.get("object");
        const object = name === null ? undefined : org.schema.find(name);
        if (name !== null && object === undefined) {
          throw new BodyRefused(404, `There is no object ${name}.`);
        }
        const lines = object === undefined ? canonicalSnapshot(org) : snapshotOf(org, object);
        res.writeHead(200, { "content-type": "application/x-ndjson" });
        await pipeline(Readable.from(lines), res);
        return answered;
      },
    },
  ];
}

function register(org: Org, pem: string): void {
  try {
    registerCertificate(org, pem);
  } catch (cause) {
    throw new BodyRefused(400, "This is no PEM of a certificate or public key.", { cause });
  }
}

function refuseUnknown(org: Org, objects: z.infer<typeof schemaOrder>["objects"]): void {
  for (const { name } of objects) {
    // Activity is no object, but the name under which tasks and events get their custom fields.
    const known = org.schema.find(name) !== undefined || name.toLowerCase() === "activity";
    if (known || name.endsWith("__c")) continue;
    throw new BodyRefused(400, `There is no standard object ${name}; a custom one ends in __c.`);
  }
}

function changeSettings(org: Org, patch: z.infer<typeof settingsPatch>): unknown {
  try {
    return org.settings.change(patch);
  } catch (error) {
    if (error instanceof z.ZodError) throw new BodyRefused(400, z.prettifyError(error));
    throw error;
  }
}
