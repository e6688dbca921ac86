import type { DestinationKind } from "../../core/plan.ts";
import type { DestinationRules } from "./destination-rules.ts";
import { dynamics } from "./dynamics.ts";
import { salesforce } from "./salesforce.ts";

/** Every kind of destination there is, in the order they are listed anywhere. */
export const destinationKinds: readonly DestinationKind[] = ["salesforce", "dynamics"];

const kinds: Readonly<Record<DestinationKind, (prefix: string) => DestinationRules>> = {
  salesforce: () => salesforce,
  dynamics,
};

/** The rules of a kind of destination; `publisherPrefix` begins custom names where the kind has one. */
export function destinationRules(kind: DestinationKind, publisherPrefix: string): DestinationRules {
  return kinds[kind](publisherPrefix);
}
