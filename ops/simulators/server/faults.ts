import { createHash } from "node:crypto";
import { z } from "zod";
import { BodyRefused } from "./body.ts";
import type { FaultAction, FaultMatch, FaultPlan } from "./fault-plan.ts";

/** One rule as it stands: how many calls it saw and how many it struck. */
export interface FaultRule {
  readonly id: string;
  readonly match: FaultMatch;
  readonly action: FaultAction;
  readonly seed: number;
  seen: number;
  hits: number;
}

/** The faults under way in one simulator. */
export interface Faults {
  /** Adds rules behind the ones already there and returns their ids. */
  add(plan: FaultPlan): string[];
  list(): readonly FaultRule[];
  /** Removes one rule, or all of them. */
  remove(id?: string): void;
  /** The actions that strike this call, in the order of their rules. */
  strike(call: { method: string; path: string }): FaultAction[];
  /** The action of one kind that strikes something other than a request, such as a batch being processed; `subject` is matched by `path`. */
  take(kind: string, subject?: string): FaultAction | undefined;
}

/** Kinds of a simulator's own, with the shape of what each takes beside its kind. */
export type OwnKinds = Readonly<Record<string, z.ZodType>>;

/**
 * An empty, seeded fault plan: the same calls in the same order meet the same faults. `work` kinds
 * strike by `take`, not by request; `struck` is told of each of them.
 */
export function faultsOf(
  own: {
    readonly work?: OwnKinds;
    readonly request?: OwnKinds;
    readonly struck?: (kind: string) => void;
  } = {},
): Faults {
  let rules: FaultRule[] = [];
  let made = 0;
  const work = new Map(Object.entries(own.work ?? {}));
  const shapes = new Map([...work, ...Object.entries(own.request ?? {})]);
  const strikes = (fault: FaultRule, method: string | undefined, path: string): boolean => {
    const { match: wanted } = fault;
    if (wanted.method !== undefined && wanted.method.toUpperCase() !== method) return false;
    if (wanted.path !== undefined && !new RegExp(wanted.path).test(path)) return false;
    const whole = method === undefined ? path : `${method} ${path}`;
    if (wanted.on !== undefined && !new RegExp(wanted.on).test(whole)) return false;
    fault.seen += 1;
    if (!inWindow(fault)) return false;
    fault.hits += 1;
    return true;
  };
  return {
    add(plan) {
      for (const { action: done } of plan.rules) checkShape(shapes.get(done.kind), done);
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
        .filter((one) => !work.has(one.action.kind) && strikes(one, method.toUpperCase(), path))
        .map((one) => one.action),
    take(kind, subject = "") {
      const found = rules.find(
        (one) => one.action.kind === kind && strikes(one, undefined, subject),
      );
      if (found !== undefined) own.struck?.(kind);
      return found?.action;
    },
  };
}

/** Throws 400 with the wrong field's name. */
function checkShape(shape: z.ZodType | undefined, { kind, ...rest }: FaultAction): void {
  const parsed = shape?.safeParse(rest);
  if (parsed?.success === false) {
    throw new BodyRefused(400, `${kind}: ${z.prettifyError(parsed.error)}`);
  }
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
