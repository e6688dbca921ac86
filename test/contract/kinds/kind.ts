import type { Plan } from "../../../pipeline/core/plan.ts";
import type { TestDestination } from "../../loader/migration-world.ts";

/** What the scenarios speak of: customers, their jobs, and the jobs' lines. */
export const entities = ["customer", "job", "line"] as const;

/** One of them; a key begins with it. */
export type Entity = (typeof entities)[number];

/**
 * What a scenario may switch on. throttled: the next two writes are turned away for now · reply_lost:
 * the next write is done and its reply never comes · reply_cut: half of its reply comes.
 */
export const faults = ["throttled", "reply_lost", "reply_cut"] as const;

/** One of them. */
export type Fault = (typeof faults)[number];

/** A row as it stands, seen past the sink: texts and numbers by the destination's own names. */
export interface StandingRow {
  readonly id: string;
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A simulated destination, seen past the sink. */
export interface Destination extends TestDestination {
  /** Living rows of an object that carry a key of ours. */
  rows(object: string): Promise<readonly StandingRow[]>;
  /** Somebody else deletes a row. */
  vanish(object: string, id: string): Promise<void>;
  strike(fault: Fault): Promise<void>;
  /** Faults switched on that have not struck yet: they prove nothing. */
  unstruck(): Promise<number>;
  /** Switches all faults off. */
  heal(): Promise<void>;
}

/** A kind of destination as the scenarios meet it. */
export interface ContractKind {
  /** Objects of `entities`, each known by a source key. */
  readonly plan: Plan;
  /** The plan's field of each name the scenarios use, by entity. */
  readonly fields: Readonly<Record<Entity, Readonly<Record<string, string>>>>;
  /** Starts a simulator with the plan's objects. */
  open(): Promise<Destination>;
}
