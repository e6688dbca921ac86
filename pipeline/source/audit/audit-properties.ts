import type { CustomPropertyDef, CustomValue } from "../../core/generated/records.ts";
import type { SourceEntity } from "../../core/source-record.ts";
import type { CustomProperty } from "../../mapping/custom-properties.ts";
import type { PropertyFields } from "../../mapping/destinations/property-fields.ts";
import { Fault } from "../coerce.ts";
import { type CompiledStream, compileStreams } from "../compiled-stream.ts";
import type { SourceHttp } from "../http.ts";
import type { Profile } from "../profile.ts";
import { httpReader, type ScanStart } from "../stream-reader.ts";
import { fieldName } from "./field-name.ts";
import { inferProperty } from "./infer-property.ts";
import { count, emptyTally, type PropertyTally } from "./property-tally.ts";

/** What an audit of custom properties needs. */
export interface PropertyAudit {
  readonly profile: Profile;
  readonly http: SourceHttp;
  /** Whose properties; what the source defines of others is left out. */
  readonly entity: SourceEntity;
  /** The object that takes them, and how the destination makes their fields. */
  readonly object: string;
  readonly fields: PropertyFields;
  /** Names of its fields that are the mapping's already. */
  readonly taken: readonly string[];
  /** Rows looked at from each end: the oldest and the newest. */
  readonly rows?: number;
  readonly signal: AbortSignal;
}

/** Properties that get a field of their own; an object has no room for every slip of the pen. */
const propertiesAtMost = 200;
const rowsFromEachEnd = 2000;
const day = 86_400_000;

/** How far back the newest rows are looked for, until there are enough of them. */
const windows = [day, 30 * day, 365 * day] as const;

/** The custom properties of an entity with the fields they get: by definition where the values bear it out, else by the values. */
export async function auditProperties(audit: PropertyAudit): Promise<CustomProperty[]> {
  const streams = compileStreams(audit.profile);
  const definitions = await readDefinitions(streams, audit);
  const found = new Map<string, Found>();
  for (const key of definitions.keys()) found.set(key, { label: null, tally: emptyTally() });
  const stream = streams.find(({ entity }) => entity === audit.entity);
  if (stream !== undefined) await tallyRows(stream, audit, found);
  const taken = new Set(audit.taken.map((name) => name.toLowerCase()));
  return [...found]
    .filter(([key, { tally }]) => tally.seen > 0 || definitions.has(key))
    .sort(([, a], [, b]) => b.tally.seen - a.tally.seen)
    .slice(0, propertiesAtMost)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => {
      const field = fieldName(key, audit.fields, taken);
      taken.add(field.toLowerCase());
      const { entity, object } = audit;
      return propertyOf({ entity, object, key, field }, one, {
        definition: definitions.get(key),
        digits: audit.fields.digits,
      });
    });
}

interface Found {
  label: string | null;
  readonly tally: PropertyTally;
}

interface Known {
  readonly definition: CustomPropertyDef | undefined;
  readonly digits: PropertyFields["digits"];
}

function propertyOf(
  place: Pick<CustomProperty, "entity" | "object" | "key" | "field">,
  { label, tally }: Found,
  { definition, digits }: Known,
): CustomProperty {
  const { from, fits, ...type } = inferProperty(tally, definition, digits);
  return {
    ...{ ...place, label: definition?.label ?? label },
    ...type,
    evidence: { from, seen: tally.seen, misfits: tally.seen - fits },
  };
}

/** Definitions of the entity's properties by key; none where the tenant has no such list. */
async function readDefinitions(
  streams: readonly CompiledStream[],
  { http, signal, entity }: PropertyAudit,
): Promise<ReadonlyMap<string, CustomPropertyDef>> {
  const definitions = new Map<string, CustomPropertyDef>();
  for (const stream of streams.filter(({ entity }) => entity === "custom_property_def")) {
    for await (const page of httpReader(stream.profile, http).pages("beginning", signal)) {
      for (const row of page.rows) {
        const record = stream.select(row);
        if (record instanceof Fault || stream.deathOf(row) !== null) continue;
        const definition = record as unknown as CustomPropertyDef;
        if (definition.entity === entity) definitions.set(definition.key, definition);
      }
    }
  }
  return definitions;
}

/** Tallies the oldest rows and the newest, each row once. */
async function tallyRows(
  stream: CompiledStream,
  { http, signal, rows = rowsFromEachEnd }: PropertyAudit,
  found: Map<string, Found>,
): Promise<void> {
  const reader = httpReader(stream.profile, http);
  const seen = new Set<string>();
  let now = 0;
  const read = async (start: ScanStart): Promise<number> => {
    let taken = 0;
    for await (const page of reader.pages(start, signal)) {
      now = page.serverTime;
      for (const row of page.rows.slice(0, rows - taken)) tallyRow(stream, row, seen, found);
      taken += page.rows.length;
      if (taken >= rows) break;
    }
    return taken;
  };
  if ((await read("beginning")) < rows) return;
  for (const window of windows) {
    if ((await read({ since: now - window })) >= rows) return;
  }
}

function tallyRow(
  stream: CompiledStream,
  row: object,
  seen: Set<string>,
  found: Map<string, Found>,
): void {
  const record = stream.select(row);
  if (record instanceof Fault || seen.has(record.id)) return;
  seen.add(record.id);
  for (const { key, label, value } of record["custom"] as readonly CustomValue[]) {
    const one = found.get(key) ?? { label, tally: emptyTally() };
    one.label ??= label;
    found.set(key, one);
    count(one.tally, value);
  }
}
