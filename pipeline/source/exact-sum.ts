import { Decimal } from "decimal.js";

/** So many digits that no sum of this product's is ever rounded. */
const Exact = Decimal.clone({ precision: 1000 });

/** An exact sum with as many decimals as the most exact addend; null where there is nothing to sum. */
export function exactSum(amounts: readonly (string | null | undefined)[]): string | null {
  const given = amounts.filter((amount) => amount !== undefined && amount !== null);
  if (given.length === 0) return null;
  const decimals = given.map((amount) => amount.split(".")[1]?.length ?? 0);
  return given
    .reduce((total, amount) => total.plus(amount), new Exact(0))
    .toFixed(Math.max(...decimals));
}
