import { z } from "zod";

const action = z
  .looseObject({
    /** status, drop_before, drop_after, delay, truncate, or a kind that only this simulator knows */
    kind: z.string().min(1),
    status: z.int().min(100).max(599).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    ms: z.int().min(0).optional(),
  })
  .refine((value) => value.kind !== "status" || value.status !== undefined, {
    message: "a status fault needs a status",
  })
  .refine((value) => value.kind !== "delay" || value.ms !== undefined, {
    message: "a delay fault needs ms",
  });

const pattern = z.string().refine(isPattern, { message: "not a regular expression" });

const match = z.strictObject({
  method: z.string().optional(),
  /** A regular expression searched in the path with its query. */
  path: pattern.optional(),
  /** The same, in `METHOD path`; of work that is no request, in what names the work. */
  on: pattern.optional(),
  /** Only this matching call, counted from 1. */
  nth: z.int().min(1).optional(),
  /** The first and last matching call, counted from 1, both included. */
  from: z.int().min(1).optional(),
  until: z.int().min(1).optional(),
  /** Strikes at most so often. */
  count: z.int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
});

const rule = z.strictObject({ id: z.string().optional(), match: match.default({}), action });
type Rule = z.infer<typeof rule>;

/** A rule in one line: where, how often, and what, side by side; `share` is the probability. */
const flatRule = z
  .looseObject({
    id: z.string().optional(),
    kind: z.string().min(1),
    ...match.pick({ on: true, nth: true, from: true, until: true, count: true }).shape,
    share: match.shape.probability,
  })
  .transform(({ id, on, nth, from, until, count, share: probability, ...rest }, context): Rule => {
    const places = Object.entries({ on, nth, from, until, count, probability });
    const given = {
      ...(id === undefined ? {} : { id }),
      match: Object.fromEntries(places.filter(([, value]) => value !== undefined)),
      action: rest,
    };
    const parsed = rule.safeParse(given);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
    return z.NEVER;
  });

/** The shape of `POST /__simulator/faults`: `faults` in one line each, or `rules`. */
export const faultPlan = z
  .strictObject({
    seed: z.int().default(1),
    rules: z.array(rule).default([]),
    faults: z.array(flatRule).default([]),
  })
  .refine(({ rules, faults }) => rules.length + faults.length > 0, { message: "no faults given" })
  .transform(({ seed, rules, faults }) => ({ seed, rules: [...rules, ...faults] }));

/** Faults to be added. */
export type FaultPlan = z.infer<typeof faultPlan>;

/** When a fault strikes. */
export type FaultMatch = z.infer<typeof match>;

/** What a fault does; kinds beyond the built-in ones carry whatever their simulator reads. */
export type FaultAction = z.infer<typeof action>;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
