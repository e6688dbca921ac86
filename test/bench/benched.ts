import { CutoverError } from "../../pipeline/core/errors.ts";
import { createDestination } from "../../ops/migration/destination-schema.ts";
import {
  destinationBlock,
  destinationOf,
  destinations,
} from "../../ops/migration/destinations/index.ts";
import { type Edition, editions } from "../../ops/migration/destinations/rehearsed.ts";
import type { Migration } from "../../ops/migration/migration-file.ts";
import { fallbackOwner } from "../../ops/migration/rehearse/provision.ts";
import type { RunningSimulator } from "../../ops/migration/simulator.ts";
import type { Sizes } from "./sizes.ts";

/** A kind of destination as benches know it. */
export interface Benched {
  readonly kind: "salesforce" | "dynamics";
  readonly edition?: Edition;
  /** The object that holds the rows of each kind of record. */
  readonly objects: Partial<Record<keyof Sizes, string>>;
  /** Calls the destination has counted so far, by kind where it tells them apart. */
  calls(simulator: RunningSimulator): Promise<Readonly<Record<string, number>>>;
}

const salesforce: Benched = {
  kind: "salesforce",
  objects: {
    ...{ accounts: "Account", contacts: "Contact", orders: "Case" },
    lines: "Work_Order_Line_Item__c",
  },
  async calls(simulator) {
    const counters = await countersOf(simulator);
    return Object.fromEntries(
      Object.entries(counters).filter(([name]) => name.startsWith("calls_")),
    );
  },
};

const shared = { accounts: "account", contacts: "contact" };
const enterprise = { ...shared, orders: "qd_serviceorder", lines: "qd_serviceline" };
const professional = {
  ...{ ...shared, orders: "opportunity", lines: "opportunityproduct" },
  closed: "opportunityclose",
};

function dynamics(edition: Edition): Benched {
  return {
    kind: "dynamics",
    edition,
    objects: edition === "enterprise" ? enterprise : professional,
    async calls(simulator) {
      const { requests = 0 } = await countersOf(simulator);
      return { requests };
    },
  };
}

/** The destination the arguments name: `destination=salesforce` unless said otherwise, `edition=enterprise`. */
export function benchedOf(args: Record<string, string>, usual = "salesforce"): Benched {
  const { destination = usual, edition: name = "enterprise" } = args;
  const edition = editions.find((each) => each === name);
  if (destination === "salesforce") return salesforce;
  if (destination === "dynamics" && edition !== undefined) return dynamics(edition);
  throw new CutoverError(
    "CONFIG_INVALID",
    "Name destination=salesforce, or destination=dynamics with edition=enterprise or professional.",
  );
}

/** Makes the fields and tables of the mapping in a destination, this or another one of the migration's kind. */
export async function provisioned(
  { kind }: Benched,
  simulator: RunningSimulator,
  migration: Migration,
): Promise<void> {
  const { rehearsed } = destinations[kind];
  Object.assign(process.env, rehearsed.environment(simulator));
  const destination = destinationBlock.parse(rehearsed.block(simulator));
  await destinationOf(destination).actAsAdmin();
  const file = { ...migration.file, destination };
  const { refused } = await createDestination({ ...migration, file });
  if (refused.length === 0) return;
  throw new CutoverError(
    "SINK_SCHEMA_MISMATCH",
    `The destination cannot be provisioned: ${JSON.stringify(refused)}`,
  );
}

/** What the simulator has counted. */
export function countersOf(simulator: RunningSimulator): Promise<Record<string, number>> {
  return simulator.call("GET", "counters");
}

/** Rows that stand at the destination, of the objects named. */
export async function countsOf(
  simulator: RunningSimulator,
  { objects: names }: Benched,
): Promise<Record<string, number>> {
  const { objects } = await simulator.call<{ objects: Record<string, { rows: number }> }>(
    "GET",
    "digest",
  );
  return Object.fromEntries(Object.values(names).map((name) => [name, objects[name]?.rows ?? 0]));
}

/** Makes the user who owns what no user was found for, if it is not there; its id. */
export async function addFallbackOwner(simulator: RunningSimulator): Promise<string> {
  const users = [{ email: fallbackOwner, name: "Fallback Owner" }];
  const { ids } = await simulator.call<{ ids: string[] }>("POST", "users", { users });
  return ids[0] as string;
}
