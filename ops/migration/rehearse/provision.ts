import { CutoverError } from "../../../pipeline/core/errors.ts";
import { createDestination, schemaFindings } from "../destination-schema.ts";
import { destinationOf } from "../destinations/index.ts";
import type { Migration } from "../migration-file.ts";
import type { RunningSimulator } from "../simulator.ts";

interface Person {
  readonly email: string | null;
  readonly active: boolean;
  /** Technicians: the office user they are. */
  readonly user_id?: string | null;
}

/** Who owns what no user was found for. */
export const fallbackOwner = "fallback.owner@rehearsal.example";

/**
 * What the CRM's admin does before a cut-over: creates the mapping's custom objects and fields, and
 * the users. Technicians without a user at the source get none, as in life.
 */
export async function provision(
  qdispatch: RunningSimulator,
  destination: RunningSimulator,
  migration: Migration,
): Promise<void> {
  await destinationOf(migration.file.destination).actAsAdmin();
  const { refused } = await createDestination(migration);
  const lacking = (await schemaFindings(migration)).filter(({ warns }) => warns !== true);
  if (refused.length > 0 || lacking.length > 0) {
    throw new CutoverError(
      "SINK_SCHEMA_MISMATCH",
      `The rehearsal's destination cannot be provisioned: ${JSON.stringify([...refused, ...lacking.slice(0, 5)])}`,
    );
  }
  const technicians = unshared(await people(qdispatch, "technician"));
  const office = unshared(await people(qdispatch, "user"));
  const staff = new Map([
    // Whoever is a user works there, active in the field or not: a difference the report shows.
    ...technicians
      .filter(([, { user_id }]) => user_id !== null)
      .map(([email, person]) => [email, { ...person, active: true }] as const),
    // Who has left the office has left the destination too.
    ...office,
  ]);
  await destination.call("POST", "users", {
    users: [
      { email: fallbackOwner, name: "Fallback Owner" },
      ...[...staff].map(([email, { active }]) => ({ email, name: email.split("@")[0], active })),
    ],
  });
}

/** People by an e-mail nobody else of their kind has: of two no admin would guess which is meant. */
function unshared(all: readonly Person[]): (readonly [email: string, person: Person])[] {
  const byEmail = Map.groupBy(all, ({ email }) => email?.trim().toLowerCase() ?? "");
  return [...byEmail].flatMap(([email, [person, ...others]]) =>
    email === "" || person === undefined || others.length > 0 ? [] : [[email, person] as const],
  );
}

async function people(qdispatch: RunningSimulator, entity: string): Promise<Person[]> {
  const response = await fetch(`${qdispatch.admin}/truth/${entity}?full=1`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "");
  return lines
    .map((line) => JSON.parse(line) as { readonly deleted: boolean; readonly row: Person | null })
    .flatMap(({ deleted, row }) => (deleted || row === null ? [] : [row]));
}
