import type { Environment } from "../environment.ts";
import { guidOf } from "../identifier.ts";
import { objectSource } from "../query/object-source.ts";
import { type Expand, optionsOf } from "../query/options.ts";
import { predicateOf } from "../query/predicate.ts";
import type { Call, Reply, Resource } from "../web/call.ts";

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

function listed(call: Call, items: readonly Record<string, unknown>[]): Reply {
  const options = optionsOf(call.query);
  const fits =
    options.filter === undefined
      ? () => true
      : predicateOf(
          options.filter,
          objectSource(() => call.env.clock.now()),
        );
  const found = items.filter((item) => fits(item)).slice(0, options.top ?? items.length);
  const value = found.map((item) => shown(item, options.select, options.expand));
  const context = `${call.base}/$metadata#${call.segments[0]?.name ?? ""}`;
  return { status: 200, json: { "@odata.context": context, value } };
}

function shown(
  item: Record<string, unknown>,
  select: readonly string[] | undefined,
  expand: readonly Expand[],
): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) {
    const navigation = typeof value === "object" && value !== null;
    const expanded = expand.find((one) => one.name === name);
    if (navigation && expanded !== undefined)
      kept[name] = shown(value as Record<string, unknown>, expanded.select, []);
    else if (!navigation && (select === undefined || select.includes(name) || name.endsWith("id")))
      kept[name] = value;
  }
  return kept;
}
