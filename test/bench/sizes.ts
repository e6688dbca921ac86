import type { Benched } from "./benched.ts";

/** How many source records a bench loads: work orders with their lines, contacts and accounts. */
export interface Sizes {
  readonly accounts: number;
  readonly contacts: number;
  readonly orders: number;
  readonly lines: number;
  /** Orders that are closed; where closings are rows, each of these has one. */
  readonly closed: number;
}

/** The sizes the arguments name: `orders` (or `cases`), and of the others what is usual beside so many. */
export function sizesOf(args: Record<string, string>, benched: Benched, usual = 100_000): Sizes {
  const orders = Number(args["orders"] ?? args["cases"] ?? usual);
  const lines = benched.kind === "dynamics" ? orders : 0;
  const closed = benched.kind === "dynamics" ? 0.9 : 1;
  return {
    accounts: Number(args["accounts"] ?? Math.ceil(orders / 20)),
    contacts: Number(args["contacts"] ?? Math.ceil(orders / 5)),
    orders,
    lines: Number(args["lines"] ?? lines),
    closed: Math.round(orders * Number(args["closed"] ?? closed)),
  };
}

/** Rows each object will have, by its name at the destination; objects without rows are left out. */
export function rowsByObject({ objects }: Benched, sizes: Sizes): Readonly<Record<string, number>> {
  const all = Object.entries(objects).map(([what, name]) => [name, sizes[what as keyof Sizes]]);
  return Object.fromEntries(all.filter(([, rows]) => Number(rows) > 0));
}

/** All of them. */
export function rowsOf(benched: Benched, sizes: Sizes): number {
  return Object.values(rowsByObject(benched, sizes)).reduce((sum, rows) => sum + rows, 0);
}
