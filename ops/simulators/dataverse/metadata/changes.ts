import { badArgument } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";
import type { Sent } from "./column-from.ts";
import type { Item } from "./item.ts";
import { returned } from "./made.ts";
import { tableItem } from "./show-table.ts";

/** RetrieveMetadataChanges: the definitions that fit a query, with only the properties it names; there is no delta. */
export function metadataChanges(call: Call): Reply {
  const { env, query, segments } = call;
  const given = segments[0]?.key?.["Query"]?.text ?? query.get("Query") ?? "";
  const wanted = parsed(given.startsWith("@") ? (query.get(given) ?? "") : given);
  const tables = env.model.tables
    .map((table) => tableItem(env, table))
    .filter((item) => fits(item, wanted["Criteria"]))
    .map((item) => shown(item, wanted));
  const stamp = { ServerVersionStamp: String(env.model.version), DeletedMetadata: null };
  return returned(call, { EntityMetadata: tables, ...stamp });
}

function parsed(text: string): Sent {
  try {
    return JSON.parse(text) as Sent;
  } catch {
    throw badArgument("The parameter Query is no EntityQueryExpression.");
  }
}

const below = { Attributes: "AttributeQuery", Keys: "KeyQuery" } as const;

function shown(item: Item, wanted: Sent): object {
  const json: Record<string, unknown> = picked(item, wanted["Properties"]);
  const names = namesOf(wanted["Properties"]);
  for (const [navigation, query] of Object.entries(below)) {
    if (names !== undefined && !names.includes(navigation)) continue;
    const part = (wanted[query] ?? {}) as Sent;
    const found = item.navigation[navigation]?.() ?? [];
    const items = "length" in found ? found : [found];
    json[navigation] = items
      .filter((one) => fits(one, part["Criteria"]))
      .map((one) => ({
        "@odata.type": `#Microsoft.Dynamics.CRM.${one.type}`,
        ...picked(one, part["Properties"]),
      }));
  }
  return json;
}

/** The property names of a query; undefined for all of them. */
function namesOf(properties: unknown): readonly string[] | undefined {
  const { AllProperties, PropertyNames } = (properties ?? {}) as Sent;
  return AllProperties === true || !Array.isArray(PropertyNames)
    ? undefined
    : (PropertyNames as string[]);
}

function picked(item: Item, properties: unknown): Record<string, unknown> {
  const names = namesOf(properties) ?? Object.keys(item.properties);
  const all = ["MetadataId", ...names].filter((name) => name in item.properties);
  return Object.fromEntries(all.map((name) => [name, item.properties[name]]));
}

function fits(item: Item, criteria: unknown): boolean {
  const { Conditions, FilterOperator } = (criteria ?? {}) as Sent;
  const conditions = (Array.isArray(Conditions) ? Conditions : []) as Sent[];
  const tests = conditions.map((one) => holds(item, one));
  return FilterOperator === "Or" ? tests.some(Boolean) : tests.every(Boolean);
}

function holds({ properties }: Item, { PropertyName, ConditionOperator, Value }: Sent): boolean {
  const value = properties[String(PropertyName)];
  const { Value: wanted } = (Value ?? {}) as Sent;
  const list = Array.isArray(wanted) ? (wanted as unknown[]) : [wanted];
  const among = list.some((one) => String(one) === String(value));
  if (ConditionOperator === "Equals" || ConditionOperator === "In") return among;
  if (ConditionOperator === "NotEquals" || ConditionOperator === "NotIn") return !among;
  throw badArgument(`The operator ${String(ConditionOperator)} is not supported.`);
}
