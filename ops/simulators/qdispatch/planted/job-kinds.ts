import { statusGroup } from "../generate/status.ts";
import { type Child, childrenOf, type Row } from "../truth/row.ts";
import { type Finds, sharing } from "./finds.ts";
import { positionKind } from "./place-kinds.ts";
import { isLonger, isHostileHtml, isOddText } from "./text-kinds.ts";

/** What jobs are judged by that stands elsewhere. */
export interface JobSurroundings {
  readonly inactiveUsers: ReadonlySet<string>;
  /** The kind of position of each location that has one of the odd ones. */
  readonly oddPlaces: ReadonlyMap<string, string>;
  /** What a property's values must be, by key. */
  readonly fits: ReadonlyMap<string, (value: unknown) => boolean>;
}

/** Looks at jobs one by one; numbers are compared at the end. */
export function jobKinds(finds: Finds, { inactiveUsers, oddPlaces, fits }: JobSurroundings) {
  const numbers = sharing();
  const note = (kind: string, row: Row, shows: boolean): void => {
    if (shows) finds.note(kind, "job", row.id);
  };
  return {
    look(row: Row): void {
      note("job_without_customer", row, row["customer_id"] === null);
      note("job_without_location", row, row["location_id"] === null);
      note("job_without_owner", row, row["owner_id"] === null);
      note("owner_left", row, inactiveUsers.has(String(row["owner_id"])));
      note("status_unknown", row, statusGroup(String(row["status"])) === "unknown");
      note("html_hostile", row, isHostileHtml(row["description"]));
      note("text_long", row, isLonger(row["title"], 255) || isLonger(row["description"], 32_000));
      note("text_odd", row, isOddText(row["title"]) || isOddText(row["description"]));
      note("completed_before_created", row, isEarly(row));
      note("id_long", row, /^\d{16,}$/.test(row.id) && BigInt(row.id) > 2n ** 53n);
      note("property_odd", row, hasOddProperty(row, fits));
      note("large", row, childrenOf(row, "assignment").length >= 9);
      const place = positionKind(row) ?? oddPlaces.get(String(row["location_id"]));
      if (place !== undefined) finds.note(place, "job", row.id);
      if (typeof row["number"] === "string") numbers.add(row["number"], row.id);
      for (const line of childrenOf(row, "line_item")) lineKinds(finds, line);
    },
    end(): void {
      for (const id of numbers.shared()) finds.note("number_shared", "job", id);
    },
  };
}

function isEarly(row: Row): boolean {
  const completed = row["completed_at"];
  return typeof completed === "string" && Date.parse(completed) < Date.parse(`${row.created_at}`);
}

function lineKinds(finds: Finds, line: Child): void {
  if (line.id === null) return;
  if (isMoneyOdd(line)) finds.note("money_odd", "line_item", line.id);
  if (isLonger(line["description"], 255)) finds.note("text_long", "line_item", line.id);
}

function isMoneyOdd(line: Child): boolean {
  type Money = { amount: string; currency?: string | null } | null | undefined;
  const total = line["total"] as Money;
  const price = line["unit_price"] as Money;
  const quantity = String(line["quantity"] ?? "");
  if (total && (Number(total.amount) < 0 || !total.currency)) return true;
  if (/\.\d{3,}$/.test(quantity)) return true;
  if (!total || !price || quantity === "") return false;
  // An honest total is the product rounded to a cent, so it is off by half a cent at most.
  const off = Math.abs(Number(quantity) * Number(price.amount) - Number(total.amount));
  return off > 0.0051;
}

const reserved = new Set(["id", "select", "from", "where", "order", "group", "name", "owner"]);

function hasOddProperty(row: Row, fits: JobSurroundings["fits"]): boolean {
  const values = (row["custom"] ?? []) as { key: string; label?: string | null; value: unknown }[];
  const labels = values.map(({ label }) => label).filter((label) => typeof label === "string");
  if (new Set(labels).size < labels.length) return true;
  return values.some(
    ({ key, label, value }) =>
      isLonger(label, 255) || reserved.has(key.toLowerCase()) || fits.get(key)?.(value) === false,
  );
}
