import { CutoverError } from "../pipeline/core/errors.ts";
import type { ObjectPlan } from "../pipeline/core/plan.ts";
import type { ChangeNews, DestinationRow } from "./sink.ts";

/** News of one object from the pages it is read by; what goes wrong concerns this object alone. */
export async function* changeNews(
  plan: ObjectPlan,
  at: number,
  pages: AsyncIterable<readonly DestinationRow[]>,
): AsyncGenerator<ChangeNews> {
  try {
    for await (const rows of pages) yield { kind: "rows", plan, rows };
  } catch (error) {
    if (!(error instanceof CutoverError)) throw error;
    yield { kind: "failed", plan, error };
    return;
  }
  yield { kind: "read", plan, at };
}

/**
 * The destination's clock when a call was sent, or a little before, epoch ms: what the answer says less
 * the time it took. `known`: what was said before, for an answer that says nothing.
 */
export function sentAt(
  headers: Readonly<Record<string, string>>,
  tookMs: number,
  known: number,
): number {
  return (Date.parse(headers["date"] ?? "") || known) - Math.ceil(tookMs);
}
