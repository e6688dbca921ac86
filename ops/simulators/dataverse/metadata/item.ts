import { objectSource } from "../query/object-source.ts";
import { type Expand, optionsOf, type Shape } from "../query/options.ts";
import { predicateOf } from "../query/predicate.ts";
import { ApiError, badQuery } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";

/** A definition as metadata shows it. */
export interface Item {
  /** Such as `StringAttributeMetadata`. */
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** What may be expanded. */
  readonly navigation: Readonly<Record<string, () => readonly Item[] | Item | null>>;
}

const unsupported = ["$top", "$orderby", "$count", "$skiptoken", "$apply"];
const crm = "Microsoft.Dynamics.CRM.";

function shapeOf(call: Call): Shape {
  const wrong = unsupported.find((name) => call.query.has(name));
  if (wrong !== undefined) throw badQuery(`The query parameter ${wrong} is not supported.`);
  return optionsOf(call.query);
}

/** Answers with a list of definitions; those of a mixed list say of what type they are. */
export function listOf(
  call: Call,
  items: readonly Item[],
  options: { set: string; mixed?: boolean },
): Reply {
  const shape = shapeOf(call);
  const value = chosen(call, items, shape).map((item) =>
    shown(call, item, shape, options.mixed === true),
  );
  return {
    status: 200,
    json: { "@odata.context": `${call.base}/$metadata#${options.set}`, value },
  };
}

/** Answers with one definition. */
export function oneOf(
  call: Call,
  item: Item | undefined,
  options: { set: string; mixed?: boolean },
): Reply {
  if (item === undefined) throw noDefinition();
  const json = shown(call, item, shapeOf(call), options.mixed === true);
  return {
    status: 200,
    json: { "@odata.context": `${call.base}/$metadata#${options.set}/$entity`, ...json },
  };
}

/** 404: no definition has this name or id. */
export function noDefinition(): ApiError {
  return new ApiError(404, "0x80060888", "Could not find the metadata that was asked for.");
}

/** The definitions of one type: the last segment may be a cast. */
export function castOf(items: readonly Item[], segment: string): readonly Item[] {
  const type = segment.startsWith(crm) ? segment.slice(crm.length) : segment;
  return items.filter((item) => item.type === type);
}

function chosen(call: Call, items: readonly Item[], shape: Shape): readonly Item[] {
  if (shape.filter === undefined) return items;
  const fits = predicateOf(
    shape.filter,
    objectSource(() => call.env.clock.now()),
  );
  return items.filter((item) => fits(item.properties));
}

function shown(call: Call, item: Item, shape: Shape, mixed: boolean): Record<string, unknown> {
  const json: Record<string, unknown> = mixed ? { "@odata.type": `#${crm}${item.type}` } : {};
  if (shape.select === undefined) Object.assign(json, item.properties);
  else for (const name of shape.select) pick(json, item, name);
  json["MetadataId"] = item.properties["MetadataId"];
  for (const expand of shape.expand) json[expand.name] = expanded(call, item, expand);
  return json;
}

function pick(json: Record<string, unknown>, item: Item, name: string): void {
  if (name in item.properties) json[name] = item.properties[name];
  else if (name in item.navigation) return;
  else
    throw new ApiError(
      400,
      "0x0",
      `Could not find a property named '${name}' on type '${crm}${item.type}'.`,
    );
}

function expanded(call: Call, item: Item, expand: Expand): unknown {
  const navigation = item.navigation[expand.name];
  if (navigation === undefined)
    throw new ApiError(
      400,
      "0x0",
      `Could not find a property named '${expand.name}' on type '${crm}${item.type}'.`,
    );
  const found = navigation();
  if (found === null) return null;
  if (!("length" in found)) return shown(call, found, expand, false);
  const mixed = expand.name === "Attributes";
  return chosen(call, found, expand).map((one) => shown(call, one, expand, mixed));
}
