import type { PaymentApplication } from "../core/generated/records.ts";
import { ownership, references, type SourceEntity } from "../core/source-record.ts";
import { asText, asTime, Fault } from "./coerce.ts";
import { type Exploder, exploderOf } from "./children.ts";
import type { Death } from "./death.ts";
import type { Derived } from "./derived.ts";
import { type ContentHash, contentHash } from "./hash.ts";
import { compilePath, type JsonPath, readsParent } from "./json-path.ts";
import type { Profile, StreamProfile } from "./profile.ts";
import { compileSelect, type Select } from "./select.ts";

/** A stream with everything compiled that its rows need. */
export interface CompiledStream {
  readonly profile: StreamProfile;
  readonly entity: SourceEntity;
  readonly select: Select;
  readonly exploders: readonly Exploder[];
  /** The row's id, or undefined where it has none. */
  idOf(row: object): string | undefined;
  /** Null while the row lives. */
  deathOf(row: object): Death | null;
}

/** Compiles every stream of a profile. */
export function compileStreams(profile: Profile): readonly CompiledStream[] {
  return profile.streams.map((stream) => {
    const times = {
      timezone: profile.source.timezone,
      format: stream.incremental.datetime_format,
    };
    const idPath = member(stream.primary_key);
    return {
      profile: stream,
      entity: stream.entity,
      select: compileSelect(stream.entity, stream.fields, {
        ...times,
        idField: stream.primary_key,
      }),
      exploders: stream.children.map((child) => exploderOf(child, times)),
      idOf(row) {
        const id = asText(idPath(row), "id");
        return typeof id === "string" && id !== "" ? id : undefined;
      },
      deathOf: deaths(stream, asTime(times.format, times.timezone)),
    };
  });
}

function member(name: string): JsonPath {
  return compilePath(`$['${name}']`) as JsonPath;
}

function deaths(
  { deletes }: StreamProfile,
  time: ReturnType<typeof asTime>,
): (row: object) => Death | null {
  const { type, field, deleted_when, time_field, merged_into } = deletes;
  if (type === "none" || field === undefined) return () => null;
  const flag = member(field);
  const when = time_field === undefined ? undefined : member(time_field);
  const into = merged_into === undefined ? undefined : member(merged_into);
  return (row) => {
    if (flag(row) !== deleted_when) return null;
    const at = time(when?.(row), "deleted_at");
    const winner = asText(into?.(row), "merged_into");
    const mergedInto = typeof winner === "string" && winner !== "" ? winner : null;
    return {
      reason: mergedInto === null ? "feed" : "merge",
      at: at instanceof Fault ? null : at,
      mergedInto,
    };
  };
}

/** What the poller knows of one entity, whichever stream it comes from. */
export interface EntityRules {
  readonly hash: ContentHash;
  /** Fields whose targets the index of who names whom holds, with the target. */
  readonly indexed: readonly (readonly [field: string, target: SourceEntity])[];
  /** Paths of references in the received payload: what they said before merges. */
  readonly referencePaths: ReadonlyMap<string, JsonPath>;
  /** Some of them begin at the row that this one stands in. */
  readonly readsParent: boolean;
}

/** Merges re-point whoever names these, and roots look for their members by them. */
const indexedTargets: readonly SourceEntity[] = ["customer", "service_location", "invoice"];

/** Rules of every entity of a profile. */
export function entityRules(
  profile: Profile,
  { mergedLines, zones }: Derived,
): ReadonlyMap<SourceEntity, EntityRules> {
  const rules = new Map<SourceEntity, EntityRules>();
  if (mergedLines) rules.set("merged_line", rulesOf("merged_line", {}, [], []));
  for (const stream of profile.streams) {
    for (const part of [stream, ...stream.children]) {
      const targets =
        zones && part.entity === "job" ? [...indexedTargets, "zone" as const] : indexedTargets;
      rules.set(part.entity, rulesOf(part.entity, part.fields, stream.volatile, targets));
    }
  }
  return rules;
}

function rulesOf(
  entity: SourceEntity,
  fields: StreamProfile["fields"],
  volatile: readonly string[],
  targets: readonly SourceEntity[],
): EntityRules {
  const named = Object.entries(references[entity]);
  const owners = (ownership[entity] ?? []).map(({ field }) => field);
  return {
    hash: contentHash(entity, volatile),
    indexed: named.filter(([field, target]) => targets.includes(target) || owners.includes(field)),
    readsParent: named.some(([field]) => {
      const spec = fields[field];
      return typeof spec === "string" && readsParent(spec);
    }),
    referencePaths: new Map(
      named.flatMap(([field]) => {
        const spec = fields[field];
        return typeof spec === "string" ? [[field, compilePath(spec) as JsonPath] as const] : [];
      }),
    ),
  };
}

/** The names text of a record: whom it names, as the store's index holds it. */
export function namesText(rules: EntityRules, record: Record<string, unknown>): string {
  let text = "";
  for (const [field, target] of rules.indexed) {
    const id = record[field];
    if (typeof id === "string" && id !== "") text += `${text === "" ? "" : "\n"}${target} ${id}`;
  }
  // A payment that pays several invoices has no invoice_id, but each of them sums it up.
  const paid = record["applications"] as readonly PaymentApplication[] | undefined;
  for (const { invoice_id } of paid ?? [])
    text += `${text === "" ? "" : "\n"}invoice ${invoice_id}`;
  return text;
}
