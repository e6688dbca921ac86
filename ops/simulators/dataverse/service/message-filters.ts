import type { Environment } from "../environment.ts";
import { guidOf } from "../identifier.ts";
import type { Resource } from "../web/call.ts";
import { listed } from "./listed.ts";

const everywhere = ["Create", "Retrieve", "RetrieveMultiple", "Update", "Delete"];
const bulk = ["CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple"];

/** `sdkmessages` and `sdkmessagefilters`: which messages which tables take. */
export const messageResources: readonly Resource[] = [
  { name: "sdkmessages", handle: (call) => listed(call, [...everywhere, ...bulk].map(messageOf)) },
  { name: "sdkmessagefilters", handle: (call) => listed(call, filtersOf(call.env)) },
];

function messageOf(name: string): Record<string, unknown> {
  return { sdkmessageid: guidOf("sdkmessage", name), name };
}

function filtersOf(env: Environment): Record<string, unknown>[] {
  return env.model.tables.flatMap((table) =>
    [...everywhere, ...table.messages].map((name) => ({
      sdkmessagefilterid: guidOf("sdkmessagefilter", table.logicalName, name),
      primaryobjecttypecode: table.logicalName,
      _sdkmessageid_value: guidOf("sdkmessage", name),
      sdkmessageid: messageOf(name),
    })),
  );
}
