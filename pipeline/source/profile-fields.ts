import { z } from "zod";
import { secretFromEnvironment } from "../stage/environment.ts";
import { Secret } from "../stage/secret.ts";
import { durationMs } from "./duration.ts";
import { compilePath, readsParent } from "./json-path.ts";

const placeholder = /^\$\{([A-Z][A-Z0-9_]*)\}$/;

/** A duration as text, in milliseconds once parsed. */
export const duration = z.string().transform((text, context) => {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: "custom", message: `${text} is no duration; write 30s or PT10M` });
  return z.NEVER;
});

/** A share: `20%` or a number from 0 to 1. */
export const share = z.union([z.number().min(0).max(1), z.string()]).transform((value, context) => {
  if (typeof value === "number") return value;
  const percent = /^(\d{1,3}(?:\.\d+)?)%$/.exec(value)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return Number(percent) / 100;
  context.addIssue({ code: "custom", message: `${value} is no share; write 20%` });
  return z.NEVER;
});

/** A JSONPath of the subset json-path.ts compiles. */
export const path = z
  .string()
  .refine((text) => !readsParent(text) && compilePath(text) !== undefined, {
    message: "is no path; write $.name, $['na me'], $.list[0] or $.list[*]",
  });

/** A path of a nested row, which may begin at the row it stands in. */
export const childPath = z.string().refine((text) => compilePath(text) !== undefined, {
  message: "is no path; write $.name for the nested row's own, ^.name for its parent's",
});

const units: Readonly<Record<string, number>> = { "": 1, KB: 1e3, MB: 1e6, GB: 1e9 };

/** A number of bytes: `50MB`, `2GB` or a plain number. */
export const bytes = z.union([z.int().min(1), z.string()]).transform((value, context) => {
  if (typeof value === "number") return value;
  const [, count, unit] = /^(\d{1,9})(KB|MB|GB|)$/.exec(value) ?? [];
  if (count !== undefined) return Number(count) * (units[unit ?? ""] as number);
  context.addIssue({ code: "custom", message: `${value} is no size; write 50MB` });
  return z.NEVER;
});

/** A text that may come from the environment as `${NAME}`. */
export const setting = z.string().transform((text, context) => {
  const name = placeholder.exec(text)?.[1];
  if (name === undefined) return text;
  return fromEnvironment(name, context) ?? z.NEVER;
});

/** A secret: it stands in the environment, never in the file. */
export const secret = z.string().transform((text, context) => {
  const name = placeholder.exec(text)?.[1];
  if (name === undefined) {
    const message = "a secret never stands in the file; write ${NAME} and set that variable";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
  const value = fromEnvironment(name, context);
  return value === undefined ? z.NEVER : new Secret(value);
});

function fromEnvironment(
  name: string,
  context: { addIssue(issue: { code: "custom"; message: string }): void },
): string | undefined {
  try {
    return secretFromEnvironment(name);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return undefined;
  }
}
