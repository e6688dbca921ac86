import type { Call, Reply } from "../web/call.ts";

/** 204 with the address of what was made. */
export function made(call: Call, address: string): Reply {
  const url = `${call.base}/${address}`;
  return { status: 204, headers: { "OData-EntityId": url, Location: url } };
}

/** 200 with what an action returns. */
export function returned(call: Call, json: object): Reply {
  const type = `${call.segments.at(-1)?.name.split(".").at(-1) ?? ""}Response`;
  const context = `${call.base}/$metadata#Microsoft.Dynamics.CRM.${type}`;
  return { status: 200, json: { "@odata.context": context, ...json } };
}

/** The body of a call as properties; nothing where none came. */
export function sentIn(call: Call): Readonly<Record<string, unknown>> {
  return typeof call.body === "object" && call.body !== null
    ? (call.body as Record<string, unknown>)
    : {};
}
