import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { ChangeNews, DestinationRow, Sink } from "../../sinks/sink.ts";

/** What `changes` says of some objects: their rows, up to when they were read, and what failed. */
export async function changesOf(sink: Sink, plans: readonly ObjectPlan[], since: number) {
  const news: ChangeNews[] = [];
  for await (const each of sink.changes(plans.map((plan) => ({ plan, since })))) news.push(each);
  const rows = new Map<string, DestinationRow[]>(plans.map(({ object }) => [object, []]));
  const read = new Map<string, number>();
  const failed = new Map<string, string>();
  for (const each of news) {
    const { object } = each.plan;
    if (each.kind === "rows") rows.get(object)?.push(...each.rows);
    else if (each.kind === "read") read.set(object, each.at);
    else failed.set(object, each.error.code);
  }
  return { rows, read, failed };
}
