import type { Meta } from "../core/generated/records.ts";
import type { SourceEntity } from "../core/source-record.ts";
import type { NestedList } from "./children.ts";
import { membersOf } from "./compose.ts";
import { type Death, type LifeState, stateOf } from "./death.ts";
import { embeddings } from "./embedding.ts";
import { Lives } from "./lives.ts";
import { RootMembers } from "./root-members.ts";
import { type ReadFrom, writeMergedLines } from "./write-merged-lines.ts";
import type { RecordName, Stored } from "./source-store.ts";
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
  readonly #members: RootMembers;
  readonly #order: readonly SourceEntity[];

  constructor(work: Work) {
    this.#work = work;
    this.#members = new RootMembers(work, (job) => this.#drafts.get(`job ${job}`)?.fields);
    this.lives = new Lives(work, (entity, id) => this.stateOf(entity, id));
    // What befalls a customer's sites touches jobs, and jobs carry invoices; but jobs that are counted
    // touch their customers with every change.
    const counted = work.context.derived.closed !== undefined;
    this.#order = counted ? ["invoice", "job", "customer"] : ["customer", "invoice", "job"];
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

  /** The root is composed again; with `sets`, its sets as well. */
  touch(name: RecordName, sets = false): void {
    const key = `${name.entity} ${name.id}`;
    this.#touched.set(key, name);
    if (sets) this.#setsTouched.add(key);
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
  #written(version: Version, before: Stored | undefined): void {
    this.#members.written(version);
    for (const { root, sets } of embeddings(version, before, this.#work.store)) {
      this.touch(root, sets);
    }
  }

  /** Composes and writes every touched root in an order in which none is touched by a later one as a rule. */
  settle(): void {
    while (this.#touched.size > 0 || this.#work.merges.open) {
      this.#work.merges.settle(this);
      const names = [...this.#touched.values()];
      const first = this.#order.find((entity) => names.some((name) => name.entity === entity));
      for (const name of names.filter(({ entity }) => entity === first)) {
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
    const pending = this.#pending(entity);
    // It will be written whole when its members' streams have ended.
    if (draft === undefined && pending && stored?.pending) return;
    const record = draft?.fields ?? this.#work.decode(entity, (stored as Stored).body);
    const meta = record["meta"] as Meta | undefined;
    store.aliases.resolve(entity, record);
    const touched = this.#setsTouched.has(`${entity} ${id}`);
    // While it was pending, what befell its sets was not written.
    const sets = draft !== undefined || touched || stored?.pending === true;
    Object.assign(record, this.#members.of(name, record, draft?.lists ?? [], sets));
    const { hash } = this.#work.rules(entity);
    const own = hash.own(record);
    const death = this.lives.deathOf(entity, record, draft?.death ?? null);
    const stream = draft?.stream ?? (meta as Meta).stream;
    const readAt = Math.max(draft?.readAt ?? 0, stored?.readAt ?? 0);
    if (sets && death === null) this.#mergeLines(name, draft, { stream, readAt });
    const version: Version = {
      entity,
      id,
      stream,
      record,
      own,
      hash: hash.whole(own, record),
      readAt,
      death,
      members: death === null && pending ? "pending" : "whole",
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

  #mergeLines(name: RecordName, draft: Draft | undefined, read: ReadFrom): void {
    const { derived, unended } = this.#work.context;
    if (!derived.mergedLines || name.entity !== "job" || unended("line_item")) return;
    const lines = this.#members.linesOf(name, draft?.lists ?? []);
    writeMergedLines({ work: this.#work, lives: this.lives }, name, lines, read);
  }

  /** Whether a stream this root embeds from has not been read to its end yet. */
  #pending(entity: SourceEntity): boolean {
    const { derived, unended } = this.#work.context;
    return membersOf(entity, derived).some(unended);
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
