import type { DynamicsClient } from "../client.ts";

/** A column as the environment describes it to our user. */
export interface DescribedColumn {
  readonly name: string;
  /** `AttributeTypeName` without `Type`, in lower case: string, memo, picklist, … */
  readonly type: string;
  readonly length: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly places: number | null;
  /** Of datetimes: `DateOnly` or `DateAndTime`, and the behaviour. */
  readonly format: string | null;
  readonly behaviour: string | null;
  /** A row without a value is refused. */
  readonly required: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** Field-level security is on. */
  readonly secured: boolean;
  readonly custom: boolean;
  readonly targets: readonly string[];
}

/** An alternate key. */
export interface DescribedKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** Pending, InProgress, Active or Failed. */
  readonly status: string;
}

/** A table as the environment describes it to our user. */
export interface DescribedTable {
  readonly name: string;
  readonly notes: boolean;
  readonly activities: boolean;
  /** Names of its privileges by what they allow; none where its rows belong to another table's. */
  readonly privileges: ReadonlyMap<string, string>;
  readonly columns: ReadonlyMap<string, DescribedColumn>;
  readonly keys: readonly DescribedKey[];
}

type Json = Readonly<Record<string, unknown>>;

const shown =
  "$select=LogicalName,HasNotes,HasActivities,Privileges&$expand=Attributes,Keys($select=LogicalName,KeyAttributes,EntityKeyIndexStatus)";

/** Describes a table; undefined where there is none for our user. */
export async function describeTable(
  client: DynamicsClient,
  name: string,
): Promise<DescribedTable | undefined> {
  const table = await readDefinition(client, `${definitionOf(name)}?${shown}`);
  if (table === undefined) return undefined;
  const columns = ((table["Attributes"] ?? []) as readonly Json[]).map(columnOf);
  const privileges = (table["Privileges"] ?? []) as readonly Json[];
  return {
    name,
    notes: table["HasNotes"] === true,
    activities: table["HasActivities"] === true,
    privileges: new Map(
      privileges.map((each) => [String(each["PrivilegeType"]), String(each["Name"])]),
    ),
    columns: new Map(columns.map((column) => [column.name, column])),
    keys: ((table["Keys"] ?? []) as readonly Json[]).map(keyOf),
  };
}

/** The address of a table's definition. */
export function definitionOf(table: string): string {
  return `EntityDefinitions(LogicalName='${table}')`;
}

/** Reads a definition as it stands now, not as a server remembers it; undefined where there is none. */
export async function readDefinition(
  client: DynamicsClient,
  path: string,
): Promise<Json | undefined> {
  const headers = { Consistency: "Strong" };
  const reply = await client.call({ api: "metadata", method: "GET", path, headers, accept: [404] });
  return reply.status === 404 ? undefined : (JSON.parse(reply.body) as Json);
}

/** The alternate keys of a table as they stand now. */
export async function describeKeys(
  client: DynamicsClient,
  table: string,
): Promise<readonly DescribedKey[]> {
  const path = `${definitionOf(table)}/Keys?$select=LogicalName,KeyAttributes,EntityKeyIndexStatus`;
  const found = await readDefinition(client, path);
  return ((found?.["value"] ?? []) as readonly Json[]).map(keyOf);
}

function columnOf(json: Json): DescribedColumn {
  return {
    name: String(json["LogicalName"]),
    type: String(within(json["AttributeTypeName"]) ?? json["AttributeType"])
      .replace(/Type$/, "")
      .toLowerCase(),
    length: numberOf(json["MaxLength"]),
    min: numberOf(json["MinValue"]),
    max: numberOf(json["MaxValue"]),
    places: placesOf(json),
    format: textOf(json["Format"]),
    behaviour: textOf(within(json["DateTimeBehavior"])),
    required: within(json["RequiredLevel"]) === "SystemRequired",
    createable: json["IsValidForCreate"] !== false,
    updateable: json["IsValidForUpdate"] !== false,
    secured: json["IsSecured"] === true,
    custom: json["IsCustomAttribute"] === true,
    targets: (json["Targets"] ?? []) as readonly string[],
  };
}

/** An amount may take its places from the currency or the organization instead: two, as a rule. */
function placesOf(json: Json): number | null {
  const places = numberOf(json["Precision"]);
  return places === null || (json["PrecisionSource"] ?? 0) === 0 ? places : Math.min(places, 2);
}

function keyOf(json: Json): DescribedKey {
  return {
    name: String(json["LogicalName"]),
    columns: (json["KeyAttributes"] ?? []) as readonly string[],
    status: String(json["EntityKeyIndexStatus"]),
  };
}

function within(value: unknown): unknown {
  return typeof value === "object" && value !== null ? (value as Json)["Value"] : value;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
