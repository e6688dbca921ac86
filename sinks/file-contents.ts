import type { ObjectPlan } from "../pipeline/core/plan.ts";
import type { DestinationRow } from "./sink.ts";

/** Files read at a time: each is one call that streams. */
const atATime = 4;

/** The digest of a row's file: null where it holds none, undefined where the row is gone by now. */
type DigestOf<Read> = (
  read: Read,
  row: DestinationRow,
  field: string,
) => Promise<string | null | undefined>;

/**
 * The rows with their files' digests, where the plan has a file field; `read` is what each row was
 * made of, in their order. A row that is gone by now comes back as deleted.
 */
export async function withFileDigests<Read>(
  plan: ObjectPlan,
  read: readonly Read[],
  rows: readonly DestinationRow[],
  digestOf: DigestOf<Read>,
): Promise<readonly DestinationRow[]> {
  const file = plan.fields.find(({ type }) => type === "file");
  if (file === undefined) return rows;
  const filled: DestinationRow[] = [];
  for (let from = 0; from < rows.length; from += atATime) {
    const some = rows.slice(from, from + atATime).map(async (row, index) => {
      const digest = await digestOf(read[from + index] as Read, row, file.name);
      const fields = { ...row.fields, [file.name]: digest ?? null };
      return { ...row, deleted: digest === undefined, fields };
    });
    filled.push(...(await Promise.all(some)));
  }
  return filled;
}
