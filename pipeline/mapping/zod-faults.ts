import type { z } from "zod";
import { didYouMean } from "../core/did-you-mean.ts";

/** The faults of a failed parse, one line each: place, what is wrong, and the key that was meant. */
export function faultsOf(error: z.ZodError, schema: z.ZodType): string[] {
  return error.issues.flatMap((issue) => {
    const place = issue.path.map(String).join(".");
    const prefix = place === "" ? "" : `${place}: `;
    if (issue.code !== "unrecognized_keys") return [`${prefix}${issue.message}`];
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => `${prefix}unknown key "${key}"${didYouMean(key, known)}`);
  });
}

interface Definition {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
}

/** The keys an object schema allows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const { shape, innerType, valueType, element } = schema.def as Definition;
  if (innerType !== undefined) return keysAt(innerType, path);
  const [first, ...rest] = path;
  if (first === undefined) return Object.keys(shape ?? {});
  const next = shape?.[String(first)] ?? valueType ?? element;
  return next === undefined ? [] : keysAt(next, rest);
}
