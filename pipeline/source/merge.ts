import { ownerOf, type SourceEntity } from "../core/source-record.ts";
import { parseLossless } from "./lossless-json.ts";
import { asText, Fault } from "./coerce.ts";
import { rootEntities } from "./compose.ts";
import { deathIn, stateOf } from "./death.ts";
import type { Roots } from "./roots.ts";
import type { RecordName, Stored } from "./source-store.ts";
import type { Work } from "./work.ts";

/**
 * Merged records. From the transaction on that brings a merge, every reference to the loser is
 * written as the winner, and every record that named the loser is written again in that transaction.
 */
export class Merges {
  readonly #work: Work;
  readonly #losers: RecordName[] = [];
  readonly #freed: { entity: SourceEntity; winner: string }[] = [];

  constructor(work: Work) {
    this.#work = work;
  }

  /** Notes what a row says about merges; a fault where they would go in a circle. */
  note({ entity, id }: RecordName, winner: string | null): Fault | undefined {
    const { aliases } = this.#work.store;
    const before = aliases.of(entity, id);
    if (before === (winner ?? undefined)) return undefined;
    if (before !== undefined) {
      this.#freed.push({ entity, winner: aliases.winner(entity, id) });
      aliases.remove(entity, id);
    }
    if (winner === null) return undefined;
    if (!aliases.add(entity, id, winner)) {
      return new Fault("merged_into", `names ${winner}, which was merged into this one: a circle`);
    }
    this.#losers.push({ entity, id });
    return undefined;
  }

  /** Whether records still have to be pointed elsewhere. */
  get open(): boolean {
    return this.#losers.length + this.#freed.length > 0;
  }

  /** Points every record that names a loser to the winner, and back where a merge was undone. */
  settle(roots: Roots): void {
    for (const loser of this.#losers.splice(0)) {
      for (const name of this.#work.store.naming(loser)) this.#point(name, roots, false);
    }
    for (const { entity, winner } of this.#freed.splice(0)) {
      for (const name of this.#work.store.naming({ entity, id: winner })) {
        this.#point(name, roots, true);
      }
    }
  }

  #point(name: RecordName, roots: Roots, asReceived: boolean): void {
    if (roots.drafted(name) !== undefined) return;
    const { entity, id } = name;
    const stored = this.#work.store.get(entity, id) as Stored;
    const record = this.#work.decode(entity, stored.body);
    if (asReceived) this.#receivedReferences(entity, record);
    this.#work.store.aliases.resolve(entity, record);
    const { hash } = this.#work.rules(entity);
    const own = hash.own(record);
    if (own === stored.own) return;
    const said = deathIn(record);
    const ownDeath = said?.reason === "with_parent" ? null : said;
    const death = roots.lives.deathOf(entity, record, ownDeath);
    const { stream, members } = record["meta"] as { stream: string; members: "whole" | null };
    const version = { entity, id, stream, record, own, hash: hash.whole(own, record) };
    this.#work.write({ ...version, readAt: stored.readAt, death, members }, stored);
    if (rootEntities.includes(entity)) roots.touch(name);
    roots.lives.follow(name, stored.state, stateOf(death), stored.readAt);
  }

  /** What the source itself said, before any merge was followed. */
  #receivedReferences(entity: SourceEntity, record: Record<string, unknown>): void {
    const { referencePaths, readsParent } = this.#work.rules(entity);
    const raw = rawOf(record);
    const owner = readsParent ? ownerOf(entity, record) : undefined;
    const stored = owner && this.#work.store.get(owner.entity, owner.id);
    const parent = owner && stored && rawOf(this.#work.decode(owner.entity, stored.body));
    for (const [field, path] of referencePaths) {
      const id = asText(path(raw, parent), field);
      if (typeof id === "string") record[field] = id;
    }
  }
}

function rawOf(record: Record<string, unknown>): object {
  return parseLossless(String(record["raw"])).value as object;
}
