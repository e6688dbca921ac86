import type { SourceEntity } from "../core/source-record.ts";
import type { NestedList, NestedRow } from "./children.ts";
import { Fault } from "./coerce.ts";
import { type Death, stateOf } from "./death.ts";
import type { Roots } from "./roots.ts";
import type { RecordName, Stored } from "./source-store.ts";
import type { Work } from "./work.ts";

type Fields = Record<string, unknown> | Fault;

/** A row with what came nested in it. */
export interface RowAsRead {
  readonly fields: Fields;
  readonly death: Death | null;
  readonly lists: readonly NestedList[];
}

/** Compares what a row says with what we hold. */
export class Reading {
  readonly #work: Work;
  readonly #roots: Roots;

  constructor(work: Work, roots: Roots) {
    this.#work = work;
    this.#roots = roots;
  }

  /** Older than the last accepted read, and different from it. */
  late(name: RecordName, { fields, death, lists }: RowAsRead, requestedAt: number): boolean {
    const draft = this.#roots.drafted(name);
    if (draft !== undefined) return requestedAt < draft.readAt;
    const stored = this.#work.store.get(name.entity, name.id);
    if (stored === undefined || requestedAt >= stored.readAt) return false;
    if (fields instanceof Fault || !this.same(name.entity, fields, death, stored)) return true;
    return lists.some((list) => list.rows.some((row) => this.#childDiffers(list.entity, row)));
  }

  #childDiffers(entity: SourceEntity, { id, fields }: NestedRow): boolean {
    const stored = this.#work.store.get(entity, id);
    if (stored === undefined || fields instanceof Fault) return true;
    return !this.same(entity, fields, null, stored);
  }

  /** Whether the row itself, members aside, is what was last written. */
  same(
    entity: SourceEntity,
    fields: Record<string, unknown>,
    death: Death | null,
    stored: Stored,
  ): boolean {
    this.#work.store.aliases.resolve(entity, fields);
    const life = this.#roots.lives.deathOf(entity, fields, death);
    const { hash } = this.#work.rules(entity);
    return hash.own(fields) === stored.own && stateOf(life) === stored.state;
  }
}
