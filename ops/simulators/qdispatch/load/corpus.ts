import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { DateTime } from "luxon";
import { iso } from "../generate/world.ts";
import type { Ledger } from "../truth/ledger.ts";
import type { Row } from "../truth/row.ts";
import { born, put } from "./born.ts";
import { putPapers } from "./corpus-papers.ts";
import { corpusPlaces } from "./corpus-places.ts";

/** One line of the service request file, by column name. */
export type Request = Readonly<Record<string, string>>;

const zone = "America/New_York";
const cancelled =
  /^Case Closed\b.{0,60}?\b(Case Invalid|Case Duplicate|Invalid|Duplicate|NOACC)\b/is;

/** The columns that have a place of their own; every other one becomes a custom property. */
const placed = new Set(
  "|CASE_ENQUIRY_ID|OPEN_DT|TARGET_DT|CLOSED_DT|CASE_STATUS|CLOSURE_REASON|CASE_TITLE|SUBJECT|REASON|TYPE|QUEUE|SubmittedPhoto|ClosedPhoto|Location|neighborhood|Property_ID|LATITUDE|LONGITUDE|Source".split(
    "|",
  ),
);

/** Loads real service requests as the tenant's jobs, with the customers, locations, zones and technicians they name. */
export async function loadCorpus(ledger: Ledger, file: string): Promise<void> {
  const rows = createReadStream(file).pipe(parse({ columns: true, bom: true }));
  const places = corpusPlaces(ledger);
  let batch: Request[] = [];
  const flush = (): void => {
    const taken = batch;
    batch = [];
    ledger.together(() => {
      for (const request of taken) loadRequest(ledger, places, request);
    });
  };
  for await (const row of rows as AsyncIterable<Request>) {
    batch.push(row);
    if (batch.length >= 1_000) flush();
  }
  flush();
}

function loadRequest(
  ledger: Ledger,
  places: ReturnType<typeof corpusPlaces>,
  request: Request,
): void {
  const job = jobOfRequest(request, places.of(request, moment(request["OPEN_DT"]) ?? 0));
  put(ledger, "job", job);
  putPapers(ledger, job, request, moment(request["CLOSED_DT"]));
}

function jobOfRequest(
  request: Request,
  place: {
    customer: string | null;
    location: string | null;
    zone: string | null;
    technician: string;
  },
): Row {
  const id = request["CASE_ENQUIRY_ID"] ?? "";
  const opened = moment(request["OPEN_DT"]) ?? 0;
  const closed = moment(request["CLOSED_DT"]);
  const status = statusOf(request);
  const at = (wanted: string): string | null =>
    status === wanted && closed !== undefined ? iso(closed) : null;
  const due = moment(request["TARGET_DT"]);
  const path = status === "Pending" ? ["Pending"] : ["Pending", status];
  return {
    ...born(id, opened),
    updated_at: iso(Math.max(opened, closed ?? opened)),
    number: id,
    customer_id: place.customer,
    location_id: place.location,
    contact_id: null,
    title: request["CASE_TITLE"] || request["TYPE"] || null,
    description: null,
    status,
    status_group: status.toLowerCase(),
    urgency: request["OnTime_Status"] === "OVERDUE" ? "high" : "normal",
    channel: request["Source"] || null,
    service_type: [request["SUBJECT"], request["REASON"], request["TYPE"]]
      .filter(Boolean)
      .join(" / "),
    zone_id: place.zone,
    scheduled_start: null,
    scheduled_end: null,
    due_at: due === undefined ? null : iso(due),
    started_at: null,
    completed_at: at("Completed"),
    cancelled_at: at("Cancelled"),
    cancel_reason: null,
    owner_id: null,
    parent_job_id: null,
    total: null,
    tags: [],
    lat: request["LATITUDE"] || null,
    lng: request["LONGITUDE"] || null,
    custom: Object.entries(request)
      .filter(([column, value]) => !placed.has(column) && value !== "")
      .map(([key, value]) => ({ key, label: key, value })),
    status_events: path.map((to, nth) => ({
      id: `${id}${nth + 1}`,
      seq: nth + 1,
      from: path[nth - 1] ?? null,
      to,
      at: iso(nth === 0 ? opened : (closed ?? opened)),
      by: null,
      note: null,
      origin: "history",
    })),
    assignments: [assignment(id, place.technician, request["QUEUE"] ?? null, opened)],
    line_items: [],
  };
}

function assignment(job: string, technician: string, name: string | null, at: number) {
  return {
    id: `${job}1`,
    technician_id: technician,
    technician_name: name,
    technician_email: null,
    role: "Primary",
    hours_worked: null,
    assigned_at: iso(at),
    unassigned_at: null,
    status: null,
  };
}

function statusOf(request: Request): "Pending" | "Completed" | "Cancelled" {
  if (request["CASE_STATUS"] === "Open") return "Pending";
  return cancelled.test(request["CLOSURE_REASON"] ?? "") ? "Cancelled" : "Completed";
}

/** A local time without zone, as a moment; undefined where the column is empty. */
function moment(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const time = DateTime.fromFormat(text, "MM/dd/yyyy hh:mm:ss a", { zone, locale: "en-US" });
  if (!time.isValid)
    throw new Error(`The corpus has a time that is none: ${JSON.stringify(text)}.`);
  return time.toMillis();
}
