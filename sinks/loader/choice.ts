import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { Operation, SinkRow } from "../sink.ts";
import { noShard } from "./sharded-rows.ts";
import type { Ready } from "./taken.ts";

/** Settings of the choice between many and few. */
export interface ChoiceSettings {
  readonly bulkThreshold: number;
  readonly flushMs: number;
  readonly lanes: number;
}

/** Rows to be sent in one request. */
export interface Choice {
  readonly channel: "bulk" | "small";
  readonly groups: readonly {
    readonly plan: ObjectPlan;
    readonly operation: Operation;
    readonly rows: readonly Ready[];
  }[];
  /** Parents no other request of its channel may touch meanwhile; files hold none. */
  readonly shards: ReadonlySet<number>;
  /** Its rows take bytes along. */
  readonly files: boolean;
}

interface HasPlans {
  readonly groups: readonly { readonly plan: ObjectPlan }[];
}

/** The moment of a choice. */
export interface Moment {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** More records are on their way: rows wait longer, so that they may become many. */
  readonly behind: boolean;
  /** Nothing more is taken until something has left. */
  readonly full: boolean;
  /** The budget allows bulk jobs. */
  readonly bulk: boolean;
  /** Which objects may be written. */
  readonly open: (plan: ObjectPlan, operation: Operation) => boolean;
}

/** Objects the rows of a request are of. */
export function objectsOf({ groups }: HasPlans): string[] {
  return groups.map(({ plan }) => plan.object);
}

/** The one object a bulk job's rows are of. */
export function objectOf({ groups }: HasPlans): string {
  return (groups[0] as HasPlans["groups"][number]).plan.object;
}

/** Parents the rows of small requests hang on. */
export function shardsOf(groups: Choice["groups"]): ReadonlySet<number> {
  const found = new Set(groups.flatMap(({ rows }) => rows.map(({ shard }) => shard)));
  found.delete(noShard);
  return found;
}

/** Whether a row takes bytes along: such go by requests of their own, which take long. */
export function carriesFile(plan: ObjectPlan, operation: Operation, row: SinkRow): boolean {
  const names = plan.fields.filter(({ type }) => type === "file").map(({ name }) => name);
  if (operation === "delete" || names.length === 0) return false;
  const { fields } = row;
  return names.some((name) => (fields[name] ?? null) !== null);
}
