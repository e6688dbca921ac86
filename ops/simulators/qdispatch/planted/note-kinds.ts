import { fileTypes, storedFileOf } from "../files/stored-file.ts";
import type { Row } from "../truth/row.ts";
import type { Finds } from "./finds.ts";
import { isHostileHtml, isOddText, isOverBytes } from "./text-kinds.ts";

/** Looks at notes; those of one job are counted to the end. */
export function noteKinds(finds: Finds, jobs: ReadonlySet<string>) {
  const perJob = new Map<string, number>();
  return {
    look(row: Row): void {
      const { body, job_id: job } = row;
      if (isHostileHtml(body)) finds.note("html_hostile", "note", row.id);
      if (isOverBytes(body, 4_000)) finds.note("text_long", "note", row.id);
      if (isOddText(body)) finds.note("text_odd", "note", row.id);
      if (typeof job !== "string") return;
      if (!jobs.has(job)) finds.note("orphan", "note", row.id);
      perJob.set(job, (perJob.get(job) ?? 0) + 1);
    },
    end(): void {
      for (const [job, count] of perJob)
        if (count >= 400 && jobs.has(job)) finds.note("large", "job", job);
    },
  };
}

/** Looks at files; names are compared within their job. */
export function fileKinds(finds: Finds) {
  const names = new Map<string, string>();
  return {
    look(row: Row): void {
      const file = storedFileOf(row);
      const name = row["file_name"];
      const wrong = row["mime_type"] !== fileTypes[file.type];
      const path = typeof name === "string" && /[/\\:]/.test(name);
      const odd = wrong || path || file.size === 0 || file.size >= 60_000_000;
      if (odd || file.fault !== null) finds.note("file_problem", "attachment", row.id);
      if (typeof row["job_id"] !== "string" || typeof name !== "string") return;
      const key = `${row["job_id"]} ${name}`;
      const other = names.get(key);
      if (other === undefined) names.set(key, row.id);
      else for (const id of [other, row.id]) finds.note("file_problem", "attachment", id);
    },
  };
}
