import type { RunningSimulator } from "../../ops/migration/simulator.ts";
import { readTruth } from "../independent/truth.ts";

const leavers = new WeakMap<RunningSimulator, Promise<Leaver>>();

/** Who leaves a tenant: the same at every question, whoever has how many jobs by then. */
export function leaverOf(source: RunningSimulator): Promise<Leaver> {
  const leaver = leavers.get(source) ?? foundLeaver(source);
  leavers.set(source, leaver);
  return leaver;
}

/** Somebody of whom no one else has the e-mail, with the fewest jobs, but some: a few refused rows stop no load. */
async function foundLeaver(source: RunningSimulator): Promise<Leaver> {
  const { technician, job } = await readTruth(source.admin);
  const people = [...technician.values()].filter(
    ({ deleted, row }) => !deleted && row["active"] === true && row["user_id"] !== null,
  );
  const jobs = [...job.values()].map(({ row }) => row["assignments"] as readonly Assignment[]);
  const emailOf = (row: Readonly<Record<string, unknown>>) => String(row["email"]).toLowerCase();
  const [fewest] = people
    .filter(({ row }) => people.filter((one) => emailOf(one.row) === emailOf(row)).length === 1)
    .map(({ id, row }) => {
      const has = ({ technician_id, role }: Assignment) =>
        technician_id === id && role === "Primary";
      return { id, email: emailOf(row).trim(), jobs: jobs.filter((all) => all?.some(has)).length };
    })
    .filter(({ jobs: count }) => count >= 8)
    .sort((a, b) => a.jobs - b.jobs);
  if (fewest === undefined) throw new Error("Nobody at the source has eight jobs.");
  return fewest;
}

interface Leaver {
  readonly id: string;
  readonly email: string;
}

interface Assignment {
  readonly technician_id: string;
  readonly role: string;
}
