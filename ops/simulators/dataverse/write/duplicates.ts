import { folded } from "../rows/fold.ts";
import type { Row, Value } from "../rows/row.ts";
import { ApiError } from "../web/api-error.ts";
import type { Call } from "../web/call.ts";
import type { Draft } from "./draft.ts";

/** Throws 412 where duplicate detection was asked for and a rule finds another row like it. */
export function refuseDuplicates(call: Call, draft: Draft, own?: Row): void {
  if (call.headers["mscrm.suppressduplicatedetection"] !== "false") return;
  const { env } = call;
  const { logicalName } = draft.table;
  const rules = env.settings.current().duplicateRules.filter(({ table }) => table === logicalName);
  for (const { columns } of rules) {
    const wanted = columns.map((column) => comparable(draft.values[column]));
    if (wanted.includes("")) continue;
    for (const row of env.rows(logicalName).walk()) {
      if (
        row.id === own?.id ||
        columns.some((column, at) => comparable(row.values[column]) !== wanted[at])
      )
        continue;
      throw new ApiError(
        412,
        "0x80040333",
        "A record was not created or updated because a duplicate of the current record already exists.",
      );
    }
  }
}

function comparable(value: Value | undefined): string {
  return value === undefined || value === null ? "" : folded(JSON.stringify(value));
}
