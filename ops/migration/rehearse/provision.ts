import type { CompiledPlan } from "../../../pipeline/mapping/compile.ts";
import type { RunningSimulator } from "../simulator.ts";

interface Person {
  readonly email: string | null;
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
  salesforce: RunningSimulator,
  compiled: CompiledPlan,
): Promise<void> {
  const objects = [...compiled.customFields].map(([name, fields]) => ({ name, fields }));
  await salesforce.call("POST", "schema", { objects });
  const staff = [
    ...(await people(qdispatch, "technician")).filter(({ user_id }) => user_id !== null),
    ...(await people(qdispatch, "user")),
  ];
  const emails = new Set(
    staff.flatMap(({ email }) => (email === null ? [] : [email.trim().toLowerCase()])),
  );
  await salesforce.call("POST", "users", {
    users: [
      { email: fallbackOwner, name: "Fallback Owner" },
      ...[...emails].map((email) => ({ email, name: email.split("@")[0] })),
    ],
  });
}

async function people(qdispatch: RunningSimulator, entity: string): Promise<Person[]> {
  const response = await fetch(`${qdispatch.admin}/truth/${entity}?full=1`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "");
  return lines
    .map((line) => (JSON.parse(line) as { row: Person }).row)
    .filter((row) => row !== null);
}
