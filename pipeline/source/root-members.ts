import type { Invoice, LineItem, ServiceLocation, Zone } from "../core/generated/records.ts";
import type { SourceEntity } from "../core/source-record.ts";
import type { NestedList } from "./children.ts";
import { customerMembers, jobLocation, jobSets, knownJobSets } from "./compose.ts";
import { type InvoiceSums, invoiceSums, jobInvoice } from "./compose-invoice.ts";
import type { RecordName } from "./source-store.ts";
import type { Work } from "./work.ts";

/** Finds what roots embed, in the store and among the rows of one transaction. */
export class RootMembers {
  readonly #work: Work;
  readonly #draftedJob: (id: string) => Record<string, unknown> | undefined;
  readonly #sites = new Map<string, ServiceLocation | undefined>();
  readonly #zones = new Map<string, string | null>();

  constructor(work: Work, draftedJob: (id: string) => Record<string, unknown> | undefined) {
    this.#work = work;
    this.#draftedJob = draftedJob;
  }

  /** A record was written: what was known of a site or a zone is old. */
  written({ entity, id }: RecordName): void {
    if (entity === "service_location") this.#sites.delete(id);
    if (entity === "zone") this.#zones.delete(id);
  }

  /**
   * The composed columns of a root; `lists` are nested rows that came with it, and without `sets` a
   * job's sets stand in the record as they are.
   */
  of(
    name: RecordName,
    record: Record<string, unknown>,
    lists: readonly NestedList[],
    sets: boolean,
  ): Record<string, unknown> {
    if (name.entity === "customer") return this.#customer(name);
    if (name.entity === "invoice") {
      return { job_status: this.#jobStatus(record["job_id"]), ...this.#sums(name.id) };
    }
    const site = record["location_id"];
    return {
      zone_name: this.#zoneName(record["zone_id"]),
      location: jobLocation(typeof site === "string" ? this.#site(site) : undefined),
      ...(sets ? this.#jobSets(name, lists) : knownJobSets(record)),
    };
  }

  #customer(name: RecordName) {
    const { store, context } = this.#work;
    const work = context.derived.closed === undefined ? undefined : store.jobCounts.of(name.id);
    return customerMembers(this.#living(name, "service_location"), work);
  }

  /** The lines of a job: those that came with its row, else those we hold. */
  linesOf(name: RecordName, lists: readonly NestedList[]): readonly LineItem[] {
    return this.#members(name, lists, "line_item") as readonly unknown[] as readonly LineItem[];
  }

  #members(name: RecordName, lists: readonly NestedList[], entity: SourceEntity) {
    const list = lists.find((each) => each.entity === entity && each.whole);
    const rows = list?.rows.flatMap(({ fields }) => ("id" in fields ? [fields] : []));
    return rows ?? this.#living(name, entity);
  }

  #jobSets(name: RecordName, lists: readonly NestedList[]) {
    const { visits } = this.#work.context.derived;
    const invoices = this.#living<Invoice>(name, "invoice");
    return jobSets(
      (entity) => (entity === "appointment" && !visits ? [] : this.#members(name, lists, entity)),
      invoices.map((invoice) => jobInvoice(invoice, this.#sums(invoice.id))),
    );
  }

  #sums(id: string): InvoiceSums {
    const invoice = { entity: "invoice", id } as const;
    return invoiceSums(id, this.#living(invoice, "line_item"), this.#living(invoice, "payment"));
  }

  /** A job of this transaction counts with what its row says. */
  #jobStatus(id: unknown): unknown {
    if (typeof id !== "string") return null;
    const drafted = this.#draftedJob(id);
    if (drafted !== undefined) return drafted["status"];
    const stored = this.#work.store.get("job", id);
    return stored === undefined ? null : this.#work.decode("job", stored.body)["status"];
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

  /** Of a deleted zone, its last name: the job still lies there. */
  #zoneName(id: unknown): string | null {
    const { store, context } = this.#work;
    if (!context.derived.zones || typeof id !== "string") return null;
    if (!this.#zones.has(id)) {
      const stored = store.get("zone", id);
      const name = stored && (this.#work.decode("zone", stored.body) as unknown as Zone).name;
      this.#zones.set(id, name ?? null);
    }
    return this.#zones.get(id) ?? null;
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
