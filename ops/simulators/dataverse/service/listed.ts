import { objectSource } from "../query/object-source.ts";
import { type Expand, optionsOf } from "../query/options.ts";
import { predicateOf } from "../query/predicate.ts";
import type { Call, Reply } from "../web/call.ts";

/** Answers with a list the service makes up as it is asked: filtered, cut and shown as the query says. */
export function listed(call: Call, items: readonly Record<string, unknown>[]): Reply {
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
