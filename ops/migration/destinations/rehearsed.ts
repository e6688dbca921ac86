import type { RunningSimulator, SimulatorName } from "../simulator.ts";

/** A record whose row is changed, or removed, by hand in a rehearsal. */
export interface DriftKind {
  readonly object: string;
  readonly entity: string;
  /** The text field that is overwritten; null where the row is removed. */
  readonly field: string | null;
}

/** What a rehearsal needs to know of a kind of destination. */
export interface RehearsedDestination {
  readonly simulator: SimulatorName;
  /** Arguments of the simulator beside its limits. */
  simulatorArguments(options: {
    readonly seed: number;
    readonly edition?: Edition | undefined;
  }): string[];
  /** The secrets that `block` names, as the simulator has given them. */
  environment(simulator: RunningSimulator): Readonly<Record<string, string>>;
  /** `destination:` of the rehearsal's `migration.yaml`. */
  block(simulator: RunningSimulator): object;
  /** What happens behind everyone's back while the delta is open. */
  drift(edition: Edition | undefined): readonly DriftKind[];
}

/** Editions a kind of destination may have. */
export const editions = ["enterprise", "professional"] as const;

/** One of them. */
export type Edition = (typeof editions)[number];
