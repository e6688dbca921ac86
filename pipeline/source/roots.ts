import type { Meta, ServiceLocation } from "../core/generated/records.ts";
import { ownership, type SourceEntity } from "../core/source-record.ts";
import type { NestedList } from "./children.ts";
import { customerMembers, jobLocation, jobSets, memberEntities } from "./compose.ts";
import { type Death, type LifeState, stateOf } from "./death.ts";
import { Lives } from "./lives.ts";
import { namesOf, type RecordName, type Stored } from "./source-store.ts";
import type { Version, Work } from "./work.ts";

/** A root's row as read in this transaction; it is written once, when all its members are known. */
export interface Draft {
  readonly stream: string;
  readonly fields: Record<string, unknown>;
  readonly readAt: number;
  readonly death: Death | null;
  /** The nested rows that came with it. */
  readonly lists: readonly NestedList[];
  /** Written even if nothing changed: its last row was rejected, and the letter needs a successor. */
  readonly force: boolean;
}

/** Roots touched in one transaction: composed once each, at its end. */
export class Roots {
  readonly lives: Lives;
  readonly #work: Work;
  readonly #drafts = new Map<string, Draft>();
  readonly #touched = new Map<string, RecordName>();
  readonly #setsTouched = new Set<string>();
  readonly #sites = new Map<string, ServiceLocation | undefined>();

  constructor(work: Work) {
    this.#work = work;
    this.lives = new Lives(work, (entity, id) => this.stateOf(entity, id));
    work.onWritten = (version, before) => this.#written(version, before);
  }

  draft(name: RecordName, draft: Draft): void {
    const key = `${name.entity} ${name.id}`;
    this.#drafts.set(key, draft);
    this.#touched.set(key, name);
  }

  drafted(name: RecordName): Draft | undefined {
    return this.#drafts.get(`${name.entity} ${name.id}`);
  }

  touch(name: RecordName): void {
    this.#touched.set(`${name.entity} ${name.id}`, name);
  }

  isTouched(name: RecordName): boolean {
    return this.#touched.has(`${name.entity} ${name.id}`);
  }

  /** What is known of a record's life, rows of this transaction included. */
  stateOf(entity: SourceEntity, id: string): LifeState | undefined {
    const draft = this.#drafts.get(`${entity} ${id}`);
    return draft === undefined ? this.#work.store.get(entity, id)?.state : stateOf(draft.death);
  }

  /** A record was written: the roots that embed it are touched. */
  #written({ entity, id, record }: Version, before: Stored | undefined): void {
    if (entity === "service_location") {
      this.#sites.delete(id);
      const customer = record["customer_id"];
      if (typeof customer === "string") this.touch({ entity: "customer", id: customer });
      for (const name of namesOf(before?.names ?? "")) {
        if (name.entity === "customer") this.touch(name);
      }
      for (const job of this.#work.store.naming({ entity, id }, "job")) this.touch(job);
    }
    const owner = ownership[entity];
    if (owner?.parent === "job") {
      const job = record[owner.field] as string;
      this.#setsTouched.add(job);
      this.touch({ entity: "job", id: job });
    }
  }

  /** Composes and writes every touched root; customers first, because what befalls their sites touches jobs. */
  settle(): void {
    while (this.#touched.size > 0 || this.#work.merges.open) {
      this.#work.merges.settle(this);
      const names = [...this.#touched.values()];
      const customers = names.filter(({ entity }) => entity === "customer");
      for (const name of customers.length > 0 ? customers : names) {
        const key = `${name.entity} ${name.id}`;
        this.#touched.delete(key);
        this.#compose(name, this.#drafts.get(key));
        this.#drafts.delete(key);
      }
    }
    this.#setsTouched.clear();
  }

  #compose(name: RecordName, draft: Draft | undefined): void {
    const { entity, id } = name;
    const { store } = this.#work;
    const stored = store.get(entity, id);
    // Not read yet, or dead: a delete keeps the last body.
    if (draft === undefined && stored?.state !== "alive") return;
    const record = draft?.fields ?? this.#work.decode(entity, (stored as Stored).body);
    const meta = record["meta"] as Meta | undefined;
    store.aliases.resolve(entity, record);
    Object.assign(record, this.#members(name, record, draft));
    const { hash } = this.#work.rules(entity);
    const own = hash.own(record);
    const death = draft?.death ?? null;
    const version: Version = {
      entity,
      id,
      stream: draft?.stream ?? (meta as Meta).stream,
      record,
      own,
      hash: hash.whole(own, record),
      readAt: Math.max(draft?.readAt ?? 0, stored?.readAt ?? 0),
      death,
      members: death === null && this.#pending(entity) ? "pending" : "whole",
    };
    if (stored !== undefined && draft?.force !== true && unchanged(version, stored)) {
      if (draft !== undefined) {
        store.seen(entity, id, draft.readAt);
        this.#work.count(entity, "unchanged");
      }
      return;
    }
    this.#work.write(version, stored);
    this.lives.follow(name, stored?.state, stateOf(death), version.readAt);
  }

  /** Whether a stream this root embeds from has not been read to its end yet. */
  #pending(entity: SourceEntity): boolean {
    return memberEntities[entity]?.some((member) => this.#work.context.unended(member)) ?? false;
  }

  #members(name: RecordName, record: Record<string, unknown>, draft: Draft | undefined) {
    if (name.entity === "customer") return customerMembers(this.#living(name, "service_location"));
    const site = record["location_id"];
    const known = draft === undefined && !this.#setsTouched.has(name.id) ? record : undefined;
    return {
      location: jobLocation(typeof site === "string" ? this.#site(site) : undefined),
      ...jobSets(known, (entity) => {
        const list = draft?.lists.find((each) => each.entity === entity && each.whole);
        return (
          list?.rows.flatMap(({ fields }) => ("id" in fields ? [fields] : [])) ??
          this.#living(name, entity)
        );
      }),
    };
  }

  #site(id: string): ServiceLocation | undefined {
    if (!this.#sites.has(id)) {
      const stored = this.#work.store.get("service_location", id);
      const site =
        stored?.state === "alive" ? this.#work.decode("service_location", stored.body) : undefined;
      this.#sites.set(id, site as unknown as ServiceLocation | undefined);
    }
    return this.#sites.get(id);
  }

  /** The living members of one kind, from the store. */
  #living<T>(root: RecordName, entity: SourceEntity): T[] {
    const { store } = this.#work;
    return store.naming(root, entity).flatMap(({ id }) => {
      const stored = store.get(entity, id);
      return stored?.state === "alive" ? [this.#work.decode(entity, stored.body) as T] : [];
    });
  }
}

function unchanged(version: Version, stored: Stored): boolean {
  return (
    version.hash === stored.hash &&
    version.own === stored.own &&
    stateOf(version.death) === stored.state &&
    (version.members === "pending") === stored.pending
  );
}
