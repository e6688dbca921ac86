import type { Meta } from "../core/generated/records.ts";
import { ownerOf, ownership, type SourceEntity } from "../core/source-record.ts";
import { type Death, type LifeState, stateOf, withParent } from "./death.ts";
import type { RecordName, Stored } from "./source-store.ts";
import type { Work } from "./work.ts";

/** Deletes, and what they take along: a child does not outlive its parent, and comes back with it. */
export class Lives {
  readonly #work: Work;
  readonly #stateOf: (entity: SourceEntity, id: string) => LifeState | undefined;

  constructor(
    work: Work,
    stateOfRecord: (entity: SourceEntity, id: string) => LifeState | undefined,
  ) {
    this.#work = work;
    this.#stateOf = stateOfRecord;
  }

  /** The death of a record whose own row lives: that of a dead parent, else none. */
  deathOf(entity: SourceEntity, record: Record<string, unknown>, own: Death | null): Death | null {
    if (own !== null) return own;
    const owner = ownerOf(entity, record);
    if (owner === undefined) return null;
    const state = this.#stateOf(owner.entity, owner.id);
    return state === undefined || state === "alive" ? null : withParent;
  }

  /** Writes a living record as deleted, with its last body. */
  kill({ entity, id }: RecordName, death: Death, readAt: number): void {
    const stored = this.#work.store.get(entity, id);
    if (stored?.state === "alive") this.rewrite({ entity, id }, stored, death, readAt);
  }

  /** Writes the stored body again under another life. */
  rewrite(name: RecordName, stored: Stored, death: Death | null, readAt: number): void {
    const { entity, id } = name;
    const record = this.#work.decode(entity, stored.body);
    const { stream, members } = record["meta"] as Meta;
    const { own, hash } = stored;
    const at = Math.max(readAt, stored.readAt);
    const version = { entity, id, stream, record, own, hash, readAt: at, death };
    this.#work.write({ ...version, members: members === null ? null : "whole" }, stored);
    this.follow(name, stored.state, stateOf(death), at);
  }

  /** Takes the children along when a parent dies or comes back. */
  follow(parent: RecordName, before: LifeState | undefined, now: LifeState, readAt: number): void {
    const lived = before === undefined || before === "alive";
    if (before === now || (lived && now === "alive")) return;
    for (const child of this.#work.store.naming(parent)) {
      const stored = this.#work.store.get(child.entity, child.id);
      if (stored === undefined || !this.#owns(parent, child, stored)) continue;
      if (now !== "alive" && stored.state === "alive") {
        this.rewrite(child, stored, withParent, readAt);
      }
      if (now === "alive" && stored.state === "with_parent") {
        // Nobody has read it: a census that began before may miss it.
        this.rewrite(child, stored, null, stored.readAt);
      }
    }
  }

  /** Whether a child belongs to the parent that it names: one of several may be another, and a payment of several invoices has none. */
  #owns(parent: RecordName, child: RecordName, stored: Stored): boolean {
    const possible = ownership[child.entity] ?? [];
    if (!possible.some((each) => each.parent === parent.entity)) return false;
    const owner = ownerOf(child.entity, this.#work.decode(child.entity, stored.body));
    return owner?.entity === parent.entity && owner.id === parent.id;
  }
}
