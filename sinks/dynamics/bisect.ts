/**
 * Halves rows whose call was refused as a whole, until few are left: those go to `few`, which hears of
 * each row by itself. `attempt` sends rows and tells whether they were taken. Where a half is taken the
 * fault is in the other, which is halved without being sent: a culprit costs at most 2·log₂(n) calls.
 */
export async function bisect<Row>(
  rows: readonly Row[],
  parts: {
    readonly attempt: (rows: readonly Row[]) => Promise<boolean>;
    readonly few: (rows: readonly Row[]) => Promise<void>;
    /** Rows that are no longer halved. */
    readonly fewest: number;
  },
): Promise<void> {
  if (rows.length <= parts.fewest) return parts.few(rows);
  const half = Math.ceil(rows.length / 2);
  const [left, right] = [rows.slice(0, half), rows.slice(half)];
  if (await parts.attempt(left)) return bisect(right, parts);
  await bisect(left, parts);
  if (!(await parts.attempt(right))) await bisect(right, parts);
}
