import { CutoverError } from "../../pipeline/core/errors.ts";

/**
 * Runs tasks, so many at once. After the first failure none is begun; those under way end. The error
 * thrown is the one that says most: a reply that is lost leaves open what was done.
 */
export async function inParallel<T>(
  items: readonly T[],
  most: number,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  const waiting = items.values();
  const work = async (): Promise<void> => {
    for (const item of waiting) {
      try {
        await run(item);
      } catch (error) {
        errors.push(error);
      }
      if (errors.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(most, items.length)) }, work));
  if (errors.length > 0) throw errors.find(isLost) ?? errors[0];
}

function isLost(error: unknown): boolean {
  return error instanceof CutoverError && error.code === "SINK_REPLY_LOST";
}
