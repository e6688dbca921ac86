import type { DestinationKind } from "../../../pipeline/core/plan.ts";
import type { Edition } from "../destinations/rehearsed.ts";
import type { StackOptions } from "../../stack/settings.ts";
import type { StackAddresses } from "../../stack/stack.ts";

/** What a rehearsal is asked for. */
export interface RehearseOptions {
  readonly destination: DestinationKind;
  /** For the kinds that have editions. */
  readonly edition?: Edition;
  /** Customers to generate. */
  readonly size: number;
  readonly seed: number;
  /** Live changes a second. */
  readonly rate: number;
  /** How long the delta stays open. */
  readonly seconds: number;
  readonly keep?: boolean;
  readonly corpus: string | undefined;
  readonly truth: string | undefined;
  /** False: a source that does not say what its custom properties are. */
  readonly propertyDefinitions?: boolean;
  /** Simulators with their rate limits and quotas; published: a destination as slow as published too. */
  readonly limits: boolean | "published";
  /** A Kafka and registry that run already; without them the local stack is started. */
  readonly stack?: StackAddresses;
  /** Ports of the local stack, where the usual ones are taken. */
  readonly ports?: StackOptions;
  /** The migration folder, written anew. */
  readonly folder: string;
  readonly progress: (line: string) => void;
}
