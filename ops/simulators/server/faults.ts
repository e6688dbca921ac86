import { createHash } from "node:crypto";
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

const match = z.strictObject({
  method: z.string().optional(),
  /** A regular expression searched in the path with its query. */
  path: z.string().refine(isPattern, { message: "not a regular expression" }).optional(),
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

/** The shape of `POST /__simulator/faults`. */
export const faultPlan = z.strictObject({
  seed: z.int().default(1),
  rules: z.array(rule).min(1),
});

/** What a fault does; kinds beyond the built-in ones carry whatever their simulator reads. */
export type FaultAction = z.infer<typeof action>;

/** One rule as it stands: how many calls it saw and how many it struck. */
export interface FaultRule {
  readonly id: string;
  readonly match: z.infer<typeof match>;
  readonly action: FaultAction;
  readonly seed: number;
  seen: number;
  hits: number;
}

/** The faults under way in one simulator. */
export interface Faults {
  /** Adds rules behind the ones already there and returns their ids. */
  add(plan: z.infer<typeof faultPlan>): string[];
  list(): readonly FaultRule[];
  /** Removes one rule, or all of them. */
  remove(id?: string): void;
  /** The actions that strike this call, in the order of their rules. */
  strike(call: { method: string; path: string }): FaultAction[];
  /** The action of one kind that strikes something other than a request, such as a batch being processed; `subject` is matched by `path`. */
  take(kind: string, subject?: string): FaultAction | undefined;
}

/** An empty, seeded fault plan: the same calls in the same order meet the same faults. `ownKinds` strike by `take`, not by request. */
export function faultsOf(ownKinds: readonly string[] = []): Faults {
  let rules: FaultRule[] = [];
  let made = 0;
  const own = new Set(ownKinds);
  const strikes = (fault: FaultRule, method: string | undefined, path: string): boolean => {
    const { match: wanted } = fault;
    if (wanted.method !== undefined && wanted.method.toUpperCase() !== method) return false;
    if (wanted.path !== undefined && !new RegExp(wanted.path).test(path)) return false;
    fault.seen += 1;
    if (!inWindow(fault)) return false;
    fault.hits += 1;
    return true;
  };
  return {
    add(plan) {
      const added = plan.rules.map((one): FaultRule => {
        made += 1;
        const { id = `fault-${made}`, match: wanted, action: done } = one;
        return { id, match: wanted, action: done, seed: plan.seed, seen: 0, hits: 0 };
      });
      rules.push(...added);
      return added.map((one) => one.id);
    },
    list: () => rules,
    remove(id) {
      rules = id === undefined ? [] : rules.filter((one) => one.id !== id);
    },
    strike: ({ method, path }) =>
      rules
        .filter((one) => !own.has(one.action.kind) && strikes(one, method.toUpperCase(), path))
        .map((one) => one.action),
    take: (kind, subject = "") =>
      rules.find((one) => one.action.kind === kind && strikes(one, undefined, subject))?.action,
  };
}

function inWindow(fault: FaultRule): boolean {
  const { nth, from, until, count, probability } = fault.match;
  if (nth !== undefined && fault.seen !== nth) return false;
  if (from !== undefined && fault.seen < from) return false;
  if (until !== undefined && fault.seen > until) return false;
  if (count !== undefined && fault.hits >= count) return false;
  return probability === undefined || chance(fault) < probability;
}

function chance(fault: FaultRule): number {
  const text = `${fault.seed}\u0000${fault.id}\u0000${fault.seen}`;
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
