import { CutoverError } from "../../pipeline/core/errors.ts";
import type { DynamicsClient } from "./client.ts";
import { type AskedTable, tableFacts, typeOf } from "./table-facts.ts";

/** The messages that take many rows of one table at once. */
export type BulkMessage = "CreateMultiple" | "UpdateMultiple" | "UpsertMultiple";

/** What a column holds, as `AttributeTypeName` says it, without `Type`, in lower case: string, memo, integer, bigint, decimal, double, money, datetime, boolean, picklist, multiselectpicklist, state, status, lookup, customer, owner, partylist, uniqueidentifier, file, … */
export type ColumnType = string;

/** A column as the environment describes it. */
export interface ColumnFacts {
  readonly name: string;
  readonly type: ColumnType;
  /** UTF-16 units of texts, else null. */
  readonly length: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Decimal places, else null. */
  readonly precision: number | null;
  /** A datetime without a time of day. */
  readonly dateOnly: boolean;
  /** Enforced by the API: a row without a value is refused. */
  readonly required: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly readable: boolean;
  /** Values by label, of choices. */
  readonly options?: ReadonlyMap<string, number>;
  /** Labels by value, of choices. */
  readonly labels?: ReadonlyMap<number, string>;
  /** Status reasons only: the state each value belongs to. */
  readonly states?: ReadonlyMap<number, number>;
  /** Tables a lookup may point to, else empty. */
  readonly targets: readonly string[];
}

/** An alternate key and whether its index is ready. */
export interface KeyFacts {
  readonly name: string;
  readonly columns: readonly string[];
  readonly active: boolean;
}

/** A table as the environment describes it. */
export interface TableFacts {
  readonly logical: string;
  /** Name in addresses. */
  readonly set: string;
  readonly primaryId: string;
  readonly primaryName: string;
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  readonly messages: ReadonlySet<BulkMessage>;
  readonly keys: readonly KeyFacts[];
  /** The navigation property a lookup is written and expanded through; undefined where it cannot point to that table. */
  nav(column: string, target: string): string | undefined;
}

/** What the environment says of its tables, asked once per table. */
export interface Metadata {
  /** Undefined where there is no such table for our user. */
  table(logical: string): Promise<TableFacts | undefined>;
  /** Asked again the next time: its definition has changed. */
  forget(logical: string): void;
}

/** Definitions of one table: of the table itself, or of its columns of one kind. */
export interface DefinitionQuery {
  /** Logical name. */
  readonly table: string;
  /** A kind of column, e.g. `PicklistAttributeMetadata`. */
  readonly kind?: string;
  readonly select: readonly string[];
  readonly expand: readonly { readonly property: string; readonly select?: readonly string[] }[];
}

/** Reads definitions; undefined where there is no such table. */
export type Definitions = (query: DefinitionQuery) => Promise<unknown>;

/** Kinds of columns with choices, by the type of the column. */
const choiceKinds: Readonly<Record<string, string>> = {
  picklist: "PicklistAttributeMetadata",
  multiselectpicklist: "MultiSelectPicklistAttributeMetadata",
  state: "StateAttributeMetadata",
  status: "StatusAttributeMetadata",
};

/** Opens the metadata of an environment; each table is asked for once. */
export function openMetadata(parts: {
  readonly definitions: Definitions;
  readonly call: DynamicsClient["call"];
}): Metadata {
  const tables = new Map<string, Promise<TableFacts | undefined>>();
  let messages: Promise<ReadonlyMap<string, ReadonlySet<BulkMessage>>> | undefined;
  const messagesOf = async (logical: string): Promise<ReadonlySet<BulkMessage>> => {
    messages ??= offered(parts.call);
    return (await messages).get(logical) ?? new Set();
  };
  const ask = async (logical: string): Promise<TableFacts | undefined> => {
    // The name becomes a part of an address.
    if (!/^[a-z][a-z0-9_]*$/.test(logical)) return undefined;
    const definition = await asked(parts.definitions, logical);
    if (definition === undefined) return undefined;
    return tableFacts(definition, await messagesOf(logical));
  };
  return {
    table(logical) {
      const known = tables.get(logical) ?? ask(logical);
      tables.set(logical, known);
      // What failed is asked again.
      known.catch(() => forget(tables, logical, known));
      return known;
    },
    forget(logical) {
      tables.delete(logical);
      messages = undefined;
    },
  };
}

function forget<T>(known: Map<string, T>, name: string, value: T): void {
  if (known.get(name) === value) known.delete(name);
}

async function asked(definitions: Definitions, table: string): Promise<AskedTable | undefined> {
  const definition = (await definitions({
    table,
    select: ["LogicalName", "EntitySetName", "PrimaryIdAttribute", "PrimaryNameAttribute"],
    expand: [
      { property: "Attributes" },
      { property: "Keys", select: ["LogicalName", "KeyAttributes", "EntityKeyIndexStatus"] },
      {
        property: "ManyToOneRelationships",
        select: [
          "ReferencedEntity",
          "ReferencingAttribute",
          "ReferencingEntityNavigationPropertyName",
        ],
      },
    ],
  })) as AskedTable["table"] | undefined;
  if (definition === undefined) return undefined;
  const choices: AskedTable["choices"][number][] = [];
  const types = new Set(definition.Attributes.map(typeOf));
  for (const [type, kind] of Object.entries(choiceKinds)) {
    if (!types.has(type)) continue;
    const some = (await definitions({
      ...{ table, kind },
      select: ["LogicalName"],
      expand: [
        { property: "OptionSet", select: ["Options"] },
        { property: "GlobalOptionSet", select: ["Options"] },
      ],
    })) as { readonly value: AskedTable["choices"] } | undefined;
    choices.push(...(some?.value ?? []));
  }
  return { table: definition, choices };
}

/** Which tables take which messages, of all tables at once. */
async function offered(
  call: DynamicsClient["call"],
): Promise<ReadonlyMap<string, ReadonlySet<BulkMessage>>> {
  const names = ["CreateMultiple", "UpdateMultiple", "UpsertMultiple"] as const;
  const filter = names.map((name) => `sdkmessageid/name eq '${name}'`).join(" or ");
  const offers = new Map<string, Set<BulkMessage>>();
  let path: string | undefined =
    `sdkmessagefilters?$select=primaryobjecttypecode&$expand=sdkmessageid($select=name)&$filter=${encodeURIComponent(filter)}`;
  while (path !== undefined) {
    const reply = await call({ api: "metadata", method: "GET", path });
    const page = JSON.parse(reply.body) as MessagePage;
    for (const { primaryobjecttypecode: table, sdkmessageid: message } of page.value) {
      const some = offers.get(table) ?? new Set();
      offers.set(table, some.add(message.name));
    }
    path = page["@odata.nextLink"];
  }
  return offers;
}

interface MessagePage {
  readonly value: readonly {
    readonly primaryobjecttypecode: string;
    readonly sdkmessageid: { readonly name: BulkMessage };
  }[];
  readonly "@odata.nextLink"?: string;
}

/** The table of an object of the plan. Throws SINK_SCHEMA_MISMATCH where there is none. */
export async function tableOf(metadata: Metadata, logical: string): Promise<TableFacts> {
  const table = await metadata.table(logical);
  if (table !== undefined) return table;
  throw new CutoverError(
    "SINK_SCHEMA_MISMATCH",
    `Dynamics has no table ${logical} for our user. Create it, or grant reading it.`,
  );
}
