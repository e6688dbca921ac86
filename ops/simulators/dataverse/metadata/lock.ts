import type { Environment } from "../environment.ts";
import { ApiError } from "../web/api-error.ts";
import type { Call, Reply } from "../web/call.ts";
import { demand } from "../write/privileges.ts";

interface Held {
  readonly until: number;
  readonly by: string;
}

const locks = new WeakMap<Environment, Held>();

/**
 * Does one customization. The answer is held back for as long as it takes by the settings, and any
 * other customization that comes meanwhile is refused with 429: one at a time, as in the service.
 */
export function customize(call: Call, work: () => Reply): Reply {
  const { customizationMs } = call.env.settings.current();
  return underLock(call, { by: "EntityCustomization", ms: customizationMs }, work);
}

/** Publishes; other customizations must wait as well. */
export function publish(call: Call, by: string): Reply {
  return underLock(call, { by, ms: call.env.settings.current().publishMs }, () => ({
    status: 204,
  }));
}

function underLock(call: Call, lock: { by: string; ms: number }, work: () => Reply): Reply {
  const { env, inBatch } = call;
  demand(env, call.caller, privilegeFor(call));
  const now = env.clock.now();
  const held = locks.get(env);
  // The parts of one batch come one after the other. A timer may end a millisecond early.
  const subject = call.segments.map(({ name }) => name).join("/");
  if (env.faults.take("customization_lock", subject) !== undefined)
    throw busy(lock.by, "PublishAll");
  if (!inBatch && held !== undefined && now + 1 < held.until) throw busy(lock.by, held.by);
  const reply = work();
  locks.set(env, { until: now + lock.ms, by: lock.by });
  return lock.ms === 0 ? reply : { ...reply, holdMs: lock.ms };
}

/** The privilege a customization takes; those of the roles System Administrator and System Customizer have them all. */
function privilegeFor({ segments, method }: Call): string {
  const [first, second] = segments.map(({ name }) => name);
  if (first?.startsWith("Publish") === true) return "prvPublishCustomization";
  const verb = method === "DELETE" ? "Delete" : method === "PUT" ? "Write" : "Create";
  if (second === "Attributes" || first?.endsWith("Attribute") === true)
    return `prv${verb}Attribute`;
  if (first?.includes("Relationship") === true) return `prv${verb}Relationship`;
  return first?.includes("Option") === true ? `prv${verb}OptionSet` : `prv${verb}Entity`;
}

/** 429: another customization is running. */
function busy(wanted: string, running: string): ApiError {
  return new ApiError(
    429,
    "0x80071151",
    `Cannot start the requested operation [${wanted}] because there is another [${running}] running at this moment. Use Solution History for more details.`,
  );
}
