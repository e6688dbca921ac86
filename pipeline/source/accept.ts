import type { ErrorCode } from "../core/errors.ts";
import type { NestedList } from "./children.ts";
import { Fault } from "./coerce.ts";
import { ownComposed, rootEntities } from "./compose.ts";
import type { CompiledStream } from "./compiled-stream.ts";
import { type Death, stateOf, withParent } from "./death.ts";
import type { Roots } from "./roots.ts";
import { Reading } from "./reading.ts";
import type { RecordName } from "./source-store.ts";
import type { Page } from "./stream-reader.ts";
import { textFault, withoutHostileText } from "./text-faults.ts";
import type { Work } from "./work.ts";

/** A row that was older than what we have and said something else: it is read again. */
export type ReadAgain = (stream: CompiledStream, id: string) => void;

/** Takes one page of rows into a transaction. */
export function acceptPage(
  work: Work,
  roots: Roots,
  stream: CompiledStream,
  page: Page,
  readAgain: ReadAgain,
): void {
  const acceptance = new Acceptance(work, roots, stream, page, readAgain);
  for (const row of page.rows) acceptance.row(row);
}

class Acceptance {
  readonly #work: Work;
  readonly #roots: Roots;
  readonly #stream: CompiledStream;
  readonly #page: Page;
  readonly #readAgain: ReadAgain;
  readonly #reading: Reading;

  constructor(work: Work, roots: Roots, stream: CompiledStream, page: Page, readAgain: ReadAgain) {
    this.#work = work;
    this.#roots = roots;
    this.#stream = stream;
    this.#page = page;
    this.#readAgain = readAgain;
    this.#reading = new Reading(work, roots);
  }

  row(row: object): void {
    const { entity } = this.#stream;
    const text = this.#page.textOf(row);
    const id = this.#stream.idOf(row);
    if (id === undefined) {
      this.#reject({ entity, id: "" }, text, new Fault("id", "is missing"));
      return;
    }
    const name = { entity, id };
    const death = this.#stream.deathOf(row);
    const fields = this.#fields(row, text, death);
    const lists = this.#stream.exploders.flatMap((each) => each.explode(row, id) ?? []);
    if (this.#reading.late(name, { fields, death, lists }, this.#page.requestedAt)) {
      this.#readAgain(this.#stream, id);
      return;
    }
    const circle = this.#work.merges.note(name, death?.mergedInto ?? null);
    for (const list of lists) this.#list(name, list, death);
    const fault = circle ?? (fields instanceof Fault ? fields : undefined);
    if (fault !== undefined) this.#faulty(name, text, fault, death);
    else this.#own(name, fields as Record<string, unknown>, text, death, lists);
  }

  #fields(row: object, text: string, death: Death | null): Record<string, unknown> | Fault {
    const fields = this.#stream.select(row);
    if (fields instanceof Fault) return fields;
    const fault = textFault(fields, text);
    if (fault === undefined) return fields;
    return death === null ? fault : withoutHostileText(fields);
  }

  /** Nested rows become records of their own; those that are gone from a whole list are deleted. */
  #list(parent: RecordName, list: NestedList, death: Death | null): void {
    const { store } = this.#work;
    const present = new Set<string>();
    for (const { id, part, fields } of list.rows) {
      present.add(id);
      const text = this.#page.textOf(part);
      const name = { entity: list.entity, id };
      const fault = fields instanceof Fault ? fields : textFault(fields, text);
      if (fault !== undefined) this.#faulty(name, text, fault, death);
      else
        this.#apply(
          name,
          fields as Record<string, unknown>,
          text,
          death === null ? null : withParent,
        );
    }
    if (!list.whole || death !== null) return;
    for (const name of store.naming(parent, list.entity)) {
      if (present.has(name.id)) continue;
      const gone: Death = { reason: "vanished", at: null, mergedInto: null };
      this.#roots.lives.kill(name, gone, this.#page.requestedAt);
    }
  }

  #own(
    name: RecordName,
    fields: Record<string, unknown>,
    text: string,
    death: Death | null,
    lists: readonly NestedList[],
  ): void {
    if (!rootEntities.includes(name.entity)) {
      this.#apply(name, fields, text, death);
      return;
    }
    const { store } = this.#work;
    const force = this.#work.wasRejected(name.entity, name.id);
    const stored = store.get(name.entity, name.id);
    if (!force && stored !== undefined && !this.#roots.isTouched(name) && !stored.pending) {
      if (this.#reading.same(name.entity, fields, death, stored)) {
        store.seen(name.entity, name.id, this.#page.requestedAt);
        this.#work.count(name.entity, "unchanged");
        return;
      }
    }
    fields["raw"] = text;
    fields["source_url"] = null;
    const { requestedAt: readAt } = this.#page;
    const stream = this.#stream.profile.name;
    this.#roots.draft(name, { stream, fields, readAt, death, lists, force });
  }

  /** Writes a record that embeds nothing, where it has changed. */
  #apply(
    name: RecordName,
    fields: Record<string, unknown>,
    text: string,
    ownDeath: Death | null,
  ): void {
    const { entity, id } = name;
    const { store } = this.#work;
    const { requestedAt } = this.#page;
    store.aliases.resolve(entity, fields);
    Object.assign(fields, ownComposed(entity, fields));
    if (entity === this.#stream.entity) Object.assign(fields, this.#page.files?.get(id));
    const death = this.#roots.lives.deathOf(entity, fields, ownDeath);
    const rules = this.#work.rules(entity).hash;
    const own = rules.own(fields);
    const hash = rules.whole(own, fields);
    const stored = store.get(entity, id);
    const force = this.#work.wasRejected(entity, id);
    if (!force && stored?.hash === hash && stored.state === stateOf(death)) {
      store.seen(entity, id, requestedAt);
      this.#work.count(entity, "unchanged");
      return;
    }
    fields["raw"] = text;
    fields["source_url"] = null;
    const stream = this.#stream.profile.name;
    const readAt = Math.max(requestedAt, stored?.readAt ?? 0);
    const version = { entity, id, stream, record: fields, own, hash, readAt, death };
    this.#work.write({ ...version, members: null }, stored);
    this.#roots.lives.follow(name, stored?.state, stateOf(death), readAt);
  }

  /** A bad row that lives is rejected; one that is dead ends with the last body we have. */
  #faulty(name: RecordName, text: string, fault: Fault, death: Death | null): void {
    if (death === null) this.#reject(name, text, fault);
    else this.#roots.lives.kill(name, death, this.#page.requestedAt);
  }

  #reject(name: RecordName, text: string, { field, what }: Fault): void {
    const hostile = what.startsWith("holds a");
    const code: ErrorCode = hostile ? "TEXT_NOT_ENCODABLE" : "SOURCE_ROW_INVALID";
    const message = `${field} of ${name.entity} ${name.id} ${what}: correct it at the source, or its path in the profile.`;
    this.#work.reject(name.entity, name.id, text, { code, message, field });
  }
}
