import type { Draw } from "./draw.ts";
import type { MoneyOddity } from "./line-items.ts";
import { type Planted, type Reality, realityOf, variant } from "./realities.ts";
import { statusPathOf, unseenStatuses } from "./status.ts";
import type { World } from "./world.ts";

/** What of a job is decided before its fields: the way it went, and what its lines and its bill look like. */
export interface JobPlan {
  readonly planted: Planted<Reality<"job">> | undefined;
  readonly path: readonly string[];
  readonly status: string;
  readonly lines: number;
  /** What is odd about its first line. */
  readonly oddity: MoneyOddity | undefined;
  readonly invoice: InvoicePlan | undefined;
}

/** What its bill shows: all in order, sums that differ, no currency, a credit note beside it, a refund of nothing. */
export type InvoicePlan =
  | "plain"
  | "subtotal_differs"
  | "paid_differs"
  | "overpaid"
  | "job_cancelled"
  | "no_currency"
  | "credit_note"
  | "refund_unlinked";

const completed = ["Pending", "Assigned", "Completed"];
const moneyOddities: readonly MoneyOddity[] = [
  "negative_total",
  "three_decimals",
  "no_currency",
  "off_by_cents",
];

/** The plan of the job of an index; a fresh one, just called in, has no way behind it and no bill. */
export function jobPlan(world: World, of: Draw, fresh: boolean): JobPlan {
  const planted = realityOf(world, "job", of.index);
  const special = fresh ? undefined : specialInvoice(planted);
  const path = fresh ? ["Pending"] : (pathFor(planted, special) ?? statusPathOf(of));
  const odd = planted?.kind === "line_money_odd";
  const needsLine = odd || planted?.kind === "line_text_long" || special !== undefined;
  const lines = of.int("lines", 7) || (needsLine ? 1 : 0);
  const billed = !fresh && path.at(-1) === "Completed" && lines > 0 && !odd;
  return {
    planted,
    path,
    status:
      planted?.kind === "status_unknown"
        ? variant(planted, unseenStatuses)
        : (path.at(-1) ?? "Pending"),
    lines,
    oddity: odd ? variant(planted, moneyOddities) : undefined,
    invoice: special ?? (billed ? "plain" : undefined),
  };
}

function specialInvoice(planted: JobPlan["planted"]): InvoicePlan | undefined {
  if (planted?.kind === "refund_unlinked") return "refund_unlinked";
  if (planted?.kind === "invoice_money_odd")
    return variant(planted, ["credit_note", "no_currency"] as const);
  if (planted?.kind !== "invoice_totals_differ") return undefined;
  return variant(planted, [
    "subtotal_differs",
    "paid_differs",
    "overpaid",
    "job_cancelled",
  ] as const);
}

function pathFor(
  planted: JobPlan["planted"],
  invoice: InvoicePlan | undefined,
): readonly string[] | undefined {
  if (invoice === "job_cancelled") return ["Pending", "Cancelled"];
  const done = invoice !== undefined || planted?.kind === "completed_before_created";
  return done ? completed : undefined;
}
