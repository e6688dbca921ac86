/**
 * Reads one value out of parsed JSON; a `[*]` makes it a list. Undefined where the place does not
 * exist. The parent is the row a nested row stands in.
 */
export type JsonPath = (root: unknown, parent?: unknown) => unknown;

type Step = { readonly key: string } | { readonly index: number } | "all";

const stepPattern = /\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\[(\d+)\]|\[(\*)\]/gy;

/** Whether a path begins at the row that a nested row stands in. */
export function readsParent(text: string): boolean {
  return text.startsWith("^");
}

/**
 * Compiles the subset `$`, `.name`, `['name']`, `[3]`, `[*]`; `^` in place of `$` begins at the
 * parent. Undefined where the text is no such path.
 */
export function compilePath(text: string): JsonPath | undefined {
  if (readsParent(text)) {
    const path = compilePath(`$${text.slice(1)}`);
    return path && ((_, parent) => path(parent));
  }
  const steps = stepsOf(text);
  if (steps === undefined) return undefined;
  const only = steps[0];
  if (steps.length === 1 && only !== undefined && only !== "all" && "key" in only) {
    return (root) => member(root, only.key);
  }
  return (root) => walk(root, steps, 0);
}

function stepsOf(text: string): readonly Step[] | undefined {
  if (!text.startsWith("$")) return undefined;
  const steps: Step[] = [];
  stepPattern.lastIndex = 1;
  while (stepPattern.lastIndex < text.length) {
    const match = stepPattern.exec(text);
    if (match === null) return undefined;
    const key = match[1] ?? match[2];
    if (key !== undefined) steps.push({ key });
    else steps.push(match[4] === undefined ? { index: Number(match[3]) } : "all");
  }
  return steps;
}

function walk(value: unknown, steps: readonly Step[], at: number): unknown {
  const step = steps[at];
  if (step === undefined) return value;
  if (step === "all") {
    if (!Array.isArray(value)) return undefined;
    return at + 1 === steps.length
      ? value
      : value.flatMap((each) => {
          const found = walk(each, steps, at + 1);
          return Array.isArray(found) ? found : [found];
        });
  }
  if ("key" in step) return walk(member(value, step.key), steps, at + 1);
  return walk(Array.isArray(value) ? value[step.index] : undefined, steps, at + 1);
}

function member(value: unknown, key: string): unknown {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
