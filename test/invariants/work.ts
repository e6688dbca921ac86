import type { RunningSimulator } from "../../ops/migration/simulator.ts";
import { customerLine, jobLine, lineOf, type TruthLine } from "../e2e/truth-lines.ts";
import { readTruth } from "../independent/truth.ts";

/** What dispatchers do at a time: jobs are closed, reopened, and edited while they are closed. */
const changes = 150;
/** New jobs at a time: enough of them for a bulk job, their lines for another. */
const newJobs = 60;
const newCustomers = 6;
/** Ids of what is made here begin behind all others. */
const firstId = 600_000_000;

/** One time of work at the source, of which `nth` is the number: every kind of call has to be made for it. */
export async function work(source: RunningSimulator, nth: number): Promise<void> {
  await source.call("POST", "tick", { changes });
  const { customer, service_location: sites } = await readTruth(source.admin);
  const customers = [...customer.values()].filter(({ deleted }) => !deleted).map(({ id }) => id);
  const site = [...sites.values()].find(({ deleted }) => !deleted)?.row;
  for (const id of idsOf(nth, 0, newCustomers)) {
    await create(source, customerLine(id));
    await create(source, { ...site, entity: "service_location", id, customer_id: id });
  }
  for (const [at, id] of idsOf(nth, 1, newJobs).entries()) {
    await create(source, newJob(id, String(customers[at % customers.length])));
  }
}

/** More jobs at the source, of which this technician is the first. */
export async function workOf(source: RunningSimulator, nth: number, technician: string) {
  const { customer } = await readTruth(source.admin);
  const home = [...customer.values()].find(({ deleted }) => !deleted)?.id;
  for (const id of idsOf(nth, 2, 8)) {
    const assignments = [{ id: `${id}1`, technician_id: technician, role: "Primary" }];
    await create(source, newJob(id, String(home), { assignments }));
  }
}

/** A picture on a job, too large to share a call with others. */
export async function workWithFile(source: RunningSimulator, nth: number): Promise<void> {
  const { attachment } = await readTruth(source.admin);
  const like = [...attachment.values()].find(
    ({ deleted, row }) => !deleted && row["mime_type"] === "image/jpeg" && row["sha256"] !== null,
  );
  const [id] = idsOf(nth, 3, 1);
  const file = { type: "jpeg", size: 600_000, content: nth, fault: null };
  const own = { id: String(id), file_name: `large-${nth}.jpg`, size: file.size, file };
  await create(source, { ...like?.row, sha256: undefined, entity: "attachment", ...own });
}

function newJob(id: string, customer: string, more: Partial<TruthLine> = {}): TruthLine {
  const lines = [lineOf(`${id}8`), lineOf(`${id}9`, { position: 2 })];
  const others = { status_events: [], assignments: [], route_sequence: null };
  return jobLine(id, customer, { line_items: lines, ...others, ...more });
}

function create(source: RunningSimulator, { entity, ...row }: TruthLine): Promise<unknown> {
  return source.call("POST", "create", { entity, row });
}

function idsOf(nth: number, kind: number, count: number): string[] {
  const first = firstId + nth * 1_000_000 + kind * 100_000;
  return Array.from({ length: count }, (_, at) => String(first + at));
}
