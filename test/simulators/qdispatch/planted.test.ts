import { expect, test } from "vitest";
import { aTenant, type Json, type Tenant } from "./tenant.ts";

async function living(tenant: Tenant, entity: string): Promise<Json[]> {
  const lines = await tenant.truth(entity);
  return lines.filter((line) => line["deleted"] === false).map((line) => line["row"]);
}

/** Ids of the records that suit, sorted as `planted` sorts them. */
const idsOf = (rows: readonly Json[], suits: (row: Json) => boolean): string[] =>
  rows
    .filter(suits)
    .map((row) => row["id"] as string)
    .sort();

test("at 500 customers every kind comes at its rate", async () => {
  const tenant = await aTenant({ size: 500 });
  const planted = await tenant.admin("planted");
  const totals = new Map<string, number>();
  for (const [kind, { by }] of Object.entries<Json>(planted))
    for (const [entity, { rate, count }] of Object.entries<Json>(by)) {
      if (!totals.has(entity)) totals.set(entity, (await living(tenant, entity)).length);
      const wanted = rate === null ? 1 : rate * (totals.get(entity) ?? 0);
      expect(count, `${kind} of ${entity}`).toBeGreaterThan(0);
      // A rate is kept to a fifth or to two records; ten technicians are too few for any rate.
      if (rate !== null && entity !== "technician")
        expect(Math.abs(count - wanted), `${kind} of ${entity}`).toBeLessThanOrEqual(
          Math.max(2, wanted / 5),
        );
    }
  expect(Object.keys(planted)).toHaveLength(28);
});

test("what is said to be planted is what the truth shows, also after 400 changes", async () => {
  const tenant = await aTenant({ size: 500 });
  for (const changes of [0, 400]) {
    if (changes > 0) await tenant.admin("tick", { changes });
    const planted = await tenant.admin("planted");
    const ids = (kind: string, entity: string): string[] => planted[kind].by[entity].ids;
    const jobs = await living(tenant, "job");
    const notes = await living(tenant, "note");
    const jobIds = new Set(jobs.map((job) => job["id"]));
    const known = ["Pending", "Assigned", "En Route", "In Progress", "Completed", "Cancelled"];
    const left = idsOf(await tenant.truth("user"), (line) => line["deleted"]);
    const recount: [string, string, string[]][] = [
      ["job_without_owner", "job", idsOf(jobs, (job) => job["owner_id"] === null)],
      ["owner_left", "job", idsOf(jobs, (job) => left.includes(job["owner_id"]))],
      ["status_unknown", "job", idsOf(jobs, (job) => !known.includes(job["status"]))],
      ["number_shared", "job", sharedNumbers(jobs)],
      [
        "orphan",
        "note",
        idsOf(notes, (note) => note["job_id"] !== null && !jobIds.has(note["job_id"])),
      ],
      ["totals_differ", "invoice", await differing(tenant, jobs)],
      [
        "series",
        "appointment",
        idsOf(await living(tenant, "appointment"), (visit) => visit["recurrence"] !== null),
      ],
    ];
    for (const [kind, entity, wanted] of recount) {
      expect(ids(kind, entity), `${kind} of ${entity} after ${changes} changes`).toEqual(wanted);
      expect(wanted.length, kind).toBeGreaterThan(0);
    }
  }
});

function sharedNumbers(jobs: readonly Json[]): string[] {
  const groups = Map.groupBy(jobs, (job) => job["number"] as string);
  return idsOf([...groups.values()].filter((group) => group.length > 1).flat(), () => true);
}

/** Invoices that do not add up, by sums of cents made here. */
async function differing(tenant: Tenant, jobs: readonly Json[]): Promise<string[]> {
  const cents = (money: Json | null): number => Math.round(Number(money?.["amount"] ?? 0) * 100);
  const lines = await living(tenant, "line_item");
  const payments = (await living(tenant, "payment")).filter((row) => row["status"] === "succeeded");
  const applied = payments.flatMap((row) => row["applications"] as Json[]);
  const sum = (rows: readonly Json[], id: string, field: string): number =>
    rows
      .filter((row) => row["invoice_id"] === id)
      .reduce((total, row) => total + cents(row[field]), 0);
  const cancelled = idsOf(jobs, (job) => job["status"] === "Cancelled");
  return idsOf(
    await living(tenant, "invoice"),
    (row) =>
      sum(lines, row["id"], "total") !== cents(row["subtotal"]) ||
      sum(applied, row["id"], "amount") !== cents(row["paid"]) ||
      (cents(row["paid"]) > 0 && cents(row["paid"]) > cents(row["total"])) ||
      cancelled.includes(row["job_id"]),
  );
}

test("a tenant without realities shows none", async () => {
  const tenant = await aTenant({ size: 500, realities: false });
  const planted = await tenant.admin("planted");
  const shown = Object.entries<Json>(planted).filter(([, { count }]) => count > 0);
  // Ids above 2^53 are the tenant's numbering, not a fault of a record.
  expect(shown.map(([kind]) => kind)).toEqual(["id_long"]);
});

test("a mark of a text is there byte for byte: half a character on the wire, two megabytes in a note", async () => {
  const tenant = await aTenant({ size: 500 });
  const { text_odd, html_hostile, large } = await tenant.admin("planted");
  const texts = await Promise.all(
    text_odd.by.job.ids.map(async (id: string) => (await tenant.get(`/jobs/${id}`)).text()),
  );
  expect(texts.filter((text) => text.includes("\\ud83d and on"))).toHaveLength(2);
  const notes = await Promise.all(
    html_hostile.by.note.ids.map((id: string) => tenant.json(`/notes/${id}`)),
  );
  expect(Math.max(...notes.map((note) => note["body"].length))).toBeGreaterThan(2_000_000);
  const crews = await Promise.all(large.by.job.ids.map((id: string) => tenant.json(`/jobs/${id}`)));
  expect(crews.map((job) => job["assignments"].length)).toContain(9);
});
