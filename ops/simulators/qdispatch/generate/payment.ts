import type { Row } from "../truth/row.ts";
import { type Draw, draw } from "./draw.ts";
import { type Billed, money } from "./invoice.ts";
import { idOf, iso, type World } from "./world.ts";

const day = 86_400_000;

/** Ids kept for the payments of one bill: the first, the second, a refund, one that failed. */
const slots = { first: 0, second: 1, refund: 2, failed: 3 };

/** The payments for a customer's bills; now and then one pays all of them. */
export function paymentsOf(world: World, customer: number, bills: readonly Billed[]): Row[] {
  const paid = bills.filter(({ payCents }) => payCents !== 0);
  const plain = paid.filter(({ plan }) => plan === "plain");
  const together =
    plain.length > 1 && draw(world.seed, "payment of", customer).chance("together", 0.12);
  const alone = together ? paid.filter((bill) => !plain.includes(bill)) : paid;
  return [
    ...(together ? [paymentFor(world, "first", plain)] : []),
    ...alone.flatMap((bill) => paymentsForOne(world, bill)),
    ...bills.filter(hasFailed(world)).map((bill) => failedPayment(world, bill)),
  ];
}

/** One payment mostly; sometimes two, or a refund of a part, which the bill's paid amount allows for. */
function paymentsForOne(world: World, bill: Billed): Row[] {
  const of = draw(world.seed, "payment", bill.jobIndex * 4);
  const unlinked = bill.plan === "refund_unlinked";
  if (unlinked || (bill.plan === "plain" && of.chance("refund", 0.03))) {
    const back = Math.max(100, Math.floor(bill.payCents / 5));
    const first = paymentFor(world, "first", [{ ...bill, payCents: bill.payCents + back }]);
    return [first, refundOf(world, bill, back, unlinked ? null : first.id)];
  }
  if (bill.plan !== "plain" || !of.chance("split", 0.3))
    return [paymentFor(world, "first", [bill])];
  const half = Math.floor(bill.payCents / 2);
  return [
    paymentFor(world, "first", [{ ...bill, payCents: half }]),
    paymentFor(world, "second", [{ ...bill, payCents: bill.payCents - half }]),
  ];
}

function paymentFor(world: World, slot: keyof typeof slots, bills: readonly Billed[]): Row {
  const [first] = bills as [Billed];
  const of = draw(world.seed, "payment", first.jobIndex * 4 + slots[slot]);
  const currency = currencyOf(first);
  const applied = bills.reduce((sum, { payCents }) => sum + payCents, 0);
  const rest = of.chance("unapplied", 0.03) ? 1_500 : 0;
  return {
    ...head(of, first),
    applications: bills.map(({ row, payCents }) => application(of, row, payCents)),
    amount: money(applied + rest, currency),
    unapplied: money(rest, currency),
    status: "succeeded",
    refund_of: null,
    memo: bills.length > 1 ? `for ${bills.length} bills` : null,
  };
}

function refundOf(world: World, bill: Billed, cents: number, refunded: string | null): Row {
  const of = draw(world.seed, "payment", bill.jobIndex * 4 + slots.refund);
  const currency = currencyOf(bill);
  return {
    ...head(of, bill),
    applications: [application(of, bill.row, -cents)],
    amount: money(-cents, currency),
    unapplied: money(0, currency),
    status: "succeeded",
    refund_of: refunded,
    memo: "refund",
  };
}

const hasFailed =
  (world: World) =>
  ({ jobIndex, plan }: Billed): boolean =>
    plan === "plain" && draw(world.seed, "payment", jobIndex * 4).chance("failed first", 0.02);

function failedPayment(world: World, bill: Billed): Row {
  const row = paymentFor(world, "failed", [{ ...bill, payCents: bill.payCents || 100 }]);
  return { ...row, status: row.id.endsWith("1") ? "pending" : "failed" };
}

function head(of: Draw, bill: Billed): Row {
  const at = iso(Date.parse(String(bill.row.created_at)) + of.int("days", 4) * day);
  return {
    id: idOf(of.index),
    created_at: at,
    updated_at: at,
    created_by: bill.row["created_by"],
    active: true,
    customer_id: bill.row["customer_id"],
    method: of.pick("method", ["card", "card", "check", "ach", "cash"]),
    reference: of.chance("reference", 0.8) ? `R${100_000 + of.int("number", 900_000)}` : null,
    received_at: at,
    custom: [],
  };
}

function application(of: Draw, invoice: Row, cents: number): unknown {
  const currency = invoice["currency"] as string | null;
  const at = iso(Date.parse(String(invoice.created_at)) + of.int("days", 4) * day);
  return { invoice_id: invoice.id, amount: money(cents, currency), at };
}

function currencyOf({ row }: Billed): string | null {
  return row["currency"] as string | null;
}
