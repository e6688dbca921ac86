import type { LineItem } from "../core/generated/records.ts";
import type { Death } from "./death.ts";
import type { Lives } from "./lives.ts";
import { mergedLines } from "./merged-lines.ts";
import type { RecordName } from "./source-store.ts";
import type { Work } from "./work.ts";

/** Where a job was read, and when. */
export interface ReadFrom {
  readonly stream: string;
  readonly readAt: number;
}

const vanished: Death = { reason: "vanished", at: null, mergedInto: null };

/** Writes what has changed of a living job's merged lines; those it no longer has are deleted. */
export function writeMergedLines(
  { work, lives }: { readonly work: Work; readonly lives: Lives },
  job: RecordName,
  lines: readonly LineItem[],
  { stream, readAt }: ReadFrom,
): void {
  const entity = "merged_line";
  const present = new Set<string>();
  for (const fields of mergedLines(job.id, lines)) {
    const { id } = fields;
    present.add(id);
    const stored = work.store.get(entity, id);
    const hash = work.rules(entity).hash.own(fields);
    if (stored?.state === "alive" && stored.hash === hash) continue;
    const record: Record<string, unknown> = { ...fields };
    const version = { entity, id, stream, record, own: hash, hash, readAt } as const;
    work.write({ ...version, death: null, members: null }, stored);
  }
  for (const name of work.store.naming(job, entity)) {
    if (!present.has(name.id)) lives.kill(name, vanished, readAt);
  }
}
