import type { StatementSync } from "node:sqlite";

/** How many jobs a customer has. */
export interface JobCounts {
  readonly open: number;
  readonly closed: number;
}

/** The open and closed jobs of every customer, kept up to date job by job. */
export class JobCountTable {
  readonly #statement: (sql: string) => StatementSync;

  constructor(statement: (sql: string) => StatementSync) {
    this.#statement = statement;
  }

  of(customer: string): JobCounts {
    const row = this.#statement("SELECT open, closed FROM job_count WHERE customer = ?").get(
      customer,
    );
    return { open: Number(row?.["open"] ?? 0), closed: Number(row?.["closed"] ?? 0) };
  }

  /** A job that counted as one thing counts as another; texts as `countedAs` makes them. */
  move(before: string, now: string): void {
    if (before === now) return;
    this.#add(before, -1);
    this.#add(now, 1);
  }

  #add(counted: string, by: number): void {
    const customer = customerCounted(counted);
    if (customer === undefined) return;
    const [open, closed] = counted.startsWith("open ") ? [by, 0] : [0, by];
    this.#statement(
      `INSERT INTO job_count VALUES (?, ?, ?)
       ON CONFLICT (customer) DO UPDATE SET open = open + excluded.open, closed = closed + excluded.closed`,
    ).run(customer, open, closed);
  }
}

/** The customer a job counts for. */
export function customerCounted(counted: string): string | undefined {
  return counted === "" ? undefined : counted.slice(counted.indexOf(" ") + 1);
}
