import type { Call, Reply } from "../web/call.ts";
import { type Item, oneOf } from "./item.ts";

/** 204 with the address of what was made, or (where the client prefers it) 201 with the definition itself. */
export function made(call: Call, address: string, item: Item): Reply {
  const url = `${call.base}/${address}`;
  const headers = { "OData-EntityId": url, Location: url };
  if (call.prefer.get("return") !== "representation") return { status: 204, headers };
  const preferred = { ...headers, "Preference-Applied": "return=representation" };
  return {
    ...oneOf(call, item, { set: address.replace(/\([^)]*\)$/, "") }),
    status: 201,
    headers: preferred,
  };
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
