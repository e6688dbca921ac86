import { CutoverError } from "../../pipeline/core/errors.ts";
import { askTables, type Offers } from "./ask-tables.ts";
import type { DynamicsClient } from "./client.ts";
import { gathered } from "./gathered.ts";
import { tableFacts } from "./table-facts.ts";

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

/** What the environment says of its tables, asked once per table; tables asked for in one turn of the event loop share a call. */
export interface Metadata {
  /** Undefined where there is no such table for our user. */
  table(logical: string): Promise<TableFacts | undefined>;
  /** Asked again the next time: its definition has changed. */
  forget(logical: string): void;
}

/** Tables of one call: their definitions may be long. */
const mostTables = 5;

/** Opens the metadata of an environment. */
export function openMetadata(client: Pick<DynamicsClient, "call">): Metadata {
  const tables = new Map<string, Promise<TableFacts | undefined>>();
  let offers: Offers | undefined;
  let changes = 0;
  const ask = gathered(mostTables, async (names) => {
    const before = changes;
    const asked = await askTables(client, names, offers);
    if (changes === before) offers = asked.offers;
    return (logical) => {
      const table = asked.of(logical);
      return table && tableFacts(table, asked.offers.get(logical) ?? new Set());
    };
  });
  return {
    table(logical) {
      // The name becomes a part of an address.
      if (!/^[a-z][a-z0-9_]*$/.test(logical)) return Promise.resolve(undefined);
      const known = tables.get(logical) ?? ask(logical);
      tables.set(logical, known);
      // What failed is asked again.
      known.catch(() => {
        if (tables.get(logical) === known) tables.delete(logical);
      });
      return known;
    },
    forget(logical) {
      tables.delete(logical);
      offers = undefined;
      changes += 1;
    },
  };
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
